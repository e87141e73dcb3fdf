"""导入名单: four steps, nothing written before the last, bad rows saved, renamed organisations decided on."""

from pathlib import Path

import list_kit as kit
import looks
import openpyxl
import pytest
import xlsxwriter
from many_rows import write_many
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QLabel
from shiboken6 import isValid

from ui.dialogs.files import LISTS
from ui.dialogs.import_list import ImportDialog
from ui.open_book import OpenBook
from ui.widgets.wrapping import PADDING, lines_of
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.outcomes import Status

SAMPLES = Path(__file__).parents[1] / "exchange" / "samples"


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        yield made


@pytest.fixture
def dialog(qtbot, book, jobs, settings):
    dialog = ImportDialog(OpenBook(book, jobs, "张三"), settings)
    qtbot.addWidget(dialog, before_close_func=lambda shown: (jobs.settle(), setattr(shown, "_done", True)))
    dialog.show()
    return dialog


@pytest.fixture
def mixed(tmp_path):
    """One new, one whose code the book knows under another name, one bad code, one twice."""
    rows = [
        ("示例新甲有限公司", kit.code_for(1)),
        ("示例甲更名有限公司", str(kit.CODE)),
        ("示例坏码", "91361123"),
        ("示例新甲有限公司", kit.code_for(1)),
    ]
    return kit.write_list(tmp_path / "名单.xlsx", rows)


def go_on(qtbot, jobs, dialog):
    qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()


def to_preview(qtbot, jobs, dialog, path):
    dialog.choose.path.setText(str(path))
    for _ in range(3):
        go_on(qtbot, jobs, dialog)
    assert dialog.step is dialog.preview


def statuses(dialog):
    return [outcome.status for outcome in dialog.preview.outcomes]


def select(dialog, row):
    dialog.preview.pane.view.go_to(row)


def count(book):
    with book.reading() as session:
        return recognitions.LISTING.count(session), organisations.LISTING.count(session)


def test_each_row_shows_what_would_become_of_it_and_nothing_is_written(qtbot, book, jobs, dialog, mixed):
    before = book.head()
    to_preview(qtbot, jobs, dialog, mixed)
    assert statuses(dialog) == [Status.NEW, Status.ERROR, Status.ERROR, Status.DUPLICATE]
    assert (
        dialog.next.text() == "导入 1 行"
        and "共 4 行：新增 1，重复 1，有误 2。有 1 行要答“更名？”。" == dialog.preview.counted.text()
    )
    select(dialog, 4)
    assert "91361123" in dialog.preview.why.text() and "第4行" in dialog.preview.why.text()
    assert book.head() == before


def test_the_rows_filter_by_status(qtbot, jobs, dialog, mixed):
    to_preview(qtbot, jobs, dialog, mixed)
    for word, rows in (("有误", [4]), ("更名？", [3])):
        dialog.preview.pane.filters.allow("status", frozenset((word,)))
        assert jobs.settle()
        assert dialog.preview.pane.listed_ids() == rows


def test_taking_over_is_one_action_that_one_undo_takes_back(qtbot, book, jobs, dialog, mixed):
    to_preview(qtbot, jobs, dialog, mixed)
    with qtbot.waitSignal(dialog.imported) as said:
        go_on(qtbot, jobs, dialog)
    assert said.args == ["已从“名单.xlsx”导入 1 行。没有导入的有：重复的 1 行，有误的 2 行。可以用“撤销”整批撤回。"]
    assert not dialog.isVisible() and count(book) == (4, 4)
    titles = []
    dialog._desk.undo(titles.append)
    assert jobs.settle()
    assert titles == ["导入名单“名单.xlsx”"] and count(book) == (3, 3)


