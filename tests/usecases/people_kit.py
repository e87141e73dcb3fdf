"""An office whose persons have real keys, sealed cheaply so that tests stay quick."""

from datetime import UTC, date, datetime

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.signing_in import sign_in

CHEAP = Cost(64, 1, 1)
TODAY = date(2024, 12, 2)
NOW = datetime(2024, 12, 2, 1, tzinfo=UTC)
ADMIN, AUDITOR = "系统管理员甲", "审计员乙"
FIRST, OWN = "first day only 42", "mountain high, river long"


def set_up(book, today=TODAY):
    """The first two persons."""
    admin, auditor = NewPerson(ADMIN, OWN), NewPerson(AUDITOR, FIRST)
    perform(book, "登记人员", Actor("张三"), lambda session: people.set_up_people(session, admin, auditor, today, CHEAP))


def enter(book, name, password=OWN, now=NOW):
    """Sign in."""
    return sign_in(book, name, password, now, CHEAP)


def hire(book, name, *roles, today=TODAY):
    """Register somebody and let the own password be chosen; the signed-in person."""
    perform(book, f"登记{name}", enter(book, ADMIN), lambda session: people.add(session, name, roles, FIRST, today, CHEAP))
    actor = enter(book, name, FIRST)
    perform(book, "修改密码", actor, lambda session: people.change_password(session, FIRST, OWN, today, CHEAP))
    return actor


def office(book):
    """Everybody a county needs, by role."""
    set_up(book)
    staff = {role: hire(book, f"{role.label}人员", role) for role in Role if role not in people.ALONE}
    return staff | {Role.ADMIN: enter(book, ADMIN), Role.AUDITOR: hire(book, "审计员丙", Role.AUDITOR)}
