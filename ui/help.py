"""Help: the Chinese pages of resources/help in a window of their own, opened by F1 at the page's own text."""

import re
from functools import cache

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLength,
)
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from ui import theme
from ui.page import SUBJECTS
from zjtx_desktop.paths import RESOURCES

FOLDER = RESOURCES / "help"
INDEX = "index"
_HEADING = re.compile(r"^#\s+(.+)$", re.MULTILINE)
_WIDE_CONTENTS = 180
_MARGIN = 72  # pixels left of the screen around the window
_LINES = 135.0  # per cent
_BEFORE_HEADING, _AFTER = 14, 6  # pixels
_CELL = 4
_PICTURE = "\ufffc"  # what stands for a picture in the text of a block
_OUTSIDE = ("http", "https", "mailto")
_LARGER = {1: 2, 2: 1}  # steps above ordinary text, by the level of a heading


@cache
def topics() -> tuple[tuple[str, str], ...]:
    """(id, title) of every help page: the index first, then as in the navigation, then the others."""
    order = [INDEX, *(page.id for page in SUBJECTS)]
    places = {name: place for place, name in enumerate(order)}
    pages = sorted(FOLDER.glob("*.md"), key=lambda path: (places.get(path.stem, len(order)), path.stem))
    return tuple((page.stem, _title(page.read_text(encoding="utf-8")) or page.stem) for page in pages)


class HelpWindow(QWidget):
    """Contents on the left, the text on the right; links between pages work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlag(self.windowFlags().Window)
        self.setWindowTitle("帮助")
        self.contents, self.text = QListWidget(), QTextBrowser()
        self.contents.setAccessibleName("帮助目录")
        self.text.setAccessibleName("帮助正文")
        self.text.setOpenLinks(False)
        self.text.setSearchPaths([str(FOLDER)])
        for name, title in topics():
            item = QListWidgetItem(title, self.contents)
            item.setData(Qt.ItemDataRole.UserRole, name)
        split = QSplitter()
        split.addWidget(self.contents)
        split.addWidget(self.text)
        split.setStretchFactor(1, 1)
        split.setSizes([_WIDE_CONTENTS, 600])
        layout = QVBoxLayout(self)
        layout.addWidget(split)
        self.contents.currentItemChanged.connect(self._show_chosen)
        self.text.anchorClicked.connect(self._follow)
        self.resize(860, 600)

    def open_page(self, name: str) -> None:
        """Show a page, or the index where it is not written yet, and come to the front."""
        known = [page for page, _ in topics()]
        self.contents.setCurrentRow(known.index(name) if name in known else 0)
        self.show()
        self.raise_()
        self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        """Never larger than the screen."""
        room = self.screen().availableSize()
        self.resize(self.size().boundedTo(QSize(room.width() - _MARGIN, room.height() - _MARGIN)))
        super().showEvent(event)

    def _show_chosen(self, item: QListWidgetItem) -> None:
        self._show(item.data(Qt.ItemDataRole.UserRole))

    def _show(self, name: str) -> None:
        text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
        self.text.setMarkdown(text)
        _space(self.text.document())
        self.setWindowTitle(f"帮助：{_title(text) or name}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.contents.currentItem():
            self._show_chosen(self.contents.currentItem())

    def _follow(self, link: QUrl) -> None:
        name = link.path().removesuffix(".md")
        known = [page for page, _ in topics()]
        if name in known:
            self.contents.setCurrentRow(known.index(name))
        elif link.scheme() in _OUTSIDE:
            QDesktopServices.openUrl(link)


def _space(document: QTextDocument) -> None:
    """Give a text that came from Markdown the line spacing and the headings of a page."""
    document.setDocumentMargin(14)
    block = document.begin()
    while block.isValid():
        cursor, form = QTextCursor(block), block.blockFormat()
        pictured = _PICTURE in block.text()
        spaced = 100.0 if pictured else _LINES
        form.setLineHeight(spaced, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        level = form.headingLevel()
        if table := cursor.currentTable():
            shape = table.format()
            shape.setBorderBrush(theme.tone("line_strong"))
            shape.setCellPadding(_CELL)
            table.setFormat(shape)
        else:
            form.setTopMargin(_BEFORE_HEADING if level > 1 else 0)
            form.setBottomMargin(0 if block.textList() else _AFTER)
        cursor.setBlockFormat(form)
        if pictured:
            _fit_picture(cursor)
        if level:
            letters = QTextCharFormat()
            letters.setProperty(QTextCharFormat.Property.FontSizeAdjustment, _LARGER.get(level, 0))
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(letters)
        block = block.next()


def _fit_picture(cursor: QTextCursor) -> None:
    """Keep the picture a block begins with from being wider than the text."""
    cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
    picture = cursor.charFormat().toImageFormat()
    picture.setMaximumWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    cursor.setCharFormat(picture)


def _title(text: str) -> str:
    found = _HEADING.search(text)
    return found[1].strip() if found else ""
