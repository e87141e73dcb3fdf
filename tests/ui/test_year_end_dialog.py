"""年度结账 in the window: what is left, carrying over, closing, a closed round on the pages, opening again by two."""

from datetime import date

import pytest
import round_kit as kit
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui.dialogs import year_end as dialogs
from ui.dialogs.year_end import ReopenDialog, YearEndDialog
from ui.open_book import OpenBook
from ui.pages.payments import PaymentsPage
from ui.pages.rounds import RoundsPage
from zjtx_desktop.documents.joining import opened
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.usecases import carrying_over, letters, rounds, standings, year_end
from zjtx_desktop.usecases.checks import check


@pytest.fixture
def book(tmp_path):
    """One provincial award of 2024, issued and not paid."""
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.recognise(made, kit.NAMES[1], "srdi_sme", Level.PROVINCIAL)
        list(kit.issue(made, kit.compute(made)))
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    page = shown(RoundsPage(OpenBook(book, jobs, "张三"), settings), height=660)
    jobs.settle()
    return page


def act(page, name):
    return next(one for one in page.acts() if one.id == name)


@pytest.fixture
def dialog(qtbot, jobs, page):
    act(page, "year_end").run()
    jobs.settle()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), YearEndDialog))
    dialog = QApplication.activeModalWidget()
    jobs.settle()
    yield dialog
    dialog.reject()


@pytest.fixture
def sure(monkeypatch):
    """What was asked, and every question answered with yes."""
    asked = []

    def yes(_parent, act, what, way_back):
        asked.append((act, what, way_back))
        return True

    monkeypatch.setattr(dialogs, "ask_sure", yes)
    return asked


def press(qtbot, jobs, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    jobs.settle()
    jobs.settle()


def test_what_is_left_is_listed_and_closing_waits_for_it(jobs, dialog):
    assert dialog.said.text() == "未办结：未付清 1 笔 100,000.00 元。办结或结转以后才能结账。"
    assert [dialog.pane.model.text(0, place) for place in range(5)] == [
        "未付清", kit.NAMES[1], "玉山县（受益财政）", "100,000.00", "登记拨付，或结转",
    ]  # fmt: skip
    assert (dialog.carry.isEnabled(), dialog.close_it.isEnabled()) == (True, False)
    assert not dialog.open_again.isVisible()


def test_a_line_leads_to_its_award(qtbot, dialog, page, jobs):
    with qtbot.waitSignal(dialog.wanted) as found:
        dialog.pane.view.selectRow(0)
        dialog.go()
    jobs.settle()
    assert found.args == [page.current.id]


def test_carried_over_closed_and_opened_again(qtbot, jobs, book, page, dialog, sure):
    press(qtbot, jobs, dialog.carry)
    assert dialog.banner.text() == "已结转到 2025 年度“第一批结转（2024年）”1 笔，未付 100,000.00 元。"
    assert dialog.said.text() == "没有未办结的事项，可以结账。"
    press(qtbot, jobs, dialog.close_it)
    assert f"2024 年度已由张三于{date.today().year}年" in dialog.banner.text()
    assert "只能查看" in dialog.said.text() and not dialog.close_it.isVisible()
    assert [what for what, *_ in sure] == ["结转", "结账"]
    assert [page.bar.choice.itemText(n) for n in range(page.bar.choice.count())] == [
        "2025 年度第一批结转（2024年）", "2024 年度第一批（已结账）",
    ]  # fmt: skip
    page.bar.go_to(1)
    jobs.settle()
    assert page.bar.text().startswith("2024 年度已由张三于") and "已测算：名单 1 项" in page.bar.text()
    closed = {name: act(page, name) for name in ("compute", "unlock", "choices", "manual", "redo_award", "delete")}
    assert not any(one.enabled for one in closed.values()) and "只能查看" in closed["compute"].why

    dialog.open_again.click()
    ask = QApplication.activeModalWidget()
    assert isinstance(ask, ReopenDialog)
    ask.form.field("reason").setPlainText("漏报一户")
    with qtbot.waitSignal(ask.saved):
        ask.accept()
    jobs.settle()
    jobs.settle()
    assert dialog.open_again.text() == "同意重新开账…" and "漏报一户" in dialog.said.text()
    press(qtbot, jobs, dialog.open_again)
    assert "已重新开账" in dialog.banner.text() and dialog.close_it.isVisible()
    assert "漏报一户" in sure[-1][1]
    assert check(book) == []


def test_a_refusal_stands_over_the_list(jobs, dialog):
    dialog.close_year()
    jobs.settle()
    assert "还有没有办结的：未付清 1 笔" in dialog.banner.text()


def test_the_list_is_saved_as_pdf(jobs, dialog, tmp_path):
    path = tmp_path / "清单.pdf"
    dialog.write(path)
    jobs.settle()
    with opened(path.read_bytes()) as reader:
        text = "".join(reader.pages[0].extract_text().split())
    for said in ("2024年度未办结事项清单", kit.NAMES[1], "按事项：未付清1笔100,000.00元。", "按财政：玉山县（受益财政）100,000.00元。"):
        assert said in text
    assert dialog.banner.text() == f"清单已保存：{path}"


def test_the_carried_part_is_paid_on_the_payments_page_of_the_new_year(shown, qtbot, jobs, book, settings):
    with book.action("结转", "张三") as session:
        (made,) = carrying_over.carry_over(session, 2024, date(2024, 12, 31))
    with book.action("结账", "张三") as session:
        year_end.close_year(session, 2024, date(2024, 12, 31))
    page = shown(PaymentsPage(OpenBook(book, jobs, "张三"), settings), height=660)
    page.bar.go_to(made.round_id)
    jobs.settle()
    page.pane.view.selectRow(0)
    jobs.settle()
    assert page.pane.model.rowCount() == 1 and "由 2024 年度第一批结转" in page.detail.toPlainText()
    assert next(one for one in page.acts() if one.id == "paid").enabled
    with book.reading() as session:
        (part,) = standings.part_lines(session, made.round_id)
        assert rounds.rounds(session)[1].closed and letters.register(session, 1)[0].award_number == part.award_number
