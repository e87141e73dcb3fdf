"""Every page and every dialog of the program over a book like a real one, for the tests and pictures of all of them."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget
from program_kit import settle
from xlsxwriter import Workbook

from tests.made_packs import amended
from ui.app import Program
from ui.dialogs import ask
from ui.dialogs.about import AboutDialog, LicenceDialog
from ui.dialogs.accept_findings import AcceptFindingsDialog
from ui.dialogs.attachments import AttachmentsDialog
from ui.dialogs.award_step import StepDialog
from ui.dialogs.backup import BackupDialog
from ui.dialogs.budget import BudgetDialog
from ui.dialogs.choices import ChoicesDialog
from ui.dialogs.clawback import RecoverDialog, RevokeDialog
from ui.dialogs.compare_copies import CompareDialog as CompareCopiesDialog
from ui.dialogs.compare_list import CompareDialog
from ui.dialogs.confirm_treasuries import ConfirmDialog
from ui.dialogs.credit_check import CreditDialog
from ui.dialogs.decision import DecisionDialog
from ui.dialogs.expiring import ExpiringDialog
from ui.dialogs.history import HistoryDialog
from ui.dialogs.holidays import HolidaysDialog
from ui.dialogs.import_list import ImportDialog
from ui.dialogs.in_order import InOrderDialog
from ui.dialogs.issuing import IssueDialog
from ui.dialogs.list_steps import ListSteps
from ui.dialogs.large_amounts import LargeAmountsDialog
from ui.dialogs.likely_pairs import PairsDialog
from ui.dialogs.manual_amount import ManualDialog
from ui.dialogs.merge import MergeDialog
from ui.dialogs.movements import DEEDS, MovementDialog, room
from ui.dialogs.new_book import NewBookDialog, PersonDialog
from ui.dialogs.new_round import NewRoundDialog
from ui.dialogs.older_copy import AcceptOlderDialog, ConfirmClockDialog, OlderCopyDialog
from ui.dialogs.organisation_form import OrganisationDialog
from ui.dialogs.pack_change import PackChangeDialog
from ui.dialogs.paper_check import PaperCheckDialog
from ui.dialogs.past_award import PastAwardDialog
from ui.dialogs.past_import import AccountImportDialog, PastImportDialog
from ui.dialogs.payee_kind import PayeeKindDialog
from ui.dialogs.people import (
    DualControlDialog,
    PersonFormDialog,
    ReactivateDialog,
    ResetPasswordDialog,
    RolesDialog,
    RulesDialog,
    SetUpPeopleDialog,
)
from ui.dialogs.print_dialog import PrintDialog
from ui.dialogs.public_notice import AnswerDialog, NoticeDialog, ObjectionDialog
from ui.dialogs.recognition_form import RecognitionDialog
from ui.dialogs.recovery import CodeDialog, EncryptDialog, RecoverySheetDialog, RenewDialog, ResetByCodeDialog, SlipDialog, TypeCodeDialog
from ui.dialogs.restore import RestoreDialog
from ui.dialogs.restore_steps import ConfirmRestoreDialog, UnlockBackupDialog
from ui.dialogs.second_person import TwoPersonsDialog
from ui.dialogs.sign_in import ChangePasswordDialog, LockDialog, SignInDialog, UnlockDialog
from ui.dialogs.stale import StaleDialog
from ui.dialogs.take_policy import TakePolicyDialog
from ui.dialogs.voiding import RedoDialog, VoidDialog
from ui.dialogs.year_end import ReopenDialog, YearEndDialog
from ui.help import HelpWindow
from ui.open_book import OpenBook
from ui.settings import Settings
from ui.page import SUBJECTS
from ui.pages.award_words import subject_of
from ui.widgets.organisation_edit import ChosenOrganisation
from zjtx_desktop.demo import SAMPLE
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.passwords import PasswordRules
from zjtx_desktop.domain.states import MOVES, AwardState, Event
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.storage.book import doubt
from zjtx_desktop.storage.keys import KeyFile, Slot
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import account_import, awards, budgets, letters, notices, merging, organisations, pack_change, past_import, recognitions, rounds, standings, year_end
from zjtx_desktop.usecases.account_import import AccountPlan
from zjtx_desktop.usecases.likely_pairs import ALIKE, FORMER_NAME, Pair
from zjtx_desktop.usecases.backups import BackupLine, back_up
from zjtx_desktop.usecases.backups import backups as listed_backups
from zjtx_desktop.usecases.two_copies import Comparison, Movement, Twice
from zjtx_desktop.usecases.record_history import ActionLine
from zjtx_desktop.usecases.rejudging import Outcome, Stale
from zjtx_desktop.usecases.restoring import Hands, Preview
from zjtx_desktop.usecases.manual_amounts import ManualLine
from zjtx_desktop.usecases.people import PersonLine
from zjtx_desktop.usecases.notices import ObjectionLine
from zjtx_desktop.usecases.paper_codes import printed_code
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.usecases.past_import import PastPlan
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.recovering import Recovered
from zjtx_desktop.usecases.rollback import Gap
from zjtx_desktop.usecases.seen_books import Seen
from zjtx_desktop.usecases.trails import Trail
from zjtx_desktop.usecases.treasuries import Confirmation, Unconfirmed
from zjtx_desktop.usecases.what_if import what_if
from zjtx_desktop.values import Division, HeadCode, Money

YEAR = 2024
Shown = tuple[str, QWidget]


def pages(program: Program) -> Iterator[Shown]:
    """The main window on each page, its first row selected, the tabs of a page one by one."""
    window = program.window
    for subject in SUBJECTS:
        window.show_page(subject.id)
        settle(program)
        page = window.page()
        if pane := getattr(page, "pane", None):
            pane.view.selectRow(0)
            settle(program)
        tabs = getattr(page, "tabs", None)
        if subject.id == "letters":
            for kind in ("drafts", "issued"):
                page.show_kind(kind)
                settle(program)
                yield f"{subject.title} {kind}", window
        elif hasattr(tabs, "setCurrentIndex"):
            for number in range(tabs.count()):
                tabs.setCurrentIndex(number)
                settle(program)
                yield f"{subject.title} {tabs.tabText(number)}", window
        else:
            yield subject.title, window


def dialogs(program: Program, desk: OpenBook, folder: Path) -> Iterator[Shown]:
    """Each dialog with values as they occur; it is closed when the next is asked for."""
    for name, make in _makers(program, desk, folder):
        dialog = make()
        dialog.show()
        settle(program)
        yield name, dialog
        yield from _further(name, dialog, program)
        dialog.hide()
        dialog.deleteLater()


def questions(parent: QWidget) -> Iterator[Callable[[Callable[[QWidget], None]], None]]:
    """Each kind of question; it calls back while it is on screen."""
    asks: tuple[Callable[[], Any], ...] = (
        lambda: ask.ask_unsaved(parent, "修改企业“示例玉山精密轴承有限公司”"),
        lambda: ask.ask_sure(parent, "删除认定", "将删除认定“示例玉山精密轴承有限公司的江西省专精特新中小企业”。", "删除后可以用“撤销”（Ctrl+Z）恢复。"),
        lambda: ask.tell(parent, "打印", "这台电脑没有安装打印机，没有打印。", "请安装打印机，或者用“存为一个 PDF”。"),
    )
    for question in asks:
        yield lambda look, question=question: _while_open(question, look)


def _while_open(question: Callable[[], Any], look: Callable[[QWidget], None]) -> None:
    timer = QTimer()

    def see() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox) and box.isVisible():
            timer.stop()
            try:
                look(box)
            finally:
                box.done(0)

    timer.timeout.connect(see)
    timer.start(20)
    question()


def _over_encrypted(program: Program, folder: Path, kind: Callable[..., QDialog], *more: Any) -> QDialog:
    """A dialog over an encrypted book of its own, which is closed with it."""
    name = f"加密{len(list(folder.glob('加密*.zjtx')))}"
    wanted = NewBook(Division("361123"), "玉山县财政局", "", folder, name, "张三", "mountain high, river long")
    book = make_book(wanted, Cost(64, 1, 1))
    dialog = kind(OpenBook(book, program.jobs, "张三", program), *more)
    dialog.destroyed.connect(book.close)
    return dialog


def _makers(program: Program, desk: OpenBook, folder: Path) -> tuple[tuple[str, Callable[[], QDialog]], ...]:
    jobs, settings = desk.jobs, program.settings
    with desk.book.reading() as session:
        line = rounds.find_round(session, YEAR)
        pack, choices = rounds.basis_for(session, YEAR)
        lines, seen = awards.award_lines(session, line.id), rounds.overview(session, line.id)
        known, recognition = organisations.get(session, 1), recognitions.get(session, 1)
        parts, budget = standings.part_lines(session, line.id), budgets.budget_lines(session, line.id)
        change = pack_change.compare(session, amended())
        two = merging.preview(session, 1, 2)
        taken = pack_change.Taking(pack, change.pack, change.differences, change.effects[0])
    changed = [_stale(one, state) for one, state in zip(lines, (AwardState.DRAFT, AwardState.EXAMINED), strict=False)]
    waiting = Confirmation(False, None, None)
    unconfirmed = [Unconfirmed(n, f"{known.name}第{n}分厂", "玉山县60%、上饶经济技术开发区40%", "名单所属地区：玉山县") for n in range(1, 10)]
    past = PastAwardForm("little_giant", Level.NATIONAL, 2021, Money.parse("10万"), Money.parse("20万"), "玉财企〔2021〕7号")
    past_plan = _past_plan(desk, folder, known.name)
    accounts = _account_plan(desk, folder, known.name)
    asked = next(one for one in lines if one.questions)
    issued = next(one for one in lines if one.letter)
    backups = folder / "备份"
    backups.mkdir(exist_ok=True)
    back_up(desk.book, backups, datetime.now(), lambda done, total: None)

    def effect(new: Any) -> Any:
        return desk.ask_now(lambda session: what_if(session, YEAR, pack, new, line.every_division, line.name))

    def keep(values: Any, _tick: Any) -> Any:
        return values

    def last_day(starts: date, days: int) -> date:
        return desk.ask_now(lambda session: notices.last_day(session, starts, days))

    def restore() -> QDialog:
        dialog = RestoreDialog(jobs, (backups,), desk.path.name, parent=program.window)
        dialog.refresh()
        return dialog

    def first_import() -> QDialog:
        dialog = ImportDialog(desk, settings, program.window)
        dialog.may_close = lambda: True
        return dialog

    def help_window() -> QWidget:
        window = HelpWindow(program.window)
        window.open_page("rounds")
        return window

    today = date.today()
    objection = ObjectionLine(1, asked.number, known.name, today, "李某", "生产厂房已迁出本县，请核实。", None, "", False)

    def step(event: Event) -> QDialog:
        move = next(one for one in MOVES if one.event is event)
        return StepDialog(jobs, move, lines, lines[:3], today, lambda words: words, Money.parse("20万"), window)

    possible = [kind for kind in DEEDS if any(room(kind, part) for part in parts)]
    words = {name: seen.questions.get(name, name) for name in (*asked.questions, "rewarded_before")}
    numbers = tuple(f"玉财奖〔2026〕{n}号" for n in range(1, 19))
    owner = ChosenOrganisation(1, known.name)
    part = issued.parts[0]
    by_hand = [ManualLine(1, part.payer, part.treasury, Money.parse("12万"), "县政府专题会议决定", "玉府专纪〔2024〕6号", "王复核", ())]
    window = program.window
    return (
        ("新建账簿", lambda: NewBookDialog(jobs, folder, "张三", window)),
        ("打开加密账簿", lambda: UnlockDialog(desk.path, jobs, ("王主任", "李经办"), "李经办", window)),
        ("用恢复码打开", lambda: CodeDialog(desk.path, jobs, "", window)),
        ("用恢复码重设密码", lambda: ResetByCodeDialog(Recovered(desk.book, ("王主任",), True), jobs, window)),
        ("恢复码", lambda: _over_encrypted(program, folder, RecoverySheetDialog, settings, window)),
        ("再打印恢复码", lambda: TypeCodeDialog(desk, window)),
        ("加密账簿", lambda: EncryptDialog(desk, window)),
        ("更换恢复码", lambda: RenewDialog(desk, window)),
        ("操作人", lambda: PersonDialog(jobs, "张三", window)),
        ("新建企业", lambda: OrganisationDialog(desk, parent=window)),
        ("修改企业", lambda: OrganisationDialog(desk, 1, known, waiting, window)),
        ("历史奖励", lambda: PastAwardDialog(desk, 1, known.name, 1, past, window)),
        ("历史奖励的导入", lambda: PastImportDialog(desk, settings, past_plan, window)),
        ("收款账户的导入", lambda: AccountImportDialog(desk, settings, accounts, window)),
        ("确认受益财政", lambda: ConfirmDialog(jobs, unconfirmed, 12, keep, window)),
        ("收款单位是不是企业", lambda: PayeeKindDialog(jobs, [known.name] * 3, 12, keep, window)),
        ("可能重复的企业", lambda: PairsDialog(_pairs(desk), window)),
        ("合并单位", lambda: MergeDialog(desk, two, window)),
        ("即将到期", lambda: ExpiringDialog(desk, settings, window)),
        ("附件", lambda: AttachmentsDialog(desk, settings, ("organisation", 1), known.name, window)),
        ("更新政策包", lambda: PackChangeDialog(desk, change, window)),
        ("测算后有变化", lambda: StaleDialog("2024 年度第一批测算后有变化", changed, True, window)),
        ("试算先后", lambda: InOrderDialog(desk, line, window)),
        ("采用新政策", lambda: TakePolicyDialog(desk, taken, window)),
        ("新建认定", lambda: RecognitionDialog(desk, parent=window)),
        ("修改认定", lambda: RecognitionDialog(desk, 1, recognition, owner, ("第六批",), window)),
        ("导入", first_import),
        ("名单与账簿对照", lambda: CompareDialog(desk, settings, window)),
        ("新建批次", lambda: NewRoundDialog(jobs, (2023, 2024, 2025), 2026, keep, window)),
        ("测算口径", lambda: ChoicesDialog(jobs, "2024 年度第一批测算口径", pack, choices, effect, window)),
        ("裁定", lambda: DecisionDialog(jobs, subject_of(asked), words, asked.reasons, keep, window)),
        *((DEEDS[kind].verb, partial(MovementDialog, jobs, kind, parts, today, keep, window)) for kind in possible),
        ("一笔拨付", lambda: MovementDialog(jobs, EntryKind.PAID, parts[:1], today, keep, window)),
        ("撤销认定", lambda: RevokeDialog(jobs, parts[:2], today, keep, window)),
        ("登记追回", lambda: RecoverDialog(jobs, parts[:2], today, keep, window)),
        ("登记预算", lambda: BudgetDialog(jobs, "2024 年度第一批", budget, keep, ("王审批",), window)),
        ("作废", lambda: VoidDialog(jobs, subject_of(issued), issued.letter, keep, window)),
        ("更正重办", lambda: RedoDialog(jobs, subject_of(issued), issued.letter, keep, window)),
        ("人工核定", lambda: ManualDialog(jobs, settings, subject_of(issued), issued.parts, by_hand, keep, window)),
        ("年度结账", lambda: YearEndDialog(desk, settings, desk.ask_now(year_end.year_end), window)),
        ("申请重新开账", lambda: ReopenDialog(desk, YEAR, window)),
        *((event.label, partial(step, event)) for event in (Event.EXAMINE, Event.WAIVE, Event.APPROVE)),
        ("公示", lambda: NoticeDialog(jobs, lines, lines[:3], today, 5, (), last_day, keep, print, window)),
        ("补登公示", lambda: _late_notice(NoticeDialog(jobs, lines, lines[:3], today, 5, (), last_day, keep, print, window))),
        ("较旧的账簿", lambda: OlderCopyDialog(jobs, _a_gap(), "玉山县 2026-11-22 1530（自动 3f2a）.zjtx", window)),
        ("接受较旧的账簿", lambda: AcceptOlderDialog(desk, _a_gap(), ("欧阳审批人员",), window)),
        ("一人接受较旧的账簿", lambda: AcceptOlderDialog(desk, _a_gap(), (), window)),
        ("确认电脑的时间", lambda: ConfirmClockDialog(desk, _a_doubt(), window)),
        ("核对另一份账簿", lambda: CompareCopiesDialog(_two_copies(), Path("玉山县 2026-11-22 1530.zjtx"), window)),
        ("登记异议", lambda: ObjectionDialog(jobs, subject_of(asked), today, keep, window)),
        ("答复异议", lambda: AnswerDialog(jobs, subject_of(asked), objection, today, keep, window)),
        ("信用核查", lambda: CreditDialog(jobs, sorted({one.facts.organisation for one in lines}), today, keep, window)),
        ("大额标准", lambda: LargeAmountsDialog(jobs, Money.parse("20万"), keep, window)),
        ("节假日安排", lambda: HolidaysDialog(jobs, 2027, "2023 至 2026 年", keep, window)),
        ("下达", lambda: IssueDialog(jobs, 18, Money.parse("280万"), date.today(), lambda year: numbers, window)),
        ("打印", lambda: PrintDialog(jobs, "18 份拨付通知", 20, ("二楼东侧惠普打印机",), window)),
        ("备份", lambda: BackupDialog(desk, backups, window)),
        ("恢复", restore),
        ("打开加密的备份", lambda: UnlockBackupDialog(jobs, _an_encrypted_backup(folder), "张三", window)),
        ("确认恢复", lambda: ConfirmRestoreDialog(jobs, _a_restore(desk, backups), desk.path, Hands(desk.actor), None, window)),
        ("核对文书校验码", lambda: PaperCheckDialog(desk, settings, window)),
        ("修改记录", lambda: HistoryDialog(desk, settings, parent=window)),
        ("一条的修改记录", lambda: HistoryDialog(desk, settings, ("organisation", 1), known.name, window)),
        *_people(desk, settings, window),
        ("关于", lambda: AboutDialog(desk.path, folder, folder / "zjtx.log", window)),
        ("许可证", lambda: LicenceDialog("LICENSE-GWKai-OFL.txt", window)),
        ("帮助", help_window),
    )


def _pairs(desk: OpenBook) -> tuple[Pair, ...]:
    """Two records each that may be one."""
    lines = desk.ask_now(lambda session: organisations.LISTING.lines(session, range(1, 9)))
    return tuple(Pair(*lines[n : n + 2], (ALIKE, FORMER_NAME)) for n in range(0, len(lines) - 1, 2))


def _stale(award: awards.AwardLine, state: AwardState) -> Stale:
    """An award that would not be given today."""
    parts = tuple((str(part.payer), part.treasury, part.amount, part.clause) for part in award.parts)
    why = "“国家级专精特新‘小巨人’企业”以前已奖励：2023 年 30 万元（来源：历史：玉财企〔2023〕7号）。请作出决定并写明理由。"
    before, now = Outcome(Verdict.AWARD, parts), Outcome(Verdict.UNDECIDED, ())
    return Stale(award.id, award.number, award.facts.organisation, "国家级专精特新“小巨人”企业", state, before, now, why)


def _a_restore(desk: OpenBook, backups: Path) -> Preview:
    """One that would lose a few actions of a book with persons."""
    line = next(iter(listed_backups(backups)))
    at = datetime(2026, 11, 22, 15, 30)
    lost = tuple(ActionLine(90 - n, f"登记企业“示例玉山精密轴承第{n}有限公司”", "示例经办", at, 1) for n in range(9))
    warned = ("恢复后将少 9 步操作，从 2026-11-22 15:30 起，最早的一步是：登记企业“示例玉山精密轴承第8有限公司”。",)
    return Preview(line, lost, 9, warned, ("欧阳系统管理员",), ("欧阳系统管理员", "示例经办"), True)


def _late_notice(dialog: NoticeDialog) -> NoticeDialog:
    dialog.form.set_values({"starts": date(2024, 9, 30)})
    dialog.count()
    return dialog


def _a_gap() -> Gap:
    """A copy that ends two actions before what was seen of its book."""
    seen = Seen("3f2a", 128, "ab", "2026-11-22T07:30:00+00:00", "拨付奖补 361123-2024-0007", "", {126: "cd"})
    return Gap(seen, Trail("3f2a", 126, "cd"), 126)


def _a_doubt() -> str:
    return doubt(datetime(2026, 3, 2, 4, tzinfo=UTC), datetime(2026, 11, 22, 4, tzinfo=UTC))


def _two_copies() -> Comparison:
    """Two that parted, with one payment in both."""
    at, mine, theirs = datetime(2026, 11, 22, 15, 30), "玉财拨〔2026〕31号", "玉财拨〔2026〕33号"
    lines = tuple(ActionLine(130 - n, f"登记企业“示例玉山精密轴承第{n}有限公司”", "示例经办", at, 1) for n in range(3))
    paid = [(Movement(Money(10_000_000), date(2026, 11, day), voucher, "示例支付"),) for day, voucher in ((23, mine), (25, theirs))]
    where = ("361123-2024-0007", "示例玉山精密轴承有限公司", Payer.BENEFICIARY, Division("361123"), EntryKind.PAID)
    return Comparison(True, 127, at, "下达 2024 年度奖补拨付通知", lines, lines[:2], 3, 2, (Twice(*where, *paid),))


def _an_encrypted_backup(folder: Path) -> BackupLine:
    """One that only a password opens."""
    path = folder / "玉山县 2026-11-22 1530（自动 3f2a）.zjtx"
    KeyFile("00", (Slot.make(bytes(20), "张三", "一句好记的话", Cost(64, 1, 1)),)).write(path)
    return BackupLine(path, datetime(2026, 11, 22, 15, 30), 3_000_000, problem="要密码", locked=True)


def _past_plan(desk: OpenBook, folder: Path, name: str) -> PastPlan:
    """What a small workbook of past awards would bring: one good row and one with mistakes."""
    path = folder / "历史奖励.xlsx"
    head = ("企业名称", "认定称号", "级别", "年度", "受益财政金额", "市级财政金额", "依据")
    good = (name, "专精特新“小巨人”企业", "国家级", 2021, 100000, 200000, "玉财企〔2021〕7号")
    with Workbook(path) as book:
        sheet = book.add_worksheet("历史")
        for number, row in enumerate((head, good, (*good[:3], "前年", "约10", 20, ""))):
            sheet.write_row(number, 0, row)
    return desk.ask_now(lambda session: past_import.plan(session, past_import.read_past(path)))


def _account_plan(desk: OpenBook, folder: Path, name: str) -> AccountPlan:
    """What a small workbook of payee accounts would bring: a good row, a damaged number, and a stranger."""
    path = folder / "收款账户.xlsx"
    rows = (
        ("企业名称", "户名", "开户银行", "银行账号", "联系人", "联系电话"),
        (name, name, "示例银行玉山支行", "3600 0000 0000 0000 017", "王某", "0793-2550001"),
        ("示例新材料有限公司", "", "示例银行玉山支行", 3600000000000000017, "", ""),
        ("示例未登记有限公司", "", "示例银行玉山支行", "360000000000018", "", ""),
    )
    with Workbook(path) as book:
        sheet = book.add_worksheet("账户")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return desk.ask_now(lambda session: account_import.plan(session, account_import.read_accounts(path)))


_FOUND = (
    "“企业”第 12 行（示例玉山精密轴承有限公司）与历史记录不符，第 30 号操作以后被绕过程序改动过：银行账号由“3600000000000000017”成了“6222000000000000023”。",
    "第 41 号操作掩盖了改动：“奖补”第 3 行（361123-2024-0003）与历史记录不符，第 28 号操作以后被绕过程序改动过：受益财政金额由“100,000.00 元”成了“150,000.00 元”。",
)


def _people(desk: OpenBook, settings: Settings, window: QWidget) -> tuple[tuple[str, Callable[[], QDialog]], ...]:
    rules, names = PasswordRules(), ("欧阳系统管理员", "示例经办")
    line = PersonLine(1, names[0], (Role.CLERK,), True, date.today(), False, None)
    return (
        ("登记人员", lambda: SetUpPeopleDialog(desk, rules, window)),
        ("增加人员", lambda: PersonFormDialog(desk, rules, names, window)),
        ("修改岗位", lambda: RolesDialog(desk, line, names, window)),
        ("重设密码", lambda: ResetPasswordDialog(desk, line, rules, (), window)),
        ("重新启用", lambda: ReactivateDialog(desk, line, rules, names, window)),
        ("接受检查发现的问题", lambda: AcceptFindingsDialog(desk, _FOUND, names, window)),
        ("一人接受检查发现的问题", lambda: AcceptFindingsDialog(desk, _FOUND[:1], (), window)),
        ("岗位分离", lambda: DualControlDialog(desk, True, names, window)),
        ("密码规定", lambda: RulesDialog(desk, rules, names, window)),
        ("两人同办", lambda: TwoPersonsDialog(desk, "停用“示例经办”", "停用后示例经办不能再登录。", "停用", print, names, window)),
        ("首登码", lambda: SlipDialog(desk, settings, names[1], "7K3M0XQ2", window)),
        ("登录", lambda: SignInDialog(desk.book, desk.jobs, names, names[0], parent=window)),
        ("修改密码", lambda: ChangePasswordDialog(desk, rules, parent=window)),
        ("已锁定", lambda: LockDialog(desk.book, desk.jobs, names, names[0], window)),
    )


def _printed_code(desk: OpenBook) -> str:
    """The code on the first letter of the book, or on a list printed now."""

    def code(session: Any) -> str:
        issued = letters.register(session, 1)
        return letters.view(session, issued[0].id)[0].code if issued else printed_code(session)

    return desk.ask_now(code)


def _further(name: str, dialog: QDialog, program: Program) -> Iterator[Shown]:
    """What a dialog shows after its first screen: the steps over a list, what a form says when it is empty."""
    if isinstance(dialog, ListSteps):
        dialog.choose.path.setText(str(SAMPLE))
        for step in (2, 3, 4):
            dialog.next.click()
            settle(program)
            yield f"{name}第{step}步", dialog
        return
    if name.startswith("新建") and hasattr(dialog, "form"):
        dialog.form.check()
        settle(program)
        yield f"{name}没有填", dialog
    if isinstance(dialog, PaperCheckDialog):
        for number, code in enumerate((_printed_code(dialog._desk), str(HeadCode.of(999, "ab" * 32)), "128-5NRH"), start=1):
            dialog.code.setText(code)
            dialog.accept()
            settle(program)
            yield f"{name}{number}", dialog
    if isinstance(dialog, BackupDialog):
        dialog.accept()
        settle(program)
        yield f"{name}以后", dialog
