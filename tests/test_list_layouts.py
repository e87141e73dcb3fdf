"""Further layouts as offices send them, through the command; what is right for each is written here by hand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from zjtx_desktop.cli import run
from zjtx_desktop.values import CreditCode

SRDI = ("--title", "专精特新中小企业", "--level", "省级", "--type", "新认定")
PAPER = ("--document", "关于公布名单的通知", "--number", "赣工信企业字〔2024〕18号", "--date", "2024-06-03")
WHOLE = (*SRDI, *PAPER)
HEAD = ("序号", "企业名称", "统一社会信用代码", "县（市、区）")


def code(number: int) -> str:
    body = f"91361123MA{number:07d}"
    return body + CreditCode(body + "0").expected_check


def firm(letter: str) -> str:
    return f"江西示例{letter}科技有限公司"


@dataclass(frozen=True)
class Layout:
    """Sheets of rows, merged areas, the command's words, and by name what must come of every row."""

    id: str
    rows: Sequence[Sequence[Any]]
    right: dict[str, Any]
    words: Sequence[str] = WHOLE
    merges: Sequence[str] = ()
    said: Sequence[str] = ()
    sheets: dict[str, Sequence[Sequence[Any]]] = field(default_factory=dict)
    sheet: str = "Sheet1"


LAYOUTS = [
    Layout(
        "a ministry's list for publicity, the place a province",
        [["附件"], ["第五批专精特新“小巨人”企业公示名单"], ["序号", "省（区、市）", "企业名称"],
         [1, "安徽省", firm("甲")], [2, "江西省", firm("乙")], [3, "宁波市", firm("丙")]],
        {firm("甲"): "not_ours", firm("乙"): {"publicity_only": True, "batch": None}, firm("丙"): "not_ours"},
        ("--title", "专精特新“小巨人”企业", "--level", "国家级", "--type", "新认定", *PAPER),
        said=["公示", "加 --from-heading"],
    ),
    Layout(
        "two sheets whose names tell the kind",
        [["2024年江西省专业化小巨人企业名单"], HEAD, [1, firm("甲"), code(1), "玉山县"]],
        {firm("甲"): {"kind": "新认定", "title": "江西省专业化小巨人企业"}, firm("乙"): {"kind": "复核", "label_year": 2024}},
        ("--all-sheets", "--from-heading", *PAPER), sheet="新认定",
        sheets={"复核通过": [["2024年江西省专业化小巨人企业名单"], HEAD, [1, firm("乙"), code(2), "广信区"]], "填表说明": [["请如实填写"]]},
        said=["工作表“填表说明”里没有名单"],
    ),
    Layout(
        "counties as headings over their firms, one count wrong",
        [["企业名称", "统一社会信用代码"], ["玉山县（2家）"], [firm("甲"), code(1)], ["广信区（1家）"], [firm("乙"), code(2)], [firm("丙"), code(3)]],
        {firm("甲"): {"division": "361123"}, firm("乙"): {"division": "361104"}, firm("丙"): {"division": "361104"}},
        said=["“玉山县（2家）”写的是 2家，其下读到 1 行", "“广信区（1家）”写的是 1家，其下读到 2 行"],
    ),
    Layout(
        "cities as headings of a provincial list",
        [["序号", "企业名称", "信用代码"], ["南昌市（1家）"], [1, firm("甲"), code(1)], ["上饶市（2家）"], [2, firm("乙"), code(2)], [3, firm("丙"), "91361123"]],
        {firm("甲"): "not_ours", firm("乙"): "new", firm("丙"): "error"}, merges=["A2:C2", "A4:C4"],
    ),
    Layout(
        "those who failed under a heading of their own",
        [["一、通过审核企业"], HEAD, [1, firm("甲"), code(1), "玉山县"], ["二、未通过审核企业"], [1, firm("乙"), code(2), "玉山县"], ["三、暂缓认定企业"], [1, firm("丙"), code(3), "玉山县"]],
        {firm("甲"): "new", firm("乙"): "error", firm("丙"): "error"},
    ),
    Layout(
        "a heading that names another award title",
        [HEAD, ["（一）专精特新中小企业"], [1, firm("甲"), code(1), "玉山县"], ["（二）制造业单项冠军企业"], [1, firm("乙"), code(2), "玉山县"], ["（三）创新型中小企业"], [1, firm("丙"), code(3), "玉山县"]],
        {firm("甲"): {"title": "江西省专精特新中小企业"}, firm("乙"): {"title": "江西省制造业单项冠军企业"}, firm("丙"): "error"},
    ),
    Layout(
        "a header of three rows",
        [["序号", "企业基本情况", None, None, "认定情况", None], [None, "企业名称", "统一社会信用代码", "所在县（市、区）", "文件", None], [None, None, None, None, "文号", "日期"],
         [1, firm("甲"), code(1), "玉山县", "赣工信企业字〔2023〕8号", date(2023, 5, 6)]],
        {firm("甲"): {"division": "361123", "document_number": "赣工信企业字〔2023〕8号"}}, SRDI,
        merges=["A1:A3", "B1:D1", "E1:F1", "B2:B3", "C2:C3", "D2:D3", "E2:F2"],
    ),
    Layout(
        "names alone in three columns",
        [["江西省专精特新中小企业名单"], ["企业名称", "企业名称", "企业名称"], [firm("甲"), firm("乙"), firm("丙")], [firm("丁"), None, None]],
        {firm(one): {"division": "361123"} for one in "甲丁乙丙"}, (*WHOLE, "--division", "玉山县"),
    ),
    Layout(
        "one firm merged over two titles",
        [["企业名称", "信用代码", "称号", "级别"], [firm("甲"), code(1), "专精特新中小企业", "省级"], [None, None, "制造业单项冠军企业", "省级"]],
        {firm("甲"): "new"}, ("--type", "新认定", *PAPER), merges=["A2:A3", "B2:B3"], said=["A2:A3、B2:B3是纵向合并"],
    ),
    Layout(
        "objections raised while it was published",
        [[*HEAD, "公示情况"], [1, firm("甲"), code(1), "玉山县", "无异议"], [2, firm("乙"), code(2), "玉山县", "有异议，正在核实"], [3, firm("丙"), code(3), "玉山县", None]],
        {firm("甲"): "new", firm("乙"): "error", firm("丙"): "error"}, said=["“公示情况”写的是“有异议，正在核实”"],
    ),
    Layout(
        "a footnote mark whose note speaks of a review",
        [HEAD, [1, firm("甲") + "*", code(1), "玉山县"], [2, firm("乙"), code(2), "玉山县"], ["注：带*的为复核企业"]],
        {firm("甲"): "error", firm("乙"): "new"}, merges=["A4:D4"],
    ),
    Layout(
        "a remark that speaks of an extension",
        [[*HEAD, "备注"], [1, firm("甲"), code(1), "玉山县", "2021年认定，本次为有效期延续"], [2, firm("乙"), code(2), "玉山县", None]],
        {firm("甲"): "error", firm("乙"): "new"},
    ),
    Layout(
        "dates as they come out of other programs",
        [["企业名称", "统一社会信用代码", "认定日期"], [firm("甲"), code(1), "45446"], [firm("乙"), code(2), "2024年6月"], [firm("丙"), code(3), "2024-06-02 16:00:00"], [firm("丁"), code(4), "二○二四年六月三日"]],
        {firm("甲"): {"document_date": "2024-06-03"}, firm("乙"): "error", firm("丙"): "error", firm("丁"): {"document_date": "2024-06-03"}},
        SRDI,
    ),
    Layout(
        "the sheet that is named", [["草稿"], HEAD, [1, firm("甲"), code(1), "玉山县"]], {firm("乙"): "new"},
        (*WHOLE, "--sheet", "正式"), sheets={"正式": [HEAD, [1, firm("乙"), code(2), "玉山县"]]},
    ),
    Layout(
        "platforms with those who run them",
        [["序号", "示范平台", "服务机构名称", "所属县区", "类别"], [1, "玉山轴承公共服务平台", firm("甲"), "玉山县", "综合类"]],
        {"玉山轴承公共服务平台": {"operator": firm("甲"), "title": "江西省中小企业公共服务示范平台"}},
        ("--title", "中小企业公共服务示范平台", "--level", "省级", "--type", "新认定", *PAPER),
    ),
    Layout(
        "a headline of two titles proposes neither",
        [["2024年专精特新中小企业和制造业单项冠军企业名单"], HEAD, [1, firm("甲"), code(1), "玉山县"]], {firm("甲"): "error"},
        ("--from-heading", *PAPER), said=["没有认定称号"],
    ),
    Layout(
        "a headline of another county than was given",
        [["玉山县专精特新中小企业名单"], ["企业名称", "信用代码"], [firm("甲"), code(1)]], {firm("甲"): "error"}, (*WHOLE, "--division", "广信区"),
        said=["写的是玉山县，而全表的所属地区是广信区", "--as-given"],
    ),
    Layout(
        "the same once it was answered",
        [["玉山县专精特新中小企业名单"], ["企业名称", "信用代码"], [firm("甲"), code(1)]], {firm("甲"): {"division": "361104"}},
        (*WHOLE, "--division", "广信区", "--as-given"),
    ),
    Layout(
        "name cells that nobody can take",
        [["企业名称", "县区"], [firm("甲") + "、" + firm("乙"), "玉山县"], [firm("丙") + "等3家", "玉山县"], ["姹熻タ绀轰緥绉戞妧鏈夐檺鍏徃", "玉山县"], ["江西某某科技…", "玉山县"], ["张三", "玉山县"], ["3M中国有限公司", "玉山县"]],
        {firm("甲") + "、" + firm("乙"): "error", firm("丙") + "等3家": "error", "姹熻タ绀轰緥绉戞妧鏈夐檺鍏徃": "error", "江西某某科技…": "error", "张三": "error", "3M中国有限公司": "new"},
    ),
    Layout(
        "where it is registered and taxed against what was given",
        [["企业名称", "统一社会信用代码", "注册地址", "税收归属地"], [firm("甲"), code(1), "江西省上饶市玉山县冰溪街道1号", "玉山县"], [firm("乙"), code(2), "江西省上饶市广信区", "玉山县"], [firm("丙"), code(3), "玉山县", "浙江省江山市"]],
        {firm("甲"): {"division": "361123"}, firm("乙"): "error", firm("丙"): "error"}, (*WHOLE, "--division", "玉山县"),
    ),
    Layout(
        "parks and towns for places, and a note in brackets",
        [["企业名称", "所在园区", "认定类型"], [firm("甲"), "玉山高新技术产业园区", "首次"], [firm("乙"), "德兴市（县级市）香屯街道", "复审"], [firm("丙"), "市直", "延续"]],
        {firm("甲"): {"division": "361123", "kind": "新认定"}, firm("乙"): {"division": "361181", "kind": "复核"}, firm("丙"): {"division": "361199", "kind": "复核"}},
        ("--title", "专精特新中小企业", *PAPER),
    ),
    Layout(
        "a preface, a signature and a second page",
        [["江西省专精特新中小企业名单"], ["（按行政区划排序）"], HEAD, [1, firm("甲"), code(1), "玉山县"], ["—1—"], HEAD, [2, firm("乙"), code(2), "玉山县"], ["小计", "2家"],
         [None, None, None, "江西省工业和信息化厅"], [None, None, None, "2024年6月3日"], ["抄送：各设区市工信局"], ["（此页无正文）"], ["来源：省工信厅网站"]],
        {firm("甲"): "new", firm("乙"): "new"},
    ),
    Layout(
        "a document of the year after the list's", [["2023年度江西省专精特新中小企业名单"], HEAD, [1, firm("甲"), code(1), "玉山县"]], {firm("甲"): "new"}, WHOLE,
        said=["写的是 2023 年，认定日期是2024年6月3日，请核对按哪一年奖补"],
    ),
]


