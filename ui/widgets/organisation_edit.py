"""A field for an organisation: the book suggests those it knows, another name is one to be registered."""

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit

from ui.open_book import OpenBook
from ui.widgets.fields import NOTHING, Remark
from zjtx_desktop.errors import BadValue
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.organisations import OrganisationLine
from zjtx_desktop.values import MOST_NAME, Division, fold_name, free_text

_PAUSE = 150  # milliseconds
_FOUND = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class ChosenOrganisation:
    """One of the book by its id, or a name that is not in it yet."""

    id: int | None
    name: str


class OrganisationEdit(QLineEdit):
    """Type a part of a name, former name or code and pick; `value` gives a ChosenOrganisation."""

    changed = Signal()

    def __init__(self, desk: OpenBook) -> None:
        super().__init__()
        self._desk, self._chosen, self._ticket = desk, None, 0
        self._alike: tuple[str, ...] = ()  # names in the book that look like what is typed
        self._model = QStandardItemModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._completer.activated[QModelIndex].connect(self._pick)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._ask)
        self.setPlaceholderText("输入名称、曾用名或代码的一部分，从列表中选择")
        self.textChanged.connect(self.changed)
        self.textEdited.connect(self._typed)

    def value(self) -> ChosenOrganisation | None:
        """None when empty; BadValue for a name with invisible letters."""
        text = self.text().strip()
        if not text:
            return None
        if self._chosen and text == self._chosen.name:
            return self._chosen
        return ChosenOrganisation(None, free_text(text, "单位名称", MOST_NAME))

    def set_value(self, value: ChosenOrganisation | None) -> None:
        """Show one that is known."""
        self._chosen = value
        self.setText(value.name if value else "")

    def raw(self) -> Hashable:
        """What stands in the field."""
        return self.text().strip()

    def remark(self) -> Remark:
        """Whether the book knows it."""
        try:
            value = self.value()
        except BadValue as error:
            return "error", str(error)
        if value is None:
            return NOTHING
        if self._alike and not value.id:
            return "warn", f"账簿中的“{self._alike[0]}”看上去一样，有的字不是同一个字，请核对是不是同一家。"
        return (
            ("good", "账簿中已有这家单位")
            if value.id
            else ("warn", "账簿中没有这家单位，保存时将按此名称新登记。")
        )

    def _typed(self) -> None:
        self._pause.start()

    def _ask(self) -> None:
        text = self.text().strip()
        self._desk.jobs.cancel(self._ticket)
        if text:
            self._ticket = self._desk.ask(
                lambda session: (text, organisations.suggestions(session, text), organisations.look_alikes(session, text)),
                self._offer,
            )

    def _offer(self, answer: tuple[str, tuple[OrganisationLine, ...], tuple[str, ...]]) -> None:
        text, lines, alike = answer
        if text != self.text().strip():
            return
        if alike != self._alike:
            self._alike = alike
            self.changed.emit()  # what is to be said under the field is another now
        same = [line for line in lines if fold_name(line.name) == fold_name(text)]
        if len(same) == 1:
            self._chosen = ChosenOrganisation(same[0].id, text)
            self.changed.emit()
        self._model.clear()
        for line in lines:
            item = QStandardItem(_words(line))
            item.setData((line.id, line.name), _FOUND)
            self._model.appendRow(item)
        if lines and self.hasFocus() and not same:
            self._completer.complete()
        else:
            self._completer.popup().hide()

    def _pick(self, index: QModelIndex) -> None:
        number, name = index.data(_FOUND)
        self._chosen = ChosenOrganisation(number, name)
        self.setText(name)
        self.changed.emit()


def _words(line: OrganisationLine) -> str:
    more = [line.credit_code or "", Division(line.division).name if line.division else ""]
    if line.former_names:
        more.append(f"曾用名：{line.former_names}")
    return f"{line.name}（{'，'.join(filter(None, more))}）" if any(more) else line.name
