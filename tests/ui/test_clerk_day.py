"""A new clerk's first day: from no book at all to issued letters on paper and the workbook, by hand on the real window.

Only what the window itself offers is done, and counted: a click, a field filled, a shortcut is one action each.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hand import CTRL, KEY, Hand, start_program, stop_program
from pypdf import PdfReader

from ui.dialogs.import_list import ImportDialog
from ui.dialogs.new_book import NewBookDialog
from ui.dialogs.recovery import RecoverySheetDialog
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.storage.keys import is_encrypted
from zjtx_desktop.usecases import awards, letters, rounds, submissions
from zjtx_desktop.usecases.awards import AwardLine
from zjtx_desktop.usecases.books import open_book
from zjtx_desktop.usecases.entering import enter
from zjtx_desktop.usecases.letters import LetterLine
from zjtx_desktop.values import Money, uppercase

pytestmark = pytest.mark.release  # the whole program by hand: its own command, see README

SAMPLE = RESOURCES / "samples" / "示例认定名单.xlsx"
YEAR, FEWER_THAN, TO_KEEP_IT_SHUT = 2024, 60, 6  # two passwords; the code saved, its file named, typed, confirmed
COMPANY, NONE = "是（公司、企业）", "不是（园区、院校、协会等）"
PAYEES = {"双创园": COMPANY, "服务中心": NONE, "服务协会": NONE}  # who runs the base and the platforms of the list
PASSWORD = "mountain high, river long"


@pytest.fixture
def desk(qtbot, tmp_path, monkeypatch):
    """The program on a machine where it was never started, and a list that has come by mail."""
    monkeypatch.setenv("HOME", str(tmp_path / "家"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "家"))
    (tmp_path / "来件").mkdir()
    shutil.copy(SAMPLE, tmp_path / "来件")
    program = start_program(qtbot, tmp_path / "设置")
    yield program, Hand(qtbot, program), tmp_path / "来件"
    stop_program(program)


def make_book(hand: Hand, encrypted: bool) -> None:
    hand.click("新建账簿")
    assert isinstance(hand.window, NewBookDialog)
    hand.choose("所属县（市、区）", "玉山县")
    hand.fill("您的姓名", "张三")
    if encrypted:
        hand.secret("密码", PASSWORD)
        hand.secret("再输一遍", PASSWORD)
        hand.click("新建账簿")
        put_code_on_paper(hand)
    else:
        hand.tick("示例或试用")
        hand.click("新建账簿")
    assert hand.page.title == "工作台"


def put_code_on_paper(hand: Hand) -> None:
    sheet = hand.window
    assert isinstance(sheet, RecoverySheetDialog)
    hand.meet(lambda: hand.click("存为 PDF"), hand.accept_file)
    hand.secret("最后一组", sheet.shown.text().rpartition("-")[2])
    hand.click("已打印封存")


def import_list(hand: Hand, path: Path) -> None:
    hand.click("导入名单")
    assert isinstance(hand.window, ImportDialog)
    hand.meet(lambda: hand.click("选择文件"), hand.type_file(path))
    for _ in range(3):
        hand.click("下一步")
    hand.click("导入 ")
    assert hand.page.title == "认定" and "已从“示例认定名单.xlsx”导入" in hand.said()


def confirm_treasuries(hand: Hand) -> None:
    """What the list says of 所属地区 is looked through and confirmed, all at once."""
    hand.click("企业")
    hand.press(KEY.Key_A, CTRL)
    hand.click("确认受益财政")
    hand.fill("依据", "玉山县税务局2024年税收归属证明（示例）")
    hand.click("确认 ")
    assert "的受益财政" in hand.said()


def record_payees(hand: Hand) -> None:
    """The operators of bases and platforms: whether each is a company."""
    for name, answer in PAYEES.items():
        hand.press(KEY.Key_F, CTRL)
        hand.type(name)
        hand.press(KEY.Key_Return)
        hand.press(KEY.Key_Down)
        hand.press(KEY.Key_F2)
        hand.choose("收款单位是不是企业", answer)
        hand.press(KEY.Key_S, CTRL)
    hand.press(KEY.Key_Escape)


def compute(hand: Hand) -> None:
    hand.click("奖补")
    hand.click("新建批次")
    hand.fill("奖励年度", str(YEAR))
    hand.click("新建")
    hand.click("锁定并测算")
    assert hand.rows()


def issue_and_save(hand: Hand) -> None:
    hand.click("文书")
    hand.press(KEY.Key_A, CTRL)
    hand.click("下达选中的 18 份")
    hand.click("下达 ")
    assert "已下达" in hand.page.banner.text()
    hand.meet(lambda: hand.click("存为一个 PDF"), hand.accept_file)
    assert "已保存" in hand.page.banner.text()


def export(hand: Hand) -> None:
    hand.click("报送")
    hand.meet(lambda: hand.click("导出报送表"), hand.accept_file)
    assert "已导出并读回核对" in hand.page.banner.text()


def check_letters(pdf: Path, register: tuple[LetterLine, ...]) -> None:
    """Every letter of the register is in the file, with its number, addressee and sums."""
    texts = ["".join((page.extract_text() or "").split()) for page in PdfReader(pdf).pages]
    for letter in register:
        text = next(text for text in texts if letter.number in text)
        assert letter.addressee in text and f"{letter.total.yuan}元" in text and uppercase(letter.total) in text


def check_workbook(path: Path, lines: tuple[AwardLine, ...]) -> None:
    """The rows of 明细表 are the awards of the book, and its last line is their sum."""
    sheet = openpyxl.load_workbook(path, data_only=True)["明细表"]
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)}
    paid = [line for line in lines if line.counts]
    assert set(rows) == {line.number for line in paid}
    for line in paid:
        assert Money.parse(f"{rows[line.number][16]:.2f}") == line.total
    below = next(row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith("合计"))
    assert Money.parse(f"{below[16]:.2f}") == Money.total(line.total for line in paid)


@pytest.mark.parametrize("encrypted", [False, True], ids=["trial", "encrypted"])
def test_from_nothing_to_letters_and_workbook_in_fewer_than_sixty_actions(desk, encrypted):
    """And six more where the book is encrypted, which is what a book in use is."""
    program, hand, folder = desk
    make_book(hand, encrypted)
    import_list(hand, folder / SAMPLE.name)
    confirm_treasuries(hand)
    record_payees(hand)
    compute(hand)
    issue_and_save(hand)
    export(hand)
    print(f"{hand.actions} actions")
    assert hand.actions < FEWER_THAN + encrypted * TO_KEEP_IT_SHUT
    path = Path(program.settings.text("book/last"))
    program.window.close()
    hand.until(lambda: not program.window.isVisible())
    assert is_encrypted(path) is encrypted
    opened = enter(path, "张三", PASSWORD, datetime.now(UTC))[0] if encrypted else open_book(path)
    with opened as book, book.reading() as session:
        line = rounds.find_round(session, YEAR)
        lines, register = awards.award_lines(session, line.id), letters.register(session, line.id)
        assert submissions.sent(session, line.id)[0].total == awards.totals(lines).beneficiary + awards.totals(lines).municipal
    assert {line.letter for line in lines if line.counts} == {letter.number for letter in register} - {None}
    assert len(register) == 18 and Money.total(letter.total for letter in register) == Money.parse("280万")
    check_letters(next(folder.glob("*.pdf")), register)
    check_workbook(next(path for path in folder.glob("*.xlsx") if path.name != SAMPLE.name), lines)
