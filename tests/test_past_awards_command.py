"""Past awards by command: year, unit and basis once for the file; taken without approval, and they count against new awards."""

import json

import openpyxl
import pytest

from zjtx_desktop.cli import run
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import past_awards

CODE, OTHER = "91361123MA0000001J", "91361123MA0000002M"
HEAD = ["企业名称", "统一社会信用代码", "称号", "县级", "市级"]
ROWS = [HEAD, ["示例甲有限公司", CODE, "国家级专精特新“小巨人”企业", 10, 20], ["示例乙有限公司", OTHER, "江西省专精特新中小企业", 10, None], ["合计", None, None, 20, 20]]
ONCE = ("--year", "2022", "--unit", "万元", "--basis", "玉财企〔2022〕7号")


def written(path, rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "县.zjtx"
    assert run(["new", str(path), "--division", "361123", "--office", "玉山县财政局", "--by", "张三"]) == 0
    return path


@pytest.fixture
def answer(capsys):
    def ask(*words):
        capsys.readouterr()
        assert run([*map(str, words), "--by", "张三", "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def held(book, organisation):
    with Book(book) as opened, opened.reading() as session:
        lines = past_awards.of_organisation(session, organisation)
    return [(one.form.title, one.form.award_year, one.form.beneficiary.fen, one.form.municipal.fen, one.form.source) for one in lines]


def test_year_unit_and_basis_are_said_once_and_the_rows_are_taken_once(book, answer, tmp_path):
    source = written(tmp_path / "历史.xlsx", ROWS)
    silent = answer("past-awards", book, source, "--bad-rows", tmp_path / "有误.xlsx")
    assert [row["status"] for row in silent["rows"]] == ["error", "error"] and silent["written"] == 0
    said = "".join(silent["rows"][0]["messages"])
    assert "没有奖励年度" in said and "没有写明依据" in said and "金额“10”没有写明单位" in said
    seen = answer("past-awards", book, source, *ONCE, "--dry-run")
    assert ([row["status"] for row in seen["rows"]], seen["written"], held(book, 1)) == (["new", "new"], 0, [])
    assert answer("past-awards", book, source, *ONCE)["written"] == 2
    assert held(book, 1) == [("little_giant", 2022, 10_000_000, 20_000_000, "玉财企〔2022〕7号")]
    assert held(book, 2) == [("srdi_sme", 2022, 10_000_000, 0, "玉财企〔2022〕7号")]
    again = answer("past-awards", book, source, *ONCE)
    assert ([row["status"] for row in again["rows"]], again["written"]) == (["same", "same"], 0)
    assert answer("past-awards", book, tmp_path / "有误.xlsx", *ONCE)["written"] == 0
    assert answer("check", book)["sound"]


def test_what_a_row_or_a_heading_says_itself_goes_before_what_is_said_once(book, answer, tmp_path):
    head = ["企业名称", "称号", "年度", "县级（元）", "市级", "依据"]
    rows = [head, ["示例甲有限公司", "国家级专精特新“小巨人”企业", 2021, 100000, 20, "凭证1"], ["示例乙有限公司", "江西省专精特新中小企业", None, 100000, None, None]]
    answer("past-awards", book, written(tmp_path / "历史.xlsx", rows), *ONCE)
    assert held(book, 1) == [("little_giant", 2021, 10_000_000, 20_000_000, "凭证1")]
    assert held(book, 2) == [("srdi_sme", 2022, 10_000_000, 0, "玉财企〔2022〕7号")]


@pytest.mark.parametrize(("unit", "amount"), [("元", 10), ("万元", 100000)])
def test_a_unit_that_cannot_be_is_asked_about(book, answer, tmp_path, unit, amount):
    rows = [HEAD, ["示例甲有限公司", CODE, "国家级专精特新“小巨人”企业", amount, None]]
    found = answer("past-awards", book, written(tmp_path / "历史.xlsx", rows), *ONCE[:2], *ONCE[4:], "--unit", unit)
    assert found["written"] == 0 and "不合常理" in "".join(found["rows"][0]["messages"])


def test_a_past_award_counts_against_a_new_one(book, answer, tmp_path):
    answer("past-awards", book, written(tmp_path / "历史.xlsx", ROWS), *ONCE)
    listed = written(tmp_path / "名单.xlsx", [["企业名称", "统一社会信用代码", "所属地区"], ["示例甲有限公司", CODE, "玉山县"], ["示例丙有限公司", "91361123MA0000003Q", "玉山县"]])
    words = ("--title", "专精特新“小巨人”企业", "--level", "国家级", "--type", "新认定", "--date", "2024-09-02", "--number", "工信部企业函〔2024〕201号")
    assert answer("import", book, listed, *words)["written"] == 2
    awards = {award["organisation"]: award for award in answer("compute", book, "--year", 2024)["awards"]}
    assert {name: award["verdict"] for name, award in awards.items()} == {"示例甲有限公司": "undecided", "示例丙有限公司": "award"}
    assert awards["示例甲有限公司"]["questions"] == ["rewarded_before"] and "2022 年" in "".join(awards["示例甲有限公司"]["reasons"])
