"""A list beside the book, both ways: who is missing here, who is missing there, what differs; nothing is written."""

import json
from datetime import date

import openpyxl
import pytest

from zjtx_desktop.cli import run
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import letters, organisations, rounds
from zjtx_desktop.usecases.comparing import Finding, compare, save_comparison
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.list_file import Answers, ListDefaults, paste_list
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.values import CreditCode, Division

TODAY = date(2025, 3, 1)
YUSHAN, ZONE = Division("361123"), Division("361191")
GIVEN = ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW, label_year=2024, batch="第六批")
HEAD = "企业名称\t统一社会信用代码\t所属地区\t认定类型\t批次\t有效期止\r\n"


def code(number):
    body = f"91361123MA{number:07d}"
    return CreditCode(body + CreditCode(body + "0").expected_check)


@pytest.fixture
def held(book, recognise):
    """Put a recognition of 2024 into the book: of an organisation with a code."""

    def add(name, number=None, division=YUSHAN, title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW, batch="第六批", **more):
        with book.action("登记", "张三") as session:
            owner = organisations.register(session, OrganisationForm(name, code(number) if number else None, division=division))
        return recognise(name, title, level, kind, date(2024, 6, 3), owner, batch=batch, **{"label_year": 2024, "valid_to": date(2027, 6, 2)} | more)

    return add


@pytest.fixture
def compared(book):
    def ask(text, given=GIVEN, only=None, head=HEAD, answers=Answers(True)):
        before = book.head()
        parsed = paste_list(head + text).parse(given, TODAY, answers=answers)
        with book.reading() as session:
            found = compare(session, parsed, only)
        assert book.head() == before
        return found

    return ask


def told(found):
    return [(one.finding.label, one.name, one.why) for one in found.rows if one.finding is not Finding.ALIKE]


def test_each_side_is_told_what_it_lacks(held, compared):
    held("甲有限公司", 1)
    held("乙有限公司", 2)
    held("丙有限公司", 3, batch="第五批", label_year=2023)
    held("丁有限公司", 4, batch="第五批", label_year=2023)
    held("己有限公司", 6, batch="第七批")  # another batch of the same year
    found = compared(f"甲有限公司\t{code(1)}\r\n戊有限公司\t{code(5)}\r\n丁有限公司\t{code(4)}\r\n")
    assert told(found) == [
        ("账簿没有", "戊有限公司", "账簿没有这家单位。"),
        ("账簿没有", "丁有限公司", "账簿有“丁有限公司”，没有登记这项认定。"),
        ("名单没有", "乙有限公司", "名单上没有这项认定。"),
    ]
    assert found.count(Finding.ALIKE) == 1 and found.keys(Finding.MISSING) == {3, 4}
    assert found.notes == ("江西省专精特新中小企业：与账簿中 2024 年第 6 批的认定对照。",)


@pytest.mark.parametrize(
    ("in_book", "row", "why"),
    [
        ({}, f"甲新名有限公司\t{code(1)}", "名称：名单“甲新名有限公司”，账簿“甲有限公司”。"),
        ({}, f"甲有限公司\t{code(2)}", f"统一社会信用代码：名单“{code(2)}”，账簿“{code(1)}”。"),
        ({"number": None}, f"甲有限公司\t{code(2)}", f"统一社会信用代码：名单“{code(2)}”，账簿没有。"),
        ({}, "甲有限公司\t\t信州区", "所属地区：名单“信州区”，账簿“玉山县”。"),
        ({}, "甲有限公司\t\t\t复核", "认定类型：名单“复核”，账簿“新认定”。"),
        ({}, "甲有限公司\t\t\t\t第七批", "批次：名单“第七批”，账簿“第六批”。"),
        ({}, "甲有限公司\t\t\t\t\t2027-12-31", "有效期止：名单“2027-12-31”，账簿“2027-06-02”。"),
        ({"publicity_only": True}, "甲有限公司", "账簿仅为公示，名单不是公示。"),
        ({"batch": "6", "label_year": None}, f"甲有限公司\t{code(1)}", "年度：名单“2024”，账簿没有。"),
    ],
)
def test_what_both_have_and_say_differently_is_told_one_by_one(held, compared, in_book, row, why):
    held("甲有限公司", **{"number": 1} | in_book)
    assert told(compared(row + "\r\n")) == [("内容不同", "甲有限公司" if "新名" not in row else "甲新名有限公司", why)]


def test_a_list_that_says_less_than_the_book_does_not_differ(held, compared):
    held("甲有限公司", 1, valid_from=date(2024, 6, 3), operator="某某", note="核对过")
    held("乙有限公司", 2, batch="（第六批）")
    assert told(compared("甲有限公司\r\n乙有限公司\r\n")) == []


def test_the_issued_are_compared_like_any_other(book, recognise, compared):
    """An import refuses to change them; the comparison still says what differs."""
    one = recognise("甲有限公司", "srdi_sme", Level.PROVINCIAL, on=date(2024, 6, 3), batch="第六批", valid_to=date(2027, 6, 2))
    with book.action("测算", "张三") as session:
        letters.issue(session, rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id, TODAY)
    text = "甲有限公司\t\t\t\t\t2028-01-01\r\n"
    with book.reading() as session:
        plan = Plan(session, paste_list(HEAD + text).parse(GIVEN, TODAY))
    assert "已下达奖补，不能由导入修改" in plan.outcomes[0].messages[0]
    found = compared(text).rows[0]
    assert (found.finding, found.recognition) == (Finding.DIFFERENT, one)


