"""What a person who looks at a row sees besides its values, in sentences: struck out, filled, hidden, a comment, a remark.

None of it decides anything: the rules of status have gone before, and what they said is not said again.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from zjtx_desktop.exchange.headings import UNUSED, Field
from zjtx_desktop.exchange.list_cells import Cells
from zjtx_desktop.exchange.list_names import is_firm
from zjtx_desktop.exchange.list_sections import Line
from zjtx_desktop.exchange.list_words import any_of, words
from zjtx_desktop.exchange.statements import SHOWN
from zjtx_desktop.exchange.table import Hint, HintKind

LONGEST_COMMENT = 80  # letters that a sentence quotes
DATES = (Field.DATE, Field.VALIDITY, Field.VALID_FROM, Field.VALID_TO)
_ROW = {
    HintKind.STRUCK: "这一行画了删除线，请核对是不是已经取消。",
    HintKind.FILLED: "这一行填了颜色（{}），请核对有没有别的意思。",
    HintKind.HIDDEN: "这一行在文件里是隐藏的，请核对要不要导入。",
}


def usual_fills(lines: Sequence[Line]) -> frozenset[Hint]:
    """The colours that mean nothing: all rows of the list have them alike, or all with an odd or an even number."""
    rows = {line.row.number: line.row.hints for line in lines}
    found: dict[Hint, set[int]] = {}
    for number, hints in rows.items():
        for hint in hints:
            if hint.kind is HintKind.FILLED:
                found.setdefault(hint, set()).add(number)
    odd, even = ({number for number in rows if number % 2 == rest} for rest in (1, 0))
    looks = [numbers for numbers in (set(rows), odd, even) if len(numbers) > 1]
    return frozenset(hint for hint, numbers in found.items() if numbers in looks)


def tell_hints(cells: Cells, line: Line, usual: frozenset[Hint]) -> None:
    """Warn of everything that the row shows beside its values, but for the `usual` colours."""
    for hint in line.row.hints:
        if hint in usual:
            continue
        if not hint.column:
            cells.remark(_ROW[hint.kind].format(hint.text))
        elif sentence := _of_cell(hint, line):
            cells.warn_at(hint.column, sentence)


def tell_remarks(cells: Cells, line: Line, name: str) -> None:
    """Warn of words like 注销 in any cell of the row of which nothing was said yet; the `name` of a firm says nothing."""
    texts = [cell for cell in line.row.cells if isinstance(cell, str)]
    if not _has_word("\n".join(texts)):
        return
    labels = line.header.labels
    for column, cell in enumerate(line.row.cells, start=1):
        if isinstance(cell, str) and _has_word(cell) and (column > len(labels) or labels[column - 1] not in UNUSED):
            text = " ".join(cell.split())
            plain = unicodedata.normalize("NFKC", text.replace(name, "") if is_firm(name) else text)
            found = any_of("status", "remarked").search(any_of("status", "harmless").sub("", plain))
            if found and not cells.has_said(column, found[0]):
                cells.warn_at(column, f"写有“{found[0]}”（{text[:SHOWN]}），请核对这一家的情况。")


def _has_word(text: str) -> bool:
    return any(word in text for word in words("status")["remarked"])


def _of_cell(hint: Hint, line: Line) -> str:
    if hint.kind is HintKind.STRUCK:
        struck = f"其中“{hint.text}”" if hint.text else "内容"
        return f"{struck}画了删除线，照样读入了，请核对。"
    if hint.kind is HintKind.FILLED:
        return f"单元格填了颜色（{hint.text}），请核对有没有别的意思。"
    if hint.kind is HintKind.COMMENT:
        more = "…" if len(hint.text) > LONGEST_COMMENT else ""
        return f"单元格有批注“{hint.text[:LONGEST_COMMENT]}{more}”，请核对。"
    if hint.kind is HintKind.TIME and hint.column in _columns(line, DATES):
        return f"日期后面还有时刻 {hint.text}，只取了日期，请核对。"
    return ""


def _columns(line: Line, fields: Iterable[Field]) -> set[int]:
    return {line.header.columns[field] for field in fields if field in line.header.columns}
