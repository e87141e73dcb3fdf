"""What each county has chosen where the policy is silent, and the amounts it pays above the floor.

A county's choice and amount bind the part of its own treasury alone. The municipal part follows the text of the
policy, unless a document of the city is recorded with the choice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from zjtx_desktop.domain.facts import Payer, Target
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.switches import SHARED, YEARLY_CAP
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.values import ZERO, Division, DocumentNumber, Money, free_text

DEFAULT_BASIS = "程序默认"
NO_BASIS = "未登记依据"


@dataclass(frozen=True, slots=True)
class CountyAmount:
    """What a county pays for one title and level, and the document it rests on.

    Without a `division` it is the amount of every beneficiary treasury.
    """

    title: str
    level: Level
    amount: Money
    basis: str
    division: Division | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """How the side of one treasury answers what the policy leaves open, and on what basis.

    `owner` is the county whose answers they are; None for those that bind all treasuries together.
    """

    owner: Division | None
    switches: Mapping[str, str]
    bases: Mapping[str, str]
    cap_owner: Division | None = None  # whose the cap is, where that is another's

    @property
    def cap(self) -> Money | None:
        """What the owner's treasury pays one organisation for one year at most; None without a cap."""
        value = self.switches.get(YEARLY_CAP)
        return Money.parse(value) if value else None


