"""A finished letter is read back and compared with its facts before it counts (C14)."""

import re
from collections.abc import Iterable

from pypdf import PageObject
from pypdf.generic import DictionaryObject

from zjtx_desktop.documents import wording
from zjtx_desktop.documents.joining import open_pdf
from zjtx_desktop.documents.letter import AwardLetter, compose
from zjtx_desktop.documents.letter_sheet import lay_letter
from zjtx_desktop.errors import Refused
from zjtx_desktop.values import format_date, uppercase

_AMOUNT = re.compile(r"(?<![0-9.])[0-9]+\.[0-9]{2}(?![0-9])")


def check_letter(pdf: bytes, letter: AwardLetter) -> None:
    """Read a finished letter and compare it with its facts; Refused with what differs, so that it is not issued."""
    pages = list(open_pdf(pdf).pages)
    texts = ["".join(page.extract_text().split()) for page in pages]
    whole = "".join(texts)
    name = f"“{letter.addressee}”的通知"
    for label, value in _facts(letter):
        if "".join(value.split()) not in whole:
            raise Refused(f"{name}回读核对不一致：文件里没有找到{label}“{value}”，未采用这份文件。请重新生成。")
    expected = ["".join("".join(sheet.texts).split()) for sheet in lay_letter(compose(letter))]
    if sorted(_AMOUNT.findall(whole)) != sorted(_AMOUNT.findall("".join(expected))):
        raise Refused(f"{name}回读核对不一致：文件里的金额与登记的金额不同，未采用这份文件。请重新生成。")
    _check_draft_state(texts, expected, name, draft=letter.is_draft)
    if texts != expected:
        raise Refused(f"{name}回读核对不一致：文件文字与应有文字不同，未采用这份文件。请重新生成。")
    _check_fonts(pages, name)


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
    if letter.issued_on:
        yield "签发日期", format_date(letter.issued_on)


def _check_draft_state(texts: list[str], expected: list[str], name: str, *, draft: bool) -> None:
    """Every page of a draft says so, and no page of an issued letter does, its names aside."""
    found, due = ([text.count(wording.DRAFT) for text in each] for each in (texts, expected))
    if draft and not all(found):
        raise Refused(f"{name}回读核对不一致：有的页没有“草稿”字样，未采用这份文件。请重新生成。")
    if not draft and sum(found) != sum(due):
        raise Refused(f"{name}回读核对不一致：已编号的通知带有“草稿”字样，未采用这份文件。请重新生成。")


def _check_fonts(pages: list[PageObject], name: str) -> None:
    """Every font travels inside the file, or another machine would print other glyphs."""
    if not all("/FontFile2" in font["/FontDescriptor"] for page in pages for font in _fonts(page)):
        raise Refused(f"{name}回读核对不一致：有字体没有嵌入文件，未采用这份文件。请重新生成。")


def _fonts(page: PageObject) -> list[DictionaryObject]:
    fonts = page["/Resources"]["/Font"].values()
    return [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts]
