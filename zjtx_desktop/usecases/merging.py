"""合并单位: two records of one organisation, entered by name and later by code, become one with all that both had.

The record that goes leaves its recognitions, awards, past awards, credit checks, scans and names to the one that
stays; its code and its name stay with that as names it is found by. What was approved and printed is not touched.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from zjtx_desktop.domain.findings import quoted
from zjtx_desktop.domain.states import FROZEN_STATES, ISSUED_STATES, UNDER_WAY, AwardState, RoundState
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import merge_doubles, organisations
from zjtx_desktop.usecases.closed_years import closed_years, place_of_award
from zjtx_desktop.usecases.dossier import Dossier, dossier
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.usecases.judging import judge_organisation
from zjtx_desktop.usecases.merge_doubles import Double, closed_lists, doubles
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.payee_changes import send_back_changed
from zjtx_desktop.values import CreditCode, fold_name, format_shares, initials

o = tables.Organisation
NAME, CODE, DIVISION, COMPANY, TREASURIES, ACCOUNT, CONTACT, PHONE = (
    "name", "credit_code", "division", "is_company", "treasuries", "account", "contact", "phone",
)  # fmt: skip
FIELDS = {
    NAME: "单位名称",
    CODE: "统一社会信用代码",
    DIVISION: "所属地区",
    TREASURIES: "受益财政",
    COMPANY: "收款单位是不是企业",
    ACCOUNT: "收款账户",
    CONTACT: "联系人",
    PHONE: "联系电话",
}  # an account is one thing: a bank of one record and a number of the other would be nobody's
_COLUMNS = {
    CODE: ("credit_code", "code_reason"),
    ACCOUNT: ("payee_name", "payee_bank", "payee_account"),
    **{key: (key,) for key in (NAME, DIVISION, COMPANY, CONTACT, PHONE)},
}
PRINTED = (AwardState.APPROVED, *ISSUED_STATES)  # 审定 and later: papers bear the name and code of then


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact as both records have it, in words. Where `choosable`, a person says which one stays."""

    key: str
    label: str
    kept: str
    other: str
    choosable: bool
    from_other: bool  # which one stays where nobody says otherwise