def test_a_known_code_under_another_name_is_taken_as_renamed_when_the_person_says_so(
    qtbot, book, jobs, dialog, mixed
):
    to_preview(qtbot, jobs, dialog, mixed)
    select(dialog, 3)
    qtbot.mouseClick(dialog.preview.rename, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()
    assert statuses(dialog)[1] is Status.NEW and "改记为曾用名" in "".join(
        dialog.preview.outcomes[1].messages
    )
    assert dialog.preview.rename.isChecked() and not dialog.preview.keep.isChecked()
    go_on(qtbot, jobs, dialog)
    with book.reading() as session:
        form = organisations.get(session, 1)
    assert (form.name, form.former_names) == ("示例甲更名有限公司", ("示例老厂", "示例甲精密有限公司"))
    assert book.check() == []


def test_the_row_asks_whether_it_is_a_new_name_the_same_firm_or_a_wrong_code(qtbot, book, jobs, dialog, mixed):
    to_preview(qtbot, jobs, dialog, mixed)
    preview = dialog.preview
    row = next(one for one in preview.outcomes if one.row == 3)
    assert row.asked and row.messages[0].endswith("请核对是更名、同一单位还是错码。")
    assert preview.pane.model.text(0, 1) == "更名？" and preview.counted.text().endswith("有 1 行要答“更名？”。")
    select(dialog, 4)
    assert preview.rename.isVisible() and not any(one.isEnabled() for one in (preview.rename, preview.keep, preview.refuse))
    select(dialog, 3)
    for button, status, said in (
        (preview.refuse, Status.ERROR, "按错码处理，不导入"), (preview.rename, Status.NEW, "改记为曾用名"), (preview.keep, Status.NEW, "账簿中的名称“示例甲精密有限公司”不改"),
    ):  # fmt: skip
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert jobs.settle() and jobs.settle()
        outcome = preview.outcomes[1]
        assert (outcome.status, outcome.asked) == (status, False) and said in "".join(outcome.messages)
        assert [one.isChecked() for one in (preview.rename, preview.keep, preview.refuse)] == [one is button for one in (preview.rename, preview.keep, preview.refuse)]
    go_on(qtbot, jobs, dialog)
    with book.reading() as session:
        form = organisations.get(session, 1)
        listed = [recognitions.get(session, line.id).listed_name for line in recognitions.of_organisation(session, 1)]
    assert (form.name, form.former_names) == ("示例甲精密有限公司", ("示例老厂",)) and "示例甲更名有限公司" in listed
    assert book.check() == []


def test_an_answer_is_taken_back_by_the_same_button(qtbot, jobs, dialog, mixed):
    to_preview(qtbot, jobs, dialog, mixed)
    select(dialog, 3)
    for asked in (False, True):
        qtbot.mouseClick(dialog.preview.keep, Qt.MouseButton.LeftButton)
        assert jobs.settle() and jobs.settle()
        assert dialog.preview.outcomes[1].asked is asked and dialog.preview.keep.isChecked() is not asked


def ticked(dialog):
    return sorted(dialog.preview.pane.model.checked)


def tick(qtbot, jobs, dialog, row):
    """Click the box of a row."""
    view = dialog.preview.pane.view
    cell = view.visualRect(view.model().index(view.model().place_of(row), 0))
    at = QPoint(cell.left() + 14, cell.center().y())
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert jobs.settle() and jobs.settle()


def test_only_what_is_new_or_changed_is_ticked_and_can_be(qtbot, jobs, dialog, mixed):
    to_preview(qtbot, jobs, dialog, mixed)
    assert ticked(dialog) == [2]
    for row in (3, 4, 5):
        tick(qtbot, jobs, dialog, row)
    dialog.preview.pane.view.selectAll()
    assert ticked(dialog) == [2] and dialog.next.text() == "导入 1 行"


def test_an_unticked_row_stays_out_and_so_does_what_repeats_it(qtbot, book, jobs, dialog, mixed):
    to_preview(qtbot, jobs, dialog, mixed)
    tick(qtbot, jobs, dialog, 2)
    assert ticked(dialog) == [] and statuses(dialog)[0] is statuses(dialog)[3] is Status.NEW
    assert "其中取消勾选 2 行" in dialog.preview.counted.text()
    assert not dialog.next.isEnabled() and "没有要导入的行" in dialog.preview.problem()
    tick(qtbot, jobs, dialog, 5)  # the second of the two instead
    assert ticked(dialog) == [5] and statuses(dialog)[0] is Status.NEW
    tick(qtbot, jobs, dialog, 2)
    assert ticked(dialog) == [2] and statuses(dialog)[3] is Status.DUPLICATE


def test_space_and_the_button_untick_the_selected_rows(qtbot, jobs, dialog, tmp_path):
    rows = [(f"示例新{number}厂", kit.code_for(number)) for number in range(1, 4)]
    to_preview(qtbot, jobs, dialog, kit.write_list(tmp_path / "名单.xlsx", rows))
    preview = dialog.preview
    preview.pane.view.go_to(2)
    preview.pane.view.select_ids([4])
    qtbot.keyClick(preview.pane.view, Qt.Key.Key_Space)
    assert jobs.settle() and jobs.settle()
    assert ticked(dialog) == [3] and dialog.next.text() == "导入 1 行"
    assert preview.leave.text() == "导入"
    qtbot.mouseClick(preview.leave, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()
    assert ticked(dialog) == [2, 3, 4] and preview.leave.text() == "不导入"


def test_what_was_left_out_is_named_saved_and_not_in_the_book(qtbot, book, jobs, dialog, tmp_path):
    rows = [(f"示例新{number}厂", kit.code_for(number)) for number in range(1, 4)]
    to_preview(qtbot, jobs, dialog, kit.write_list(tmp_path / "名单.xlsx", rows))
    tick(qtbot, jobs, dialog, 3)
    target = tmp_path / "没有导入.xlsx"
    dialog.write_bad_rows(target)
    assert jobs.settle()
    saved = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))
    assert [row[0] for row in saved] == ["原行号", 3] and "取消了勾选" in saved[1][1]
    with qtbot.waitSignal(dialog.imported) as said:
        go_on(qtbot, jobs, dialog)
    assert "导入 2 行。没有导入的有：取消勾选的 1 行（第 3 行“示例新2厂”）。" in said.args[0]
    assert count(book) == (5, 5)


