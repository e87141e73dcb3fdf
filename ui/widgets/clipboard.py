"""Rows for the clipboard: tab separated text, and a table in which codes stay text when pasted into WPS or
Excel.
"""

from collections.abc import Iterable, Sequence
from html import escape

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from ui.models.column import Column, Kind

# What the spreadsheet programs read: Excel and WPS the mso format, LibreOffice the sdnum attribute.
_FORMATS = {
    Kind.MONEY: ("#\\,##0\\.00", ""),
    Kind.DATE: ("yyyy\\-mm\\-dd", ""),
    Kind.NUMBER: ("0", ""),
}
_OURS = "application/x-zjtx-rows"  # marks what was copied here
_AS_TEXT = ("\\@", ' sdnum="1033;0;@"')


def as_mime(columns: Sequence[Column], rows: Iterable[Sequence[str]], titles: bool = False) -> QMimeData:
    """The texts of rows under `columns`, as plain text and as a table."""
    lines = [list(row) for row in rows]
    if titles:
        lines.insert(0, [column.title for column in columns])
    mime = QMimeData()
    mime.setText(as_tsv(lines))
    mime.setData(_OURS, b"1")
    mime.setHtml(_as_html(columns, lines))
    return mime


def let_go() -> None:
    """Leave what was copied as plain text: a table made here that outlives Python ends the process with a crash."""
    clipboard = QGuiApplication.clipboard()
    held = clipboard.mimeData()  # None on a desk where nothing was ever copied
    if held is not None and held.hasFormat(_OURS):
        clipboard.setText(clipboard.text())


def as_tsv(lines: Iterable[Sequence[str]]) -> str:
    """Tab separated lines; a text with tabs, quotes or line breaks is quoted as spreadsheets expect."""
    return "".join("\t".join(map(_quoted, line)) + "\r\n" for line in lines)


def _quoted(text: str) -> str:
    if any(sign in text for sign in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _as_html(columns: Sequence[Column], lines: Iterable[Sequence[str]]) -> str:
    heads = []
    for column in columns:
        number_format, extra = _FORMATS.get(column.kind, _AS_TEXT)
        heads.append(f"<td style=\"mso-number-format:'{number_format}'\"{extra}>")
    body = "".join(
        "<tr>"
        + "".join(f"{head}{escape(text)}</td>" for head, text in zip(heads, line, strict=True))
        + "</tr>"
        for line in lines
    )
    return f'<html><head><meta charset="utf-8"></head><body><table>{body}</table></body></html>'