@dataclass(frozen=True, slots=True)
class Preview:
    """What merging would come to. `problems` stand against it, `remarks` are to be known before."""

    keep: Dossier
    other: Dossier
    facts: tuple[Compared, ...]
    doubles: tuple[Double, ...]
    problems: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it: the record that stayed, and how much of the other it took over."""

    organisation_id: int
    name: str
    recognitions: int
    awards: int
    past_awards: int
    doubles: int

    @property
    def sentence(self) -> str:
        """All of it in words."""
        counts = ((self.recognitions, "条认定"), (self.awards, "笔奖补"), (self.past_awards, "笔历史奖励"))
        moved = "、".join(f"{count} {what}" for count, what in counts if count)
        took = f"，并入 {moved}" if moved else ""
        same = f"，重复的 {self.doubles} 条认定合并为一条" if self.doubles else ""
        return f"已合并为“{self.name}”{took}{same}。"


def title(keep: str, other: str) -> str:
    """The name of the action, for the history and for 撤销, from the names of the two."""
    return f"合并单位：“{other}”并入“{keep}”"


def preview(session: Session, keep: int, other: int) -> Preview:
    """Both records side by side, and what merging `other` into `keep` would come to."""
    if keep == other:
        raise Refused("选的是同一家单位，不用合并。请选两家。")
    left, right = dossier(session, keep), dossier(session, other)
    twice = doubles(session, keep, other)
    problems = (
        *_codes(left.form, right.form),
        *(double.problem for double in twice if double.problem),
        *_past_twice(session, left, right),
        *_closed(session, right, twice),
    )
    return Preview(left, right, _compared(left, right), twice, problems, tuple(_remarks(left, right)))


def preview_of_two(session: Session, one: int, two: int) -> Preview:
    """The same of two of which nobody has said yet which one stays: the one with a valid code, else with more awards."""
    seen = preview(session, one, two)
    standing = [(_is_valid(held.form.credit_code), len(held.awards), len(held.recognitions)) for held in (seen.keep, seen.other)]
    return preview(session, two, one) if standing[1] > standing[0] else seen


@guarded
def merge(session: Session, keep: int, other: int, reason: str, take: Iterable[str] = ()) -> Merged:
    """Merge `other` into `keep`. `take` names the choosable facts of `FIELDS` that stay as the other has them; what
    only one of them has stays anyway. Refused without a reason and for every problem that the preview tells.
    """
    if not reason.strip():
        raise Refused("没有写明理由。请写明根据什么认定两条记录是同一家单位。")
    seen, wanted = preview(session, keep, other), frozenset(take)
    if seen.problems:
        raise Refused("\n".join(seen.problems))
    choosable = {fact.key for fact in seen.facts if fact.choosable}
    if strange := wanted - choosable:
        said = "、".join(FIELDS.get(key, key) for key in sorted(strange))
        raise Refused(f"“{said}”两边没有不同，不能选择。请重新预览后再合并。")
    taken = {fact.key for fact in seen.facts if (fact.key in wanted if fact.choosable else fact.from_other)}
    for double in seen.doubles:
        merge_doubles.settle(session, double, reason.strip())
    counted = _move(session, keep, other, TREASURIES in taken)
    _write(session, seen, taken, reason.strip())
    session.expire_all()
    _judge_again(session, keep)
    send_back_changed(session, keep)
    return Merged(keep, _row(session, keep).name, *counted, len(seen.doubles))


def _row(session: Session, organisation_id: int) -> tables.Organisation:
    organisations.get(session, organisation_id)  # says that it is gone
    return session.get_one(o, organisation_id)


# what both have


def _compared(left: Dossier, right: Dossier) -> tuple[Compared, ...]:
    return tuple(_fact(key, label, left, right) for key, label in FIELDS.items())


def _fact(key: str, label: str, left: Dossier, right: Dossier) -> Compared:
    kept, other = _text(key, left.form), _text(key, right.form)
    if key == CODE and kept and other and kept != other:
        valid = tuple(_is_valid(form.credit_code) for form in (left.form, right.form))
        return Compared(key, label, kept, other, not any(valid), valid == (False, True))
    differs = bool(kept and other) and kept != other
    surer = key == TREASURIES and kept == other and _is_confirmed(right) and not _is_confirmed(left)
    return Compared(key, label, kept, other, differs, bool(other) and not kept or surer)


def _text(key: str, form: OrganisationForm) -> str:
    """A fact in words; empty where nothing is recorded."""
    if key == TREASURIES:
        return format_shares(tuple(sorted(form.shares, key=lambda share: share.division.code)))
    if key == ACCOUNT:
        return "，".join(filter(None, (form.payee_name, form.payee_bank, form.payee_account)))
    if key == COMPANY:
        return {True: "是", False: "不是", None: ""}[form.is_company]
    value = getattr(form, key)
    return (value.name if key == DIVISION else str(value)) if value else ""


def _is_valid(code: CreditCode | None) -> bool:
    return bool(code and code.check_digit_ok)


def _is_confirmed(held: Dossier) -> bool:
    return bool(held.confirmation and held.confirmation.is_confirmed)


# what stands against it


def _codes(left: OrganisationForm, right: OrganisationForm) -> Iterable[str]:
    codes = left.credit_code, right.credit_code
    if all(map(_is_valid, codes)) and codes[0] != codes[1]:
        yield (
            f"两家的统一社会信用代码都有效而不同（{codes[0]}、{codes[1]}），是两家单位，不能合并。"
            "有一个录错的，请先在企业档案中改正。"
        )


def _past_twice(session: Session, left: Dossier, right: Dossier) -> Iterable[str]:
    """Past awards that both have by the same document, with other amounts."""
    ours = {_past_key(held.form): held.form for held in left.past}
    for held in right.past:
        one = ours.get(_past_key(held.form))
        if one and (one.beneficiary, one.municipal) != (held.form.beneficiary, held.form.municipal):
            name = quoted(Titles.load().name(one.title, one.level))
            yield (
                f"两边都登记了 {one.award_year} 年度{name}按“{one.source}”的历史奖励，金额不同"
                f"（{one.total} 元、{held.form.total} 元）。请先改正或删除其中一笔，再合并。"
            )


def _past_key(form: Any) -> tuple[Any, ...]:
    return form.title, form.level, form.award_year, form.source


def _closed(session: Session, right: Dossier, twice: Iterable[Double]) -> Iterable[str]:
    """What would move though it belongs to a closed year."""
    gone = [double.dropped for double in twice]
    moved = {line.id for line in right.recognitions} | {held.row.id or 0 for held in gone}
    years = set(closed_lists(session, sorted(moved)))
    closed = closed_years(session)
    if closed:
        awards = {award.id for award in right.awards} | {held.award.id or 0 for held in gone if held.award}
        rounds = {place_of_award(session, award) for award in awards}
        b = tables.Round
        years |= set(session.scalars(select(b.year).where(col(b.id).in_(rounds)))) & closed.keys()
    if years:
        said = "；".join(closed[year].sentence for year in sorted(years))
        yield f"{said}，“{right.form.name}”名下属于该年度的认定和奖补不能改动。请改为保留“{right.form.name}”，或者先重新开账。"


# what is to be known


def _remarks(left: Dossier, right: Dossier) -> Iterable[str]:
    awards = (*left.awards, *right.awards)
    if printed := [award.number for award in awards if award.state in PRINTED]:
        yield f"已审定、已下达的 {len(printed)} 笔奖补（{'、'.join(printed)}）和它们的文书、台账照原样，名称和代码仍是办理时的。"
    if under_way := [award.number for award in awards if award.state in UNDER_WAY and award.state is not AwardState.APPROVED]:
        yield f"在办的 {len(under_way)} 笔奖补（{'、'.join(under_way)}）下一步按合并后的情况核对，结果有变化的要先退回。"
    if any(award.state in FROZEN_STATES for award in awards):
        yield "已复核、还没有下达的奖补，收款单位或账户因合并改变的，退回草稿，从初审重新办理。"
    if any(award.state is AwardState.DRAFT for award in awards):
        yield "草稿按合并后的情况重新测算。"
    yield from _both_rewarded(left, right)


def _both_rewarded(left: Dossier, right: Dossier) -> Iterable[str]:
    """Titles for which both were rewarded, as nobody could know while they were two."""
    once = {_past_key(held.form) for held in left.past}
    ours, theirs = _rewards(left, frozenset()), _rewards(right, once)
    for (title, level), numbers in ours.items():
        if others := theirs.get((title, level)):
            name = quoted(Titles.load().name(title, Level(level)))
            yield (
                f"两边都奖励过{name}（{'、'.join((*numbers, *others))}），请核对：历史奖励登记了两遍的，删去一笔；"
                "重复奖励的，作废或者追回多付的一笔。"
            )


def _rewards(held: Dossier, but: Collection[Any]) -> dict[tuple[str, str], list[str]]:
    """The awards that went out and stand, and the past ones but these, by title and level."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for award in held.awards:
        if award.state in (AwardState.ISSUED, AwardState.PAID, AwardState.ARCHIVED):
            found[award.title, award.level].append(f"{award.number}（{award.state.label}）")
    for past in (past for past in held.past if _past_key(past.form) not in but):
        found[past.form.title, past.form.level.value].append(f"历史：{past.form.source}")
    return found


