"""Whose a row of a list is: the organisations of the book by code and by every name they ever bore."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session

from zjtx_desktop.storage import tables
from zjtx_desktop.values import CreditCode, fold_name


@dataclass(slots=True, eq=False)
class Owner:
    """An organisation, in the book or to be registered with its first row (then without id)."""

    id: int | None
    name: str
    code: str | None
    row: int | None = None  # the first that brought it

    @property
    def where(self) -> str:
        """Where it is known from: the book, or a row of the list."""
        return f"名单第 {self.row} 行中" if self.row else "账簿中"

    @property
    def beside(self) -> str:
        """What to call the row that is compared with it."""
        return "这一行" if self.row else "名单中"


class Owners:
    """All organisations of the book, read once for a whole list."""

    def __init__(self, session: Session) -> None:
        o, f = tables.Organisation, tables.FormerName
        self._by_code: dict[str, Owner] = {}
        self._by_name: dict[str, list[Owner]] = {}
        self.by_id: dict[int, Owner] = {}
        for row_id, name, folded, code in session.execute(select(o.id, o.name, o.folded, o.credit_code)):
            self.by_id[row_id] = Owner(row_id, name, code)
            self.remember(self.by_id[row_id], folded)
        for row_id, name, folded in session.execute(select(f.organisation_id, f.name, f.folded)):
            self.remember(self.by_id[row_id], folded)
            if CreditCode.is_plain(name):  # the number of an organisation that was merged into it
                self._by_code.setdefault(name, self.by_id[row_id])

    def remember(self, owner: Owner, folded: str) -> None:
        """Let the organisation be found by its code and by this name."""
        if owner.code:
            self._by_code[owner.code] = owner
        holders = self._by_name.setdefault(folded, [])
        if owner not in holders:
            holders.append(owner)

    def bearing(self, name: str) -> list[Owner]:
        """Who bears this name, or ever did."""
        return self._by_name.get(fold_name(name), [])

    def find(self, name: str, credit_code: CreditCode | None) -> tuple[Owner | None, str]:
        """Whose the row is, or None and why that cannot be told; neither when the book does not know it."""
        code, namesakes = credit_code and credit_code.text, self._by_name.get(fold_name(name), [])
        if code and (owner := self._by_code.get(code)):
            if owner in namesakes:
                return owner, ""
            return None, (
                f"统一社会信用代码 {code} 在{owner.where}是“{owner.name}”，{owner.beside}是“{name}”。"
                "请核对：更名的先在企业中登记曾用名，录错的改正后再导入。"
            )
        fitting = [owner for owner in namesakes if not (code and owner.code)]
        if len(fitting) > 1:
            return None, f"账簿中有 {len(fitting)} 个单位叫“{name}”。请补上统一社会信用代码后再导入。"
        if not fitting and namesakes:
            other = namesakes[0]
            return None, f"{other.where}“{name}”的信用代码是 {other.code}，{other.beside}是 {code}。请核对后更正其中一处。"
        return (fitting[0] if fitting else None), ""
