"""An office in which everything happens in any order: recorded late, computed in another round or year first, voided
and done again, paid, written off, taken back. After each deed book and paper agree on every award to the 分.
"""

import json
import shutil
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from machine_kit import tried
from order_model import (
    AGAIN,
    CITY,
    FOR_A_REVIEW,
    NATIONAL,
    NEW,
    OURS,
    PROVINCIAL,
    REVIEW,
    THEIRS,
    UNDER_WAY,
    WAN,
    YUSHAN,
    ZONE,
    Chosen,
    Organisation,
    Refusal,
    Reward,
    Target,
)
from order_paper import STEPS, Paper
from process_kit import staff
from test_money_machine import CITY_PAPER, PAPERS
from sqlalchemy import select, text

from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import (
    awards,
    corrections,
    credit,
    ledger,
    letters,
    merging,
    office,
    organisations,
    packs,
    past_awards,
    process,
    recognitions,
    rounds,
    standings,
    treasuries,
)
from zjtx_desktop.usecases.agreement import disagreements
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.ledger_checks import ledger_problems
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.usecases.rejudging import changed_since
from zjtx_desktop.usecases.undoing import take_back
from zjtx_desktop.values import Division, Money, Share

DAY = date(2024, 12, 2)
ALL = {Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.PAYER}
PEOPLE = dict.fromkeys("戊己庚辛", ALL)
HANDS = {"review": "己", "approve": "庚", "readmit": "己"}  # 戊 does the rest, 辛 pays
FORWARD = {"draft": "examine", "examined": "review", "reviewed": "waive", "cleared": "approve"}
ROUNDS = [(2023, "第一批"), (2024, "第一批"), (2024, "第一批"), (2024, "第二批"), (2023, "第二批")]
WHAT = [
    ("srdi_sme", PROVINCIAL),
    ("little_giant", PROVINCIAL),
    ("little_giant", NATIONAL),
    ("little_giant", NATIONAL),
    ("single_champion", PROVINCIAL),
    ("single_champion", NATIONAL),
    ("startup_base", PROVINCIAL),
]
EARLY, SPRING, AUTUMN = date(2022, 6, 10), date(2023, 3, 15), date(2023, 11, 6)  # 饶府办发〔2023〕12号: 2023-09-23
MARCH, SEPTEMBER = date(2024, 3, 15), date(2024, 9, 2)
DAYS = [EARLY, SPRING, SPRING, AUTUMN, AUTUMN, AUTUMN, MARCH, MARCH, MARCH, SEPTEMBER, SEPTEMBER]
SHARES = [
    ((YUSHAN, 1),),
    ((YUSHAN, 1),),
    ((YUSHAN, 1), (ZONE, 2)),
    ((YUSHAN, 1), (ZONE, 99)),
    ((CITY, 1), (YUSHAN, 1)),
    ((YUSHAN, 2), (CITY, 1)),
    ((ZONE, 1), (YUSHAN, 1)),
    ((ZONE, 1),),
]
OWNER = st.sampled_from([1, 1, 2])
RECOGNITION = st.tuples(
    OWNER, st.sampled_from(WHAT), st.sampled_from([NEW, NEW, NEW, NEW, REVIEW, AGAIN]), st.sampled_from(DAYS)
)
CHOSEN = st.builds(
    Chosen,
    ladder=st.sampled_from(["full", "difference", "difference_ladder"]),
    several_titles=st.sampled_from(["each", "highest"]),
    re_review=st.sampled_from(["no", "yes", "own_amount"]),
    again=st.sampled_from(["undecided", "yes", "no"]),
    rewarded_before=st.sampled_from(["decide", "decide", "refuse"]),
    before_issued=st.sampled_from(["yes", "no"]),
    cap=st.sampled_from([0, 0, 15 * WAN, 12 * WAN + 345]),
    amounts=st.sampled_from(
        [(), (("srdi_sme", PROVINCIAL, 15 * WAN),), tuple((*what, 12 * WAN) for what in sorted(set(WHAT)))]
    ),
    city=st.frozensets(st.sampled_from(["ladder", "several_titles", "re_review", "again", "before_issued"]), max_size=2),
)
# How often what happens, in forty deeds about this many.
DEEDS = {
    "register": 3, "load_past": 1, "move_tax": 1, "confirm": 1, "look_up": 1, "only_public": 1,
    "compute": 7, "decide": 5, "step": 2, "go_forward": 5, "issue": 4, "issue_all": 2, "void": 3, "redo": 3,
    "move_money": 5, "revoke": 1, "merge": 1,
}  # fmt: skip
Draw = Callable[[st.SearchStrategy[Any]], Any]


