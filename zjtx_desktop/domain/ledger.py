"""The ledger (台账) of one part of an award: what may still be entered of each kind, and how it stands.

Every figure is a sum over entries that are only ever added. The same sums guard the table itself by a
trigger, so whoever alters `LIMITS` adds a step to the book's steps.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from types import MappingProxyType

from zjtx_desktop.errors import Refused
from zjtx_desktop.values import ZERO, Money


class EntryKind(StrEnum):
    """What moved. The last three follow the municipal part from request to arrival and move no county money."""

    GRANTED = "granted"
    VOIDED = "voided"
    PAID = "paid"
    RETURNED = "returned"
    CLAIMED = "claimed"
    RECOVERED = "recovered"
    REQUESTED = "requested"
    APPROVED = "approved"
    ARRIVED = "arrived"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _LABELS[self]


class Progress(StrEnum):
    """How far the money of one part has come, in one word; ASKED to ARRIVED only of money that the city sends."""

    UNASKED = "unasked"
    ASKED = "asked"
    AGREED = "agreed"
    OPEN = "open"
    PARTLY = "partly"
    PAID = "paid"
    CLAIMED = "claimed"
    RECOVERED = "recovered"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return _PROGRESS[self]


_PROGRESS = {
    Progress.UNASKED: "待申请",
    Progress.ASKED: "待批复",
    Progress.AGREED: "待到账",
    Progress.OPEN: "待拨付",
    Progress.PARTLY: "部分拨付",
    Progress.PAID: "已拨付",
    Progress.CLAIMED: "待追回",
    Progress.RECOVERED: "已追回",
    Progress.DROPPED: "已核减",
}
_LABELS = {
    EntryKind.GRANTED: "核定",
    EntryKind.VOIDED: "核减",
    EntryKind.PAID: "拨付",
    EntryKind.RETURNED: "退回",
    EntryKind.CLAIMED: "应追回",
    EntryKind.RECOVERED: "已追回",
    EntryKind.REQUESTED: "申请市级资金",
    EntryKind.APPROVED: "市级批复",
    EntryKind.ARRIVED: "市级资金到账",
}
_G, _V, _P, _R = EntryKind.GRANTED, EntryKind.VOIDED, EntryKind.PAID, EntryKind.RETURNED
_OPEN = MappingProxyType({_G: 1, _V: -1, _P: -1, _R: 1})
# Of each kind there may still be entered the sum of the entries so far with these signs; of what is granted,
# the part's own amount less that.
LIMITS: Mapping[EntryKind, Mapping[EntryKind, int]] = MappingProxyType(
    {
        _G: {_G: -1},
        _V: _OPEN,
        _P: _OPEN,
        _R: {_P: 1, _R: -1, EntryKind.CLAIMED: -1},  # what is claimed back comes back as 追回
        EntryKind.CLAIMED: {_P: 1, _R: -1, EntryKind.CLAIMED: -1},
        EntryKind.RECOVERED: {EntryKind.CLAIMED: 1, EntryKind.RECOVERED: -1},
        EntryKind.REQUESTED: {_G: 1, _V: -1, EntryKind.REQUESTED: -1},
        EntryKind.APPROVED: {EntryKind.REQUESTED: 1, EntryKind.APPROVED: -1},
        EntryKind.ARRIVED: {EntryKind.APPROVED: 1, EntryKind.ARRIVED: -1},
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one part stands: the sum of each kind of entry. `amount` is what the award's part says."""

    amount: Money
    sums: Mapping[EntryKind, Money]

    @classmethod
    def replay(cls, amount: Money, entries: Iterable[tuple[EntryKind, Money]]) -> "Standing":
        """The standing after these entries, in any order."""
        fen = dict.fromkeys(EntryKind, 0)
        for kind, entered in entries:
            fen[kind] += entered.fen
        return cls(amount, {kind: Money(total) for kind, total in fen.items()})

    @classmethod
    def together(cls, standings: Iterable["Standing"]) -> "Standing":
        """Several parts as one: every figure added up."""
        every = tuple(standings)
        sums = {kind: Money.total(one.sums[kind] for one in every) for kind in EntryKind}
        return cls(Money.total(one.amount for one in every), sums)

    def room(self, kind: EntryKind) -> Money:
        """How much of this kind may still be entered; never less than nothing."""
        fen = {kind: total.fen for kind, total in self.sums.items()}
        return Money(max(0, _room(self.amount.fen, fen, kind)))

    @property
    def payable(self) -> Money:
        """What is granted and not yet paid."""
        return self.room(EntryKind.PAID)

    @property
    def held(self) -> Money:
        """What the organisation has of it now."""
        return Money(
            self.sums[EntryKind.PAID].fen
            - self.sums[EntryKind.RETURNED].fen
            - self.sums[EntryKind.RECOVERED].fen
        )

    @property
    def claimed(self) -> Money:
        """What is claimed back and has not come yet."""
        return self.room(EntryKind.RECOVERED)

    @property
    def in_hand(self) -> Money:
        """Of money that the city sends: what has arrived and is not with the organisation."""
        return self.sums[EntryKind.ARRIVED] - self.held

    def progress(self, sent: bool) -> Progress:
        """How far it has come; `sent` when the city sends the money first."""
        if self.claimed:
            return Progress.CLAIMED
        if self.sums[EntryKind.RECOVERED]:
            return Progress.RECOVERED
        if not self.payable:
            return Progress.PAID if self.held else Progress.DROPPED
        if sent and self.in_hand.fen <= 0:
            return self._on_its_way()
        return Progress.PARTLY if self.held else Progress.OPEN

    def _on_its_way(self) -> Progress:
        if self.room(EntryKind.ARRIVED):
            return Progress.AGREED
        return Progress.ASKED if self.room(EntryKind.APPROVED) else Progress.UNASKED

    def require(self, kind: EntryKind, amount: Money, whose: str) -> None:
        """Refuse an entry that is nothing or more than there is room for, with the figures."""
        room = self.room(kind)
        if not 0 < amount.fen <= room.fen:
            raise Refused(
                f"{whose}：{kind.label} {amount} 元不能登记，现在最多可{kind.label} {room} 元"
                f"（核定 {self.sums[_G]} 元，已拨付 {self.sums[_P]} 元，已退回 {self.sums[_R]} 元）。请核对金额。"
            )


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of money that was granted, as every paper shows it.

    核定 is 核减, 已拨付 and 余额 together; 已追回 is of what was paid. `to_come` is what the city is still asked for:
    nothing of what was written off, revoked or has arrived.
    """

    granted: Money = ZERO
    written_off: Money = ZERO
    paid: Money = ZERO
    recovered: Money = ZERO
    left: Money = ZERO
    to_come: Money = ZERO

    @classmethod
    def of(cls, standing: Standing, from_city: bool, sent: bool) -> "Balance":
        """How a part stands; `from_city` when the city pays it, `sent` when it sends the money first."""
        sums, left = standing.sums, standing.payable
        waiting = max(sums[_G] - sums[_V] - sums[EntryKind.ARRIVED], ZERO) if sent else left
        paid = sums[_P] - sums[_R]
        return cls(standing.amount, sums[_V], paid, sums[EntryKind.RECOVERED], left, waiting if from_city else ZERO)

    @classmethod
    def together(cls, balances: Iterable["Balance"]) -> "Balance":
        """Several as one: every figure added up."""
        every = tuple(balances)
        return every[0] if len(every) == 1 else cls(*(Money.total(getattr(one, name) for one in every) for name in FIGURES))

    @property
    def has_moved(self) -> bool:
        """Whether anything was paid or written off."""
        return self.left != self.granted

    @property
    def told(self) -> str:
        """In words, what was never written off or claimed back left out."""
        less = f"核减 {self.written_off} 元，" if self.written_off else ""
        back = f"已追回 {self.recovered} 元，" if self.recovered else ""
        return f"{less}已拨付 {self.paid} 元，{back}余额 {self.left} 元"


FIGURES = tuple(field.name for field in fields(Balance))


def first_excess(amount: Money, entries: Iterable[tuple[EntryKind, Money]]) -> EntryKind | None:
    """Of entries in their order the kind of the first for which there was no room; None when all are right."""
    fen = dict.fromkeys(EntryKind, 0)
    for kind, entered in entries:
        if not 0 < entered.fen <= _room(amount.fen, fen, kind):
            return kind
        fen[kind] += entered.fen
    return None


def _room(amount: int, fen: Mapping[EntryKind, int], kind: EntryKind) -> int:
    base = amount if kind is EntryKind.GRANTED else 0
    return base + sum(sign * fen[of] for of, sign in LIMITS[kind].items())
