"""A voucher is one however it is written; used before it is asked about; a bounced payment is paid again on purpose."""

import uuid
from datetime import date

import process_kit as kit
import pytest

from zjtx_desktop import cli
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import ledger, letters, standings
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.values import Money

K = EntryKind
DAY = date(2024, 12, 20)
WAN = 1_000_000
WRITTEN = ["V1", "V1 ", " V 1", "Ｖ１", "v1", "V\u30001"]


@pytest.fixture
def parts(book, recognise):
    """What the county pays of two awards, one part each."""
    recognise("示例甲有限公司")
    recognise("示例乙有限公司")
    round_id = kit.compute(book)
    with book.action("下达", "张三") as session:
        letters.issue(session, round_id, date(2024, 12, 2))
    with book.reading() as session:
        return [part for part in standings.part_lines(session, round_id) if not part.sent]


def order(part, voucher, wan=1, **more):
    return PaymentOrder(part.id, Money(wan * WAN), DAY, voucher, uuid.uuid4().hex, "测试", **more)


def enter(book, kind, *orders):
    with book.action("台账", "张三") as session:
        return ledger.enter_all(session, kind, orders)


@pytest.mark.parametrize("again", WRITTEN)
def test_a_voucher_used_before_is_refused_by_any_way_of_writing_it_with_what_it_was_used_for(book, parts, again):
    first, second = parts
    enter(book, K.PAID, order(first, "V1"))
    (outcome,) = enter(book, K.PAID, order(second, again))
    told = f"凭证号“V1”2024-12-20 已用于{K.PAID.label} {first.award_number} 示例甲有限公司 10,000.00 元，没有保存。"
    assert told in outcome.why and "请核对凭证号；确实是同一张的，请确认后再登记。" in outcome.why


def test_it_is_taken_once_somebody_says_that_it_is_the_very_one(book, parts):
    first, second = parts
    enter(book, K.PAID, order(first, "V1"))
    (outcome,) = enter(book, K.PAID, order(second, "V1", same_voucher=True))
    assert outcome.is_done and check(book) == []


def test_one_voucher_may_cover_many_payments_of_one_action_and_is_of_one_kind(book, parts):
    first, second = parts
    assert all(one.is_done for one in enter(book, K.PAID, order(first, "V1"), order(second, "V1")))
    assert all(one.is_done for one in enter(book, K.RETURNED, order(first, "V1")))
    assert not any(one.is_done for one in enter(book, K.RETURNED, order(second, "V1")))


def test_every_order_of_a_batch_is_asked_about_by_itself(book, parts):
    first, second = parts
    enter(book, K.PAID, order(first, "V2"))
    used, fresh = enter(book, K.PAID, order(first, "V2"), order(second, "V3"))
    assert used.why and fresh.is_done


def test_what_is_kept_has_no_blanks_around_it_and_no_sign_that_nobody_sees(book, parts):
    enter(book, K.PAID, order(parts[0], " 国库 \u3000 0001 "))
    with book.reading() as session:
        assert ledger.voucher_uses(session, K.PAID, ["国库0001"])[0].startswith("凭证号“国库 0001”")
    with pytest.raises(BadValue, match="凭证号或文号“V1”第 2 个字符是看不见的控制符"):
        order(parts[0], "V\u200b1")


def test_money_paid_back_is_asked_about_too(book, parts):
    first, second = parts
    with book.action("拨付", "张三") as session:
        ledger.enter_all(session, K.PAID, [order(part, f"V{part.id}") for part in parts])
    for part in parts:
        with book.action("撤销", "张三") as session:
            ledger.revoke(session, part.award_number, kit.Words(DAY, "撤销认定", "赣工信〔2025〕9号"), f"r{part.id}")
    given = (Money(WAN), DAY, "缴款书1")
    with book.action("追回", "张三") as session:
        ledger.recover(session, first.award_number, *given, "b1")
    with pytest.raises(Refused, match="缴款书1.*已用于"), book.action("追回", "张三") as session:
        ledger.recover(session, second.award_number, *given, "b2")
    with book.action("追回", "张三") as session:
        ledger.recover(session, second.award_number, *given, "b2", same_voucher=True)
    assert check(book) == []


# the command


@pytest.fixture
def command(capsys, book, parts):
    """Gives `pay` for the first award; the book is closed."""
    book.close()

    def run(*more, voucher="V1", amount="1万", award=0):
        words = ("pay", str(book.path), "--award", parts[award].award_number, "--treasury", "玉山县", "--amount", amount)
        code = cli.run([*words, "--on", "2024-12-20", "--voucher", voucher, "--by", "张三", *more])
        said = capsys.readouterr()
        return code, said.out + said.err

    run.path = book.path
    return run


def paid(path):
    with Book(path) as book, book.reading() as session:
        return [entry.standing.held.fen // WAN for entry in standings.part_lines(session, 1) if not entry.sent]


def bounce(path, part, voucher):
    with Book(path) as book:
        enter(book, K.RETURNED, order(part, voucher))


def test_the_same_command_is_one_entry_with_blanks_around_the_voucher_too_and_says_so(command):
    assert command()[0] == 0
    code, said = command(voucher=" V1 ")
    assert code == 0 and "同样的一笔以前登记过，没有再登记。" in said
    assert paid(command.path) == [1, 0]


def test_another_payment_under_the_same_voucher_needs_the_flag(command):
    command()
    code, said = command(award=1, voucher="Ｖ１")
    assert code == 1 and "凭证号“V1”2024-12-20 已用于" in said and "示例甲有限公司 10,000.00 元" in said
    assert command("--same-voucher", award=1, voucher="Ｖ１")[0] == 0
    assert paid(command.path) == [1, 1]


def test_a_bounced_payment_is_paid_again_once_for_every_return(command, parts):
    command()
    code, said = command("--again")
    assert code == 1 and "其后没有登记退回" in said
    bounce(command.path, parts[0], "退1")
    code, said = command()
    assert "请加 --again" in said and paid(command.path) == [0, 0]
    for _ in range(2):
        assert command("--again")[0] == 0
        assert paid(command.path) == [1, 0]
    bounce(command.path, parts[0], "退2")
    assert command("--again")[0] == 0 and paid(command.path) == [1, 0]
    assert cli.run(["check", str(command.path)]) == 0
