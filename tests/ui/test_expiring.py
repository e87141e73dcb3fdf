"""认定 › 即将到期: what ends in the next months, and nothing else; it can be printed and gone to."""

from datetime import date

import list_kit as kit
import looks
import pypdf
import pytest
from PySide6.QtWidgets import QApplication

from ui.dialogs.expiring import ExpiringDialog
from ui.open_book import OpenBook
from ui.pages.recognitions import RecognitionsPage
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import recognitions
from zjtx_desktop.usecases.expiring import expiring
from zjtx_desktop.usecases.overview import months_later
from zjtx_desktop.usecases.recognitions import RecognitionForm

TODAY = date.today()


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        with made.action("登记", "张三") as session:
            for months, batch, public in ((0, "甲", False), (6, "乙", False), (12, "丙", False), (3, "丁", True)):
                form = RecognitionForm(
                    1, "startup_base", Level.PROVINCIAL, Kind.NEW, "示例", batch,
                    valid_to=months_later(TODAY, months), publicity_only=public,
                )  # fmt: skip
                recognitions.register(session, form)
        yield made


def test_only_what_ends_in_the_next_months_is_listed_the_earliest_first(book):
    with book.reading() as session:
        found = {months: [line.batch for line in expiring(session, TODAY, months)] for months in (3, 6, 12)}
    assert found[3] == ["甲"] and found[6] == ["甲", "乙"]
    assert [batch for batch in found[12] if batch in "甲乙丙丁"] == ["甲", "乙", "丙"]


def test_the_list_is_narrowed_saved_and_leads_to_the_recognition(qtbot, shown, book, jobs, settings, tmp_path):
    page = shown(RecognitionsPage(OpenBook(book, jobs, "张三"), settings))
    kit.verb(page, "expiring").run()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ExpiringDialog))
    dialog = QApplication.activeModalWidget()
    assert jobs.settle() and dialog.pane.model.rowCount() == 2 and looks.problems(dialog) == []
    dialog.months.set_value(3)
    dialog.months.changed.emit()
    assert jobs.settle() and dialog.pane.model.rowCount() == 1
    dialog.lists.write(tmp_path / "到期.pdf", dialog.lists.listed())
    assert jobs.settle()
    assert "今后 3 个月内到期的认定" in pypdf.PdfReader(tmp_path / "到期.pdf").pages[0].extract_text()
    dialog.pane.view.go_to(dialog.pane.model.id_at(0))
    with qtbot.waitSignal(dialog.wanted) as wanted:
        dialog.go.click()
    assert jobs.settle() and jobs.settle()
    assert page.current == wanted.args[0]
