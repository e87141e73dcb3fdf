"""Letters of one county, and pages read back from the operators they were painted with."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PageObject, PdfReader

from zjtx_desktop.documents.letter import AwardLetter, LetterPart, LetterPolicy
from zjtx_desktop.values import Money

MM = 72 / 25.4
_NUMBER = r"(-?[0-9.]+)"
_OPERATOR = re.compile(
    rf"1 0 0 1 0 (?P<moved>-?[0-9.]+) cm|(?P<end>\bQ\b)"
    rf"|1 0 0 1 {_NUMBER} {_NUMBER} Tm|{_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER} re f"
)


@dataclass(frozen=True)
class Painted:
    """What a page was painted with, in millimetres from its top left corner."""

    texts: tuple[tuple[float, float], ...]
    bars: tuple[tuple[float, float, float, float], ...]

    @classmethod
    def of(cls, page: PageObject) -> "Painted":
        high, moved = float(page.mediabox.height), 0.0
        texts, bars = [], []
        for found in _OPERATOR.finditer(page.get_contents().get_data().decode("latin-1")):
            _, _, *numbers = found.groups()
            if found["moved"]:
                moved = float(found["moved"])
            elif found["end"]:
                moved = 0.0
            elif numbers[0]:
                texts.append((float(numbers[0]) / MM, (high - float(numbers[1]) - moved) / MM))
            else:
                x, y, wide, tall = map(float, numbers[2:])
                bars.append((x / MM, (high - y - moved - tall) / MM, wide / MM, tall / MM))
        return cls(tuple(texts), tuple(bars))


@pytest.fixture
def letter() -> AwardLetter:
    """An issued letter with one part, as most are."""
    return AwardLetter(
        office="玉山县工业和信息化局",
        number="玉工信字〔2024〕37号",
        addressee="江西鑫源精密制造有限公司",
        payee=None,
        credit_code="91361123MA35F0KQ2C",
        title="江西省专精特新中小企业",
        level="省级",
        kind="新认定",
        award_year=2024,
        recognition_document="关于公布2024年江西省专精特新中小企业名单的通知",
        recognition_number="赣工信企业字〔2024〕106号",
        recognised_on=date(2024, 8, 15),
        policies=(LetterPolicy("上饶市促进“专精特新”中小企业发展实施意见", "饶府办发〔2023〕12号", "第一条第（九）项"),),
        parts=(LetterPart("受益财政", "玉山县", Money(10_000_000), "饶府办发〔2023〕12号第一条第（九）项"),),
        award_number="361123-2024-0007",
        issued_on=date(2024, 11, 20),
        contact="王芳　0793-2551234",
        code="128-5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YQV1",
    )


@pytest.fixture
def draft(letter: AwardLetter) -> AwardLetter:
    return replace(letter, number=None, issued_on=None, code=None)


@pytest.fixture
def shared(letter: AwardLetter) -> AwardLetter:
    """A letter on two pages: five treasuries and the city bear it."""
    places = ("玉山县", "广信区", "上饶经济技术开发区", "三清山风景名胜区", "上饶高铁经济试验区")
    own = tuple(LetterPart("受益财政", place, Money(2_000_000), "饶府办发〔2023〕12号第一条第（九）项") for place in places)
    city = LetterPart("市级财政", "上饶市本级", Money(20_000_000), "饶府办发〔2023〕12号第一条第（九）项")
    return replace(letter, parts=(*own, city), title="国家级专精特新“小巨人”企业", level="国家级")


@pytest.fixture
def read() -> Callable[[bytes], list[str]]:
    """The text of each page without blanks, as pypdf finds it."""

    def pages(pdf: bytes) -> list[str]:
        return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf), strict=True).pages]

    return pages


@pytest.fixture
def painted() -> Callable[[bytes], list[Painted]]:
    return lambda pdf: [Painted.of(page) for page in PdfReader(BytesIO(pdf)).pages]
