"""Finds the header of a list and what each column means, under the names that offices use."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from zjtx_desktop.domain.titles import parse_kind, parse_level
from zjtx_desktop.errors import BadFile, BadValue
from zjtx_desktop.exchange.guard import MAX_COLUMNS
from zjtx_desktop.exchange.table import CellValue, Merge, Row, Table

SEARCHED = 20  # rows with content in which the header must stand
DEEPEST = 3  # rows that a header may take, its cells merged downwards
SAMPLED = 50  # values that decide what 类型 or 类别 means


class Field(StrEnum):
    """What a column of a list can hold."""

    SERIAL = "serial"
    NAME = "name"
    CODE = "code"
    REGION = "region"
    RECOMMENDER = "recommender"
    TITLE = "title"
    LEVEL = "level"
    KIND = "kind"
    BATCH = "batch"
    YEAR = "year"
    DOCUMENT = "document"
    NUMBER = "number"
    DATE = "date"
    VALIDITY = "validity"
    VALID_FROM = "valid_from"
    VALID_TO = "valid_to"
    SHARES = "shares"
    OPERATOR = "operator"
    PRODUCT = "product"
    CERTIFICATE = "certificate"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The usual Chinese name, also the first one looked for."""
        return NAMES[self].split()[0]


NAMES = {
    Field.SERIAL: "序号 顺序号 序 No",
    Field.NAME: "企业名称 单位名称 名称 申报单位 企业全称 单位全称 公司名称 企业 单位 机构名称 组织名称 申报企业 申报单位名称"
    " 申报企业名称 认定企业 认定单位 认定企业名称 认定单位名称 获认定企业 获认定企业名称 企业单位名称 平台名称 基地名称"
    " 示范平台名称 示范基地名称 平台基地名称 企业名单 名单",
    Field.CODE: "统一社会信用代码 信用代码 社会信用代码 统一信用代码 统一代码 统一社会信用代码组织机构代码 企业信用代码"
    " 企业统一社会信用代码 单位统一社会信用代码 纳税人识别号",
    Field.REGION: "所属地区 地区 所在地 所在地区 属地 所属地 县市区 县区 区县 县 所属县市区 所在县市区 所属县区 所在县区"
    " 所属区县 所在区县 市县区 县市区功能区 行政区划 区域 所属区域",
    Field.RECOMMENDER: "推荐单位 推荐部门 推荐地区 设区市 所属设区市 所在设区市 地市 所属市",
    Field.TITLE: "认定称号 称号 认定类别 类别 称号名称 认定名称 荣誉称号 奖补类别 奖励类别 企业类别 认定项目 奖补项目 奖励项目",
    Field.LEVEL: "级别 认定级别 称号级别 层级",
    Field.KIND: "认定类型 类型 新认定复核 新认定或复核 认定方式 认定情况 申报类型",
    Field.BATCH: "批次 认定批次 第几批 所属批次",
    Field.YEAR: "年度 认定年度 年份 认定年份 名单年度",
    Field.DOCUMENT: "认定文件 文件名称 认定文件名称 文件标题 认定依据 依据文件 公布文件 认定文件及文号 文件名称及文号"
    " 认定文件名称及文号 认定文件名称文号",
    Field.NUMBER: "文号 认定文号 发文字号 认定文件文号 文件文号 文件号 认定文件号 发文文号 发文号",
    Field.DATE: "认定日期 发文日期 认定时间 发文时间 公布日期 公布时间 印发日期 印发时间 文件日期 认定文件日期 获批时间 获批日期",
    Field.VALIDITY: "有效期 有效期限 证书有效期 认定有效期 有效期起止 有效期起止日期 有效时间",
    Field.VALID_FROM: "有效期起 有效期自 有效期开始 有效期始 有效期起始 有效期起始日期 有效期开始日期 有效期起始时间"
    " 有效期开始时间 有效期起日期 起始日期 生效日期",
    Field.VALID_TO: "有效期止 有效期至 有效期截止 有效期结束 有效期终止 有效期截止日期 有效期结束日期 有效期终止日期 有效期截止时间"
    " 有效期结束时间 有效期止日期 有效期到期日 截止日期 到期日期 到期日 到期时间",
    Field.SHARES: "受益财政 受益财政及比例 受益财政比例 受益财政分担 受益财政及分担比例 受益地财政 受益地 财政分担比例",
    Field.OPERATOR: "运营单位 收款单位 运营机构 运营主体 运营单位名称 收款单位名称 运营管理单位 建设运营单位 主体单位 依托单位",
    Field.PRODUCT: "产品 产品名称 主导产品 主营产品 冠军产品 单项冠军产品 主导产品名称 主营产品名称",
    Field.CERTIFICATE: "证书编号 证书号 证书号码 认定证书编号",
    Field.NOTE: "备注 说明 备注说明 其他说明",
}
MEANINGS = {name.casefold(): field for field, names in NAMES.items() for name in names.split()}
TWO_MEANINGS = ("类型", "类别", "认定类别")  # used for the title, the level or the kind: the values decide
UNUSED = ("原行号", "原因")  # of a file of bad rows that comes back corrected
FREE = (Field.SERIAL, Field.NOTE)  # a second column of these does no harm
BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
NOISE = re.compile(r"[\W_]+")
F = TypeVar("F", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what was understood; rows and columns are counted from 1."""

    row: int  # the last row of the header, 0 when the list has none
    columns: Mapping[Field, int]
    labels: tuple[str, ...]  # the text over each column, from column A on
    above: tuple[str, ...]  # texts of the rows over the header
    unused: tuple[str, ...]  # columns that were not understood


@lru_cache(4096)
def meaning(label: str) -> Field | None:
    """What a header text means, its brackets, marks, spaces and line breaks aside."""
    plain = unicodedata.normalize("NFKC", label).casefold()
    return MEANINGS.get(NOISE.sub("", plain)) or MEANINGS.get(bare(plain))


def bare(label: str) -> str:
    """A header text without what stands in brackets, marks, spaces and line breaks."""
    return NOISE.sub("", BRACKETED.sub("", label))


def own_columns(table: Table, header: Header, means: Callable[[str], F | None]) -> dict[F, int]:
    """The columns whose header texts mean a field of some particular list; BadFile when two mean the same."""
    columns: dict[F, int] = {}
    for column, label in enumerate(header.labels, start=1):
        field = means(label)
        if field in columns:
            first = table.column(columns[field])
            raise BadFile(f"{first} 列和 {table.column(column)} 列都是{field}，请只留一列后再导入。")
        if field is not None:
            columns[field] = column
    return columns


def find_header(table: Table, columns: Mapping[str, int] | None = None) -> Header:
    """The header among the first rows; `columns` (field → column) overrides what the texts say, 0 for no column.

    Raises BadFile when no column holds the names, or when two columns mean the same. With the names'
    column given, a list may lack a header altogether: then every row is one of the list.
    """
    chosen = {Field(field): column for field, column in (columns or {}).items()}
    named = bool(chosen.get(Field.NAME))
    grid = _Grid(table)
    candidates = [grid.labels(row.number) for row in table.rows[:SEARCHED]]
    scores = [_score(labels, named) for labels in candidates]
    if not any(scores):
        if not named:
            raise BadFile(_no_header(table))
        return Header(0, _present(chosen), (), (), ())
    number = grid.foot(table.rows[scores.index(max(scores))].number)
    labels = grid.labels(number)
    understood, unused = _understood(table, labels, number, chosen)
    found = _present(understood)
    if Field.NAME not in found:
        raise BadFile(_no_header(table))
    width = max((len(row.cells) for row in table.rows if row.number > number), default=0)
    over = (row.cells for row in table.rows if row.number < number)
    above = tuple(cell for cells in over for cell in cells if isinstance(cell, str))
    shown = tuple(labels.get(column, "") for column in range(1, max(width, *labels) + 1))
    return Header(number, found, shown, above, unused)


def is_header(row: Row, header: Header) -> bool:
    """Whether a later row repeats a header: it names the names' column and at least one more."""
    if _has_serial(row, header):
        return False  # asked first, as it spares reading every cell of ten thousand rows
    said = {meaning(cell) for cell in row.cells if isinstance(cell, str)} - {None}
    return Field.NAME in said and len(said) >= min(2, len(header.columns))


def _has_serial(row: Row, header: Header) -> bool:
    column = header.columns.get(Field.SERIAL)
    return bool(column and column <= len(row.cells) and str(row.cells[column - 1]).strip().isdecimal())


def _score(labels: Mapping[int, str], named: bool) -> int:
    """How many columns a row explains; one that does not explain the names' column must explain much else."""
    said = {meaning(label) for label in labels.values()} - {None}
    return len(said) if named or Field.NAME in said or len(said) >= 3 else 0


class _Grid:
    """The texts of a sheet as one sees them: a merged area shows its first cell."""

    def __init__(self, table: Table) -> None:
        self._rows = {row.number: row for row in table.rows}
        self._merges = table.merges

    def labels(self, number: int) -> dict[int, str]:
        """The label over each column when the header ends in this row; 起 under 有效期 is 有效期起."""
        upper, labels = self._seen(number - 1), {}
        for column, text in self._seen(number, spread=False).items():
            above = upper.get(column, "")
            labels[column] = above + text if above not in ("", text) and meaning(above + text) else text
        return labels

    def foot(self, number: int) -> int:
        """The last row of the header that begins here: where the names' cell, merged downwards, ends."""
        named = [column for column, label in self.labels(number).items() if meaning(label) is Field.NAME]
        ends = (area.bottom for area in self._areas(number) if area.left in named)
        return max((end for end in ends if end < number + DEEPEST), default=number)

    def _areas(self, number: int) -> list[Merge]:
        return [area for area in self._merges if area.top <= number <= area.bottom]

    def _seen(self, number: int, spread: bool = True) -> dict[int, str]:
        """The text in each column of a row; one merged over several columns is in all, or in its first."""
        row = self._rows.get(number)
        seen = {column: _text(row, column) for column in range(1, len(row.cells) + 1)} if row else {}
        for area in self._areas(number):
            last = min(area.right, MAX_COLUMNS) if spread else area.left
            text = _text(self._rows.get(area.top), area.left)
            seen.update(dict.fromkeys(range(area.left, last + 1), text))
        return {column: text for column, text in seen.items() if text}


def _text(row: Row | None, column: int) -> str:
    cell: CellValue = row.cells[column - 1] if row and column <= len(row.cells) else None
    return cell.strip() if isinstance(cell, str) else ""


def _present(columns: Mapping[Field, int]) -> dict[Field, int]:
    return {field: column for field, column in columns.items() if column}


def _understood(
    table: Table, labels: Mapping[int, str], number: int, chosen: Mapping[Field, int]
) -> tuple[dict[Field, int], tuple[str, ...]]:
    found, unused = dict(chosen), []
    for column, label in sorted(labels.items(), key=lambda item: _is_vague(item[1])):
        field = _by_values(table, column, number) if _is_vague(label) else meaning(label)
        if column in chosen.values() or field in chosen or field in FREE and field in found:
            continue
        if field is None or _is_vague(label) and field in found:
            unused.extend([label] if label not in UNUSED else [])
        elif field in found:
            raise BadFile(_twice(table, field, (found[field], labels[found[field]]), (column, label)))
        else:
            found[field] = column
    return found, tuple(unused)


def _twice(table: Table, field: Field, *columns: tuple[int, str]) -> str:
    both = "和 ".join(f"{table.column(column)} 列“{label}”" for column, label in columns)
    return f"{both}都是{field.label}，请只留一列，或改掉另一列的列名后再导入。"


def _is_vague(label: str) -> bool:
    return NOISE.sub("", label) in TWO_MEANINGS


def _by_values(table: Table, column: int, number: int) -> Field | None:
    """Whether a column called 类型 or 类别 holds kinds, levels or titles."""
    texts = [_text(row, column) for row in table.rows if row.number > number][:SAMPLED]
    values = [text for text in texts if text]
    if not values:
        return None
    if all(parses(parse_kind, value) for value in values):
        return Field.KIND
    return Field.LEVEL if all(parses(parse_level, value) for value in values) else Field.TITLE


def parses(parse: Callable[[str], object], text: str) -> bool:
    """Whether `parse` takes the text."""
    try:
        parse(text)
    except BadValue:
        return False
    return True


def _no_header(table: Table) -> str:
    wanted = "、".join(NAMES[Field.NAME].split()[:4])
    return (
        f"{table.called}的前 {SEARCHED} 行里没有找到企业名称一列（找过“{wanted}”等列名），"
        "没有导入任何内容；请在表头写明“企业名称”，或在导入时指定各列后再试。"
    )
