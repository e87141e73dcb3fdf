"""Two copies of one book held against each other: where they part, what each did alone, what was paid in both.

Neither is written to. Two copies part when people went on in both; who merges them needs to know above all what was
paid twice, because the second payment is money that has left.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.backup import looking_into
from zjtx_desktop.storage.keys import is_encrypted
from zjtx_desktop.usecases.backups import identity
from zjtx_desktop.usecases.record_history import ActionLine
from zjtx_desktop.usecases.trails import common_to, last_common, lost_after, trail
from zjtx_desktop.values import Division, Money

_MOVED = (EntryKind.PAID, EntryKind.RETURNED, EntryKind.RECOVERED)  # money over the bank
_Part = tuple[str, str, str, str]  # award number, payer, treasury, kind


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a ledger: how much, when, by which voucher, entered by whom."""

    amount: Money
    on: date
    voucher: str
    by: str


@dataclass(frozen=True, slots=True)
class Twice:
    """Money of one part of an award that moved in both copies after they had parted; `mine` and `theirs` in order."""

    award_number: str
    organisation: str
    payer: Payer
    treasury: Division
    kind: EntryKind
    mine: tuple[Movement, ...]
    theirs: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`common` is the last action that both have, 0 when none; `mine` and `theirs` what each did alone, newest first, the
    latest of them; the counts are of all.
    """

    is_same_book: bool
    common: int
    common_at: datetime | None
    common_title: str
    mine: tuple[ActionLine, ...]
    theirs: tuple[ActionLine, ...]
    mine_count: int
    theirs_count: int
    twice: tuple[Twice, ...]

    @property
    def is_parted(self) -> bool:
        """Whether neither copy holds all of the other."""
        return not self.is_same_book or bool(self.mine_count and self.theirs_count)

    @property
    def sentence(self) -> str:
        """What came of it."""
        if not self.is_same_book:
            return "这是两个不同的账簿，不是同一个账簿的两份，没有可比的。"
        if not (self.mine_count or self.theirs_count):
            return f"两份一样，都办到第 {self.common} 步。"
        at = f"（{self.common_at:%Y-%m-%d %H:%M}，{self.common_title}）" if self.common_at else ""
        if not self.theirs_count:
            return f"没有分开：另一份只到第 {self.common} 步{at}，这一份在那以后多 {self.mine_count} 步。"
        if not self.mine_count:
            return f"没有分开：这一份只到第 {self.common} 步{at}，另一份在那以后多 {self.theirs_count} 步。这一份是较旧的。"
        return (
            f"两份在第 {self.common} 步{at}以后分开，各有各的改动：这一份另办了 {self.mine_count} 步，"
            f"另一份另办了 {self.theirs_count} 步。{self._twice_words}"
        )

    @property
    def _twice_words(self) -> str:
        paid = sum(one.kind is EntryKind.PAID for one in self.twice)
        return f"有 {paid} 处在两份里都登记了拨付，可能付了两次，请逐笔核对银行回单。" if paid else "没有一处在两份里都登记了拨付。"


def compare(mine: Session, theirs: Session) -> Comparison:
    """Hold two copies against each other; both sessions only read."""
    if identity(mine) != identity(theirs):
        return Comparison(False, 0, None, "", (), (), 0, 0, ())
    common = common_to(mine, theirs)
    last = last_common(mine, common)
    return Comparison(
        is_same_book=True,
        common=common,
        common_at=last.at if last else None,
        common_title=last.title if last else "",
        mine=lost_after(mine, common),
        theirs=lost_after(theirs, common),
        mine_count=trail(mine).seq - common,
        theirs_count=trail(theirs).seq - common,
        twice=_twice(mine, theirs, common),
    )


def compare_files(mine: Path, my_secret: bytes | None, theirs: Path, their_secret: bytes | None) -> Comparison:
    """The same by their files and what opens them; BadFile says which cannot be read."""
    with looking_into(mine, my_secret if is_encrypted(mine) else None) as one:
        with looking_into(theirs, their_secret if is_encrypted(theirs) else None) as other:
            return compare(one, other)


def _twice(mine: Session, theirs: Session, common: int) -> tuple[Twice, ...]:
    ours, others = _moved_after(mine, common), _moved_after(theirs, common)
    both = [key for key in ours if key in others]
    names = _names(mine, {key[0] for key in both})
    return tuple(
        Twice(
            number, names.get(number, ""), Payer(payer), Division.parse(treasury), EntryKind(kind),
            tuple(ours[number, payer, treasury, kind]), tuple(others[number, payer, treasury, kind]),
        )
        for number, payer, treasury, kind in sorted(both)
    )  # fmt: skip


def _moved_after(session: Session, common: int) -> dict[_Part, list[Movement]]:
    """What was entered after an action; parts are known by award, payer and treasury, because ids part as well."""
    e, p, a, c = tables.LedgerEntry, tables.AwardPart, tables.Award, tables.Change
    query = (
        select(a.number, p.payer, p.division, e.kind, e.fen, e.on_date, e.voucher, e.by_name)
        .join(p, col(e.part_id) == p.id)
        .join(a, col(p.award_id) == a.id)
        .join(c, (col(c.table_name) == "ledger_entry") & (col(c.row_id) == e.id) & col(c.before).is_(None))
        .where(col(c.action_id) > common, col(e.kind).in_([kind.value for kind in _MOVED]))
        .order_by(col(e.id))
    )
    found: dict[_Part, list[Movement]] = defaultdict(list)
    for number, payer, treasury, kind, fen, on, voucher, by in session.execute(query):
        found[number, payer, treasury, kind].append(Movement(Money(fen), on, voucher or "", by))
    return dict(found)


def _names(session: Session, numbers: set[str]) -> dict[str, str]:
    a, o = tables.Award, tables.Organisation
    query = select(a.number, o.name).join(o, col(a.organisation_id) == o.id).where(col(a.number).in_(numbers))
    return {number: name for number, name in session.execute(query)}
