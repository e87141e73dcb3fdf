"""An office whose persons have real keys, sealed cheaply so that tests stay quick."""

from dataclasses import replace
from datetime import UTC, date, datetime

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.root import holders
from zjtx_desktop.usecases.signing_in import sign_in

CHEAP = Cost(64, 1, 1)
TODAY = date(2024, 12, 2)
NOW = datetime(2024, 12, 2, 1, tzinfo=UTC)
ADMIN, AUDITOR = "系统管理员甲", "审计员乙"
FIRST, OWN = "first day only 42", "mountain high, river long"


def set_up(book, today=TODAY):
    """The first two persons; the slip of the auditor."""
    admin, auditor = NewPerson(ADMIN, OWN), NewPerson(AUDITOR, FIRST)
    return perform(
        book, "登记人员", Actor("张三"), lambda session: people.set_up_people(session, admin, auditor, today, CHEAP)
    )


def enter(book, name, password=OWN, now=NOW, slip=""):
    """Sign in."""
    return sign_in(book, name, password, now, CHEAP, slip)


def second(book, first=ADMIN):
    """Somebody who agrees to what `first` does, by the password OWN; where there is nobody, a reason."""
    with book.reading() as session:
        known = who_may_agree(session, first)
        names = [name for name in holders(session) if name in known] or known
    return Second(enter(book, names[0])) if names else Second(None, "现在没有别人（示例）")


def manage(book, title, deed, by=ADMIN):
    """Let the administrator do something to which another agrees."""
    return perform(book, title, enter(book, by), deed, second(book, by))


def register(book, name, *roles, today=TODAY, password=FIRST):
    """Register somebody; the slip for the first sign-in."""
    return manage(book, f"登记{name}", lambda session: people.add(session, name, roles, password, today, CHEAP))


def choose(book, name, slip, first=FIRST, own=OWN, today=TODAY):
    """Sign in by the first password and its slip, and choose one's own; the signed-in person."""
    actor = enter(book, name, first, slip=slip)
    perform(book, "修改密码", actor, lambda session: people.change_password(session, first, own, today, CHEAP))
    return replace(actor, slip="")


def hire(book, name, *roles, today=TODAY):
    """Register somebody and let the own password be chosen; the signed-in person."""
    return choose(book, name, register(book, name, *roles, today=today), today=today)


def office(book):
    """Everybody a county needs, by role."""
    set_up(book)
    staff = {role: hire(book, f"{role.label}人员", role) for role in Role if role not in people.ALONE}
    return staff | {Role.ADMIN: enter(book, ADMIN), Role.AUDITOR: hire(book, "审计员丙", Role.AUDITOR)}
