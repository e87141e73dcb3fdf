"""What papers and sheets say is left of a grant: what was revoked, written off or never owed asks nobody for anything."""

import json
import uuid
from datetime import date

import pytest
from old_kit import make_old
from openpyxl import load_workbook
from pypdf import PdfReader

from zjtx_desktop import cli
from zjtx_desktop.domain.choices import CountyAmount
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import Balance, EntryKind
from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import awards, ledger, letters, organisations, past_awards, payees, process, rounds, submissions
from zjtx_desktop.usecases.approvals import write_approvals
from zjtx_desktop.usecases.award_statement import statement_rows, write_statement
from zjtx_desktop.usecases.basis import basis_items
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.dossier import dossier
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.overview import overview
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.usecases.printouts import write_basis_of
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.standings import part_lines
from zjtx_desktop.usecases.year_end import year_end
from zjtx_desktop.usecases.year_end_list import write_year_end
from zjtx_desktop.values import ZERO, Money

DAY, LATER = date(2024, 12, 2), date(2024, 12, 20)
WAN = 1_000_000
TEN, TWENTY, THIRTY = Money(10 * WAN), Money(20 * WAN), Money(30 * WAN)
ONE, NINE = Money(WAN), Money(9 * WAN)
REVOKED = Words(LATER, "原认定部门撤销认定", "赣工信〔2025〕9号")
MOVED = ("核定合计", "核减", "已拨付", "已追回", "余额", "尚需市级资金")


def compute(book, issue=True, amounts=(), **switches):
    with book.action("测算", "张三") as session:
        pack, choices = rounds.basis_for(session, 2024)
        bases = dict.fromkeys(switches, "县办抄告单")
        round_id = rounds.prepare(session, 2024, pack, choices.changed(pack, switches, amounts, bases)).round.id
        if issue:
            letters.issue(session, round_id, DAY)
    return round_id


def compute_second(session):
    """A second round of the year, of what was registered since."""
    pack, choices = rounds.basis_for(session, 2024, "第二批")
    return rounds.prepare(session, 2024, pack, choices, name="第二批")


def lines(book, round_id):
    with book.reading() as session:
        return awards.award_lines(session, round_id)


def order(part, amount):
    return PaymentOrder(part.id, amount, LATER, "饶财〔2024〕8号", uuid.uuid4().hex, "市级批复少于申请", same_voucher=True)  # a city paper allows less than the floor


def act(book, deed, *given):
    with book.action("台账", "张三") as session:
        return deed(session, *given)


def part(book, round_id, payer):
    with book.reading() as session:
        return next(one for one in part_lines(session, round_id) if one.payer is payer)


def pay(book, round_id, amount, payer=Payer.BENEFICIARY):
    act(book, ledger.pay, order(part(book, round_id, payer), amount))


def arrive(book, round_id, amount):
    for kind in (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED):
        act(book, ledger.follow, order(part(book, round_id, Payer.MUNICIPAL), amount), kind)


def revoke(book, round_id):
    act(book, ledger.revoke, lines(book, round_id)[0].number, REVOKED, uuid.uuid4().hex)


def exported(book, path):
    with book.action("导出", "张三") as session:
        written = submissions.send(session, rounds.find_round(session, 2024), path, LATER, "张三")
    return written, load_workbook(path, data_only=True)


def detail(workbook):
    rows = list(workbook["明细表"].iter_rows(values_only=True))
    heads = rows[3]
    return [dict(zip(heads, row, strict=True)) for row in rows[4:] if isinstance(row[0], int)]


def moved(row):
    return tuple(row[name] for name in MOVED)


def printed(write, path):
    write(path)
    return "".join("".join(page.extract_text().split()) for page in PdfReader(path).pages)


# -- 20: an award with only a municipal part


def make_difference(book, recognise):
    """补差: the province's 10 万 of the year before is taken off the county's part, all of it."""
    recognise()
    with book.action("历史", "张三") as session:
        past_awards.register(session, 1, PastAwardForm("little_giant", Level.PROVINCIAL, 2023, TEN, ZERO, "玉财企〔2023〕7号"))
    return {"ladder": "difference"}, ()


def make_highest(book, recognise):
    """就高: the county gives its own 15 万 for another title of the year, the city its 20 万 for this one."""
    recognise()
    recognise("示例甲有限公司", "srdi_sme", Level.PROVINCIAL, organisation=1)
    own = CountyAmount("srdi_sme", Level.PROVINCIAL, Money(15 * WAN), "玉府办发〔2024〕1号")
    return {"several_titles": "highest"}, (own,)


