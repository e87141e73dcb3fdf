"""Which rows of a list are data: totals, footers, headings and repeated headers are told apart."""

import re

from zjtx_desktop.domain.titles import Kind
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.headers import Field, Header, is_header, meaning
from zjtx_desktop.exchange.list_cells import cell_at, shown
from zjtx_desktop.exchange.list_row import Heading
from zjtx_desktop.exchange.table import CellValue, Row, Table
from zjtx_desktop.values import fold_name

TOTAL = re.compile(r"(.{0,12}(合计|总计|小计)|(以上)?共[计有]?)[(:]?\d*([家户个条].*)?\)?")
SIGNED = re.compile(
    "(备注|注|说明|附注|制表人?|制表单位|填表人?|填报人|填报单位|审核人?|复核人|负责人|单位负责人|经办人?|联系人|联系电话"
    r"|电话|填表日期|填报日期|日期)\d?[:.、].*|\(?(盖章|公章|单位盖章|单位公章)\)?.*"
)
NUMBERED = re.compile(r"附件|附表|\(?[一二三四五六七八九十]{1,3}[、.)]|第[一二三四五六七八九十]{1,3}(部分|类)")
MAJOR = re.compile(r"附件|附表|[一二三四五六七八九十]{1,3}[、.]|第")
NEW, REVIEW = re.compile("新认定|首次认定"), re.compile("复核")
SHOWN = 30
NAMED = 10


class Sorter:
    """Walks down the rows under a header and remembers the last heading; `notes` tells what was left out."""

    def __init__(self, table: Table, header: Header) -> None:
        self.heading = Heading()
        self._table, self._header = table, header
        self._fields = {column: field for field, column in header.columns.items()}
        self._headings: list[str] = []
        self._skipped: dict[str, list[int]] = {}

    def is_data(self, row: Row) -> bool:
        """Whether the row is one of the list; a heading is taken in instead."""
        filled = [(column, cell) for column, cell in enumerate(row.cells, start=1) if cell is not None]
        fields = {self._fields.get(column) for column, _ in filled}
        if is_header(row, self._header):
            self._repeated(row)
        elif fields == {Field.SERIAL} and shown(filled[0][1]).strip().isdecimal():
            self._skip(row, "只有序号，已跳过")
        elif self._is_footer(filled):
            self._skip(row, "是合计、备注或落款，已跳过")
        elif self._is_heading(filled):
            self._take_heading(row, shown(filled[0][1]))
        elif not fields - {None, Field.SERIAL}:
            self._skip(row, "在用到的各列里没有内容，已跳过")
        else:
            return True
        return False

    def notes(self) -> tuple[str, ...]:
        """What the rows that are no data were, in sentences."""
        skipped = [f"第 {_listed(numbers)} 行{why}。" for why, numbers in self._skipped.items()]
        return (*self._headings, *skipped)

    def _is_footer(self, filled: list[tuple[int, CellValue]]) -> bool:
        first = next((cell for _, cell in filled if isinstance(cell, str)), "")
        if not first or any(self._fields.get(column) is Field.CODE for column, _ in filled):
            return False
        plain = fold_name(first)
        return bool(TOTAL.fullmatch(plain) or SIGNED.fullmatch(plain))

    def _is_heading(self, filled: list[tuple[int, CellValue]]) -> bool:
        """One text alone in its row, at its left; in the names' column it must also read like a heading."""
        (column, cell), *others = filled
        if others or not isinstance(cell, str):
            return False
        field = self._fields.get(column)
        if field is Field.NAME:
            return bool(NUMBERED.match(fold_name(cell)) or REVIEW.search(cell) or NEW.search(cell))
        return field is not Field.CODE and (column == 1 or field in (None, Field.SERIAL))

    def _take_heading(self, row: Row, text: str) -> None:
        plain, brief = fold_name(text), " ".join(text.split())[:SHOWN]
        kinds = [kind for kind, words in ((Kind.REVIEW, REVIEW), (Kind.NEW, NEW)) if words.search(plain)]
        if len(kinds) == 1:
            self.heading = Heading(text, kinds[0])
            self._headings.append(
                f"第 {row.number} 行“{brief}”是小标题，其下没有写明认定类型的各行按“{kinds[0]}”登记，请核对。"
            )
            return
        if kinds or MAJOR.match(plain) or not self.heading.text:
            self.heading = Heading(text)
        self._headings.append(f"第 {row.number} 行“{brief}”是小标题或说明，没有据此填写任何内容，请核对。")

    def _repeated(self, row: Row) -> None:
        for column, field in self._fields.items():
            cell = cell_at(row, column)
            if not isinstance(cell, str) or meaning(cell) not in (field, meaning(self._label(column))):
                raise BadFile(
                    f"{self._table.called}第 {row.number} 行又是一个表头，列次序与上面不同，请把两张表分开，分别导入。"
                )
        self._skip(row, "是重复的表头，已跳过")

    def _label(self, column: int) -> str:
        return self._header.labels[column - 1] if column <= len(self._header.labels) else ""

    def _skip(self, row: Row, why: str) -> None:
        self._skipped.setdefault(why, []).append(row.number)


def _listed(numbers: list[int]) -> str:
    words = "、".join(map(str, numbers[:NAMED]))
    return words + (f" 等 {len(numbers)} " if len(numbers) > NAMED else "")
