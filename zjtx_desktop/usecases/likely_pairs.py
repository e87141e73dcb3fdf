"""Organisations that are probably one: pairs for a person to look at, never merged by themselves."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.organisations import OrganisationLine
from zjtx_desktop.values import CreditCode, fold_name

o, f = tables.Organisation, tables.FormerName
SAME_NAME = "名称相同"
FORMER_NAME = "一家的曾用名是另一家的名称"
LEGAL_FORM = "名称只差“有限责任公司”与“有限公司”"
ALIKE = "名称只差一个字"
ACCOUNT = "收款账户的户名和账号相同"
_LIMITED = ("有限责任公司", "有限公司")
_SHORTEST = 6  # characters of a name of which one may be a slip
_CROWD = 5  # organisations with the same name or account
_SERIES = 3  # names that differ in one and the same place: a series, no slips
_FIGURES = frozenset("0123456789一二三四五六七八九十甲乙丙丁戊己庚辛壬癸abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two organisations, the one with a code first, and why they may be one."""

    first: OrganisationLine
    second: OrganisationLine
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        """The reasons in one line."""
        return "；".join(self.reasons)


def likely_pairs(session: Session) -> tuple[Pair, ...]:
    """Every pair of organisations that may be one, by name. Two with valid codes that differ are two."""
    rows = session.execute(select(o.id, o.folded, o.credit_code, o.payee_name, o.payee_account).order_by(col(o.id))).all()
    codes = {row.id: row.credit_code for row in rows}
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for finder in (_same_names, _former_names, _legal_forms, _slips, _accounts):
        for one, two, why in finder(session, rows):
            pair = (min(one, two), max(one, two))
            if one != two and not _are_two(codes[one], codes[two]) and why not in found[pair]:
                found[pair].append(why)
    wanted = {pair: reasons for pair, reasons in found.items() if reasons}
    lines = {line.id: line for line in organisations.LISTING.lines(session, sorted({one for pair in wanted for one in pair}))}
    pairs = [_pair(lines[one], lines[two], reasons) for (one, two), reasons in wanted.items()]
    return tuple(sorted(pairs, key=lambda pair: (pair.first.name, pair.first.id, pair.second.id)))


def _pair(one: OrganisationLine, two: OrganisationLine, reasons: Iterable[str]) -> Pair:
    first, second = (two, one) if two.credit_code and not one.credit_code else (one, two)
    return Pair(first, second, tuple(reasons))


def _are_two(one: str | None, two: str | None) -> bool:
    return bool(one and two and one != two and CreditCode(one).check_digit_ok and CreditCode(two).check_digit_ok)


_Found = Iterator[tuple[int, int, str]]


def _same_names(_session: Session, rows: Any) -> _Found:
    yield from _alike(rows, lambda row: row.folded, SAME_NAME)


def _former_names(session: Session, rows: Any) -> _Found:
    bearing: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        bearing[row.folded].append(row.id)
    for owner, folded in session.execute(select(f.organisation_id, f.folded)):
        yield from ((owner, other, FORMER_NAME) for other in bearing.get(folded, ()))


def _legal_forms(_session: Session, rows: Any) -> _Found:
    by_stem: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if _LIMITED[0] in row.folded or _LIMITED[1] in row.folded:
            by_stem[row.folded.replace(*_LIMITED)].append(row)
    for some in by_stem.values():
        yield from ((a.id, b.id, LEGAL_FORM) for a, b in _pairs(some) if a.folded != b.folded)


def _slips(_session: Session, rows: Any) -> _Found:
    """Names of which one letter differs, is missing or is too many, where one of the two has no code."""
    sought = [row for row in rows if not row.credit_code and len(row.folded) >= _SHORTEST]
    keys = {key for row in sought for key in _spellings(row.folded)}
    near: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows:
        for key in _spellings(row.folded):
            if key in keys:
                near[key].append(row)
    for (place, _), some in near.items():
        if len(some) <= _SERIES:
            yield from (
                (a.id, b.id, ALIKE)
                for a, b in combinations(some, 2)
                if a.folded != b.folded and not (a.credit_code and b.credit_code) and not _is_figure(a, b, place)
            )


def _spellings(name: str) -> Iterator[tuple[int, str]]:
    """The name without one of its letters, for each of them, and whole, as one from which a letter is missing there."""
    yield from ((place, name[:place] + name[place + 1 :]) for place in range(len(name)))
    yield from ((place, name) for place in range(len(name) + 1))


def _is_figure(one: Any, two: Any, place: int) -> bool:
    """Whether the two differ in a figure or letter that counts, as a first and a second plant do."""
    longest = max(len(one.folded), len(two.folded))
    return any(len(row.folded) == longest and row.folded[place] in _FIGURES for row in (one, two))


def _accounts(_session: Session, rows: Any) -> _Found:
    held = [row for row in rows if row.payee_account and row.payee_name]
    digits = str.maketrans("", "", " -")
    yield from _alike(held, lambda row: (fold_name(row.payee_name), row.payee_account.translate(digits)), ACCOUNT)


def _alike(rows: Any, key: Callable[[Any], Any], why: str) -> _Found:
    by_key: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        by_key[key(row)].append(row)
    for some in by_key.values():
        yield from ((a.id, b.id, why) for a, b in _pairs(some))


def _pairs(some: list[Any]) -> Iterable[tuple[Any, Any]]:
    """Each with each; of a crowd each with the next, which is enough to see that they are many."""
    return combinations(some, 2) if len(some) <= _CROWD else pairwise(some)
