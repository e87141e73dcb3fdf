"""Two copies of one book held against each other: where they part, what each did alone, what was paid in both."""

import json
import shutil
from datetime import date

import pytest

from zjtx_desktop import cli
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.errors import BadFile
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import ledger, letters, office, organisations, rounds
from zjtx_desktop.usecases.two_copies import Movement, compare, compare_files
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.standings import part_lines
from zjtx_desktop.values import Division, Money

YUSHAN = Division("361123")


@pytest.fixture
def copies(book, recognise, tmp_path):
    """A book with two issued awards, and its copy; both closed."""
    recognise("示例甲有限公司")
    recognise("示例乙有限公司")
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
    with book.action("下达拨付通知", "张三") as session:
        letters.issue(session, round_id, date(2024, 12, 2))
    book.close()
    other = tmp_path / "另一份.zjtx"
    shutil.copy(book.path, other)
    return book.path, other


def parts(path):
    """The part of 玉山县 of each award, by organisation."""
    with Book(path) as book, book.reading() as session:
        return {line.organisation: line for line in part_lines(session, 1) if line.payer is Payer.BENEFICIARY}


def pay(path, organisation, yuan, on, voucher, by):
    line = parts(path)[organisation]
    with Book(path) as book, book.action(f"拨付{organisation}", by) as session:
        order = PaymentOrder(line.id, Money(yuan * 100), on, voucher, f"{by}/{voucher}")
        ledger.pay(session, order)
    return line.award_number


def register(path, name, by="张三"):
    with Book(path) as book, book.action(f"登记{name}", by) as session:
        organisations.register(session, OrganisationForm(name=name))


def test_the_same_payment_made_in_both_is_named_with_all_that_is_needed_to_find_it(copies):
    mine, theirs = copies
    number = pay(mine, "示例甲有限公司", 40_000, date(2024, 12, 20), "甲-1", "李四")
    pay(mine, "示例乙有限公司", 30_000, date(2024, 12, 21), "甲-2", "李四")
    pay(theirs, "示例甲有限公司", 50_000, date(2024, 12, 23), "乙-1", "王五")
    found = compare_files(mine, None, theirs, None)
    assert found.is_same_book and found.is_parted
    with Book(mine) as book, book.reading() as session:
        common, title = session.connection().exec_driver_sql("SELECT id, title FROM action WHERE title LIKE '下达%'").one()
    assert (found.common, found.common_title, title) == (common, "下达拨付通知", "下达拨付通知")
    assert [(one.title, one.by_name) for one in found.mine] == [("拨付示例乙有限公司", "李四"), ("拨付示例甲有限公司", "李四")]
    assert [(one.title, one.by_name) for one in found.theirs] == [("拨付示例甲有限公司", "王五")]
    (twice,) = found.twice
    assert (twice.award_number, twice.organisation, twice.payer) == (number, "示例甲有限公司", Payer.BENEFICIARY)
    assert (twice.treasury, twice.kind) == (YUSHAN, EntryKind.PAID)
    assert twice.mine == (Movement(Money(4_000_000), date(2024, 12, 20), "甲-1", "李四"),)
    assert twice.theirs == (Movement(Money(5_000_000), date(2024, 12, 23), "乙-1", "王五"),)
    assert "这一份另办了 2 步，另一份另办了 1 步" in found.sentence and "有 1 处在两份里都登记了拨付" in found.sentence


def test_what_was_paid_before_they_parted_was_paid_once(copies):
    mine, theirs = copies
    pay(mine, "示例甲有限公司", 40_000, date(2024, 12, 20), "甲-1", "李四")
    shutil.copy(mine, theirs)
    register(mine, "丙公司")
    register(theirs, "丁公司")
    found = compare_files(mine, None, theirs, None)
    assert found.is_parted and found.twice == () and "没有一处在两份里都登记了拨付" in found.sentence


def test_copies_of_which_one_only_ends_earlier_have_not_parted(copies):
    mine, theirs = copies
    assert "两份一样" in compare_files(mine, None, theirs, None).sentence
    register(mine, "丙公司")
    ahead, behind = compare_files(mine, None, theirs, None), compare_files(theirs, None, mine, None)
    assert not ahead.is_parted and "这一份在那以后多 1 步" in ahead.sentence
    assert not behind.is_parted and "这一份是较旧的" in behind.sentence
    assert [one.title for one in behind.theirs] == ["登记丙公司"] and behind.mine == ()


def test_two_books_are_not_two_copies(copies, tmp_path):
    mine, _ = copies
    with Book.create(tmp_path / "别的.zjtx") as book, book.action("新建账簿", "张三") as session:
        office.set_up(session, YUSHAN, "玉山县工信局")
    found = compare_files(mine, None, tmp_path / "别的.zjtx", None)
    assert found.is_parted and "两个不同的账簿" in found.sentence
    (tmp_path / "坏.zjtx").write_bytes(b"x" * 5000)
    with pytest.raises(BadFile, match="坏"):
        compare_files(mine, None, tmp_path / "坏.zjtx", None)


def test_both_are_read_where_they_lie_and_neither_is_changed(copies):
    mine, theirs = copies
    register(theirs, "丁公司")
    before = mine.read_bytes(), theirs.read_bytes()
    with Book(mine) as open_book, open_book.reading() as session:
        assert compare(session, session).mine_count == 0
        assert compare_files(mine, None, theirs, None).theirs_count == 1
    assert (mine.read_bytes(), theirs.read_bytes()) == before


def test_the_command_says_it_in_words_and_as_an_object_and_fails_when_they_part(copies, capsys):
    mine, theirs = copies
    assert cli.run(["check", str(mine), "--against", str(theirs)]) == 0
    number = pay(mine, "示例甲有限公司", 40_000, date(2024, 12, 20), "甲-1", "李四")
    pay(theirs, "示例甲有限公司", 50_000, date(2024, 12, 23), "乙-1", "王五")
    capsys.readouterr()
    assert cli.run(["check", str(mine), "--against", str(theirs)]) == 1
    said = capsys.readouterr().out
    assert f"{number} 示例甲有限公司 玉山县（受益财政）两份都登记了拨付" in said
    assert "2024-12-20 40,000.00 元，凭证号 甲-1，李四登记" in said and "王五 拨付示例甲有限公司" in said
    assert cli.run(["check", str(mine), "--against", str(theirs), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["parted"] and data["twice"] == [
        {
            "award": number, "organisation": "示例甲有限公司", "treasury": "361123", "payer": "beneficiary", "kind": "paid",
            "mine": [{"fen": 4_000_000, "on": "2024-12-20", "voucher": "甲-1", "by": "李四"}],
            "theirs": [{"fen": 5_000_000, "on": "2024-12-23", "voucher": "乙-1", "by": "王五"}],
        }
    ]  # fmt: skip
    assert cli.run(["check", str(mine), "--against", str(mine.with_name("没有.zjtx"))]) == 1
    assert "找不到账簿" in capsys.readouterr().err
