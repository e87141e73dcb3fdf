"""Lists in windows: the first rows are those of all, filters mean what a person means, values are counted."""

from datetime import date

import pytest

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import listing, organisations, recognitions
from zjtx_desktop.usecases.listing import Query
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.values import Division

LIST = recognitions.LISTING
YUSHAN, ZONE = "361123", "361191"


@pytest.fixture
def filled(book, recognise):
    """Six recognitions of three titles; the last has no year, no date and no division."""
    for number in range(5):
        kind = Kind.REVIEW if number % 2 else Kind.NEW
        title, level = (("srdi_sme", Level.PROVINCIAL), ("little_giant", Level.NATIONAL))[number % 2]
        recognise(f"示例{number}厂", title, level, kind, on=date(2020 + number, 5, 1), batch=f"第{number}批")
    recognise("示例无年厂", "single_champion", on=None, division=None)
    return book


def ids(book, query=Query()):
    with book.reading() as session:
        return list(LIST.ids(session, query))


SORTS = [((key, down),) for key in LIST._columns for down in (False, True)]


@pytest.mark.parametrize("sort", [(), *SORTS, (("title", True), ("document_date", False))], ids=str)
@pytest.mark.parametrize(
    "filters", [(), (("title", frozenset(("srdi_sme", "single_champion"))),)], ids=["all", "filtered"]
)
@pytest.mark.parametrize("many", [1, 5_000])
def test_the_first_rows_are_the_head_of_all_in_every_order(filled, monkeypatch, sort, filters, many):
    monkeypatch.setattr(listing, "MANY", many)
    query = Query(filters=filters, sort=sort)
    with filled.reading() as session:
        assert list(LIST.first(session, 3, query)) == ids(filled, query)[:3]
        assert LIST.count(session, query) == len(ids(filled, query))


@pytest.mark.parametrize(
    ("key", "allowed", "found"),
    [
        ("label_year", {"2021"}, [2]),
        ("label_year", {"", "2021"}, [2, 6]),
        ("document_date", {""}, [6]),
        ("division", {""}, [1, 2, 3, 4, 5, 6]),
        ("batch", {"第0批", "第3批"}, [1, 4]),
        ("kind", {"复核"}, [2, 4]),
    ],
)
def test_a_filter_lets_through_the_values_as_they_are_offered(filled, key, allowed, found):
    assert ids(filled, Query(filters=((key, frozenset(allowed)),))) == found


def test_values_are_counted_and_nothing_counts_as_one_value(filled):
    with filled.reading() as session:
        assert dict(LIST.values(session, "label_year"))[""] == 1
        assert dict(LIST.values(session, "kind")) == {"新认定": 4, "复核": 2}
        assert sum(count for _, count in LIST.values(session, "division")) == 6


def test_a_search_finds_by_former_name_code_and_document_number(book, recognise):
    with book.action("登记", "张三") as session:
        form = OrganisationForm("示例新名", division=Division(YUSHAN), former_names=("示例旧名",))
        owner = organisations.register(session, form)
    recognise(organisation=owner, document_number="赣工信〔2024〕77号")
    recognise("另一家", on=date(2023, 1, 1))
    assert ids(book, Query("旧名")) == ids(book, Query("〕77号")) == [1]


def test_the_name_of_who_holds_a_code_or_name_is_told_except_of_oneself(book, recognise):
    recognise("示例甲厂")
    with book.reading() as session:
        assert organisations.holder(session, None, "示例 甲厂") == "示例甲厂"
        assert organisations.holder(session, None, "示例甲厂", but=1) == ""
        assert organisations.holder(session, None, "别家") == ""
