"""恢复码: typed in where a password is forgotten, put on paper for the safe; and what precedes encrypting a book."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QWidget

from ui.dialogs.files import ask_file_once
from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.frame import lay_out, row
from ui.dialogs.second_person import NAME, PASSWORD, REASON, add_second_person
from ui.dialogs.sign_in import add_new_password, check_twice, password_words
from ui.jobs import Jobs, Tick
from ui.open_book import OpenBook
from ui.pages.paper import Paper
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.fields import ChoiceEdit, LineEdit
from ui.widgets.labels import label
from ui.widgets.password_edit import PasswordEdit
from zjtx_desktop.domain.passwords import PasswordRules, check_password
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.encrypting import Other
from zjtx_desktop.usecases.recovering import (
    Recovered,
    confirm_on_paper,
    first_slip,
    learn_code,
    open_by_code,
    recovery_code,
    reset_by_code,
    save_first_slip,
    save_sheet,
    sheet,
)
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.values import safe_filename
from zjtx_desktop.values.recovery import slip_text

_ROW = 3  # groups


class CodeView(QWidget):
    """The groups of a code in rows of three, as they stand on the sheet."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code
        self.setAccessibleName("恢复码")
        self.setAccessibleDescription(code)
        grid = QGridLayout(self)
        grid.setHorizontalSpacing(self.fontMetrics().horizontalAdvance("国") * 3)
        for column in (0, _ROW + 1):
            grid.setColumnStretch(column, 1)
        for place, group in enumerate(code.split("-")):
            grid.addWidget(label(group, "title"), place // _ROW, 1 + place % _ROW)

    def text(self) -> str:
        """All of it."""
        return self._code


class CodeDialog(FormDialog):
    """Opens an encrypted book by its code; `saved` carries what `open_by_code` gives. `why` says what led here."""

    help_id = "recovery"
    keeps_input = False

    def __init__(self, path: Path, jobs: Jobs, why: str = "", parent: QWidget | None = None) -> None:
        super().__init__(jobs, "用恢复码打开", self._enter, "打开", parent)
        self._path = path
        self.form.note(
            f"{why or f'打开账簿“{path.name}”。'}请从保险柜取出密封的恢复码，照抄九组字符；大小写、短横和空格都不要紧。"
        )
        self.form.add("code", "恢复码", LineEdit("例如 7K3M-0XQ2-…"), required=True)

    def reject(self) -> None:
        """Close, but not under the worker, which may be opening the book."""
        if self.ok.isEnabled():
            super().reject()

    def _enter(self, values: dict[str, Any], _tick: Tick) -> Recovered:
        return open_by_code(self._path, values["code"])


class ResetByCodeDialog(FormDialog):
    """Gives somebody of a book opened by its code a new password and signs in by it; `saved` carries the Actor."""

    help_id = "recovery"
    keeps_input = False

    def __init__(self, found: Recovered, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "重设密码", self._reset, "重设并打开", parent)
        self._found = found
        who = "系统管理员的密码；其他人的密码由系统管理员登录后重设" if found.staffed else "密码"
        self.form.note(
            f"恢复码正确，钥匙文件已经重新生成。现在重设{who}。这会记入历史。"
            f"{password_words(PasswordRules())}记得密码的可以取消，再用密码登录。"
        )
        choices = [(name, name) for name in found.names]
        self.form.add("name", "姓名", ChoiceEdit(choices), required=True)
        add_new_password(self.form)
        if len(found.names) == 1:
            self.form.set_values({"name": found.names[0]})

    def _reset(self, values: dict[str, Any], _tick: Tick) -> Any:
        check_twice(values)
        reset_by_code(self._found.book, values["name"], values["new"], date.today())
        return sign_in(self._found.book, values["name"], values["new"], datetime.now(UTC))


class RecoverySheetDialog(FormDialog):
    """Shows the code of the open book until it is on paper: printed or saved, and its last group typed from there."""

    help_id = "recovery"
    keeps_input = False

    def __init__(self, desk: OpenBook, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, "恢复码", self._confirm, "已打印封存", parent)
        self._desk, self._settings = desk, settings
        self._code = recovery_code(desk.book, desk.actor)
        self.form.note(
            "密码忘了、钥匙文件丢了，只有恢复码能打开账簿。请现在打印出来，装信封密封，两人签名后放入保险柜；"
            "每年演练一次。确认封存以后程序就不再知道它，谁的密码也推不出它。存成 PDF 的，打印后请删除那个文件。"
        )
        self.shown = CodeView(self._code)
        self.form.add_widget(self.shown)
        self.paper = Paper(desk.jobs, self)
        self.paper.said.connect(self._said)
        self.print = self._button("打印…", self.print_sheet)
        self.save = self._button("存为 PDF…", self.save_sheet)
        self.form.add_widget(_row(self.print, self.save))
        self.form.add("group", "最后一组", LineEdit("照着纸上右下角那一组填写"), required=True)
        self.cancel.setText("以后再办")
        self._set_done(False)

    def print_sheet(self) -> None:
        """Put it on paper."""
        self.paper.put("恢复码", lambda _tick: self._pdf(), "存为 PDF", lambda: self._set_done(True))

    def save_sheet(self) -> None:
        """Put it into a file, to be printed elsewhere and removed."""
        name = safe_filename(f"恢复码 {self._desk.path.stem}") + ".pdf"
        path = ask_file_once(self, self._settings, "恢复码存为 PDF", name, "PDF 文件 (*.pdf)")
        if path is not None:
            book, code = self._desk.book, self._code
            self._jobs.run(
                lambda _tick: save_sheet(book, code, path, date.today()),
                lambda _: self._saved_to(path),
                lambda error: self.banner.say("error", str(error)),
                label="存为 PDF",
            )

    def _pdf(self) -> bytes:
        return sheet(self._desk.book, self._code, date.today())

    def _saved_to(self, path: Path) -> None:
        self._set_done(True)
        self.banner.say("good", f"恢复码已存为“{path.name}”。请打印后删除这个文件。")

    def _said(self, tone: str, sentence: str) -> None:
        self.banner.say(tone, sentence)

    def _set_done(self, done: bool) -> None:
        """Only what is on paper can be confirmed."""
        self.ok.setEnabled(done)
        self.ok.setToolTip("Ctrl+S、Ctrl+Enter" if done else "先打印，或存为 PDF")
        self.form.field("group").setEnabled(done)
        if done:
            self.form.field("group").setFocus()

    def _confirm(self, values: dict[str, Any], _tick: Tick) -> None:
        confirm_on_paper(self._desk.book, self._desk.actor, values["group"], date.today())

    def _button(self, text: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, autoDefault=False)
        button.clicked.connect(run)
        return button


class TypeCodeDialog(FormDialog):
    """Asks for the code of the open book, which then is known for another sheet; `saved` follows."""

    help_id = "recovery"
    keeps_input = False

    def __init__(self, desk: OpenBook, parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, "再打印恢复码", self._learn, "显示", parent)
        self._desk = desk
        self.form.note(
            "账簿里没有恢复码，密码也推不出来：只有生成时显示过一次。要再打印一份的，请照抄原件；"
            "原件找不到或者没有打印过的，请用“更换恢复码…”换一个新的。"
        )
        self.form.add("code", "恢复码", LineEdit("例如 7K3M-0XQ2-…"), required=True)

    def _learn(self, values: dict[str, Any], _tick: Tick) -> None:
        learn_code(self._desk.book, self._desk.actor, values["code"])


class SlipDialog(QDialog):
    """Shows the slip that goes with a first password, once: printed, saved or copied by hand before it is closed."""

    help_id = "people"

    def __init__(
        self, desk: OpenBook, settings: Settings, name: str, slip: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{name}的首登码")
        self.setModal(True)
        self._desk, self._settings, self._name, self._slip = desk, settings, name, slip
        self.banner = Banner()
        self.shown = label(slip_text(slip), "title")
        self.shown.setAccessibleName("首登码")
        said = (
            f"{name}第一次登录要同时填写初始密码和这个首登码。请同意的人打印或抄下来，当面交给{name}，"
            "不要由设初始密码的人转交。关闭以后不再显示；丢了的，重设一次密码。"
        )
        self.paper = Paper(desk.jobs, self)
        self.paper.said.connect(self.banner.say)
        self.print, self.save = QPushButton("打印…"), QPushButton("存为 PDF…")
        self.ok = QPushButton("已交给本人", default=True)
        self.ok.setProperty("role", "primary")
        self.print.clicked.connect(lambda: self.paper.put("首登码", lambda _tick: self._pdf(), "存为 PDF"))
        self.save.clicked.connect(self.save_slip)
        self.ok.clicked.connect(self.accept)
        code = row(None, self.shown, None)
        told = label(said, wraps=True)
        lay_out(self, (520, 200), told, self.banner, told, code, row(self.print, self.save, None, self.ok))

    def save_slip(self) -> None:
        """Put it into a file, to be printed elsewhere and removed."""
        name = safe_filename(f"首登码 {self._name}") + ".pdf"
        path = ask_file_once(self, self._settings, "首登码存为 PDF", name, "PDF 文件 (*.pdf)")
        if path is not None:
            self._desk.jobs.run(
                lambda _tick: save_first_slip(self._desk.book, self._name, self._slip, path, date.today()),
                lambda _: self.banner.say("good", f"首登码已存为“{path.name}”。请打印后删除这个文件。"),
                lambda error: self.banner.say("error", str(error)),
                label="存为 PDF",
            )

    def _pdf(self) -> bytes:
        return first_slip(self._desk.book, self._name, self._slip, date.today())


class EncryptDialog(FormDialog):
    """Asks for the passwords by which the book is to be encrypted; `saved` carries own and `Other`, nothing is done yet."""

    help_id = "recovery"
    keeps_input = False

    def __init__(self, desk: OpenBook, parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, "加密账簿", self._take, "加密", parent)
        self._person, self._staffed = desk.person, desk.is_staffed()
        self._rules = desk.ask_now(people.rules)
        self.form.note(
            "加密以后，打开账簿要用密码，拷走文件的人看不到内容。账簿会先关闭，全部内容写入加密的新文件，"
            "核对一致后替换原来的。接着请打印恢复码。"
        )
        if self._staffed:
            self.form.note("其他人员第一次请在您打开账簿后用“换人登录”登录一次，或者由您重设密码，以后就能自己打开。")
            self.form.add("new", f"{self._person}的密码", PasswordEdit(), required=True)
            add_second_person(self.form, desk.ask_now(lambda session: who_may_agree(session, desk.person)))
        else:
            self.form.note(password_words(self._rules))
            add_new_password(self.form, "打开账簿的密码")

    def _take(self, values: dict[str, Any], _tick: Tick) -> tuple[str, Other]:
        if not self._staffed:
            check_twice(values)
            check_password(values["new"], self._person, self._rules)
        return _passwords(values)


class RenewDialog(FormDialog):
    """Asks for the passwords before the code of the book is renewed; `saved` carries own and `Other`, nothing is done yet."""

    help_id = "recovery"
    keeps_input = False

    def __init__(self, desk: OpenBook, parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, "更换恢复码", lambda values, _tick: _passwords(values), "更换", parent)
        self.form.note(
            "恢复码可能被他人看过，或者停用的人员可能留有旧的钥匙文件时更换。账簿会用新的密钥重写一遍，"
            "旧恢复码不能再打开它。接着请打印新的恢复码。"
        )
        if desk.is_staffed():
            self.form.note(
                "单位根密钥同时换新的，每个人的岗位重新证明一次。"
                "其他人员请在您打开账簿后用“换人登录”登录一次，或者由您重设密码，以后就能自己打开。"
            )
        self.form.add("new", f"{desk.person}的密码", PasswordEdit(), required=True)
        if desk.is_staffed():
            add_second_person(self.form, desk.ask_now(lambda session: who_may_agree(session, desk.person)))


def _passwords(values: dict[str, Any]) -> tuple[str, Other]:
    other = Other(values.get(NAME) or "", values.get(PASSWORD) or "", values.get(REASON) or "")
    return str(values["new"]), other


def _row(*widgets: QWidget) -> QWidget:
    held = QWidget()
    layout = QHBoxLayout(held)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addStretch()
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch()
    return held
