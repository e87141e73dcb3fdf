"""历史 from a workbook: good rows as one action, every doubt with its cell."""

import pytest
import xlsxwriter

from zjtx_desktop.errors import BadFile
from zjtx_desktop.storage.undo import undo
from zjtx_desktop.usecases import past_awards, past_import
from zjtx_desktop.usecases.outcomes import Status
from zjtx_desktop.values import Money

HEAD = ("企业名称", "统一社会信用代码", "认定称号", "级别", "年度", "受益财政金额", "市级财政金额", "依据")
GOOD = ("示例甲有限公司", "", "专精特新“小巨人”企业", "国家级", 2021, 100000, "20万元", "玉财企〔2021〕7号")
WAN = 1_000_000


@pytest.fixture
def planned(book, tmp_path):
    """The plan for these rows."""

    def plan(*rows, head=HEAD):
        path = tmp_path / "历史.xlsx"
        with xlsxwriter.Workbook(path) as made:
            sheet = made.add_worksheet("历史")
            for number, row in enumerate((head, *rows)):
                sheet.write_row(number, 0, row)
        with book.reading() as session:
            return past_import.plan(session, past_import.read_past(path))

    return plan


def take(book, plan):
    with book.action("导入历史奖励", "张三") as session:
        return past_import.take_over(session, plan.file)


def held(book, organisation=1):
    with book.reading() as session:
        return [one.form for one in past_awards.of_organisation(session, organisation)]


def test_good_rows_are_one_action_and_one_undo(book, recognise, planned):
    recognise()
    plan = planned(GOOD, (*GOOD[:4], 2022, "", 200000, "凭证118"))
    assert plan.count(Status.NEW) == 2 and take(book, plan) == 2
    assert [(form.award_year, form.beneficiary, form.municipal) for form in held(book)] == [
        (2022, Money(0), Money(20 * WAN)),
        (2021, Money(10 * WAN), Money(20 * WAN)),
    ]
    undo(book, "张三")
    assert held(book) == [] and book.check() == []


def test_amounts_in_ten_thousands_are_read_by_the_header(book, recognise, planned):
    recognise()
    head = (*HEAD[:5], "受益财政金额（万元）", "市级财政金额(万元)", "依据")
    take(book, planned((*GOOD[:5], 10.5, 20, "凭证"), head=head))
    assert (held(book)[0].beneficiary, held(book)[0].municipal) == (Money(10_500_000), Money(20 * WAN))


def test_every_wrong_cell_is_told_with_its_address_and_the_row_stays_out(book, recognise, planned):
    recognise()
    plan = planned(
        GOOD,
        (*GOOD[:4], "前年", "约10", 10, ""),
        ("", "", "五一劳动奖状", "国家级", 2021, 100000, "", "凭证"),
        (*GOOD[:5], "", "", "凭证"),
    )
    said = ["".join(outcome.messages) for outcome in plan.outcomes]
    for piece in ("第3行“年度”列", "第3行“受益财政金额”列：“约10”", "第3行“市级财政金额”列：金额“10”没有写明单位", "第3行“依据”列：没有写明依据"):
        assert piece in said[1]
    assert "第4行“认定称号”列" in said[2] and "没有企业名称" in said[2]
    assert "金额都没有填" in said[3]
    assert plan.count(Status.ERROR) == 3 and take(book, plan) == 1


def test_an_organisation_the_book_does_not_know_is_registered_with_it(book, planned):
    plan = planned(("示例新厂", "91360000625912173B", *GOOD[2:]), ("合计", "", "", "", "", 100000, 200000, ""))
    [outcome] = plan.outcomes
    assert outcome.messages == (
        "2021 年度国家级专精特新“小巨人”企业，受益财政 100,000.00 元，市级财政 200,000.00 元，依据：玉财企〔2021〕7号。",
        "账簿中没有这家单位，将一并登记。",
    )
    assert take(book, plan) == 1 and len(held(book)) == 1


def test_the_same_award_is_taken_once(book, recognise, planned):
    recognise()
    assert [one.status for one in planned(GOOD, GOOD).outcomes] == [Status.NEW, Status.DUPLICATE]
    take(book, planned(GOOD))
    plan = planned(GOOD)
    assert plan.outcomes[0].status is Status.SAME and take(book, plan) == 0


def test_a_code_of_another_name_is_not_guessed(book, recognise, planned):
    recognise()
    take(book, planned(("示例新厂", "91360000625912173B", *GOOD[2:])))
    plan = planned(("示例别厂", "91360000625912173B", *GOOD[2:]))
    assert plan.outcomes[0].status is Status.ERROR and "示例新厂" in plan.outcomes[0].messages[0]


def test_year_and_source_are_said_once_for_a_file_without_these_columns(book, recognise, planned):
    recognise()
    head = ("企业名称", "认定称号", "县级（万元）", "市级（万元）", "合计（万元）")
    plan = planned((GOOD[0], "国家级专精特新“小巨人”企业", 10, 20, 30), (GOOD[0], "省级专精特新中小企业", 10, 0, 11), ("合计", "", 20, 20, 41), head=head)
    assert [one.status for one in plan.outcomes] == [Status.ERROR] * 2
    assert "没有奖励年度" in "".join(plan.outcomes[0].messages) and "合计 110,000.00 元不等于" in "".join(plan.outcomes[1].messages)
    file = plan.file.taking(past_import.PastGiven(2021, "玉财企〔2021〕7号"))
    with book.reading() as session:
        again = past_import.plan(session, file)
    assert [one.status for one in again.outcomes] == [Status.NEW, Status.ERROR]
    take(book, again)
    [form] = held(book)
    assert (form.award_year, form.beneficiary, form.source) == (2021, Money(10 * WAN), "玉财企〔2021〕7号")


@pytest.mark.parametrize(("unit", "amount"), [("（万元）", 100000), ("（元）", 10), ("", 20_000_000)])
def test_an_amount_that_is_no_award_in_its_unit_is_asked_about(book, recognise, planned, unit, amount):
    recognise()
    head = (*HEAD[:5], f"受益财政金额{unit}", f"市级财政金额{unit}", "依据")
    [outcome] = planned((*GOOD[:5], amount, 0, "凭证1"), head=head).outcomes
    assert outcome.status is Status.ERROR and "不合常理" in "".join(outcome.messages)


def test_the_foot_of_a_list_is_no_award(book, recognise, planned):
    recognise()
    foot = [("合计：1家", "", "", "", "", 100000, 200000), ("备注：以实际拨付为准",), ("", "", "", "", "", "经办人：张三", "复核：李四"), ("玉山县财政局",), ("2021年6月3日",)]
    assert [one.status for one in planned(GOOD, *foot).outcomes] == [Status.NEW]


def test_a_list_without_its_columns_is_refused_by_name(planned):
    with pytest.raises(BadFile, match="缺少这些列：市级财政金额"):
        planned(GOOD[:6], head=HEAD[:6])
