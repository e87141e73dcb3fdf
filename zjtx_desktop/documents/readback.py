"""A finished letter is read back and compared with its facts before it counts (C14)."""

import re
from collections.abc import Iterable

from pypdf import PageObject

from zjtx_desktop.documents import wording
from zjtx_desktop.documents.joining import opened
from zjtx_desktop.documents.letter import AwardLetter, compose
from zjtx_desktop.documents.letter_sheet import lay_letter
from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.values import format_date, uppercase

_CALLED = re.compile(rb"(/Q[0-9a-f]{8}) Do")
_AMOUNT = re.compile(r"(?<![0-9.])[0-9]+\.[0-9]{2}(?![0-9])")


def check_letter(pdf: bytes, letter: AwardLetter) -> None:
    """Read a finished letter and compare it with its facts; Refused, with what differs, if it is another."""
    with opened(pdf) as reader:
        pages = list(reader.pages)
        texts = ["".join(page.extract_text().split()) for page in pages]
        embedded = all(map(_embedded, pages))
        drawn = [_drawings(page) for page in pages]
    difference = _difference(texts, drawn, letter)
    if not difference and not embedded:
        difference = "有字体没有嵌入文件"
    if difference:
        raise Refused(f"“{letter.addressee}”的通知回读核对不一致：{difference}，未采用这份文件。请重新生成。")


def differing_fact(pdf: bytes, letter: AwardLetter) -> str:
    """What a reader of a letter acts on and does not find in its text, or finds beside it, as a phrase; empty when nothing.

    Unlike `check_letter` it asks nothing of the layout, so that a letter of years ago is read as well.
    """
    try:
        with opened(pdf) as reader:
            whole = "".join("".join(page.extract_text().split()) for page in reader.pages)
    except AppError:
        return "文件读不出来"
    told = [f"没有{label}“{value}”" for label, value in _facts(letter) if "".join(value.split()) not in whole]
    amounts = {letter.total.yuan, *(part.amount.yuan for part in letter.parts)}
    told += [f"多了金额“{amount}”" for amount in sorted(set(_AMOUNT.findall(whole)) - amounts)]
    if not letter.payee and wording.PAYEE.partition("{")[0] in whole:
        told.append("多了收款单位")
    return "，".join(told)


def _difference(texts: list[str], drawn: list[set[str]], letter: AwardLetter) -> str:
    """What the pages say otherwise than the letter, as half a sentence; empty when nothing."""
    whole = "".join(texts)
    for label, value in _facts(letter):
        if "".join(value.split()) not in whole:
            return f"文件里没有找到{label}“{value}”"
    sheets = lay_letter(compose(letter))
    expected = ["".join("".join(sheet.texts).split()) for sheet in sheets]
    if sorted(_AMOUNT.findall(whole)) != sorted(_AMOUNT.findall("".join(expected))):
        return "文件里的金额与登记的金额不同"
    if letter.is_draft and not all(wording.DRAFT in text for text in texts):
        return "有的页没有“草稿”字样"
    if not letter.is_draft and whole.count(wording.DRAFT) != "".join(expected).count(wording.DRAFT):
        return "已编号的通知带有“草稿”字样"
    if drawn != [{each.operators for each in sheet.drawings.values()} for sheet in sheets]:
        return "二维码与校验码不符"
    return "" if texts == expected else "文件文字与应有文字不同"


def _facts(letter: AwardLetter) -> Iterable[tuple[str, str]]:
    """What a reader of the letter acts on, each with its name."""
    yield "发文字号", letter.number or wording.UNNUMBERED
    yield "收文单位", letter.addressee
    yield "发文机关", letter.office
    for part in letter.parts:
        yield "金额", part.amount.yuan
    yield "合计金额", letter.total.yuan
    yield "大写金额", uppercase(letter.total)
    if letter.payee:
        yield "收款单位", letter.payee
    if letter.code:
        yield "账簿校验码", letter.code
    if letter.issued_on:
        yield "签发日期", format_date(letter.issued_on)


def _drawings(page: PageObject) -> set[str]:
    """The operators of every drawing that the page calls by name, as they stand in the file."""
    called = _CALLED.findall(page.get_contents().get_data())
    return {page["/Resources"]["/XObject"][name.decode()].get_data().decode("ascii") for name in called}


def _embedded(page: PageObject) -> bool:
    """Whether every font travels inside the file; another machine would print other glyphs."""
    fonts = (font.get_object() for font in page["/Resources"]["/Font"].values())
    return all("/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts)
