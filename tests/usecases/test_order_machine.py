"""Random days of an office in which everything happens in any order, and short histories in which the order matters.

What the book must hold is worked out on paper (`order_paper`, `order_model`), which knows nothing of the program.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from machine_kit import play
from order_model import (
    AGAIN,
    CITY,
    NATIONAL,
    NEW,
    OURS,
    PROVINCIAL,
    REVIEW,
    THEIRS,
    WAN,
    YUSHAN,
    ZONE,
    Chosen,
)
from order_office import AUTUMN, MARCH, SEPTEMBER, SPRING, Disorder, template
from order_paper import Paper
from test_money_machine import CITY_PAPER, PAPERS

FIRST, SECOND, LAST_YEAR = (2024, "第一批"), (2024, "第二批"), (2023, "第一批")
SMALL, GIANT, NATIONAL_GIANT = ("srdi_sme", PROVINCIAL), ("little_giant", PROVINCIAL), ("little_giant", NATIONAL)
CHAMPION = ("single_champion", NATIONAL)


def _issued_ones_compete(office: Disorder) -> None:
    office._register((1, SMALL, NEW, SEPTEMBER))
    office._compute(FIRST)
    office._issue_some(FIRST, None)
    office._register((1, SMALL, NEW, MARCH))
    office._compute(FIRST)


def _nothing_goes_out_stale(office: Disorder) -> None:
    office._register((1, SMALL, NEW, MARCH))
    office._compute(FIRST)
    office._load_past(1, SMALL, 2022, 10 * WAN)
    office._issue_some(FIRST, None)


def _nobody_has_confirmed_who_pays(office: Disorder) -> None:
    office._register((1, SMALL, NEW, MARCH))
    office._compute(FIRST)
    office._confirm(1, False)
    office._issue_some(FIRST, None)
    office._confirm(1, True)
    office._issue_some(FIRST, None)


def _years_out_of_order(office: Disorder) -> None:
    office._register((1, GIANT, NEW, AUTUMN))
    office._register((1, NATIONAL_GIANT, NEW, SEPTEMBER))
    office._compute(FIRST)
    office._compute(LAST_YEAR)
    office._compute(FIRST)


def _voided_here_and_awarded_there(office: Disorder) -> None:
    office._register((1, SMALL, NEW, MARCH))
    for where in (FIRST, SECOND, FIRST, SECOND):
        office._compute(where)
        office._issue_some(where, None)
        [number] = [number for number, award in office.paper.awards.items() if award.state == "issued"]
        office._void(number)


def _the_list_of_before_still_has_what_was_awarded_elsewhere(office: Disorder) -> None:
    office._register((1, SMALL, NEW, MARCH))
    office._register((2, GIANT, AGAIN, MARCH))
    office._compute(FIRST)
    office._issue_some(FIRST, ["361123-2024-00001"])
    office._void("361123-2024-00001")
    office._compute(SECOND)
    office._decide("361123-2024-00002", "again", True)


def _the_tax_moves_and_comes_back(office: Disorder) -> None:
    office._register((1, SMALL, NEW, MARCH))
    office._move_tax(1, ((ZONE, 1), (YUSHAN, 1)))
    office._compute(FIRST)
    for shares in (((ZONE, 1),), ((ZONE, 1), (YUSHAN, 1))):
        office._move_tax(1, shares)
    office._issue_some(FIRST, None)


def _what_no_treasury_would_pay_is_not_waited_for(office: Disorder) -> None:
    office._move_tax(1, ((YUSHAN, 1), (ZONE, 2)))
    office._register((1, GIANT, REVIEW, SPRING))
    office._register((1, NATIONAL_GIANT, NEW, MARCH))
    office._compute(FIRST)


def _what_was_decided_once_is_not_asked_again(office: Disorder) -> None:
    office._load_past(1, SMALL, 2022, 10 * WAN)
    office._register((1, SMALL, NEW, SEPTEMBER))
    office._compute(FIRST)
    office._decide("361123-2024-00001", "rewarded_before", True)
    office._register((1, SMALL, NEW, MARCH))
    office._compute(FIRST)
    office._decide("361123-2024-00001", "rewarded_before", True)  # the second one of the list is new, 历史 is not


def _the_highest_is_what_would_be_paid(office: Disorder) -> None:
    office._move_tax(1, ((YUSHAN, 1), (ZONE, 1)))
    office._register((1, GIANT, NEW, AUTUMN))
    office._compute(LAST_YEAR)
    office._issue_some(LAST_YEAR, None)
    office._register((1, NATIONAL_GIANT, NEW, MARCH))  # of its share 玉山县 has paid all last year
    office._register((1, CHAMPION, NEW, MARCH))
    office._compute(FIRST, Chosen(ladder="difference", several_titles="highest"))


def _the_county_binds_its_own_treasury(office: Disorder) -> None:
    office._register((1, NATIONAL_GIANT, REVIEW, MARCH))
    office._register((1, CHAMPION, NEW, MARCH))
    office._move_tax(1, ((YUSHAN, 1), (ZONE, 99)))
    office._compute(FIRST)


def _what_is_left_counts(office: Disorder) -> None:
    office._register((1, GIANT, NEW, AUTUMN))
    office._compute(LAST_YEAR)
    office._issue_some(LAST_YEAR, None)
    for paper in (*PAPERS, CITY_PAPER):
        office._move("361123-2023-00001", (OURS, YUSHAN), "voided", 4 * WAN, paper)
    office._register((1, NATIONAL_GIANT, NEW, MARCH))
    office._compute(FIRST)


def _one_treasury_pays_as_both(office: Disorder) -> None:
    office._register((1, NATIONAL_GIANT, NEW, MARCH))
    office._move_tax(1, ((CITY, 1), (YUSHAN, 1)))
    office._compute(FIRST)
    office._issue_some(FIRST, None)
    for target in ((OURS, CITY), (THEIRS, CITY)):
        office._arrive("361123-2024-00001", target)
        office._move("361123-2024-00001", target, "paid", 5 * WAN)


STRICT = Chosen(
    ladder="difference", several_titles="highest", re_review="yes", amounts=((*CHAMPION, 15 * WAN), (*SMALL, 12 * WAN))
)
NOT_BEFORE = Chosen(ladder="difference", re_review="yes", before_issued="no")
EDGES = {
    "下达过的算在前": (_issued_ones_compete, Chosen()),
    "过时的不下达": (_nothing_goes_out_stale, Chosen()),
    "受益财政没确认": (_nobody_has_confirmed_who_pays, Chosen()),
    "年度先后颠倒": (_years_out_of_order, STRICT),
    "两批之间作废重办": (_voided_here_and_awarded_there, Chosen()),
    "一批的名单里还有另一批办的": (_the_list_of_before_still_has_what_was_awarded_elsewhere, Chosen()),
    "受益财政改走又改回": (_the_tax_moves_and_comes_back, Chosen()),
    "没有一个财政会付的不等": (_what_no_treasury_would_pay_is_not_waited_for, NOT_BEFORE),
    "决定过的不再问": (_what_was_decided_once_is_not_asked_again, Chosen()),
    "就高看实际应付": (_the_highest_is_what_would_be_paid, Chosen()),
    "县里的口径和标准": (_the_county_binds_its_own_treasury, STRICT),
    "核减以后": (_what_is_left_counts, STRICT),
    "同一财政两重身份": (_one_treasury_pays_as_both, Chosen()),
}


class _Compared(Disorder):
    """One whose book is compared after each deed."""

    def deed(self, on_paper: Callable[[Paper], Any], in_book: Callable[[Any], Any], person: str = "戊") -> None:
        super().deed(on_paper, in_book, person)
        self.agree()


def play_edge(template: Path, name: str) -> None:
    """A short history in which the order matters."""
    happens, chosen = EDGES[name]
    office = type("Short", (_Compared,), {"template": template})()
    office.start(staffed=False, chosen=chosen, known=[])
    try:
        happens(office)
    finally:
        office.teardown()


@pytest.mark.parametrize("name", EDGES)
def test_book_and_paper_agree_where_the_order_matters(disorder: type[Disorder], name: str) -> None:
    play_edge(disorder.template, name)


@pytest.fixture(scope="module")
def disorder(tmp_path_factory: pytest.TempPathFactory) -> type[Disorder]:
    return type("Yushan", (Disorder,), {"template": template(tmp_path_factory.mktemp("样"))})


def test_in_whatever_order_things_happen_book_and_paper_agree(disorder: type[Disorder]) -> None:
    play(disorder, 5)


@pytest.mark.release
@pytest.mark.timeout(7200)
def test_four_hundred_offices_in_disorder(disorder: type[Disorder]) -> None:
    play(disorder, 400)
