"""The search by pinyin initials: new and former names, typed in any case, kept up by forms and imports."""

from datetime import date
from dataclasses import replace

import pytest

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage.undo import undo
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.list_file import ListDefaults, paste_list
from zjtx_desktop.usecases.listing import Query
from zjtx_desktop.usecases.organisations import OrganisationForm

CODE = "91360000625912173B"
WHOLE = ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW, label_year=2024)


@pytest.fixture
def known(book):
    with book.action("登记", "张三") as session:
        organisations.register(session, OrganisationForm("江西秋科科技有限公司", former_names=("铅山老铜厂",)))
        organisations.register(session, OrganisationForm("示例ABC机械厂"))
    return book


def found(book, text):
    with book.reading() as session:
        ids = organisations.LISTING.ids(session, Query(text))
        return [line.name for line in organisations.LISTING.lines(session, ids)]


@pytest.mark.parametrize("typed", ["jxqkkj", "QKKJ", " qkkj ", "yxxgs", "yslt", "qsltc", "ｑｋｋｊ"])
def test_initials_of_names_new_and_old_find_the_organisation(known, typed):
    wanted = [] if typed == "yxxgs" else ["江西秋科科技有限公司"]
    assert found(known, typed) == wanted


def test_a_part_of_a_name_or_code_still_finds(known):
    assert found(known, "abc") == found(known, "slabcjx") == ["示例ABC机械厂"]
    assert found(known, "q") == []


def test_a_changed_form_is_found_by_its_new_name_and_its_old_one(known):
    with known.action("更名", "张三") as session:
        organisations.change(session, 2, replace(organisations.get(session, 2), name="德兴新厂"))
    assert found(known, "dxxc") == found(known, "abcjx") == ["德兴新厂"]
    undo(known, "张三")
    assert found(known, "dxxc") == [] and found(known, "abcjx") == ["示例ABC机械厂"]


def test_an_import_keeps_the_initials_of_new_and_renamed_organisations(book):
    def take_over(text, renamed=frozenset()):
        parsed = paste_list("企业名称\t统一社会信用代码\r\n" + text).parse(WHOLE, date(2025, 3, 1))
        with book.action("粘贴", "张三") as session:
            Plan(session, parsed, renamed).take_over(session, "粘贴内容", "00")

    take_over(f"横峰光电厂\t{CODE}\r\n余干药厂\t\r\n")
    assert found(book, "hfgd") == ["横峰光电厂"]
    take_over(f"万年光学厂\t{CODE}\r\n", frozenset((2,)))
    assert found(book, "wngx") == found(book, "hfgd") == ["万年光学厂"]


def test_recognitions_and_suggestions_are_found_by_them_too(book, recognise):
    recognise("玉山轴承厂")
    recognise("德兴铜厂")
    with book.reading() as session:
        assert list(recognitions.LISTING.ids(session, Query("yszc"))) == [1]
        assert [line.name for line in organisations.suggestions(session, "dxtc")] == ["德兴铜厂"]
