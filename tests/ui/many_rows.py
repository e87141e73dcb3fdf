"""A list with every kind of row that the preview of an import can show, in a workbook with a hidden sheet."""

from pathlib import Path

import list_kit as kit
import xlsxwriter

HEAD = ("序号", "企业名称", "统一社会信用代码", "设区市", "县（市、区）", "备注")
PAPER = "2024年江西省专精特新中小企业名单（第九批）"
STRUCK, GREY = {"font_strikeout": True}, {"bg_color": "#BFBFBF"}


def write_many(path: Path) -> Path:
    """Rows that are new, known, twice, wrong in several ways, of another city, struck out, grey, hidden, with a comment."""
    code, odd = kit.code_for, kit.code_for(2).replace("MA0", "MAO", 1)
    rows = [
        ("示例新甲有限公司", code(1), "上饶市", "玉山县", "", {}),
        ("示例新乙有限公司", odd, "上饶市", "广信区", "", {}),
        ("示例甲更名有限公司", str(kit.CODE), "上饶市", "玉山县", "", {}),
        ("示例新丙有限公司", "91361123", "上饶市", "万年县", "", {}),
        ("示例新甲有限公司", code(1), "上饶市", "玉山县", "", {}),
        ("示例新丁有限公司", code(4), "上饶市", "德兴市", "2024年11月已撤销", {}),
        ("示例新戊有限公司", code(5), "上饶市", "婺源县", "", STRUCK),
        ("示例新己有限公司", code(6), "上饶市", "铅山县", "", GREY),
        ("示例新庚有限公司", code(7), "上饶市", "横峰县", "", {}),
        ("示例新辛有限公司", code(8), "上饶市", "弋阳县", "已注销，正在办理迁出", {}),
        ("示例新壬有限公司", code(9), "南昌市", "高新区", "", {}),
        ("示例新癸", "9136112", "上饶市", "不知县", "复核通过", {}),
    ]
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("名单")
        sheet.write(0, 0, PAPER)
        sheet.write_row(1, 0, HEAD)
        for at, (*cells, form) in enumerate(rows, start=2):
            sheet.write_row(at, 0, [at - 1, *cells], made.add_format(form))
        sheet.write_comment("C11", "代码由企业口头提供，尚未核对营业执照")
        sheet.set_row(10, None, None, {"hidden": True})
        made.add_worksheet("底稿").hide()
    return path