@pytest.fixture
def book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "县.zjtx"
    assert run(["new", str(path), "--division", "361123", "--office", "玉山县财政局", "--by", "张三"]) == 0
    capsys.readouterr()
    return path


def written(path: Path, layout: Layout) -> Path:
    with xlsxwriter.Workbook(path) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in {layout.sheet: layout.rows, **layout.sheets}.items():
            sheet = made.add_worksheet(name)
            for area in layout.merges if name == layout.sheet else ():
                sheet.merge_range(area, "")
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, column, cell, day)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return path


def answer(capsys: pytest.CaptureFixture[str], book: Path, source: Path, *words: str) -> dict[str, Any]:
    assert run(["import", str(book), str(source), *words, "--by", "张三", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.id)
def test_a_layout_gives_what_a_careful_clerk_would_take_from_it(layout, book, capsys, tmp_path):
    found = answer(capsys, book, written(tmp_path / "名单.xlsx", layout), *layout.words)

    assert list(dict.fromkeys(row["name"] for row in found["rows"])) == list(layout.right)
    for row in found["rows"]:
        wanted = layout.right[row["name"]]
        status = wanted if isinstance(wanted, str) else "new"
        assert row["status"] == status, row
        assert row["not_ours"] is (status == "not_ours")
        assert wanted == status or wanted.items() <= row["taken"].items(), row
    told = "".join([*found["notes"], *(message for row in found["rows"] for message in row["messages"])])
    assert [words for words in layout.said if words not in told] == []


def test_a_column_that_may_or_may_not_hold_the_firms_is_asked_about(book, capsys, tmp_path):
    source = written(tmp_path / "名单.xlsx", Layout("", [["序号", "收款单位", "金额"], [1, firm("甲"), 10]], {}))

    assert run(["import", str(book), str(source), *WHOLE, "--by", "张三"]) == 1
    assert "“收款单位”一列是不是认定的单位，看不出来" in capsys.readouterr().err


def test_rows_left_as_they_are_are_refused_again_for_the_same_reason(book, capsys, tmp_path):
    rows = [
        ["2024年江西省专精特新中小企业名单"], [*HEAD, "认定日期"],
        [1, firm("甲"), 913611230000000001, "玉山县", None], [2, firm("乙"), code(2), "玉山县", "24.6.3"],
        [3, "江西示例断", code(3), "玉山县", None], [None, "开科技有限公司", None, None, None], [4, firm("丁") + code(4), None, "玉山县", None],
        ["二、未予认定企业"], [1, firm("戊"), code(5), "玉山县", None], ["三、浙江省"], [1, firm("己"), code(6), "衢州市", None],
    ]  # fmt: skip
    bad, again = tmp_path / "没有导入的行.xlsx", tmp_path / "再一次.xlsx"
    source = written(tmp_path / "名单.xlsx", Layout("", rows, {}))
    first = answer(capsys, book, source, *WHOLE, "--bad-rows", str(bad))
    second = answer(capsys, book, bad, *WHOLE, "--bad-rows", str(again))

    assert [row["status"] for row in first["rows"]] == ["error"] * 5 + ["not_ours"]
    assert [row["status"] for row in second["rows"]] == ["error"] * 5 and second["written"] == 0
    reasons = [[message.partition("：")[2][:6] for message in row["messages"]] for row in second["rows"]]
    assert reasons[1] == [message.partition("：")[2][:6] for message in first["rows"][1]["messages"]]
    assert "未予" in second["rows"][4]["messages"][0] and "名称和代码写在一格" in second["rows"][3]["messages"][0]
    assert "丢" in "".join(second["rows"][0]["messages"])
    assert again.read_bytes() and len(answer(capsys, book, again, *WHOLE)["rows"]) == 5


def test_a_recognition_of_one_batch_is_one_whatever_the_document(book, capsys, tmp_path):
    head = ["企业名称", "信用代码", "批次", "文号"]
    rows = [head, [firm("甲"), code(1), "第六批", "赣工信企业字〔2024〕18号"], [firm("甲"), code(1), "第6批", "赣工信企业字〔2024〕19号"], [firm("甲"), code(1), 6, None], [firm("甲"), code(1), "第七批", None]]  # fmt: skip
    found = answer(capsys, book, written(tmp_path / "名单.xlsx", Layout("", rows, {})), *SRDI)
    other = [head, [firm("甲"), code(1), "（第六批）", "赣工信企业字〔2024〕20号"]]
    again = answer(capsys, book, written(tmp_path / "又一份.xlsx", Layout("", other, {})), *SRDI)

    assert [row["status"] for row in found["rows"]] == ["new", "duplicate", "duplicate", "new"]
    assert again["rows"][0]["status"] == "changed" and "文号由" in "".join(again["rows"][0]["messages"])


def test_a_published_list_never_undoes_a_recognition_and_the_recognition_lifts_what_was_but_published(book, capsys, tmp_path):
    published = written(tmp_path / "拟.xlsx", Layout("", [["专精特新中小企业拟认定名单"], HEAD, [1, firm("甲"), code(1), "玉山县"]], {}))
    final = written(tmp_path / "终.xlsx", Layout("", [HEAD, [1, firm("甲"), code(1), "玉山县"]], {}))

    statuses = [answer(capsys, book, source, *WHOLE)["rows"][0] for source in (published, final, published)]

    assert [row["status"] for row in statuses] == ["new", "changed", "same"]
    assert "仅为公示由“是”改为“否”" in "".join(statuses[1]["messages"])
    assert "公示名单没有改动它" in "".join(statuses[2]["messages"])


def with_a_hidden_sheet(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, letter, number in (("正式", "甲", 1), ("底稿", "乙", 2), ("补充", "丙", 3)):
            sheet = made.add_worksheet(name)
            for at, row in enumerate([HEAD, [1, firm(letter), code(number), "玉山县"]]):
                sheet.write_row(at, 0, row)
            if name == "底稿":
                sheet.hide()
    return path


def test_a_hidden_sheet_is_left_out_and_said_unless_it_is_named(book, capsys, tmp_path):
    source = with_a_hidden_sheet(tmp_path / "名单.xlsx")

    every = answer(capsys, book, source, *WHOLE, "--all-sheets", "--dry-run")
    assert [row["sheet"] for row in every["rows"]] == ["正式", "补充"]
    assert "工作表“底稿”是隐藏的，没有读；要导入的，请指明工作表的名称。" in every["notes"]

    named = answer(capsys, book, source, *WHOLE, "--sheet", "底稿", "--dry-run")
    assert [row["name"] for row in named["rows"]] == [firm("乙")] and not any("没有读" in note for note in named["notes"])
    both = answer(capsys, book, source, *WHOLE, "--sheet", "正式", "--sheet", "底稿", "--dry-run")
    assert [row["sheet"] for row in both["rows"]] == ["正式", "底稿"]


def test_what_a_row_shows_stands_in_its_messages_and_takes_nothing_from_it(book, capsys, tmp_path):
    source = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(source) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate([HEAD, [1, firm("甲"), code(1), "玉山县"], [2, firm("乙"), code(2), "玉山县"]]):
            sheet.write_row(at, 0, row, made.add_format({"font_strikeout": at == 2}))
        sheet.write_comment("B2", "已更名")
    found = answer(capsys, book, source, *WHOLE)

    assert [row["status"] for row in found["rows"]] == ["new", "new"] and found["written"] == 2
    assert [row["messages"] for row in found["rows"]] == [
        ["第2行“企业名称”列：单元格有批注“已更名”，请核对。"], ["这一行画了删除线，请核对是不是已经取消。"],
    ]  # fmt: skip
    assert run(["import", str(book), str(source), *WHOLE, "--by", "张三"]) == 0
    assert f"第 3 行 无变化 {firm('乙')}：这一行画了删除线" in capsys.readouterr().out
