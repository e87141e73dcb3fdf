"""A round of 200 awards from the list file to the archive, by four persons, by hand in the real window.

What the papers print, what the ledger's replay gives and what the raw history adds up to must be the same to
the fen. Days are typed where the past is entered, as a clerk does who brings the book up to date.
"""

import json
import os
from collections import Counter
from itertools import count
from pathlib import Path

import looks
import pytest
import round_kit as kit
import two_hundred
from hand import CTRL, KEY, Hand, start_program, stop_program
from openpyxl import load_workbook
from pypdf import PdfReader
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QTabWidget, QWidget
from test_by_keyboard import menu_of, page_key, pick
from test_clerk_day import COMPANY, check_letters

from ui.dialogs.import_list import ImportDialog
from ui.dialogs.recovery import SlipDialog
from ui.dialogs.sign_in import ChangePasswordDialog, SignInDialog
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import awards, letters, rounds
from zjtx_desktop.usecases.books import open_book
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.standings import part_lines
from zjtx_desktop.values import Money

pytestmark = [pytest.mark.release, pytest.mark.timeout(900)]  # the whole program by hand: its own command, see README

ADMIN, AUDITOR = ("管理员庚", "mo-lan-ju-zhu-2026"), ("审计员辛", "song-bai-chang-qing-7")
STAFF = {"经办": "经办甲", "复核": "复核乙", "审批": "审批丙", "支付": "支付丁"}
FIRST, OWN = ({role: f"{word}-{place}" for place, role in enumerate(STAFF)} for word in ("chu shi mi ma 7", "zi ji de mi ma 2"))
EXCLUDED, LATER_EXCLUDED, OBJECTED, VOIDED, REVOKED, SLOW = (two_hundred.ROWS[serial - 1] for serial in (3, 77, 10, 16, 31, 43))
EXAMINED_ON, NOTICE_FROM, CLEARED_ON, ISSUED_ON, PAID_ON = "2025-03-03", "2025-03-04", "2025-03-11", "2025-03-12", "2025-03-20"
FEWER_THAN = 400
PICTURES = os.environ.get("ZJTX_PICTURES", "")  # a folder for a picture of each stage in both themes