def choices_of(pack: Pack, chosen: Chosen) -> Choices:
    """What the program is told of it."""
    switches = {
        name: getattr(chosen, name)
        for name in ("ladder", "several_titles", "re_review", "again", "rewarded_before", "before_issued")
    }
    switches["yearly_cap"] = f"{chosen.cap / 100:.2f}" if chosen.cap else ""
    reviewed = [CountyAmount(title, Level(level), Money(FOR_A_REVIEW), "玉府办发〔2024〕4号") for title, level in sorted(set(WHAT))]
    return Choices.of(
        pack,
        switches,
        [CountyAmount(title, Level(level), Money(fen), "玉府办发〔2024〕2号") for title, level, fen in chosen.amounts],
        dict.fromkeys(switches, "玉府办发〔2024〕3号"),
        reviewed,
        division=Division(YUSHAN),
        city_documents=dict.fromkeys(chosen.city, "饶府办发〔2024〕5号"),
    )


def template(folder: Path) -> Path:
    """A book of 玉山县 with two organisations that lack nothing."""
    path = folder / "样.zjtx"
    with Book.create(path) as book, book.action("建账", "戊") as session:
        office.set_up(session, Division(YUSHAN), "玉山县财政局")
        packs.keep_pack(session, packs.current_pack(session))  # its examples have passed: they are not what is tried here
        for name in ("示例甲有限公司", "示例乙有限公司"):
            form = OrganisationForm(
                name=name,
                shares=(Share(Division(YUSHAN), 1),),
                shares_evidence="税务证明（示例）",
                is_company=True,
                payee_name="示例收款单位",  # one for all: a merge sends nothing back
                payee_bank="示例银行",
                payee_account="3600000000000000001",
            )
            owner = organisations.register(session, form)
            credit.record(session, [owner], DAY, "“信用中国”网站", True)
    return path


