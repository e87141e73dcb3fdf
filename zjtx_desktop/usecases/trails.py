"""How far a book and a copy of it are: where their histories end, where they part, and what the one lacks of the other."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.backups import identity
from zjtx_desktop.usecases.record_history import ActionLine
from zjtx_desktop.usecases.seen_books import Seen
from zjtx_desktop.values import HeadCode

_SHOWN = 200  # of the actions that would be lost


@dataclass(frozen=True, slots=True)
class Trail:
    """How far a book has gone: its latest action, and what tells this history from another."""

    identity: str
    seq: int
    head: str


def trail(session: Session) -> Trail:
    """Where the history of a book ends."""
    a = tables.Action
    last = session.execute(select(a.id, a.hash).order_by(col(a.id).desc()).limit(1)).first()
    return Trail(identity(session), last[0] if last else 0, (last[1] or "") if last else "")


def lost_after(present: Session, common: int) -> tuple[ActionLine, ...]:
    """The latest actions after a common one, newest first."""
    a = tables.Action
    rows = present.execute(
        select(a.id, a.title, a.by_name, a.at).where(col(a.id) > common).order_by(col(a.id).desc()).limit(_SHOWN)
    )
    return tuple(ActionLine(number, title, by, _local(at), 0) for number, title, by, at in rows)


def last_common(session: Session, common: int) -> ActionLine | None:
    """The last action that two histories share; None when there is none."""
    a = tables.Action
    row = session.execute(select(a.id, a.title, a.by_name, a.at).where(col(a.id) == common)).first()
    return ActionLine(row.id, row.title, row.by_name, _local(row.at), 0) if row else None


def _local(at: str) -> datetime:
    """A time of the history by the clock of this computer."""
    return datetime.fromisoformat(at).astimezone().replace(tzinfo=None)


def common_to(present: Session, copy: Session) -> int:
    """The last action that both have, 0 when none: each hash covers all before it, so equal ones never follow others."""
    low, high = 0, min(trail(present).seq, trail(copy).seq)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if head_at(present, middle) == head_at(copy, middle) else (low, middle - 1)
    return low


def head_at(session: Session, seq: int) -> str:
    """The hash of an action; empty where the book does not have it."""
    a = tables.Action
    return session.scalar(select(a.hash).where(col(a.id) == seq)) or ""


def compared(present: Session, theirs: Trail, common: int, lost: tuple[ActionLine, ...]) -> tuple[str, ...]:
    """In words what the backup lacks of the book that is there."""
    mine = trail(present)
    if mine.identity != theirs.identity:
        return ("这份备份属于另一个账簿，不是现在这一个的。恢复后，现在账簿里的全部记录都不在里面。",)
    said = []
    if common < min(mine.seq, theirs.seq):
        said.append(f"这份备份和现在的账簿在第 {common} 步以后各有各的改动。请先弄清哪一份是真的。")
    elif theirs.seq > mine.seq:
        said.append(f"这份备份比现在的账簿多 {theirs.seq - mine.seq} 步操作：现在的账簿是较旧的一份。")
    if count := mine.seq - common:
        first = f"，从 {lost[-1].at:%Y-%m-%d %H:%M} 起，最早的一步是：{lost[-1].title}" if count == len(lost) else ""
        said.append(f"恢复后将少 {count} 步操作{first}。")
    return tuple(said)


def compared_with_memory(copy: Session, theirs: Trail, seen: Seen | None) -> tuple[int, tuple[str, ...]]:
    """The same where the book is gone or cannot be read, by what this computer remembers of it."""
    if seen is None or not seen.seq:
        return 0, ()
    if seen.identity != theirs.identity:
        return 0, ("这份备份属于另一个账簿，不是原来在这个位置的那一个。请核对单位和数量。",)
    if theirs.seq >= seen.seq:
        same = head_at(copy, seen.seq) == seen.head
        return 0, () if same else ("这份备份的历史与这台电脑记得的不同，账簿或备份被改动过。请先核对再恢复。",)
    count = seen.seq - theirs.seq
    return count, (
        f"恢复后将少 {count} 步操作：这台电脑记得账簿办到第 {seen.seq} 步，这份备份到第 {theirs.seq} 步。"
        "如有更新的备份（例如移动硬盘上的），请选更新的。",
    )


def behind_paper(copy: Session, text: str) -> str:
    """What a copy lacks by the 账簿校验码 of a paper; empty when the paper's action is in it. BadValue names a slip."""
    code, last = HeadCode.parse(text), trail(copy).seq
    if code.number > last:
        return f"纸上的校验码是第 {code.number} 步的，这份备份只到第 {last} 步，至少少 {code.number - last} 步。请选更新的备份。"
    if not code.is_of(head_at(copy, code.number) or "0"):
        return "这份备份的历史和纸上的校验码对不上：不是同一个账簿，或者被改动过。请另选一份。"
    return ""
