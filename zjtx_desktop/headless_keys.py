"""The headless commands about keys: an encrypted book made, a plain one encrypted, a password set by the code."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.headless import Answer, Ask, With
from zjtx_desktop.storage.book import SUFFIX, Book
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.duties import is_staffed
from zjtx_desktop.usecases.encrypting import OLD_COPIES, Other, encrypt_book
from zjtx_desktop.usecases.entering import who_opens
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.recovering import open_by_code, reset_by_code, save_sheet
from zjtx_desktop.values import Division
from zjtx_desktop.values.recovery import recovery_text

AskCode = Callable[[], str]
_SEAL = "请打印出来，装信封密封后放入保险柜，再删除这个文件。"


def new_encrypted_book(path: Path, division: str, name: str, by: str, sheet: Path, ask: Ask) -> Answer:
    """Make an encrypted book and the sheet with its code. `ask(name)` gets the new password, asked for twice."""
    where = Division.parse(division)
    _must_be_free(sheet)
    if path.suffix != SUFFIX:
        raise Refused(f"账簿文件名要以 {SUFFIX} 结尾，请改为“{path.stem}{SUFFIX}”。")
    wanted = NewBook(where, name, "", path.parent, path.stem, by)
    if wanted.path != path:
        raise Refused(f"文件名“{path.name}”里有不能用的字符，请改为“{wanted.path.name}”。")
    if path.exists():
        raise Refused(f"“{path}”已经存在，没有改动它。请换一个名字。")
    wanted = NewBook(where, name, "", path.parent, path.stem, by, ask(by))
    with make_book(wanted) as book:
        with book.reading() as session:
            us = office(session)
        said = f"已新建加密账簿：{path}（{us.division.name}，{us.name}，文号“{us.prefix}〔年〕序号”）"
        code = _put_on_paper(book, sheet)
    data = {"book": str(path), "division": us.division.code, "office": us.name, "recovery_sheet": str(sheet)}
    return Answer((said, code), data)


def encrypt(path: Path, by: str, sheet: Path, ask: Ask, ask_new: Ask, other: With = With()) -> Answer:
    """Encrypt a plain book: with persons by its 系统管理员 and another of them, else by a new password, asked for twice."""
    _must_be_free(sheet)
    with Book(path) as book, book.reading() as session:
        staffed = is_staffed(session)
    mine = (ask if staffed else ask_new)(by)
    theirs = Other(other.name, ask(other.name) if other.name else "", other.reason)
    secret = encrypt_book(path, by, mine, other=theirs)
    with Book(path, secret) as book:
        said = _put_on_paper(book, sheet)
    lines = (f"已加密：{path}", said, OLD_COPIES)
    return Answer(lines, {"book": str(path), "recovery_sheet": str(sheet)})


def recover(path: Path, name: str, ask_code: AskCode, ask_new: Ask, today: date) -> Answer:
    """Open a book by its code and set a new password for a 系统管理员 or 审批, `name` where it has several, or its one user."""
    if path.is_file() and not _is_encrypted(path):
        raise Refused(f"账簿“{path.name}”没有加密，不用恢复码。请直接打开。")
    found = open_by_code(path, ask_code())
    with found.book as book:
        wanted = name or (found.names[0] if len(found.names) == 1 else "")
        if not wanted:
            raise Refused(f"账簿有几名系统管理员和审批人员：{'、'.join(found.names)}。请用 --person 写明重设谁的密码。")
        reset_by_code(book, wanted, ask_new(wanted), today)
    return Answer((f"已用恢复码重设{wanted}的密码，请妥善保管；恢复码请重新密封。",), {"book": str(path), "person": wanted})


def _is_encrypted(path: Path) -> bool:
    try:
        return who_opens(path) is not None
    except AppError:
        return True  # its key file is gone or damaged: just what the code is for


def _must_be_free(sheet: Path) -> None:
    if sheet.suffix.lower() != ".pdf":
        raise Refused("恢复码写成 PDF 文件，--recovery-sheet 的文件名要以 .pdf 结尾。请改正后再试。")
    if sheet.exists():
        raise Refused(f"“{sheet}”已经存在，没有覆盖它。请换一个文件名。")
    if not sheet.parent.is_dir():
        raise Refused(f"文件夹“{sheet.parent}”不存在，恢复码没有地方写。请先建好，或换一个位置。")


def _put_on_paper(book: Book, sheet: Path) -> str:
    """The book is there by now: where the sheet cannot be written, only another code helps."""
    assert book.secret is not None
    try:
        save_sheet(book, recovery_text(book.secret), sheet, date.today())
    except AppError as error:
        return f"恢复码没有写成：{error}账簿已经加密，这个恢复码不再显示，请打开窗口，用“文件 → 更换恢复码…”换一个。"
    return f"恢复码已写入：{sheet}。{_SEAL}"
