"""Text tables (.csv, .txt): the encoding found by strict rules, the cells left as text."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, SAVE_AS, TOO_BIG, TOO_MANY_ROWS
from zjtx_desktop.exchange.quoting import Lone, records
from zjtx_desktop.exchange.table import MAX_CHARACTERS, Row, Table, text_cell, trimmed

SEPARATORS = (",", "\t", ";")
MAX_LINES = 600_000  # empty lines and line breaks inside cells counted too
LOOKED_AT = 20  # lines that decide the separator
ENCODINGS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
    (b"", "utf-8", "UTF-8"),
    (b"", "gb18030", "GB18030"),
)
KEPT_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')  # how a code is written so that Excel leaves it alone


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: marks first, then strict UTF-8, then strict GB18030.

    A mark that does not hold falls through: GBK text can begin with the bytes of a UTF-8 mark.
    """
    for mark, codec, label in ENCODINGS:
        if data.startswith(mark):
            try:
                text = data.decode(codec)
            except UnicodeDecodeError:
                continue
            if "\0" in text:
                break
            return text, label
    raise BadFile(f"看不懂这个文本文件的编码，{SAVE_AS}。")


def separator(text: str) -> str:
    """What parts the columns: the commonest of comma, tab and semicolon in the first lines."""
    head = "\n".join(text.split("\n", LOOKED_AT)[:LOOKED_AT])
    return max(SEPARATORS, key=head.count)


def read_text(data: bytes, name: str, sheet: str | None, take: Callable[[Row], None]) -> Table:
    """Hand all rows with content to `take`, and note the encoding; the number of a row is the one Excel shows.

    The file is one sheet, called as the file; a wanted `sheet` is passed over.
    """
    text, label = decode(data)
    made = 0
    for number, fields in enumerate(_records(text), start=1):
        row = trimmed(text_cell(_inside(field)) for field in fields)
        if len(row) > MAX_COLUMNS:
            raise BadFile(f"第 {number} 行超过 {MAX_COLUMNS} 列，请删去多余的列后再导入。")
        if row:
            made += 1
            take(Row(number, row))
        if made > MAX_ROWS:
            raise BadFile(TOO_MANY_ROWS)
    if not made:
        raise BadFile("文件里没有内容，请核对后再导入。")
    title = PurePath(name).stem[:31]
    return Table(name, title, (title,), (), (f"文本文件按 {label} 编码读取，请核对预览里的汉字。",))


def _inside(field: str) -> str:
    """What a cell holds: of ="914…" what stands in the quotes."""
    if field.startswith('="') and (kept := KEPT_AS_TEXT.fullmatch(field.strip())):
        return kept[1].replace('""', '"')
    return field


def _records(text: str) -> Iterator[list[str]]:
    """The cells of each row, within the limits."""
    between = separator(text)
    if text.count(between) > MAX_CELLS or text.count("\n") + text.count("\r") > MAX_LINES:
        raise BadFile(TOO_BIG)
    number = 0
    try:
        for number, fields in enumerate(records(text, between, lambda _: True, strict=True), start=1):
            if any(len(field) > MAX_CHARACTERS for field in fields):
                raise BadFile(f"第 {number} 行有一格超过 {MAX_CHARACTERS:,} 个字符，{SAVE_AS}。")
            yield fields
    except Lone as error:
        raise BadFile(f"第 {number + 1} 行附近的引号没有成对，{SAVE_AS}。") from error
