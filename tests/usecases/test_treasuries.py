"""Whose money: treasuries that nobody confirmed, write-offs under the floor, what was really paid, amounts per county."""

from datetime import date
from uuid import uuid4

import pytest
from process_kit import CLERK, do, prepare_payee, publish, staff
from sqlmodel import select

from zjtx_desktop.domain.choices import CountyAmount
from zjtx_desktop.domain.entitlement import Payer, Verdict
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import awards, ledger, letters, office, organisations, recognitions, rounds, submissions, treasuries
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.usecases.standings import parts_of
from zjtx_desktop.values import Division, Money, Share

YUSHAN, ZONE, DEXING, CITY = Division("361123"), Division("361191"), Division("361181"), Division("361199")
DAY = date(2024, 12, 2)
NUMBER = "361123-2024-00001"


def compute(book, year=2024, amounts=(), county=None, **switches):
    with book.action("测算", CLERK) as session:
        pack, choices = rounds.basis_for(session, year)
        bases = dict.fromkeys(switches, "玉府办发〔2024〕3号")
        return rounds.prepare(session, year, pack, choices.changed(pack, switches, amounts, bases, county=county))


def listed(book, year=2024):
    with book.reading() as session:
        return awards.award_lines(session, rounds.find_round(session, year).id)


def issue(book, year=2024):
    with book.action("下达", CLERK) as session:
        return letters.issue(session, rounds.find_round(session, year).id, DAY)


def from_a_list(book, organisation=1):
    """As an import leaves it: the treasury from 所属地区, confirmed by nobody."""
    with book.action("导入", CLERK) as session:
        row = session.exec(select(tables.Beneficiary).where(tables.Beneficiary.organisation_id == organisation)).one()
        row.confirmed, row.evidence, row.confirmed_by = False, "名单“所属地区”列", None
        session.add(row)


def test_official_papers_wait_until_a_person_confirms_the_treasury(book, recognise, tmp_path):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    from_a_list(book)
    compute(book)
    [line] = listed(book)
    assert line.verdict is Verdict.AWARD and any("还没有人确认" in text for text in line.warnings)
    with pytest.raises(Refused, match="受益财政（玉山县，来自名单“所属地区”列）还没有确认，不能下达"):
        issue(book)
    with pytest.raises(Refused, match="还没有确认，不能报送"), book.action("导出", CLERK) as session:
        submissions.send(session, rounds.find_round(session, 2024), tmp_path / "报送.xlsx", DAY, CLERK)
    with pytest.raises(Refused, match="没有写明依据"), book.action("确认", CLERK) as session:
        treasuries.confirm(session, [1], " ", DAY)
    with book.action("确认", CLERK) as session:
        assert treasuries.confirm(session, [1], "玉山县税务局证明 2024-11-30", DAY) == 1
        assert treasuries.unconfirmed(session) == ()
    compute(book)
    assert listed(book)[0].warnings == ("“示例甲有限公司”没有登记统一社会信用代码，请补充。",)
    assert [one.number for one in issue(book)]
    with book.reading() as session:
        row = session.get_one(tables.Beneficiary, 1)
        assert (row.evidence, row.confirmed_by, row.confirmed_on) == ("玉山县税务局证明 2024-11-30", CLERK, DAY)


def test_many_are_confirmed_at_once_and_those_confirmed_before_stay(book, recognise):
    for name in ("示例甲有限公司", "示例乙有限公司", "示例丙有限公司"):
        recognise(name, title="srdi_sme", level=Level.PROVINCIAL)
    from_a_list(book, 1)
    from_a_list(book, 3)
    with book.action("确认", CLERK) as session:
        assert [one.organisation for one in treasuries.unconfirmed(session)] == ["示例丙有限公司", "示例甲有限公司"]
        assert treasuries.confirm(session, [1, 2, 3], "税务局清单（示例）", DAY) == 2
        assert session.get_one(tables.Beneficiary, 2).evidence == "税务证明（示例）"


def test_saving_an_organisation_as_it_was_confirms_nothing(book, recognise):
    recognise()
    from_a_list(book)
    with book.action("改电话", CLERK) as session:
        form = organisations.get(session, 1)
        fields = {name: getattr(form, name) for name in form.__dataclass_fields__}
        organisations.change(session, 1, OrganisationForm(**fields | {"phone": "0793-0000000"}))
        assert len(treasuries.unconfirmed(session)) == 1
        organisations.change(session, 1, OrganisationForm(**fields | {"shares_evidence": "税务局证明（示例）"}))
        assert treasuries.unconfirmed(session) == ()


def write_off(book, fen, paper, part=0):
    with book.action("核减", CLERK) as session:
        line = parts_of(session, 1)[part]
        return ledger.write_off(session, PaymentOrder(line.id, Money(fen), DAY, paper, str(uuid4()), "部分款项不付"))


@pytest.mark.parametrize("paper", ["玉财字〔2024〕8号", "县长批示", "饶经开发〔2024〕2号"])
def test_a_write_off_below_the_floor_needs_a_document_of_the_city(book, recognise, paper):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    compute(book)
    issue(book)
    with pytest.raises(Refused, match="核减以后受益财政合计 60,000.00 元，低于文件的下限 100,000.00 元（饶府办发〔2023〕12号第一条第（九）项），不能核减"):
        write_off(book, 4_000_000, paper)
    assert write_off(book, 4_000_000, "饶财字〔2024〕8号").standing.payable == Money(6_000_000)


