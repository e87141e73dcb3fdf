"""The commands about copies of a book, older and other ones, and about the clock."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.headless import Answer, Ask, agreeing, signed_in
from zjtx_desktop.storage.keys import is_encrypted
from zjtx_desktop.usecases import clocks, rollback
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.duties import Second, perform
from zjtx_desktop.usecases.record_history import ActionLine
from zjtx_desktop.usecases.restoring import names_for, unlock, unlock_by_code
from zjtx_desktop.usecases.seen_books import SeenBooks
from zjtx_desktop.usecases.two_copies import Comparison, Movement, Twice, compare_files


def add_commands(add: Callable[..., argparse.ArgumentParser], ask: Ask) -> None:
    """The commands of this module, each with its arguments."""
    command = add("accept-older", "接受较旧的账簿：这一份缺少这台电脑见过的步骤", lambda o: accept_older(o.book, o.reason, o.other, o.by, ask))
    command.add_argument("--reason", required=True, metavar="TEXT", help="较新的那一份为什么不能用，缺少的步骤怎样补办")
    command.add_argument("--with", dest="other", default="", metavar="NAME", help="登记了人员的账簿：另一位系统管理员或审批人员的姓名")
    command = add("confirm-clock", "确认电脑的时间：账簿很久没有使用以后", lambda o: confirm_clock(o.book, o.reason, o.by, ask))
    command.add_argument("--reason", required=True, metavar="TEXT", help="怎样核对了时间，为什么这么久没有使用")


def check_against(path: Path, other: Path, by: str, ask: Ask, ask_code: Callable[[], str] | None) -> Answer:
    """Hold two copies of a book against each other, writing to neither; failed when each has what the other lacks.

    `ask_code` is given where the 恢复码 is to open the encrypted ones.
    """
    for one in (path, other):
        if not one.is_file():
            raise NotFound(f"找不到账簿“{one}”。请核对位置。")
    found = compare_files(path, _secret(path, by, ask, ask_code), other, _secret(other, by, ask, ask_code))
    return Answer(tuple(_lines(found)), _data(found), failed=found.is_parted)


def accept_older(path: Path, reason: str, other: str, by: str, ask: Ask) -> Answer:
    """Accept that this copy lacks what was seen of the book; `other` is the second person of a book with persons."""
    with signed_in(path, by, ask) as (book, me):
        memory = SeenBooks()
        found = rollback.meet(book, memory)
        if found is None:
            raise Refused("这一份不缺这台电脑见过的步骤，不用接受。")
        with book.reading() as session:
            names = who_may_agree(session, me.name)
        if names and not other:
            raise Refused(f"“{rollback.DEED}”要两个人办。请用 --with 写明另一位系统管理员或审批人员（{'、'.join(names)}）。")
        second = Second(agreeing(book, other, ask), reason)
        perform(book, rollback.DEED, me, lambda session: rollback.accept(session, found), second)
        rollback.meet(book, memory)
    said = f"已接受：{found.sentence}账簿可以继续使用，缺少的步骤请补办。"
    return Answer((said,), {"accepted": True, "seen": found.seen.seq, "have": found.have.seq})


def confirm_clock(path: Path, reason: str, by: str, ask: Ask) -> Answer:
    """Confirm that the clock is right although nothing was done in the book for long."""
    with signed_in(path, by, ask) as (book, me):
        perform(book, clocks.DEED, me, lambda session: clocks.confirm(session, reason))
        at = book.latest
    assert at is not None  # the action just done
    return Answer((f"已确认电脑的时间：{at.astimezone():%Y-%m-%d %H:%M}。",), {"confirmed": at.isoformat()})


def _secret(path: Path, by: str, ask: Ask, ask_code: Callable[[], str] | None) -> bytes | None:
    if not is_encrypted(path):
        return None
    if ask_code is not None:
        return unlock_by_code(path, ask_code())
    names = names_for(path)
    if not names:
        raise Refused(f"“{path.name}”是加密的，旁边没有钥匙文件。请加 --code，用恢复码打开。")
    name = names[0] if len(names) == 1 else by
    return unlock(path, name, ask(name))


def _lines(found: Comparison) -> Iterator[str]:
    yield found.sentence
    for one in found.twice:
        yield f"{one.award_number} {one.organisation} {one.treasury.name}（{one.payer.label}）两份都登记了{one.kind.label}："
        yield f"  这一份：{_told(one.mine)}"
        yield f"  另一份：{_told(one.theirs)}"
    yield from _actions("这一份另办的", found.mine, found.mine_count)
    yield from _actions("另一份另办的", found.theirs, found.theirs_count)


def _told(moved: Sequence[Movement]) -> str:
    return "；".join(f"{one.on} {one.amount} 元，凭证号 {one.voucher or '（无）'}，{one.by}登记" for one in moved)


def _actions(head: str, lines: Sequence[ActionLine], count: int) -> Iterator[str]:
    if lines:
        yield f"{head}（共 {count} 步，新的在前）："
        yield from (f"  {one.id} {one.at:%Y-%m-%d %H:%M} {one.by_name} {one.title}" for one in lines)
    if count > len(lines):
        yield f"  ……更早的还有 {count - len(lines)} 步"


def _data(found: Comparison) -> dict[str, Any]:
    return {
        "same_book": found.is_same_book,
        "parted": found.is_parted,
        "sentence": found.sentence,
        "common": found.common,
        "common_at": found.common_at and found.common_at.isoformat(timespec="seconds"),
        "common_title": found.common_title,
        "mine_count": found.mine_count,
        "theirs_count": found.theirs_count,
        "mine": [_action(one) for one in found.mine],
        "theirs": [_action(one) for one in found.theirs],
        "twice": [_both(one) for one in found.twice],
    }


def _action(one: ActionLine) -> dict[str, Any]:
    return {"id": one.id, "at": one.at.isoformat(timespec="seconds"), "by": one.by_name, "title": one.title}


def _both(one: Twice) -> dict[str, Any]:
    said = {"award": one.award_number, "organisation": one.organisation, "treasury": one.treasury.code}
    said |= {"payer": one.payer.value, "kind": one.kind.value}
    return said | {"mine": [_movement(each) for each in one.mine], "theirs": [_movement(each) for each in one.theirs]}


def _movement(one: Movement) -> dict[str, Any]:
    return {"fen": one.amount.fen, "on": one.on.isoformat(), "voucher": one.voucher, "by": one.by}
