"""Taking back and doing again: by name, after a restart, and never what was used since."""

from datetime import date

import pytest

from zjtx_desktop.demo import SAMPLE
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.lists import ListDefaults, parse_list
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.undo import next_redo, next_undo, redo, undo
from zjtx_desktop.usecases import organisations, recognitions, rounds
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.organisations import OrganisationForm


def names(book) -> list[str]:
    with book.reading() as session:
        return [line.name for line in organisations.LISTING.lines(session, organisations.LISTING.ids(session))]


def add(book, name: str) -> None:
    with book.action(f"登记“{name}”", "张三") as session:
        organisations.register(session, OrganisationForm(name=name))


def test_the_menu_names_what_would_be_taken_back(book):
    add(book, "示例甲")
    add(book, "示例乙")
    assert next_undo(book).title == "登记“示例乙”"
    assert undo(book, "李四") == "登记“示例乙”"
    assert names(book) == ["示例甲"]
    assert (next_undo(book).title, next_redo(book).title) == ("登记“示例甲”", "登记“示例乙”")
    redo(book, "李四")
    assert names(book) == ["示例甲", "示例乙"]
    assert next_redo(book) is None
    assert check(book) == []


def test_thirty_steps_are_taken_back_and_done_again_after_a_restart(book):
    for number in range(30):
        add(book, f"示例{number:02d}")
    book.close()
    with Book(book.path) as again:
        for _ in range(30):
            undo(again, "张三")
        assert names(again) == []
        assert next_undo(again).title == "新建账簿"
    with Book(book.path) as third:
        for _ in range(30):
            redo(third, "张三")
        assert len(names(third)) == 30
        assert check(third) == []


def test_something_new_ends_what_could_be_done_again(book):
    add(book, "示例甲")
    undo(book, "张三")
    add(book, "示例乙")
    assert next_redo(book) is None
    undo(book, "张三")
    assert names(book) == []


def test_an_import_is_one_step_until_the_list_is_locked(book):
    parsed = parse_list(read_table(SAMPLE), ListDefaults(), Titles.load(), date(2026, 3, 1))
    with book.action("导入名单", "张三") as session:
        Plan(session, parsed).take_over(session, "名单.xlsx", "00")
    assert len(names(book)) > 30
    undo(book, "张三")
    assert names(book) == []
    redo(book, "张三")
    with book.action("测算", "张三") as session:
        pack, choices = rounds.basis_for(session, 2024)
        rounds.prepare(session, 2024, pack, choices)
    with pytest.raises(Refused, match="不能撤销"):
        undo(book, "张三")
    assert len(names(book)) > 30
    assert check(book) == []


def test_a_row_changed_by_hand_since_is_not_overwritten(book, recognise):
    number = recognise()
    with book.reading() as session:
        form = recognitions.get(session, number)
    with book.action("修改认定", "张三") as session:
        recognitions.change(session, number, recognitions.RecognitionForm(**_fields(form) | {"batch": "第九批"}))
    undo(book, "张三")
    with book.reading() as session:
        assert recognitions.get(session, number) == form


def _fields(form) -> dict:
    return {name: getattr(form, name) for name in form.__dataclass_fields__}
