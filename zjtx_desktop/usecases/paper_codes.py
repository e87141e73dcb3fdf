"""账簿校验码: where the book's history stands, printed on every paper made now, and recorded with those issued."""

import json

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from zjtx_desktop.storage import history, tables
from zjtx_desktop.values import HeadCode


def code_now(session: Session) -> HeadCode | None:
    """The code for a paper made now: that of the last sealed action; None in a book without any."""
    number, sha256 = history.last_sealed(session.connection())
    return HeadCode.of(number, sha256) if number else None


def printed_code(session: Session) -> str:
    """The same as text for a page, empty where there is none."""
    return str(code_now(session) or "")


def strange_codes(session: Session) -> list[str]:
    """One sentence for each letter whose recorded code is not that of the history just before it."""
    found = []
    query = select(tables.Document, tables.Change.action_id).join(tables.Change, issuing())
    for document, action_id in session.execute(query):
        printed = snapshot_of(document).get("code")
        if printed and printed != str(_code_of(session, action_id - 1)):
            found.append(f"{document.number} 登记的账簿校验码与历史记录不符，账簿在出具以后被改动过。")
    return found


def issuing() -> ColumnElement[bool]:
    """The change that put a document into the book."""
    d, c = tables.Document, tables.Change
    return (col(c.row_id) == d.id) & (col(c.table_name) == "document") & col(c.before).is_(None)


def _code_of(session: Session, action_id: int) -> HeadCode | None:
    action = session.get(tables.Action, action_id)
    return HeadCode.of(action_id, action.hash) if action and action.hash else None


def snapshot_of(row: tables.Document) -> dict[str, str | None]:
    """What stood on the paper; nothing when the book was damaged there, which `check` tells."""
    try:
        return json.loads(row.snapshot)
    except ValueError:
        return {}
