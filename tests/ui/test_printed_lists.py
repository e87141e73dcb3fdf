"""Lists printed and saved in the window: exactly what is listed, by Ctrl+P on every page that has a list."""

from contextlib import closing
from io import BytesIO

import looks
import pytest
import round_kit
from file_kit import answer_file
from list_kit import verb
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pypdf import PdfReader

from ui import printing
from ui.dialogs.print_dialog import PrintDialog
from ui.open_book import OpenBook
from ui.page import Desk, PageSpec
from ui.pages.letters import LettersPage
from ui.pages.organisations import OrganisationsPage
from ui.pages.recognitions import RecognitionsPage
from ui.pages.rounds import RoundsPage
from ui.printing import Order, PagePrinter
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, organisations
from zjtx_desktop.usecases.organisations import OrganisationForm

PAGES = (OrganisationsPage, RecognitionsPage, RoundsPage)


@pytest.fixture
def book(tmp_path):
    with round_kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        round_kit.fill(made)
        yield made


@pytest.fixture
def round_id(book):
    return round_kit.compute(book)


@pytest.fixture
def made(book, round_id, jobs, settings, shown):
    def make(kind):
        page = shown(kind(OpenBook(book, jobs, "张三"), settings))
        page.said = []
        lists(page).said.connect(lambda tone, sentence: page.said.append((tone, sentence)))
        return page

    return make


def lists(page):
    return getattr(page, "list_deeds", None) or page.lists


def pages_of(pdf):
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def on_screen(pane):
    """The listed rows, numbered, as their texts would be read one after the other."""
    columns, model = pane.view.columns_shown(), pane.model
    rows = [model.row(place) for place in range(model.rowCount())]
    texts = [f"{n}{''.join(column.text(row) for column in columns)}" for n, row in enumerate(rows, start=1)]
    return "".join("".join(texts).split())


def headings(pane):
    return "序号" + "".join(column.title for column in pane.view.columns_shown())


def saved(page, jobs, path):
    answer_file(path)
    verb(page, "save_list").run()
    jobs.settle()
    return pages_of(path.read_bytes())


def dialog_of(qtbot):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), PrintDialog))
    return QApplication.activeModalWidget()


def test_an_organisation_list_on_paper_is_the_list_on_screen(made, jobs, tmp_path):
    page = made(OrganisationsPage)
    page.pane.view.header.sort_by("name")
    jobs.settle()
    (text,) = saved(page, jobs, tmp_path / "企业.pdf")
    assert text.startswith("企业名单编制单位：玉山县财政局制表日期：")
    assert f"{headings(page.pane)}{on_screen(page.pane)}说明：共5家。" in text
    assert page.said[-1][0] == "good"


def test_hidden_columns_and_rows_not_found_are_not_on_paper(made, jobs, tmp_path):
    page = made(OrganisationsPage)
    model, view = page.pane.model, page.pane.view
    hidden = [column.key for column in model.columns].index("standing")
    view.header.setSectionHidden(hidden, True)
    page.pane.search.setText("光电")
    page.pane.reload()
    jobs.settle()
    (text,) = saved(page, jobs, tmp_path / "企业.pdf")
    assert "受益财政确认" not in text and "受益财政" in text
    assert f"{headings(page.pane)}1玉山县示例光电科技有限公司" in text
    assert "说明：共1家。只列出查找“光电”找到的。" in text
    assert round_kit.NAMES[0] not in text


@pytest.mark.parametrize("kind", PAGES)
def test_ctrl_p_prints_the_list(qtbot, window, book, round_id, jobs, settings, lp, kind):
    page = kind(OpenBook(book, jobs, "张三"), settings)
    page.lists.paper.queues = lambda: ("财务室",)
    window.open_desk(Desk("玉山县财政局", book.path.name, book.path, (PageSpec(page.help_id, page.title, "home", lambda: page),)))
    jobs.settle()
    listed = page.lists.listed()
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog = dialog_of(qtbot)
    assert looks.problems(dialog) == []
    dialog.form.set_values({"copies": 1, "both_sides": True})
    dialog.accept()
    qtbot.waitUntil(lambda: "已交给打印机" in said(window, page))
    arguments, pdf = lp()
    assert arguments[:6] == ["-d", "财务室", "-n", "1", "-t", listed.words]
    assert "sides=two-sided-short-edge" in arguments, "lying pages turn like those of a book"
    (text,) = pages_of(pdf)
    names = [page.pane.model.text(place, 0) for place in range(page.pane.model.rowCount())]
    assert len(names) == 5
    assert text.startswith(listed.title)
    assert "第1页共1页" in text


