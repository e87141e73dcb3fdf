"""The history of a record in the words of its form: what, from what to what, by whom."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import SQLModel

from zjtx_desktop.domain.titles import Kind
from zjtx_desktop.storage.history import OWN_TABLES
from zjtx_desktop.usecases import awards, letters, office, organisations, rounds
from zjtx_desktop.storage.field_labels import CHILDREN, FIELDS, TABLES
from zjtx_desktop.usecases.record_history import actions, changes_of_action, history_of, state_after
from zjtx_desktop.values import Division, Share

XINZHOU, YUSHAN = Division("361102"), Division("361123")


def history(book, table, row):
    with book.reading() as session:
        return history_of(session, table, row)


def changed(book, row, **facts):
    with book.action("修改企业", "李四") as session:
        organisations.change(session, row, replace(organisations.get(session, row), **facts))


def test_a_change_says_field_old_new_who_and_in_which_action(book, recognise):
    recognise()
    changed(book, 1, contact="王五", phone="0793-1234567")
    by_field = {line.field: line for line in history(book, "organisation", 1) if line.action == "修改企业"}
    assert set(by_field) == {"联系人", "联系电话"}
    line = by_field["联系人"]
    assert (line.old, line.new, line.by_name, line.record) == ("", "王五", "李四", "企业“示例甲有限公司”")


def test_treasuries_and_former_names_belong_to_the_organisation_also_once_removed(book, recognise):
    recognise()
    changed(book, 1, name="示例新名有限公司")
    changed(book, 1, shares=(Share(XINZHOU, 1),), shares_evidence="税务证明2")
    lines = [(line.field, line.old, line.new) for line in history(book, "organisation", 1)]
    assert ("曾用名", "", "示例甲有限公司") in lines
    assert ("受益财政", "", "信州区") in lines and ("受益财政", "玉山县", "") in lines


def test_one_record_does_not_show_the_treasuries_of_another_whose_number_begins_the_same(book, recognise):
    for number in range(12):
        recognise(f"示例{number}号有限公司")
    assert {line.record for line in history(book, "organisation", 1)} == {
        "企业“示例0号有限公司”",
        "受益财政“玉山县”",
    }
    assert sum(line.field == "份额" for line in history(book, "organisation", 1)) == 1


def test_values_are_shown_as_forms_show_them(book, recognise):
    row = recognise(valid_to=date(2027, 9, 1))
    found = {line.field: line.new for line in history(book, "recognition", row)}
    assert found["称号"] == "国家级专精特新“小巨人”企业"
    assert (found["认定日期"], found["有效期止"], found["仅为公示"]) == ("2024年9月2日", "2027年9月1日", "否")


def test_an_award_shows_its_verdict_its_decision_and_its_letter(book, recognise):
    recognition = recognise(kind=Kind.AGAIN)
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
        (line,) = awards.award_lines(session, round_id)
    with book.action("作出决定", "李四") as session:
        awards.decide(session, line.number, True, "符合要求", "李四")
    with book.action("下达", "张三") as session:
        letters.issue(session, round_id, date(2026, 3, 2))
    found = [(one.field, one.old, one.new) for one in history(book, "award", line.id)]
    assert ("结论", "待定", "奖励") in found and ("状态", "草稿", "已下达") in found
    assert ("受益财政金额", "0.00 元", "100,000.00 元") in found
    assert ("文号", "", "玉财奖〔2026〕1号") in found
    assert ("决定", "", "给予奖励") in [
        (one.field, one.old, one.new) for one in history(book, "recognition", recognition)
    ]


def test_an_older_state_can_be_read_whole(book, recognise):
    recognise()
    changed(book, 1, contact="王五")
    changed(book, 1, contact="赵六")
    with book.reading() as session:
        line = next(one for one in history_of(session, "organisation", 1) if one.new == "王五")
        state = state_after(session, line.change_id)
    assert dict(state.fields)["联系人"] == "王五" and dict(state.fields)["名称"] == "示例甲有限公司"


def test_a_removed_record_says_what_it_was_and_stands_empty(book, recognise):
    with book.action("登记企业", "张三") as session:
        row = organisations.register(session, organisations.OrganisationForm(name="示例多余有限公司"))
    with book.action("删除企业", "张三") as session:
        organisations.remove(session, row)
    with book.reading() as session:
        last = history_of(session, "organisation", row)[0]
        assert (last.old, last.new, last.record) == ("示例多余有限公司", "", "企业“示例多余有限公司”")
        assert state_after(session, last.change_id).fields == ()


def test_the_book_lists_its_actions_and_what_each_changed(book):
    with book.action("修改单位信息", "李四") as session:
        office.set_up(session, XINZHOU, "信州区财政局")
    with book.reading() as session:
        found = actions(session)
        lines = [(one.record, one.old, one.new) for one in changes_of_action(session, found[0].id)]
    assert [one.title for one in found] == ["修改单位信息", "新建账簿"]
    assert lines == [
        ("账簿设置“所属”", "玉山县", "信州区"),
        ("账簿设置“单位名称”", "玉山县财政局", "信州区财政局"),
        ("账簿设置“发文机关代字”", "玉财奖", "信财奖"),
    ]


def test_every_table_has_a_name_and_every_label_a_column():
    tables = {
        table.name: set(table.columns.keys())
        for table in SQLModel.metadata.sorted_tables
        if table.name not in OWN_TABLES
    }
    assert set(TABLES) == set(tables)
    assert all(set(fields) <= tables[table] for table, fields in FIELDS.items())
    assert all(owner in tables[child] for children in CHILDREN.values() for child, owner in children)


@pytest.mark.parametrize("table", sorted(FIELDS))
def test_a_label_stands_for_one_column_of_its_table(table):
    assert len(set(FIELDS[table].values())) == len(FIELDS[table])
