"""Random days at the desk: whatever is done in whatever order, tables, history and a plain model agree."""

import json
import tempfile
from pathlib import Path
from typing import Any

from book_kit import CLERK, actions, changes
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import update
from sqlmodel import col, delete, select

from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.bulk import insert_rows, reserve_ids
from zjtx_desktop.storage.tables import FormerName, Organisation

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PICK = st.integers(0, 1000)


class Gone(Exception):
    """What goes wrong in the middle of an action."""


class Desk(RuleBasedStateMachine):
    """A book and beside it the plain model: id → name and phone, and (organisation, folded) → name."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "账簿.zjtx"
        self.book = Book.create(self.path)
        self.organisations: dict[int, tuple[str, str | None]] = {}
        self.former: dict[tuple[int, str], str] = {}
        self.given = self.done = 0

    def pick(self, number: int) -> int:
        return sorted(self.organisations)[number % len(self.organisations)]

    @rule(texts=st.lists(TEXTS, max_size=3))
    def register(self, texts: list[str]) -> None:
        with self.book.action("登记", CLERK) as session:
            for text in texts:
                session.add(Organisation(name=text, folded=text))
                session.flush()
        for text in texts:
            self.given += 1
            self.organisations[self.given] = (text, None)
        self.done += bool(texts)

    @rule(texts=st.lists(TEXTS, max_size=5))
    def paste(self, texts: list[str]) -> None:
        with self.book.action("粘贴", CLERK) as session:
            first = reserve_ids(session, Organisation)
            rows = [{"id": first + n, "name": text, "folded": text} for n, text in enumerate(texts)]
            insert_rows(session, Organisation, rows)
        assert first == self.given + 1
        for text in texts:
            self.given += 1
            self.organisations[self.given] = (text, None)
        self.done += bool(texts)

    @precondition(lambda self: self.organisations)
    @rule(number=PICK, text=TEXTS)
    def rename(self, number: int, text: str) -> None:
        one = self.pick(number)
        old, phone = self.organisations[one]
        with self.book.action("更名", CLERK) as session:
            session.get_one(Organisation, one).name = text
            if (one, old) not in self.former:
                session.add(FormerName(organisation_id=one, name=old, folded=old))
        self.done += text != old or (one, old) not in self.former
        self.former.setdefault((one, old), old)
        self.organisations[one] = (text, phone)

    @precondition(lambda self: self.organisations)
    @rule(phone=st.none() | TEXTS)
    def one_phone_for_all(self, phone: str | None) -> None:
        with self.book.action("改电话", CLERK) as session:
            session.execute(update(Organisation).values(phone=phone))
        self.done += any(old != phone for _, old in self.organisations.values())
        self.organisations = {one: (name, phone) for one, (name, _) in self.organisations.items()}

    @precondition(lambda self: self.organisations)
    @rule(number=PICK)
    def remove(self, number: int) -> None:
        one = self.pick(number)
        with self.book.action("删除", CLERK) as session:
            session.execute(delete(FormerName).where(col(FormerName.organisation_id) == one))
            session.delete(session.get_one(Organisation, one))
        del self.organisations[one]
        self.former = {key: name for key, name in self.former.items() if key[0] != one}
        self.done += 1

    @precondition(lambda self: self.organisations)
    @rule(number=PICK, text=TEXTS, late=st.booleans())
    def break_off(self, number: int, text: str, late: bool) -> None:
        try:
            with self.book.action("半途", CLERK) as session:
                session.add(Organisation(name=text, folded=text))
                session.get_one(Organisation, self.pick(number)).name = text + "改"
                if late:
                    session.flush()
                raise Gone
        except Gone:
            pass

    @rule()
    def look(self) -> None:
        with self.book.action("看", CLERK) as session:
            session.exec(select(Organisation)).all()

    @rule()
    def reopen(self) -> None:
        self.book.close()
        self.book = Book(self.path)

    @invariant()
    def tables_hold_what_the_model_holds(self) -> None:
        if not hasattr(self, "book"):
            return
        with self.book.reading() as session:
            rows = session.exec(select(Organisation)).all()
            former = session.exec(select(FormerName)).all()
        assert {row.id: (row.name, row.phone) for row in rows} == self.organisations
        assert {(row.organisation_id, row.folded): row.name for row in former} == self.former

    def teardown(self) -> None:
        if not hasattr(self, "book"):
            return
        assert self.book.check() == []
        assert len(actions(self.book)) == self.done
        replayed: dict[str, dict[int, dict[str, Any]]] = {"organisation": {}, "former_name": {}}
        for change in changes(self.book):
            table = replayed[change.table_name]
            assert table.get(change.row_id) == (json.loads(change.before) if change.before else None)
            if change.after:
                table[change.row_id] = json.loads(change.after)
            else:
                del table[change.row_id]
        with self.book.reading() as session:
            for name, model in (("organisation", Organisation), ("former_name", FormerName)):
                rows = session.exec(select(model)).all()
                assert replayed[name] == {row.id: row.model_dump() for row in rows}
        self.book.close()
        self.folder.cleanup()


def test_a_random_day_leaves_tables_history_and_model_in_agreement():
    few = settings(
        max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Desk, settings=few)