# what is done


def _move(session: Session, keep: int, other: int, treasuries: bool) -> tuple[int, int, int]:
    """Give everything to the record that stays; returns how many recognitions, awards and past awards that was."""
    run = session.connection().execute
    b, p = tables.Beneficiary, tables.PastAward
    run(delete(b).where(col(b.organisation_id) == (keep if treasuries else other)))
    same = [_past_key(row) for row in session.scalars(select(p).where(col(p.organisation_id) == keep))]
    for row in session.scalars(select(p).where(col(p.organisation_id) == other)).all():
        if _past_key(row) in same:  # with the same amounts, or it would have been refused
            run(delete(p).where(col(p.id) == row.id))
    counted = [
        run(update(table).where(col(table.organisation_id) == other).values(organisation_id=keep)).rowcount
        for table in (tables.Recognition, tables.Award, tables.PastAward, tables.CreditCheck, tables.Beneficiary)
    ]
    merge_doubles.move_attachments(session, "organisation", other, keep)
    return counted[0], counted[1], counted[2]


def _write(session: Session, seen: Preview, taken: set[str], reason: str) -> None:
    """Delete the record that goes and write what stays of its facts and names into the other."""
    run = session.connection().execute
    kept, gone = session.get_one(o, seen.keep.id), session.get_one(o, seen.other.id)
    values = {
        column: getattr(gone if key in taken else kept, column) for key, columns in _COLUMNS.items() for column in columns
    }
    names = _names(seen, values[NAME], values[CODE])
    f = tables.FormerName
    rows = session.scalars(select(f).where(col(f.organisation_id).in_((kept.id, gone.id)))).all()
    for row in sorted(rows, key=lambda row: (row.organisation_id != kept.id, row.id)):
        if names.pop(row.folded, None) is None:  # the name it bears now, or one that both had
            run(delete(f).where(col(f.id) == row.id))
        elif row.organisation_id == gone.id:
            run(update(f).where(col(f.id) == row.id).values(organisation_id=kept.id))
    for folded, name in names.items():
        session.add(f(organisation_id=kept.id, name=name, folded=folded))
    session.flush()
    said = f"“{gone.name}”{f'（{gone.credit_code}）' if gone.credit_code else ''}并入本单位：{reason}"
    notes = dict.fromkeys(filter(None, (kept.note, gone.note, said)))
    former = session.scalars(select(f.name).where(col(f.organisation_id) == kept.id).order_by(col(f.id))).all()
    values |= {
        "folded": fold_name(values[NAME]),
        "initials": initials(values[NAME], *(name for name in former if not CreditCode.is_plain(name))),
        "note": "\n".join(notes),
    }
    run(delete(o).where(col(o.id) == gone.id))
    run(update(o).where(col(o.id) == kept.id).values(values))


def _names(seen: Preview, name: str, code: str | None) -> dict[str, str]:
    """Every name and number that either was known by and that the merged record does not bear, by how they compare."""
    found: dict[str, str] = {}
    for form in (seen.keep.form, seen.other.form):
        codes = (form.credit_code.text,) if form.credit_code and form.credit_code.text != code else ()
        for one in (form.name, *form.former_names, *codes):
            found.setdefault(fold_name(one), one)
    found.pop(fold_name(name), None)
    return found


def _judge_again(session: Session, organisation_id: int) -> None:
    """Judge anew what the organisation has in the rounds in which it has drafts."""
    a, b = tables.Award, tables.Round
    drafts = select(a.round_id).where(col(a.organisation_id) == organisation_id, a.state == AwardState.DRAFT.value)
    query = select(b).where(col(b.id).in_(drafts), b.state == RoundState.COMPUTED.value, col(b.follows_id).is_(None))
    closed = closed_years(session)
    for row in session.scalars(query.order_by(col(b.year), col(b.id))).all():
        if row.year not in closed:
            judge_organisation(session, row, organisation_id, *frozen(session, row.id or 0))
