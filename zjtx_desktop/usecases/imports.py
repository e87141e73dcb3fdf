"""Taking over a published list: each row compared with the book, then all good rows written as one action."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from zjtx_desktop.domain.states import DEAD_STATES, AwardState
from zjtx_desktop.exchange.lists import ListRow, ParsedList
from zjtx_desktop.storage.bulk import PORTION, insert_rows, look_up, portions, reserve_ids, rows_by
from zjtx_desktop.storage.tables import Award, Beneficiary, FormerName, ListImport, Organisation, Recognition
from zjtx_desktop.usecases.closed_years import require_recognition_open
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.free_texts import why_not_printable
from zjtx_desktop.usecases.import_facts import (
    ALIKE,
    LABELS,
    cohort_of,
    differences,
    former_name,
    identity,
    is_doubled,
    is_same,
    known_by,
    named,
    recognition_facts,
    spelt,
    told,
)
from zjtx_desktop.usecases.outcomes import LEFT_OUT, Outcome, Status
from zjtx_desktop.usecases.payee_changes import send_back_changed
from zjtx_desktop.values import CreditCode, fold_name, initials, look_alike


ASKED = "请核对是更名、同一单位还是错码。"
WRONG = "按错码处理，不导入；请改正名单后再导入。"
NOTHING: Mapping[str, Any] = MappingProxyType({})


@lru_cache(maxsize=4096)
def _once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same object for equal ones: most recognitions of a long list differ in nothing but whom they name."""
    return values


class _Recognition:
    """A recognition of the book, or to be; its facts are kept in little room."""

    __slots__ = ("_alike", "_name", "changes", "id", "seen_in_row")

    def __init__(self, row_id: int | None, facts: Mapping[str, Any], seen_in_row: ListRow | None = None) -> None:
        self.id, self.facts, self.seen_in_row = row_id, facts, seen_in_row
        self.changes = NOTHING

    @property
    def facts(self) -> dict[str, Any]:
        """A copy: what is to change is set anew."""
        return {**dict(zip(ALIKE, self._alike, strict=True)), "listed_name": self._name}

    @facts.setter
    def facts(self, facts: Mapping[str, Any]) -> None:
        self._alike, self._name = _once(tuple(facts[key] for key in ALIKE)), facts["listed_name"]


def _sheet(first: ListRow, row: ListRow) -> str:
    """The sheet of an earlier row, where it is not the one of this row."""
    return f"工作表“{first.sheet}”" if first.sheet != row.sheet else ""


class _Organisation:
    """An organisation of the book, or to be."""

    __slots__ = ("brought", "changes", "credit_code", "division", "folded", "former", "has_shares", "id", "initials", "name", "recognitions", "shares")

    def __init__(self, row_id: int | None, facts: Mapping[str, Any], brought: ListRow | None = None) -> None:
        self.brought = brought  # the row of a new one
        self.id, self.name, self.folded, self.initials = row_id, facts["name"], facts["folded"], facts.get("initials")
        self.credit_code, self.division = facts["credit_code"], facts["division"]
        self.changes = NOTHING
        self.recognitions: tuple[_Recognition, ...] = ()
        self.shares: tuple[Mapping[str, Any], ...] = ()
        self.has_shares = False
        self.former: Mapping[str, str] = NOTHING  # names given up here, by how they compare

    def take(self, facts: Mapping[str, Any]) -> None:
        """Have these facts instead of those before."""
        for key, value in facts.items():
            setattr(self, key, value)

    def where(self, row: ListRow) -> str:
        """Where it is known from, for a sentence about this row: the book, or an earlier row of the list."""
        if self.brought is None:
            return "账簿中"
        return f"名单的{_sheet(self.brought, row)}第 {self.brought.number} 行中"

    def row(self) -> dict[str, Any]:
        """A new one as a row of the book."""
        facts = {key: getattr(self, key) for key in ("id", "name", "folded", "credit_code", "division")}
        return facts | {"initials": self.initials or initials(self.name)}


def _here(other: _Organisation) -> str:
    """What to call this row beside the other one."""
    return "这一行" if other.brought else "名单中"


def _all_where(some: Sequence[_Organisation]) -> str:
    """Where several organisations are known from: the book, this list, or both."""
    brought = [one for one in some if one.brought]
    if not brought:
        return "账簿中"
    rows = f"名单的第 {'、'.join(str(one.brought.number) for one in brought if one.brought)} 行中"
    return rows if len(brought) == len(some) else f"账簿中和{rows}一共"


