"""修改记录: nothing of what was changed is out of sight."""

from datetime import datetime

import pytest
import round_kit as kit
from PySide6.QtCore import QSize, Qt

from ui.dialogs.history import HistoryDialog
from ui.open_book import OpenBook
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.backups import back_up
from zjtx_desktop.usecases.books import open_book
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.restoring import Hands, restore

LONG = "税务部门二〇二四年度地方税收分享情况证明，" * 4
SMALLEST = QSize(728, 620)  # what is left of 1366 × 768 at 150 %


def quiet(_done, _total):
    """Nobody is told how far it is."""


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.recognise(made, kit.NAMES[0])
        with made.action("改备注", "张三") as session:
            recognition = recognitions.get(session, 1)
            organisations.change(session, recognition.organisation_id, _with_note(organisations.get(session, recognition.organisation_id)))
        yield made


def _with_note(form):
    return type(form)(**{name: getattr(form, name) for name in form.__dataclass_fields__} | {"note": LONG})


@pytest.fixture
def show(qtbot, jobs, settings):
    def make(book, *record):
        dialog = HistoryDialog(OpenBook(book, jobs, "张三"), settings, *record)
        qtbot.addWidget(dialog, before_close_func=lambda closing: jobs.settle())
        dialog.resize(SMALLEST)
        dialog.show()
        while not jobs.is_idle():
            jobs.settle()
        return dialog

    return make


@pytest.mark.parametrize("record", [(), (("organisation", 1), kit.NAMES[0])])
def test_what_it_was_changed_to_is_on_screen_and_in_full_below(show, book, record):
    dialog = show(book, *record)
    view = dialog.changes_view
    titles = [view.model().headerData(place, Qt.Orientation.Horizontal) for place in range(view.model().columnCount())]
    place = titles.index("改为")
    assert view.columnViewportPosition(place) + view.columnWidth(place) <= view.viewport().width()
    assert LONG in dialog.detail.toPlainText()
    assert dialog.detail.width() > SMALLEST.width() * 0.9


def test_a_restore_is_shown_in_full(show, book, jobs, tmp_path):
    line, path = back_up(book, tmp_path, datetime.now(), quiet), book.path
    book.close()
    aside = restore(line.path, path, Hands(Actor("李四")), datetime.now(), quiet)
    with open_book(path) as back:
        dialog = show(back)
        said = dialog.detail.toPlainText()
        assert line.path.name in said and aside.name in said and "李四" in said
