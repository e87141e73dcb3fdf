"""Tables of Word and WPS documents (.docx): the document's XML is gone through once, no library builds it.

Only the document and its comments are opened, each under the limits of `guard`, with entities refused. Text that was
deleted with changes tracked, hidden text, and the second copy of a text box are not read.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import ZipFile

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange import guard
from zjtx_desktop.exchange.book_parts import rgb_colour
from zjtx_desktop.exchange.guard import DAMAGED, MACROS, TOO_BIG
from zjtx_desktop.exchange.table import Row, Table
from zjtx_desktop.exchange.text_tables import FoundTable, hand_on_one, left_over
from zjtx_desktop.exchange.word_grid import Cell, Grid, fill_table

WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main ",
    "http://purl.oclc.org/ooxml/wordprocessingml/main ",
)
SKIPPED = ("moveFrom", "del", "rt", "Fallback")  # what is not seen, or seen twice
MAX_DEPTH = 400
MAX_CELLS = 100_000
MAX_WIDTH = 2_000  # columns of the grid, before those that no cell uses are left out
MAX_TEXT = 30 << 20  # characters
MAX_COMMENTS = 5_000
NO_TABLE = "文档里没有表格，请把名单整理成表格（或复制到 Excel、WPS 表格另存为 .xlsx）后再导入。"
HIDDEN_TEXT = "文档里有隐藏的文字，没有读入。"


class _Document:
    """Collects tables, and the texts between them, from the events of the XML parser."""

    def __init__(self, comments: Mapping[str, str]) -> None:
        self.grids: list[Grid] = []
        self.texts: list[str] = []  # since the last table
        self.has_hidden = False
        self._comments = comments
        self._open: list[tuple[Grid, Cell | None]] = []  # nested tables, the innermost last
        self._cell: Cell | None = None
        self._pieces: list[str] = []
        self._depth = self._skipping = self._cells = self._length = 0
        self._in_text = self._in_run = self._struck = self._vanished = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadFile(TOO_BIG)
        space, _, short = name.rpartition(" ")
        if self._skipping or short in SKIPPED:
            self._skipping += 1
        elif f"{space} " in WORD and (enter := _ENTER.get(short)):
            enter(self, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """Leave an element."""
        self._depth -= 1
        if self._skipping:
            self._skipping -= 1
            return
        space, _, short = name.rpartition(" ")
        if f"{space} " in WORD and (leave := _LEAVE.get(short)):
            leave(self)

    def data(self, text: str) -> None:
        """Take the text met inside a `t`."""
        if self._in_text and not self._skipping:
            self._add(text)

    def _add(self, text: str) -> None:
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise BadFile(TOO_BIG)
        if self._vanished:
            self.has_hidden = True
            return
        self._pieces.append(text)
        if self._struck and self._cell:
            self._cell.struck.append(text)

    # tables

    def _table(self, _: Mapping[str, str]) -> None:
        grid = Grid(before=self.texts if not self._open else [])
        if not self._open:
            self.texts = []
        self.grids.append(grid)
        self._open.append((grid, self._cell))
        self._cell = None

    def _end_table(self) -> None:
        _, self._cell = self._open.pop()

    def _row(self, _: Mapping[str, str]) -> None:
        if self._open:
            grid = self._open[-1][0]
            grid.rows.append([])
            grid.at = 0

    def _grid_before(self, attributes: Mapping[str, str]) -> None:
        if self._open:
            self._open[-1][0].at += _number(attributes)

    def _new_cell(self, _: Mapping[str, str]) -> None:
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise BadFile(TOO_BIG)
        self._cell = Cell()

    def _end_cell(self) -> None:
        if self._open and self._cell and self._open[-1][0].rows:
            grid = self._open[-1][0]
            grid.rows[-1].append((grid.at, self._cell))
            grid.at += self._cell.span
            if grid.at > MAX_WIDTH:
                raise BadFile(TOO_BIG)
        self._cell = None

    def _span(self, attributes: Mapping[str, str]) -> None:
        if self._cell:
            self._cell.span = max(1, _number(attributes))

    def _down(self, attributes: Mapping[str, str]) -> None:
        if self._cell and attributes.get("val", "continue") == "continue":
            self._cell.continues = "down"

    def _right(self, attributes: Mapping[str, str]) -> None:
        if self._cell and attributes.get("val", "continue") == "continue":
            self._cell.continues = "right"

    def _shade(self, attributes: Mapping[str, str]) -> None:
        fill = attributes.get("fill", "auto")
        if self._cell and not self._in_run and len(fill) == 6 and not self._pieces:
            self._cell.fill = rgb_colour(fill)

    # paragraphs and runs

    def _end_paragraph(self) -> None:
        text = "".join(self._pieces)
        self._pieces = []
        if self._cell is not None:
            self._cell.lines.append(text)
        elif text.strip() and not self._open:
            self.texts.append(text)

    def _run(self, _: Mapping[str, str]) -> None:
        self._in_run, self._struck, self._vanished = True, False, False

    def _end_run(self) -> None:
        self._in_run = self._struck = self._vanished = False

    def _strike(self, attributes: Mapping[str, str]) -> None:
        self._struck = self._in_run and attributes.get("val") not in ("0", "false", "off", "none")

    def _vanish(self, attributes: Mapping[str, str]) -> None:
        self._vanished = self._in_run and attributes.get("val") not in ("0", "false", "off")

    def _text(self, _: Mapping[str, str]) -> None:
        self._in_text = True

    def _end_text(self) -> None:
        self._in_text = False

    def _comment(self, attributes: Mapping[str, str]) -> None:
        if self._cell and (said := self._comments.get(attributes.get("id", ""))):
            self._cell.comments.append(said)


def _signs(sign: str) -> Callable[[_Document, Mapping[str, str]], None]:
    return lambda document, _: document._add(sign) if document._in_run else None


_ENTER: dict[str, Callable[[_Document, Mapping[str, str]], None]] = {
    "tbl": _Document._table,
    "tr": _Document._row,
    "gridBefore": _Document._grid_before,
    "tc": _Document._new_cell,
    "gridSpan": _Document._span,
    "vMerge": _Document._down,
    "hMerge": _Document._right,
    "shd": _Document._shade,
    "r": _Document._run,
    "strike": _Document._strike,
    "dstrike": _Document._strike,
    "vanish": _Document._vanish,
    "t": _Document._text,
    "tab": _signs("\t"),
    "br": _signs("\n"),
    "cr": _signs("\n"),
    "noBreakHyphen": _signs("-"),
    "sym": _signs("\ufffd"),  # a letter of a symbol font: nobody but that font knows it
    "commentReference": _Document._comment,
}
_LEAVE: dict[str, Callable[[_Document], None]] = {
    "tbl": _Document._end_table,
    "tc": _Document._end_cell,
    "p": _Document._end_paragraph,
    "r": _Document._end_run,
    "t": _Document._end_text,
}


def _number(attributes: Mapping[str, str]) -> int:
    number = int(attributes.get("val", "1"))
    if not 0 <= number <= MAX_WIDTH:
        raise BadFile(DAMAGED)
    return number


def read_document(data: bytes, name: str, sheet: str | None, take: Callable[[Row], None]) -> Table:
    """Hand the rows of the named table (表1, 表2, …), or of the first, to `take`; the rest is returned."""
    with ZipFile(BytesIO(data)) as archive:
        guard.check_entries(archive)
        names = archive.namelist()
        part = next((each for each in names if each.startswith("word/document") and each.endswith(".xml")), None)
        if part is None:
            raise BadFile(DAMAGED)
        document = _Document(_comments(archive) if "word/comments.xml" in names else {})
        guard.parse(archive, part, document.start, document.end, document.data)
        has_macros = any("vbaproject" in each.casefold() for each in names)
    notes = [*[HIDDEN_TEXT] * document.has_hidden, *[MACROS] * has_macros]
    tables, texts = _tables(document)
    return hand_on_one(tables, name, sheet, take, [*left_over(texts), *notes], NO_TABLE)


def _comments(archive: ZipFile) -> dict[str, str]:
    found: dict[str, str] = {}
    pieces: list[str] = []
    number = ""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal number
        if name.endswith(" comment"):
            number = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            pieces.clear()

    def end(name: str) -> None:
        if name.endswith(" comment"):
            found[number] = " ".join("".join(pieces).split())
            if len(found) > MAX_COMMENTS:
                raise BadFile(TOO_BIG)

    guard.parse(archive, "word/comments.xml", start, end, pieces.append)
    return found


def _tables(document: _Document) -> tuple[list[FoundTable], list[str]]:
    """The tables that are some, and the texts after the last; a frame around a text is a text."""
    found: list[FoundTable] = []
    texts: list[str] = []
    for grid in document.grids:
        texts += grid.before
        table = FoundTable(f"表{len(found) + 1}", list(texts))
        fill_table(table, grid)
        if table.is_table:
            found.append(table)
            texts = []
        else:
            texts += [text for cells in table.cells.values() for text in cells.values() if isinstance(text, str)]
    return found, texts + document.texts
