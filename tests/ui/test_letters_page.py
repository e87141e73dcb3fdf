"""The letters page by hand: looked at, issued, saved and printed in the window."""

from datetime import date
from time import perf_counter

import looks
import pytest
import round_kit as kit
from file_kit import answer_file
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication, QPushButton

from ui import printing
from ui.dialogs.issuing import IssueDialog
from ui.dialogs.print_dialog import PrintDialog, PrintJob
from ui.open_book import OpenBook
from ui.pages.letters import LettersPage
from ui.printing import Order
from ui.theme import tone
from ui.widgets.pdf_preview import PdfPreview
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import letters, printouts
from zjtx_desktop.usecases.overview import UNCONFIRMED

YEAR = date.today().year
PDF_OF_ONE_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def book(tmp_path):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.fill(made)
        yield made


@pytest.fixture
def round_id(book):
    return kit.compute(book)


@pytest.fixture
def page(qtbot, book, round_id, jobs, settings):
    page = LettersPage(OpenBook(book, jobs, "张三"), settings)
    qtbot.addWidget(page, before_close_func=lambda shown: jobs.settle())
    page.resize(1180, 660)
    page.show()
    page.refresh()
    jobs.settle()
    return page


@pytest.fixture
def issued(page, book, round_id, jobs):
    """The page over a register of three letters, all selected."""
    kit.issue(book, round_id, date(2024, 12, 2))
    page.show_kind("issued")
    page.refresh()
    jobs.settle()
    page.pane.view.selectAll()
    return page


def act(page, name):
    return next(one for one in page.acts() if one.id == name)


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def register(book, round_id):
    with book.reading() as session:
        return letters.register(session, round_id)


def text_of(path):
    document = QPdfDocument()
    document.load(str(path))
    pages = [document.getAllText(page).text() for page in range(document.pageCount())]
    document.close()
    return pages


def is_painted(view):
    picture = view.grab().toImage()
    return len({picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}) > 3


def test_a_draft_is_shown_with_the_words_it_would_have_and_says_it_is_one(qtbot, page):
    assert kit.NAMES[0] in page.preview.text()
    assert "未编号" in page.preview.text()
    qtbot.waitUntil(lambda: is_painted(page.preview.view))


def test_the_preview_comes_to_rest_at_every_width(qtbot, page):
    """Fitted to the width, the scroll bars once came and went for ever, and the window with them."""
    for width in range(700, 1400, 37):
        page.resize(width, 600)
        page.preview.show_pdf(PDF_OF_ONE_PAGE, "一页")
        begun = perf_counter()
        QApplication.processEvents()
        assert perf_counter() - begun < 1


def test_issuing_names_count_numbers_and_sum_and_then_shows_the_register(qtbot, page, book, round_id, jobs):
    page.pane.view.selectAll()
    assert act(page, "issue").text == "下达选中的 3 份…"
    act(page, "issue").run()
    dialog = dialog_of(qtbot, IssueDialog)
    assert "3 份" in dialog.ok.text()
    assert f"玉财奖〔{YEAR}〕1号 至 玉财奖〔{YEAR}〕3号" in dialog.taken.text()
    assert looks.problems(dialog) == []
    dialog.accept()
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)
    assert "已下达 3 份" in page.banner.text()
    assert "合计 700,000.00 元" in page.banner.text()
    assert page.kind == "issued"
    assert [line.number for line in register(book, round_id)] == [f"玉财奖〔{YEAR}〕{n}号" for n in (1, 2, 3)]
    assert f"玉财奖〔{YEAR}〕1号" in page.preview.text()


def test_a_day_in_the_future_is_not_taken(qtbot, page):
    act(page, "issue").run()
    dialog = dialog_of(qtbot, IssueDialog)
    dialog.form.field("on").setText("2099-01-01")
    dialog.accept()
    assert "不能晚于今天" in dialog.form.message("on")
    dialog.form.mark_clean()
    dialog.reject()


def test_looking_at_issued_letters_is_not_printing_them(issued, book, round_id):
    assert "玉财奖〔2024〕1号" in issued.preview.text()
    assert [line.prints for line in register(book, round_id)] == [0, 0, 0]


