"""Whether what the book says of its persons was ever certified, replayed from the history.

One walk over the changes of persons, root key, certificates and consents, in the order they were made. At each action
it is known who was who by then, so that a root key, a certificate or a second person's agreement of that action can
be judged by what held before it. What does not stand is named and not believed: persons are what was certified last.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.sealing import verifies
from zjtx_desktop.usecases.consents import consent_text, may_second
from zjtx_desktop.usecases.duties import HOLDER
from zjtx_desktop.usecases.root import MAKE_ROOTS, certificate_text

_TABLES = ("person", "root_key", "certificate", "consent")
_STATES = ("roles", "active", "public_key")


@dataclass(frozen=True, slots=True)
class Agreement:
    """A consent that stands: what was agreed to, in which action."""

    action_id: int
    deed: str
    about: Mapping[str, Any]


@dataclass(slots=True)
class Walk:
    """What the history says by now. `root` is None in a book from before; `since` is the action that made the first."""

    root: str | None = None
    since: int = 0
    certified: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    agreements: list[Agreement] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _persons: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, action: tables.Action, changes: Iterable[tables.Change]) -> None:
        """Go on by one action."""
        before, where = dict(self._persons), f"第 {action.id} 号操作“{action.title}”（{action.by_name}）"
        rows = [(one.table_name, _row(one.before), _row(one.after)) for one in changes]
        consents = [after for table, _, after in rows if table == "consent" and after]
        agreed = [one for one in consents if self._stands(one, action, before, where)]
        self.agreements += [Agreement(action.id or 0, one["deed"], json.loads(one["about"])) for one in agreed]
        deeds = {one["deed"] for one in agreed}
        is_first = False
        for table, old, new in rows:
            if table == "root_key" and (old or {}).get("public_key") != (new or {}).get("public_key"):
                is_first |= self._take_root(new, action, bool(before), deeds, where)
        for table, _, new in rows:
            if table == "certificate" and new and self.root and _is_signed(self.root, new, action):
                self.certified[new["name"]] = tuple(new[key] for key in _STATES)
        touched = dict.fromkeys(row["name"] for table, *both in rows if table == "person" for row in both if row)
        for table, old, new in rows:
            if table == "person":
                if old:
                    self._persons.pop(old["name"], None)
                if new:
                    self._persons[new["name"]] = new
        if self.root and not is_first:
            by_code = action.by_name == HOLDER
            named = {json.loads(one["about"]).get("name") for one in agreed}
            whole = by_code or bool(deeds & set(MAKE_ROOTS))
            for name in touched:
                self.problems += self._judged(name, before.get(name), whole or name in named, where)

    def _take_root(self, new: dict[str, Any] | None, action: tables.Action, had: bool, deeds: set[str], where: str) -> bool:
        """Believe another root key where it came about rightly; whether it is the very first of a new book."""
        if new is None:
            self.problems.append(f"{where}：单位根密钥被删除了，不是按程序办理的。")
        elif self.root is None and not had or deeds & set(MAKE_ROOTS):
            is_first = self.root is None
            self.root, self.since = new["public_key"], self.since or action.id or 0
            return is_first
        else:
            self.problems.append(f"{where}：单位根密钥被换过，没有两人同意，不是按程序办理的。")
        return False

    def _judged(self, name: str, before: dict[str, Any] | None, is_agreed: bool, where: str) -> Iterator[str]:
        row, held = self._persons.get(name), self.certified.get(name)
        if row is None:
            yield f"{where}：{name}的登记被删除了，不是按程序办理的。"
        elif _state(row) == (before and _state(before)):
            return
        elif _state(row) != held:
            yield f"{where}：{name}的岗位、在岗状态或密钥没有单位根密钥的证明，不是按程序办理的。"
        elif not is_agreed:
            yield f"{where}：{name}的登记改动没有第二人同意，也没有写明理由。"

    def _stands(self, consent: dict[str, Any], action: tables.Action, before: dict[str, Any], where: str) -> bool:
        """Whether a consent is what it says, by who was who before its action."""
        about, second, first = f"{where}：“{consent['deed']}”", consent["second"], before.get(action.by_name)
        others = {name: row for name, row in before.items() if name != action.by_name and _may_agree(row)}
        if self.root:
            others = {name: row for name, row in others.items() if _state(row) == self.certified.get(name)}
        if first is None or not verifies(first["public_key"], action.signature, bytes.fromhex(action.hash or "")):
            problem = f"不是{action.by_name}本人登录办理的"
        elif consent["deed"] in MAKE_ROOTS and not _is_admin(first):
            problem = f"{action.by_name}不是系统管理员"
        elif second is None:
            problem = "没有第二人同意" if others else "" if consent["reason"] else "没有写明由一人办理的理由"
        elif second not in others:
            problem = f"{second}当时不能同意这件事"
        else:
            row = tables.Consent(deed=consent["deed"], about=consent["about"], second=second)
            text = consent_text(row, action.by_name, action.key)
            signed = verifies(others[second]["public_key"], consent["signature"], text)
            problem = "" if signed else f"同意的签名不是{second}的，或者内容被改动过"
        if problem and self.root:
            self.problems.append(f"{about}{problem}。")
        return not problem


def walk(session: Session) -> Walk:
    """The whole history of persons and keys. A book of an older program has nothing of it."""
    found = Walk()
    a, c = tables.Action, tables.Change
    tables_there = set(session.connection().exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars())
    if "root_key" not in tables_there:
        return found
    query = select(a, c).join(a, col(c.action_id) == a.id).where(col(c.table_name).in_(_TABLES)).order_by(col(c.id))
    for action, lines in groupby(session.execute(query).all(), lambda line: line[0]):
        found.take(action, [change for _, change in lines])
    _compare_root(session, found)
    return found


def uncertified(session: Session) -> list[str]:
    """One sentence for each state of a person or root key that nobody certified, and each consent that does not stand.

    What was before the root key was made is 旧账, see `root.key_hints`.
    """
    return walk(session).problems


def why_not_vouched(session: Session, name: str) -> str:
    """Why a person must not sign in: the book says of the person what was not certified. Empty when all is well."""
    found = walk(session)
    row = session.execute(select(tables.Person).where(col(tables.Person.name) == name)).scalar()
    if found.root is None or row is None:
        return ""
    if (row.roles, int(row.active), row.public_key) == found.certified.get(name):
        return ""
    return f"{name}的岗位、在岗状态或密钥与单位根密钥的证明不符，账簿被改动过，没有登录。请运行检查，并由系统管理员从备份恢复。"


def _compare_root(session: Session, found: Walk) -> None:
    rows = session.execute(select(tables.RootKey.public_key)).scalars().all()
    if (found.root or rows) and rows != [found.root]:
        found.problems.append("账簿里的单位根密钥不是按程序启用的那一个，账簿被改动过。请从备份恢复。")


def _row(text: str | None) -> dict[str, Any] | None:
    return json.loads(text) if text else None


def _state(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[key] for key in _STATES)


def _may_agree(row: Mapping[str, Any]) -> bool:
    return bool(row["active"] and not row["must_change"] and may_second(row["roles"]))


def _is_admin(row: Mapping[str, Any]) -> bool:
    return bool(row["active"] and Role.ADMIN in json.loads(row["roles"]))


def _is_signed(root: str, new: Mapping[str, Any], action: tables.Action) -> bool:
    text = certificate_text(new["name"], new["roles"], new["active"], new["public_key"], action.key)
    return verifies(root, new["signature"], text)
