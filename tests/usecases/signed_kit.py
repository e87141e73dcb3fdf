"""A staffed office with real keys that takes an award all its way, each step an action signed by its person."""

from datetime import date

from people_kit import manage, office
from sqlalchemy import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.states import Event
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import credit, dual_control, ledger, letters, organisations, people, process, rounds, standings
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.values import Money

NUMBER = "361123-2024-00001"
DAY, NEXT, LATER = date(2024, 12, 2), date(2024, 12, 9), date(2024, 12, 20)
WAY = (
    (Event.EXAMINE, Role.CLERK, Words(DAY, "材料齐全，同意")),
    (Event.REVIEW, Role.REVIEWER, Words(DAY, "复核无误")),
    (Event.WAIVE, Role.CLERK, Words(DAY, "涉密企业，依规不公示", "示例〔2024〕3号")),
    (Event.APPROVE, Role.APPROVER, Words(NEXT, "同意奖励", "县政府常务会议纪要〔2024〕20号")),
)


class Bureau:
    """The office over a round of what was recognised; `staff` are its persons by role, each with the own key."""

    def __init__(self, book):
        self.book, self.staff = book, office(book)
        self.round_id = self.do(Role.CLERK, "测算", lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024))).round.id
        self.do(Role.CLERK, "登记账户", self._accounts)
        self.do(Role.CLERK, "信用核查", self._credit)

    def do(self, role, title, deed):
        """One action of the person with this duty, as the program does it."""
        return perform(self.book, title, self.staff[role], deed)

    def inside(self, role, *statements, title="修改备注"):
        """An ordinary action of the program's library, signed by the person, that writes what it likes."""
        actor = self.staff[role]
        with self.book.action(title, actor.name) as session:
            session.info |= {"actor": actor, "sign": actor.sign}
            for one in statements:
                if callable(one):
                    one(session)
                else:
                    session.connection().exec_driver_sql(one)

    def give(self, name, *roles):
        """Give a person these duties and no others, as two persons do it."""
        manage(self.book, "修改岗位", lambda s: people.change_roles(s, name, roles))

    def switch(self, on, reason=""):
        """Let one person do it all, or no longer, as two persons do it."""
        manage(self.book, "岗位分离", lambda s: dual_control.switch(s, on, reason))

    def take(self, event, role=None, words=None, number=NUMBER):
        """One step; it was taken."""
        _, usual, said = next(one for one in WAY if one[0] is event)
        deed = lambda session: process.advance(session, [number], event, words or said)  # noqa: E731
        (done,) = self.do(role or usual, event.label, deed)
        assert done.is_done, done.why

    def until(self, event, number=NUMBER):
        """The way up to and including a step, a letter or a payment."""
        for step, *_ in WAY:
            self.take(step, number=number)
            if step is event:
                return
        self.do(Role.CLERK, "下达", lambda s: letters.issue(s, self.round_id, NEXT, [number]))
        if event is Event.PAY:
            self.pay(number)

    def pay(self, number=NUMBER, fen=None, role=Role.PAYER):
        """Pay what is open of our own part, or so much of it."""
        with self.book.reading() as session:
            part = next(one for one in standings.part_lines(session, self.round_id) if one.award_number == number and not one.sent)
        amount = Money(fen) if fen else part.standing.payable
        order = PaymentOrder(part.id, amount, LATER, f"凭证 {fen}", f"pay {number} {fen}")
        return self.do(role, "登记拨付", lambda s: ledger.pay(s, order))

    def change_account(self, account="3600000000000009999", role=Role.CLERK, **more):
        """Give the first organisation another account, as its form does."""

        def deed(session):
            form = organisations.get(session, 1)
            facts = {name: getattr(form, name) for name in form.__slots__} | {"payee_account": account} | more
            organisations.change(session, 1, OrganisationForm(**facts))

        return self.do(role, "修改企业", deed)

    def award(self, number=NUMBER):
        """The award's row."""
        with self.book.reading() as session:
            return session.scalars(select(tables.Award).where(tables.Award.number == number)).one()

    @staticmethod
    def _accounts(session):
        for number, row in enumerate(session.scalars(select(tables.Organisation)).all()):
            form = organisations.get(session, row.id)
            facts = {name: getattr(form, name) for name in form.__slots__}
            account = {"payee_bank": "示例银行玉山支行", "payee_account": f"360000000000000{number:04}"}
            organisations.change(session, row.id, OrganisationForm(**facts | account))

    @staticmethod
    def _credit(session):
        ids = session.scalars(select(tables.Organisation.id)).all()
        credit.record(session, list(ids), DAY, "“信用中国”网站", True, "")