def test_letters_are_saved_as_one_pdf_and_that_counts_as_printed(qtbot, issued, book, round_id, jobs, tmp_path):
    answer_file(tmp_path / "全部通知.pdf")
    act(issued, "export").run()
    jobs.settle()
    assert "已保存 3 份" in issued.banner.text()
    text = "".join(text_of(tmp_path / "全部通知.pdf"))
    assert all(f"玉财奖〔2024〕{n}号" in text for n in (1, 2, 3))
    assert [line.prints for line in register(book, round_id)] == [1, 1, 1]


def test_drafts_are_saved_one_each_into_a_folder(qtbot, page, book, round_id, jobs, tmp_path):
    folder = tmp_path / "通知"
    folder.mkdir()
    page.pane.view.selectAll()
    answer_file(folder)
    act(page, "save_each").run()
    jobs.settle()
    assert "3 个文件" in page.banner.text()
    assert len(list(folder.iterdir())) == 3
    assert all(path.name.startswith("草稿") for path in folder.iterdir())


def test_the_basis_is_saved_as_pdf(page, jobs, tmp_path):
    answer_file(tmp_path / "测算依据.pdf")
    act(page, "basis").run()
    jobs.settle()
    assert "测算依据（5 笔）" in page.banner.text()
    assert "测算依据" in text_of(tmp_path / "测算依据.pdf")[0]


def test_without_a_printer_the_page_says_so_and_logs_nothing(issued, book, round_id, jobs):
    if printing.queues():
        pytest.skip("this machine has printers")
    act(issued, "print").run()
    jobs.settle()
    assert "没有安装打印机" in issued.banner.text()
    assert [line.prints for line in register(book, round_id)] == [0, 0, 0]


def test_what_was_handed_to_the_printer_is_logged(qtbot, issued, book, round_id, jobs, lp):
    issued.deeds.paper.queues = lambda: ("财务室",)
    act(issued, "print").run()
    dialog = dialog_of(qtbot, PrintDialog)
    assert looks.problems(dialog) == []
    dialog.form.set_values({"copies": 2})
    dialog.accept()
    qtbot.waitUntil(lambda: [line.prints for line in register(book, round_id)] == [1, 1, 1])
    arguments, pdf = lp()
    assert arguments[:4] == ["-d", "财务室", "-n", "2"]
    assert printing.page_count(pdf) == sum(line.pages for line in register(book, round_id))


@pytest.mark.parametrize("kind", [PrintDialog, IssueDialog])
def test_esc_closes_what_keeps_no_input_without_asking(qtbot, page, jobs, kind):
    """Esc once asked whether to save, and “保存” printed."""
    if kind is PrintDialog:
        page.deeds.paper.queues = lambda: ("财务室",)
        act(page, "print").run()
    else:
        act(page, "issue").run()
    dialog = dialog_of(qtbot, kind)
    key, text = ("copies", "3") if kind is PrintDialog else ("on", "2024-12-01")
    dialog.form.field(key).setText(text)
    assert dialog.form.is_dirty
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_printer_that_refuses_is_said_and_nothing_is_logged(qtbot, issued, book, round_id, jobs, lp):
    lp.fail("The printer or class does not exist.")
    issued.deeds.paper.queues = lambda: ("没有的打印机",)
    act(issued, "print").run()
    dialog_of(qtbot, PrintDialog).accept()
    qtbot.waitUntil(lambda: "没有接受" in issued.banner.text())
    assert "系统找不到这台打印机" in issued.banner.text()
    assert [line.prints for line in register(book, round_id)] == [0, 0, 0]


def test_nothing_is_cut_at_either_size(issued):
    assert looks.problems(issued) == []


@pytest.fixture
def pdf(page, book, round_id):
    with book.reading() as session:
        return printouts.one_pdf(printouts.to_look_at(session, (), letters.drafts(session, round_id)))