class Office:
    """The desk of the office: whoever sits at it works with the same hand."""

    def __init__(self, hand: Hand, program) -> None:
        self.hand, self.program, self._shots = hand, program, count(1)
        self.known: set[str] = set()  # who has a password of their own
        self.slips: dict[str, str] = {}  # of who has not

    def go(self, page: str) -> None:
        """To a page by its key."""
        self.hand.press(page_key(page), CTRL)

    def sit(self, who: str, password: str) -> None:
        """Somebody else signs in, from the name at the foot of the window."""
        self.hand.click_on(self.program.window.status._facts["person"])
        self.enter(who, password)

    def enter(self, who: str, password: str) -> None:
        """Answer the dialog that asks who signs in."""
        self.hand.until(lambda: isinstance(self.hand.window, SignInDialog))
        if self.hand.field("姓名").currentText() != who:
            self.hand.choose("姓名", who)
        self.hand.secret("密码", password)
        if who in self.slips:
            self.hand.fill("首登码", self.slips.pop(who))
        self.hand.press(KEY.Key_Return)
        self.hand.settle()

    def find(self, text: str) -> None:
        """Narrow the list on screen to one name, and go into it."""
        self.hand.press(KEY.Key_F, CTRL)
        self.hand.type(text)
        self.hand.press(KEY.Key_Return)
        assert len(self.hand.rows()) >= 1

    def everything(self) -> None:
        """Show the whole list again and select it."""
        self.hand.press(KEY.Key_Escape)
        self.hand.press(KEY.Key_A, CTRL)

    def shot(self, name: str) -> None:
        """A picture of what is on screen, where somebody wants to look at it."""
        if PICTURES:
            number = next(self._shots)
            for mode in ("light", "dark"):
                self.program.theme.set_mode(mode)
                for scale in looks.SCALES:
                    window = self.hand.window
                    if not isinstance(window, QDialog):
                        window.resize(looks.SCREEN / scale)
                    QApplication.processEvents()
                    self.hand.settle()
                    looks.picture(window, Path(PICTURES) / f"{number:02}-{name}-{mode}-{scale:.0%}.png".replace("%", ""), scale)
                    if not isinstance(window, QDialog):
                        window.resize(looks.SCREEN)
            self.program.theme.set_mode("light")

    # persons

    def hire(self) -> None:
        """Two persons by the only user, four more by the administrator."""
        hand = self.hand
        self.go("settings")
        hand.click_on(*tab_at(hand.page.tabs, "人员"))
        self.shot("人员-没有")
        hand.click("登记人员")
        for place, (name, password) in enumerate((ADMIN, AUDITOR)):
            hand.fill("姓名", name, place)
        hand.secret("密码", ADMIN[1])
        hand.secret("再输一遍", ADMIN[1])
        hand.secret("初始密码", AUDITOR[1])
        self.shot("登记人员")
        hand.press(KEY.Key_Return, CTRL)
        self.take_slip(AUDITOR[0])
        self.enter(*ADMIN)
        for role, name in STAFF.items():
            hand.click("增加")
            hand.type(name)
            hand.tick(role)
            for field in ("初始密码", "再输一遍"):
                hand.secret(field, FIRST[role])
            hand.fill("一人办理的理由", "其他人员还没有到岗")
            hand.press(KEY.Key_Return, CTRL)
            self.take_slip(name)
        self.shot("人员")

    def take_slip(self, who: str) -> None:
        """The slip of a first password is shown once; somebody takes it to its person."""
        self.hand.until(lambda: isinstance(self.hand.window, SlipDialog))
        self.shot("首登码")
        self.slips[who] = self.hand.window.shown.text()
        self.hand.click("已交给本人")
        self.hand.settle()

    def come(self, role: str) -> None:
        """Somebody of the staff sits down; on the first day with a password to be changed."""
        self.sit(STAFF[role], (OWN if role in self.known else FIRST)[role])
        if role not in self.known:
            self.hand.until(lambda: isinstance(self.hand.window, ChangePasswordDialog))
            self.hand.secret("原密码", FIRST[role])
            for field in ("新密码", "再输一遍"):
                self.hand.secret(field, OWN[role])
            self.hand.press(KEY.Key_Return, CTRL)
            self.known.add(role)
        self.hand.settle()
        self.closed()
        assert STAFF[role] in self.program.window.status._facts["person"].text()

    # the list

    def take_in(self, folder: Path) -> None:
        """The list of names, then the accounts that the organisations handed in, and what their payees are."""
        hand = self.hand
        hand.press(KEY.Key_I, CTRL)
        assert isinstance(hand.window, ImportDialog)
        hand.meet(lambda: hand.click("选择文件"), hand.type_file(folder / "名单.xlsx"))
        for step in ("表头", "补充", "预览", "导入"):
            self.shot(f"导入名单-{step}")
            hand.press(KEY.Key_Return, CTRL)
        assert f"导入 {two_hundred.COUNT + 1}" in hand.said()
        self.shot("认定")
        self.go("organisations")
        hand.meet(lambda: hand.click("导入收款账户"), hand.type_file(folder / "账户.xlsx"))
        self.shot("导入收款账户")
        hand.press(KEY.Key_Return)
        assert f"已导入 {two_hundred.COUNT} 家收款账户" in hand.said()
        self.everything()
        menu_of(hand, KEY.Key_T)
        pick(hand, "收款单位是不是企业…")
        hand.choose("收款单位是不是企业", COMPANY)
        self.shot("收款单位是不是企业")
        hand.press(KEY.Key_Return, CTRL)
        self.closed()
        self.shot("企业")

    def compute(self) -> None:
        """A round of the year, its list locked and judged."""
        hand = self.hand
        self.go("rounds")
        hand.press(KEY.Key_N, CTRL)
        hand.press(KEY.Key_Return, CTRL)
        hand.press(KEY.Key_F9)
        assert len(hand.rows()) == two_hundred.COUNT + 1
        self.shot("奖补")

    def set_budgets(self) -> None:
        """What each treasury has set aside, before anything is approved."""
        hand = self.hand
        self.go("payments")
        for treasury, amount in (("玉山县", "2000万"), ("上饶经济技术开发区", "100万"), ("信州区", "50万"), ("广丰区", "50万"), ("上饶市本级", "2000万")):
            hand.click("登记预算")
            box = hand.field("财政")
            hand.choose("财政", next(text for place in range(box.count()) if treasury in (text := box.itemText(place))))
            hand.fill("预算", amount)
            hand.fill("依据", "示例财预〔2025〕1号")
            hand.press(KEY.Key_Return, CTRL)
            self.closed()
        self.shot("预算")

    # the process

    def take(self, button: str, on: str = "", **fields: str) -> None:
        """Take a step with what is selected: its button, its entry in the menu (…) or F8, the day and what else it asks for, Ctrl+Enter."""
        hand = self.hand
        if button == "F8":
            hand.press(KEY.Key_F8)
        elif button.endswith("…"):
            menu_of(hand, KEY.Key_T)
            pick(hand, button)
        else:
            hand.click(button)
        assert isinstance(hand.window, QDialog), (hand.focus, hand.pane().view.selected_count(), hand.page.banner.text())
        if on:
            hand.fill(next(name for name in ("办理日期", "开始日期", "签发日期", "收到日期", "答复日期", "核查日期", "日期") if self.has(name)), on)
        for name, text in fields.items():
            hand.fill(name, text)
        self.shot(hand.window.windowTitle())
        hand.press(KEY.Key_Return, CTRL)
        self.closed()

    def closed(self) -> None:
        """Assert that no dialog stands open, and tell what it says where one does."""
        window = self.hand.window
        said = [one.text() for one in window.findChildren(QLabel) if one.isVisible()]
        assert not isinstance(window, QDialog), said

    def has(self, name: str) -> bool:
        """Whether the dialog has such a field."""
        return any(one.accessibleName() == name and one.isVisible() for one in self.hand.window.findChildren(QWidget))

    def done(self) -> Counter[str]:
        """What the result list under the awards counts."""
        model = self.hand.page.results.results.model
        return Counter(model.text(row, 0) for row in range(model.rowCount()))

    def select(self, *rows: two_hundred.Row) -> None:
        """Find one organisation; or everything, where none is named."""
        if rows:
            self.find(rows[0].name)
        else:
            self.everything()

    def decide(self) -> None:
        """A 再次认定 waits for somebody who decides."""
        hand = self.hand
        self.go("rounds")
        self.find(two_hundred.ROWS[two_hundred.AGAIN - 1].name)
        hand.press(KEY.Key_F2)
        hand.choose("决定", "予以奖励")
        hand.fill("理由", "期满后重新申报，按新认定奖励")
        self.shot("裁定")
        hand.press(KEY.Key_Return, CTRL)
        self.closed()
        assert "已裁定" in hand.page.banner.text()

    def examine(self) -> None:
        """信用核查 for all, one who wants nothing out, all others through 初审."""
        hand = self.hand
        self.go("process")
        self.find(EXCLUDED.name)
        self.take("不予奖励", EXAMINED_ON, 理由="企业书面放弃奖励")
        self.everything()
        hand.click("信用核查")
        hand.fill("核查日期", EXAMINED_ON)
        hand.choose("结果", "没有发现问题")
        hand.press(KEY.Key_Return, CTRL)
        self.everything()
        self.shot("办理-选中")
        self.take("F8", EXAMINED_ON)
        assert self.done() == {"已办": two_hundred.COUNT - 1, "没有办": 2}
        self.shot("初审结果")

    def review(self) -> None:
        """All that were examined, by another person."""
        self.go("process")
        self.everything()
        self.take("F8", EXAMINED_ON)
        assert self.done()["已办"] == two_hundred.COUNT - 1
        self.shot("复核结果")

    def publish(self) -> None:
        """One more is out with a reason, the others are put on notice; one objection is answered after its end."""
        hand = self.hand
        self.go("process")
        self.find(LATER_EXCLUDED.name)
        self.take("不予奖励", EXAMINED_ON, 理由="经查有重大安全事故，应急局函（示例）")
        self.everything()
        self.take("F8", NOTICE_FROM, 公示渠道="县政府门户网站")
        assert self.done()["已办"] == two_hundred.COUNT - 2
        hand.meet(lambda: hand.click("公示名单"), hand.accept_file)
        self.find(OBJECTED.name)
        hand.click("登记异议")
        for name, text in (("收到日期", NOTICE_FROM), ("异议人", "匿名"), ("异议内容", "认为材料不实")):
            hand.fill(name, text)
        self.shot("登记异议")
        hand.press(KEY.Key_Return, CTRL)
        self.everything()
        self.take("F8", CLEARED_ON)
        assert self.done()["已办"] == two_hundred.COUNT - 3
        self.shot("公示期满结果")
        self.find(OBJECTED.name)
        self.shot("有异议的")
        hand.click("答复异议")
        hand.fill("答复日期", CLEARED_ON)
        hand.choose("核实结果", "异议不成立")
        hand.fill("答复内容", "经核实材料属实")
        self.shot("答复异议")
        hand.press(KEY.Key_Return, CTRL)
        self.take("F8", CLEARED_ON)
        assert "已办" in hand.page.banner.text()

    def approve(self) -> None:
        """What the county government decided."""
        self.go("process")
        self.everything()
        self.take("F8", CLEARED_ON, 文件="县政府常务会议纪要〔2025〕5号（示例）")
        assert self.done()["已办"] == two_hundred.COUNT - 2
        self.shot("审定结果")

    def issue(self) -> None:
        """The letters, saved as one file, the 审批表; one letter is wrong and voided."""
        hand = self.hand
        self.go("letters")
        self.everything()
        self.shot("待下达")
        self.take("F8", ISSUED_ON)
        assert f"已下达 {two_hundred.COUNT - 2} 份" in hand.page.banner.text()
        self.shot("已下达")
        hand.meet(lambda: hand.click("存为一个 PDF"), hand.accept_file)
        self.go("rounds")
        self.find(VOIDED.name)
        hand.press(KEY.Key_Delete)
        hand.fill("理由", "企业名称有误")
        self.shot("作废")
        hand.press(KEY.Key_Return, CTRL)
        assert "已作废" in hand.page.banner.text()

    def ask_the_city(self) -> None:
        """The city's part: the workbook, the request, its approval, its arrival."""
        hand = self.hand
        self.go("reports")
        self.shot("报送")
        hand.meet(lambda: hand.press(KEY.Key_E, CTRL), hand.accept_file)
        self.go("payments")
        for verb, paper, number in (("向市级申请", "函的文号", "玉财函〔2025〕1号"), ("市级批复", "文号", "饶财企〔2025〕2号"), ("市级到账", "凭证号", "收0001")):
            self.everything()
            self.take(verb, PAID_ON, **{paper: number})
        self.shot("市级到账")

    def pay(self) -> None:
        """One part in two instalments, everything else at once with numbers counted up."""
        hand = self.hand
        self.go("payments")
        self.find(SLOW.name)
        self.take("F8", PAID_ON, 金额="33333.33", 凭证号="凭证0000")
        self.everything()
        hand.press(KEY.Key_F8)
        hand.fill("日期", PAID_ON)
        hand.fill("凭证号", "凭证0001")
        hand.tick("每笔一个号")
        self.shot("登记拨付")
        hand.press(KEY.Key_Return, CTRL)
        self.shot("拨付结果")

    def archive(self) -> None:
        """What is paid goes into the archive, with its papers."""
        hand = self.hand
        self.go("process")
        self.everything()
        self.take("F8", PAID_ON)
        assert self.done()["已办"] == two_hundred.COUNT - 3
        self.shot("归档结果")

    def revoke(self) -> None:
        """A recognition is taken back, and with it what was paid."""
        self.go("payments")
        self.find(REVOKED.name)
        self.take("撤销认定追回…", PAID_ON, 理由="认定被撤销", 文件="省工信厅公告（示例）")
        self.shot("撤销认定")

    def recover(self) -> None:
        """The organisation paid back."""
        self.go("payments")
        self.find(REVOKED.name)
        self.take("登记追回", PAID_ON, 凭证号="缴款书0001")
        assert "已全部追回" in self.hand.page.banner.text()
        self.shot("追回")

    def print_out(self, folder: Path) -> None:
        """The last papers: the 审批表 and the workbook as everything stands now."""
        hand = self.hand
        self.go("process")
        hand.meet(lambda: hand.press(KEY.Key_E, CTRL), hand.accept_file)
        newest(folder, "*报送*.xlsx").unlink()  # what went to the city lies elsewhere; Qt would ask before replacing it
        self.go("reports")
        hand.meet(lambda: hand.press(KEY.Key_E, CTRL), hand.accept_file)
        self.shot("报送以后")
        self.go("home")
        self.shot("工作台")


