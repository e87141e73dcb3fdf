"""Every award lived through once more from the history: what was approved is what is paid, and by whom.

Each step must be one that the table of states allows from where the award stood, taken by whoever signed the action,
who held the duty then and had no hand in what is kept apart; its digest must be that of the award as the history says
it stood. Between the steps nothing changes that somebody has approved. What moves money is held to the same.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.findings import NOT_CONFIRMED
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import (
    DOCUMENT,
    ISSUED_STATES,
    MOVES,
    UNDER_WAY,
    AwardState,
    Deed,
    Event,
    Move,
)
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.award_history import ChangeLine, SignedAction, actions, changes_of, changes_of_all
from zjtx_desktop.storage.bulk import PORTION
from zjtx_desktop.usecases.award_digest import AMOUNTS, OTHERS, PART, PAYEE, content, content_now, digest
from zjtx_desktop.usecases.deeds import WRITES, is_new
from zjtx_desktop.usecases.consents import may_second
from zjtx_desktop.usecases.duties import DUAL, GRANTS, HOLDER
from zjtx_desktop.usecases.process import ALONE
from zjtx_desktop.values import Money

_MOVES = {(one.start.value, one.event.value): one for one in MOVES if isinstance(one.start, AwardState)}
_OUT = tuple(state.value for state in ISSUED_STATES)
_DRAFT, _NAMED = AwardState.DRAFT.value, 3
_STATE = '"state":"'  # inside a text of the row every quotation mark has a backslash before it
_SHAPE = {"award": "payee_name", "award_step": "digest", "ledger_entry": "payee_name", "person": "box_key"}
_OWN = frozenset(("award", "award_part", "award_step", "ledger_entry"))
# Who may enter a movement: whoever may do what it is part of.
_ENTERED_BY: Mapping[EntryKind, frozenset[Role]] = {
    EntryKind.GRANTED: GRANTS["letters.issue"] | GRANTS["ledger.pay"] | GRANTS["ledger.revoke"],
    EntryKind.VOIDED: GRANTS["ledger.write_off"] | GRANTS["awards.void"] | GRANTS["ledger.revoke"],
    EntryKind.PAID: GRANTS["ledger.pay"],
    EntryKind.RETURNED: GRANTS["ledger.returned"],
    EntryKind.CLAIMED: GRANTS["ledger.revoke"],
    EntryKind.RECOVERED: GRANTS["ledger.recover"],
    **dict.fromkeys((EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED), GRANTS["ledger.follow"]),
}
# Of a person's row what counting failures at the door alters, which nobody can sign.
_AT_THE_DOOR = frozenset(("failures", "locked_until"))
_UNSIGNED = frozenset(("denial", "key_slot", "content", "finding"))
_BY_CODE = frozenset(("root_key", "root_share", "certificate"))  # what the code from the safe renews bears its own proof


@dataclass(slots=True)
class _Person:
    name: str
    roles: frozenset[Role]
    active: bool
    key: str


@dataclass(slots=True)
class _Award:
    """An award as far as the history has come. `settled` is what its last step fixed, while it is no draft."""

    text: str
    row_state: str
    row: dict[str, Any]
    state: str = _DRAFT
    position: int = 0
    digest: str = ""
    last_day: str = ""
    hands: list[tuple[str, str]] = field(default_factory=list)  # event and person, since the draft
    parts: dict[int, dict[str, Any]] = field(default_factory=dict)
    now: "_Content | None" = None  # what it comes to; None where something was changed since that was asked
    settled: "_Content | None" = None
    merged_from: str | None = None  # where it stood when merging two organisations voided it, which can be taken back


class _Content(NamedTuple):
    hash: str
    row: dict[str, Any]
    parts: tuple[tuple[Any, ...], ...]
    basis: tuple[str | None, str | None]


class Problem(NamedTuple):
    """Something that is wrong about an award (by id, 0 for none) or about an action."""

    award_id: int
    sentence: str


def replayed(session: Session) -> list[str]:
    """A sentence for everything in the whole history that could not have come about by the rules."""
    connection = session.connection()
    found = _Replay(session, actions(connection), dict(_packs(session)))
    found.run(changes_of_all(connection))
    return [one.sentence for one in found.problems]


def require_awards(session: Session, award_ids: Iterable[int], deed: str) -> None:
    """Refuse `deed` unless these awards stand as their steps say, each signed by its person; flush before.

    That the hash of an action follows from its changes is left to the check of the whole book.
    """
    wanted = sorted(set(award_ids) - session.info.get("replayed", frozenset()))
    if found := [one.sentence for one in _not_accepted(session, _problems(session, wanted))]:
        more = f"另有 {len(found) - _NAMED} 处。" if len(found) > _NAMED else ""
        raise Refused(
            f"奖补的办理经过核对不符，没有{deed}。{''.join(found[:_NAMED])}{more}"
            f"请不要办理这些奖补，由系统管理员运行检查，查明原因；查明以前可以办理其他奖补。"
        )


@contextmanager
def replayed_together(session: Session, award_ids: Iterable[int]) -> Iterator[None]:
    """Go through the awards of a batch at once; `require_awards` then asks anew only where something was wrong."""
    given = sorted(award_ids)
    wrong = {one.award_id for one in _not_accepted(session, _problems(session, given))}
    session.info["replayed"] = frozenset() if 0 in wrong else frozenset(given) - wrong
    try:
        yield
    finally:
        del session.info["replayed"]


def _not_accepted(session: Session, problems: list[Problem]) -> list[Problem]:
    """What is left of these without the findings of a check that were accepted."""
    if not problems:
        return []
    f = tables.Finding
    accepted = set(session.scalars(select(f.sentence).where(col(f.consent_id).is_not(None))))
    return [problem for problem in problems if problem.sentence not in accepted]


def award_problems(session: Session, award_ids: Sequence[int]) -> list[str]:
    """A sentence for everything wrong with these awards by their own part of the history."""
    return [one.sentence for one in _problems(session, award_ids)]


def _problems(session: Session, award_ids: Sequence[int]) -> list[Problem]:
    if not award_ids:
        return []
    connection = session.connection()
    changes = changes_of(connection, award_ids)
    known_actions = actions(connection, {one.action_id for one in changes})
    found = _Replay(session, known_actions, dict(_packs(session)), _own_part(changes))
    found.run(changes)
    for award in _rows(session, award_ids):
        known = found.awards.get(award.id or 0)
        if known and (known.state != award.state or found.content(known).hash != content_now(session, award)):
            found.problems.append(Problem(award.id or 0, f"奖补 {award.number} 与它的历史记录不符，被绕过程序改动过。"))
    return found.problems


def _rows(session: Session, award_ids: Sequence[int]) -> Iterator[tables.Award]:
    for start in range(0, len(award_ids), PORTION):
        yield from session.scalars(select(tables.Award).where(col(tables.Award.id).in_(award_ids[start : start + PORTION])))


class _Part(NamedTuple):
    """The part of the history that belongs to some awards: which of its actions write them, and by which step each left
    the draft last. Of their parts only those of today are there, so that digests count since then.
    """

    writing: frozenset[int]
    began: Mapping[int, int]


def _own_part(changes: Sequence[ChangeLine]) -> _Part:
    began: dict[int, int] = {}
    for one in changes:
        if one.table == "award_step" and one.after and f'"from_state":"{_DRAFT}"' in one.after:
            row = json.loads(one.after)
            began[row["award_id"]] = row["position"]
    return _Part(frozenset(one.action_id for one in changes if one.table in _OWN), began)


class _Replay:
    """Goes through changes in their order and collects what is wrong: of the whole history, or of the `part` of some awards."""

    def __init__(
        self,
        session: Session,
        known: Mapping[int, SignedAction],
        packs: Mapping[int, str],
        part: "_Part | None" = None,
    ) -> None:
        self._session, self._actions, self._packs, self._part_only = session, known, packs, part
        self.problems: list[Problem] = []
        self.awards: dict[int, _Award] = {}
        self._part_of: dict[int, int] = {}
        self._persons: dict[int, _Person] = {}
        self._by_name: dict[str, _Person] = {}
        self._keys: dict[str, str] = {}  # every key there ever was, and whose
        self._rounds: dict[int, tuple[str | None, str | None]] = {}
        self._of_round: dict[int, set[int]] = defaultdict(set)
        self._settled_by: dict[tuple[str, int], tuple[dict[str, Any], str]] = {}  # row and who last settled it
        self._about: dict[tuple[Deed, object], set[int]] = defaultdict(set)  # rows of deeds by what they are about
        self._single = False  # whether one person may do it all
        self._signed_since = False
        self._touched: set[int] = set()
        self._merging = False  # whether the action adds or removes an organisation, so that awards may go along
        self._later: list[ChangeLine] = []  # what holds from the next action on

    def run(self, changes: Iterable[ChangeLine]) -> None:
        """Go through all of it."""
        waiting = iter(() if self._part_only else sorted(self._actions))
        action_id = 0
        for change in changes:
            if change.action_id != action_id:
                self._end(action_id)
                action_id = change.action_id
                self._begin(waiting, action_id)
            self._take(change, self._actions[action_id])
        self._end(action_id)
        self._begin(waiting, None)

    def _begin(self, waiting: Iterator[int], action_id: int | None) -> None:
        """Look at the signatures of this action and of those before it that touch no award."""
        if self._part_only:
            if action_id in self._part_only.writing:
                self._check_signature(self._actions[action_id])
            return
        for one in waiting:
            self._check_signature(self._actions[one])
            if one == action_id:
                return

    def _end(self, action_id: int) -> None:
        if not action_id:
            return
        for award_id in sorted(self._touched):
            if award := self.awards.get(award_id):
                self._rest(award_id, award, self._actions[action_id])
        self._touched.clear()
        self._merging = False
        for change in self._later:
            self._take_later(change)
        self._later.clear()

    # what changed

    def _take(self, change: ChangeLine, action: SignedAction) -> None:
        try:
            if change.after is None:
                self._gone(change)
            elif change.table == "award":
                self._award(change, change.after)
            elif change.table == "award_step":
                self._step(json.loads(change.after), change, action)
            elif change.table == "award_part":
                self._part(change.row_id, json.loads(change.after))
            elif change.table == "ledger_entry":
                self._entry(json.loads(change.after), change, action)
            elif change.table == "round":
                self._round(change.row_id, json.loads(change.after))
            if change.after and change.table in ("person", "setting"):
                self._later.append(change)
            elif change.after and change.table in _DEED_TABLES:
                self._deed(change.table, change.row_id, json.loads(change.after), action)
        except (ValueError, KeyError, TypeError):
            self._say(0, f"第 {action.id} 号操作“{action.title}”写下的历史读不懂，不是本程序写的。")
        if not self._signed_since and change.table in _SHAPE and f'"{_SHAPE[change.table]}":' in (change.after or ""):
            self._signed_since = True
            self._check_signature(action)

    def _award(self, change: ChangeLine, after: str) -> None:
        cut = after.index(_STATE) + len(_STATE)
        end = after.index('"', cut)
        state, text = after[cut:end], after[:cut] + after[end:]
        award = self.awards.get(change.row_id)
        if award is None:
            award = self.awards[change.row_id] = _Award(text, state, json.loads(after))
            self._of_round[award.row["round_id"]].add(change.row_id)
            if state != _DRAFT and self._is_new_shape("award", award.row):
                self._say(change.row_id, f"{self._named(award)}没有从草稿开始。")
        elif text != award.text:
            award.text, award.row, award.now = text, json.loads(after), None
        award.row_state = state
        self._touched.add(change.row_id)

    def _part(self, row_id: int, row: dict[str, Any]) -> None:
        owner = self._part_of.get(row_id)
        if owner is not None and owner in self.awards:
            self.awards[owner].parts.pop(row_id, None)
            self.awards[owner].now = None
            self._touched.add(owner)
        self._part_of[row_id] = row["award_id"]
        if award := self.awards.get(row["award_id"]):
            award.parts[row_id], award.now = row, None
            self._touched.add(row["award_id"])

    def _gone(self, change: ChangeLine) -> None:
        if change.table == "award":
            if award := self.awards.pop(change.row_id, None):
                self._of_round[award.row["round_id"]].discard(change.row_id)
        elif change.table == "award_part":
            owner = self._part_of.pop(change.row_id, None)
            if owner is not None and (award := self.awards.get(owner)):
                award.parts.pop(change.row_id, None)
                award.now = None
                self._touched.add(owner)
        elif change.table == "person":
            self._later.append(change)
        self._merging = self._merging or change.table == "organisation"
        self._settled_by.pop((change.table, change.row_id), None)

    def _round(self, row_id: int, row: dict[str, Any]) -> None:
        basis = (self._packs.get(row.get("pack_row") or 0), row.get("choices"))
        if self._rounds.get(row_id) != basis:
            self._rounds[row_id] = basis
            for award_id in self._of_round[row_id]:
                self.awards[award_id].now = None
                if self.awards[award_id].state != _DRAFT:
                    self._touched.add(award_id)

    def _deed(self, table: str, row_id: int, row: dict[str, Any], action: SignedAction) -> None:
        deed = _DEED_TABLES[table]
        self._merging = self._merging or deed is Deed.PAYEE and (table, row_id) not in self._settled_by
        before, by = self._settled_by.get((table, row_id), (None, ""))
        self._settled_by[table, row_id] = (row, action.by if is_new(deed, before, row) else by)
        self._about[deed, _subject(deed, row)].add(row_id)

    def _take_later(self, change: ChangeLine) -> None:
        if change.table == "person":
            if gone := self._persons.pop(change.row_id, None):
                self._by_name.pop(gone.name, None)
            if change.after is None:
                return
            row = json.loads(change.after)
            held = frozenset(Role(role) for role in json.loads(row["roles"]))
            person = _Person(row["name"], held, bool(row["active"]), row["public_key"])
            self._persons[change.row_id] = self._by_name[person.name] = person
            self._keys.setdefault(row["public_key"], row["name"])
            return
        row = json.loads(change.after or "{}")
        if row.get("key") == DUAL:
            self._single = bool(row["value"])

    # steps

    def _step(self, row: dict[str, Any], change: ChangeLine, action: SignedAction) -> None:
        award = self.awards.get(row["award_id"])
        if award is None:
            return  # rows that refer to nothing are found before
        event = Event(row["event"])
        where = f"{self._named(award)}第 {row['position']} 步“{event.label}”（{row['person']}）"
        for problem in self._step_problems(award, row, event, action):
            self._say(row["award_id"], f"{where}：{problem}")
        if row["from_state"] == _DRAFT:
            award.hands = []
        award.hands.append((event.value, row["person"]))
        award.state, award.position, award.digest = row["to_state"], row["position"], row.get("digest") or ""
        award.last_day = max(award.last_day, row["on_date"])
        self._settle(row["award_id"], award, event, where)
        self._touched.add(row["award_id"])

    def _step_problems(self, award: _Award, row: dict[str, Any], event: Event, action: SignedAction) -> Iterator[str]:
        if row["position"] != award.position + 1:
            yield f"前一步是第 {award.position} 步，中间的步骤被删除过或者编号被改动过。"
        is_new = self._is_new_shape("award_step", row)
        if award.position == 0 and not is_new:
            award.state = row["from_state"]  # what was before steps were recorded is not known
        if row["from_state"] != award.state:
            yield f"从“{_label(row['from_state'])}”办起，奖补当时却是“{_label(award.state)}”。"
        move = _MOVES.get((row["from_state"], event.value))
        if move is None or move.end.value != row["to_state"]:
            yield f"状态表里没有从“{_label(row['from_state'])}”到“{_label(row['to_state'])}”的这一步。"
        if row["person"] != action.by:
            yield f"操作人却是{action.by}，不是本人办理的。"
        if not is_new:
            return
        if self._is_known(row["award_id"], row["position"]) and row["digest"] != digest(self.content(award).hash, award.digest):
            yield "摘要与奖补当时的内容不符，金额、分担、收款账户或依据被改动过。"
        fen = award.row["beneficiary_fen"] + award.row["municipal_fen"]
        if row["fen"] != fen:
            yield f"写的是 {Money(row['fen'])} 元，奖补当时是 {Money(fen)} 元。"
        if move:
            yield from self._not_by_the_table(award, row, move, action)

    def _not_by_the_table(self, award: _Award, row: dict[str, Any], move: Move, action: SignedAction) -> Iterator[str]:
        """What the table of states asks of the step besides where it starts and ends."""
        given = {DOCUMENT: row["document"]}
        for need in move.needs:
            if not (given.get(need, row["opinion"]) or "").strip():
                yield f"没有写明{need}。"
        if move.event in ALONE | {Event.PUBLISH} and row["on_date"] < award.last_day:
            yield f"日期 {row['on_date']} 早于上一步的 {award.last_day}。"
        if not self._persons:
            return
        if move.unstaffed_only:
            yield "账簿已登记人员，不能从草稿直接下达。"
        yield from self._not_this_duty(action.by, frozenset({move.role}))
        yield from self._not_these_hands(row["award_id"], award, action.by, move)

    def _not_this_duty(self, name: str, roles: frozenset[Role]) -> Iterator[str]:
        person = self._person(name)
        if person is None:
            yield f"{name}当时没有登记过。"
        elif not person.active:
            yield f"{name}当时已停用。"
        elif not person.roles & roles:
            wanted = "、".join(f"“{role.label}”" for role in Role if role in roles)
            yield f"{name}当时没有{wanted}岗位。"

    def _not_these_hands(self, award_id: int, award: _Award, name: str, move: Move) -> Iterator[str]:
        if self._single:
            return
        did = {event for event, person in award.hands if person == name}
        for one in move.apart:
            if one in did or isinstance(one, Deed) and name in self._who(award, one):
                yield f"{name}也办过“{one.label}”，不能再办“{move.event.label}”（不相容岗位相互分离）。"

    def _who(self, award: _Award, deed: Deed) -> set[str]:
        """Who settled what now stands of the award by a deed of this kind."""
        table, row = WRITES[deed][0], award.row
        if deed is Deed.BUDGET:
            charged = {(part["payer"], part["division"]) for part in award.parts.values()}
            subjects: list[object] = [(row["round_id"], *one) for one in charged]
        elif deed in (Deed.MANUAL_AMOUNT, Deed.DECISION):
            subjects = [row["recognition_id"]]
        else:
            subjects = [row["round_id"] if deed is Deed.CHOICES else row["organisation_id"]]
        rows = {row_id for subject in subjects for row_id in self._about.get((deed, subject), ())}
        return {self._settled_by[table, row_id][1] for row_id in rows if (table, row_id) in self._settled_by}

    # what stands between the steps

    def content(self, award: _Award) -> _Content:
        """The award as it stands."""
        if award.now is None:
            basis = self._rounds.get(award.row["round_id"], (None, None))
            parts = tuple(sorted(tuple(part[name] for name in PART) for part in award.parts.values()))
            award.now = _Content(content(award.row, award.parts.values(), *basis), award.row, parts, basis)
        return award.now

    def _rest(self, award_id: int, award: _Award, action: SignedAction) -> None:
        """What an action leaves of an award that it touched: its state has a step, and what was settled is as it was."""
        if award.row_state != award.state:
            if self._is_merged(award):
                award.merged_from = award.state if award.merged_from is None else None
            elif award.position or self._is_new_shape("award", award.row):
                said = f"第 {action.id} 号操作“{action.title}”（{action.by}）把它改为“{_label(award.row_state)}”，没有相应的一步"
                self._say(award_id, f"{self._named(award)}按最后一步应为“{_label(award.state)}”：{said}。")
            award.state = award.row_state
        where = f"{self._named(award)}第 {action.id} 号操作“{action.title}”（{action.by}）"
        self._settle(award_id, award, None, where)

    def _is_merged(self, award: _Award) -> bool:
        """Whether merging two organisations voided one of two drafts of the same, or that was taken back."""
        if award.row_state == AwardState.VOIDED:
            return self._merging and award.state in (_DRAFT, AwardState.EXCLUDED)
        return self._merging and award.state == AwardState.VOIDED and award.row_state == award.merged_from

    def _settle(self, award_id: int, award: _Award, event: Event | None, where: str) -> None:
        """Hold what stands to what the last step settled; a step may settle it anew as far as it is for that."""
        before = award.settled
        if award.state == _DRAFT:
            award.settled = None
            if before is None or event is None or not self._is_known(award_id, award.position):
                return
            now = self.content(award)
        else:
            now = award.settled = self.content(award)
        if before is None or now.hash == before.hash or not self._is_known(award_id, award.position):
            return
        if not (self._signed_since or self._is_new_shape("award", now.row)):
            return
        changed = [name for name in _unlike(before, now, self._merging) if not _is_allowed(name, before, now, event, award.state)]
        if changed:
            self._say(award_id, f"{where}：{'、'.join(changed)}在最后一步以后被改动，没有退回重新办理。")

    def _is_known(self, award_id: int, position: int) -> bool:
        """Whether the parts of the time of a step are there, too."""
        return self._part_only is None or position >= self._part_only.began.get(award_id, 0)

    # money

    def _entry(self, row: dict[str, Any], change: ChangeLine, action: SignedAction) -> None:
        award_id = self._part_of.get(row["part_id"], 0)
        award = self.awards.get(award_id)
        kind = EntryKind(row["kind"])
        told = f"奖补 {award.row['number']} " if award else ""
        where = f"{told}台账第 {change.row_id} 条“{kind.label}” {Money(row['fen'])} 元（{row['by_name']}）"
        if row["by_name"] != action.by:
            self._say(award_id, f"{where}：操作人却是{action.by}，不是本人登记的。")
        if award is None or not self._is_new_shape("ledger_entry", row):
            return
        for problem in self._entry_problems(award_id, award, row, kind, action):
            self._say(award_id, f"{where}：{problem}")

    def _entry_problems(
        self, award_id: int, award: _Award, row: dict[str, Any], kind: EntryKind, action: SignedAction
    ) -> Iterator[str]:
        if award.state not in _OUT:
            yield f"奖补当时是“{_label(award.state)}”，还没有下达。"
        elif kind is EntryKind.PAID and award.state != AwardState.ISSUED:
            yield f"奖补当时是“{_label(award.state)}”，不能拨付。"
        fixed = PAYEE if award.row.get("payee_account") else PAYEE[:1]
        if award.row.get("payee_name") is not None and any(row[name] != award.row[name] for name in fixed):
            paid, agreed = ("，".join(filter(None, (one[name] for name in fixed))) for one in (row, award.row))
            yield f"收款的是{paid or '（没有写明）'}，办理时固定的是{agreed}。"
        if not self._persons:
            return
        yield from self._not_this_duty(action.by, _ENTERED_BY[kind])
        if kind is EntryKind.PAID:
            yield from self._not_these_hands(award_id, award, action.by, _MOVES[AwardState.ISSUED, Event.PAY])

    # signatures

    def _check_signature(self, action: SignedAction) -> None:
        if action.hash is None or not any(one.key for one in self._persons.values()):
            self._signed_since = self._signed_since or action.signature is not None
            return  # the action that is being done is signed when it ends; a book without keys signs nothing
        if action.signature is None and not self._signed_since:
            return  # before actions were signed, and while the book was not yet brought to today's shape
        self._signed_since = True
        if why := self._unsigned(action):
            self._say(0, f"第 {action.id} 号操作“{action.title}”（{action.by}）：{why}")

    def _unsigned(self, action: SignedAction) -> str:
        person = self._person(action.by)
        if action.signature is None:
            if self._needs_no_signature(action):
                return ""
            return "没有签名，不是本人登录办理的。" if person else "操作人当时没有登记过，也没有签名。"
        if person and person.key and _signed_by(person.key, action):
            return ""
        for key, name in self._keys.items():
            if key and _signed_by(key, action):
                return "用的是当时已作废的密钥（重设密码以前的），不是本人所签。" if name == action.by else f"签名是{name}的，不是{action.by}的。"
        return "签名与内容不符，不是本人所签。"

    def _needs_no_signature(self, action: SignedAction) -> bool:
        """What nobody is signed in for: who failed at the door, a slot of the key file, the code from the safe."""
        c = tables.Change
        rows = self._session.execute(select(c.table_name, c.before, c.after).where(col(c.action_id) == action.id))
        unsigned = _UNSIGNED | _BY_CODE if action.by == HOLDER else _UNSIGNED
        return all(table in unsigned or table == "person" and _at_the_door(action.by, before, after) for table, before, after in rows)

    def _person(self, name: str) -> _Person | None:
        return self._by_name.get(name)

    @staticmethod
    def _is_new_shape(table: str, row: Mapping[str, Any]) -> bool:
        """Whether a row was written since steps bear digests and payees are frozen."""
        return _SHAPE[table] in row

    @staticmethod
    def _named(award: _Award) -> str:
        return f"奖补 {award.row['number']} "

    def _say(self, award_id: int, sentence: str) -> None:
        self.problems.append(Problem(award_id, sentence))


_DEED_TABLES = {table: deed for deed, (table, _) in WRITES.items()}


def _subject(deed: Deed, row: Mapping[str, Any]) -> object:
    """What a deed is about, as `_who` asks for it."""
    if deed is Deed.BUDGET:
        return row["round_id"], row["payer"], row["division"]
    return row["recognition_id"] if deed in (Deed.MANUAL_AMOUNT, Deed.DECISION) else row["id"]


def _unlike(before: _Content, now: _Content, moved: bool) -> Iterator[str]:
    """What differs, in words; `moved` with an organisation that was merged, it is of another organisation and recognition."""
    others = [column for column in OTHERS if not (moved and column in ("organisation_id", "recognition_id"))]
    for name, columns in (("金额", AMOUNTS), ("收款账户", PAYEE), ("依据", others)):
        if any(before.row.get(column) != now.row.get(column) for column in columns):
            yield name
    if before.parts != now.parts:
        yield "分担部分"
    if before.basis != now.basis:
        yield "批次的政策和口径"


def _is_allowed(name: str, before: _Content, now: _Content, event: Event | None, state: str) -> bool:
    """Whether this step is there to change that, or it is what confirming a treasury puts into awards under way."""
    if name == "收款账户":
        first = before.row.get(PAYEE[0]) is None
        return state == _DRAFT or event in (Event.REVIEW, Event.REDIRECT) or (event is Event.ISSUE and first)
    return name == "依据" and state in UNDER_WAY and _only_confirmed(before.row, now.row)


def _only_confirmed(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    same = [name for name in OTHERS if name not in ("facts", "warnings")]
    if any(before[name] != now[name] for name in same):
        return False
    told = {"shares_confirmed": None, "shares_basis": None}
    try:
        left = [text for text in json.loads(before["warnings"]) if NOT_CONFIRMED not in text]
        facts = [json.loads(one["facts"]) | told for one in (before, now)]
        return facts[0] == facts[1] and left == json.loads(now["warnings"])
    except (ValueError, TypeError):  # a text that the program does not write
        return False


def _at_the_door(by: str, before: str | None, after: str | None) -> bool:
    if before is None or after is None:
        return False
    old, new = json.loads(before), json.loads(after)
    if by == HOLDER:
        return old["name"] == new["name"] and old["roles"] == new["roles"] and may_second(old["roles"])
    return all(old[name] == new[name] for name in old if name not in _AT_THE_DOOR)


def _label(state: str) -> str:
    return AwardState(state).label if state in set(AwardState) else state


@lru_cache(maxsize=256)
def _public(key: str) -> Ed25519PublicKey | None:
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    except ValueError:
        return None


def _signed_by(key: str, action: SignedAction) -> bool:
    public = _public(key)
    try:
        if public:
            public.verify(bytes.fromhex(action.signature or ""), bytes.fromhex(action.hash or ""))
            return True
    except (InvalidSignature, ValueError):  # the latter from a text that is no signature
        pass
    return False


def _packs(session: Session) -> Iterator[tuple[int, str]]:
    for row_id, sha256 in session.execute(select(tables.Pack.id, tables.Pack.sha256)):
        yield row_id, sha256