def _differs(label: str, have: str, value: str, organisation: _Organisation, row: ListRow) -> str:
    """Said of what a row has otherwise than what is known already, which stays."""
    if first := organisation.brought:
        return f"{label}与{_sheet(first, row)}第 {first.number} 行不同（那一行 {have}，这一行 {value}），按那一行登记，请核对。"
    return f"{label}与账簿不同（账簿 {have}，名单 {value}），账簿未改动。"


class Refusal(Exception):
    """A row that cannot be taken over, with the sentence that says why; `known_as` as in an Outcome.

    `candidates` are the organisations of the book that it may mean, by their ids.
    """

    def __init__(self, sentence: str, known_as: str | None = None, candidates: Sequence[int | None] = ()) -> None:
        super().__init__(sentence)
        self.known_as = known_as
        self.candidates = tuple(one for one in candidates if one is not None)


class Plan:
    """What the rows of one list would do to the book; nothing is written before `take_over`.

    `renamed`, `kept` (the same organisation, which keeps the name it has in the book), `wrong` (its code is not its own)
    and `left_out` are rows, by their keys in the file, of which a person said so. A row left out is told as it would be
    if it were taken; what follows it is compared without it.
    """

    def __init__(
        self,
        session: Session,
        parsed: ParsedList,
        renamed: frozenset[int] = frozenset(),
        left_out: frozenset[int] = frozenset(),
        tick: Callable[[int, int], None] = lambda done, total: None,
        kept: frozenset[int] = frozenset(),
        wrong: frozenset[int] = frozenset(),
    ) -> None:
        self._renamed, self._left_out, self._kept, self._wrong = renamed, left_out, kept, wrong
        self._everyone: list[_Organisation] = []
        self._by_code: dict[str, _Organisation] = {}
        self._by_name: dict[str, tuple[_Organisation, ...]] = {}
        self._odd = _odd_names(session)  # those that look like another than they are, by how they look
        self._issued: set[int] = set()
        self._shares: dict[tuple[Any, ...], tuple[Mapping[str, Any], ...]] = {}  # alike ones are kept once
        self._loaded: set[int] = set()
        self.outcomes = tuple(self._ticked(session, parsed.rows, tick))

    def count(self, status: Status) -> int:
        """How many rows have this status."""
        return sum(outcome.status is status for outcome in self.outcomes)

    @property
    def taken(self) -> int:
        """How many rows taking over writes."""
        return sum(outcome.taken for outcome in self.outcomes)

    def whose(self, row: ListRow) -> int | None:
        """The id of the organisation in the book that a row means, None when it knows none; Refusal when that is in doubt."""
        organisation = self._find(row)
        return organisation.id if organisation else None

    # what the book knows already

    def _load(self, session: Session, rows: Sequence[ListRow]) -> None:
        """Every organisation that one of these rows may mean, with what the book has of it."""
        codes = {row.code for row in rows if row.code}
        names = {fold_name(row.name) for row in rows} | {fold_name(row.former) for row in rows if row.former}
        names |= {look_alike(row.name) for row in rows}
        numbers = {code.casefold() for code in codes}  # those of organisations that were merged into others, as they are kept
        ids = set(look_up(session, Organisation.id, Organisation.credit_code, codes))
        ids |= set(look_up(session, Organisation.id, Organisation.folded, names))
        ids |= set(look_up(session, FormerName.organisation_id, FormerName.folded, names | numbers))
        ids -= self._loaded
        self._loaded |= ids
        own = {text: text for row in rows for text in (row.name, row.code) if text}  # what both have is kept once

        def facts(kept: Organisation | Recognition) -> dict[str, Any]:
            return {key: own.get(value, value) for key, value in kept.model_dump().items()}

        known = {row.id: _Organisation(row.id, facts(row)) for row in rows_by(session, Organisation, "id", ids)}
        self._everyone += known.values()
        for organisation in known.values():
            self._remember(organisation, organisation.folded)
        for former in rows_by(session, FormerName, "organisation_id", ids):
            self._remember(known[former.organisation_id], former.folded)
            if CreditCode.is_plain(former.name):
                self._by_code.setdefault(former.name, known[former.organisation_id])
        for share in rows_by(session, Beneficiary, "organisation_id", ids):
            known[share.organisation_id].has_shares = True
        for row in rows_by(session, Recognition, "organisation_id", ids):
            known[row.organisation_id].recognitions += (_Recognition(row.id, facts(row)),)
        self._issued |= {
            award.recognition_id
            for award in rows_by(session, Award, "organisation_id", ids)
            if award.state not in (AwardState.DRAFT, *DEAD_STATES)
        }

    def _remember(self, organisation: _Organisation, folded: str) -> None:
        if code := organisation.credit_code:
            self._by_code[code] = organisation
        holders = self._by_name.get(folded, ())
        if organisation not in holders:
            self._by_name[folded] = (*holders, organisation)

    # one row

    def _ticked(self, session: Session, rows: Sequence[ListRow], tick: Callable[[int, int], None]) -> Iterator[Outcome]:
        done = 0
        for some in portions(rows):
            self._load(session, [row for row in some if row.ok])
            for done, row in enumerate(some, start=done + 1):
                yield self._outcome(row)
                tick(done, len(rows))

    def _outcome(self, row: ListRow) -> Outcome:
        messages, status, known_as, twin = row.errors + row.warnings, Status.ERROR, None, None
        if not row.errors and row.outside:
            messages, status = (row.outside,), Status.NOT_OURS
        elif not row.errors:
            try:
                status, said, twin = self._judge(row)
                messages = (*said, *messages)  # why it is what it is comes first
            except Refusal as refusal:
                known_as = refusal.known_as
                messages = (str(refusal), *messages)
        left_out = row.key in self._left_out and status in (Status.NEW, Status.CHANGED)
        raw = row.raw if status is Status.ERROR or left_out else ()  # of the others nobody asks for it
        return Outcome(
            row.number, status, row.name, messages, raw, known_as, twin, left_out, row.key, row.sheet, row.over,
            asked=known_as is not None and row.key not in self._wrong,
        )

    def _judge(self, row: ListRow) -> tuple[Status, list[str], int | None]:
        """What becomes of a row that can be read, what is to be said of it, and the row that it repeats."""
        organisation = self._find(row)
        wanted = recognition_facts(row)
        recognition = next((r for r in organisation.recognitions if is_same(r.facts, wanted)), None) if organisation else None
        if recognition and recognition.seen_in_row:
            first = recognition.seen_in_row
            return Status.DUPLICATE, [f"与{_sheet(first, row)}第 {first.number} 行重复：同一单位的同一项认定。"], first.key
        if recognition and (changed := differences(recognition.facts, wanted)) and recognition.id in self._issued:
            raise Refusal(f"该认定已下达奖补，不能由导入修改（{told(recognition.facts, changed)}）。请另行更正。")
        if row.key not in self._left_out:
            return *self._take(row, organisation, recognition, wanted), None
        status = Status.NEW
        if organisation and recognition:
            adds = changed or self._brought(organisation, row) or self._is_new_name(organisation, row)
            status = Status.CHANGED if adds or self._brings_shares(organisation, row) else Status.SAME
        return status, [LEFT_OUT] if status is not Status.SAME else [], None

    def _take(
        self, row: ListRow, organisation: _Organisation | None, recognition: _Recognition | None, wanted: dict[str, Any]
    ) -> tuple[Status, list[str]]:
        """Keep what the row brings, for the rows that follow and for `take_over`."""
        fresh = organisation is None
        alike = self._looking_alike(row) if fresh else []
        organisation = organisation or self._add(row)
        if self._is_new_name(organisation, row):
            self._rename(organisation, row.name)
        said, completed = (alike, False) if fresh else self._complete(organisation, row)
        if recognition is None:
            said += [_doubled(other, row) for other in organisation.recognitions if is_doubled(other.facts, wanted)]
            organisation.recognitions += (_Recognition(None, wanted, seen_in_row=row),)
            return Status.NEW, said
        recognition.seen_in_row = row
        if row.publicity_only and not recognition.facts["publicity_only"]:
            said.append("账簿中已是正式认定，公示名单没有改动它。")
        if changed := differences(recognition.facts, wanted):
            said.append(told(recognition.facts, changed) + "。")
            recognition.changes = recognition.changes | changed
            recognition.facts |= changed
        return (Status.CHANGED if changed or completed else Status.SAME), said

    def _find(self, row: ListRow) -> _Organisation | None:
        """The organisation the row means, by code and then by any of its names; Refusal when they disagree."""
        folded = fold_name(row.name)
        namesakes = self._by_name.get(folded, ())
        code = row.code
        if code and (organisation := self._by_code.get(code)):
            if organisation not in namesakes and (row.key in self._renamed or row.key in self._kept):
                if namesakes:
                    raise Refusal(
                        f"不能按{'更名' if row.key in self._renamed else '同一单位'}处理：{namesakes[0].where(row)}另有一家单位用着这个名称。请先核对两家是否同一单位。",
                        candidates=[one.id for one in (organisation, *namesakes)],
                    )
                return organisation
            if organisation not in namesakes:
                raise Refusal(
                    f"统一社会信用代码 {code} 在{organisation.where(row)}是“{organisation.name}”，{_here(organisation)}是“{row.name}”。"
                    + (WRONG if row.key in self._wrong else ASKED),
                    known_as=organisation.name,
                )
            return organisation
        if not namesakes and (organisation := self._formerly(row)):
            return organisation
        uncoded = [o for o in namesakes if code is None or o.credit_code is None]
        if len(uncoded) > 1:
            raise Refusal(
                f"{_all_where(uncoded)}有 {len(uncoded)} 个单位叫“{row.name}”，无法确定是哪一个。请在名单中补上统一社会信用代码。",
                candidates=[one.id for one in uncoded],
            )
        if not uncoded and namesakes:
            raise Refusal(
                f"{namesakes[0].where(row)}“{row.name}”的统一社会信用代码是 {namesakes[0].credit_code}，{_here(namesakes[0])}是 {code}。"
                "请核对后更正其中一处。",
                candidates=[one.id for one in namesakes],
            )
        return uncoded[0] if uncoded else None

    def _formerly(self, row: ListRow) -> _Organisation | None:
        """The organisation that bears the former name told by the list, once a person says that it was renamed."""
        holders = self._by_name.get(fold_name(row.former), ()) if row.former else ()
        if len(holders) != 1 or row.code and holders[0].credit_code:
            return None  # nobody, or somebody with another code
        if (row.key in self._renamed or row.key in self._kept):
            return holders[0]
        raise Refusal(
            f"名单写明“{row.name}”原名“{row.former}”，{holders[0].where(row)}有这家单位。" + (WRONG if row.key in self._wrong else ASKED),
            known_as=holders[0].name,
        )

    def _looking_alike(self, row: ListRow) -> list[str]:
        """Said of a new name that looks like another and is written with other signs; Refusal when it cannot be printed."""
        if why := why_not_printable(row.name, "名称"):
            raise Refusal(why)
        key = look_alike(row.name)
        others = [*self._odd.get(key, ()), *(one.name for one in self._by_name.get(key, ()))]
        bare = row.name.translate(_NO_DIGITS)  # with digits alone nearly every name of a long list would be kept
        if look_alike(bare) != fold_name(bare):
            self._odd[key] = (*self._odd.get(key, ()), row.name)
        others = [other for other in dict.fromkeys(others) if fold_name(other) != fold_name(row.name)]
        return [f"名称与“{other}”看上去一样，有的字不是同一个字（如字母与西里尔字母、0 与 O），请核对是不是同一家。" for other in others]

    def _is_new_name(self, organisation: _Organisation, row: ListRow) -> bool:
        return row.key not in self._kept and organisation not in self._by_name.get(fold_name(row.name), ())

    def _rename(self, organisation: _Organisation, name: str) -> None:
        """Give the organisation its new name; the old one stays as 曾用名."""
        organisation.former = organisation.former | {organisation.folded: organisation.name}
        new = named(name, organisation.name, organisation.initials)
        organisation.take(new)
        organisation.changes = organisation.changes | new
        self._remember(organisation, new["folded"])

    def _add(self, row: ListRow) -> _Organisation:
        organisation = _Organisation(None, spelt(row.name) | identity(row), row)
        self._everyone.append(organisation)
        self._set_shares(organisation, row)
        self._remember(organisation, organisation.folded)
        return organisation

    def _complete(self, organisation: _Organisation, row: ListRow) -> tuple[list[str], bool]:
        """Fill what the book lacks; what it has stays, and a difference is said. True when something was filled."""
        said, filled = [], bool(organisation.former)
        if row.key in self._renamed and organisation.former:
            said.append(f"按更名处理：原名“{'、'.join(organisation.former.values())}”改记为曾用名。")
        if row.key in self._kept:
            said.append(f"按同一单位处理：账簿中的名称“{organisation.name}”不改，“{row.name}”只记为名单所列名称。")
        for key, value in identity(row).items():
            have = getattr(organisation, key)
            if value and have and value != have:
                said.append(_differs(LABELS[key], have, value, organisation, row))
        brings_shares = self._brings_shares(organisation, row)
        for key, value in self._brought(organisation, row).items():
            organisation.changes = organisation.changes | {key: value}
            organisation.take({key: value})
            filled = True
            said.append(f"补上{LABELS[key]} {value}。")
            self._remember(organisation, organisation.folded)
        if brings_shares:
            self._set_shares(organisation, row)
            filled = True
            said.append("按名单补上受益财政，请核实。")
        return said, filled

    def _brought(self, organisation: _Organisation, row: ListRow) -> dict[str, str]:
        """What the row says of the organisation that the book lacks."""
        return {key: value for key, value in identity(row).items() if value and not getattr(organisation, key)}

    def _brings_shares(self, organisation: _Organisation, row: ListRow) -> bool:
        """A treasury is taken from 所属地区 only together with that place: an organisation that the book keeps without
        one stays so when its own list comes back.
        """
        return not organisation.has_shares and bool(row.shares or row.division and not organisation.division)

    def _set_shares(self, organisation: _Organisation, row: ListRow) -> None:
        evidence = "名单“受益财政”列" if row.shares else "名单“所属地区”列"
        shares = [(s.division.code, s.weight) for s in row.shares] or ([(row.division.code, 1)] if row.division else [])
        made = tuple({"division": d, "weight": w, "evidence": evidence, "confirmed": bool(row.shares)} for d, w in shares)
        organisation.shares = self._shares.setdefault((*shares, evidence), made)
        organisation.has_shares = bool(shares)

    # writing

    def take_over(self, session: Session, file_name: str, sha256: str) -> int:
        """Write every row that is new or changed and not left out; returns how many. Nothing for an unchanged list."""
        return take_over(session, self, file_name, sha256)

    def write(self, session: Session, file_name: str, sha256: str) -> int:
        """What `take_over` does once it is known to be this person's to do."""
        written = self.taken
        if not written:
            return 0
        origin = ListImport(file_name=file_name, sha256=sha256, row_count=written)
        session.add(origin)
        session.flush()
        everyone = self._everyone
        fresh = [o for o in everyone if o.id is None]
        for number, organisation in enumerate(fresh, start=reserve_ids(session, Organisation)):
            organisation.id = number
        insert_rows(session, Organisation, (o.row() for o in fresh))
        insert_rows(session, Beneficiary, (s | {"organisation_id": o.id} for o in everyone for s in o.shares))
        insert_rows(session, FormerName, (former_name(o.id, *names) for o in everyone for names in o.former.items()))
        new = ((o.id, r.facts) for o in everyone for r in o.recognitions if r.id is None)
        insert_rows(session, Recognition, (facts | {"organisation_id": o, "import_id": origin.id} for o, facts in new))
        for organisation in everyone:
            if organisation.id and organisation.changes:
                _change(session, Organisation, organisation.id, organisation.changes)
            for recognition in organisation.recognitions:
                if recognition.id and recognition.changes:
                    require_recognition_open(session, recognition.id)
                    _change(session, Recognition, recognition.id, recognition.changes | _cohort(organisation, recognition))
        session.expire_all()
        send_back_changed(session)
        return written


