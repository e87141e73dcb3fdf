"""What a round rests on since its list was locked: the policy pack and the choices, as they were then."""

import json
from functools import lru_cache

from sqlmodel import Session

from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.pack_file import parse_pack
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.office import own_treasury


def frozen(session: Session, round_id: int) -> tuple[Pack, Choices]:
    """The pack and choices that the round was locked with; Refused while its list is still open."""
    row = session.get(tables.Round, round_id)
    if row is None:
        raise NotFound("这个批次已被删除，请刷新后再试。")
    if row.pack_row is None or row.choices is None:
        raise Refused("名单还没有锁定，不能测算。请先锁定名单。")
    pack = read_kept(session, row.pack_row)
    return pack, Choices.from_json(json.loads(row.choices), pack, own_treasury(session))


def read_kept(session: Session, pack_row: int) -> Pack:
    """The pack of a row of the book; the same text is read once."""
    kept = session.get_one(tables.Pack, pack_row)
    return _parsed(kept.content, kept.pack_id)


@lru_cache(maxsize=8)  # a step taken with each of many awards asks every time
def _parsed(content: str, pack_id: str) -> Pack:
    return parse_pack(content, pack_id)