@pytest.mark.parametrize("made", [make_difference, make_highest])
def test_an_award_of_the_city_alone_does_not_hold_up_the_report_of_its_round(book, recognise, tmp_path, made):
    switches, amounts = made(book, recognise)
    round_id = compute(book, amounts=amounts, **switches)
    (alone,) = (line for line in lines(book, round_id) if not line.paid_by(Payer.BENEFICIARY) and line.parts)
    assert alone.total == TWENTY
    _, workbook = exported(book, tmp_path / "报送表.xlsx")
    (row,) = (row for row in detail(workbook) if row["奖补编号"] == alone.number)
    assert (row["受益财政"], row["受益财政奖励"], row["市级财政奖励"], row["尚需市级资金"]) == (None, 0, 200_000, 200_000)


# -- 22: what is not owed is said


@pytest.mark.parametrize("made", [make_difference, make_highest])
def test_the_explanation_of_an_award_without_county_money_ends_with_that(book, recognise, made):
    switches, amounts = made(book, recognise)
    round_id = compute(book, issue=False, amounts=amounts, **switches)
    (alone,) = (line for line in lines(book, round_id) if not line.paid_by(Payer.BENEFICIARY) and line.parts)
    assert "受益财政部分应付 0 元（标准 10 万元，扣减 10 万元）。" in alone.reasons
    standard = next(place for place, reason in enumerate(alone.reasons) if "按 10 万元奖励" in reason)
    assert alone.reasons.index("受益财政部分应付 0 元（标准 10 万元，扣减 10 万元）。") > standard


def test_a_reduced_amount_is_said_and_a_whole_one_is_not_said_twice(book, recognise):
    recognise()
    recognise("示例乙有限公司")
    with book.action("历史", "张三") as session:
        past_awards.register(session, 1, PastAwardForm("little_giant", Level.PROVINCIAL, 2023, Money(4 * WAN), ZERO, "凭证1"))
    less, whole = lines(book, compute(book, issue=False, ladder="difference"))
    assert less.reasons[-1] == "受益财政部分应付 60,000.00 元（标准 10 万元，扣减 4 万元）。"
    assert not any("应付" in reason for reason in whole.reasons)


def said_by_compute(book, capsys, *more):
    path = book.path
    book.close()
    assert cli.run(["compute", str(path), "--year", "2024", "--by", "张三", *more]) == 0
    return capsys.readouterr().out


def test_compute_says_no_award_of_one_that_was_taken_out(book, recognise, capsys):
    recognise()
    (line,) = lines(book, compute(book, issue=False))
    act(book, process.advance, [line.number], Event.EXCLUDE, Words(DAY, "企业放弃奖励"))
    said = said_by_compute(book, capsys)
    assert f"{line.number} 不予奖励（登记为不予奖励）— 示例甲有限公司" in said
    assert "300,000.00" not in said and "奖励 0 笔，受益财政 0.00 元" in said


def test_compute_tells_where_an_award_stands_and_as_json_what_is_left_of_it(book, recognise, capsys):
    recognise()
    round_id = compute(book)
    revoke(book, round_id)
    path = book.path
    said = said_by_compute(book, capsys)
    assert "奖励 300,000.00 元（撤销认定，追回中） 示例甲有限公司" in said
    with Book(path) as again:
        (found,) = json.loads(said_by_compute(again, capsys, "--json"))["awards"]
    assert found["balance"] == {
        "granted_fen": THIRTY.fen, "written_off_fen": THIRTY.fen, "paid_fen": 0, "recovered_fen": 0, "left_fen": 0, "to_come_fen": 0,
    }  # fmt: skip


def test_the_statement_tells_what_is_issued_from_what_is_not_yet(book, recognise, tmp_path):
    recognise()
    round_id = compute(book)
    pay(book, round_id, ONE)
    recognise("示例甲有限公司", "srdi_sme", Level.PROVINCIAL, organisation=1)
    act(book, compute_second)
    with book.action("历史", "张三") as session:
        past_awards.register(session, 1, PastAwardForm("srdi_sme", Level.PROVINCIAL, 2021, TEN, ZERO, "玉财企〔2021〕7号"))
    with book.reading() as session:
        text = printed(lambda path: write_statement(session, 1, path, LATER), tmp_path / "情况表.pdf")
    assert "其中：已下达1笔100,000.00200,000.00300,000.000.0010,000.000.00290,000.00" in text
    assert "其中：未下达1笔100,000.000.00100,000.000.000.000.00100,000.00" in text
    assert "其中：历史1笔100,000.000.00100,000.000.00100,000.000.000.00" in text
    assert "合计（不含作废和不予奖励）3笔300,000.00200,000.00500,000.000.00110,000.000.00390,000.00" in text
    assert "未下达的（草稿和办理中）分开小计" in text


