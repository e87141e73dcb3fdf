"""What a county has chosen where the policy is silent, and the amounts it pays above the floor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.switches import YEARLY_CAP
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import ZERO, Money

DEFAULT_BASIS = "程序默认"
NO_BASIS = "未登记依据"


@dataclass(frozen=True, slots=True)
class CountyAmount:
    """What a county pays for one title and level, and the document it rests on."""

    title: str
    level: Level
    amount: Money
    basis: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Every switch with its value, the bases of those that were set, and the county's own amounts."""

    switches: Mapping[str, str]
    bases: Mapping[str, str]
    county_amounts: tuple[CountyAmount, ...]
    review_amounts: tuple[CountyAmount, ...]

    @classmethod
    def of(
        cls,
        pack: Pack,
        switches: Mapping[str, str] | None = None,
        county_amounts: Iterable[CountyAmount] = (),
        bases: Mapping[str, str] | None = None,
        review_amounts: Iterable[CountyAmount] = (),
    ) -> "Choices":
        """Defaults of the pack where nothing was chosen; Refused: an unknown choice, an amount too low."""
        chosen, given = dict(switches or {}), dict(bases or {})
        county, review = _ordered(county_amounts), _ordered(review_amounts)
        for name, value in chosen.items():
            if name not in pack.switches:
                raise Refused(f"政策中没有“{name}”这个测算口径，请核对。")
            pack.switches[name].check(value)
        for name in given:
            if name not in pack.switches:
                raise Refused(f"依据“{given[name]}”对应的测算口径“{name}”不存在，请核对。")
        for own in county:
            _check_floor(pack, own)
        for own in (*county, *review):
            _check_own(own)
        filled = {
            name: switch.plain(chosen.get(name, switch.default)) for name, switch in pack.switches.items()
        }
        made = cls(filled, {name: text for name, text in given.items() if text.strip()}, county, review)
        _check_cap(pack, made)
        return made

    def changed(
        self,
        pack: Pack,
        switches: Mapping[str, str],
        county_amounts: Iterable[CountyAmount],
        bases: Mapping[str, str] | None = None,
    ) -> "Choices":
        """These choices with some switches, bases and county amounts put in the place of what stood there."""
        amounts = {(own.title, own.level): own for own in (*self.county_amounts, *county_amounts)}
        merged, told = {**self.switches, **switches}, {**self.bases, **(bases or {})}
        return Choices.of(pack, merged, amounts.values(), told, self.review_amounts)

    @classmethod
    def from_json(cls, data: Mapping[str, Any], pack: Pack) -> "Choices":
        """The choices that `to_json` wrote, checked against the pack again."""
        county = map(_own_from_json, data["county_amounts"])
        review = map(_own_from_json, data["review_amounts"])
        return cls.of(pack, data["switches"], county, data["bases"], review)

    def to_json(self) -> dict[str, Any]:
        """Plain data, equal for equal choices."""
        return {
            "switches": dict(self.switches),
            "bases": dict(self.bases),
            "county_amounts": [_own_to_json(own) for own in self.county_amounts],
            "review_amounts": [_own_to_json(own) for own in self.review_amounts],
        }

    @property
    def cap(self) -> Money | None:
        """What the beneficiary treasuries pay one organisation for one year at most; None without a cap."""
        value = self.switches.get(YEARLY_CAP)
        return Money.parse(value) if value else None

    def basis(self, switch: str, pack: Pack) -> str:
        """Why a switch stands as it does."""
        unset = self.switches[switch] == pack.switches[switch].default
        return self.bases.get(switch) or (DEFAULT_BASIS if unset else NO_BASIS)

    def county_amount(self, title: str, level: Level) -> CountyAmount | None:
        """What the county pays instead of the floor, if it has set anything."""
        return _find(self.county_amounts, title, level)

    def review_amount(self, title: str, level: Level) -> CountyAmount | None:
        """What the county pays for a passed re-review, if it has set anything."""
        return _find(self.review_amounts, title, level)

    def sentences(self, pack: Pack, titles: Titles) -> tuple[str, ...]:
        """Every choice in words with its basis, for screens and reports."""
        switched = tuple(
            f"{switch.label}：{switch.label_of(self.switches[name])}（依据：{self.basis(name, pack)}）"
            for name, switch in pack.switches.items()
        )
        return switched + tuple(
            f"{titles.name(own.title, own.level)}{what}：{own.amount.wan} 万元（依据：{own.basis}）"
            for what, amounts in (("受益财政奖励", self.county_amounts), ("复核奖励", self.review_amounts))
            for own in amounts
        )


def _ordered(amounts: Iterable[CountyAmount]) -> tuple[CountyAmount, ...]:
    ordered = tuple(sorted(amounts, key=lambda own: (own.title, own.level)))
    for one, following in pairwise(ordered):
        if (one.title, one.level) == (following.title, following.level):
            raise Refused(f"{_named(one)}登记了两个标准，请只保留一个。")
    return ordered


def _check_own(own: CountyAmount) -> None:
    if not own.basis.strip():
        raise Refused(f"{_named(own)}的标准没有写明依据，请填写依据的文号。")
    if own.amount <= ZERO:
        raise Refused(f"{_named(own)}的标准应大于 0，请改正。")


def _check_floor(pack: Pack, own: CountyAmount) -> None:
    """Refuse an amount that no version of the floor would allow; which version applies is judged by date."""
    floors = [
        (rule.money(amount), amount)
        for rule in pack.rules_for(own.title, own.level)
        if rule.kind == "floor"
        for amount in rule.amounts
        if not amount.expected
    ]
    if not floors:
        raise Refused(f"{_named(own)}没有可以提高的奖励下限，请核对称号和级别。")
    lowest, amount = min(floors, key=lambda floor: floor[0])
    if own.amount < lowest:
        raise Refused(
            f"{_named(own)}的标准 {own.amount.wan} 万元低于下限 {lowest.wan} 万元"
            f"（{amount.clause}），请提高到下限以上。"
        )


def _check_cap(pack: Pack, choices: Choices) -> None:
    """A cap rests on a document and leaves room for what the policy orders at least for one title."""
    if choices.cap is None:
        return
    switch = pack.switches[YEARLY_CAP]
    if choices.switches[YEARLY_CAP] != switch.plain(switch.default) and not choices.bases.get(YEARLY_CAP):
        raise Refused(f"“{switch.label}”没有写明依据，请填写依据的文号。")
    floors = [
        (rule.money(amount), amount.clause)
        for rule in pack.rules
        if rule.kind == "floor"
        for amount in rule.amounts
        if not amount.expected
    ]
    highest, clause = max(floors, key=lambda floor: floor[0], default=(ZERO, None))
    if choices.cap < highest:
        raise Refused(
            f"“{switch.label}”{choices.cap.wan} 万元低于一项奖励的下限 {highest.wan} 万元（{clause}），"
            f"请提高到下限以上。"
        )


def _find(amounts: tuple[CountyAmount, ...], title: str, level: Level) -> CountyAmount | None:
    return next((own for own in amounts if (own.title, own.level) == (title, level)), None)


def _named(own: CountyAmount) -> str:
    return f"“{Titles.load().name(own.title, own.level)}”"


def _own_from_json(data: Mapping[str, Any]) -> CountyAmount:
    return CountyAmount(data["title"], Level(data["level"]), Money(data["fen"]), data["basis"])


def _own_to_json(own: CountyAmount) -> dict[str, Any]:
    return {"title": own.title, "level": own.level.value, "fen": own.amount.fen, "basis": own.basis}
