"""Random days of an office: whoever tries what in whatever order, the book does what a plain model expects.

The model knows nothing of the program's tables of states, duties and limits: it is written from domain.md §6.
A rule that drives awards forward and two persons with every duty are there because without them random
actions seldom reach a payment, and never two hands that are one.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from machine_kit import play, tried
from process_kit import compute, staff
from sqlalchemy import select, text

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import awards, budgets, credit, ledger, letters, merging, notices, office, organisations, process, treasuries
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.recognitions import RecognitionForm, register
from zjtx_desktop.usecases.undoing import take_back
from zjtx_desktop.values import Division, Money, Share

YUSHAN, ZONE, CITY = Division("361123"), Division("361191"), Division("361199")
ALL = {Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.PAYER}
PEOPLE = {
    "甲": {Role.CLERK},
    "乙": {Role.REVIEWER},
    "丙": {Role.APPROVER},
    "丁": {Role.PAYER},
    "戊": ALL,
    "己": ALL,
    "庚": {Role.AUDITOR},
}
# Who takes the steps one after the other; in the last two 戊 and 己 come to what their own hands did before.
USUAL = ("甲乙甲甲丙甲丁", "甲乙甲甲丙甲丁甲", "甲乙甲甲戊甲戊丁甲", "戊戊己甲甲己戊丙甲戊")
CITY_PAPER = "饶财字〔2024〕8号"  # the floor is the city's: only its own paper lets a part fall below it
PAPERS = (CITY_PAPER, "玉财字〔2024〕8号", "饶经开财〔2024〕2号", "凭证1")
MONDAYS = tuple(date(2024, 12, 2) + timedelta(weeks=week) for week in range(4))
# event: (from, to, duty, earlier steps whose hands may not take it)
STEPS = {
    "examine": ({"draft"}, "examined", Role.CLERK, ()),
    "review": ({"examined"}, "reviewed", Role.REVIEWER, ("examine",)),
    "publish": ({"reviewed"}, "noticed", Role.CLERK, ()),
    "waive": ({"reviewed"}, "cleared", Role.CLERK, ()),
    "clear": ({"noticed"}, "cleared", Role.CLERK, ()),
    "approve": ({"cleared"}, "approved", Role.APPROVER, ("examine", "review")),
    "send_back": ({"examined", "reviewed", "noticed", "cleared", "approved"}, "draft", None, ()),
    "exclude": (
        {"draft", "examined", "reviewed", "noticed", "cleared", "approved"},
        "excluded",
        None,
        (),
    ),
    "readmit": ({"excluded"}, "draft", Role.REVIEWER, ("exclude",)),
    "issue": ({"approved"}, "issued", Role.CLERK, ()),
    "pay": ({"issued"}, "paid", Role.PAYER, ("examine", "review", "approve")),
    "archive": ({"paid"}, "archived", Role.CLERK, ()),
    "void": ({"issued"}, "voided", Role.CLERK, ()),
    "revoke": ({"issued", "paid", "archived"}, "revoked", Role.APPROVER, ()),
    "recover": ({"revoked"}, "recovered", Role.PAYER, ()),
}
FORWARD = {
    "draft": "examine",
    "examined": "review",
    "reviewed": "publish",
    "noticed": "clear",
    "cleared": "approve",
    "approved": "issue",
    "issued": "pay",
    "paid": "archive",
    "excluded": "readmit",
    "revoked": "recover",
}
WORDED = {"examine", "review", "waive", "approve", "send_back", "exclude", "readmit"}  # say why, or what


@dataclass
class Part:
    """What one treasury pays of an award, in fen, and what became of it."""

    id: int
    payer: str
    division: str
    amount: int
    sums: dict[str, int] = field(default_factory=dict)

    def of(self, *kinds: str) -> int:
        return sum(self.sums.get(kind, 0) for kind in kinds)

    def add(self, kind: str, fen: int) -> None:
        if fen:
            self.sums[kind] = self.of(kind) + fen

    @property
    def held(self) -> int:
        return self.of("paid") - self.of("returned", "recovered")

    @property
    def payable(self) -> int:
        return self.of("granted", "returned") - self.of("voided", "paid")


@dataclass
class Model:
    """One award as a careful person would keep it on paper."""

    number: str
    organisation: int
    parts: list[Part]
    state: str = "draft"
    hands: list[tuple[str, str]] = field(default_factory=list)
    last: date = MONDAYS[0]
    ends: date | None = None
    objections: list[list[Any]] = field(default_factory=list)
    clean: bool = True
    confirmed: bool = True
    issued_on: date = MONDAYS[0]

    def may(self, event: str, person: str) -> bool:
        starts, _, duty, apart = STEPS[event]
        if event == "exclude":  # what was approved, only an approver takes out
            duty = Role.APPROVER if self.state == "approved" else Role.CLERK
        if event == "send_back":
            duty = Role.APPROVER if self.state in ("cleared", "approved") else Role.REVIEWER
        mine = {done for done, who in self.hands if who == person}
        return self.state in starts and duty in PEOPLE[person] and not mine & set(apart)

    def step(self, event: str, person: str, on: date) -> None:
        if self.state == "draft":  # a new pass has its own hands and its own notice
            self.hands, self.ends, self.objections = [], None, []
        self.hands.append((event, person))
        self.state, self.last = STEPS[event][1], max(self.last, on)

    @property
    def disputed(self) -> bool:
        return any(answered is not False for answered in self.objections_now)

    @property
    def objections_now(self) -> list[Any]:
        """Of each objection to the present notice: None while open, else whether it was upheld."""
        return [upheld for _, upheld in self.objections]


def _template(folder: Path) -> Path:
    path = folder / "样.zjtx"
    with Book.create(path) as book:
        with book.action("建账", "甲") as session:
            office.set_up(session, YUSHAN, "玉山县财政局")
            for name, title, level, shares in (
                ("示例甲有限公司", "srdi_sme", Level.PROVINCIAL, (Share(YUSHAN, 1),)),
                ("示例乙有限公司", "little_giant", Level.NATIONAL, (Share(YUSHAN, 1),)),
                ("示例丙有限公司", "srdi_sme", Level.PROVINCIAL, (Share(YUSHAN, 2), Share(ZONE, 1))),
            ):
                form = OrganisationForm(
                    name=name,
                    shares=shares,
                    shares_evidence="税务证明（示例）",
                    payee_bank="示例银行",
                    payee_account="3600000000000000001",
                )
                owner = organisations.register(session, form)
                credit.record(session, [owner], MONDAYS[0], "“信用中国”网站", True)
                known = {"document_date": date(2024, 9, 2), "label_year": 2024, "document_number": "示例〔2024〕1号"}
                register(session, RecognitionForm(owner, title, level, Kind.NEW, name, **known))
        compute(book)
        staff(book, PEOPLE)
    return path


class Office(RuleBasedStateMachine):
    """A staffed office with three awards under way."""

    template: Path

    @initialize(far=st.tuples(*[st.sampled_from([0, 2, 5, 6, 7, 7, 8])] * 3))
    def start(self, far: tuple[int, int, int]) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "账簿.zjtx"
        shutil.copyfile(self.template, self.path)
        self.book = Book(self.path)
        self.budgets: dict[tuple[str, str], int] = {}
        self.budgeters: dict[tuple[str, str], str] = {}  # who set the figure that counts
        with self.book.reading() as session:
            self.round = session.scalars(text("SELECT id FROM round")).one()
            found = awards.award_lines(session, self.round)
            rows = session.execute(text("SELECT award_id, id, payer, division, fen FROM award_part ORDER BY id")).all()
        self.awards = [
            Model(line.number, line.organisation_id, [Part(*row[1:]) for row in rows if row[0] == line.id])
            for line in found
        ]
        for which, steps in enumerate(far):  # an office has awards at every stage
            for person in USUAL[1][:steps]:
                self.go_forward(which, person)

    def teardown(self) -> None:
        if hasattr(self, "book"):
            try:
                assert check(self.book) == []
            finally:
                self.book.close()
                self.folder.cleanup()

    def tried(self, person: str, deed: Callable[[Any], Any]) -> bool:
        """Whether the program did it."""
        return tried(self.book, person, deed)

    # what can be tried

    @rule(
        which=st.integers(0, 2),
        event=st.sampled_from(sorted(STEPS)),
        person=st.sampled_from(sorted(PEOPLE)),
        week=st.integers(0, 3),
        says=st.booleans(),
    )
    def try_anything(self, which: int, event: str, person: str, week: int, says: bool) -> None:
        self._attempt(self.awards[which], event, person, MONDAYS[week], says)

    @rule(which=st.integers(0, 2), person=st.sampled_from(sorted(PEOPLE)))
    def go_forward(self, which: int, person: str) -> None:
        award = self.awards[which]
        event = FORWARD.get(award.state)
        if event:
            soonest = [day for day in MONDAYS if day >= award.last and (event != "clear" or day > award.ends)]
            if event == "publish" and award.last > MONDAYS[2]:
                event = "waive"
            self._attempt(award, event, person, (soonest or [MONDAYS[3]])[0], True)

    @rule(
        which=st.integers(0, 2),
        persons=st.sampled_from(USUAL),
        slip=st.sampled_from(["", "", "mute", "early", "all"]),
    )
    def go_far(self, which: int, persons: str, slip: str) -> None:
        """As far as these persons get it one after the other; before each step somebody with every duty tries
        it without a word or before its time, or tries all that must not be.
        """
        award = self.awards[which]
        for person in persons:
            if slip == "mute" and award.state in FORWARD:
                self._attempt(award, FORWARD[award.state], "己", award.last, False)
            if slip == "early" and award.state == "noticed":
                self._attempt(award, "clear", "己", award.ends, True)  # its last day is not over
            if slip == "early" and award.hands and FORWARD.get(award.state) not in ("pay", "recover", "issue", None):
                self._attempt(award, FORWARD[award.state], "己", MONDAYS[0] - timedelta(weeks=1), True)
            for event in sorted(STEPS) if slip == "all" else ():
                if not award.may(event, "己"):
                    self._attempt(award, event, "己", MONDAYS[3], True)
            self.go_forward(which, person)

    @rule(
        which=st.integers(0, 2),
        event=st.sampled_from(["send_back", "exclude", "void", "revoke"]),
        person=st.sampled_from(["丙", "戊", "己"]),
    )
    def go_back(self, which: int, event: str, person: str) -> None:
        """What takes something back, with all that must be said; then the same person would have it otherwise."""
        self._attempt(self.awards[which], event, person, MONDAYS[3], True)
        self.go_forward(which, person)

    @rule(
        which=st.integers(0, 2),
        part=st.integers(0, 1),
        kind=st.sampled_from(["paid", "returned", "voided", "requested", "approved", "arrived"]),
        how=st.sampled_from(["all", "half", "one", "over"]),
        person=st.sampled_from(["丁", "丁", "丁", "甲", "戊", "己", "庚"]),
        paper=st.sampled_from([*PAPERS, CITY_PAPER]),
    )
    def move_money(self, which: int, part: int, kind: str, how: str, person: str, paper: str) -> None:
        award = self.awards[which]
        one = award.parts[part % len(award.parts)]
        room = self._room(award, one, kind)
        fen = {"all": room, "half": room // 2, "one": 1, "over": room + 1}[how]
        self._move(award, one, kind, fen, person, paper)

    @rule(which=st.integers(0, 2), how=st.sampled_from(["all", "half", "over"]), person=st.sampled_from(["丁", "戊", "甲"]))
    def get_back(self, which: int, how: str, person: str) -> None:
        self._recover(self.awards[which], how, person)

    @rule(which=st.integers(0, 2), person=st.sampled_from(["甲", "戊", "丁"]))
    def object_to(self, which: int, person: str) -> None:
        award = self.awards[which]
        allowed = award.state in ("noticed", "cleared") and award.ends is not None and Role.CLERK in PEOPLE[person]
        on = award.last + timedelta(days=1)
        assert allowed == self.tried(
            person, lambda session: notices.object_to(session, award.number, on, "某企业", "材料不实")
        )
        if allowed:
            with self.book.reading() as session:
                newest = session.scalars(text("SELECT max(id) FROM objection")).one()
            award.objections.append([newest, None])

    @rule(which=st.integers(0, 2), upheld=st.booleans(), person=st.sampled_from(["甲", "己", "庚"]))
    def answer(self, which: int, upheld: bool, person: str) -> None:
        award = self.awards[which]
        for objection in award.objections:
            allowed = objection[1] is None and Role.CLERK in PEOPLE[person]
            on = MONDAYS[3] + timedelta(days=30)
            assert allowed == self.tried(
                person, lambda session, id=objection[0]: notices.answer(session, id, on, "已核实", upheld)
            )
            if allowed:
                objection[1] = upheld

    @rule(which=st.integers(0, 2), clean=st.booleans())
    def look_up(self, which: int, clean: bool) -> None:
        award = self.awards[which]
        finding = "" if clean else "列入失信名单"
        assert self.tried(
            "甲", lambda session: credit.record(session, [award.organisation], MONDAYS[1], "信用中国", clean, finding)
        )
        award.clean = clean

    @rule(which=st.integers(0, 2), confirmed=st.booleans(), person=st.sampled_from(["甲", "戊", "丁"]))
    def confirm(self, which: int, confirmed: bool, person: str) -> None:
        """The treasuries of an organisation as a list brought them, or confirmed by a person."""
        award = self.awards[which]
        if not confirmed:
            with self.book.action("名单导入", "甲") as session:
                for row in session.scalars(select(tables.Beneficiary).filter_by(organisation_id=award.organisation)):
                    row.confirmed = False
            award.confirmed = False
            return
        allowed = Role.CLERK in PEOPLE[person]
        assert allowed == self.tried(
            person, lambda session: treasuries.confirm(session, [award.organisation], "税务局证明（示例）", MONDAYS[0])
        )
        award.confirmed = award.confirmed or allowed

    @rule(which=st.integers(0, 2), twin_stays=st.booleans(), parted=st.booleans(), person=st.sampled_from(["甲", "戊", "乙"]))
    def merge(self, which: int, twin_stays: bool, parted: bool, person: str) -> None:
        """The organisation is found to be there twice: made one, or one and two again, no money moves."""
        award = self.awards[which]
        if award.state == "draft" and not award.clean:
            return  # judged again it would be worth nothing
        with self.book.action("登记", "甲") as session:
            twin = organisations.register(session, OrganisationForm(name=f"示例重名有限公司{uuid4()}"))
        keep, other = (twin, award.organisation) if twin_stays else (award.organisation, twin)
        allowed = Role.CLERK in PEOPLE[person]
        assert allowed == self.tried(person, lambda session: merging.merge(session, keep, other, "执照同一"))
        if allowed and parted:
            take_back(self.book, Actor(person))
        elif allowed:
            award.organisation = keep
        with self.book.reading() as session:  # a draft that was judged anew has its parts anew
            now = session.scalars(text("SELECT p.id FROM award_part p JOIN award a ON a.id = award_id WHERE number = :n ORDER BY position"), {"n": award.number}).all()
        for part, row in zip(award.parts, now, strict=True):
            part.id = row

    @rule(
        treasury=st.sampled_from([("beneficiary", YUSHAN), ("beneficiary", ZONE), ("municipal", CITY)]),
        wan=st.sampled_from([0, 3, 10, 16, 17, 20, 100]),
        person=st.sampled_from(["甲", "丙", "丁"]),
    )
    def budget(self, treasury: tuple[str, Division], wan: int, person: str) -> None:
        payer, division = treasury
        amount = Money(wan * 1_000_000)
        allowed = bool({Role.CLERK, Role.APPROVER} & PEOPLE[person])
        assert allowed == self.tried(
            person,
            lambda session: budgets.set_budget(session, self.round, Payer(payer), division, amount, "预算批复（示例）"),
        )
        if allowed:
            if self.budgets.get((payer, division.code)) != amount.fen:
                self.budgeters[payer, division.code] = person
            self.budgets[payer, division.code] = amount.fen

    @rule()
    def reopen(self) -> None:
        self.book.close()
        self.book = Book(self.path)

    @rule()
    def meddle(self) -> None:
        """A stranger writes past the program: refused by the file itself."""
        with pytest.raises(Exception, match=r"outside an action|append-only|never change"):
            with self.book._writing.begin() as connection:
                connection.exec_driver_sql("UPDATE award SET beneficiary_fen = beneficiary_fen + 1")

    # what must hold

    @invariant()
    def tables_are_the_model(self) -> None:
        if not hasattr(self, "book"):
            return
        with self.book.reading() as session:
            states = dict(session.execute(text("SELECT number, state FROM award")).all())
            entries = session.execute(text("SELECT part_id, kind, sum(fen) FROM ledger_entry GROUP BY 1, 2")).all()
        assert states == {award.number: award.state for award in self.awards}
        sums = {(part.id, kind): fen for award in self.awards for part in award.parts for kind, fen in part.sums.items()}
        assert {(part_id, kind): fen for part_id, kind, fen in entries} == sums
        for award in self.awards:
            assert all(part.payable >= 0 and 0 <= part.held <= part.amount for part in award.parts)

    # how the model decides

    def _attempt(self, award: Model, event: str, person: str, on: date, says: bool) -> None:
        if event == "pay":
            for part in award.parts:
                for kind in ("requested", "approved", "arrived") if part.payer == "municipal" else ():
                    self._move(award, part, kind, self._room(award, part, kind), "甲")
                self._move(award, part, "paid", self._room(award, part, "paid"), person)
        elif event == "recover":
            self._recover(award, "all", person)
        elif event in ("issue", "void", "revoke", "publish"):
            getattr(self, f"_{event}")(award, person, on, says)
        else:
            allowed = self._may_step(award, event, person, on, says)
            words = Words(on, "同意" if says else "", "会议纪要（示例）" if says else "")
            assert allowed == self.tried(
                person, lambda session: process.advance(session, [award.number], Event(event), words)
            ), (event, award.state, person)
            if allowed:
                award.step(event, person, on)

    def _may_step(self, award: Model, event: str, person: str, on: date, says: bool) -> bool:
        fits = {
            "examine": award.clean,  # who is on a list is not to be awarded
            "review": award.clean,
            "clear": award.ends is not None and on > award.ends and not award.disputed,
            "waive": award.confirmed,
            "approve": not award.disputed
            and award.clean
            and award.confirmed
            and self._within_budget(award)
            and person not in {self.budgeters.get((part.payer, part.division)) for part in award.parts},
        }
        return (
            award.may(event, person)
            and (says or event not in WORDED)
            and (not award.hands or on >= award.last)
            and fits.get(event, True)
        )

    def _publish(self, award: Model, person: str, on: date, says: bool) -> None:
        in_time = not award.hands or on >= award.last
        allowed = award.may("publish", person) and says and in_time and award.confirmed
        channel = "县政府网站" if says else ""
        assert allowed == self.tried(
            person, lambda session: notices.publish(session, self.round, [award.number], on, channel, 5, "补登（示例）")
        )
        if allowed:
            award.step("publish", person, on)
            award.ends, award.objections = on + timedelta(days=4 if on < MONDAYS[3] else 4), []

    def _issue(self, award: Model, person: str, on: date, says: bool) -> None:
        allowed = award.may("issue", person) and award.clean and award.confirmed
        assert allowed == self.tried(person, lambda session: letters.issue(session, self.round, on, [award.number]))
        if allowed:
            award.step("issue", person, on)
            award.issued_on = on
            for part in award.parts:
                part.add("granted", part.amount)

    def _void(self, award: Model, person: str, on: date, says: bool) -> None:
        allowed = award.may("void", person) and says and not any(part.held for part in award.parts)
        reason = "企业名称有误" if says else ""
        assert allowed == self.tried(person, lambda session: awards.void(session, award.number, reason, on))
        if allowed:
            for part in award.parts:
                part.add("voided", part.payable)
            award.step("void", person, on)

    def _revoke(self, award: Model, person: str, on: date, says: bool) -> None:
        allowed = award.may("revoke", person) and says
        words = Words(on, "认定被撤销" if says else "", "撤销文件（示例）" if says else "")
        assert allowed == self.tried(person, lambda session: ledger.revoke(session, award.number, words, str(uuid4())))
        if allowed:
            for part in award.parts:
                part.add("voided", part.payable)
                part.add("claimed", part.held)
            award.step("revoke", person, on)

    def _recover(self, award: Model, how: str, person: str) -> None:
        claims = [part.of("claimed") - part.of("recovered") for part in award.parts]
        fen = {"all": sum(claims), "half": sum(claims) // 2, "over": sum(claims) + 1}[how]
        on = max(award.last, award.issued_on)
        allowed = award.may("recover", person) and 0 < fen <= sum(claims)
        assert allowed == self.tried(
            person, lambda session: ledger.recover(session, award.number, Money(fen), on, "凭证1", str(uuid4()), True)
        )
        if allowed:
            self._share_recovered(award, fen, claims)
            if fen == sum(claims):
                award.step("recover", person, on)

    def _share_recovered(self, award: Model, fen: int, claims: list[int]) -> None:
        """By largest remainder in the proportion of the claims: what the ledger says must be within a fen of it."""
        with self.book.reading() as session:
            rows = session.execute(
                text("SELECT part_id, sum(fen) FROM ledger_entry WHERE kind = 'recovered' GROUP BY 1")
            ).all()
        now = dict(rows)
        gained = [now.get(part.id, 0) - part.of("recovered") for part in award.parts]
        assert sum(gained) == fen
        for got, claim in zip(gained, claims, strict=True):
            assert abs(got * sum(claims) - fen * claim) < sum(claims)
        for part, got in zip(award.parts, gained, strict=True):
            part.add("recovered", got)

    def _move(
        self, award: Model, part: Part, kind: str, fen: int, person: str, paper: str = CITY_PAPER
    ) -> None:
        on = max(award.last, award.issued_on)
        order = PaymentOrder(part.id, Money(fen), on, paper, str(uuid4()), "银行退票", same_voucher=True)
        allowed = self._may_move(award, part, kind, fen, person, paper)
        for _again in range(2):  # a click repeated is one entry
            assert allowed == self.tried(
                person, lambda session: ledger.enter_all(session, EntryKind(kind), [order])
            ), (kind, fen, award.state, person)
        if not allowed:
            return
        part.add(kind, fen)
        if kind == "returned" and award.state in ("paid", "archived"):
            award.hands.append(("bounce", person))
            award.state = "issued"
        if kind in ("paid", "voided") and not any(one.payable for one in award.parts):
            award.step("pay", person, on)

    def _may_move(self, award: Model, part: Part, kind: str, fen: int, person: str, paper: str) -> bool:
        if not 0 < fen <= self._room(award, part, kind) or award.state not in ("issued", "paid", "archived"):
            return False
        if kind in ("requested", "approved", "arrived"):
            return (
                award.state == "issued"
                and part.payer == "municipal"
                and bool({Role.CLERK, Role.PAYER} & PEOPLE[person])
            )
        if kind == "returned":
            return Role.PAYER in PEOPLE[person]
        whole = sum(one.held + one.payable for one in award.parts) - fen
        below = kind == "voided" and part.payer == "beneficiary"  # each was granted the floor and no more
        return award.may("pay", person) and (kind != "voided" or whole > 0) and not (below and paper != CITY_PAPER)

    def _room(self, award: Model, part: Part, kind: str) -> int:
        city = part.payer == "municipal"
        rooms = {
            "paid": min(part.payable, part.of("arrived") - part.held) if city else part.payable,
            "voided": part.payable,
            "returned": part.of("paid") - part.of("returned", "claimed"),
            "requested": part.of("granted") - part.of("voided", "requested"),
            "approved": part.of("requested") - part.of("approved"),
            "arrived": part.of("approved") - part.of("arrived"),
        }
        return max(0, rooms[kind])

    def _within_budget(self, award: Model) -> bool:
        for part in award.parts:
            budget = self.budgets.get((part.payer, part.division))
            if budget is not None and self._spoken_for(part.payer, part.division) + part.amount > budget:
                return False
        return True

    def _spoken_for(self, payer: str, division: str) -> int:
        return sum(
            part.amount - part.of("voided", "recovered")
            for award in self.awards
            if award.state in ("approved", "issued", "paid", "archived", "revoked", "recovered")
            for part in award.parts
            if (part.payer, part.division) == (payer, division)
        )


def run(template: Path, examples: int, steps: int = 40) -> None:
    """Play so many random days; AssertionError shows the shortest that went wrong."""
    play(type("Staffed", (Office,), {"template": template}), examples, steps)


def play_edges(template: Path) -> None:
    """A few days played out to the end, with everything tried at every stage; what chance seldom meets."""
    machine = type("Staffed", (Office,), {"template": template})
    for persons, slip in ((USUAL[0], "all"), (USUAL[1], "mute"), (USUAL[1], "early"), (USUAL[2], ""), (USUAL[3], "")):
        office = machine()
        office.start(far=(0, 0, 0))
        try:
            _play(office, persons, slip)
        finally:
            office.teardown()


def _play(office: Office, persons: str, slip: str) -> None:
    office.budget(treasury=("beneficiary", YUSHAN), wan=16, person="甲")  # enough for the first, not for both
    office.go_far(which=0, persons=persons[:5], slip=slip)  # approved, and to be kept in mind
    office.go_far(which=1, persons=persons[:3], slip=slip)
    office.object_to(which=1, person="甲")
    office.go_far(which=1, persons="甲", slip="")
    office.answer(which=1, upheld=True, person="甲")
    office.go_far(which=1, persons="甲", slip="")
    office.go_back(which=1, event="send_back", person="乙")
    office.go_far(which=1, persons=persons, slip="")
    office.go_far(which=0, persons=persons[5:], slip=slip)
    office.budget(treasury=("beneficiary", YUSHAN), wan=100, person="丙")
    office.go_far(which=1, persons=USUAL[0][:6], slip="")  # issued, not paid
    office.tables_are_the_model()
    office.move_money(which=1, part=1, kind="paid", how="one", person="丁", paper="凭证1")  # the city has sent nothing yet
    office.go_far(which=1, persons=persons, slip="")
    office.go_far(which=2, persons="戊己戊戊丙戊", slip="")
    office.tables_are_the_model()
    office.go_back(which=2, event="void", person="戊")
    office.go_back(which=1, event="revoke", person="丙")
    office.get_back(which=1, how="half", person="丁")
    office.get_back(which=1, how="all", person="丁")
    office.tables_are_the_model()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _template(tmp_path_factory.mktemp("样"))


def test_everything_tried_at_every_stage(template: Path) -> None:
    play_edges(template)


def test_whatever_is_tried_book_and_model_agree(template: Path) -> None:
    run(template, 5)


@pytest.mark.release
@pytest.mark.timeout(3600)
def test_four_hundred_random_offices(template: Path) -> None:
    run(template, 400)
