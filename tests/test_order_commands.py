"""Issued awards, late records, years and second rounds through the commands, as a user types them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

MAIN = Path(__file__).resolve().parents[1] / "main.py"
HEADINGS = ("企业名称", "认定称号", "级别", "认定类型", "文号", "认定日期", "受益财政")
FIRM = "示例甲有限公司"


def run(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, str(MAIN), *map(str, words)], capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def answer(*words: object) -> dict:
    return json.loads(run(*words, "--json").stdout)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    run("new", tmp_path / "县.zjtx", "--division", "361123", "--office", "玉山县财政局")
    return tmp_path / "县.zjtx"


def take(book: Path, title: str, level: str, number: str, day: str, kind: str = "新认定") -> None:
    """Import a list of one row."""
    path = book.with_name(f"名单{number[-2]}.xlsx")
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        for row, values in enumerate((HEADINGS, (FIRM, title, level, kind, number, day, "玉山县"))):
            sheet.write_row(row, 0, values)
    assert answer("import", book, path)["written"] == 1


def amounts(found: dict) -> list[tuple[str, list[int]]]:
    return [(award["verdict"], [part["fen"] // 1_000_000 for part in award["parts"]]) for award in found["awards"]]


def test_what_was_issued_competes_with_what_is_recorded_later(book):
    take(book, "专精特新中小企业", "省级", "示例〔2024〕1号", "2024-09-02")
    answer("compute", book, "--year", 2024, "--choose", "同年多个称号=就高不重复", "--basis", "玉府办发〔2024〕3号")
    assert answer("letters", book, "--year", 2024, "--out", book.with_name("一.pdf"), "--issue")["issued"] == 1
    take(book, "专精特新中小企业", "省级", "示例〔2024〕2号", "2024-03-15")
    take(book, "专精特新“小巨人”企业", "国家级", "示例〔2024〕3号", "2024-06-03")
    found = answer("compute", book, "--year", 2024)
    assert amounts(found) == [("award", [10]), ("undecided", []), ("award", [20])]
    assert found["awards"][1]["questions"] == ["rewarded_before"]
    chosen = {one["id"]: (one["answer"], one["basis"], one["is_default"]) for one in found["choices"]}
    assert chosen["several_titles"] == ("就高不重复", "玉府办发〔2024〕3号", False)
    assert chosen["ladder"] == ("全额奖励", "程序默认", True)


def test_nothing_goes_out_that_would_be_judged_otherwise_today(book):
    take(book, "专精特新中小企业", "省级", "示例〔2024〕1号", "2024-09-02")
    answer("compute", book, "--year", 2024)
    take(book, "专精特新中小企业", "省级", "示例〔2023〕2号", "2023-11-06")
    answer("compute", book, "--year", 2023)
    step = ("advance", book, "--year", 2024, "--event", "初审", "--opinion", "同意")
    for words in (step, ("letters", book, "--year", 2024, "--out", book.with_name("一.pdf"), "--issue")):
        said = run(*words, code=1).stderr
        assert f"“{FIRM}”“江西省专精特新中小企业”测算后有变化：原为奖励 100,000.00 元（玉山县 100,000.00 元），现在应为待定。" in said
        assert "以前已奖励：2023 年 10 万元（来源：361123-2023-00002（草稿））" in said and "请重新测算。" in said
    (award,) = answer("compute", book, "--year", 2024)["awards"]
    assert award["questions"] == ["rewarded_before"]


def test_a_later_year_computed_first_names_the_earlier_one_and_tries_both(book):
    take(book, "专业化小巨人企业", "省级", "示例〔2023〕1号", "2023-11-06")
    take(book, "专精特新“小巨人”企业", "国家级", "示例〔2024〕2号", "2024-09-02")
    words = ("compute", book, "--year", 2024, "--choose", "ladder=difference", "--basis", "玉府办发〔2024〕3号")
    found = answer(*words)
    assert amounts(found) == [("undecided", [])] and found["awards"][0]["questions"] == ["earlier_years"]
    assert found["warnings"] == ["2023 年度还有 1 条认定没有测算或者没有决定，可能改变本批的金额，请先测算 2023 年度，再重新测算。"]
    assert "2023 年度还有 1 条认定" in run(*words).stderr
    years = answer("compute", book, "--year", 2024, "--what-if")["years"]
    assert [(one["year"], one["beneficiary_fen"], one["municipal_fen"]) for one in years] == [(2023, 10_000_000, 0), (2024, 0, 20_000_000)]
    answer("compute", book, "--year", 2023)
    found = answer(*words)
    assert (amounts(found), found["warnings"]) == ([("award", [20])], [])
    assert any("低于文件的下限 100,000.00 元" in text for text in found["awards"][0]["warnings"])


@pytest.mark.parametrize(("one", "other"), [("第一批", "第二批"), ("第二批", "第一批")])
def test_a_voided_award_may_be_awarded_in_another_round_of_the_year(book, one, other):
    take(book, "专精特新中小企业", "省级", "示例〔2024〕1号", "2024-09-02")
    answer("compute", book, "--year", 2024, "--round", one)
    answer("letters", book, "--year", 2024, "--round", one, "--out", book.with_name("一.pdf"), "--issue")
    run("void", book, "--award", "361123-2024-00001", "--reason", "名称有误")
    for _again in range(2):
        assert [award["number"] for award in answer("compute", book, "--year", 2024, "--round", other)["awards"]] == ["361123-2024-00001-2"]
        assert [award["number"] for award in answer("compute", book, "--year", 2024, "--round", one)["awards"]] == ["361123-2024-00001"]
    assert answer("letters", book, "--year", 2024, "--round", other, "--out", book.with_name("二.pdf"), "--issue")["issued"] == 1
    assert answer("check", book)["sound"]


def test_each_question_is_decided_by_itself(book):
    take(book, "专精特新中小企业", "省级", "示例〔2023〕1号", "2023-11-06")
    take(book, "专精特新中小企业", "省级", "示例〔2024〕2号", "2024-09-02", "再次认定")
    answer("compute", book, "--year", 2023)
    (award,) = answer("compute", book, "--year", 2024)["awards"]
    assert award["questions"] == ["again", "rewarded_before"]
    words = ("decide", book, "--award", award["number"], "--verdict", "award", "--reason", "期满重新申报")
    assert "有 2 项待定，逐项决定" in run(*words, code=1).stderr
    assert answer(*words, "--question", "again")["open"] == ["rewarded_before"]
    assert answer(*words)["open"] == []


def test_choices_that_are_unknown_are_refused_with_what_there_is(book):
    for given, said in (("错字=是", "口径有：re_review（复核通过是否奖励）"), ("ladder=随便", "请改为“全额奖励”、“只补差额”、“按全部梯度只补差额”")):
        assert said in run("compute", book, "--year", 2024, "--choose", given, code=1).stderr
    refused = run("compute", book, "--year", 2024, "--choose", "ladder=difference", "--city-document", "ladder=玉府办发〔2024〕3号", code=1)
    assert "要有市级的文件" in refused.stderr


def test_a_payee_is_recorded_and_an_unknown_organisation_is_named(book):
    take(book, "中小企业公共服务示范平台", "省级", "示例〔2024〕1号", "2024-09-02")
    assert answer("compute", book, "--year", 2024)["awards"][0]["verdict"] == "undecided"
    run("payee", book, "--organisation", FIRM, "--company", "否")
    (award,) = answer("compute", book, "--year", 2024)["awards"]
    assert award["verdict"] == "award" and any("收款单位不是企业" in text for text in award["warnings"])
    assert "没有“没有这家”这家单位" in run("payee", book, "--organisation", "没有这家", "--company", "是", code=1).stderr
