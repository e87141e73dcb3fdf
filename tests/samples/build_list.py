"""Builds `resources/samples/示例认定名单.xlsx`: every trap a published list can hold, in one list.

Run it from the project's root after a change: `python -m tests.samples.build_list`. Organisations and documents
are invented and marked 示例; the rows of real organisations name their public source and lie outside 上饶市,
so that nothing is ever computed for them.
"""

from datetime import date
from pathlib import Path

import xlsxwriter

from zjtx_desktop.demo import SAMPLE
from zjtx_desktop.values import CreditCode

HEADINGS = (
    "序号", "企业名称", "统一社会信用代码", "所属地区", "认定称号", "级别", "认定类型", "批次", "年度", "认定文件", "文号",
    "认定日期", "有效期起", "有效期止", "受益财政", "运营单位", "备注",
)  # fmt: skip
WIDTHS = (6, 36, 22, 18, 30, 8, 10, 8, 8, 34, 26, 12, 12, 12, 24, 26, 40)
SMALL, GIANT, GIANT_N = "专精特新中小企业", "专业化小巨人企业", "专精特新“小巨人”企业"
CHAMPION, BASE, PLATFORM = "制造业单项冠军企业", "小型微型企业创业创新示范基地", "中小企业公共服务示范平台"
PROVINCE, NATION = "省级", "国家级"
NEW, REVIEW, AGAIN = "新认定", "复核", "再次认定"
# what a document says: year of the label, title, number, day, start and end of validity
P2023 = (2023, "关于公布2023年省级名单的通知（示例）", "示例工信企业字〔2023〕21号", date(2023, 11, 8), date(2023, 11, 8), date(2026, 11, 7))
N2023 = (2023, "关于公布2023年国家级名单的通告（示例）", "示例工信部企业函〔2023〕88号", date(2023, 7, 14), date(2023, 7, 14), date(2026, 7, 13))
P2024 = (2024, "关于公布2024年省级名单的通知（示例）", "示例工信企业字〔2024〕18号", date(2024, 6, 3), date(2024, 6, 3), date(2027, 6, 2))
N2024 = (2024, "关于公布2024年国家级名单的通告（示例）", "示例工信部企业函〔2024〕66号", date(2024, 9, 2), date(2024, 9, 2), date(2027, 9, 1))
P2025 = (2025, "关于公布2025年省级名单的通知（示例）", "示例工信企业字〔2025〕30号", date(2025, 8, 20), date(2025, 8, 20), date(2028, 8, 19))
M2025 = (2025, "关于公布国家中小企业公共服务示范平台（基地）的通告（示例）", "示例工信部企业函〔2025〕140号", date(2025, 10, 30), date(2025, 10, 30), date(2028, 10, 29))
NOTICE = (2024, "关于2024年国家级名单的公示（示例）", None, date(2024, 8, 1), None, None)
LATE = (2023, "关于公布第八批名单的通知（示例）", "示例工信部联政法函〔2024〕7号", date(2024, 3, 18), date(2024, 1, 1), date(2026, 12, 31))
TURN = (2024, "关于公布2024年第二批省级名单的通知（示例）", "示例工信企业字〔2024〕51号", date(2024, 12, 20), date(2025, 1, 1), date(2027, 12, 31))
OLD = (2020, "关于发布2020年省级名单的通知（示例）", "示例工信企业字〔2021〕6号", date(2021, 3, 1), date(2021, 1, 1), date(2023, 12, 31))
PUBLIC = "真实公示信息，仅作样例，不在上饶市："
CHANGWANG = PUBLIC + "2022年江西省专业化小巨人公示（省工信厅，中国网2022-11-30报道）"


def code(serial: int, head: str = "91361123MA") -> str:
    """An invented code with a right check character."""
    body = f"{head}{serial:07d}"
    return body + CreditCode(body + "0").expected_check


def row(name, number, region, title, level, kind, batch, document, treasury=None, operator=None, note=None):
    """One row of the list without its 序号."""
    year, document_title, document_number, day, start, end = document
    facts = (year, document_title, document_number, day, start, end)
    return (name, number, region, title, level, kind, batch, *facts, treasury, operator, note)