def tab_at(tabs: QTabWidget, title: str) -> tuple[QWidget, QPoint]:
    """The tab bar and where on it the tab of this title is."""
    place = next(place for place in range(tabs.count()) if tabs.tabText(place) == title)
    return tabs.tabBar(), tabs.tabBar().tabRect(place).center()


def by_history(book: Book) -> dict[str, int]:
    """Σ of every kind of entry from the raw history: the JSON of what was written, and no table of the ledger."""
    sums: Counter[str] = Counter()
    with book.reading() as session:
        for (after,) in session.connection().exec_driver_sql(
            "SELECT after FROM change WHERE table_name = 'ledger_entry' AND before IS NULL"
        ):
            sums[json.loads(after)["kind"]] += json.loads(after)["fen"]
    return dict(sums)


def sums_agree(book: Book, folder: Path) -> None:
    """Replay, history, the sum counted by hand, and what is printed, to the fen."""
    with book.reading() as session:
        round_id = rounds.find_round(session, 2024).id
        lines, register, parts = awards.award_lines(session, round_id), letters.register(session, round_id), part_lines(session, round_id)
    replayed = {kind.value: fen for kind in EntryKind if (fen := sum(part.standing.sums[kind].fen for part in parts))}
    assert replayed == by_history(book)
    granted = [row for row in two_hundred.ROWS if row not in (EXCLUDED, LATER_EXCLUDED)]
    kept = [row for row in granted if row is not VOIDED]
    whole, beneficiary = sum(row.total for row in kept), sum(row.beneficiary for row in kept)
    city = sum(row.municipal for row in kept)
    assert replayed == {
        "granted": whole + VOIDED.total,
        "voided": VOIDED.total,
        "paid": whole,
        "claimed": REVOKED.total,
        "recovered": REVOKED.total,
        "requested": city,
        "approved": city,
        "arrived": city,
    }
    assert Counter(line.state for line in lines) == {
        AwardState.ARCHIVED: two_hundred.COUNT - 4,
        AwardState.EXCLUDED: 2,
        AwardState.VOIDED: 1,
        AwardState.RECOVERED: 1,
        AwardState.DRAFT: 1,  # what passed 复核 and gets nothing
    }
    check_letters(newest(folder, "*拨付通知*.pdf"), register)
    assert reported(newest(folder, "*报送*.xlsx"), {line.number for line in lines if line.counts}) == (len(kept), Money(whole))
    printed = "".join("".join(page.extract_text().split()) for page in PdfReader(newest(folder, "*审批表*.pdf")).pages)
    assert f"合计{len(kept)}笔{Money(beneficiary)}{Money(city)}" in printed


