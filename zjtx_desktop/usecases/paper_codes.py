"""账簿校验码: binds a paper to the history before it, and a registered paper to what it says itself.

A letter's code covers the history and the letter: kind, number, award, amount, payee, account and date. So does that of
a workbook for the city, with its sums. Lists and the 测算依据 are not registered; theirs covers the history alone, as
did that of letters at first, which are told apart by the mark `bound` in the snapshot.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from zjtx_desktop.documents.letter import AwardLetter
from zjtx_desktop.errors import BadValue
from zjtx_desktop.storage import history, tables
from zjtx_desktop.usecases.judging import canonical
from zjtx_desktop.values import HeadCode, Money, format_date

Facts = Mapping[str, Any]


def printed_code(session: Session) -> str:
    """The code for a paper made now that is not registered, as text for a page; empty in a book without any action."""
    number, sha256 = history.last_sealed(session.connection())
    return str(HeadCode.of(number, sha256)) if number else ""


def code_of_paper(session: Session, facts: Facts) -> HeadCode | None:
    """The code for a registered paper made now that says this; None in a book without any action."""
    number, sha256 = history.last_sealed(session.connection())
    return HeadCode.of_paper(number, sha256, canonical(dict(facts))) if number else None


def letter_facts(kind: str, letter: AwardLetter) -> Facts:
    """What the code of a letter covers: what it prints, and the account that was registered then."""
    return _facts(kind, letter.to_json())


def workbook_facts(round_id: int, awards: int, beneficiary_fen: int, municipal_fen: int) -> Facts:
    """What the code of a workbook for the city covers."""
    sums = {"awards": awards, "beneficiary": beneficiary_fen, "municipal": municipal_fen}
    return {"kind": "submission", "round": round_id} | sums


def fits(code: HeadCode, row: tables.Document, sha256: str) -> bool:
    """Whether this is the code of the letter kept here, after an action with this hash."""
    kept = snapshot_of(row)
    if not kept.get("bound"):
        return code.is_of(sha256)
    try:
        return HeadCode.of_paper(code.number, sha256, canonical(dict(_facts(row.kind, kept)))) == code
    except (KeyError, TypeError, ValueError):  # a snapshot that is none fits no code
        return False


def register_differs(row: tables.Document, award_number: str | None) -> str:
    """What the register says otherwise than the snapshot of the letter, as a phrase; empty when nothing."""
    kept = snapshot_of(row)
    try:
        said = Money(sum(part["amount"] for part in kept["parts"])), date.fromisoformat(kept["issued_on"])
        pairs = (
            ("文号", row.number, kept["number"]),
            ("金额", f"{Money(row.total_fen)} 元", f"{said[0]} 元"),
            ("日期", format_date(row.issued_on), format_date(said[1])),
            ("奖补编号", award_number or "", kept["award_number"]),
        )
    except (KeyError, TypeError, ValueError):
        return "存档读不出来"
    return "，".join(f"{name}登记为 {here}、存档为 {there}" for name, here, there in pairs if here != there)


def strange_codes(session: Session) -> Iterator[str]:
    """One sentence for each letter whose code or register entry is not that of what is kept of it."""
    query = (
        select(tables.Document, tables.Award.number, tables.Change.action_id)
        .join(tables.Change, issuing())
        .outerjoin(tables.Award, col(tables.Document.award_id) == tables.Award.id)
        .order_by(col(tables.Document.id))
    )
    a = tables.Action
    hashes: dict[int, str | None] = {}
    for row, award_number, action_id in session.execute(query):
        before = action_id - 1
        if before not in hashes:
            hashes[before] = session.scalar(select(a.hash).where(col(a.id) == before))
        printed = snapshot_of(row).get("code")
        if printed and not _is_code_of(str(printed), row, before, hashes[before] or history.GENESIS):
            yield f"{row.number} 登记的账簿校验码与历史记录或存档不符，账簿在出具以后被改动过。"
        if told := register_differs(row, award_number):
            yield f"{row.number} 的登记与存档不同：{told}。"


def issuing() -> ColumnElement[bool]:
    """The change that put a document into the book."""
    d, c = tables.Document, tables.Change
    return (col(c.row_id) == d.id) & (col(c.table_name) == "document") & col(c.before).is_(None)


def snapshot_of(row: tables.Document) -> dict[str, Any]:
    """What stood on the paper; nothing when the book was damaged there, which `check` tells."""
    try:
        found = json.loads(row.snapshot)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_code_of(printed: str, row: tables.Document, action_id: int, sha256: str) -> bool:
    try:
        code = HeadCode.parse(printed)
    except BadValue:
        return False
    return code.number == action_id and fits(code, row, sha256)


def _facts(kind: str, letter: Facts) -> Facts:
    return {
        "kind": kind,
        "number": letter["number"],
        "award": letter["award_number"],
        "fen": sum(part["amount"] for part in letter["parts"]),
        "payee": letter["payee"] or letter["addressee"],
        "account": letter["account"],
        "date": letter["issued_on"],
    }
