"""核对文书校验码: a paper's code typed, pasted or scanned, and in one sentence what the book says of it."""

from operator import attrgetter

from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QPushButton, QWidget

from ui.dialogs.frame import lay_out, row
from ui.models.column import Column, Kind, State
from ui.models.table import TableModel
from ui.open_book import OpenBook
from ui.settings import Settings
from ui.widgets.banner import Banner
from ui.widgets.labels import label
from ui.widgets.list_view import ListView
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases.paper_check import PaperCheck, PaperLine, Verdict, verify

_SAID = (
    "请输入印在纸上左下或右下角的“账簿校验码”，或者把光标放在第一格，用扫描枪扫旁边的二维码。"
    "字母不分大小写，横线和空格可以不输；0 和 O、1 和 I 输混了也没有关系。"
)
_TONES = {Verdict.MATCHES: "good", Verdict.LISTED: "info", Verdict.NO_CODE: "warn"}
_SIZE = (900, 480)


def _state(line: PaperLine) -> State:
    return State(line.state, "error" if line.state == AwardState.VOIDED.label else "good")


_COLUMNS = (
    Column("number", "文号", attrgetter("number"), letters=11, tip=attrgetter("number")),
    Column("payee", "收款单位", attrgetter("payee"), letters=13, tip=attrgetter("payee")),
    Column("amount", "金额（元）", attrgetter("amount"), Kind.MONEY, letters=7),
    Column("state", "现在状态", _state, Kind.STATE, letters=5),
    Column("issued_on", "日期", attrgetter("issued_on"), Kind.DATE, letters=6),
    Column("issued_by", "办理人", attrgetter("issued_by"), letters=5),
    Column("kind", "种类", attrgetter("kind"), letters=5, hidden=True),
)


class PaperCheckDialog(QDialog):
    """Stays open, so that one paper after the other can be checked; nothing in the book changes."""

    help_id = "letters"

    def __init__(self, desk: OpenBook, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("核对文书校验码")
        self._desk, self._ticket = desk, 0
        self.code, self.number = QLineEdit(), QLineEdit()
        self.code.setPlaceholderText("例：128-5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YQV1")
        self.number.setPlaceholderText("例：玉工信字〔2024〕37号；没有校验码的，输了它查登记")
        self.banner, self.advice = Banner(), label(wraps=True)
        self.lines = TableModel(_COLUMNS)
        self.list = ListView(self.lines, settings, "paper-check")
        self.lines.setParent(self.list)
        self.list.setAccessibleName("使用这个校验码的文书")
        self.list.sort_changed.connect(self.lines.sort_held)
        self.ok, self.shut = QPushButton("核对", default=True), QPushButton("关闭", autoDefault=False)
        self.ok.setProperty("role", "primary")
        self.ok.clicked.connect(self.accept)
        self.shut.clicked.connect(self.reject)
        for field in (self.code, self.number):
            field.textEdited.connect(self._forget)
        self._lay_out()
        self._forget()

    def accept(self) -> None:
        """Ask the book on the worker; the dialog stays to say what came of it."""
        if self._ticket:
            return
        book, code, number = self._desk.book, self.code.text(), self.number.text()
        self._forget()
        self.ok.setEnabled(False)
        self._ticket = self._desk.jobs.run(
            lambda _tick: verify(book, code, number), self._show, self._failed, self._ended, "核对文书"
        )

    def _show(self, found: PaperCheck) -> None:
        self.banner.say(_TONES.get(found.verdict, "error"), found.sentence)
        self.advice.setText(found.advice)
        self.advice.show()
        self.lines.show(found.lines)
        self.list.setVisible(bool(found.lines))

    def _failed(self, error: AppError) -> None:
        self.banner.say("error", str(error))

    def _ended(self) -> None:
        self._ticket = 0
        self.ok.setEnabled(True)
        self.code.setFocus()
        self.code.selectAll()  # the next scan takes the place of this one

    def _forget(self) -> None:
        """An answer never stands beside another question."""
        self.banner.hide()
        self.advice.hide()
        self.list.hide()

    def _lay_out(self) -> None:
        fields = QGridLayout()
        fields.setHorizontalSpacing(12)
        for line, (text, field) in enumerate((("账簿校验码(&M)", self.code), ("文号（可不填）(&N)", self.number))):
            name = label(text)
            name.setBuddy(field)
            field.setAccessibleName(text.partition("(&")[0])
            fields.addWidget(name, line, 0)
            fields.addWidget(field, line, 1)
        said, buttons = label(_SAID, "soft", wraps=True), row(None, self.shut, self.ok)
        lay_out(self, _SIZE, self.list, said, fields, self.banner, self.advice, self.list, None, buttons)
