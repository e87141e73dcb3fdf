"""Drills 15 and 16: names that are markup, formulas or unseen signs, on their way to paper and into workbooks.

Simulated: organisations whose names are formulas, markup, links, controls, half letters, rare and combined letters.
Promised: a letter holds the name letter by letter, or is refused by naming the letter; a workbook holds it as text,
or is refused by naming the place; nothing computes, no link, no picture, no file from the disk.
Control: openpyxl writes the same texts as they are, and some must become formulas or errors; fonts must lack some.
"""

import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from random import Random

import openpyxl
from openpyxl.utils.exceptions import IllegalCharacterError

from tests.drills.drill import Done, Ground, Ledger
from zjtx_desktop.documents.letter import AwardLetter, LetterPart, LetterPolicy, letter_pdf
from zjtx_desktop.documents.readback import check_letter
from zjtx_desktop.documents.tables import ListColumn, PrintedList, write_list
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.exchange import list_sheet
from zjtx_desktop.exchange.bad_rows import write_bad_rows
from zjtx_desktop.exchange.city_report import CityReport
from zjtx_desktop.exchange.city_workbook import write_city_workbook
from zjtx_desktop.exchange.list_sheet import SheetColumn
from zjtx_desktop.exchange.outgoing import check_text, stored_text
from zjtx_desktop.exchange.pasted import read_pasted
from zjtx_desktop.exchange.payee_list import Payee, write_payees
from zjtx_desktop.values import Money, clean_name

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "exchange"))

from city_samples import NATIONAL, REPORT  # noqa: E402

TODAY = date(2024, 12, 2)
FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "==1", "=", "#N/A", "#REF!", "TRUE", "1E5", "0012", "\t=1", "\r=1",
    "'=1", '=HYPERLINK("file:///etc/passwd","x")', "=WEBSERVICE(A1)", "{=1}", "<r><t>1</t></r>", "_x003D_1", "％=1", "＝1+1",
    "2024-01-01", "91360000625912173B", "http://example.invalid/", "mailto:a@b", "internal:A1", "external:x.xlsx",
)  # fmt: skip
MARKUP = (
    "<b>甲", "</para>", "<a href='file:///etc/passwd'>甲</a>", '<img src="/etc/passwd"/>', "<br/>" * 40, "&#20;", "&amp;", "<!-- 甲 -->",
    "<font color=white>甲</font>", "%PDF-1.4", "(甲) Tj", "\\040", "BT ET", "/Q00000000 Do", "$(id)", "'; DROP TABLE award; --", "%s%n", "{}",
)  # fmt: skip
UNSEEN = "\u200b\u200d\ufeff\u00ad\u3164\u2800\u202e\u2066\u0301\x00\x07\x1b\x85\ud800\udfff\ufffe\ufdd0\U000e0041"
RARE = "𠮷㛃䶮𬱖祎昇\U00030edd龘〇々①㈱Ⅷ￥€†ÀéñЖβ가あア"
ORDINARY = bytes(byte for one in range(0xB0, 0xD7) for two in range(0xA1, 0xFA) for byte in (one, two)).decode("gb2312")
_ACTIVE = re.compile(rb"/(?:(?:URI|Launch|JavaScript|JS|EmbeddedFile|AA|OpenAction)\b|Subtype ?/Image)")  # not /URIABC+Font
_STREAM = re.compile(rb"(?s)>>stream\n.*?\nendstream")
_CELL_ERROR = re.compile(rb'<c [^>]*t="(?:e|str|b)"')
_OUR_SUM = re.compile(rb"<f>SUM\([A-Z]{1,3}\d+:[A-Z]{1,3}\d+\)</f>")


def hostile(chance: Random) -> str:
    """A name nobody has: whole tricks and single signs among ordinary letters."""
    made = []
    for _ in range(chance.randint(1, 4)):
        kind = chance.random()
        if kind < 0.3:
            made.append(chance.choice(FORMULAS + MARKUP))
        elif kind < 0.36:
            made.append(chance.choice(UNSEEN + RARE))
        elif kind < 0.4:
            made.append(chr(chance.choice((chance.randrange(0x20, 0x3000), chance.randrange(0x20000, 0x323B0)))))
        else:
            made.append("".join(chance.choice(ORDINARY) for _ in range(chance.randint(1, 12))))
    return "".join(made)