Y = "玉山县"
ROWS = (
    row("示例玉山精密轴承有限公司", code(1), Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例玉山光学镜片有限公司", code(2), "上饶市玉山县", GIANT, PROVINCE, NEW, "第一批", P2024),
    row("示例玉山数控装备有限公司", code(3), Y, "国家级专精特新小巨人", NATION, NEW, "第六批", N2024),
    row("示例玉山数控装备有限公司", code(3), Y, CHAMPION, NATION, NEW, "第八批", LATE, note="名单标注2023，文件为2024年"),
    row("示例玉山水泵制造有限公司", code(5), "江西省上饶市玉山县", CHAMPION, PROVINCE, NEW, "第一批", TURN, note="有效期自次年起"),
    row("示例玉山小微企业双创园", None, Y, BASE, PROVINCE, NEW, "第一批", P2024, operator="示例玉山园区运营有限公司"),
    row("示例玉山县中小企业服务中心", code(7, "12361123MB"), Y, PLATFORM, PROVINCE, NEW, "第一批", P2024, note="事业单位"),
    row("示例玉山创业服务协会", code(8, "51361123MJ"), Y, PLATFORM, NATION, NEW, "第一批", N2024, note="社会团体"),
    row("示例两地纳税电子有限公司", code(11), Y, GIANT_N, NATION, NEW, "第六批", N2024, "玉山县60%、上饶经开区40%"),
    row("示例三地纳税材料有限公司", code(12), Y, GIANT, PROVINCE, NEW, "第一批", P2024, "玉山县33.33%、信州区33.33%、广丰区33.34%"),
    row("示例再次申报工具有限公司", code(10), Y, GIANT, PROVINCE, AGAIN, "第一批", P2024),
    row("示例仅有公示科技有限公司", code(13), Y, GIANT_N, NATION, NEW, "第六批", NOTICE),
    row("示例未写地区科技有限公司", code(16), None, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例只写到市科技有限公司", code(17), "上饶市", SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例校验位存疑有限公司", code(18)[:-1] + ("3" if code(18)[-1] != "3" else "4"), Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例𬱖川新材料有限公司", code(19), Y, SMALL, PROVINCE, NEW, "第一批", P2024, note="含生僻字"),
    row("示例（江西）半导体有限公司", code(20), Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例(江西) 半导体有限公司", code(20), Y, CHAMPION, PROVINCE, NEW, "第一批", P2024, note="括号和空格写法不同"),
    row("示例玉山县三清湖畔高端智能装备与精密光学元器件协同创新产业研究发展有限责任公司", code(22), Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例<b>甲&乙</b>科技有限公司", code(23), Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("=示例加和科技有限公司", code(24), Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例老牌阀门有限公司", code(37), Y, GIANT, PROVINCE, NEW, "第一批", P2023),
    row("示例老牌阀门有限公司", code(37), Y, GIANT_N, NATION, NEW, "第六批", N2024, note="上年省级，今年国家级"),
    row("示例玉山检测技术平台有限公司", code(39), Y, "国家中小企业公共服务示范平台", NATION, NEW, "第一批", N2023),
    row("示例过期旧企业有限公司", code(40), Y, SMALL, PROVINCE, NEW, "第一批", OLD, note="2021年3月发文，早于实施意见"),
    row("示例两度入选科技有限公司", code(41), Y, SMALL, PROVINCE, NEW, "第一批", P2023),
    row("示例两度入选科技有限公司", code(41), Y, SMALL, PROVINCE, NEW, "第三批", P2025, note="同一称号2023年已认定"),
    row("示例玉山数字服务平台有限公司", code(43), Y, "国家中小企业公共服务示范平台（基地）（平台）", NATION, NEW, "第一批", M2025),
    row("示例玉山青年创业基地", code(44), Y, "国家中小企业公共服务示范平台（基地）（基地）", NATION, NEW, "第一批", M2025, operator="示例玉山创业投资有限公司"),
    row("示例玉山竹木制品有限公司", code(45), Y, SMALL, PROVINCE, NEW, "第三批", P2025),
    row("示例信州软件有限公司", code(46), "信州区", SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例广丰铝材有限公司", code(47), "上饶高新区", GIANT, PROVINCE, NEW, "第一批", P2024, note="高新区在广丰区，不是经开区"),
    row("示例广信环保有限公司", code(48), "上饶县", SMALL, PROVINCE, NEW, "第一批", P2024, note="旧县名"),
    row("示例经开光伏有限公司", code(49), "上饶经开区", GIANT_N, NATION, NEW, "第六批", N2024),
    row("示例三清山旅游装备有限公司", code(50), "三清山风景名胜区", SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例德兴铜加工有限公司", code(51), "德兴市", CHAMPION, NATION, NEW, "第八批", N2024),
)
REVIEWED = (
    row("示例复核通过机械有限公司", code(9), Y, GIANT, PROVINCE, None, "第一批", P2024),
    row("示例复核通过电气有限公司", code(52), "弋阳县", GIANT, PROVINCE, None, "第一批", P2024),
)
FAULTY = (
    row("示例玉山精密轴承有限公司", code(1), Y, SMALL, PROVINCE, NEW, "第一批", P2024, note="与前面重复"),
    row("示例玉山光电有限公司", code(2), Y, SMALL, PROVINCE, NEW, "第一批", P2024, note="代码与“光学镜片”相同，名称不同"),
    row("示例代码字母有误有限公司", code(25).replace("0", "O", 1).lower(), Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例代码成了数字有限公司", 913611230000001000, Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例代码少一位有限公司", code(27)[1:], Y, SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例日期不清有限公司", code(28), Y, SMALL, PROVINCE, NEW, "第一批", (*P2024[:3], "24.6.3", None, None)),
    row("示例错误值有限公司", code(29), "#N/A", SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例没有这一级有限公司", code(31), Y, SMALL, NATION, NEW, "第一批", N2024),
    row("示例外市企业有限公司", code(32), "南昌市青山湖区", SMALL, PROVINCE, NEW, "第一批", P2024),
    row("示例第一级有限公司", code(35), Y, "创新型中小企业", PROVINCE, NEW, "第一批", P2024),
    row("示例有效期倒置有限公司", code(36), Y, SMALL, PROVINCE, NEW, "第一批", (*P2024[:4], date(2027, 6, 2), date(2024, 6, 3))),
    row("春光线缆有限公司", None, "九江市永修县", GIANT, PROVINCE, NEW, None, (2022,) + (None,) * 5, note=CHANGWANG),
    row("江西海多有机硅材料股份有限公司", None, "九江市永修县", GIANT, PROVINCE, NEW, None, (2022,) + (None,) * 5, note=CHANGWANG),
    row("江西新嘉懿新材料有限公司", None, "九江市永修县", GIANT, PROVINCE, NEW, None, (2022,) + (None,) * 5, note=CHANGWANG),
    row("江西瑞金金字电线电缆有限公司", None, "赣州市瑞金市", GIANT_N, NATION, NEW, "第五批", (2023,) + (None,) * 5,
        note=PUBLIC + "第五批国家级专精特新“小巨人”公示（江西日报2023-08-10）"),
    row("江西省钨与稀土研究院", None, "赣州市", PLATFORM, NATION, NEW, None, (2021,) + (None,) * 5, note=PUBLIC + "2021年国家中小企业公共服务示范平台名单"),
    row("江西省科学院科技园", None, "南昌市", BASE, NATION, NEW, None, (2021,) + (None,) * 5, note=PUBLIC + "2021年国家小型微型企业创业创新示范基地名单"),
)  # fmt: skip


def build(path: Path) -> None:
    """Write the list as a workbook that looks like one that was published."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": date(2025, 11, 1)})
        sheet = book.add_worksheet("认定名单")
        title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF4", "align": "center", "text_wrap": True})
        text, day = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "上饶市“专精特新”等称号认定名单（示例）", title)
        sheet.write_string(1, 0, "单位和文件均为虚构，标有“示例”；另有六行真实名称注明来源，均不在上饶市。")
        sheet.write_row(2, 0, HEADINGS, head)
        line = 3
        for heading, rows in (("一、新认定及再次认定", ROWS), ("二、通过复核的企业", REVIEWED), ("三、新认定名单勘误前原样", FAULTY)):
            sheet.write_string(line, 0, heading)
            line += 1
            for values in rows:
                _write(sheet, line, (line, *values), text, day)
                line += 1
        sheet.write_string(line, 0, f"合计：{len(ROWS) + len(REVIEWED) + len(FAULTY)} 行")
        sheet.freeze_panes(3, 2)


def _write(sheet, line, values, text, day) -> None:
    for column, value in enumerate(values):
        if isinstance(value, date):
            sheet.write_datetime(line, column, value, day)
        elif isinstance(value, int):
            sheet.write_number(line, column, value, text)
        elif value == "#N/A":
            sheet.write_formula(line, column, "=NA()", text, "#N/A")
        elif value:
            sheet.write_string(line, column, value, text)
        else:
            sheet.write_blank(line, column, None, text)


if __name__ == "__main__":
    build(SAMPLE)
