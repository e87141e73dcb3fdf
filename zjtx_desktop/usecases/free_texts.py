"""The columns that persons write freely into, and the one look at all of them before anything is saved.

Forms, lists and commands parse at their own edge, where the sentence stands beside the field. This is the last door:
whichever way a text came, none with a sign that nobody sees, and none longer than papers hold, gets into the book.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import event, inspect
from sqlmodel import Session

from zjtx_desktop.documents.fonts import missing
from zjtx_desktop.errors import BadValue
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.field_labels import FIELDS, SETTINGS
from zjtx_desktop.values import MOST_NAME, MOST_NOTE, MOST_WORDS, free_text
from zjtx_desktop.values.free_text import must_be_seen

_PAYEE = dict.fromkeys(("payee_name", "payee_bank", "payee_account"), MOST_NAME)
# Table -> column -> how many letters it may have. What the program itself writes is not here, see the test of this module.
FREE: Mapping[str, Mapping[str, int]] = {
    "organisation": {"name": MOST_NAME, "code_reason": MOST_WORDS, "contact": MOST_NAME, "phone": MOST_NAME, "note": MOST_NOTE} | _PAYEE,
    "former_name": {"name": MOST_NAME},
    "beneficiary": {"evidence": MOST_WORDS},
    "recognition": {
        "listed_name": MOST_NAME,
        "batch": MOST_NAME,
        "document_title": MOST_WORDS,
        "document_number": MOST_NAME,
        "operator": MOST_NAME,
        "product": MOST_WORDS,
        "certificate": MOST_NAME,
        "note": MOST_NOTE,
    },
    "round": {"name": MOST_NAME},
    "award": {"void_reason": MOST_WORDS},
    "decision": {"reason": MOST_WORDS},
    "manual_amount": {"reason": MOST_WORDS, "document": MOST_WORDS},
    "person": {"name": MOST_NAME},
    "award_step": {"opinion": MOST_WORDS, "document": MOST_WORDS},
    "credit_check": {"source": MOST_WORDS, "finding": MOST_WORDS},
    "notice": {"channel": MOST_WORDS, "late_reason": MOST_WORDS},
    "objection": {"by_whom": MOST_NAME, "content": MOST_NOTE, "answer": MOST_NOTE},
    "budget": {"basis": MOST_WORDS},
    "ledger_entry": {"voucher": MOST_WORDS, "reason": MOST_WORDS},
    "year_closing": {"reason": MOST_WORDS, "note": MOST_NOTE},
    "past_award": {"source": MOST_WORDS},
    "consent": {"reason": MOST_WORDS},
}
_FREE_SETTINGS = {"office": MOST_NAME, "prefix": MOST_NAME, "contact": MOST_WORDS, "dual_control": MOST_WORDS}
_WATCHED = "free_texts"


def watch(session: Session) -> None:
    """Look at every free text of this session before it goes into the book; BadValue names the field."""
    if _WATCHED not in session.info:
        session.info[_WATCHED] = True
        event.listen(session, "before_flush", _look)


def must_be_printable(text: str, field: str) -> None:
    """BadValue when papers could not show it: one such name would stop every letter of its batch."""
    must_be_seen(text, field)
    if why := why_not_printable(text, field):
        raise BadValue(why)


def why_not_printable(text: str, field: str) -> str:
    """Which signs no font of the papers has, a sentence; empty when all can be shown."""
    lacking = missing(text)
    signs = "、".join(f"“{sign if sign.isprintable() else '□'}”（U+{ord(sign):04X}）" for sign in lacking)
    return f"{field}中的 {signs} 字库里没有，文书印不出来。请核对这个字，或改用规范汉字。" if lacking else ""


def _look(session: Session, *_context: Any) -> None:
    for row in (*session.new, *session.dirty):
        for field, most, text in _written(row):
            if text:
                free_text(text, field, most, lines=True)


def _written(row: Any) -> Iterator[tuple[str, int, str | None]]:
    """What was written into the free columns of this row now: how each is called, its length, its text."""
    name = row.__tablename__
    if isinstance(row, tables.Setting):
        if row.key in _FREE_SETTINGS:
            yield SETTINGS[row.key], _FREE_SETTINGS[row.key], row.value
        return
    state = inspect(row)
    for column, most in FREE.get(name, {}).items():
        if state.attrs[column].history.has_changes():
            yield FIELDS[name][column], most, getattr(row, column)