# -- 21: what became of the money, on every paper


def test_an_award_revoked_before_money_moved_asks_the_city_for_nothing(book, recognise, tmp_path):
    recognise()
    round_id = compute(book)
    before, workbook = exported(book, tmp_path / "前.xlsx")
    assert (before.municipal, before.to_come) == (TWENTY, TWENTY)
    assert moved(detail(workbook)[0]) == (300_000, 0, 0, 0, 300_000, 200_000)
    revoke(book, round_id)
    after, workbook = exported(book, tmp_path / "后.xlsx")
    assert (after.municipal, after.to_come) == (TWENTY, ZERO)
    (row,) = detail(workbook)
    assert moved(row) == (300_000, 300_000, 0, 0, 0, 0)
    assert row["状态"] == "撤销认定，追回中"
    total = next(one for one in workbook["汇总表"].iter_rows(values_only=True) if one[0] == "合计")
    assert total[4:] == (1, 100_000, 200_000, 300_000, 300_000, 0, 0, 0, 0)


def test_what_has_arrived_from_the_city_is_not_asked_for_again(book, recognise, tmp_path):
    recognise()
    round_id = compute(book)
    arrive(book, round_id, Money(15 * WAN))
    written, _ = exported(book, tmp_path / "一.xlsx")
    assert written.to_come == Money(5 * WAN)
    pay(book, round_id, Money(15 * WAN), Payer.MUNICIPAL)
    act(book, ledger.write_off, order(part(book, round_id, Payer.MUNICIPAL), Money(5 * WAN)))
    written, workbook = exported(book, tmp_path / "二.xlsx")
    assert written.to_come == ZERO
    assert moved(detail(workbook)[0]) == (300_000, 50_000, 150_000, 0, 100_000, 0)


@pytest.fixture
def written_off(book, recognise):
    """A provincial award of 10 万 of which 1 万 was paid and the rest written off: its state is 已拨付."""
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    round_id = compute(book)
    pay(book, round_id, ONE)
    act(book, ledger.write_off, order(part(book, round_id, Payer.BENEFICIARY), NINE))
    return round_id


def test_the_statement_says_what_was_paid_and_not_what_was_granted(book, written_off, tmp_path):
    with book.reading() as session:
        (row,) = statement_rows(dossier(session, 1))
        text = printed(lambda path: write_statement(session, 1, path, LATER), tmp_path / "情况表.pdf")
    assert row[3:11] == ("已拨付", "100,000.00", "0.00", "100,000.00", "90,000.00", "10,000.00", "0.00", "0.00")
    assert "其中：已下达1笔100,000.000.00100,000.0090,000.0010,000.000.000.00" in text


def test_the_approval_form_has_the_figures_once_letters_are_out(book, written_off, tmp_path):
    with book.reading() as session:
        text = printed(lambda path: write_approvals(session, written_off, path, LATER), tmp_path / "审批表.pdf")
    assert "合计1笔100,000.000.0090,000.0010,000.000.000.00" in text
    for heading in ("核减", "已拨付", "已追回", "余额"):
        assert heading in text


def test_the_list_of_what_is_unfinished_shows_what_is_left_of_each_part(book, recognise, tmp_path):
    recognise()
    round_id = compute(book)
    pay(book, round_id, ONE)
    act(book, ledger.write_off, order(part(book, round_id, Payer.BENEFICIARY), Money(2 * WAN)))
    with book.reading() as session:
        ours, city = sorted(year_end(session, 2024).lines, key=lambda line: line.amount)
        text = printed(lambda path: write_year_end(session, 2024, path, LATER), tmp_path / "清单.pdf")
    left = Money(7 * WAN)
    assert (ours.amount, ours.balance) == (left, Balance(TEN, Money(2 * WAN), ONE, ZERO, left, ZERO))
    assert (city.amount, city.balance) == (TWENTY, Balance(TWENTY, left=TWENTY, to_come=TWENTY))
    assert "合计1笔300,000.0020,000.0010,000.000.00270,000.00270,000.00" in text


