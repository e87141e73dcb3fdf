"""Books broken at random: whatever comes, either rows or one sentence, never another exception."""

import random
import re
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_books import book, packed, parts

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.books import read_book
from zjtx_desktop.exchange.child import BROKEN, read_file
from zjtx_desktop.exchange.reading import CellProblem, Table
from zjtx_desktop.exchange.table import Row, pack, unpack

SEED = 20_230_923
SENTENCE = re.compile(r"“名单.xlsx”不能导入：[^。]*请[^。]*。")
WORDS = (
    *(b"1", b"-1", b"0", b"999999999999", b"NaN", b"s", b"e", b"str", b"inlineStr", b"XFD1048576", b"A1:B2"),
    *(b"<row/>", b"<c/>", b"</sheetData>", b"<v>", b"</c>", b"&amp;", b"&x;", b"<!DOCTYPE z>"),
    *(b"", b"\xff", b"\xe4\xbc"),
)


def seeds() -> list[dict[str, bytes]]:
    """A hand-made book and one that openpyxl wrote, as their parts."""
    written = openpyxl.Workbook()
    for row in (["企业名称", "代码", "日期"], ["甲", "91360000625912173B", 45446], ["乙", None, "2024-06-03"]):
        written.active.append(row)
    written.active.merge_cells("A5:B5")
    into = BytesIO()
    written.save(into)
    with ZipFile(into) as archive:
        made = {name: archive.read(name) for name in archive.namelist()}
    hand = {name: text.encode() if isinstance(text, str) else text for name, text in parts().items()}
    return [hand, made]


def rows_of(data: bytes) -> list[Row]:
    found: list[Row] = []
    read_book(data, "名单.xlsx", None, found.append)
    return found


def broken(chance: random.Random, contents: dict[str, bytes]) -> bytes:
    """The book with one to four blows to its parts, and sometimes one to the zip itself."""
    changed = dict(contents)
    for _ in range(chance.randint(1, 4)):
        name = chance.choice(sorted(changed))
        changed[name] = blow(chance, changed[name])
    data = packed(changed)
    if chance.random() < 0.2:
        data = blow(chance, data)
    return data


def blow(chance: random.Random, data: bytes) -> bytes:
    at, size = chance.randrange(len(data) + 1), chance.randrange(1, 40)
    attributes = list(re.finditer(rb'="[^"]*"|>[^<]+<', data))
    if attributes and chance.random() < 0.6:
        found = chance.choice(attributes)
        begin = found.start() + (2 if found[0].startswith(b"=") else 1)
        return data[:begin] + chance.choice(WORDS) + data[found.end() - 1 :]
    return chance.choice(
        (
            data[:at] + data[at + size :],
            data[:at] + chance.choice(WORDS) + data[at:],
            data[:at] + data[at : at + size] * 3 + data[at + size :],
            data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
            data[:at],
        )
    )


def outcomes(tmp_path, count: int) -> tuple[int, int]:
    """How many of the broken books were read, and how many refused in a proper sentence."""
    chance, sources, path = random.Random(SEED), seeds(), tmp_path / "名单.xlsx"
    read = refused = 0
    for _ in range(count):
        path.write_bytes(broken(chance, chance.choice(sources)))
        try:
            table = read_file(path)
        except BadFile as error:
            assert SENTENCE.fullmatch(str(error)), str(error)
            refused += 1
        else:
            assert isinstance(table, Table)
            assert not any(isinstance(cell, float) for row in table.rows for cell in row.cells)
            read += 1
    return read, refused


def test_three_hundred_broken_books_are_read_or_refused(tmp_path):
    read, refused = outcomes(tmp_path, 300)

    assert read > 30 and refused > 30


@pytest.mark.release
@pytest.mark.timeout(900)
def test_ten_thousand_broken_books_are_read_or_refused(tmp_path):
    assert sum(outcomes(tmp_path, 10_000)) == 10_000


NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.decimals(allow_nan=False, allow_infinity=False, places=4).map(str),
    st.text("0123456789.eE+-", max_size=25),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
KINDS = st.sampled_from(["n", "s", "b", "e", "d", "str", "inlineStr", "?"])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@settings(max_examples=150)
@given(st.lists(st.tuples(KINDS, st.integers(0, 3), NUMBERS | TEXTS), min_size=1, max_size=8))
def test_no_cell_becomes_a_float_or_is_lost(cells):
    written = "".join(
        f'<c r="{chr(65 + at)}1" t="{kind}" s="{style}"><f>X1</f><v>{escaped(value)}</v></c>'
        for at, (kind, style, value) in enumerate(cells)
    )
    data = book(f'<row r="1">{written}</row><row r="2"><c r="A2"><v>1</v></c></row>')
    try:
        row, *_ = rows_of(data)
    except (BadFile, *BROKEN):
        return

    assert unpack(pack(row)) == row
    for cell, (kind, _, value) in zip(row.cells, cells, strict=False):
        assert not isinstance(cell, float)
        if kind == "n" and value.strip():
            assert cell is not None
        if isinstance(cell, CellProblem):
            assert cell.sentence.endswith("。")


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12, unique=True).map(sorted))
def test_rows_keep_their_numbers_whatever_is_left_out(numbers):
    rows = "".join(f'<row r="{number}"><c r="B{number}"><v>{number}</v></c></row>' for number in numbers)

    assert rows_of(book(rows)) == [Row(n, (None, n)) for n in numbers]


@settings(max_examples=30)
@given(st.binary(min_size=1, max_size=300))
def test_a_zip_of_anything_is_refused(junk):
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for name in parts():
            archive.writestr(name, junk)

    with pytest.raises((BadFile, *BROKEN, zlib.error)):
        rows_of(into.getvalue())
