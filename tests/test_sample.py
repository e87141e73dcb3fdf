"""The sample list through the whole job, against amounts worked out by hand from the text of clause 一（九）."""

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from tests.samples.build_list import build
from zjtx_desktop.demo import SAMPLE, demo
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, rounds
from zjtx_desktop.usecases.awards import award_lines, totals
from zjtx_desktop.usecases.checks import check

WAN = 1_000_000  # 分
TEN, TWENTY = 10 * WAN, 20 * WAN
# year → organisation → what each treasury pays for each of its recognitions; None waits, () is refused
BY_HAND = {
    2023: [
        ("示例老牌阀门有限公司", {"玉山县": TEN}),
        ("示例玉山检测技术平台有限公司", {"玉山县": TEN, "上饶市本级": TWENTY}),
        ("示例两度入选科技有限公司", {"玉山县": TEN}),
    ],
    2024: [
        ("示例玉山精密轴承有限公司", {"玉山县": TEN}),
        ("示例玉山光学镜片有限公司", {"玉山县": TEN}),
        ("示例玉山数控装备有限公司", {"玉山县": TEN, "上饶市本级": TWENTY}),
        ("示例玉山数控装备有限公司", {"玉山县": TEN, "上饶市本级": TWENTY}),
        ("示例玉山水泵制造有限公司", {"玉山县": TEN}),
        ("示例玉山小微企业双创园", {"玉山县": TEN}),
        ("示例玉山县中小企业服务中心", {"玉山县": TEN}),
        ("示例玉山创业服务协会", {"玉山县": TEN, "上饶市本级": TWENTY}),
        ("示例两地纳税电子有限公司", {"玉山县": 6 * WAN, "上饶经济技术开发区": 4 * WAN, "上饶市本级": TWENTY}),
        ("示例三地纳税材料有限公司", {"玉山县": 3_333_000, "信州区": 3_333_000, "广丰区": 3_334_000}),
        ("示例再次申报工具有限公司", None),
        ("示例仅有公示科技有限公司", ()),
        ("示例未写地区科技有限公司", None),
        ("示例只写到市科技有限公司", None),
        ("示例校验位存疑有限公司", {"玉山县": TEN}),
        ("示例𬱖川新材料有限公司", {"玉山县": TEN}),
        ("示例（江西）半导体有限公司", {"玉山县": TEN}),
        ("示例（江西）半导体有限公司", {"玉山县": TEN}),
        ("示例玉山县三清湖畔高端智能装备与精密光学元器件协同创新产业研究发展有限责任公司", {"玉山县": TEN}),
        ("示例<b>甲&乙</b>科技有限公司", {"玉山县": TEN}),
        ("=示例加和科技有限公司", {"玉山县": TEN}),
        ("示例老牌阀门有限公司", {"玉山县": TEN, "上饶市本级": TWENTY}),
        ("示例复核通过机械有限公司", ()),
    ],
    2025: [
        ("示例两度入选科技有限公司", None),
        ("示例玉山数字服务平台有限公司", {"玉山县": TEN, "上饶市本级": TWENTY}),
        ("示例玉山青年创业基地", {"玉山县": TEN, "上饶市本级": TWENTY}),
        ("示例玉山竹木制品有限公司", {"玉山县": TEN}),
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    demo(folder, "张三")
    return folder


@pytest.fixture(scope="module")
def book(folder: Path):
    with Book(folder / "示例账簿.zjtx") as opened:
        yield opened


def lines_of(book: Book, year: int):
    with book.reading() as session:
        return award_lines(session, rounds.find_round(session, year).id)


@pytest.mark.parametrize("year", BY_HAND)
def test_every_row_pays_what_the_clause_says(book, year):
    found = []
    for line in lines_of(book, year):
        paid = {part.treasury.name: part.amount.fen for part in line.parts}
        found.append((line.facts.organisation, {"award": paid, "none": (), "undecided": None}[line.verdict.value]))
    assert found == BY_HAND[year]


@pytest.mark.parametrize("year", BY_HAND)
def test_book_letters_and_workbook_have_the_same_sums(book, folder, year):
    sums = totals(lines_of(book, year))
    whole = sums.beneficiary + sums.municipal
    text = "".join(page.extract_text() for page in PdfReader(folder / f"{year}年度拨付通知.pdf").pages)
    lettered = [Decimal(found) for found in re.findall(r"金额([0-9.]+)元（大写", re.sub(r"\s", "", text))]
    assert len(lettered) == sums.awards
    assert sum(lettered) * 100 == whole.fen
    workbook = openpyxl.load_workbook(folder / f"{year}年度报送表.xlsx", data_only=True)
    (last,) = (row for row in workbook["明细表"].iter_rows() if str(row[0].value).startswith("合计"))
    (head,) = (row for row in workbook["明细表"].iter_rows() if row[0].value == "序号")
    shown = {title.value: round(cell.value * 100) for title, cell in zip(head, last, strict=True) if isinstance(cell.value, int | float)}
    granted = [shown[name] for name in ("受益财政奖励", "市级财政奖励", "核定合计")]
    assert granted == [sums.beneficiary.fen, sums.municipal.fen, whole.fen]
    moved = [shown[name] for name in ("核减", "已拨付", "已追回", "余额", "尚需市级资金")]
    assert moved == [0, 0, 0, whole.fen, sums.municipal.fen]


def test_the_stored_letters_are_the_printed_ones(book):
    with book.reading() as session:
        numbers = [line.number for year in BY_HAND for line in letters.register(session, rounds.find_round(session, year).id)]
    assert [int(re.search(r"(\d+)号$", number)[1]) for number in numbers] == list(range(1, len(numbers) + 1))


def test_the_book_of_the_demo_is_sound(book):
    assert check(book) == []


def test_a_year_before_the_policy_pays_nothing_and_says_so(book):
    with book.action("测算", "张三") as session:
        pack, choices = rounds.basis_for(session, 2021)
        rounds.prepare(session, 2021, pack, choices)
    (line,) = lines_of(book, 2021)
    assert line.verdict.value == "none"
    assert any("2021" in reason and "没有" in reason for reason in line.reasons)


def test_the_sample_is_what_its_builder_builds(tmp_path):
    build(tmp_path / "again.xlsx")

    def cells(path: Path) -> list[tuple]:
        return list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))

    assert cells(tmp_path / "again.xlsx") == cells(SAMPLE)
