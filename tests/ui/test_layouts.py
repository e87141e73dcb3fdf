"""What a person says of the columns of a list is proposed for the next list with the same headings, said, and can be forgotten."""

import list_kit as kit
import openpyxl
import pytest
from PySide6.QtCore import Qt

from ui.dialogs.import_list import ImportDialog
from ui.layouts import MOST, Layouts
from ui.open_book import OpenBook
from zjtx_desktop.usecases.list_file import Field, paste_list, read_list
from zjtx_desktop.usecases.outcomes import Status

HEADINGS = ["序号", "收款单位", "证照编号", "税收归属", "称号"]


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        yield made


@pytest.fixture
def wizard(qtbot, book, jobs, settings):
    def start(path):
        dialog = ImportDialog(OpenBook(book, jobs, "张三"), settings)
        qtbot.addWidget(dialog, before_close_func=lambda shown: (jobs.settle(), setattr(shown, "_done", True)))
        dialog.show()
        dialog.choose.path.setText(str(path))
        click(qtbot, jobs, dialog.next)
        assert dialog.step is dialog.columns
        return dialog

    return start


def click(qtbot, jobs, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert jobs.settle() and jobs.settle()


def listed(path, headings=HEADINGS, above=()):
    workbook = openpyxl.Workbook()
    for row in (*([text] for text in above), headings):
        workbook.active.append(row)
    facts = {"序号": 1, "收款单位": "示例子有限公司", "证照编号": kit.code_for(7), "税收归属": "玉山县", "称号": "江西省专精特新中小企业"}
    workbook.active.append([facts.get(heading, "") for heading in headings])
    workbook.save(path)
    return path


def chosen(dialog):
    return [choice.value() for choice in dialog.columns.table.choices]


def choose(dialog, *fields):
    for choice, field in zip(dialog.columns.table.choices, fields, strict=True):
        choice.set_value(field)
        choice.changed.emit()


TOLD = [Field.SERIAL, Field.NAME, Field.CODE, None, Field.TITLE]


def test_a_mapping_told_once_is_proposed_for_the_same_headings_and_said(qtbot, jobs, wizard, tmp_path):
    first = wizard(listed(tmp_path / "一.xlsx"))
    assert not first.columns._told.isVisible() and "没有认出表头" in first.columns.hint.text()
    choose(first, *TOLD)
    click(qtbot, jobs, first.next)
    assert first.step is first.given

    second = wizard(listed(tmp_path / "三.xlsx", above=("2023年江西省专精特新中小企业名单",)))
    click(qtbot, jobs, second.next)
    assert second.given.defaults().label_year == 2023
    second.given.form.field("label_year").set_value(2024)
    second.back.click()
    click(qtbot, jobs, second.next)
    assert second.given.defaults().label_year == 2024  # what a person filled in stays

    second = wizard(listed(tmp_path / "二.xlsx", HEADINGS[::-1], above=("2025年收款名单",)))
    assert chosen(second) == TOLD[::-1]
    assert second.columns._told.isVisible() and second.next.isEnabled()
    said = second.columns.told.text()
    assert said.startswith("表头与以前核对过的一份名单相同") and "“收款单位”用作企业名称" in said and said.endswith("请核对。")
    for _ in range(2):
        click(qtbot, jobs, second.next)
    assert second.step is second.preview
    (outcome,) = second.preview.outcomes
    assert (outcome.status, outcome.name) == (Status.NEW, "示例子有限公司")


def test_it_is_forgotten_by_a_click_and_by_going_back_to_what_the_program_found(qtbot, jobs, wizard, tmp_path):
    path = listed(tmp_path / "一.xlsx")
    first = wizard(path)
    choose(first, *TOLD)
    click(qtbot, jobs, first.next)
    second = wizard(path)
    click(qtbot, jobs, second.columns.forget)
    assert not second.columns._told.isVisible() and Field.NAME not in chosen(second) and not second.next.isEnabled()
    assert Field.NAME not in chosen(wizard(path))


def test_known_headings_that_were_corrected_are_corrected_again_until_they_are_not(qtbot, jobs, wizard, tmp_path):
    headings = ["企业名称", "称号", "税收归属"]
    path = listed(tmp_path / "一.xlsx", headings)
    first = wizard(path)
    as_found = chosen(first)
    assert as_found[:2] == [Field.NAME, Field.TITLE]
    choose(first, Field.NAME, None, as_found[2])
    click(qtbot, jobs, first.next)
    second = wizard(path)
    assert chosen(second) == [Field.NAME, None, as_found[2]] and "“称号”不用" in second.columns.told.text()
    choose(second, *as_found)
    click(qtbot, jobs, second.next)
    assert chosen(wizard(path)) == as_found


@pytest.mark.parametrize("headings", [[*HEADINGS, "备注"], HEADINGS[:-1], ["序号", "收款人", *HEADINGS[2:]]])
def test_other_headings_get_no_proposal(qtbot, jobs, wizard, headings, tmp_path):
    first = wizard(listed(tmp_path / "一.xlsx"))
    choose(first, *TOLD)
    click(qtbot, jobs, first.next)
    assert Field.CODE not in chosen(wizard(listed(tmp_path / "二.xlsx", headings)))


def test_two_columns_with_one_heading_keep_what_each_was_taken_for(settings, tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["序号", "单位", "日期", "日期"])
    workbook.active.append([1, "示例子有限公司", "2024-06-03", "2027-06-02"])
    workbook.save(tmp_path / "一.xlsx")
    file = read_list(tmp_path / "一.xlsx")
    Layouts(settings).remember(file, {field.value: 0 for field in Field} | {"serial": 1, "name": 2, "date": 3, "valid_to": 4})
    assert [field for _, field in Layouts(settings).proposed(file).values()] == [Field.SERIAL, Field.NAME, Field.DATE, Field.VALID_TO]


def test_the_oldest_of_many_goes_and_what_cannot_be_read_counts_as_nothing(settings):
    files = [paste_list(f"序号\t单位\t第{number}列\r\n1\t示例子有限公司\tx\r\n") for number in range(MOST + 1)]
    for file in files:
        Layouts(settings).remember(file, {"name": 2})
    assert Layouts(settings).proposed(files[0]) == {} != Layouts(settings).proposed(files[1])
    for broken in ("{", '"x"', '[1, {"headings": 3}, {"headings": ["a"], "fields": {"a": 2}}]'):
        settings.set_text("lists/layouts", broken)
        assert Layouts(settings).proposed(files[1]) == {}
    settings.set_data("lists/layouts", [{"headings": sorted(["序号", "单位", "第1列"]), "fields": {"单位": "name", "第1列": "gone"}}])
    assert Layouts(settings).proposed(files[1]) == {1: ("序号", None), 2: ("单位", Field.NAME), 3: ("第1列", None)}


def test_nothing_is_remembered_of_what_has_no_headings(settings):
    file = paste_list("示例子有限公司\t玉山县\r\n")
    Layouts(settings).remember(file, {"name": 1})
    assert settings.data("lists/layouts") is None