def names(ground: Ground) -> Done:
    """Each name onto a letter that is read back, and those that a cell can hold into a workbook that is read back."""
    count, chance, wrong = ground.pick(200, 10_000, 10_000), ground.chance(), Ledger()
    printed = turned_away = kept = lacking = 0
    for _ in range(count):
        name = hostile(chance)
        lacking += not _has_name(name)
        outcome = _on_paper(name, wrong)
        printed += outcome
        turned_away += not outcome
    asked = [hostile(chance) for _ in range(count)]
    clean = [name for name in asked if _fits_cell(name)]
    for start in range(0, len(clean), 500):
        kept += _in_workbook(clean[start : start + 500], ground.fast / f"{start}.xlsx", wrong)
    return Done(
        f"各 {count:,} 个名称，种子 {ground.seed}",
        f"通知：{printed:,} 个逐字读回相同，{turned_away:,} 个指名拒绝；报送表：{kept:,} 个逐字相同，{count - len(clean):,} 个指名拒绝",
        f"登记时就不收的有 {lacking:,} 个",
        wrong.problems((0 < turned_away < count, "对照：没有一个名称被拒绝"), (lacking > 0, "对照：登记什么都收")),
    )


def active(pdf: bytes) -> bytes:
    """What in a PDF does more than be seen: a link, a script, a picture; nothing in those we write."""
    found = _ACTIVE.search(_STREAM.sub(b"", pdf))  # compressed bytes may read like anything
    return found[0] if found else b""


def _has_name(name: str) -> bool:
    """Whether the book would take the name at all."""
    try:
        clean_name(name)
    except BadValue:
        return False
    return True


def letter_to(name: str) -> AwardLetter:
    """A letter as issued, to somebody of this name."""
    part = LetterPart("受益财政", "玉山县", Money(10_000_000), "一（九）第一句")
    return AwardLetter(
        "玉山县财政局", "玉财奖〔2024〕1号", name, None, None, "专精特新中小企业", "省级", "新认定", 2024, "关于公布名单的通知", None, TODAY,
        (LetterPolicy("上饶市促进“专精特新”中小企业发展实施意见", "饶府办发〔2023〕12号", "第一条第（九）项"),), (part,), "361123-2024-1", TODAY, None,
        "128-5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YQV1",
    )  # fmt: skip


def _on_paper(name: str, wrong: Ledger) -> bool:
    try:
        letter = letter_to(name)
        pdf = letter_pdf(letter)
    except Refused as refused:
        said = str(refused)
        named = any(letter in said or f"U+{ord(letter):04X}" in said for letter in set(name) - set(said[:6]))
        if name.strip() and not named or said[-1] != "。":  # of a name of blanks it says that there is none
            wrong.add(f"{name!r} 拒绝得没有说清：{refused}")
        return False
    try:
        check_letter(pdf, letter)  # compares every letter of every page
    except Refused as refused:
        wrong.add(f"{name!r} 印得不同：{refused}")
    if found := active(pdf):
        wrong.add(f"{name!r} 带进了 {found!r}")
    return True


def _fits_cell(name: str) -> bool:
    try:
        check_text(name, "企业")
    except Refused:
        return False
    return True


def _in_workbook(names: Sequence[str], path: Path, wrong: Ledger) -> int:
    """Write a report of these names, and look for them once more with the other library."""
    rows = tuple(replace(NATIONAL, organisation=name, payee=name, number=str(n)) for n, name in enumerate(names))
    report: CityReport = replace(REPORT, rows=rows)
    write_city_workbook(report, path, True)
    lines = openpyxl.load_workbook(path)["明细表"].iter_rows(values_only=True)
    texts = {value for line in lines for value in line if isinstance(value, str)}
    lost = [name for name in names if stored_text(name) not in texts]
    for name in lost:
        wrong.add(f"{name!r} 在报送表里不是原样")
    return len(names) - len(lost)


