"""Whose book this is: the office, its division, and how its documents are numbered."""

from dataclasses import dataclass

from sqlmodel import Session, select

from zjtx_desktop.errors import NotFound
from zjtx_desktop.storage.tables import Setting
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.free_texts import must_be_printable
from zjtx_desktop.values import MOST_NAME, Division, free_text


@dataclass(frozen=True, slots=True)
class Office:
    """The office that keeps the book. `prefix` is the 发文机关代字 before 〔year〕 of its letters."""

    division: Division
    name: str
    prefix: str
    contact: str | None = None


@guarded
def set_up(session: Session, division: Division, name: str, prefix: str = "", contact: str = "") -> Office:
    """Write down whose book it is; the prefix defaults to the division's 代字 and 财奖."""
    name = free_text(name, "单位名称（财政局或管委会财政部门的全称）", MOST_NAME)
    must_be_printable(name, "单位名称")
    facts = {"division": division.code, "office": name, "prefix": prefix or f"{division.short}财奖", "contact": contact}
    known = {row.key: row for row in session.exec(select(Setting)).all()}
    for key, value in facts.items():
        row = known.get(key) or Setting(key=key, value="")
        row.value = value
        session.add(row)
    return office(session)


def office(session: Session) -> Office:
    """The office of this book; NotFound when it has not been set up."""
    facts = {row.key: row.value for row in session.exec(select(Setting)).all()}
    if "division" not in facts:
        raise NotFound("账簿还没有登记单位。请先设置所属县（市、区）和单位名称。")
    return Office(Division(facts["division"]), facts["office"], facts["prefix"], facts["contact"] or None)


def own_treasury(session: Session) -> Division | None:
    """The county whose choices a book holds; None for the city's book, whose choices bind every treasury."""
    division = office(session).division
    return None if division.is_city else division