def test_the_payee_list_shows_what_was_paid_of_each_part_before(book, recognise, tmp_path):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    round_id = compute(book)
    pay(book, round_id, ONE)
    with book.action("账户", "张三") as session:
        form = organisations.get(session, 1)
        account = {"payee_bank": "示例银行", "payee_account": "360012345678"}
        organisations.change(session, 1, OrganisationForm(**({name: getattr(form, name) for name in form.__slots__} | account)))
    ours = part(book, round_id, Payer.BENEFICIARY)
    with book.reading() as session:
        assert payees.write_payee_list(session, (ours.id,), "收款人清单", tmp_path / "清单.xlsx", LATER) == (1, NINE)
    sheet = load_workbook(tmp_path / "清单.xlsx", data_only=True).active
    names = [cell.value for cell in sheet[3]]
    for row in (4, 5):
        shown = {name: sheet.cell(row, names.index(name) + 1).value for name in ("金额（元）", "核定", "核减", "已拨付", "已追回", "余额")}
        assert list(shown.values()) == [90_000, 100_000, 0, 10_000, 0, 90_000]
    assert sheet["G4"].value == "玉山县（受益财政）"


def test_the_home_page_tells_granted_from_paid_and_written_off_by_treasury(book, recognise):
    recognise()
    round_id = compute(book)
    pay(book, round_id, ONE)
    act(book, ledger.write_off, order(part(book, round_id, Payer.BENEFICIARY), Money(2 * WAN)))
    with book.reading() as session:
        found = {line.treasury: line for line in overview(session, 2024, LATER).treasuries}
    assert found["玉山县"].issued == Balance(TEN, Money(2 * WAN), ONE, ZERO, Money(7 * WAN))
    assert found["上饶市本级"].issued == Balance(TWENTY, left=TWENTY)
    assert found["玉山县"].beneficiary == TEN


def test_what_was_claimed_back_is_shown_beside_what_was_paid(book, recognise, tmp_path):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    round_id = compute(book)
    pay(book, round_id, Money(6 * WAN))
    revoke(book, round_id)
    (line,) = lines(book, round_id)
    act(book, ledger.recover, line.number, Money(2 * WAN), LATER, "缴款书1", uuid.uuid4().hex)
    (line,) = lines(book, round_id)
    assert line.state is AwardState.REVOKED
    assert line.balance == Balance(TEN, Money(4 * WAN), Money(6 * WAN), Money(2 * WAN), ZERO, ZERO)
    _, workbook = exported(book, tmp_path / "报.xlsx")
    assert moved(detail(workbook)[0]) == (100_000, 40_000, 60_000, 20_000, 0, 0)
    assert check(book) == []


def test_a_payment_that_came_back_is_left_again(book, recognise):
    recognise(title="srdi_sme", level=Level.PROVINCIAL)
    round_id = compute(book)
    pay(book, round_id, TEN)
    act(book, ledger.returned, order(part(book, round_id, Payer.BENEFICIARY), Money(3 * WAN)))
    (line,) = lines(book, round_id)
    assert line.balance == Balance(TEN, ZERO, Money(7 * WAN), ZERO, Money(3 * WAN), ZERO)


@pytest.mark.parametrize("way", ["draft", "voided", "excluded", "before the ledger"])
def test_what_never_moved_has_its_figures_as_well(book, recognise, way):
    recognise()
    if way == "before the ledger":
        round_id = compute(book)
        make_old(book, without=("award_step", "ledger_entry"))
    else:
        round_id = compute(book, issue=way == "voided")
    (line,) = lines(book, round_id)
    if way == "voided":
        act(book, awards.void, line.number, "有误", LATER)
    if way == "excluded":
        act(book, process.advance, [line.number], Event.EXCLUDE, Words(DAY, "企业放弃奖励"))
    (line,) = lines(book, round_id)
    gone = way in ("voided", "excluded")
    kept = ZERO if gone else THIRTY
    assert line.balance == Balance(THIRTY, THIRTY if gone else ZERO, ZERO, ZERO, kept, ZERO if gone else TWENTY)
    assert awards.balance_of((line,)) == (Balance() if gone else line.balance)


def test_the_reasons_on_paper_say_what_became_of_the_award_since(book, recognise, tmp_path):
    recognise()
    round_id = compute(book)
    with book.reading() as session:
        (item,) = basis_items(session, round_id)
    assert item.verdict == "奖励"
    pay(book, round_id, ONE)
    revoke(book, round_id)
    with book.reading() as session:
        text = printed(lambda path: write_basis_of(session, round_id, path, LATER), tmp_path / "依据.pdf")
    assert "奖励（撤销认定，追回中）核减290,000.00元，已拨付10,000.00元，余额0.00元" in text