def test_nothing_is_written_that_the_preview_did_not_show(qtbot, book, jobs, dialog, mixed):
    to_preview(qtbot, jobs, dialog, mixed)
    before = book.head()
    dialog.preview.left_out = {2}  # as if the plan had not been made anew
    go_on(qtbot, jobs, dialog)
    assert dialog.isVisible() and "与预览的不同了" in dialog.banner.text() and book.head() == before


def test_bad_rows_are_saved_with_their_reasons_and_come_back_corrected(qtbot, jobs, dialog, mixed, tmp_path):
    to_preview(qtbot, jobs, dialog, mixed)
    target = tmp_path / "有误.xlsx"
    dialog.write_bad_rows(target)
    assert jobs.settle()
    assert "已另存 2 行" in dialog.banner.text()
    rows = list(openpyxl.load_workbook(target).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["原行号", 3, 4] and "91361123" in rows[2][1]


def test_columns_are_as_found_and_can_be_changed(qtbot, jobs, dialog, tmp_path):
    headings = ("序号", "单位", "代号", "地区", "类别", "级别", "类型", "批次", "文号", "日期一")
    path = kit.write_list(tmp_path / "名单.xlsx", [("示例新甲有限公司", kit.code_for(1))], headings)
    dialog.choose.path.setText(str(path))
    go_on(qtbot, jobs, dialog)
    table = dialog.columns.table
    assert [choice.currentText() for choice in table.choices][:4] == [
        "序号",
        "企业名称",
        "统一社会信用代码",  # by its values
        "所属地区",
    ]
    table.choices[2].set_value(None)
    table.choices[2].set_value(type(table.choices[1].value()).CODE)
    table.choices[9].set_value(type(table.choices[1].value()).DATE)
    table.choices[7].set_value(None)
    go_on(qtbot, jobs, dialog)
    go_on(qtbot, jobs, dialog)
    row = dialog._parsed.rows[0]
    assert (str(row.credit_code), row.document_date.isoformat(), row.batch) == (
        kit.code_for(1),
        "2024-06-03",
        None,
    )


def test_two_columns_for_the_same_and_none_for_the_name_are_refused(qtbot, jobs, dialog, mixed):
    dialog.choose.path.setText(str(mixed))
    go_on(qtbot, jobs, dialog)
    choices = dialog.columns.table.choices
    name = choices[1].value()
    choices[2].set_value(name)
    assert "只留一列" in dialog.columns.problem() and not dialog.next.isEnabled()
    choices[2].set_value(None)
    choices[1].set_value(None)
    assert "企业名称" in dialog.columns.problem()


def test_what_holds_for_the_whole_file_fills_what_rows_lack(qtbot, book, jobs, dialog, tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text("企业名称\n示例新乙有限公司\n", encoding="utf-8-sig")
    dialog.choose.path.setText(str(path))
    go_on(qtbot, jobs, dialog)
    go_on(qtbot, jobs, dialog)
    for key, value in (
        ("title", "srdi_sme"),
        ("level", Level.PROVINCIAL),
        ("kind", Kind.NEW),
        ("division", kit.YUSHAN),
    ):
        dialog.given.form.field(key).set_value(value)
    dialog.given.form.field("document_number").setText("赣工信[2024]9号")
    go_on(qtbot, jobs, dialog)
    assert statuses(dialog) == [Status.NEW]
    go_on(qtbot, jobs, dialog)
    with book.reading() as session:
        assert recognitions.get(session, 4).document_number == "赣工信〔2024〕9号"


def test_a_file_that_cannot_be_read_is_said_over_the_step(qtbot, jobs, dialog, tmp_path):
    (tmp_path / "坏.xlsx").write_bytes(b"nothing")
    dialog.choose.path.setText(str(tmp_path / "坏.xlsx"))
    go_on(qtbot, jobs, dialog)
    assert dialog.step is dialog.choose and "坏.xlsx" in dialog.banner.text()


def test_giving_up_half_way_asks_and_leaves_the_book_alone(qtbot, book, jobs, dialog, mixed, monkeypatch):
    before = book.head()
    to_preview(qtbot, jobs, dialog, mixed)
    answers = iter((False, True))
    monkeypatch.setattr("ui.dialogs.import_list.ask_sure", lambda *words: next(answers))
    dialog.reject()
    assert dialog.isVisible()
    dialog.reject()
    assert not dialog.isVisible() and isValid(dialog) and book.head() == before


def test_every_step_holds_on_small_screens(qtbot, jobs, dialog, mixed):
    assert looks.problems(dialog) == []
    dialog.choose.path.setText(str(mixed))
    for _ in range(3):
        go_on(qtbot, jobs, dialog)
        assert looks.problems(dialog) == []
    select(dialog, 4)
    assert looks.problems(dialog) == []


def write_sheets(path, sheets, hidden=()):
    with xlsxwriter.Workbook(path) as made:
        for name, rows in {**sheets, **dict(hidden)}.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return path


HEADED = [["2024年度江西省专精特新中小企业名单（第九批）"], ["企业名称", "信用代码", "设区市"]]


def to_values(qtbot, jobs, dialog, path):
    dialog.choose.path.setText(str(path))
    go_on(qtbot, jobs, dialog)
    go_on(qtbot, jobs, dialog)
    assert dialog.step is dialog.given


def test_what_the_headline_names_is_filled_in_with_its_source(qtbot, jobs, dialog, tmp_path):
    rows = [*HEADED, ["示例新甲有限公司", kit.code_for(1), "上饶市"]]
    to_values(qtbot, jobs, dialog, write_sheets(tmp_path / "名单.xlsx", {"名单": rows}))
    form = dialog.given.form
    shown = {key: form.field(key).value() for key in ("title", "level", "batch", "label_year", "kind")}
    assert shown == {"title": "srdi_sme", "level": Level.PROVINCIAL, "batch": "第九批", "label_year": 2024, "kind": None}
    assert form.message("title") == "取自标题“2024年度江西省专精特新中小企业名单（第九批）”，请核对。"
    go_on(qtbot, jobs, dialog)
    assert statuses(dialog) == [Status.NEW] and dialog._parsed.rows[0].label_year == 2024


def test_what_contradicts_the_headline_has_to_be_answered_once_before_one_goes_on(qtbot, jobs, dialog, tmp_path):
    rows = [*HEADED, ["示例新甲有限公司", kit.code_for(1), "上饶市"], ["示例新乙有限公司", kit.code_for(2), "上饶市"]]
    to_values(qtbot, jobs, dialog, write_sheets(tmp_path / "名单.xlsx", {"名单": rows}))
    dialog.given.form.field("title").set_value("little_giant")
    go_on(qtbot, jobs, dialog)
    assert dialog.step is dialog.given and not dialog.next.isEnabled()
    [tick] = dialog.given.asked.ticks.values()
    assert "称号" in tick.text() and "不一致" in dialog.given.problem()
    tick.click()
    go_on(qtbot, jobs, dialog)
    assert statuses(dialog) == [Status.NEW] * 2 and dialog._parsed.rows[0].title == "little_giant"


def test_a_changed_value_is_asked_about_anew(qtbot, jobs, dialog, tmp_path):
    rows = [*HEADED, ["示例新甲有限公司", kit.code_for(1), "上饶市"]]
    to_values(qtbot, jobs, dialog, write_sheets(tmp_path / "名单.xlsx", {"名单": rows}))
    dialog.given.form.field("batch").set_value("第八批")
    go_on(qtbot, jobs, dialog)
    assert list(dialog.given.asked.ticks) == ["batch"]
    dialog.given.form.field("batch").set_value("第9批")
    assert dialog.next.isEnabled()
    go_on(qtbot, jobs, dialog)
    assert dialog.step is dialog.preview


def test_proposals_for_codes_are_taken_by_one_click_and_given_back_by_another(qtbot, book, jobs, dialog, tmp_path):
    odd = kit.code_for(1).replace("MA0", "MAO", 1)
    to_preview(qtbot, jobs, dialog, kit.write_list(tmp_path / "名单.xlsx", [("示例新甲有限公司", odd), ("示例新乙有限公司", kit.code_for(2))]))
    preview = dialog.preview
    assert statuses(dialog) == [Status.ERROR, Status.NEW] and preview.accept.text() == "采纳建议 1 处"
    qtbot.mouseClick(preview.accept, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()
    assert statuses(dialog) == [Status.NEW, Status.NEW] and "已采纳建议" in "".join(preview.outcomes[0].messages)
    qtbot.mouseClick(preview.accept, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()
    assert statuses(dialog) == [Status.ERROR, Status.NEW]


def test_rows_of_other_cities_are_counted_apart(qtbot, jobs, dialog, tmp_path):
    rows = [*HEADED, ["示例新甲有限公司", kit.code_for(1), "上饶市"], ["示例新乙有限公司", "错码", "南昌市"]]
    to_values(qtbot, jobs, dialog, write_sheets(tmp_path / "名单.xlsx", {"名单": rows}))
    go_on(qtbot, jobs, dialog)
    assert dialog.preview.counted.text() == "共 2 行：新增 1，不属本市 1。" and dialog.preview.save.isHidden()


def test_sheets_that_are_ticked_are_taken_in_one_action(qtbot, book, jobs, dialog, tmp_path):
    first = [*HEADED, ["示例新甲有限公司", kit.code_for(1), "上饶市"]]
    second = [["2024年国家级专精特新“小巨人”企业名单"], ["企业名称", "信用代码"], ["示例新乙有限公司", kit.code_for(2)], ["示例新甲有限公司", kit.code_for(1)]]
    path = write_sheets(tmp_path / "名单.xlsx", {"省级": first, "国家级": second, "说明": [["请核对"]]})
    dialog.choose.path.setText(str(path))
    go_on(qtbot, jobs, dialog)
    ticks = {one.text(): one for one in dialog.columns.others.menu().actions()}
    ticks["国家级"].trigger()
    assert jobs.settle()
    assert dialog.columns.others.text() == "一并导入：国家级"
    go_on(qtbot, jobs, dialog)
    assert dialog.given.form.field("title").value() is None  # the two sheets name different ones
    assert dialog.given.form.field("label_year").value() == 2024
    dialog.given.from_heading.click()
    go_on(qtbot, jobs, dialog)
    assert statuses(dialog) == [Status.NEW] * 3
    assert [(row.title, row.sheet) for row in dialog._parsed.rows] == [("srdi_sme", "省级"), ("little_giant", "国家级"), ("little_giant", "国家级")]
    tick(qtbot, jobs, dialog, dialog.preview.outcomes[2].id)
    go_on(qtbot, jobs, dialog)
    assert count(book) == (5, 5)


def test_a_sheet_without_a_list_is_refused_and_unticked(qtbot, jobs, dialog, tmp_path):
    path = write_sheets(tmp_path / "名单.xlsx", {"省级": [*HEADED, ["示例新甲有限公司", kit.code_for(1), "上饶市"]], "说明": [["请核对"]]})
    dialog.choose.path.setText(str(path))
    go_on(qtbot, jobs, dialog)
    [tick_] = dialog.columns.others.menu().actions()
    tick_.trigger()
    assert jobs.settle()
    assert "没有找到企业名称一列" in dialog.banner.text() and dialog.columns.others.text() == "一并导入其他工作表"
    assert not dialog.columns.others.menu().actions()[0].isChecked()


def test_the_tables_of_a_document_are_offered_by_name_and_read_where_they_stand(qtbot, jobs, dialog):
    dialog.choose.path.setText(str(SAMPLES / "libreoffice.docx"))
    go_on(qtbot, jobs, dialog)

    sheet = dialog.columns.sheet
    assert [sheet.itemText(n) for n in range(sheet.count())] == ["表1", "表2"]
    sheet.setCurrentIndex(1)
    assert jobs.settle() and dialog.file.table.sheet == "表2"
    assert [column.label for column in dialog.file.columns()] == ["序号", "平台名称"]
    assert [column.letter for column in dialog.file.columns()] == ["1", "2"]


def test_the_choice_of_files_knows_every_kind(dialog):
    assert LISTS == "名单 (*.xlsx *.xlsm *.xls *.et *.docx *.pdf *.csv *.txt)"
    assert any(".docx" in label.text() and ".pdf" in label.text() for label in dialog.choose.findChildren(QLabel))


WIDE = QSize(1180, 656)  # as it opens on a screen of 1366 × 768


def drawn(dialog):
    """By row, the lines of its reasons as they are drawn, the last ending in … when there are more."""
    view = dialog.preview.pane.view
    model, column = view.model(), next(n for n, one in enumerate(view.model().columns) if one.key == "why")
    room, line = view.columnWidth(column) - 2 * PADDING, view.fontMetrics().lineSpacing()
    plain = view.fontMetrics().height() + 9
    found = {}
    for place in range(model.rowCount()):
        lines = lines_of(model.text(place, column), view.font(), room, 1 + (view.rowHeight(place) - plain) // line)
        found[model.row(place).row] = lines
    return found


def test_every_row_carries_its_reasons_whole_and_in_view(qtbot, jobs, dialog, tmp_path):
    dialog.resize(WIDE)
    to_preview(qtbot, jobs, dialog, write_many(tmp_path / "名单.xlsx"))
    rows = drawn(dialog)

    assert [row for row, lines in rows.items() if lines[-1].endswith("…")] == []
    said = {row: "".join("".join(lines).split()) for row, lines in rows.items()}
    assert {row: len(lines) for row, lines in rows.items() if row in (13, 14)} == {13: 1, 14: 5}
    assert "没有找到“不知县”" in said[14] and "看不出是单位名称" in said[14] and "没有认定文件的日期" in said[14]
    assert said[7].startswith("与第3行重复") and "写有“2024年11月已撤销”，不是认定" in said[8]
    assert "这一行画了删除线" in said[9] and "这一行填了颜色（灰色）" in said[10]
    assert "“统一社会信用代码”列：单元格有批注“代码由企业口头提供" in said[11] and "这一行在文件里是隐藏的" in said[11]
    assert "备注写有“注销”（已注销，正在办理迁出）" in said[12] and statuses(dialog)[9] is Status.NEW
    select(dialog, dialog.preview.outcomes[-1].id)
    assert dialog.preview.why.text().split("\n") == list(dialog.preview.outcomes[-1].messages)
    assert looks.problems(dialog) == []


def test_the_rows_follow_the_width_of_the_reasons(qtbot, jobs, dialog, tmp_path):
    dialog.resize(WIDE)
    to_preview(qtbot, jobs, dialog, write_many(tmp_path / "名单.xlsx"))
    wide = {row: len(lines) for row, lines in drawn(dialog).items()}
    dialog.resize(900, 600)
    qtbot.waitUntil(lambda: len(drawn(dialog)[6]) > wide[6])
    dialog.resize(WIDE)
    qtbot.waitUntil(lambda: {row: len(lines) for row, lines in drawn(dialog).items()} == wide)


def test_a_hidden_sheet_is_named_not_ticked_and_can_be_chosen(qtbot, jobs, dialog, tmp_path):
    path = write_sheets(tmp_path / "名单.xlsx", {"省级": [*HEADED, ["示例新甲有限公司", kit.code_for(1), "上饶市"]]}, {"底稿": [*HEADED, ["示例新乙有限公司", kit.code_for(2), "上饶市"]]})
    dialog.choose.path.setText(str(path))
    go_on(qtbot, jobs, dialog)
    columns = dialog.columns
    assert "工作表“底稿”是隐藏的，没有勾上" in columns.hint.text() and columns.others.text() == "一并导入其他工作表"
    assert [columns.sheet.itemText(n) for n in range(2)] == ["省级", "底稿（隐藏）"]
    [tick_] = columns.others.menu().actions()
    assert tick_.text() == "底稿（隐藏）" and not tick_.isChecked()
    tick_.trigger()
    assert jobs.settle() and [table.sheet for table in dialog.file.tables] == ["省级", "底稿"]
    columns.sheet.setCurrentIndex(1)
    assert jobs.settle() and dialog.file.table.sheet == "底稿"
