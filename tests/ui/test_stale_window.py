"""What changed after 测算, in the window: said over the list, marked in it, listed with both results, and dealt with from there."""

from datetime import date

import looks
import pytest
import round_kit as kit
from PySide6.QtWidgets import QApplication, QPushButton

from ui.dialogs.in_order import InOrderDialog
from ui.dialogs.new_round import NewRoundDialog
from ui.dialogs.stale import StaleDialog
from ui.open_book import OpenBook
from ui.pages.rounds import RoundsPage
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import awards, past_awards, process, recognitions, rounds
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.values import Money

DAY = date(2024, 12, 2)


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.fill(made)
        kit.compute(made)
        yield made


@pytest.fixture
def page(shown, book, jobs, settings):
    return shown(RoundsPage(OpenBook(book, jobs, "张三"), settings), height=660)


def paid_before(book, place, title="little_giant", level=Level.NATIONAL):
    """The organisation of a recognition turns out to have been paid for it in 2023."""
    with book.action("登记历史奖励", "张三") as session:
        past_awards.register(session, place, PastAwardForm(title, level, 2023, Money.parse("10万"), Money.parse("20万"), "玉财企〔2023〕7号"))


def examine(book, place):
    with book.action("初审", "张三") as session:
        number = awards.award_lines(session, 1)[place].number
        assert all(one.is_done for one in process.advance(session, [number], Event.EXAMINE, Words(DAY, "同意")))


def act(page, name):
    return next(one for one in page.acts() if one.id == name)


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def settled(qtbot, page, jobs):
    page.refresh()
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)
    return page.notice.text()


def marks(page):
    model = page.pane.model
    place = [one.key for one in model.columns].index("marks")
    return [model.text(row, place) for row in range(model.rowCount())]


def press_notice(page):
    next(one for one in page.notice.findChildren(QPushButton) if one.isVisible()).click()


def test_drafts_that_would_come_out_otherwise_are_marked_listed_and_computed_anew(qtbot, page, book, jobs):
    assert settled(qtbot, page, jobs) == "" and not act(page, "stale").enabled
    paid_before(book, 1)
    assert settled(qtbot, page, jobs).startswith("测算后有变化 1 笔")
    assert marks(page) == ["测算后有变化", "", "", "", ""]
    page.pane.view.go_to(page.pane.model.id_at(0))
    said = " ".join(page.detail.toPlainText().split())
    assert "原结果 奖励 300,000.00 元（玉山县 100,000.00 元、上饶市本级 200,000.00 元） 现结果 待定" in said and "请重新测算" in said
    assert looks.problems(page) == []
    press_notice(page)
    dialog = dialog_of(qtbot, StaleDialog)
    row = [dialog.model.text(0, column) for column in range(6)]
    assert row[0] == kit.NAMES[0] and row[2:5] == ["草稿", "奖励 300,000.00 元（玉山县 100,000.00 元、上饶市本级 200,000.00 元）", "待定"]
    assert "2023 年" in row[5] and "请重新测算" in dialog.whole.text()
    assert not dialog.go.isVisible() and looks.problems(dialog) == []
    dialog.again.click()
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)
    assert marks(page) == [""] * 5 and "变化 1 笔" in page.banner.text()
    assert not act(page, "stale").enabled


def test_one_under_way_leads_to_the_page_where_it_is_sent_back(qtbot, page, book, jobs):
    examine(book, 0)
    paid_before(book, 1)
    settled(qtbot, page, jobs)
    act(page, "stale").run()
    dialog = dialog_of(qtbot, StaleDialog)
    assert "请先到“办理”页退回，再重新测算" in dialog.whole.text() and not dialog.again.isVisible()
    with qtbot.waitSignal(page.wants_page) as wanted:
        dialog.go.click()
    assert wanted.args == ["process", page.pane.model.row(0).id]


def test_an_earlier_year_that_is_not_computed_is_said_and_can_be_tried_out_in_order(qtbot, page, book, jobs):
    with book.action("登记 2023 年的认定", "张三") as session:
        facts = {"document_number": "工信部企业函〔2023〕100号", "document_title": "关于公布名单的通知", "document_date": date(2023, 11, 6)}
        recognitions.register(session, RecognitionForm(1, "little_giant", Level.NATIONAL, Kind.NEW, kit.NAMES[0], **facts))
    assert settled(qtbot, page, jobs).endswith("另外，2023 年度还有认定没有测算，可能改变本批金额。")
    before = book.head()
    act(page, "in_order").run()
    dialog = dialog_of(qtbot, InOrderDialog)
    jobs.settle()
    assert [panel.words.text().splitlines()[0][:3] for panel in dialog.panels] == ["现在：", "现在："]
    first, second = (panel.words.text() for panel in dialog.panels)
    assert "按先后测算：奖励 1 笔，受益财政 100,000.00 元，市级财政 200,000.00 元" in first
    assert "减少 300,000.00 元" in second and dialog.panels[1].model.text(0, 0) == kit.NAMES[0]
    assert book.head() == before, "trying it out stores nothing"
    assert looks.problems(dialog) == []
    assert dialog.go.text() == "先测算 2023 年度…"
    dialog.go.click()
    asked = dialog_of(qtbot, NewRoundDialog)
    jobs.settle()
    assert asked.form.field("year").text() == "2023"
    asked.reject()
    with book.action("新建批次", "张三") as session:
        made = rounds.open_round(session, 2023)
    kit.compute(book)
    assert settled(qtbot, page, jobs) == "2023 年度还有认定没有测算，可能改变本批金额。"
    press_notice(page)
    again = dialog_of(qtbot, InOrderDialog)
    jobs.settle()
    again.go.click()
    settled(qtbot, page, jobs)
    assert page.bar.line.id == made.id
