"""The commands that back a book up and restore it, without a window."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from zjtx_desktop.errors import Refused
from zjtx_desktop.headless import Answer, Ask, opened
from zjtx_desktop.storage.keys import is_encrypted
from zjtx_desktop.usecases.backups import BackupLine, back_up
from zjtx_desktop.usecases.books import size_text
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.restoring import Hands, Preview, identify, names_for, preview, restore, unlock, unlock_by_code
from zjtx_desktop.usecases.seen_books import SeenBooks

BESIDE = "备份"


def back_up_book(path: Path, folder: Path | None, by: str, ask: Ask, now: datetime) -> Answer:
    """Write a checked copy into a folder, by default one beside the book; such a copy is never thinned out."""
    with opened(path, by, ask) as (book, _):
        if folder is None:
            folder = path.parent / BESIDE
            folder.mkdir(exist_ok=True)
        line = back_up(book, folder, now, _quiet)
    return Answer((f"已备份并检查：{line.path}（{_held(line)}，{size_text(line.size)}）",), _data(line))


def restore_book(
    backup: Path, path: Path, by: str, other: str, yes: bool, ask: Ask, ask_code: Callable[[], str] | None, now: datetime
) -> Answer:
    """Put a backup in the place of the book at `path`, which need not be there any more.

    `other` is the second person of a book that has persons; `ask_code` is given where the 恢复码 is to open the backup.
    """
    if not backup.is_file():
        raise Refused(f"找不到备份“{backup}”。请核对位置。")
    secret, name, password = _unlock(backup, by, ask, ask_code)
    seen = preview(backup, path, secret, SeenBooks().at(path.absolute()))
    if seen.lost_count and not yes:
        raise Refused(f"{''.join(seen.warnings)}没有恢复。确实要恢复的，请加 --yes。")
    hands = _hands(seen, path, name, other, ask, password, by_code=ask_code is not None)
    aside = restore(backup, path, hands, now, _quiet, secret)
    said = [f"已恢复到 {seen.line.at:%Y-%m-%d %H:%M} 的备份：{path}（{_held(seen.line)}）"]
    if aside.exists():
        said.append(f"恢复前的账簿另存为：{aside}")
    data = _data(seen.line) | {"book": str(path), "aside": str(aside) if aside.exists() else None, "lost": seen.lost_count}
    return Answer(tuple(said), data, seen.warnings)


def _unlock(
    backup: Path, by: str, ask: Ask, ask_code: Callable[[], str] | None
) -> tuple[bytes | None, str, str | None]:
    """The secret of the backup, who opened it, and the password, which is not asked for twice."""
    if not is_encrypted(backup):
        return None, by, None
    if ask_code is not None:
        return unlock_by_code(backup, ask_code()), by, None
    names = names_for(backup)
    if not names:
        raise Refused(f"备份“{backup.name}”是加密的，旁边没有钥匙文件。请加 --code，用恢复码恢复。")
    name = names[0] if len(names) == 1 else by
    password = ask(name)
    return unlock(backup, name, password), name, password


def _hands(
    seen: Preview, path: Path, name: str, other: str, ask: Ask, password: str | None, by_code: bool
) -> Hands:
    if not seen.others or (by_code and not seen.is_there):
        return Hands(Actor(name), by_code=by_code)
    if not other:
        raise Refused("账簿登记了人员，恢复要两个人同办：系统管理员（--by）和另一位人员。请用 --with 写明另一位的姓名。")
    where = path if seen.is_there else seen.line.path
    admin = identify(where, name, password or ask(name), seen.secret)
    return Hands(admin, identify(where, other, ask(other), seen.secret))


def _held(line: BackupLine) -> str:
    return f"企业 {line.organisations} 家，认定 {line.recognitions} 条，奖补 {line.awards} 笔、{line.total} 元"


def _data(line: BackupLine) -> dict[str, object]:
    return {
        "backup": str(line.path),
        "at": line.at.isoformat(timespec="minutes"),
        "organisations": line.organisations,
        "recognitions": line.recognitions,
        "awards": line.awards,
        "total_fen": line.total.fen,
    }


def _quiet(_done: int, _total: int) -> None:
    """A command shows no progress."""
