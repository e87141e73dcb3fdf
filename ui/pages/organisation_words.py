"""Organisations in words: the columns of their list, and everything about one of them."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from ui.models.column import Column, Kind, State
from ui.widgets.detail_panel import Detail, Line, Section
from ui.pages.payment_words import progress_of
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import ISSUED_STATES, AwardState
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import BadValue
from zjtx_desktop.usecases.attachments import AttachmentLine
from zjtx_desktop.usecases.books import size_text
from zjtx_desktop.usecases.dossier import Dossier, HeldAward, HeldLetter
from zjtx_desktop.usecases.organisations import CONFIRMED, NONE, WAITING, OrganisationForm, OrganisationLine
from zjtx_desktop.usecases.past_awards import HeldPast
from zjtx_desktop.usecases.recognitions import RecognitionLine
from zjtx_desktop.usecases.treasuries import Confirmation
from zjtx_desktop.values import Division, format_date, format_shares

_COMPANY = {True: "是", False: "不是", None: "未登记"}
_STANDINGS = {WAITING: "待确认", CONFIRMED: "已确认", NONE: "未登记"}
_TONES = {WAITING: "warn", CONFIRMED: "good", NONE: "soft"}


def division_name(code: str | None) -> str:
    """The name of a division by its code; a code that is none is shown as it stands."""
    try:
        return Division.parse(code).name if code else ""
    except BadValue:
        return code or ""


def _treasuries(line: OrganisationLine) -> str:
    return "、".join(map(division_name, (line.treasuries or "").split(","))) if line.treasuries else ""


COLUMNS = (
    Column("name", "单位名称", attrgetter("name"), letters=17),
    Column("credit_code", "统一社会信用代码", attrgetter("credit_code"), Kind.CODE, letters=11),
    Column("standing", "受益财政确认", lambda line: State(_STANDINGS[line.standing], _TONES[line.standing]), Kind.STATE, letters=6),
    Column("treasuries", "受益财政", _treasuries, letters=9),
    Column("division", "所属地区", lambda line: division_name(line.division), letters=6),
    Column("recognitions", "认定数", attrgetter("recognitions"), Kind.NUMBER, letters=4),
    Column("former_names", "曾用名", attrgetter("former_names"), letters=10, hidden=True),
    Column("is_company", "收款单位是企业", lambda line: _COMPANY[line.is_company], letters=6, hidden=True),
)
FILTERS = ("division", "standing")
FILTER_TEXTS = {"division": division_name, "standing": _STANDINGS.__getitem__}


def detail_of(held: Dossier) -> Detail:
    """Everything the book holds of an organisation."""
    return Detail(held.form.name, tuple(_sections(held)), _missing(held.form, held.confirmation))


def _missing(form: OrganisationForm, standing: Confirmation | None) -> State | None:
    """What still has to be filled in before an award can be computed, or confirmed before it can be issued."""
    lacking = [
        word
        for word, value in (("统一社会信用代码", form.credit_code), ("受益财政", form.shares))
        if not value
    ]
    waiting = "受益财政待确认" if standing and not standing.is_confirmed else ""
    said = "；".join(filter(None, (f"缺{'、'.join(lacking)}" if lacking else "", waiting)))
    return State(said, "warn") if said else None


def confirmed_by(standing: Confirmation) -> State:
    """Whether the recorded treasuries are confirmed, by whom and when."""
    if not standing.is_confirmed:
        return State("待确认", "warn")
    who = "".join((f"由{standing.by}" if standing.by else "", f"于{format_date(standing.on)}" if standing.on else ""))
    return State(f"已{who}确认" if who else "已确认", "good")


def _sections(held: Dossier) -> Iterator[Section]:
    form = held.form
    yield Section("", tuple(_facts(form)))
    stands = (Line("确认", confirmed_by(held.confirmation)),) if held.confirmation else ()
    yield Section(
        "受益财政",
        (Line("受益财政", format_shares(form.shares)), Line("依据", form.shares_evidence or ""), *stands),
    )
    payee = (("收款单位", form.payee_name), ("开户银行", form.payee_bank), ("银行账号", form.payee_account))
    contact = (("联系人", form.contact), ("联系电话", form.phone), ("备注", form.note))
    told = Line("是不是企业", _COMPANY[form.is_company])
    yield Section("收款与联系", [told, *(Line(label, value) for label, value in (*payee, *contact) if value)])
    yield Section(
        f"认定（{len(held.recognitions)}）",
        [_recognition(one) for one in held.recognitions] or ("没有登记认定。",),
    )
    if held.awards:
        yield Section(f"奖补（{len(held.awards)}）", [_award(one) for one in held.awards])
    if held.parts:
        yield Section("拨付", tuple(_payments(held)))
    if held.past:
        yield Section(f"历史奖励（{len(held.past)}）", [_past(one) for one in held.past])
    if held.letters:
        yield Section(f"文书（{len(held.letters)}）", [_letter(one) for one in held.letters])
    yield from attached(held.attachments)


def attached(lines: Sequence[AttachmentLine]) -> Iterator[Section]:
    """The scans of a record by name, if it has any."""
    if lines:
        yield Section(
            f"附件（{len(lines)}）",
            [Line(size_text(line.size), line.name, link=f"attachments/{line.id}") for line in lines],
        )


def _facts(form: OrganisationForm) -> Iterator[Line]:
    yield Line("信用代码", str(form.credit_code or ""))
    if form.code_reason and form.credit_code and not form.credit_code.check_digit_ok:
        yield Line("保留理由", form.code_reason)
    yield Line("所属地区", form.division.name if form.division else "")
    if form.names_before:
        yield Line("曾用名", "\n".join(form.names_before))
    if form.merged_codes:
        yield Line("并入的代码", "\n".join(form.merged_codes))


def _recognition(line: RecognitionLine) -> Line:
    title = Titles.load().name(line.title, Level(line.level), line.title_type)
    when = line.document_date.isoformat() if line.document_date else "无认定日期"
    return Line(
        when, f"{title}\n{line.kind}{f'，{line.batch}' if line.batch else ''}", link=f"recognitions/{line.id}"
    )


def _award(award: HeldAward) -> Line:
    amount = f"核定 {award.granted} 元" if award.verdict is Verdict.AWARD else ""
    told = award.verdict is Verdict.AWARD or award.state is not AwardState.DRAFT
    state = award.state.label if told else ""
    if award.state is AwardState.VOIDED:
        state = "已作废"
    moved = award.balance.told if award.state in ISSUED_STATES and award.balance.has_moved else ""
    words = "，".join(filter(None, (award.verdict.label, amount, moved, award.marks, state)))
    return Line(
        f"{award.award_year or ''} 年度".strip(), f"{words}\n{award.number}", link=f"rounds/{award.id}"
    )


def _payments(held: Dossier) -> Iterator[Line]:
    """Every part of the awards with how it stands, then every movement but the grants, which say no more."""
    for part in held.parts:
        told = f"核定 {part.balance.granted} 元，{part.balance.told}"
        yield Line(f"{part.treasury.name}（{part.payer.label}）", f"{progress_of(part)}：{told}", link=f"payments/{part.id}")
    for entry in held.movements:
        if entry.kind is not EntryKind.GRANTED:
            paper = f"，{entry.voucher}" if entry.voucher else ""
            yield Line(entry.on.isoformat(), f"{entry.treasury.name}{entry.kind.label} {entry.amount} 元{paper}")


def _past(past: HeldPast) -> Line:
    form = past.form
    name = Titles.load().name(form.title, form.level)
    return Line(f"{form.award_year} 年度", f"{name}\n{form.total} 元，{form.source}", link=f"past/{past.id}")


def _letter(letter: HeldLetter) -> Line:
    voided = "（已作废）" if letter.voided else ""
    return Line(
        letter.issued_on.isoformat(),
        f"{letter.number}{voided}\n{letter.total} 元",
        link=f"letters/{letter.id}",
    )