@dataclass(frozen=True, slots=True)
class Choices:
    """Every switch of a book with its value, the bases of those that were set, and the counties' own amounts.

    `division` is the county whose book it is: its choices bind its own treasury, all others keep to the defaults.
    Without one, as in the city's book, they bind every treasury that has no answers of its own in `counties`.
    `city_documents` are the numbers (文号) of the city's documents by which a choice holds for the municipal part.
    """

    switches: Mapping[str, str]
    bases: Mapping[str, str]
    county_amounts: tuple[CountyAmount, ...]
    review_amounts: tuple[CountyAmount, ...]
    division: Division | None = None
    city_documents: Mapping[str, str] = field(default_factory=dict)
    counties: tuple[Answers, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls,
        pack: Pack,
        switches: Mapping[str, str] | None = None,
        county_amounts: Iterable[CountyAmount] = (),
        bases: Mapping[str, str] | None = None,
        review_amounts: Iterable[CountyAmount] = (),
        *,
        division: Division | None = None,
        city_documents: Mapping[str, str] | None = None,
        counties: Iterable[Answers] = (),
    ) -> "Choices":
        """Defaults of the pack where nothing was chosen; Refused: an unknown choice, an amount too low."""
        chosen, given = dict(switches or {}), dict(bases or {})
        county, review = (_ordered(amounts, division) for amounts in (county_amounts, review_amounts))
        _check_switches(pack, chosen, given)
        for own in county:
            _check_floor(pack, own)
        for own in (*county, *review):
            _check_own(own)
        defaults = {name: switch.plain(switch.default) for name, switch in pack.switches.items()}
        made = cls(
            switches=defaults | _plain(pack, chosen),
            bases=_told(given),
            county_amounts=county,
            review_amounts=review,
            division=division,
            city_documents=_city_documents(pack, city_documents or {}),
            counties=tuple(sorted((_county(pack, one) for one in counties), key=lambda one: str(one.owner))),
            defaults=defaults,
        )
        for answers in (Answers(division, made.switches, made.bases), *made.counties):
            _check_cap(pack, answers)
        return made

    def changed(
        self,
        pack: Pack,
        switches: Mapping[str, str],
        county_amounts: Iterable[CountyAmount],
        bases: Mapping[str, str] | None = None,
        *,
        city_documents: Mapping[str, str] | None = None,
        county: Division | None = None,
    ) -> "Choices":
        """These choices with some switches, bases and amounts put in the place of what stood there.

        `county` says whose answers `switches` and `bases` are, in the city's book. A document of the city does not
        outlive the answer that it was recorded with; an empty one takes it back.
        """
        bases = {name: free_text(text, "依据") for name, text in (bases or {}).items() if text.strip()}
        county_amounts = [replace(own, basis=own.basis.strip() and free_text(own.basis, "依据")) for own in county_amounts]
        given = (own if own.division else _of(own, self.division) for own in county_amounts)
        amounts = {_key(own): own for own in (*self.county_amounts, *given)}
        told_now = city_documents or {}
        kept = {name: text for name, text in self.city_documents.items() if self._stays(name, switches, pack)}
        documents = {**kept, **told_now}
        counties = {one.owner: one for one in self.counties}
        merged, told = {**self.switches, **switches}, {**self.bases, **bases}
        if county is not None and county != self.division:
            merged, told = dict(self.switches), dict(self.bases)
            old = counties.get(county, Answers(county, {}, {}))
            counties[county] = Answers(county, {**old.switches, **switches}, {**old.bases, **bases})
        return Choices.of(
            pack,
            merged,
            amounts.values(),
            told,
            self.review_amounts,
            division=self.division,
            city_documents={name: text for name, text in documents.items() if text},
            counties=counties.values(),
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any], pack: Pack, division: Division | None = None) -> "Choices":
        """The choices that `to_json` wrote, checked against the pack again.

        `division` is whose those are that were written before choices knew it.
        """
        county = map(_own_from_json, data["county_amounts"])
        review = map(_own_from_json, data["review_amounts"])
        code = data.get("division", division and division.code)
        return cls.of(
            pack,
            data["switches"],
            county,
            data["bases"],
            review,
            division=Division(code) if code else None,
            city_documents=data.get("city_documents", {}),
            counties=[
                Answers(Division(one["division"]), one["switches"], one["bases"]) for one in data.get("counties", ())
            ],
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data, equal for equal choices."""
        return {
            "switches": dict(self.switches),
            "bases": dict(self.bases),
            "county_amounts": [_own_to_json(own) for own in self.county_amounts],
            "review_amounts": [_own_to_json(own) for own in self.review_amounts],
            "division": self.division and self.division.code,
            "city_documents": dict(self.city_documents),
            "counties": [
                {"division": one.owner.code, "switches": dict(one.switches), "bases": dict(one.bases)}
                for one in self.counties
                if one.owner
            ],
        }

    def answers(self, target: Target) -> Answers:
        """How the side of a treasury answers: its own county, or the text where that is silent about it."""
        if target.payer is Payer.MUNICIPAL:
            kept = {name: self.switches[name] for name in self.city_documents}
            return Answers(target.treasury, {**self.defaults, **self._shared(), **kept}, self.city_documents)
        ours = target.treasury is None or self.division in (None, target.treasury)
        own = next((one for one in self.counties if one.owner == target.treasury), None)
        values, bases = (self.switches, self.bases) if ours else ({**self.defaults, **self._shared()}, {})
        everyone = self.division if ours else target.treasury
        if own:
            capped = own.owner if YEARLY_CAP in own.switches else everyone
            return Answers(own.owner, {**values, **own.switches}, {**bases, **own.bases}, capped)
        return Answers(everyone, values, bases, everyone)

    def basis(self, switch: str, pack: Pack, answers: Answers | None = None) -> str:
        """Why a switch stands as it does, for one treasury's side or for the book."""
        values, bases = (answers.switches, answers.bases) if answers else (self.switches, self.bases)
        unset = values[switch] == pack.switches[switch].default
        return bases.get(switch) or (DEFAULT_BASIS if unset else NO_BASIS)

    def county_amount(self, title: str, level: Level, treasury: Division | None = None) -> CountyAmount | None:
        """What a treasury pays instead of the floor, if its county has set anything."""
        return self._find(self.county_amounts, title, level, treasury)

    def review_amount(self, title: str, level: Level, treasury: Division | None = None) -> CountyAmount | None:
        """What a treasury pays for a passed re-review, if its county has set anything."""
        return self._find(self.review_amounts, title, level, treasury)

    def sentences(self, pack: Pack, titles: Titles) -> tuple[str, ...]:
        """Every choice in words with its basis, for screens and reports."""
        switched = [
            f"{switch.label}：{switch.label_of(self.switches[name])}（依据：{self.basis(name, pack)}"
            f"{self._for_the_city(name, pack)}）"
            for name, switch in pack.switches.items()
        ]
        switched += [
            f"{one.owner} {pack.switches[name].label}：{pack.switches[name].label_of(value)}"
            f"（依据：{one.bases.get(name) or NO_BASIS}）"
            for one in self.counties
            for name, value in one.switches.items()
        ]
        return tuple(switched) + tuple(
            f"{self._whose(own)}{titles.name(own.title, own.level)}{what}：{own.amount.wan} 万元（依据：{own.basis}）"
            for what, amounts in (("受益财政奖励", self.county_amounts), ("复核奖励", self.review_amounts))
            for own in amounts
        )

    def _stays(self, name: str, switches: Mapping[str, str], pack: Pack) -> bool:
        """Whether a switch keeps the answer that its document of the city stands for."""
        return name not in switches or pack.switches[name].plain(switches[name]) == self.switches[name]

    def _shared(self) -> dict[str, str]:
        return {name: self.switches[name] for name in SHARED if name in self.switches}

    def _find(
        self, amounts: tuple[CountyAmount, ...], title: str, level: Level, treasury: Division | None
    ) -> CountyAmount | None:
        known = {own.division: own for own in amounts if (own.title, own.level) == (title, level)}
        return known.get(treasury if treasury else self.division) or known.get(None)

    def _for_the_city(self, name: str, pack: Pack) -> str:
        """What of a choice holds for the municipal part, where that is not the same."""
        if document := self.city_documents.get(name):
            return f"；市级部分依据：{document}"
        if name in SHARED or name == YEARLY_CAP or self.switches[name] == self.defaults[name]:
            return ""
        return f"；市级部分没有市级文件，按“{pack.switches[name].label_of(self.defaults[name])}”"

    def _whose(self, own: CountyAmount) -> str:
        return f"{own.division} " if own.division and own.division != self.division else ""


def _of(own: CountyAmount, division: Division | None) -> CountyAmount:
    return CountyAmount(own.title, own.level, own.amount, own.basis, division)


def _key(own: CountyAmount) -> tuple[str, str, str]:
    return own.division.code if own.division else "", own.title, own.level.value


def _ordered(amounts: Iterable[CountyAmount], division: Division | None) -> tuple[CountyAmount, ...]:
    """In one order; an amount that names no county is the book's own."""
    ordered = tuple(sorted((own if own.division else _of(own, division) for own in amounts), key=_key))
    for one, following in pairwise(ordered):
        if _key(one) == _key(following):
            raise Refused(f"{_named(one)}登记了两个标准，请只保留一个。")
    return ordered


def _check_switches(pack: Pack, chosen: Mapping[str, str], bases: Mapping[str, str]) -> None:
    for name, value in chosen.items():
        if name not in pack.switches:
            raise Refused(f"政策中没有“{name}”这个测算口径，请核对。")
        pack.switches[name].check(value)
    for name in bases:
        if name not in pack.switches:
            raise Refused(f"依据“{bases[name]}”对应的测算口径“{name}”不存在，请核对。")


def _plain(pack: Pack, chosen: Mapping[str, str]) -> dict[str, str]:
    return {name: pack.switches[name].plain(value) for name, value in chosen.items()}


def _told(bases: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in bases.items() if text.strip()}


def _county(pack: Pack, answers: Answers) -> Answers:
    """A county's own answers, checked; what the whole book has in common they may not change."""
    _check_switches(pack, answers.switches, answers.bases)
    for name in SHARED & answers.switches.keys():
        raise Refused(f"“{pack.switches[name].label}”全账簿一致，不能只为{answers.owner}另选。")
    return Answers(answers.owner, _plain(pack, answers.switches), _told(answers.bases))


def _city_documents(pack: Pack, documents: Mapping[str, str]) -> dict[str, str]:
    """The city's documents by switch, each a number of the city's own."""
    _check_switches(pack, {}, documents)
    for name in (SHARED | {YEARLY_CAP}) & documents.keys():
        raise Refused(f"“{pack.switches[name].label}”不分市级和县级，不需要另写市级文件。")
    return {name: city_document(text, f"“{pack.switches[name].label}”用于市级部分") for name, text in documents.items()}


def city_document(text: str, what: str) -> str:
    """The number of a document of the city in its one form; Refused: no number, or another office's."""
    try:
        number = DocumentNumber.parse(text)
    except BadValue as error:
        raise Refused(f"{what}，要有市级的文件。{error}") from None
    if not is_city_document(number):
        raise Refused(f"{what}，要有市级的文件，“{number}”不是市级文件的文号。请填写市级文件的文号。")
    return str(number)


def is_city_document(number: DocumentNumber) -> bool:
    """Whether the city, and not one of its counties or zones, gave a document its number (代字)."""
    divisions = Division.all()
    city = next(one for one in divisions if one.is_city)
    others = {one.short[: len(city.short) + 1] for one in divisions if not one.is_city}
    return number.agency.startswith(city.short) and not number.agency.startswith(tuple(others))


def is_city_paper(text: str) -> bool:
    """Whether a text is the number of a document of the city."""
    try:
        return is_city_document(DocumentNumber.parse(text))
    except BadValue:
        return False


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


def _check_cap(pack: Pack, answers: Answers) -> None:
    """A cap rests on a document and leaves room for what the policy orders at least for one title."""
    if answers.cap is None:
        return
    switch = pack.switches[YEARLY_CAP]
    if answers.switches[YEARLY_CAP] != switch.plain(switch.default) and not answers.bases.get(YEARLY_CAP):
        raise Refused(f"“{switch.label}”没有写明依据，请填写依据的文号。")
    floors = [
        (rule.money(amount), amount.clause)
        for rule in pack.rules
        if rule.kind == "floor"
        for amount in rule.amounts
        if not amount.expected
    ]
    highest, clause = max(floors, key=lambda floor: floor[0], default=(ZERO, None))
    if answers.cap < highest:
        raise Refused(
            f"“{switch.label}”{answers.cap.wan} 万元低于一项奖励的下限 {highest.wan} 万元（{clause}），"
            f"请提高到下限以上。"
        )


def _named(own: CountyAmount) -> str:
    whose = f"{own.division}的" if own.division else ""
    return f"{whose}“{Titles.load().name(own.title, own.level)}”"


def _own_from_json(data: Mapping[str, Any]) -> CountyAmount:
    code = data.get("division")
    return CountyAmount(
        data["title"], Level(data["level"]), Money(data["fen"]), data["basis"], Division(code) if code else None
    )


def _own_to_json(own: CountyAmount) -> dict[str, Any]:
    told = {"title": own.title, "level": own.level.value, "fen": own.amount.fen, "basis": own.basis}
    return told | ({"division": own.division.code} if own.division else {})
