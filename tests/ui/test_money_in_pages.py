"""What became of each grant, on the pages: revoked, written off and paid, and the two parts of one treasury apart."""

import os
import uuid
from datetime import date
from pathlib import Path

import pytest
import round_kit as kit
from pypdf import PdfReader

from ui.open_book import OpenBook
from ui.pages.home_view import HomeView
from ui.pages.organisation_words import detail_of as organisation_detail
from ui.pages.payments import PaymentsPage
from ui.pages.rounds import RoundsPage
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import ledger, rounds, standings
from zjtx_desktop.usecases.dossier import dossier
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.overview import overview
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.values import Money

LATER = date(2024, 12, 20)
CITY = "361199"
FIGURES = ("written_off", "paid", "recovered", "left")


@pytest.fixture
def book(tmp_path):
    """The issued round of the kit; the first organisation's beneficiary is the city itself, whose 10 万 are revoked
    after a tenth was paid; of the second provincial award 2 万 are written off and 3 万 paid.
    """
    with kit.empty_book(tmp_path / "玉山县.zjtx") as made:
        kit.fill(made)
        with made.action("受益财政", "张三") as session:
            row = session.get_one(tables.Beneficiary, 1)
            row.division = CITY
            session.add(row)
        with made.action("测算", "张三") as session:
            pack, choices = rounds.basis_for(session, 2024)
            round_id = rounds.prepare(session, 2024, pack, choices, every_division=True).round.id
        kit.issue(made, round_id)
        with made.action("拨付", "张三") as session:
            parts = standings.part_lines(session, round_id)
            ledger.pay(session, order(parts[0], 1))
            ledger.revoke(session, parts[0].award_number, Words(LATER, "撤销认定", "赣工信〔2025〕9号"), "撤销1")
            other = next(part for part in parts if part.award_number != parts[0].award_number and not part.sent)
            ledger.pay(session, order(other, 3))
            ledger.write_off(session, order(other, 2))
        yield made


def order(part, wan):
    return PaymentOrder(part.id, Money(wan * 1_000_000), LATER, "饶财〔2024〕8号", uuid.uuid4().hex, "测试", same_voucher=True)


def cells(page, row, *keys):
    model = page.pane.model
    places = [next(n for n, column in enumerate(model.columns) if column.key == key) for key in keys]
    return tuple(model.text(row, place) for place in places)


def keep(widget, name):
    """The picture of a page, where somebody wants to look at it."""
    if folder := os.environ.get("ZJTX_PICTURES"):
        widget.grab().save(str(Path(folder) / f"{name}.png"))


def test_the_two_parts_of_the_city_are_told_apart_on_the_page_of_payments(shown, book, jobs, settings):
    page = shown(PaymentsPage(OpenBook(book, jobs, "张三"), settings), 1366, 680)
    keep(page, "拨付")
    assert cells(page, 0, "treasury", "payer", "granted", *FIGURES) == (
        "上饶市本级", "受益财政", "100,000.00", "90,000.00", "10,000.00", "0.00", "0.00",
    )  # fmt: skip
    assert cells(page, 1, "treasury", "payer", "granted", *FIGURES) == (
        "上饶市本级", "市级财政", "200,000.00", "200,000.00", "0.00", "0.00", "0.00",
    )  # fmt: skip
    names = [bar.accessibleName() for bar in page.bars.bars]
    assert len(names) == len(set(names)) and "上饶市本级（受益财政）预算" in names


def test_the_list_and_the_detail_of_awards_show_what_became_of_them(shown, book, jobs, settings):
    page = shown(RoundsPage(OpenBook(book, jobs, "张三"), settings), 1366, 680)
    page.pane.view.go_to(page.pane.model.id_at(0))
    keep(page, "奖补")
    assert cells(page, 0, "total", *FIGURES) == ("300,000.00", "290,000.00", "10,000.00", "0.00", "0.00")
    assert "余额" in page.pane.totals.shown.text()
    told = page.detail.toPlainText()
    for piece in ("资金（元）", "核减", "290,000.00", "已拨付", "尚需市级资金"):
        assert piece in told


def test_the_home_page_and_the_file_of_an_organisation_say_it_in_words(qtbot, book):
    with book.reading() as session:
        seen, held = overview(session, 2024, LATER), dossier(session, 1)
    view = HomeView()
    qtbot.addWidget(view)
    view.resize(1100, 680)
    view.show()
    view.show_overview(seen)
    keep(view, "工作台")
    assert "玉山县核定 " in view.paid.text() and "核减 20,000.00 元，已拨付 30,000.00 元" in view.paid.text()
    told = str(organisation_detail(held))
    assert "核定 300,000.00 元，核减 290,000.00 元，已拨付 10,000.00 元，余额 0.00 元" in told
    assert "上饶市本级（受益财政）" in told and "上饶市本级（市级财政）" in told
    assert EntryKind.VOIDED.label in told


def test_the_list_of_awards_prints_with_these_columns_as_it_stands(shown, book, jobs, settings, tmp_path):
    page = shown(RoundsPage(OpenBook(book, jobs, "张三"), settings), 1366, 680)
    listed = page.lists.listed()
    assert {column.title for column in listed.columns} >= {"核减（元）", "已拨付（元）", "已追回（元）", "余额（元）"}
    page.lists.write(tmp_path / "列表.pdf", listed)
    jobs.settle()
    text = "".join("".join(one.extract_text().split()) for one in PdfReader(tmp_path / "列表.pdf").pages)
    for amount in ("310,000.00", "40,000.00", "350,000.00"):
        assert amount in text
    if folder := os.environ.get("ZJTX_PICTURES"):
        (Path(folder) / "列表.pdf").write_bytes((tmp_path / "列表.pdf").read_bytes())