def test_what_may_be_several_is_nobodys(held, compared):
    held("甲有限公司", 1)
    held("甲有限公司", 2, batch="第五批", label_year=2023)
    found = compared("甲有限公司\r\n")
    assert [(one.finding, one.name) for one in found.rows] == [(Finding.UNLISTED, "甲有限公司"), (Finding.DOUBTFUL, "甲有限公司")]
    assert "名单上有一行可能是这家单位" in found.rows[0].why and "可能是：甲有限公司、甲有限公司" in found.rows[1].why


def test_rows_that_cannot_be_read_or_are_not_ours_or_repeat_one_are_told_apart(held, compared):
    held("甲有限公司", 1)
    held("乙有限公司", 2)
    found = compared(f"甲有限公司\t{code(1)}\r\n甲有限公司\t{code(1)}\r\n乙有限公司\t12\r\n丙有限公司\t{code(3)}\t南昌市\r\n")
    assert [(label, name) for label, name, _ in told(found)] == [
        ("名单没有", "乙有限公司"), ("名单有误", "乙有限公司"), ("名单内重复", "甲有限公司"), ("不属本市", "丙有限公司"),
    ]  # fmt: skip
    assert found.rows[0].why == "名单第 4 行写着这个名称，那一行有误，没有对照。"


def test_a_list_of_one_county_is_not_held_against_the_others(held, compared):
    held("甲有限公司", 1)
    held("乙有限公司", 2, division=ZONE)
    assert [one.name for one in compared("丙有限公司\r\n").rows if one.finding is Finding.UNLISTED] == ["乙有限公司", "甲有限公司"]
    found = compared("丙有限公司\r\n", only=YUSHAN)
    assert [one.name for one in found.rows if one.finding is Finding.UNLISTED] == ["甲有限公司"]
    assert found.notes[-1] == "只对照账簿中所属地区为玉山县的单位。"


def test_a_list_without_batch_and_year_is_held_against_all_of_the_title(held, compared):
    held("甲有限公司", 1)
    held("乙有限公司", 2, batch="第五批", label_year=2023)
    held("丙有限公司", 3, title="little_giant", level=Level.NATIONAL)
    given = ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW)
    found = compared("甲有限公司\r\n", given, head="企业名称\r\n")
    assert [(one.finding, one.name) for one in found.rows] == [(Finding.UNLISTED, "乙有限公司"), (Finding.ALIKE, "甲有限公司")]
    assert "全部认定" in found.notes[0]


def test_the_workbook_has_every_row_with_its_finding(held, compared, tmp_path):
    held("甲有限公司", 1)
    found = compared(f"乙有限公司\t{code(2)}\r\n")
    save_comparison(tmp_path / "对照.xlsx", found, "名单.xlsx", TODAY)
    rows = list(openpyxl.load_workbook(tmp_path / "对照.xlsx").active.iter_rows(values_only=True))
    assert rows[0][:7] == ("结论", "说明", "名单行号", "工作表", "名单所列名称", "账簿中的名称", "统一社会信用代码")
    assert rows[1][:7] == ("账簿没有", "账簿没有这家单位。", 2, None, "乙有限公司", None, str(code(2)))
    assert rows[2][:7] == ("名单没有", "名单上没有这项认定。", None, None, None, "甲有限公司", str(code(1)))
    assert rows[3][:2] == ("说明", "名单：名单.xlsx。")


def test_the_command_takes_title_and_year_from_the_headline_and_writes_the_workbook(tmp_path, capsys):
    book, out = tmp_path / "县.zjtx", tmp_path / "对照.xlsx"
    workbook = openpyxl.Workbook()
    rows = [["2024年江西省专精特新中小企业名单"], ["企业名称", "统一社会信用代码", "所属地区"], ["甲有限公司", str(code(1)), "玉山县"], ["乙有限公司", str(code(2)), "玉山县"]]
    for row in rows:
        workbook.active.append(row)
    workbook.save(tmp_path / "名单.xlsx")
    assert run(["new", str(book), "--division", "361123", "--office", "玉山县财政局", "--by", "张三"]) == 0
    workbook.active.delete_rows(4)
    workbook.active.append(["丙有限公司", str(code(3)), "玉山县"])
    workbook.save(tmp_path / "又.xlsx")
    assert run(["import", str(book), str(tmp_path / "名单.xlsx"), "--from-heading", "--by", "张三"]) == 0
    capsys.readouterr()
    assert run(["compare", str(book), str(tmp_path / "又.xlsx"), "--out", str(out), "--json", "--by", "张三"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {key: n for key, n in found["counts"].items() if n} == {"missing": 1, "unlisted": 1, "alike": 1}
    assert [(row["finding"], row["name"], row["title"], row["label_year"]) for row in found["rows"][:2]] == [
        ("missing", "丙有限公司", "江西省专精特新中小企业", 2024), ("unlisted", "乙有限公司", "江西省专精特新中小企业", 2024),
    ]  # fmt: skip
    assert openpyxl.load_workbook(out).active["A2"].value == "账簿没有"
    assert run(["compare", str(book), str(tmp_path / "又.xlsx"), "--out", str(out), "--by", "张三"]) == 1
    assert "已经存在" in capsys.readouterr().err
    assert run(["compare", str(book), str(tmp_path / "又.xlsx"), "--year", "2023", "--by", "张三"]) == 0
    said = capsys.readouterr().out
    assert "写的是 2024 年，而全表的年度是 2023" in said and "--as-given" in said