def reported(path: Path, counted: set[str]) -> tuple[int, Money]:
    """How many rows of the workbook count, and their sum; its last line must say the same."""
    sheet = load_workbook(path, data_only=True)["明细表"]
    rows = {row[1]: Money.parse(f"{row[16]:.2f}") for row in sheet.iter_rows(values_only=True) if row[1] in counted}
    below = next(row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith("合计"))
    assert Money.parse(f"{below[16]:.2f}") == Money.total(rows.values())
    return len(rows), Money.total(rows.values())


def newest(folder: Path, name: str) -> Path:
    """The file of this name that was written last."""
    return max(folder.glob(name), key=lambda path: path.stat().st_mtime_ns)


@pytest.fixture
def office(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "来件" / "玉山县.zjtx"
    path.parent.mkdir()
    two_hundred.write_list(path.parent / "名单.xlsx")
    two_hundred.write_accounts(path.parent / "账户.xlsx")
    kit.empty_book(path).close()
    program = start_program(qtbot, tmp_path / "设置", path, "建账人")
    yield Office(Hand(qtbot, program), program)
    stop_program(program)


def test_two_hundred_awards_from_the_list_to_the_archive_by_four_persons_in_the_window(office, tmp_path):
    folder, hand = tmp_path / "来件", office.hand
    office.hire()
    office.come("经办")
    office.take_in(folder)
    office.compute()
    office.set_budgets()
    office.come("审批")
    office.decide()
    office.come("经办")
    office.examine()
    office.come("复核")
    office.review()
    office.come("经办")
    office.publish()
    office.come("审批")
    office.approve()
    office.come("经办")
    office.issue()
    office.ask_the_city()
    office.come("支付")
    office.pay()
    office.come("经办")
    office.archive()
    office.come("审批")
    office.revoke()
    office.come("支付")
    office.recover()
    office.come("经办")
    office.print_out(folder)
    print(f"{hand.actions} actions")
    assert hand.actions < FEWER_THAN
    office.program.window.close()
    hand.until(lambda: not office.program.window.isVisible())  # the last backup comes first
    with open_book(folder / "玉山县.zjtx") as book:
        sums_agree(book, folder)
        assert check(book) == []
