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


HEADLINE = "玉山县2022年度奖励资金发放表（单位：元）"
PLAIN = [[HEADLINE], HEAD, ["示例甲有限公司", CODE, "国家级专精特新“小巨人”企业", 100000, 200000]]


def test_another_year_and_unit_than_the_list_says_have_to_be_answered(book, answer, tmp_path):
    source = written(tmp_path / "历史.xlsx", PLAIN)
    found = answer("past-awards", book, source, "--year", "2023", "--unit", "万元")
    assert (found["written"], [row["status"] for row in found["rows"]]) == (0, ["error"])
    told = "".join(found["notes"])
    assert told.count("写的是 2022 年，而填写的奖励年度是 2023") == told.count("写的金额单位是元，而填写的金额单位是万元") == 1
    one = answer("past-awards", book, source, "--year", "2023", "--unit", "元", "--as-given")
    assert one["written"] == 1 and "已按填写的导入，请核对" in "".join(one["notes"])
    assert held(book, 1) == [("little_giant", 2023, 10_000_000, 20_000_000, HEADLINE)]


def test_the_unit_of_the_command_holds_where_it_is_said_to(book, answer, tmp_path):
    rows = [PLAIN[0], HEAD, [*PLAIN[2][:3], 10, 20]]
    assert answer("past-awards", book, written(tmp_path / "历史.xlsx", rows), "--unit", "万元", "--as-given")["written"] == 1
    assert held(book, 1)[0][2:4] == (10_000_000, 20_000_000)


def test_what_agrees_with_the_list_is_no_question(book, answer, tmp_path):
    assert answer("past-awards", book, written(tmp_path / "历史.xlsx", PLAIN), "--year", "2022", "--unit", "元")["written"] == 1


def test_an_award_of_a_year_to_come_is_refused(book, answer, tmp_path):
    found = answer("past-awards", book, written(tmp_path / "历史.xlsx", ROWS), "--year", "2099", *ONCE[2:])
    assert found["written"] == 0 and "奖励年度 2099 晚于今年" in "".join(found["rows"][0]["messages"])


def test_a_list_of_one_amount_is_told_what_to_do(book, tmp_path, capsys):
    source = written(tmp_path / "历史.xlsx", [["企业名称", "称号", "年度", "金额", "依据"], ["示例甲有限公司", "江西省专精特新中小企业", 2022, 100000, "凭证1"]])
    assert run(["past-awards", str(book), str(source), "--by", "张三"]) != 0
    assert "只有一列金额的" in "".join(capsys.readouterr())