def cells(ground: Ground) -> Done:
    """The same tricks through everything that writes cells or rows, and through what is pasted."""
    count, chance, wrong = ground.pick(100, 10_000, 10_000), ground.chance(), Ledger()
    texts = [*FORMULAS, *MARKUP, *(hostile(chance) for _ in range(count))]
    clean = [text for text in texts if _fits_cell(text) and text.strip()]
    for what, write in _WRITERS.items():
        path = ground.fast / f"{what}.xlsx"
        write(path, clean)
        look(what, path, clean, wrong)
    _paste(clean, wrong)
    _print(clean, wrong)
    broken = _alone(clean)
    return Done(
        f"{len(clean):,} 段文字，{len(_WRITERS)} 种表格、粘贴和打印列表，种子 {ground.seed}",
        f"没有一格变成公式或错误值，逐字相同；不符 {wrong.count}",
        f"openpyxl 照原样写，{broken:,} 格变成公式或错误值",
        wrong.problems((broken > 0, "对照 openpyxl 没有写出公式")),
    )


def _bad_rows(path: Path, texts: Sequence[str]) -> None:
    write_bad_rows(path, ("企业名称", "备注"), [(n, (text, text), "有误") for n, text in enumerate(texts, start=2)])


def _payees(path: Path, texts: Sequence[str]) -> None:
    payees = [Payee(text, text, text, text, Money(1), text, text, text) for text in texts]
    write_payees(payees, "收款人清单", "玉山县财政局", TODAY, path)


def _listed(path: Path, texts: Sequence[str]) -> None:
    list_sheet.write_list(path, "名单", (SheetColumn("企业", 9),), [(text,) for text in texts], TODAY)


_WRITERS: dict[str, Callable[[Path, Sequence[str]], object]] = {"有误的行": _bad_rows, "收款人清单": _payees, "列表": _listed}


def look(what: str, path: Path, texts: Sequence[str], wrong: Ledger) -> None:
    """No cell but our own sums computes or is an error, and every text is there as it was."""
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            xml = parts.read(name)
            xml = _OUR_SUM.sub(b"", xml)
            if name.startswith("xl/worksheets/") and (b"<f>" in xml or b"<f " in xml or _CELL_ERROR.search(xml)):
                wrong.add(f"{what}有公式或错误值")
            if b"hyperlink" in xml or name.startswith("xl/externalLinks"):
                wrong.add(f"{what}有链接")
    book = openpyxl.load_workbook(path)
    held = {cell.value for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "s"}
    for text in texts:
        if stored_text(text) not in held:
            wrong.add(f"{what}里没有 {text!r}")


def _paste(texts: Sequence[str], wrong: Ledger) -> None:
    """A pasted block comes as it was typed; what starts like a formula stays text."""
    plain = [text for text in texts if not set(text) & set('\t\r\n"\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029')]
    for start in range(0, len(plain), 200):
        some = plain[start : start + 200]
        table = read_pasted("企业名称\t序\n" + "\n".join(f"{text}\tx" for text in some))
        read = [row.cells[0] for row in table.rows[1:]]
        for text, cell in zip(some, read, strict=True):
            if isinstance(cell, str) and cell.strip() != text.strip():
                wrong.add(f"粘贴 {text!r} 成了 {cell!r}")


def _print(texts: Sequence[str], wrong: Ledger) -> None:
    """A printed list holds a text or is refused by row and column."""
    for text in texts[:200]:
        out = BytesIO()
        try:
            write_list(PrintedList("名单", (ListColumn("企业", 1),), TODAY), [(text,)], out)
        except Refused as refused:
            if "第 1 行“企业”" not in str(refused):
                wrong.add(f"打印 {text!r} 拒绝得没有说清：{refused}")
            continue
        if active(out.getvalue()):
            wrong.add(f"打印 {text!r} 带进了链接或图片")


def _alone(texts: Sequence[str]) -> int:
    """How many of them openpyxl by itself turns into a formula or an error."""
    sheet, turned = openpyxl.Workbook().active, 0
    for row, text in enumerate(texts, start=1):
        try:
            turned += sheet.cell(row, 1, text).data_type in "fe"
        except (IllegalCharacterError, ValueError):
            turned += 1
    return turned


def written_alone(path: Path, texts: Sequence[str]) -> Path:
    """A workbook of these texts as openpyxl writes them by itself."""
    book = openpyxl.Workbook()
    for text in texts:
        book.active.append([text])
    book.save(path)
    return path
