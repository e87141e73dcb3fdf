"""撤销 in the menu: what cannot be taken back names its counter-action, and leads to what was done before it."""

from types import SimpleNamespace

import pytest
import round_kit as kit
from PySide6.QtWidgets import QPushButton

from ui.desk_verbs import DeskVerbs, short
from ui.open_book import OpenBook
from ui.places import Places
from ui.vitals import Vitals
from zjtx_desktop.storage.undo import next_undo


@pytest.fixture
def verbs(tmp_path, window, jobs, settings):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as book:
        kit.recognise(book, "示例甲有限公司")
        desk, places = OpenBook(book, jobs, "张三"), Places(settings)
        made = DeskVerbs(SimpleNamespace(window=window, settings=settings), places, desk, Vitals(desk, places))
        yield made, desk, window
        jobs.settle()


def undo_act(verbs, desk, jobs):
    desk.ask_steps()
    jobs.settle()
    return next(act for act in verbs.acts() if act.id == "undo")


def test_an_issued_letter_is_not_taken_back_but_the_menu_says_how_to_void_it(qtbot, verbs, jobs):
    made, desk, window = verbs
    kit.issue(desk.book, kit.compute(desk.book))
    act = undo_act(made, desk, jobs)
    assert act.enabled and act.text == "撤销：下达（不能撤销，看怎样更正）"
    before = next_undo(desk.book)
    act.run()
    assert "“下达”不能撤销。要收回的，在“奖补”页“作废”" in window.banner.text()
    assert next_undo(desk.book) == before, "nothing is taken back unseen"
    older = next(one for one in window.banner.findChildren(QPushButton) if one.isVisibleTo(window.banner) and one.text())
    assert older.text() == f"撤销更早的：{short(before.title)}"


def test_what_was_only_registered_is_offered_by_its_name(verbs, jobs):
    made, desk, _window = verbs
    assert undo_act(made, desk, jobs).text == "撤销：登记示例甲有限公司"


def test_a_long_title_is_cut_where_a_menu_ends():
    assert short("一" * 24) == "一" * 24 and short("一" * 40) == "一" * 23 + "…"
