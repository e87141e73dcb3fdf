"""A staffed office over a computed round, for the tests of what happens to awards: who, what, on which day."""

import json
from datetime import UTC, date, datetime

from sqlalchemy import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.states import Event
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, credit, notices, organisations, process, rounds
from zjtx_desktop.usecases.duties import Second
from zjtx_desktop.usecases.process import Words

CLERK, REVIEWER, APPROVER, PAYER = "经办甲", "复核乙", "审批丙", "支付丁"
STAFF = {CLERK: Role.CLERK, REVIEWER: Role.REVIEWER, APPROVER: Role.APPROVER, PAYER: Role.PAYER}
ALONE = Second(None, "现在没有别人（示例）")  # who agrees where nobody else may
MONDAY = date(2024, 12, 2)  # five working days without a holiday: to Friday the 6th
AFTER = date(2024, 12, 9)
SAID = {
    Event.EXAMINE: (CLERK, Words(MONDAY, "材料齐全，同意")),
    Event.REVIEW: (REVIEWER, Words(MONDAY, "复核无误")),
    Event.WAIVE: (CLERK, Words(MONDAY, "涉密企业，依规不公示", "示例〔2024〕3号")),
    Event.CLEAR: (CLERK, Words(AFTER)),
    Event.APPROVE: (APPROVER, Words(AFTER, "同意奖励", "县政府常务会议纪要〔2024〕20号")),
    Event.SEND_BACK: (REVIEWER, Words(AFTER, "账号有误，退回核对")),
    Event.EXCLUDE: (CLERK, Words(AFTER, "企业放弃奖励")),
    Event.READMIT: (REVIEWER, Words(AFTER, "企业已书面撤回放弃声明")),
    Event.ARCHIVE: (CLERK, Words(AFTER)),
}


def staff(book, people=None):
    """Put persons with their duties on the book."""
    with book.action("建立人员", "系统管理员") as session:
        for name, roles in (people or STAFF).items():
            given = [roles] if isinstance(roles, Role) else sorted(roles)
            session.add(
                tables.Person(
                    name=name, roles=json.dumps(given), public_key="", salt=b"", sealed_key=b"", password_on=MONDAY
                )
            )


def compute(book, year=2024):
    """Lock and compute, by the clerk; the round's id."""
    with book.action("测算", CLERK) as session:
        return rounds.prepare(session, year, *rounds.basis_for(session, year)).round.id


def as_of(day):
    """Noon of a day, for `Book.action(now=…)`."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def do(book, event, *numbers, by=None, words=None, today=None):
    """Take a step with what is usually said at it; what became of each."""
    person, said = SAID[event]
    with book.action(event.label, by or person, now=today and as_of(today)) as session:
        return process.advance(session, numbers, event, words or said)


def prepare_payee(book, award_number, clean=True, account=True, by=CLERK):
    """Give the award's organisation an account and a credit check."""
    with book.action("登记账户和核查", by) as session:
        line = award(session, award_number)
        row = session.get_one(tables.Organisation, line.organisation_id)
        if account:
            row.payee_bank, row.payee_account = "示例银行玉山支行", "3600000000000000001"
            session.add(row)
        credit.record(session, [row.id], MONDAY, "“信用中国”网站", clean, "" if clean else "列入失信名单")


def publish(book, round_id, *numbers, by=CLERK, starts=MONDAY, channel="县政府门户网站", days=None, late_reason="示例：按纸质档案补登"):
    """Put awards on a notice, long past its days; what became of each."""
    with book.action("公示", by) as session:
        return notices.publish(session, round_id, numbers, starts, channel, days, late_reason)


def award(session, number):
    """The row of an award."""
    return session.scalars(select(tables.Award).where(tables.Award.number == number)).one()


def lines(book, round_id):
    """The awards of the round by number."""
    with book.reading() as session:
        return {line.number: line for line in awards.award_lines(session, round_id)}


def state(book, number):
    """Where an award stands."""
    with book.reading() as session:
        return award(session, number).state


def until(book, round_id, number, event):
    """Take an award along its usual way up to and including a step."""
    if number and not organisations_ready(book, number):
        prepare_payee(book, number)
    for step in (Event.EXAMINE, Event.REVIEW, Event.PUBLISH, Event.CLEAR, Event.APPROVE):
        done = publish(book, round_id, number) if step is Event.PUBLISH else do(book, step, number)
        assert [one.why for one in done] == [""], done
        if step is event:
            return


def organisations_ready(book, number):
    """Whether the award's organisation has its account already."""
    with book.reading() as session:
        row = award(session, number)
        return organisations.get(session, row.organisation_id).payee_account is not None
