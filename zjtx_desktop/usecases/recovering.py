"""The 恢复码, and the slip of a first password: on paper for the safe, and back from there when a password is forgotten or the key file is gone."""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, select

from zjtx_desktop.documents.first_slip import FirstSlip, write_first_slip
from zjtx_desktop.documents.recovery_sheet import RecoverySheet, write_recovery_sheet
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.passwords import check_password
from zjtx_desktop.errors import Denied, Refused
from zjtx_desktop.exchange.atomic import atomic_bytes
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import data_key, fingerprint
from zjtx_desktop.storage.sealing import FULL, Cost
from zjtx_desktop.usecases.consents import SECONDS
from zjtx_desktop.usecases.duties import HOLDER, Actor, is_staffed
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.people import PersonLine, give_key, people, rules
from zjtx_desktop.usecases.root import certify, deal
from zjtx_desktop.usecases.slots import drop_all_slots, names_with_slots, put_slot
from zjtx_desktop.usecases.sole_lock import keep_failures
from zjtx_desktop.values import MOST_NAME, free_text
from zjtx_desktop.values.recovery import last_group, read_recovery, recovery_text, same_group, slip_text

NEW_CODE = "要再打印的，请照原件输入恢复码；原件找不到的，请用“文件 → 更换恢复码…”换一个新的。"
_TITLE = "用恢复码重设“{name}”的密码"
_KEPT = "recovery_sheet"
s = tables.Setting


@dataclass(frozen=True, slots=True)
class Recovered:
    """A book opened by its code. `names` may get a new password: its 系统管理员 and 审批, or its one user."""

    book: Book
    names: tuple[str, ...]
    staffed: bool


def open_by_code(path: Path, text: str) -> Recovered:
    """Open an encrypted book by its printed code; its key file is made anew on the way.

    BadValue when the code is written wrong, BadFile when it belongs to another book or the book is damaged.
    """
    book = Book(path, read_recovery(text))
    try:
        with book.reading() as session:
            staffed = is_staffed(session)
            names = tuple(one.name for one in people(session) if _may(one)) if staffed else names_with_slots(session)
    except BaseException:
        book.close()
        raise
    return Recovered(book, names, staffed)


def reset_by_code(book: Book, name: str, password: str, today: date, cost: Cost = FULL) -> None:
    """Give somebody of a book just opened by its code another password; it stands in the history.

    A 系统管理员 or a 审批, who open the root key: the code does so here, and deals it anew. Or the one user.
    """
    name = free_text(name, "姓名", MOST_NAME)
    with book.action(_TITLE.format(name=name), HOLDER) as session:
        session.info |= {"code": book.secret, "mends": True}  # else nobody could accept what a check found
        check_password(password, name, rules(session))
        if not is_staffed(session):
            drop_all_slots(session)
            put_slot(session, name, password, cost)
            keep_failures(session, None)  # a new password ends a lock
        else:
            _reset_person(session, name, password, today, cost)
    book.forget_code()


def _reset_person(session: Session, name: str, password: str, today: date, cost: Cost) -> None:
    line = next((one for one in people(session) if one.name == name), None)
    if line is None or not _may(line):
        raise Refused("恢复码只能重设在岗的系统管理员和审批人员的密码。其他人的密码，请由系统管理员登录后重设。")
    row = session.get_one(tables.Person, line.id)
    give_key(session, row, Ed25519PrivateKey.generate(), password, today, cost)
    row.must_change, row.failures, row.locked_until = False, 0, None  # chosen by whoever will use it
    certify(session, row)
    deal(session, always=True)


def recovery_code(book: Book, actor: Actor) -> str:
    """The code of the open book, for the sheet, while it is known: just made, or typed in. See `learn_code`.

    Denied to anybody but its 系统管理员 or its one user; Refused where nobody has it but the safe.
    """
    if book.secret is None:
        raise Refused("这个账簿没有加密，没有恢复码。")
    with book.reading() as session:
        staffed = is_staffed(session)
        mine = any(one.name == actor.name and one.active and Role.ADMIN in one.roles for one in people(session))
    if staffed and not (mine and actor.key):
        raise Denied("只有登录了的系统管理员才能打印恢复码。请由系统管理员登录后打印。")
    if not book.knows_code:
        raise Refused(f"恢复码只在生成时显示一次，账簿里没有它，密码也推不出来。{NEW_CODE}")
    return recovery_text(book.secret)


def learn_code(book: Book, actor: Actor, text: str) -> None:
    """Let an open book know its code for another sheet, as typed from the old one; Refused when it is not its own."""
    secret = read_recovery(text)
    if book.key is None or data_key(secret) != book.key:
        raise Refused("这份恢复码属于另一个账簿，或者已经更换过。请核对后再试。")
    book.secret = secret
    recovery_code(book, actor)


def sheet(book: Book, code: str, today: date) -> bytes:
    """The sheet for the safe, a PDF."""
    with book.reading() as session:
        whose = office(session).name
    out = io.BytesIO()
    write_recovery_sheet(RecoverySheet(book.path.name, whose, today, code), out)
    return out.getvalue()


def first_slip(book: Book, name: str, slip: str, today: date) -> bytes:
    """The slip for the first sign-in of a person, a PDF."""
    with book.reading() as session:
        whose = office(session).name
    out = io.BytesIO()
    write_first_slip(FirstSlip(book.path.name, whose, name, slip_text(slip), today), out)
    return out.getvalue()


def save_first_slip(book: Book, name: str, slip: str, path: Path, today: date) -> None:
    """Write the slip to a new file."""
    atomic_bytes(path, first_slip(book, name, slip, today), private=True)


def save_sheet(book: Book, code: str, path: Path, today: date) -> None:
    """Write the sheet to a new file."""
    atomic_bytes(path, sheet(book, code, today), private=True)


def is_on_paper(book: Book) -> bool:
    """Whether somebody confirmed that the code of this book is printed; True of a plain book, which has none."""
    if book.secret is None:
        return True
    with book.reading() as session:
        kept = session.exec(select(s.value).where(s.key == _KEPT)).first()
    return bool(kept) and kept.endswith(_mark(book.secret))


def confirm_on_paper(book: Book, actor: Actor, typed: str, today: date) -> None:
    """Note that the code is on paper: its last group was typed from there. Refused when it is another."""
    if not same_group(typed, last_group(recovery_code(book, actor))):
        raise Refused("最后一组不对。请对照打印出来的恢复码，填写右下角那一组的 4 个字符。")
    with book.action("恢复码已打印", actor.name) as session:
        session.info["sign"] = actor.sign
        row = session.exec(select(s).where(s.key == _KEPT)).first() or s(key=_KEPT, value="")
        row.value = f"{today} {_mark(session.info['secret'])}"
        session.add(row)
    book.forget_code()


def _mark(secret: bytes) -> str:
    """Tells one code from another, by what anybody sees at the head of the file: nothing of the code itself."""
    return fingerprint(secret)[:12]


def _may(line: PersonLine) -> bool:
    return line.active and bool(SECONDS & set(line.roles))