def test_what_a_county_gives_above_the_floor_may_be_written_off_by_itself(book, recognise):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    compute(book, amounts=[CountyAmount("srdi_sme", Level.PROVINCIAL, Money(15_000_000), "玉府办发〔2024〕1号")])
    issue(book)
    assert write_off(book, 5_000_000, "玉府办发〔2024〕9号").standing.payable == Money(10_000_000)
    with pytest.raises(Refused, match="低于文件的下限"):
        write_off(book, 1, "玉府办发〔2024〕9号")


def test_next_year_only_what_was_really_paid_is_deducted(book, recognise):
    recognise(title="little_giant", level=Level.PROVINCIAL, on=date(2023, 11, 6))
    compute(book, 2023)
    issue(book, 2023)
    write_off(book, 4_000_000, "饶财字〔2024〕8号")
    recognise(organisation=1)
    compute(book, 2024, ladder="difference")
    [line] = listed(book, 2024)
    assert (line.paid_by(Payer.BENEFICIARY).wan, line.paid_by(Payer.MUNICIPAL).wan) == ("4", "20")
    assert any("低于文件的下限 100,000.00 元" in text for text in line.warnings)


def test_what_was_recovered_no_longer_counts_as_paid(book, recognise):
    recognise(title="little_giant", level=Level.PROVINCIAL, on=date(2023, 11, 6))
    compute(book, 2023)
    issue(book, 2023)
    with book.action("撤销", CLERK) as session:
        ledger.revoke(session, "361123-2023-00001", ledger.Words(DAY, "认定被撤销", "撤销文件（示例）"), str(uuid4()))
    recognise(organisation=1)
    compute(book, 2024, ladder="difference")
    assert listed(book, 2024)[0].paid_by(Payer.BENEFICIARY).wan == "10"


def test_a_countys_own_amount_does_not_charge_the_other_treasury(book, recognise):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    with book.action("改受益财政", CLERK) as session:
        form = organisations.get(session, 1)
        fields = {name: getattr(form, name) for name in form.__dataclass_fields__}
        shared = {"shares": (Share(YUSHAN, 1), Share(ZONE, 99)), "shares_evidence": "税务证明（示例）"}
        organisations.change(session, 1, OrganisationForm(**fields | shared))
    compute(book, amounts=[CountyAmount("srdi_sme", Level.PROVINCIAL, Money(15_000_000), "玉府办发〔2024〕1号")])
    [line] = listed(book)
    assert {part.treasury: part.amount.yuan for part in line.parts} == {YUSHAN: "1500.00", ZONE: "99000.00"}
    with_zone = CountyAmount("srdi_sme", Level.PROVINCIAL, Money(12_000_000), "饶经开发〔2024〕2号", ZONE)
    compute(book, amounts=[with_zone])
    assert {part.treasury: part.amount.yuan for part in listed(book)[0].parts} == {YUSHAN: "1500.00", ZONE: "118800.00"}


def test_in_the_books_of_the_city_every_county_pays_by_its_own_amount_and_choice(tmp_path):
    with Book.create(tmp_path / "市.zjtx") as book:
        with book.action("建账", CLERK) as session:
            office.set_up(session, CITY, "上饶市财政局")
            for name, division in (("示例甲有限公司", YUSHAN), ("示例乙有限公司", DEXING)):
                form = OrganisationForm(name=name, shares=(Share(division, 1),), shares_evidence="税务证明（示例）")
                owner = organisations.register(session, form)
                known = {"document_date": DAY, "label_year": 2024, "document_number": "示例〔2024〕1号"}
                recognitions.register(session, RecognitionForm(owner, "srdi_sme", Level.PROVINCIAL, Kind.REVIEW, name, **known))
        amount = CountyAmount("srdi_sme", Level.PROVINCIAL, Money(15_000_000), "玉府办发〔2024〕1号", YUSHAN)
        compute(book, amounts=[amount], county=YUSHAN, re_review="yes")
        assert [(line.verdict, line.total.wan) for line in listed(book)] == [(Verdict.AWARD, "15"), (Verdict.NONE, "0")]


def test_the_ledger_of_a_part_keeps_its_floor_whatever_is_entered_before(book, recognise):
    recognise()
    compute(book)
    issue(book)
    with pytest.raises(Refused, match="低于文件的下限"):
        write_off(book, 1, "玉财字〔2024〕8号")
    city = write_off(book, 5_000_000, "饶工信字〔2024〕8号", part=1)  # the city's own part
    assert (city.payer, city.standing.sums[EntryKind.VOIDED]) == (Payer.MUNICIPAL, Money(5_000_000))


def test_public_notice_waits_for_the_confirmation_and_takes_it_into_the_award(book, recognise):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    from_a_list(book)
    round_id = compute(book).round.id
    staff(book)
    prepare_payee(book, NUMBER)
    for event in (Event.EXAMINE, Event.REVIEW):
        assert [one.why for one in do(book, event, NUMBER)] == [""]
    [refused], [waived] = publish(book, round_id, NUMBER), do(book, Event.WAIVE, NUMBER)
    for one in (refused, waived):
        assert "还没有确认，不能公示" in one.why
    with book.action("确认", CLERK) as session:
        treasuries.confirm(session, [1], "玉山县税务局证明 2024-11-30", DAY)
    [line] = listed(book)
    assert (line.facts.shares_basis, line.facts.shares_confirmed) == ("玉山县税务局证明 2024-11-30", True)
    assert not any("还没有人确认" in text for text in line.warnings)
    assert [one.why for one in publish(book, round_id, NUMBER)] == [""]
