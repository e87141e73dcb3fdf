"""The books of an office as a careful person keeps them on paper: rounds, awards, steps, and what became of the money.

What stands before an award: everything that left the draft before it did, every award of an earlier round (by year,
then by age), and 历史. Drafts of one round compete. Nothing goes on that would be judged otherwise today; where an
earlier round has gone on since with this award counted, either way of counting is today's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from order_model import (
    FLOOR,
    NO_REWARD,
    OURS,
    THEIRS,
    UNDER_WAY,
    YUSHAN,
    Bench,
    Chosen,
    Judgement,
    Organisation,
    Recognition,
    Refusal,
    Reward,
    Target,
)

STEPS = {
    "examine": (("draft",), "examined"),
    "review": (("examined",), "reviewed"),
    "waive": (("reviewed",), "cleared"),
    "approve": (("cleared",), "approved"),
    "send_back": (UNDER_WAY, "draft"),
    "exclude": (("draft", *UNDER_WAY), "excluded"),
    "readmit": (("excluded",), "draft"),
    "archive": (("paid",), "archived"),
}
FROM_LIVING = ("issued", "paid", "archived")


@dataclass
class Round:
    """A batch of a year: what it was locked with and its list."""

    id: int
    year: int
    name: str
    chosen: Chosen
    listed: set[int] = field(default_factory=set)

    @property
    def place(self) -> tuple[int, int]:
        return self.year, self.id


@dataclass
class Part:
    """What one treasury pays of an award and what became of it."""

    fen: int
    sums: dict[str, int] = field(default_factory=dict)

    def of(self, *kinds: str) -> int:
        return sum(self.sums.get(kind, 0) for kind in kinds)

    def add(self, kind: str, fen: int) -> None:
        if fen:
            self.sums[kind] = self.of(kind) + fen

    @property
    def payable(self) -> int:
        return self.of("granted") - self.of("voided", "paid")

    @property
    def held(self) -> int:
        return self.of("paid") - self.of("recovered")

    @property
    def left(self) -> int:
        return self.fen - self.of("voided", "recovered")


@dataclass
class Award:
    """One award; `fixed` is when it left the draft for the last time, None while it is one."""

    number: str
    recognition: Recognition
    round: Round
    judgement: Judgement
    parts: dict[Target, Part]
    state: str = "draft"
    fixed: int | None = None
    has_steps: bool = False
    issued_to: int = 0  # the organisation as it was then known

    @property
    def reward(self) -> Reward | None:
        """What it counts for before others."""
        if self.state in NO_REWARD or self.judgement.verdict != "award":
            return None
        one = self.recognition
        left = {target: part.left for target, part in self.parts.items()}
        return Reward(one.title, one.level, one.day.year, left, f"认定{one.id}")


class Paper:
    """The whole office. Every deed is done, or raises Refusal."""

    def __init__(self, staffed: bool) -> None:
        self.staffed = staffed
        self.organisations: dict[int, Organisation] = {}
        self.recognitions: dict[int, Recognition] = {}
        self.rounds: dict[tuple[int, str], Round] = {}
        self.awards: dict[str, Award] = {}
        self.past: list[tuple[int, Reward]] = []
        self.clock = 0

    # what stands

    def living(self, recognition: int) -> Award | None:
        """The award of a recognition that is not voided."""
        found = (one for one in self.awards.values() if one.recognition.id == recognition and one.state != "voided")
        return next(found, None)

    def current(self, award: Award, with_rounds: bool = True) -> Judgement:
        """What the award would be judged today, as on the day on which it was fixed.

        Without `with_rounds` what earlier rounds did since does not count: it has counted this one.
        """
        where, whose = award.round, award.recognition.organisation

        def competes(one: Recognition) -> bool:
            own = self.living(one.id)
            if own is None:
                return True
            under_way = own.state in ("draft", *UNDER_WAY)
            return own.round is where and under_way and not self._precedes(own, award.fixed)

        bench = self._bench(whose, where, award.fixed, with_rounds)
        return bench.judge(filter(competes, self._of(whose, where)))[award.recognition.id]

    def is_stale(self, award: Award) -> bool:
        """Whether an award that is not issued yet would be judged otherwise today."""
        then = award.judgement
        ways = (True,) if award.fixed is None else (True, False)
        today = [self.current(award, with_rounds) for with_rounds in ways]
        return all((now.verdict, now.parts) != (then.verdict, then.parts) for now in today)

    def stale(self, where: Round) -> set[str]:
        """The numbers of all such awards of a round."""
        under_way = ("draft", *UNDER_WAY)
        mine = [one for one in self.awards.values() if one.round is where and one.state in under_way]
        return {one.number for one in mine if self.is_stale(one)}

    def _of(self, whose: int, where: Round) -> list[Recognition]:
        return [self.recognitions[id] for id in where.listed if self.recognitions[id].organisation == whose]

    def _precedes(self, one: Award, fixed: int | None) -> bool:
        return one.fixed is not None and (fixed is None or one.fixed < fixed)

    def _bench(self, whose: int, where: Round, fixed: int | None, with_rounds: bool = True) -> Bench:
        before = [
            one.reward
            for one in self.awards.values()
            if one.recognition.organisation == whose and one.reward
            if (with_rounds and one.round.place < where.place) or self._precedes(one, fixed)
        ]
        before += [reward for owner, reward in self.past if owner == whose]
        return Bench(self.organisations[whose], before, self._pending(whose), where.chosen)

    def _pending(self, whose: int) -> list[Recognition]:
        """What no round has judged to an end: no award that is not voided, or a draft that waits for a decision."""
        ended = {
            one.recognition.id
            for one in self.awards.values()
            if one.state != "voided" and not (one.state == "draft" and one.judgement.verdict == "undecided")
        }
        mine = [one for one in self.recognitions.values() if one.organisation == whose]
        return [one for one in mine if not one.publicity_only and one.id not in ended]

    # rounds

    def prepare(self, year: int, name: str, chosen: Chosen | None = None) -> None:
        """Lock and compute, with what the round was locked with before unless something else is chosen."""
        where = self.rounds.get((year, name))
        is_new = where is None
        if where is None:
            where = self.rounds[year, name] = Round(len(self.rounds) + 1, year, name, chosen or Chosen())
        own = [one for one in self.awards.values() if one.round is where]
        differs = not is_new and chosen not in (None, where.chosen)
        if differs and any(one.state != "draft" for one in own):
            raise Refusal("somebody has acted by the choices of before")
        wanted = self._candidates(where)
        if differs or wanted != where.listed:
            if any(one.state in UNDER_WAY for one in own):
                raise Refusal("the list binds those under way")
            for one in own:
                if one.state == "draft" and not one.has_steps:
                    del self.awards[one.number]
            where.chosen, where.listed = chosen or where.chosen, wanted
        self._compute(where)

    def _candidates(self, where: Round) -> set[int]:
        def belongs(one: Recognition) -> bool:
            own = self.living(one.id)
            if own and own.round is where and (own.state != "draft" or own.has_steps):
                return True
            is_ours = YUSHAN in dict(self.organisations[one.organisation].shares)
            return one.day.year == where.year and is_ours and (own is None or own.round is where)

        return {one.id for one in self.recognitions.values() if belongs(one)}

    def _compute(self, where: Round, owners: Iterable[int] | None = None) -> None:
        judged: dict[int, Judgement] = {}
        for whose in self.organisations if owners is None else owners:
            open_ones = [one for one in self._of(whose, where) if self._is_open(one, where)]
            judged |= self._bench(whose, where, None).judge(open_ones)
        for id, judgement in sorted(judged.items()):
            award = self.living(id) or self._draft(self.recognitions[id], where, judgement)
            award.judgement = judgement
            award.parts = {target: Part(fen) for target, fen in judgement.parts.items()}

    def _is_open(self, one: Recognition, where: Round) -> bool:
        own = self.living(one.id)
        return own is None or (own.round is where and own.state == "draft")

    def _draft(self, one: Recognition, where: Round, judgement: Judgement) -> Award:
        first = number = f"{YUSHAN}-{where.year}-{one.id:05d}"
        again = 1
        while number in self.awards:
            again += 1
            number = f"{first}-{again}"
        made = self.awards[number] = Award(number, one, where, judgement, {})
        return made

    def decide(self, number: str, question: str, yes: bool) -> None:
        """Answer one question that is open, about all that it concerns today."""
        award, one = self.awards[number], self.awards[number].recognition
        if award.state != "draft" or question not in award.judgement.questions:
            raise Refusal("nothing is asked")
        one.decisions.pop(question, None)
        asked = self.current(award).asked.get(question, frozenset())
        one.decisions[question] = (yes, asked)
        self._compute(award.round)

    # steps

    def step(self, number: str, event: str) -> None:
        """Take a step that is nothing but a step."""
        award = self.awards[number]
        starts, end = STEPS[event]
        if award.state not in starts:
            raise Refusal("not from here")
        if event == "examine" and award.judgement.verdict != "award":
            raise Refusal("nothing to award")
        if event == "review" and not self.organisations[award.recognition.organisation].clean:
            raise Refusal("on a list")
        if event in ("waive", "approve") and not self.organisations[award.recognition.organisation].confirmed:
            raise Refusal("nobody has confirmed who pays")
        if event in ("examine", "approve") and self.is_stale(award):
            raise Refusal("judged otherwise today")
        self._go(award, end)

    def _go(self, award: Award, end: str) -> None:
        self.clock += 1
        if award.state == "draft":
            award.fixed = self.clock
        award.state, award.has_steps = end, True
        if end == "draft":
            award.fixed = None

    def issue(self, where: Round, numbers: Iterable[str] | None = None) -> None:
        """Issue these letters, or all that are ready, those recognised first before the others."""
        starts = ("approved",) if self.staffed else ("draft", "approved")
        mine = [one for one in self.awards.values() if one.round is where]
        ready = [one for one in mine if one.state in starts and one.judgement.verdict == "award"]
        chosen = ready if numbers is None else [self.awards[number] for number in numbers]
        if not chosen:
            raise Refusal("none is ready")
        for award in sorted(chosen, key=lambda one: (one.recognition.day, one.recognition.id)):
            confirmed = self.organisations[award.recognition.organisation].confirmed
            if award not in ready or self.is_stale(award) or not confirmed:
                raise Refusal("not to be issued")
            self._go(award, "issued")
            award.issued_to = award.recognition.organisation
            for part in award.parts.values():
                part.add("granted", part.fen)

    def void(self, number: str) -> None:
        """Take an issued award back of which nothing is paid."""
        award = self.awards[number]
        if award.state != "issued" or any(part.held for part in award.parts.values()):
            raise Refusal("not to be voided")
        for part in award.parts.values():
            part.add("voided", part.payable)
        self._go(award, "voided")

    def redo(self, number: str) -> None:
        """Void, if it is not yet, and judge anew in the same round; what was awarded anew since is that."""
        award = self.awards[number]
        living = self.living(award.recognition.id)
        if living and living is not award:
            return
        if award.recognition.id not in award.round.listed:
            raise Refusal("no longer on the list")
        if award.state != "voided":
            self.void(number)
        self._compute(award.round)

    # money

    def move(self, number: str, target: Target, kind: str, fen: int, by_the_city: bool = False) -> None:
        """Pay of a part, or write off of it."""
        award = self.awards[number]
        part, parts = award.parts[target], award.parts.values()
        room = part.payable
        if kind == "paid" and target[0] == THEIRS:
            room = min(room, part.of("arrived") - part.held)
        if award.state != "issued" or not 0 < fen <= room:
            raise Refusal("not payable")
        if kind == "voided":
            ours = [one for (payer, _), one in award.parts.items() if payer == OURS]
            least = min(FLOOR, sum(one.fen for one in ours))
            if target[0] == OURS and not by_the_city and sum(one.left for one in ours) - fen < least:
                raise Refusal("below the floor")
            if sum(one.held + one.payable for one in parts) == fen:
                raise Refusal("that is voiding")
        part.add(kind, fen)
        if not any(one.payable for one in parts):
            self._go(award, "paid")

    def arrive(self, number: str, target: Target) -> None:
        """The city's money is asked for, approved and there."""
        award = self.awards[number]
        part = award.parts[target]
        fen = part.of("granted") - part.of("voided", "requested")
        if award.state != "issued" or target[0] != THEIRS or fen <= 0:
            raise Refusal("nothing comes")
        for kind in ("requested", "approved", "arrived"):
            part.add(kind, fen)

    def revoke(self, number: str) -> None:
        """撤销认定: nothing more is paid, what was paid is claimed back."""
        award = self.awards[number]
        if award.state not in FROM_LIVING:
            raise Refusal("not issued")
        for part in award.parts.values():
            part.add("voided", part.payable)
            part.add("claimed", part.held)
        self._go(award, "revoked")

    def recover(self, number: str) -> None:
        """All that is claimed comes back."""
        award = self.awards[number]
        claims = {target: part.of("claimed") - part.of("recovered") for target, part in award.parts.items()}
        if award.state != "revoked" or not sum(claims.values()):
            raise Refusal("nothing is claimed")
        for target, fen in claims.items():
            award.parts[target].add("recovered", fen)
        self._go(award, "recovered")

    # records

    def looked_up(self, organisation: int, clean: bool) -> None:
        """A look-up of credit; the last one counts."""
        self.clock += 1
        own = self.organisations[organisation]
        own.clean, own.looked_up = clean, self.clock

    def merge(self, keep: int, other: int) -> None:
        """Two organisations are one: everything is of the one that stays, and its drafts are judged anew."""
        own, gone = self.organisations[keep], self.organisations.pop(other)
        if gone.looked_up > own.looked_up:
            own.clean, own.looked_up = gone.clean, gone.looked_up
        own.confirmed = own.confirmed or (gone.confirmed and sorted(gone.shares) == sorted(own.shares))
        for one in self.recognitions.values():
            if one.organisation == other:
                one.organisation = keep
        self.past = [(keep if owner == other else owner, reward) for owner, reward in self.past]
        drafts = [one for one in self.awards.values() if one.recognition.organisation == keep and one.state == "draft"]
        for where in sorted({one.round.place: one.round for one in drafts}.values(), key=lambda one: one.place):
            self._compute(where, [keep])

    def set_publicity(self, recognition: int, flag: bool) -> None:
        """公示 only, or the final document; not while an award is under way or issued."""
        award = self.living(recognition)
        if award and award.state != "draft":
            raise Refusal("its award binds it")
        self.recognitions[recognition].publicity_only = flag

    def set_shares(self, organisation: int, shares: tuple[tuple[str, int], ...]) -> None:
        """Who pays, with evidence: confirmed by that."""
        own = self.organisations[organisation]
        own.shares, own.confirmed = shares, True

    def register(self, organisation: int, title: str, level: str, kind: str, day: date) -> None:
        """A recognition, however late."""
        id = len(self.recognitions) + 1
        self.recognitions[id] = Recognition(id, organisation, title, level, kind, day)
