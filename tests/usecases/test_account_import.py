"""Payee accounts from a workbook: good rows as one action, what would be overwritten is told, no digit is guessed."""

import pytest
import xlsxwriter

from zjtx_desktop.errors import BadFile
from zjtx_desktop.storage.undo import undo
from zjtx_desktop.usecases import account_import, organisations
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.outcomes import Status

HEAD = ("单位名称", "统一社会信用代码", "收款户名", "开户行", "银行帐号", "联系人", "手机号")
ROW = ("示例甲有限公司", "", "示例甲有限公司", "示例银行玉山支行", "3600 0000-0000 0000 017", "王某", 13800000000)


@pytest.fixture
def planned(book, tmp_path):
    """The plan for these rows; 示例甲 and 示例乙 are in the book."""
    with book.action("登记", "张三") as session:
        for name in ("示例甲有限公司", "示例乙有限公司"):
            organisations.register(session, OrganisationForm(name=name))

    def plan(*rows, head=HEAD):
        path = tmp_path / "账户.xlsx"
        with xlsxwriter.Workbook(path) as made:
            sheet = made.add_worksheet("账户")
            for number, row in enumerate((head, *rows)):
                sheet.write_row(number, 0, row)
        with book.reading() as session:
            return account_import.plan(session, account_import.read_accounts(path))

    return plan


def take(book, plan):
    with book.action("导入收款账户", "张三") as session:
        return account_import.take_over(session, plan.file)


def held(book, organisation=1):
    with book.reading() as session:
        form = organisations.get(session, organisation)
    return form.payee_name, form.payee_bank, form.payee_account, form.contact, form.phone


def test_good_rows_are_one_action_and_one_undo(book, planned):
    plan = planned(ROW, ("示例乙有限公司", "", "", "示例银行", "360000000000018"))
    assert plan.count(Status.NEW) == 2 and take(book, plan) == 2
    assert held(book) == ("示例甲有限公司", "示例银行玉山支行", "3600000000000000017", "王某", "13800000000")
    assert held(book, 2) == (None, "示例银行", "360000000000018", None, None)
    undo(book, "张三")
    assert held(book) == held(book, 2) == (None,) * 5 and check(book) == []


def test_an_account_that_is_there_is_left_and_another_is_told_before_it_is_replaced(book, planned):
    take(book, planned(ROW))
    assert planned(ROW).count(Status.SAME) == 1
    [outcome] = planned((*ROW[:4], "3600000000000000025", "", "")).outcomes
    assert outcome.status is Status.CHANGED
    assert outcome.messages[0] == "银行账号原为“3600000000000000017”，改为“3600000000000000025”。"
    take(book, planned((*ROW[:4], "3600000000000000025", "", "")))
    assert held(book)[2:] == ("3600000000000000025", "王某", "13800000000"), "what a row does not say stays"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((*ROW[:4], 3600000000000000017), "第2行“银行帐号”列：数字超过 15 位，末尾几位已被 Excel 丢掉"),
        ((*ROW[:4], "3.6E+18"), "应为 6 至 32 位数字"),
        ((*ROW[:4], ""), "没有填写银行账号"),
        ((*ROW[:3], "", "360000000000018"), "没有填写开户银行"),
        (("示例丙有限公司", *ROW[1:]), "账簿中没有这家单位"),
        (("示例甲有限公司", "91360000625912173", *ROW[2:]), "统一社会信用代码"),
    ],
)
def test_what_is_in_doubt_is_told_and_stays_out(book, planned, row, said):
    plan = planned(row)
    assert said in "".join(plan.outcomes[0].messages)
    assert plan.count(Status.ERROR) == 1 and take(book, plan) == 0 and held(book) == (None,) * 5


def test_one_organisation_has_one_account(book, planned):
    plan = planned(ROW, ROW)
    assert [outcome.status for outcome in plan.outcomes] == [Status.NEW, Status.ERROR]
    assert "与第 2 行是同一家单位" in plan.outcomes[1].messages[0]


def test_without_a_column_for_the_bank_or_the_number_nothing_is_read(planned):
    with pytest.raises(BadFile, match="缺少这些列：开户银行、银行账号"):
        planned(ROW[:3], head=HEAD[:3])
    with pytest.raises(BadFile, match="都是银行账号"):
        planned((*ROW, "1234567"), head=(*HEAD, "账号"))


def test_one_account_of_two_firms_is_said_on_both_rows_and_taken_with_a_reason_only(book, planned):
    head = (*HEAD[:5], "说明")
    rows = [(f"示例{name}有限公司", "", f"示例{name}有限公司", "示例银行", "360000000000017", why) for name, why in (("甲", ""), ("乙", "集团统一收款"))]
    first, second = planned(*rows, head=head).outcomes
    assert first.status is Status.ERROR and "与第 3 行“示例乙有限公司”是同一账号" in first.messages[0]
    assert second.status is Status.NEW and "与第 2 行“示例甲有限公司”是同一账号" in second.messages[0]
    assert "按写明的理由登记：集团统一收款" in "".join(second.messages)


def test_an_account_that_another_firm_of_the_book_has_is_asked_about(book, planned):
    take(book, planned(ROW))
    [outcome] = planned(("示例乙有限公司", "", "", "示例银行", ROW[4])).outcomes
    assert outcome.status is Status.ERROR and "账簿中“示例甲有限公司”登记的是同一账号" in outcome.messages[0]


def test_a_holder_who_is_not_the_firm_wants_a_reason_which_is_kept(book, planned):
    head = (*HEAD[:5], "说明")
    told = "".join(planned(("示例甲有限公司", "", "张三", "示例银行", "360000000000017", ""), head=head).outcomes[0].messages)
    assert "户名“张三”与单位名称不同，像是个人姓名" in told and "“说明”列写明理由" in told
    plan = planned(("示例甲有限公司", "", "某某集团有限公司", "示例银行", "360000000000017", "母公司代收"), head=head)
    assert plan.count(Status.NEW) == take(book, plan) == 1
    with book.reading() as session:
        assert organisations.get(session, 1).note == "收款账户说明：母公司代收"


def test_the_foot_of_a_list_of_accounts_is_no_organisation(book, planned):
    foot = [("备注：以上账户均已核对",), ("", "", "", "", "经办人：张三"), ("玉山县工业和信息化局",), ("2024年6月3日",), ("合计", "", "", "", "1家")]
    assert [one.status for one in planned(ROW, *foot).outcomes] == [Status.NEW]


def test_doubts_are_said_of_firms_that_the_book_does_not_know_as_well(book, planned):
    rows = [(f"示例{name}厂", "", "李四", "示例银行", "360000000000017") for name in "丙丁"]
    told = ["".join(one.messages) for one in planned(*rows, head=HEAD[:5]).outcomes]
    assert all("账簿中没有这家单位" in one and "同一账号" in one and "户名“李四”" in one for one in told)