@guarded
def take_over(session: Session, plan: Plan, file_name: str, sha256: str) -> int:
    """Write the good rows of a list that was compared with the book; returns how many."""
    return plan.write(session, file_name, sha256)


_NO_DIGITS = str.maketrans("", "", "0123456789")


def _odd_names(session: Session) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    query = select(Organisation.name, Organisation.folded).execution_options(yield_per=PORTION)
    for name, folded in session.execute(query):
        if (key := look_alike(folded)) != folded:
            found[key] = (*found.get(key, ()), name)
    return found


def _doubled(other: _Recognition, row: ListRow) -> str:
    """Said of a new recognition beside another of the same title, level and kind."""
    first = other.seen_in_row
    sheet = f"工作表“{first.sheet}”" if first and first.sheet != row.sheet else ""
    where = f"{sheet}第 {first.number} 行" if first and other.id is None else "账簿中"
    return f"{where}已有这家单位的同一称号（{known_by(other.facts)}），这一行按另一项认定新增。请核对是不是同一项认定、文号有没有写错。"


def _cohort(organisation: _Organisation, changed: _Recognition) -> dict[str, str]:
    """The new key of a recognition, unless an earlier program let another have it."""
    cohort = cohort_of(changed.facts)
    others = [r.facts for r in organisation.recognitions if r is not changed]
    taken = any(o["cohort"] == cohort and all(o[k] == changed.facts[k] for k in ("title", "level", "kind")) for o in others)
    return {} if taken else {"cohort": cohort}


def _change(session: Session, table: Any, row_id: int, values: dict[str, Any]) -> None:
    session.connection().execute(update(table).where(col(table.id) == row_id).values(values))
