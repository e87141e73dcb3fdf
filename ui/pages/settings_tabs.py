"""The tabs of 设置."""

from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import icons
from ui.dialogs.accept_findings import AcceptFindingsDialog
from ui.dialogs.ask import Unsaved, ask_unsaved
from ui.models.column import State
from ui.open_book import OpenBook
from ui.theme import MODES, TEXT_SIZES, Theme
from ui.vitals import Vitals
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from ui.widgets.fields import ChoiceEdit, LineEdit
from ui.widgets.form import Form
from ui.widgets.labels import label
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import office
from zjtx_desktop.usecases.books import place, size_text
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.findings import DEED, unaccepted
from zjtx_desktop.usecases.locations import place_words
from zjtx_desktop.usecases.office import Office
from zjtx_desktop.usecases.self_check import faces
from zjtx_desktop.values import Division

_FORM_LETTERS = 40  # widest a form grows, in 汉字


class Tab(QWidget):
    """One subject of 设置, its content from the top down."""

    title = ""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2, 12, 10, 8)
        self.column.setSpacing(10)

    def refresh(self) -> None:
        """Ask anew."""


class OfficeTab(Tab):
    """Whose book it is; saved as an action that can be taken back."""

    says = Signal(str, str)
    title = "单位"

    def __init__(self, desk: OpenBook) -> None:
        super().__init__()
        self._desk = desk
        self.form = _short_form(self, _FORM_LETTERS)
        choices = [(division, division.name) for division in Division.all()]
        self.form.add("division", "所属县（市、区）", ChoiceEdit(choices), required=True)
        self.form.add("name", "单位名称", LineEdit("印在文书上的全称"), required=True)
        self.form.add("contact", "联系方式", LineEdit("联系人和电话，印在拨付通知上"))
        self.form.add(
            "prefix", "发文机关代字", LineEdit("例如 玉财奖"), required=True, hint="拨付通知的文号以它开头"
        )
        self.form.note("代字只用于以后下达的文书，已经下达的文号不变。")
        self.save, self.undo = QPushButton("保存"), QPushButton("取消")
        self.save.setProperty("role", "primary")
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addWidget(self.undo)
        buttons.addStretch()
        self.column.addWidget(self.form)
        self.column.addLayout(buttons)
        self.column.addStretch()
        self.save.clicked.connect(self.accept)
        self.undo.clicked.connect(self._load)
        self.form.finished.connect(self.accept)
        self.form.changed.connect(self._show_dirty)
        self._load()

    def refresh(self) -> None:
        if not self.form.is_dirty:
            self._load()

    def accept(self) -> None:
        """Save what was changed."""
        if not self.form.is_dirty or not self.form.check():
            return
        values = self.form.values()

        def deed(session: Any, _tick: object) -> Office:
            return office.set_up(
                session, values["division"], values["name"], values["prefix"], values["contact"] or ""
            )

        self._desk.act("修改单位信息", deed, done=self._saved, failed=self._failed)

    def may_leave(self) -> bool:
        """Ask about what is not saved; saying 保存 saves and stays."""
        if not self.form.is_dirty:
            return True
        answer = ask_unsaved(self, "设置 → 单位")
        if answer is Unsaved.SAVE:
            self.accept()
        return answer is Unsaved.DISCARD

    def _load(self) -> None:
        us = self._desk.office()
        self.form.set_values(
            {"division": us.division, "name": us.name, "contact": us.contact, "prefix": us.prefix}
        )
        self._show_dirty()

    def _show_dirty(self) -> None:
        for button in (self.save, self.undo):
            button.setEnabled(self.form.is_dirty)

    def _saved(self, us: Office) -> None:
        self.form.mark_clean()
        self._show_dirty()
        self.says.emit("good", f"已保存：{us.division.name}，{us.name}。")

    def _failed(self, error: AppError) -> None:
        self.says.emit("error", str(error))