@pytest.mark.parametrize(
    ("text", "pages"), [("", ()), ("1-3,5", (1, 2, 3, 5)), ("２，4－5", (2, 4, 5)), (" 3 、 1 ", (3, 1)), ("2,2", (2,))]
)
def test_pages_are_read_as_people_write_them(text, pages):
    assert printing.parse_pages(text, 5) == pages


@pytest.mark.parametrize("text", ["0", "6", "3-1", "a", "1-", "1-9"])
def test_pages_that_are_none_are_refused(text):
    with pytest.raises(BadValue, match="共 5 页"):
        printing.parse_pages(text, 5)


def test_lp_is_given_queue_copies_pages_and_sides(lp):
    order = Order("财务室", 2, (1, 2, 3, 5), both_sides=True)
    printing.hand_over(printing.lp(), b"%PDF-1.7", order, "拨付通知")
    arguments, sent = lp()
    assert arguments == ["-d", "财务室", "-n", "2", "-t", "拨付通知", "-o", "media=A4", "-o", "sides=two-sided-long-edge", "-P", "1-3,5", "-"]
    assert sent == b"%PDF-1.7"


def test_lp_that_fails_is_refused_with_its_reason(lp):
    lp.fail("no such queue")
    with pytest.raises(Refused, match="no such queue"):
        printing.hand_over(printing.lp(), b"", Order("没有"), "通知")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/usr/bin/lp: Error - The printer or class does not exist.", "（系统找不到这台打印机）"),
        ('/usr/bin/lp: Destination "x" is not accepting jobs.', "（这台打印机停止接收任务）"),
        ("/usr/bin/lp: Error - no space", "（no space）"),
    ],
)
def test_what_lp_complains_of_is_said_in_chinese_where_it_is_known(lp, said, shown):
    """CUPS 2.4 puts its own path before each sentence, which once stood before the clerk."""
    lp.fail(said.replace('"', ""))
    with pytest.raises(Refused, match=shown):
        printing.hand_over(printing.lp(), b"", Order("x"), "通知")


def test_without_lp_pages_are_printed_one_by_one_without_loss(qtbot, page, pdf, jobs, tmp_path):
    into, job = tmp_path / "印出.pdf", PrintJob(jobs, pdf, "草稿", page)
    count = printing.page_count(pdf)
    with qtbot.waitSignal(job.done, timeout=20_000):
        job.print_pages(printing.PagePrinter(pdf, Order("", pages=(1, 2)), "草稿", into, job))
    assert count > 2
    assert printing.page_count(into.read_bytes()) == 2
    assert b"DCTDecode" not in into.read_bytes(), "no JPEG"


def test_a_cancelled_print_leaves_nothing(qtbot, page, pdf, jobs, tmp_path):
    into, job = tmp_path / "印出.pdf", PrintJob(jobs, pdf, "草稿", page)
    printer = printing.PagePrinter(pdf, Order(""), "草稿", into, job)
    printer.progress.connect(lambda done, total: printer.cancel())
    with qtbot.waitSignal(job.cancelled, timeout=20_000):
        job.print_pages(printer)
    assert not into.exists()


def test_what_lies_round_the_pages_follows_the_theme(qtbot, theme):
    preview = PdfPreview()
    qtbot.addWidget(preview)
    for mode in ("dark", "light"):
        theme.set_mode(mode)
        qtbot.waitUntil(lambda: preview.view.palette().color(QPalette.ColorRole.Dark) == tone("sunken"))


def test_a_letter_that_waits_for_a_treasury_leads_to_where_it_is_confirmed(qtbot, page, book, jobs):
    with book.action("导入", "张三") as session:
        session.get_one(tables.Beneficiary, 1).confirmed = False
    act(page, "issue").run()
    dialog_of(qtbot, IssueDialog).accept()
    jobs.settle()
    assert "还没有确认，不能下达" in page.banner.text()
    link = next(one for one in page.banner.findChildren(QPushButton) if one.isVisible())
    assert link.text() == "到“企业”页确认"
    with qtbot.waitSignal(page.wants_page) as wanted:
        link.click()
    assert wanted.args == ["organisations", UNCONFIRMED]
