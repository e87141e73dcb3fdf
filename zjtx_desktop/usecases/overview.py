"""The desk at a glance: what waits to be done, and what each treasury pays in a year.

Written in SQL and importing neither SQLAlchemy nor SQLModel: at the start these figures are read before the half
second that those take to import, see `first_look`.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zjtx_desktop.domain.facts import Payer, Verdict
from zjtx_desktop.domain.ledger import Balance, EntryKind, Standing
from zjtx_desktop.domain.pack_file import parse_pack, shipped_pack
from zjtx_desktop.domain.states import ISSUED_STATES, MONEYLESS_STATES, AwardState, RoundState
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.values import ZERO, Division, Money, WorkCalendar

EXPIRING_MONTHS = 6
_PUBLISHED = 11  # the month in which the holidays of the next year are usually published
CALENDAR = "calendar"  # the setting that holds the arrangements of holidays that staff have recorded
UNCONFIRMED = "受益财政待确认"  # what a line about them leads to on the page of organisations
ACTIVE_PACK = "pack"  # the setting that holds the SHA-256 of the activated pack
_WAITING = {
    AwardState.EXAMINED: "等待复核",
    AwardState.REVIEWED: "等待公示",
    AwardState.NOTICED: "公示期已满，等待办理期满",
    AwardState.CLEARED: "等待审定",
}
Read = Callable[[str, tuple[Any, ...]], Sequence[Any]]  # SQL and its parameters → rows
_COUNTED = f"a.verdict = ? AND a.state NOT IN ({', '.join('?' * len(MONEYLESS_STATES))})"
_ISSUED = ", ".join("?" * len(ISSUED_STATES))
_ISSUED_VALUES = tuple(state.value for state in ISSUED_STATES)
_COUNTED_VALUES = (Verdict.AWARD.value, *(state.value for state in MONEYLESS_STATES))


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that waits: how many, what, and on which page; `first` is the record, or the part of it, to begin with there."""

    id: str
    count: int
    sentence: str
    page: str
    urgent: bool = False
    first: int | str | None = None


@dataclass(frozen=True, slots=True)
class TreasuryLine:
    """What one treasury was granted to pay, as beneficiary and as the city, and what became of what was issued."""

    treasury: str
    beneficiary: Money
    municipal: Money
    issued: Balance = Balance()

    @property
    def total(self) -> Money:
        """Both together."""
        return self.beneficiary + self.municipal