class BookTab(Tab):
    """Where the book lies, and how it stands."""

    title = "账簿"
    says = Signal(str, str)

    def __init__(self, desk: OpenBook, vitals: Vitals) -> None:
        super().__init__()
        self._desk, self._vitals = desk, vitals
        self.text = DetailPanel()
        self.text.setAccessibleName("账簿")
        self.open = QPushButton("打开所在文件夹")
        icons.dress(self.open, "folder")
        self.open.clicked.connect(self.open_folder)
        self.accept = QPushButton(f"{DEED}…")
        self.accept.setToolTip("查明原因以后，由两个人接受，账簿才能继续登记")
        self.accept.clicked.connect(self.accept_findings)
        self.accept.hide()
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addWidget(self.accept)
        row.addStretch()
        self.column.addLayout(row)
        self.column.addWidget(self.text)
        vitals.changed.connect(self.refresh)

    def refresh(self) -> None:
        self._desk.jobs.run(lambda _tick: place(self._desk.path), done=self._show)
        self._desk.ask(unaccepted, lambda found: self.accept.setVisible(bool(found)))

    def accept_findings(self) -> None:
        """Show what checks found, and let two persons accept it."""
        me = self._desk.person
        self._desk.ask(lambda session: (unaccepted(session), who_may_agree(session, me)), self._ask_to_accept)

    def _ask_to_accept(self, found: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
        dialog = AcceptFindingsDialog(self._desk, *found, self)
        dialog.saved.connect(self._accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _accepted(self, by: str) -> None:
        self.says.emit("good", f"{by}。账簿可以继续登记，正在再检查一次。")
        self._desk.tell()
        self._vitals.check()

    def open_folder(self) -> None:
        """Show the book's folder in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._desk.path.parent))

    def _show(self, found: Any) -> None:
        standing = self._vitals.standing()
        lines = (
            Line("文件", found.path.name),
            Line("文件夹", str(found.path.parent)),
            Line("位置", place_words(found.path)),
            Line("加密", State("已加密", "good") if self._vitals.is_encrypted else State("未加密，只作示例和试用", "warn")),
            Line("大小", size_text(found.size)),
            Line("磁盘剩余", size_text(found.free)),
            Line("操作人", standing.person),
            Line("备份", _state(*standing.backup)),
            Line("检查", _state(*standing.check)),
        )
        told = (Section("检查发现的问题", self._vitals.problems or ()), Section("以前发现、已经接受的", self._vitals.accepted))
        self.text.show_detail(Detail("账簿在哪里", (Section("", lines), *(one for one in told if one.lines))))


class FontsTab(Tab):
    """The faces that documents are printed with; they travel with the program."""

    title = "字体"

    def __init__(self) -> None:
        super().__init__()
        self.text = DetailPanel()
        self.text.setAccessibleName("字体")
        self.column.addWidget(self.text)

    def refresh(self) -> None:
        lines = [
            Line(name, State("已带", "good") if there else State("缺少", "error")) for name, there in faces()
        ]
        said = (
            "文书用的字体随程序带着，嵌入打印的文件，不需要另外安装。"
            "生僻字在这一种里没有的，逐字改用下一种；都没有的，程序会指出是哪个字。"
        )
        lost = () if all(there for _, there in faces()) else ("有字体缺少，文书印不出来，请重新安装程序。",)
        self.text.show_detail(Detail("公文字体", (Section("", (said, *lost)), Section("", lines))))


class LookTab(Tab):
    """Light or dark, and how large the text is; the same choices as in the view menu."""

    title = "外观"

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.form = _short_form(self, _FORM_LETTERS // 2)
        self.mode = self.form.add("mode", "外观", ChoiceEdit(MODES))
        self.size = self.form.add("size", "字号", ChoiceEdit(TEXT_SIZES))
        self.refresh()
        self.mode.changed.connect(self._choose)
        self.size.changed.connect(self._choose)
        self.column.addWidget(self.form)
        self.column.addWidget(label("马上生效，只影响这台电脑。", "soft"))
        self.column.addStretch()

    def refresh(self) -> None:
        for field, value in ((self.mode, self._theme.mode), (self.size, self._theme.text_size)):
            field.blockSignals(True)
            field.set_value(value)
            field.blockSignals(False)

    def _choose(self) -> None:
        if self.mode.value() != self._theme.mode:
            self._theme.set_mode(self.mode.value())
        if self.size.value() != self._theme.text_size:
            self._theme.set_text_size(self.size.value())


def _short_form(tab: QWidget, letters: int) -> Form:
    """A form no wider than its texts need, with what follows right under it."""
    form = Form()
    form.setMaximumWidth(tab.fontMetrics().horizontalAdvance("国") * letters)
    form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return form


def _state(words: str, tone: str) -> State:
    return State(words.split("：")[-1], tone)
