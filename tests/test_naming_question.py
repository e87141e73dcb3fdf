"""A known code under another name, by command: asked about, and answered by renaming or by keeping the name."""

import json

import openpyxl
import pytest

from zjtx_desktop.cli import run
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.values import CreditCode

CODE, OTHER = "91361123MA0000001J", "91361123MA0000002M"
WHOLE = ("--title", "专精特新中小企业", "--level", "省级", "--type", "新认定", "--label-year", "2024")


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "县.zjtx"
    assert run(["new", str(path), "--division", "361123", "--office", "玉山县财政局", "--by", "张三"]) == 0
    with Book(path) as opened, opened.action("登记", "张三") as session:
        organisations.register(session, OrganisationForm("示例旧名有限公司", CreditCode(CODE)))
        organisations.register(session, OrganisationForm("示例另家有限公司", CreditCode(OTHER)))
    return path


@pytest.fixture
def imported(book, tmp_path, capsys):
    def bring(name, *words):
        workbook = openpyxl.Workbook()
        for row in (["企业名称", "统一社会信用代码"], [name, CODE]):
            workbook.active.append(row)
        workbook.save(tmp_path / "名单.xlsx")
        capsys.readouterr()
        code = run(["import", str(book), str(tmp_path / "名单.xlsx"), *WHOLE, "--by", "张三", "--json", *words])
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else said.err

    return bring


def held(book):
    with Book(book) as opened, opened.reading() as session:
        form = organisations.get(session, 1)
        listed = [recognitions.get(session, line.id).listed_name for line in recognitions.of_organisation(session, 1)]
    return form.name, form.former_names, listed


def test_it_is_asked_and_nothing_is_taken(book, imported):
    found = imported("示例新名有限公司")
    (row,) = found["rows"]
    assert (row["status"], row["known_as"], found["written"]) == ("error", "示例旧名有限公司", 0)
    assert row["messages"][0].endswith("请核对是更名、同一单位还是错码。")
    assert "--renamed" in found["notes"][-1] and "--keep-name" in found["notes"][-1]


@pytest.mark.parametrize("said", ["示例新名有限公司", CODE])
def test_a_renaming_keeps_the_old_name_as_a_former_one(book, imported, said):
    assert imported("示例新名有限公司", "--renamed", said)["written"] == 1
    assert held(book) == ("示例新名有限公司", ("示例旧名有限公司",), ["示例新名有限公司"])


def test_the_same_organisation_keeps_its_name_and_the_recognition_the_listed_one(book, imported):
    found = imported("示例旧铭有限公司", "--keep-name", "示例旧铭有限公司")
    assert found["written"] == 1 and "账簿中的名称“示例旧名有限公司”不改" in "".join(found["rows"][0]["messages"])
    assert held(book) == ("示例旧名有限公司", (), ["示例旧铭有限公司"])
    again = imported("示例旧铭有限公司", "--keep-name", CODE)
    assert (again["written"], again["rows"][0]["status"]) == (0, "same")


@pytest.mark.parametrize("word", ["--renamed", "--keep-name"])
def test_neither_holds_for_a_name_that_is_another_organisations(book, imported, word):
    found = imported("示例另家有限公司", word, CODE)
    assert found["written"] == 0 and "账簿中另有一家单位用着这个名称" in found["rows"][0]["messages"][0]


def test_a_name_that_the_list_has_not_and_two_answers_for_one_are_refused(book, imported):
    assert "名单里没有“甲”" in imported("示例新名有限公司", "--renamed", "甲")
    assert "不能既写在" in imported("示例新名有限公司", "--renamed", CODE, "--keep-name", CODE)
    assert held(book)[0] == "示例旧名有限公司"
