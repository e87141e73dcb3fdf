"""Text tables (.csv, .txt): the encoding found by strict rules, the cells left as text."""

import csv
from collections.abc import Iterator
from io import StringIO

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, SAVE_AS, TOO_BIG
from zjtx_desktop.exchange.table import MAX_CHARACTERS, Row, text_cell, trimmed

SEPARATORS = (",", "\t", ";")
MAX_LINES = 200_000  # empty lines and line breaks inside cells counted too
LOOKED_AT = 20  # lines that decide the separator
ENCODINGS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
    (b"", "utf-8", "UTF-8"),
    (b"", "gb18030", "GB18030"),
)


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


def read_text(data: bytes) -> tuple[list[Row], tuple[str, ...]]:
    """All rows with content, and a note on the encoding; the number of a row is the one Excel shows."""
    text, label = decode(data)
    rows: list[Row] = []
    for number, fields in enumerate(_records(text), start=1):
        row = trimmed(text_cell(each) for each in fields)
        if len(row) > MAX_COLUMNS:
            raise BadFile(f"第 {number} 行超过 {MAX_COLUMNS} 列，请删去多余的列后再导入。")
        if row:
            rows.append(Row(number, row))
        if len(rows) > MAX_ROWS:
            raise BadFile(TOO_BIG)
    return rows, (f"文本文件按 {label} 编码读取，请核对预览里的汉字。",)


def _records(text: str) -> Iterator[list[str]]:
    between = separator(text)
    if text.count(between) > MAX_CELLS or text.count("\n") + text.count("\r") > MAX_LINES:
        raise BadFile(TOO_BIG)
    csv.field_size_limit(MAX_CHARACTERS)
    reader = csv.reader(StringIO(text, newline=""), delimiter=between, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise BadFile(
            f"第 {reader.line_num} 行附近的引号没有成对，或有一格超过 {MAX_CHARACTERS:,} 个字符，{SAVE_AS}。"
        ) from error
