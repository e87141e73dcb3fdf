"""Small reports to the city, made up, for the tests and the benchmark."""

from dataclasses import replace
from datetime import date

from zjtx_desktop.exchange.city_report import AwardRow, CityReport
from zjtx_desktop.values import ZERO, Division, Money

TEN, TWENTY = Money.parse("10万"), Money.parse("20万")

NATIONAL = AwardRow(
    number="玉奖2024-0001",
    organisation="江西三清精密机械有限公司",
    credit_code="91360000625912173B",
    division="玉山县",
    title="专精特新“小巨人”企业",
    level="国家级",
    kind="新认定",
    batch="第六批",
    label_year=2024,
    document_number="工信部企业函〔2024〕38号",
    document_date=date(2024, 9, 2),
    award_year=2024,
    verdict="award",
    state="已下达",
    treasuries=(("玉山县", TEN),),
    beneficiary=TEN,
    municipal=TWENTY,
    total=TEN + TWENTY,
    letter_number="玉财专〔2024〕1号",
    payee="江西三清精密机械有限公司",
    reasons=("受益财政奖励 10 万元（一（九））",),
)
PROVINCIAL = replace(
    NATIONAL,
    number="玉奖2024-0002",
    organisation="玉山县怀玉山食品有限公司",
    credit_code="914403001922038216",
    title="专精特新中小企业",
    level="省级",
    municipal=ZERO,
    total=TEN,
    letter_number=None,
    payee="玉山县怀玉山园区运营有限公司",
    flags=("手工金额：专题会议纪要〔2024〕3号",),
)
SHARED = replace(
    PROVINCIAL,
    number="玉奖2024-0003",
    organisation="江西冰溪电子科技股份有限公司",
    credit_code=None,
    treasuries=(("玉山县", Money.parse("66666.67")), ("上饶经济技术开发区", Money.parse("33333.33"))),
    payee=None,
    flags=(),
    warnings=("认定年度与文件年度不同，请核对。",),
)
VOIDED = replace(NATIONAL, number="玉奖2024-0004", organisation="玉山县旧名机械厂", state="作废")
REFUSED = replace(
    PROVINCIAL,
    number="玉奖2024-0005",
    organisation="玉山县公示食品厂",
    verdict="none",
    state="草稿",
    treasuries=(),
    beneficiary=ZERO,
    total=ZERO,
    reasons=("名单只是公示稿（一（九））", "复核通过不属于当年认定（玉府办字〔2024〕7号）"),
    flags=(),
    payee=None,
)
OPEN = replace(REFUSED, number="玉奖2024-0006", verdict="undecided", reasons=("再次认定是否奖励待定（一（九））",))

REPORT = CityReport(
    division=Division.parse("玉山县"),
    office="玉山县工业和信息化局",
    year=2024,
    round_name="第一批",
    policy="《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项",
    pack_id="rfbf-2023-12",
    pack_sha256="a3" * 32,
    choices_text=("复核通过不计入当年认定（玉府办字〔2024〕7号）",),
    prepared_on=date(2024, 9, 23),
    prepared_by="王晓芳",
    app_version="0.1.0",
    head="5e" * 32,
    code="128-5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YQV1",
    rows=(NATIONAL, PROVINCIAL, SHARED, VOIDED, REFUSED, OPEN),
)


def numbered(count: int) -> CityReport:
    """A report of `count` awards, all different, every eleventh shared, every ninth voided."""
    rows = tuple(
        replace(
            SHARED if index % 11 == 0 else NATIONAL if index % 3 == 0 else PROVINCIAL,
            number=f"玉奖2024-{index:05d}",
            organisation=f"江西省第{index}精密机械制造有限公司",
            credit_code=f"9136112{index:011d}",
            letter_number=f"玉财专〔2024〕{index}号",
            state="作废" if index % 9 == 0 else "已下达",
        )
        for index in range(1, count + 1)
    )
    return replace(REPORT, rows=rows)