def said(window, page):
    return window.banner.text() + (page.banner.text() if hasattr(page, "banner") else "")


def test_awards_have_their_sums_and_voided_ones_are_listed_and_not_summed(made, book, round_id, jobs, tmp_path):
    round_kit.issue(book, round_id)
    with book.reading() as session:
        first = next(line for line in awards.award_lines(session, round_id) if line.state is AwardState.ISSUED)
    with book.action("作废", "张三") as session:
        awards.void(session, first.number, "金额有误，重新测算")
    page = made(RoundsPage)
    page.voided.setChecked(True)
    jobs.settle()
    (text,) = saved(page, jobs, tmp_path / "奖补.pdf")
    assert text.startswith("2024年度第一批奖补名单")
    assert "作废的不计入合计。" in text
    assert f"合计{page.pane._totals.sums[0][1]}" in text
    assert "作废" in text.split("说明")[0]


def test_what_a_list_is_filtered_by_stands_on_paper(made, jobs, tmp_path):
    page = made(RoundsPage)
    page.receive("奖励")
    jobs.settle()
    (text,) = saved(page, jobs, tmp_path / "奖补.pdf")
    assert "说明：共3笔。只列出结论为奖励的。" in text
    assert "示例轴承" not in text


def test_a_list_still_being_read_is_not_printed(made):
    page = made(OrganisationsPage)
    page.pane.search.setText("光电")
    verb(page, "save_list").run()
    assert page.said[-1] == ("warn", "列表还在读取，请等读完再打印。")


def test_a_list_without_sums_left_out_says_nothing_of_it(made, jobs, tmp_path):
    (text,) = saved(made(RoundsPage), jobs, tmp_path / "奖补.pdf")
    assert "合计700,000.00300,000.00400,000.00" in text
    assert "作废" not in text


def test_on_the_letters_page_ctrl_p_stays_with_letters_and_the_register_is_saved(made, book, round_id, jobs, tmp_path):
    round_kit.issue(book, round_id)
    page = made(LettersPage)
    page.show_kind("issued")
    page.refresh()
    jobs.settle()
    assert "列表" not in verb(page, "print").text
    assert verb(page, "print_list").text == "打印列表…"
    (text,) = saved(page, jobs, tmp_path / "登记簿.pdf")
    assert text.startswith("2024年度第一批拨付通知登记簿")
    assert f"{headings(page.pane)}{on_screen(page.pane)}合计" in text


def test_without_a_printer_saving_as_pdf_is_offered(made):
    page = made(OrganisationsPage)
    page.lists.paper.queues = tuple
    verb(page, "print").run()
    assert page.said == [("error", "这台电脑没有安装打印机，没有打印。请安装打印机，或者用“列表存为 PDF”。")]


def test_a_name_that_no_font_has_is_refused_and_nothing_is_written(made, book, jobs, tmp_path):
    with book.action("登记", "张三") as session:  # by a program that did not ask for its letters yet
        session.add(tables.Organisation(name="𠮷野公司", folded="𠮷野公司"))
    page = made(OrganisationsPage)
    path = tmp_path / "企业.pdf"
    answer_file(path)
    verb(page, "save_list").run()
    jobs.settle()
    assert "“单位名称”（𠮷野公司）中的 “𠮷”" in page.said[-1][1]
    assert not path.exists()


def test_an_empty_list_offers_no_printing(tmp_path, jobs, settings, shown):
    with closing(round_kit.empty_book(tmp_path / "空.zjtx")) as empty:
        page = shown(OrganisationsPage(OpenBook(empty, jobs, "张三"), settings))
        assert not verb(page, "print").enabled
        assert not verb(page, "save_list").enabled


def test_a_list_that_lies_is_printed_lying_without_lp(qtbot, made, jobs, tmp_path):
    page = made(RoundsPage)
    path, into = tmp_path / "奖补.pdf", tmp_path / "印出.pdf"
    saved(page, jobs, path)
    printer = PagePrinter(path.read_bytes(), Order(""), "奖补", into, page)
    with qtbot.waitSignal(printer.ended, timeout=20_000):
        printer.start()
    box = PdfReader(into).pages[0].mediabox
    assert box.width > box.height
    assert printing.page_count(into.read_bytes()) == 1