class Disorder(RuleBasedStateMachine):
    """An office with two organisations where things happen in any order."""

    template: Path

    @initialize(staffed=st.booleans(), chosen=CHOSEN, known=st.lists(RECOGNITION, min_size=2, max_size=6))
    def start(self, staffed: bool, chosen: Chosen, known: list[Any]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "账簿.zjtx"
        shutil.copyfile(self.template, path)
        self.book, self.paper, self.chosen = Book(path), Paper(staffed), chosen
        self.papers_so_far = 0
        self.owner = {1: 1, 2: 2}  # the ids of the two: of one merged away there is a new one
        for id in (1, 2):
            self.paper.organisations[id] = Organisation(id, ((YUSHAN, 1),))
        if staffed:
            staff(self.book, PEOPLE)
        for one in known:
            self._register(one)

    def teardown(self) -> None:
        if hasattr(self, "book"):
            try:
                assert check(self.book) == []
            finally:
                self.book.close()
                self.folder.cleanup()

    @rule(kind=st.sampled_from([kind for kind, often in DEEDS.items() for _ in range(often)]), draw=st.data())
    def day(self, kind: str, draw: st.DataObject) -> None:
        getattr(self, kind)(draw.draw)
        if kind == "compute":
            assert check(self.book) == []  # the whole file; its rows after each deed

    def deed(self, on_paper: Callable[[Paper], Any], in_book: Callable[[Any], Any], person: str = "戊") -> None:
        """Book and paper do it, or neither does."""
        after = deepcopy(self.paper)
        try:
            on_paper(after)
        except Refusal as refusal:
            assert not tried(self.book, person, in_book), refusal
        else:
            assert tried(self.book, person, in_book)
            self.paper = after

    def fresh(self) -> int:
        self.papers_so_far += 1
        return self.papers_so_far

    # records

    def register(self, draw: Draw) -> None:
        """A recognition is recorded, however late."""
        self._register(draw(RECOGNITION))

    def _register(self, one: Any) -> None:
        (owner, (title, level), kind, day) = self.owner[one[0]], *one[1:]
        known = {"document_date": day, "label_year": day.year, "document_number": f"示例〔{day.year}〕{self.fresh()}号"}
        form = RecognitionForm(owner, title, Level(level), Kind(kind), "示例", batch=f"第{self.fresh()}批", **known)
        self.deed(
            lambda paper: paper.register(owner, title, level, kind, day),
            lambda session: recognitions.register(session, form),
        )

    def load_past(self, draw: Draw) -> None:
        """历史 that nobody had loaded before."""
        owner, (title, level), year = self.owner[draw(OWNER)], draw(st.sampled_from(WHAT)), draw(st.integers(2021, 2024))
        ours, city = draw(st.sampled_from([4 * WAN, 10 * WAN])), 20 * WAN if level == NATIONAL else 0
        self._load_past(owner, (title, level), year, ours, city)

    def _load_past(self, owner: int, what: tuple[str, str], year: int, ours: int, city: int = 0) -> None:
        (title, level), source = what, f"玉财企〔{year}〕{self.fresh()}号"
        form = PastAwardForm(title, Level(level), year, Money(ours), Money(city), source)
        reward = Reward(title, level, year, {(OURS, ""): ours, (THEIRS, CITY): city}, source)
        self.deed(
            lambda paper: paper.past.append((owner, reward)),
            lambda session: past_awards.register(session, owner, form),
        )

    def move_tax(self, draw: Draw) -> None:
        """Another treasury has the tax."""
        self._move_tax(self.owner[draw(OWNER)], draw(st.sampled_from(SHARES)))

    def _move_tax(self, owner: int, shares: tuple[tuple[str, int], ...]) -> None:
        evidence = f"税务证明{self.fresh()}号"
        told = tuple(Share(Division(code), weight) for code, weight in shares)

        def change(session: Any) -> None:
            form = replace(organisations.get(session, owner), shares=told, shares_evidence=evidence)
            organisations.change(session, owner, form)

        self.deed(lambda paper: paper.set_shares(owner, shares), change)

    def confirm(self, draw: Draw) -> None:
        """Treasuries as a list brought them, or confirmed by a person."""
        self._confirm(self.owner[draw(OWNER)], draw(st.sampled_from([True, True, False])))

    def _confirm(self, owner: int, confirmed: bool) -> None:
        if confirmed:
            assert tried(self.book, "戊", lambda session: treasuries.confirm(session, [owner], "税务局证明", DAY))
        else:
            with self.book.action("名单导入", "戊") as session:
                for row in session.scalars(select(tables.Beneficiary).filter_by(organisation_id=owner)):
                    row.confirmed = False
        self.paper.organisations[owner].confirmed = confirmed

    def look_up(self, draw: Draw) -> None:
        """A look-up of credit, clean or not."""
        owner, clean = self.owner[draw(OWNER)], draw(st.sampled_from([True, True, True, False]))
        finding = "" if clean else "列入失信名单"
        assert tried(self.book, "戊", lambda session: credit.record(session, [owner], DAY, "信用中国", clean, finding))
        self.paper.looked_up(owner, clean)

    def merge(self, draw: Draw) -> None:
        """The two turn out to be one, and another firm takes the place of the one that goes; at times they are parted."""
        self._merge(draw(st.sampled_from([1, 2])), draw(st.booleans()))

    def _merge(self, stays: int, parted: bool) -> None:
        keep, other = self.owner[stays], self.owner[3 - stays]
        before = deepcopy(self.paper)
        self.deed(
            lambda paper: paper.merge(keep, other),
            lambda session: merging.merge(session, keep, other, "营业执照同一（示例）"),
        )
        if parted:
            take_back(self.book, Actor("戊"))
            self.paper = before
            return
        with self.book.action("登记", "戊") as session:
            form = replace(organisations.get(session, keep), name=f"示例{self.fresh()}号有限公司", former_names=(), note=None)
            told = {"shares": (Share(Division(YUSHAN), 1),), "shares_evidence": "税务证明（示例）"}
            made = self.owner[3 - stays] = organisations.register(session, replace(form, **told))
            credit.record(session, [made], DAY, "“信用中国”网站", True)
        self.paper.organisations[made] = Organisation(made, ((YUSHAN, 1),))
        self.paper.looked_up(made, True)

    def only_public(self, draw: Draw) -> None:
        """A recognition is 公示 only, or no longer."""
        id, flag = draw(st.sampled_from(sorted(self.paper.recognitions))), draw(st.sampled_from([True, False, False]))

        def change(session: Any) -> None:
            recognitions.change(session, id, replace(recognitions.get(session, id), publicity_only=flag))

        self.deed(lambda paper: paper.set_publicity(id, flag), change)

    # rounds

    def compute(self, draw: Draw) -> None:
        """Any round of any year, with the choices it has, or with others."""
        where, other = draw(st.sampled_from(ROUNDS)), draw(st.sampled_from([False, False, False, True])) and draw(CHOSEN)
        self._compute(where, other or None)

    def _compute(self, where: tuple[int, str], other: Chosen | None = None) -> None:
        kept = self.paper.rounds.get(where)
        chosen = other or (kept.chosen if kept else self.chosen)

        def prepare(session: Any) -> None:
            pack, _ = rounds.basis_for(session, *where)
            rounds.prepare(session, where[0], pack, choices_of(pack, chosen), name=where[1])

        self.deed(lambda paper: paper.prepare(*where, chosen), prepare)

    def decide(self, draw: Draw) -> None:
        """Answer one question by itself."""
        asked = sorted((n, q) for n, award in self.paper.awards.items() for q in award.judgement.questions)
        if asked:
            self._decide(*draw(st.sampled_from(asked)), draw(st.booleans()))

    def _decide(self, number: str, question: str, yes: bool) -> None:
        self.deed(
            lambda paper: paper.decide(number, question, yes),
            lambda session: awards.decide(session, number, yes, "情况说明（示例）", "己", question),
            "己",
        )

    # steps

    def pick(self, draw: Draw, *states: str) -> str | None:
        """The number of an award in one of these states, now and then of any, which is to be refused."""
        known = sorted(self.paper.awards.items())
        fit = [number for number, award in known if award.state in states and award.judgement.verdict == "award"]
        some = fit if fit and draw(st.integers(0, 5)) else [number for number, _ in known]
        return draw(st.sampled_from(some)) if some else None

    def step(self, draw: Draw) -> None:
        """A step out of the usual way."""
        event = draw(st.sampled_from(["send_back", "send_back", "exclude", "readmit", "archive", "approve"]))
        if number := self.pick(draw, *STEPS[event][0]):
            self._step(number, event)

    def go_forward(self, draw: Draw) -> None:
        """Some way along the usual steps, at times to the letter."""
        number = self.pick(draw, "draft", *UNDER_WAY)
        for _ in range(draw(st.integers(1, 5)) if number else 0):
            state = self.paper.awards[number].state
            if state in FORWARD:
                self._step(number, FORWARD[state])
            elif state == "approved":
                self._issue(number)

    def _step(self, number: str, event: str) -> None:
        words = Words(DAY, "同意", "会议纪要（示例）")
        self.deed(
            lambda paper: paper.step(number, event),
            lambda session: process.advance(session, [number], Event(event), words),
            HANDS.get(event, "戊"),
        )

    def issue(self, draw: Draw) -> None:
        """One letter."""
        if number := self.pick(draw, "approved", *(() if self.paper.staffed else ("draft",))):
            self._issue(number)

    def _issue(self, number: str) -> None:
        where = self.paper.awards[number].round
        self._issue_some((where.year, where.name), [number])

    def issue_all(self, draw: Draw) -> None:
        """Every letter of a round that is ready."""
        if self.paper.rounds:
            self._issue_some(draw(st.sampled_from(sorted(self.paper.rounds))), None)

    def _issue_some(self, where: tuple[int, str], numbers: list[str] | None) -> None:
        self.deed(
            lambda paper: paper.issue(paper.rounds[where], numbers),
            lambda session: letters.issue(session, rounds.find_round(session, *where).id, DAY, numbers),
        )

    def void(self, draw: Draw) -> None:
        """作废."""
        if number := self.pick(draw, "issued"):
            self._void(number)

    def _void(self, number: str) -> None:
        self.deed(lambda paper: paper.void(number), lambda session: awards.void(session, number, "名称有误", DAY))

    def redo(self, draw: Draw) -> None:
        """更正重办, of what is voided already or not yet."""
        if number := self.pick(draw, "issued", "voided"):
            self.deed(
                lambda paper: paper.redo(number), lambda session: corrections.redo(session, number, "名称有误", DAY)
            )

    # money

    def move_money(self, draw: Draw) -> None:
        """拨付 or 核减 of one part, by a paper of the city or of another office."""
        issued = sorted(number for number, award in self.paper.awards.items() if award.state == "issued")
        if not issued:
            return
        number, kind = draw(st.sampled_from(issued)), draw(st.sampled_from(["paid", "voided", "voided"]))
        target = draw(st.sampled_from(sorted(self.paper.awards[number].parts)))
        if kind == "paid":
            self._arrive(number, target)
        payable = self.paper.awards[number].parts[target].payable
        fen = draw(st.sampled_from([payable, payable // 3, payable + 1]))
        self._move(number, target, kind, fen, draw(st.sampled_from([CITY_PAPER, *PAPERS])))

    def _move(self, number: str, target: Target, kind: str, fen: int, paper: str = "凭证1") -> None:
        self.deed(
            lambda made: made.move(number, target, kind, fen, paper == CITY_PAPER),
            lambda session: self._enter(session, number, target, EntryKind(kind), fen, paper),
            "辛",
        )

    def _arrive(self, number: str, target: Target) -> None:
        """The city's money comes, where it is the city's."""
        part = self.paper.awards[number].parts[target]
        fen = part.of("granted") - part.of("voided", "requested")

        def follow(session: Any) -> None:
            for kind in (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED):
                self._enter(session, number, target, kind, fen, "饶财字〔2024〕9号")

        if target[0] == THEIRS:
            self.deed(lambda paper: paper.arrive(number, target), follow)

    def _enter(self, session: Any, number: str, target: Target, kind: EntryKind, fen: int, paper: str) -> None:
        line = standings.find_part(session, number, Division(target[1]), Payer(target[0]))
        order = PaymentOrder(line.id, Money(fen), DAY, paper, str(uuid4()), "说明（示例）", same_voucher=True)
        ledger.enter(session, kind, order)

    def revoke(self, draw: Draw) -> None:
        """撤销认定, and at times all comes back."""
        number = self.pick(draw, "issued", "paid", "archived")
        if not number:
            return
        words = Words(DAY, "认定被撤销", "撤销文件（示例）")
        self.deed(lambda paper: paper.revoke(number), lambda session: ledger.revoke(session, number, words, str(uuid4())))
        claimed = sum(part.of("claimed") - part.of("recovered") for part in self.paper.awards[number].parts.values())
        if draw(st.booleans()):
            self.deed(
                lambda paper: paper.recover(number),
                lambda session: ledger.recover(session, number, Money(claimed), DAY, "凭证2", str(uuid4()), True),
                "辛",
            )

    # what must hold

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "book"):
            return
        with self.book.reading() as session:
            self._awards_agree(session)
            self._money_agrees(session)
            for (year, name), where in self.paper.rounds.items():
                stale = {one.number for one in changed_since(session, rounds.find_round(session, year, name).id)}
                assert stale == self.paper.stale(where), (year, name)
            assert disagreements(session) == () and list(ledger_problems(session)) == []
        self._no_title_is_paid_twice_by_the_city()

    def _awards_agree(self, session: Any) -> None:
        query = "SELECT a.number, r.year, r.name, a.state, verdict, questions FROM award a JOIN round r ON r.id = round_id"
        rows = session.execute(text(query)).all()
        stored = {(*row[:5], tuple(sorted(json.loads(row.questions)))) for row in rows}
        wanted = {
            (n, a.round.year, a.round.name, a.state, a.judgement.verdict, tuple(sorted(a.judgement.questions)))
            for n, a in self.paper.awards.items()
        }
        assert stored == wanted
        assert len(rows) == len({row.number for row in rows}) == len(stored)

    def _money_agrees(self, session: Any) -> None:
        a = "FROM award_part p JOIN award a ON a.id = p.award_id"
        parts = session.execute(text(f"SELECT number, payer, division, fen {a}")).all()
        wanted = {(n, *t, part.fen) for n, award in self.paper.awards.items() for t, part in award.parts.items()}
        assert {tuple(row) for row in parts} == wanted and len(parts) == len(wanted)
        entries = session.execute(
            text(f"SELECT number, payer, division, kind, sum(e.fen) {a} JOIN ledger_entry e ON e.part_id = p.id GROUP BY p.id, kind")
        ).all()
        assert {tuple(row) for row in entries} == {
            (n, *target, kind, fen)
            for n, award in self.paper.awards.items()
            for target, part in award.parts.items()
            for kind, fen in part.sums.items()
        }

    def _no_title_is_paid_twice_by_the_city(self) -> None:
        """The 20 万 of the city: for one title once, any further by a decision of its own, as far as it was known to be
        one organisation.
        """
        seen: set[tuple[int, str]] = set()
        for award in self.paper.awards.values():
            one = award.recognition
            paid = any(part.left for (payer, _), part in award.parts.items() if payer == THEIRS)
            if award.state in ("issued", "paid", "archived") and paid and "rewarded_before" not in one.decisions:
                assert (award.issued_to, one.title) not in seen
                seen.add((award.issued_to, one.title))
