"""The detail beside a list: sections of labels and values, and of sentences, to be read and copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QWidget

from ui import theme
from ui.models.column import State

_LABEL_LETTERS = 9
_NOTHING = "选中一行，这里显示它的详细情况。"


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands beside it; with `link` it can be clicked, and `linked` says so."""

    label: str
    value: str | State
    link: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A headline over lines; a plain str among them is a sentence across."""

    title: str
    lines: Sequence[Line | str | State]


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything about one record."""

    title: str
    sections: Sequence[Section]
    state: State | None = None


class DetailPanel(QTextBrowser):
    """Shows a Detail; text can be selected across its lines. `linked(link)`: a value was clicked."""

    linked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: Detail | None = None
        self.setAccessibleName("详细情况")
        self.setOpenLinks(False)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("国") * 16)
        self.document().setDocumentMargin(8)
        self.anchorClicked.connect(self._follow)
        self.show_detail(None)

    def show_detail(self, detail: Detail | None) -> None:
        """Show a record, or a hint when there is none."""
        self._detail = detail
        self.setHtml(
            _page(detail, self._label_width(detail))
            if detail
            else f'<p style="color:{theme.colours().soft}">{_NOTHING}</p>'
        )

    def _label_width(self, detail: Detail) -> int:
        """As wide as the longest label, up to a share of the panel's least width."""
        labels = [
            line.label for section in detail.sections for line in section.lines if isinstance(line, Line)
        ]
        widest = max(map(self.fontMetrics().horizontalAdvance, labels), default=0)
        return min(widest, self.fontMetrics().horizontalAdvance("国" * _LABEL_LETTERS)) + 12

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.show_detail(self._detail)

    def _follow(self, link: QUrl) -> None:
        self.linked.emit(link.toString())


def _page(detail: Detail, wide: int) -> str:
    head = f'<p style="font-size:large; margin:0 0 4px 0"><b>{escape(detail.title)}</b></p>'
    state = f'<p style="margin:0">{_state(detail.state)}</p>' if detail.state else ""
    return head + state + "".join(_section(section, wide) for section in detail.sections)


def _section(section: Section, wide: int) -> str:
    colours = theme.colours()
    title = (
        f'<p style="color:{colours.accent}; margin:14px 0 4px 0"><b>{escape(section.title)}</b></p>'
        if section.title
        else ""
    )
    parts, table = [], []
    for line in section.lines:
        if isinstance(line, Line):
            table.append(_line(line, wide))
            continue
        parts += _table(table)
        table = []
        text = _state(line) if isinstance(line, State) else escape(line)
        parts.append(f'<p style="margin:2px 0; line-height:135%">{text}</p>')
    return title + "".join(parts + _table(table))


def _table(rows: list[str]) -> list[str]:
    return [f'<table cellspacing="0" cellpadding="2" width="100%">{"".join(rows)}</table>'] if rows else []


def _line(line: Line, wide: int) -> str:
    colours = theme.colours()
    value = (
        _state(line.value)
        if isinstance(line.value, State)
        else escape(line.value or "—").replace("\n", "<br>")
    )
    if line.link:
        value = (
            f'<a href="{escape(line.link)}" style="color:{colours.accent}; text-decoration:none">{value}</a>'
        )
    label = f'<td width="{wide}" style="color:{colours.soft}">{escape(line.label)}</td>'
    return f"<tr>{label}<td>{value}</td></tr>"


def _state(state: State) -> str:
    return f'<span style="color:{getattr(theme.colours(), state.tone)}">● {escape(state.text)}</span>'
