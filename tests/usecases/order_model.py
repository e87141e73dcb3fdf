"""An office on paper: what every award must be, whatever the order in which things happen.

Written from the policy (饶府办发〔2023〕12号 一（九）) and from what is said of its silences, in plain arithmetic; nothing
of the program's own judgement is asked. Amounts are 分. What may not be done raises Refusal and leaves a torn model
behind, so the caller works on a copy.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

WAN = 1_000_000
FLOOR, FROM_THE_CITY, FOR_A_REVIEW = 10 * WAN, 20 * WAN, 6 * WAN
IN_FORCE, PRINTED = date(2023, 1, 1), date(2023, 9, 23)
YUSHAN, ZONE, CITY = "361123", "361191", "361199"
OURS, THEIRS = "beneficiary", "municipal"
PROVINCIAL, NATIONAL = "省级", "国家级"
NEW, REVIEW, AGAIN = "新认定", "复核", "再次认定"
LADDER = ("srdi_sme", "little_giant", "single_champion")
TITLES = (*LADDER, "startup_base")
UNDER_WAY = ("examined", "reviewed", "cleared", "approved")
NO_REWARD = ("excluded", "voided", "revoked", "recovered")
Target = tuple[str, str]  # payer and treasury


class Refusal(Exception):
    """What a careful person would not do."""


@dataclass(frozen=True)
class Chosen:
    """What 玉山县 answers where the policy is silent, and for which of that the city has a document of its own."""

    ladder: str = "full"
    several_titles: str = "each"
    re_review: str = "no"
    again: str = "undecided"
    rewarded_before: str = "decide"
    before_issued: str = "yes"
    cap: int = 0
    amounts: tuple[tuple[str, str, int], ...] = ()
    city: frozenset[str] = frozenset()

    def answer(self, switch: str, target: Target) -> str:
        """A county's answer is for its own treasury; the city's part and all others follow the text."""
        payer, treasury = target
        ours = switch in self.city if payer == THEIRS else treasury == YUSHAN
        return getattr(self if ours else TEXT, switch)

    def standard(self, title: str, level: str, treasury: str) -> int:
        """What a treasury alone would owe for a recognition: not less than the floor."""
        own = [fen for a, b, fen in self.amounts if (a, b) == (title, level) and treasury == YUSHAN]
        return max([FLOOR, *own])


TEXT = Chosen()


@dataclass
class Organisation:
    """Who pays the tax where, and what is known of its credit."""

    id: int
    shares: tuple[tuple[str, int], ...]
    confirmed: bool = True
    clean: bool = True
    looked_up: int = 0  # when that was seen


@dataclass
class Recognition:
    """One title of an organisation by one document; what a person decided about it."""

    id: int
    organisation: int
    title: str
    level: str
    kind: str
    day: date
    publicity_only: bool = False
    decisions: dict[str, tuple[bool, frozenset[str]]] = field(default_factory=dict)  # the answer, and about what


@dataclass
class Reward:
    """What stands before a judgement: an award with what is left of it by payer and treasury, or 历史, whose treasury is ""."""

    title: str
    level: str
    year: int
    parts: dict[Target, int]
    name: str

    def of(self, payer: str) -> int:
        return sum(fen for (whose, _), fen in self.parts.items() if whose == payer)

    @property
    def is_known(self) -> bool:
        """Whether it is known which treasury gave what."""
        return any(payer == OURS and treasury for payer, treasury in self.parts)

    def of_yushan(self) -> int:
        """What 玉山县 gave of it; of 历史 nobody knows who gave what, so all of it."""
        return sum(fen for (payer, treasury), fen in self.parts.items() if payer == OURS and treasury in (YUSHAN, ""))


@dataclass
class Judgement:
    """Award, none or undecided; who pays how much; what is asked."""

    verdict: str
    parts: dict[Target, int]
    asked: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def questions(self) -> frozenset[str]:
        return frozenset(self.asked)


def is_lower(low: Recognition | Reward, high: Recognition | Reward, answer: str) -> bool:
    """Whether one stands below another: within a title, or over the whole ladder."""
    if answer == "difference_ladder" and low.title in LADDER and high.title in LADDER:
        steps = [(LADDER.index(one.title), one.level == NATIONAL) for one in (low, high)]
        return steps[0] < steps[1]
    return low.title == high.title and (low.level, high.level) == (PROVINCIAL, NATIONAL)


def divided(fen: int, shares: tuple[tuple[str, int], ...]) -> dict[str, int]:
    """By shares to the 分; what does not come out even goes to the largest remainders."""
    whole = sum(weight for _, weight in shares)
    owed = {treasury: fen * weight // whole for treasury, weight in shares}
    left = sorted(shares, key=lambda share: (-(fen * share[1] % whole), -share[1], share[0]))
    for treasury, _ in left[: fen - sum(owed.values())]:
        owed[treasury] += 1
    return owed


class Bench:
    """Judges recognitions of one organisation together, before what stands already and what is still to come."""

    def __init__(
        self, whose: Organisation, before: list[Reward], pending: list[Recognition], chosen: Chosen
    ) -> None:
        self.whose, self.before, self.pending, self.chosen = whose, before, pending, chosen
        self.failing: dict[int, set[Target]] = {}
        self.asked: dict[int, list[tuple[str, set[Target], frozenset[str]]]] = {}
        self.own: dict[int, dict[Target, int]] = {}  # what each treasury has paid itself of what is only topped up

    def judge(self, cases: Iterable[Recognition]) -> dict[int, Judgement]:
        """The judgement on each, by recognition."""
        inline = sorted(cases, key=lambda one: (one.day, one.id))
        for one in inline:
            self._examine(one)
        self._ask_about_second_ones(inline)
        awarded = [one for one in inline if self._verdict(one) == "award"]
        self.own = {one.id: dict.fromkeys(self._paying(one), 0) for one in awarded}
        claims = {one.id: {target: self._claim(one, target) for target in self._paying(one)} for one in awarded}
        self._take_highest(awarded, claims)
        parts = {one.id: self._shared(claims[one.id], self.own[one.id]) for one in awarded}
        self._cap(awarded, parts)
        return {one.id: self._said(one, parts.get(one.id, {})) for one in inline}

    def targets(self, one: Recognition) -> list[Target]:
        """The treasuries that the policy charges."""
        ours = [(OURS, treasury) for treasury, _ in self.whose.shares]
        return ours + [(THEIRS, CITY)] * (one.level == NATIONAL)

    def forbidden(self, one: Recognition, target: Target) -> bool:
        """Whether a treasury pays nothing for a recognition by what is recorded of it."""
        answer = self.chosen.answer
        return (
            one.publicity_only
            or not self.whose.clean
            or one.day < IN_FORCE
            or (one.day < PRINTED and answer("before_issued", target) == "no")
            or (one.kind == REVIEW and answer("re_review", target) == "no")
            or (one.kind == AGAIN and answer("again", target) == "no")
        )

    def _examine(self, one: Recognition) -> None:
        targets = self.targets(one)
        self.failing[one.id] = {target for target in targets if self.forbidden(one, target)}
        undecided = [t for t in targets if one.kind == AGAIN and self.chosen.answer("again", t) == "undecided"]
        self._ask(one, "again", undecided)
        if same := self._rewarded(one):
            self._ask_again(one, same)
        if others := self._out_of_order(one):
            self._ask(one, "earlier_years", targets, others)

    def _ask(
        self, one: Recognition, question: str, targets: list[Target], about: frozenset[str] = frozenset()
    ) -> None:
        """Put a question, unless a person has decided it and knew all that it is about."""
        yes, known = one.decisions.get(question, (False, None))
        if targets and known is not None and about <= known:
            self.failing[one.id] |= set() if yes else set(targets)
        elif targets:
            self.asked.setdefault(one.id, []).append((question, set(targets), about))

    def _ask_again(self, one: Recognition, about: frozenset[str]) -> None:
        """A second reward for one title and level: refused, or a question."""
        refuses = {t for t in self.targets(one) if self.chosen.answer("rewarded_before", t) == "refuse"}
        self.failing[one.id] |= refuses
        self._ask(one, "rewarded_before", [t for t in self.targets(one) if t not in refuses], about)

    def _rewarded(self, one: Recognition) -> frozenset[str]:
        same = [reward for reward in self.before if (reward.title, reward.level) == (one.title, one.level)]
        return frozenset(reward.name for reward in same if sum(reward.parts.values()))

    def _out_of_order(self, one: Recognition) -> frozenset[str]:
        """An earlier year still to be judged may change the sum; or a later year was judged without this one."""
        answers = {self.chosen.answer("ladder", target) for target in self.targets(one)} - {"full"}
        matters = [
            other
            for other in self.pending
            if other.day.year < one.day.year
            if not all(self.forbidden(other, target) for target in self.targets(other))
        ]
        before = {
            f"认定{other.id}"
            for other in matters
            if (other.title, other.level) == (one.title, one.level) or any(is_lower(other, one, a) for a in answers)
        }
        after = {
            reward.name
            for reward in self.before
            if reward.year > one.day.year and any(is_lower(one, reward, answer) for answer in answers)
        }
        return frozenset(before | after)

    def _ask_about_second_ones(self, inline: list[Recognition]) -> None:
        seen: dict[tuple[str, str], Recognition] = {}
        for one in inline:
            kind = (one.title, one.level)
            if kind in seen and self._verdict(one) != "none":
                self._ask_again(one, frozenset((f"认定{seen[kind].id}",)))
            if self._verdict(one) != "none":
                seen.setdefault(kind, one)

    def _paying(self, one: Recognition) -> list[Target]:
        return [target for target in self.targets(one) if target not in self.failing[one.id]]

    def _open(self, one: Recognition) -> dict[str, frozenset[str]]:
        """What is asked of those who would pay, and all that each question is about."""
        paying, found = set(self._paying(one)), dict[str, frozenset[str]]()
        for question, whom, about in self.asked.get(one.id, ()):
            if whom & paying:
                found[question] = found.get(question, frozenset()) | about
        return found

    def _verdict(self, one: Recognition) -> str:
        if not self._paying(one):
            return "none"
        return "undecided" if self._open(one) else "award"

    def _claim(self, one: Recognition, target: Target) -> int:
        """What one treasury would owe alone; the difference only, where that is chosen."""
        payer, treasury = target
        fen = FROM_THE_CITY if payer == THEIRS else self.chosen.standard(one.title, one.level, treasury)
        if payer == OURS and one.kind == REVIEW and self.chosen.answer("re_review", target) == "own_amount":
            fen = FOR_A_REVIEW
        answer = self.chosen.answer("ladder", target)
        lower = [r for r in self.before if r.year < one.day.year and is_lower(r, one, answer)]
        return fen if answer == "full" else max(0, fen - self._paid(lower, one, target))

    def _paid(self, rewards: list[Reward], one: Recognition, target: Target) -> int:
        """What is taken off a claim. Where several share, each takes what it paid itself off its own share instead,
        as far as that is known.
        """
        whole, several = 0, target[0] == OURS and len(self.whose.shares) > 1
        for reward in rewards:
            if several and reward.is_known:
                self.own[one.id][target] += reward.parts.get(target, 0)
            else:
                whole += reward.of(target[0])
        return whole

    def _take_highest(self, awarded: list[Recognition], claims: dict[int, dict[Target, int]]) -> None:
        """就高不重复: the highest of the list alone, and only what it exceeds what the year has had already."""
        for target in {target for own in claims.values() for target in own}:
            if self.chosen.answer("several_titles", target) != "highest":
                continue
            rivals = [one for one in awarded if target in claims[one.id]]
            best = min(rivals, key=lambda one: (-self._alone(one, target, claims), *_rank(one)))
            for one in rivals:
                if one is not best:
                    claims[one.id][target] = 0
            had = [reward for reward in self.before if reward.year == best.day.year]
            if claims[best.id][target]:
                claims[best.id][target] = max(0, claims[best.id][target] - self._paid(had, best, target))

    def _alone(self, one: Recognition, target: Target, claims: dict[int, dict[Target, int]]) -> int:
        """What the treasury would pay for it if it were the only one."""
        fen = claims[one.id][target]
        share = divided(fen, self.whose.shares)[target[1]] if target[0] == OURS else fen
        return max(0, share - self.own[one.id][target])

    def _shared(self, claims: dict[Target, int], own: dict[Target, int]) -> dict[Target, int]:
        """Each treasury its share of its own claim; together never less than the lowest of them comes to."""
        ours = {treasury: fen for (payer, treasury), fen in claims.items() if payer == OURS}
        lowest = divided(min(ours.values(), default=0), self.whose.shares)
        shares = {(OURS, t): max(divided(fen, self.whose.shares)[t], lowest[t]) for t, fen in ours.items()}
        owed = {target: max(0, fen - own[target]) for target, fen in shares.items()}
        return owed | {target: fen for target, fen in claims.items() if target[0] == THEIRS}

    def _cap(self, awarded: list[Recognition], parts: dict[int, dict[Target, int]]) -> None:
        """封顶 of 玉山县: for one year no more, the one recognised first comes first."""
        target, spent = (OURS, YUSHAN), dict[int, int]()
        for one in sorted(awarded, key=lambda one: (one.day, *_rank(one))) if self.chosen.cap else ():
            year, asked = one.day.year, parts[one.id].get(target, 0)
            had = spent.get(year, sum(reward.of_yushan() for reward in self.before if reward.year == year))
            parts[one.id][target] = min(asked, max(0, self.chosen.cap - had))
            spent[year] = had + parts[one.id][target]

    def _said(self, one: Recognition, parts: dict[Target, int]) -> Judgement:
        owed = {target: fen for target, fen in parts.items() if fen}
        verdict = self._verdict(one)
        if verdict == "award" and not owed:
            verdict = "none"
        return Judgement(verdict, owed, self._open(one) if verdict == "undecided" else {})


def _rank(one: Recognition) -> tuple[bool, int, int]:
    return one.level != NATIONAL, TITLES.index(one.title), one.id