@dataclass(frozen=True, slots=True)
class TitleLine:
    """The awards of one title at one level."""

    title: str
    awards: int
    total: Money


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first page shows; `year` is the one whose money it is, None for an empty book."""

    years: tuple[int, ...]
    year: int | None
    todos: tuple[Todo, ...]
    treasuries: tuple[TreasuryLine, ...]
    titles: tuple[TitleLine, ...]
    organisations: int
    recognitions: int

    @property
    def beneficiary(self) -> Money:
        """What beneficiary treasuries pay altogether."""
        return Money.total(line.beneficiary for line in self.treasuries)

    @property
    def municipal(self) -> Money:
        """What the city pays altogether."""
        return Money.total(line.municipal for line in self.treasuries)

    @property
    def awards(self) -> int:
        """How many awards those are."""
        return sum(line.awards for line in self.titles)


def overview(session: Any, year: int | None, today: date) -> Overview:
    """The desk on a day, with the money of `year`, or of the latest year that has a batch."""
    connection = session.connection()
    return figures(lambda sql, values: connection.exec_driver_sql(sql, values).all(), year, today)


def figures(read: Read, year: int | None, today: date) -> Overview:
    """The same through any reader of the book."""
    years = tuple(found for (found,) in read("SELECT DISTINCT year FROM round ORDER BY year DESC", ()))
    shown = year if year in years else next(iter(years), None)
    return Overview(
        years=years,
        year=shown,
        todos=tuple(todo for todo in _todos(read, today) if todo.count),
        treasuries=_treasuries(read, shown),
        titles=_titles(read, shown),
        organisations=_count(read, "SELECT count(*) FROM organisation"),
        recognitions=_count(read, "SELECT count(*) FROM recognition"),
    )


def _todos(read: Read, today: date) -> Iterator[Todo]:
    yield from _awards_waiting(read, today)
    for year, count in _not_computed(read, today):
        yield Todo("compute", count, f"{year} 年度有 {count} 条认定还没有测算", "rounds")
    count, first = _waiting(read, "organisation", "credit_code IS NULL")
    yield Todo("no_code", count, f"{count} 家企业没有统一社会信用代码", "organisations", first=first)
    count, first = _waiting(read, "organisation", "id NOT IN (SELECT organisation_id FROM beneficiary)")
    yield Todo("no_treasury", count, f"{count} 家企业没有登记受益财政", "organisations", first=first)
    count = _count(read, "SELECT count(DISTINCT organisation_id) FROM beneficiary WHERE NOT confirmed")
    said = f"{count} 家企业的受益财政待确认，确认以前不能公示、审定、下达和报送"
    yield Todo("unconfirmed", count, said, "organisations", first=UNCONFIRMED)
    until = months_later(today, EXPIRING_MONTHS)
    count, first = _waiting(read, "recognition", "valid_to BETWEEN ? AND ?", today.isoformat(), until.isoformat())
    yield Todo(
        "expiring", count, f"{count} 条认定将在 {EXPIRING_MONTHS} 个月内到期", "recognitions", first=first
    )
    if _count(read, "SELECT count(*) FROM organisation"):  # a new book has nearer things to do first
        yield from _holidays(read, today)


def _holidays(read: Read, today: date) -> Iterator[Todo]:
    """This year's arrangement of holidays, and from November on the next one's, where it is not recorded yet."""
    kept = read("SELECT value FROM setting WHERE \"key\" = ?", (CALENDAR,))
    known = WorkCalendar.load().years | {one["year"] for one in (json.loads(kept[0][0]) if kept else ())}
    for year in range(today.year, today.year + (2 if today.month >= _PUBLISHED else 1)):
        if year not in known:
            urgent = year == today.year or today.month > _PUBLISHED
            said = f"还没有登记 {year} 年的节假日安排，公示期推算不到那一年"
            yield Todo("holidays", 1, said, "settings", urgent, "节假日安排")


def _awards_waiting(read: Read, today: date) -> Iterator[Todo]:
    rows = read(
        "SELECT d.year, a.verdict, count(*), min(a.id) FROM award a JOIN round d ON a.round_id = d.id"
        " WHERE a.state = ? GROUP BY d.year, a.verdict ORDER BY d.year DESC",
        (AwardState.DRAFT.value,),
    )
    for year, verdict, count, first in rows:
        if verdict == Verdict.UNDECIDED:
            yield Todo(
                "undecided", count, f"{year} 年度有 {count} 笔奖补待定，等待作出决定", "rounds", True, first
            )
    yield from _objections_open(read)
    staffed = bool(read("SELECT 1 FROM person LIMIT 1", ()))
    for year, verdict, count, first in rows:
        if verdict == Verdict.AWARD and staffed:
            yield Todo("examine", count, f"{year} 年度有 {count} 笔奖补等待初审", "process", first=first)
        elif verdict == Verdict.AWARD:
            yield Todo("issue", count, f"{year} 年度有 {count} 份拨付通知可以下达", "letters")
    yield from _steps_waiting(read, today)


def _steps_waiting(read: Read, today: date) -> Iterator[Todo]:
    """Awards that somebody has begun with; those on public notice wait once its last day is over."""
    rows = read(
        "SELECT d.year, a.state, count(*), min(a.id) FROM award a JOIN round d ON a.round_id = d.id"
        " WHERE a.state <> ? OR ? > (SELECT max(n.ends) FROM notice n JOIN notice_item i ON i.notice_id = n.id"
        " WHERE i.award_id = a.id) GROUP BY d.year, a.state ORDER BY d.year DESC",
        (AwardState.NOTICED.value, today.isoformat()),
    )
    for year, state, count, first in rows:
        if state in _WAITING:
            yield Todo(state, count, f"{year} 年度有 {count} 笔奖补{_WAITING[state]}", "process", first=first)
        elif state == AwardState.APPROVED:
            yield Todo("issue", count, f"{year} 年度有 {count} 份拨付通知可以下达", "letters")


def _objections_open(read: Read) -> Iterator[Todo]:
    count, first = read(
        "SELECT count(*), min(o.award_id) FROM objection o JOIN award a ON o.award_id = a.id"
        " WHERE o.answered_on IS NULL AND a.state IN (?, ?)",
        (AwardState.NOTICED.value, AwardState.CLEARED.value),
    )[0]
    yield Todo("objections", count, f"{count} 条公示异议等待答复", "process", True, first)


def _not_computed(read: Read, today: date) -> Iterator[tuple[int, int]]:
    """Years of the policy with recognitions that no batch of the year has judged yet."""
    kept = read(
        "SELECT p.content, p.pack_id FROM pack p JOIN setting s ON s.value = p.sha256 WHERE s.\"key\" = ?", (ACTIVE_PACK,)
    )
    pack = parse_pack(*kept[0]) if kept else shipped_pack()
    first = min(amount.since.year for rule in pack.rules for amount in rule.amounts)
    done = {year for (year,) in read("SELECT year FROM round WHERE state = ? AND follows_id IS NULL", (RoundState.COMPUTED.value,))}
    for year in sorted(set(range(first, today.year + 1)) - done):
        waiting = _count(
            read,
            "SELECT count(*) FROM recognition WHERE NOT publicity_only AND"
            " (document_date BETWEEN ? AND ? OR document_date IS NULL AND label_year = ?)",
            f"{year}-01-01",
            f"{year}-12-31",
            year,
        )
        yield year, waiting


def _treasuries(read: Read, year: int | None) -> tuple[TreasuryLine, ...]:
    rows = read(
        "SELECT p.division, p.payer, sum(p.fen) FROM award_part p JOIN award a ON p.award_id = a.id"
        f" JOIN round d ON a.round_id = d.id WHERE d.year = ? AND {_COUNTED}"
        " GROUP BY p.division, p.payer ORDER BY p.division",
        (year, *_COUNTED_VALUES),
    )
    sums: dict[str, dict[str, Money]] = {}
    for division, payer, fen in rows:
        sums.setdefault(division, {})[payer] = Money(fen)
    moved = _moved(read, year)
    return tuple(
        TreasuryLine(
            Division(code).name,
            paid.get(Payer.BENEFICIARY, ZERO),
            paid.get(Payer.MUNICIPAL, ZERO),
            moved.get(code, Balance()),
        )
        for code, paid in sums.items()
    )


def _moved(read: Read, year: int | None) -> dict[str, Balance]:
    """What became of what each treasury was granted to pay of the issued awards, those from before the ledger too."""
    issued = f"JOIN award a ON p.award_id = a.id JOIN round d ON a.round_id = d.id WHERE d.year = ? AND a.state IN ({_ISSUED})"
    without = "NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.part_id = p.id)"
    rows = read(
        f"SELECT p.division, e.kind, sum(e.fen) FROM ledger_entry e JOIN award_part p ON e.part_id = p.id {issued}"
        " GROUP BY p.division, e.kind"
        f" UNION ALL SELECT p.division, ?, sum(p.fen) FROM award_part p {issued} AND {without} GROUP BY p.division",
        (year, *_ISSUED_VALUES, EntryKind.GRANTED.value, year, *_ISSUED_VALUES),
    )
    entries: dict[str, list[tuple[EntryKind, Money]]] = {}
    for division, kind, fen in rows:
        entries.setdefault(division, []).append((EntryKind(kind), Money(fen)))
    return {code: _balance(some) for code, some in entries.items()}


def _balance(entries: Sequence[tuple[EntryKind, Money]]) -> Balance:
    granted = Money.total(fen for kind, fen in entries if kind is EntryKind.GRANTED)
    return Balance.of(Standing.replay(granted, entries), from_city=False, sent=False)


def _titles(read: Read, year: int | None) -> tuple[TitleLine, ...]:
    rows = read(
        "SELECT r.title, r.level, r.title_type, count(*), sum(a.beneficiary_fen + a.municipal_fen) AS fen"
        " FROM award a JOIN round d ON a.round_id = d.id JOIN recognition r ON a.recognition_id = r.id"
        f" WHERE d.year = ? AND {_COUNTED} GROUP BY r.title, r.level, r.title_type ORDER BY fen DESC",
        (year, *_COUNTED_VALUES),
    )
    names = Titles.load()
    return tuple(
        TitleLine(names.name(title, Level(level), kind), count, Money(fen)) for title, level, kind, count, fen in rows
    )


def _count(read: Read, sql: str, *values: Any) -> int:
    [(count,)] = read(sql, values)
    return int(count)


def _waiting(read: Read, table: str, which: str, *values: Any) -> tuple[int, int | None]:
    """How many rows there are of these, and the first of them."""
    [(count, first)] = read(f"SELECT count(*), min(id) FROM {table} WHERE {which}", values)
    return count, first


def months_later(day: date, months: int) -> date:
    """The same day of the month, or its last one."""
    month = day.month - 1 + months
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + month // 12, month % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")
