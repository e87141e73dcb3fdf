"""What a person sees at a row besides its values stands on the row in words, and decides nothing."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from made_tables import FULL, TODAY, parsed, table

from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.exchange.lists import parse_list
from zjtx_desktop.exchange.reading import read_table
from zjtx_desktop.exchange.table import Hint, HintKind, Merge

SAMPLE = Path(__file__).parent / "samples" / "libreoffice.xls"
HEAD = ("企业名称", "所属地区", "认定日期", "备注")
STRUCK, GREY, BLUE = {"font_strikeout": True}, {"bg_color": "#C0C0C0"}, {"bg_color": "#DDEBF7"}


def listed(path, rows, forms=None, comments=(), hidden=()):
    """The rows of a workbook with these forms of its rows (from 2 on), comments on cells and hidden rows."""
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("名单")
        sheet.write_row(0, 0, HEAD)
        for number, row in enumerate(rows, start=1):
            form = dict((forms or {}).get(number + 1, {}))
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, column, cell, made.add_format(form | {"num_format": "yyyy-mm-dd"}))
                elif isinstance(cell, list):
                    sheet.write_rich_string(number, column, *(made.add_format(one) if isinstance(one, dict) else one for one in cell))
                else:
                    sheet.write(number, column, cell, made.add_format(form))
        for where, text in comments:
            sheet.write_comment(where, text)
        for number in hidden:
            sheet.set_row(number - 1, None, None, {"hidden": True})
    return parse_list(read_table(path), FULL, Titles.load(), TODAY).rows


def with_hints(made, hints):
    return replace(made, rows=tuple(replace(row, hints=hints.get(row.number, ())) for row in made.rows))


def firms(*letters):
    return [[f"示例{letter}有限公司", "玉山县", None, None] for letter in letters]


def told(rows):
    """What is said of each row, by the letter of its firm."""
    assert [row.errors for row in rows] == [()] * len(rows)
    return {row.name[2]: row.warnings for row in rows if row.warnings}


def test_a_struck_a_grey_and_a_hidden_row_are_taken_and_said(tmp_path):
    forms = {2: STRUCK, 3: GREY, 4: {"bg_color": "#FFFF00"}}
    rows = listed(tmp_path / "名单.xlsx", firms("甲", "乙", "丙", "丁", "戊"), forms, hidden=(5,))

    assert told(rows) == {
        "甲": ("这一行画了删除线，请核对是不是已经取消。",),
        "乙": ("这一行填了颜色（灰色），请核对有没有别的意思。",),
        "丙": ("这一行填了颜色（有底色），请核对有没有别的意思。",),
        "丁": ("这一行在文件里是隐藏的，请核对要不要导入。",),
    }


def test_a_comment_is_quoted_with_its_cell_also_one_on_an_empty_cell(tmp_path):
    rows = listed(tmp_path / "名单.xlsx", firms("甲", "乙"), comments=[("B2", "已迁往浙江"), ("D3", "存疑，" * 40)])

    assert told(rows) == {
        "甲": ("第2行“所属地区”列：单元格有批注“已迁往浙江”，请核对。",),
        "乙": (f"第3行“备注”列：单元格有批注“{('存疑，' * 40)[:80]}…”，请核对。",),
    }


def test_struck_words_and_a_time_of_day_are_said_of_their_cell(tmp_path):
    rows = firms("甲", "乙")
    rows[0][3] = [STRUCK, "旧说明", "新说明"]
    rows[1][2] = datetime(2024, 6, 3, 9, 30)
    found = listed(tmp_path / "名单.xlsx", rows)

    assert told(found) == {
        "甲": ("第2行“备注”列：其中“旧说明”画了删除线，照样读入了，请核对。",),
        "乙": ("第3行“认定日期”列：日期后面还有时刻 09:30:00，只取了日期，请核对。",),
    }
    assert found[0].note == "旧说明新说明"


@pytest.mark.parametrize("filled", [(2, 3, 4, 5, 6), (3, 5), (2, 4, 6)])
def test_a_colour_that_is_the_look_of_the_table_is_not_told(tmp_path, filled):
    rows = listed(tmp_path / "名单.xlsx", firms("甲", "乙", "丙", "丁", "戊"), dict.fromkeys(filled, BLUE))

    assert told(rows) == {}


def test_what_an_old_workbook_shows_is_told_too():
    read = read_table(SAMPLE)
    warnings = {row.number: "".join(row.warnings) for row in parse_list(read, FULL, Titles.load(), TODAY).rows}

    assert "第3行“企业名称”列：单元格有批注“已更名”，请核对。" in warnings[3]
    assert "第4行“企业名称”列：内容画了删除线，照样读入了" in warnings[4] and "（有底色）" in warnings[4]
    assert "这一行在文件里是隐藏的" in warnings[5] and "还有时刻 23:59:17" in warnings[5]
    assert "这一行画了删除线" in warnings[6] and "这一行填了颜色（灰色）" in warnings[7]


def test_hints_stay_with_merged_values_blocks_and_names_on_two_rows():
    made = table([["企业名称", "备注", "企业名称", "备注"], ["甲厂", None, "乙厂", None], ["丙厂", None, "丁厂", None]])
    comment = Hint(HintKind.COMMENT, 3, "看这里")
    rows = parse_list(with_hints(made, {2: (comment,), 3: (Hint(HintKind.HIDDEN),)}), FULL, Titles.load(), TODAY).rows

    assert {row.name: row.warnings for row in rows} == {
        "甲厂": (),
        "乙厂": ("第2行“企业名称”列：单元格有批注“看这里”，请核对。",),
        "丙厂": ("这一行在文件里是隐藏的，请核对要不要导入。",),
        "丁厂": ("这一行在文件里是隐藏的，请核对要不要导入。",),
    }

    down = table([["企业名称", "备注"], ["甲厂", "同上"], ["乙厂", None]], [Merge(2, 2, 3, 2)])
    rows = parse_list(with_hints(down, {2: (Hint(HintKind.STRUCK, 2),)}), FULL, Titles.load(), TODAY).rows
    assert [("画了删除线" in "".join(row.warnings)) for row in rows] == [True, True]

    broken = table([["序号", "企业名称"], [1, "江西示例断"], [None, "开科技有限公司"]])
    (row,) = parse_list(with_hints(broken, {3: (Hint(HintKind.STRUCK),)}), FULL, Titles.load(), TODAY).rows
    assert "这一行画了删除线，请核对是不是已经取消。" in row.warnings


# words in cells


@pytest.mark.parametrize("word", ["取消", "撤销", "注销", "更名", "迁出"])
@pytest.mark.parametrize("head", ["备注", "情况", "主要产品", "经营范围", "认定文件", "运营单位", "联系电话", "证书编号", "Remarks"])
def test_a_word_in_any_column_is_an_error_or_a_hint(head, word):
    (row,) = parsed([["企业名称", head], ["示例甲有限公司", f"已{word}（2024年5月）"]]).rows

    said = [*row.errors, *row.warnings]
    assert any(word in one and "第2行" in one for one in said), said


def test_a_long_text_that_tells_of_a_cancelled_title_is_a_hint():
    story = "该企业于2019年成立，主营轴承，年产值一亿元，三年来纳税稳定，职工二百人，其省级技术中心称号已于今年被取消。"
    (row,) = parsed([["企业名称", "企业情况"], ["示例甲有限公司", story]]).rows

    assert row.errors == () and row.warnings == (f"第2行“企业情况”列：写有“取消”（{story[:40]}），请核对这一家的情况。",)


def test_an_error_of_the_status_is_not_said_twice_and_harmless_words_not_at_all():
    bad, good = parsed([["企业名称", "备注"], ["示例甲有限公司", "已撤销"], ["示例乙有限公司", "未被取消资格"]]).rows

    assert len(bad.errors) == 1 and "写有“已撤销”" in bad.errors[0] and bad.warnings == ()
    assert (good.errors, good.warnings) == ((), ())


@pytest.mark.parametrize("word", ["注销", "更名", "迁出"])
def test_a_word_behind_the_name_is_seen(word):
    (row,) = parsed([["企业名称"], [f"示例甲有限公司（已{word}）"]]).rows

    assert any(word in one for one in (*row.errors, *row.warnings))


def test_the_reasons_in_a_file_of_bad_rows_are_no_remarks():
    (row,) = parsed([["原行号", "原因", "企业名称"], [3, "第3行“备注”列：写有“已注销”，请核对。", "示例甲有限公司"]]).rows

    assert row.warnings == ()
