"""No text with a sign that nobody sees, and none too long, gets into the book, whichever way it came."""

from datetime import date

import process_kit as kit
import pytest
from sqlmodel import SQLModel, select
from sqlmodel.sql.sqltypes import AutoString

from zjtx_desktop import cli
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, office, organisations
from zjtx_desktop.storage.field_labels import FIELDS
from zjtx_desktop.usecases.free_texts import FREE
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.values import Division, Share

YUSHAN = Division("361123")
# Texts that the program makes itself, or that are codes, states, hashes and JSON of its own.
ITS_OWN = {
    "setting": {"key", "value"},  # `value` by its key
    "organisation": {"credit_code", "folded", "division", "initials"},
    "former_name": {"folded"},
    "beneficiary": {"division", "confirmed_by"},
    "recognition": {"title", "level", "kind", "cohort", "title_type"},
    "list_import": {"file_name", "sha256"},
    "pack": {"pack_id", "sha256", "content"},
    "round": {"state", "choices"},
    "award": {"number", "state", "verdict", "facts", "reasons", "warnings", "questions", "matched", "payee_name", "payee_bank", "payee_account"},
    "award_part": {"payer", "division", "rule", "clause"},
    "decision": {"question", "by_name", "about"},
    "manual_amount": {"payer", "division", "by_name"},
    "content": {"sha256"},
    "document": {"kind", "number", "snapshot"},
    "submission": {"file_name", "sha256", "head"},
    "person": {"roles", "public_key", "locked_until", "box_key"},
    "key_slot": {"name"},
    "root_key": {"public_key"},
    "root_share": {"name"},
    "certificate": {"name", "roles", "public_key", "box_key", "signature"},
    "consent": {"deed", "about", "second", "signature"},
    "finding": {"sentence"},
    "denial": {"person", "deed", "why"},
    "award_step": {"event", "from_state", "to_state", "person", "signature", "digest"},
    "credit_check": {"by_name"},
    "budget": {"payer", "division"},
    "ledger_entry": {"kind", "by_name", "key", "payee_name", "payee_bank", "payee_account"},
    "year_closing": {"closed_by", "asked_by", "reopened_by"},
    "carry_over": {"by_name"},
    "past_award": {"title", "level"},
    "attachment": {"subject_table", "file_name"},
    "action": {"key", "title", "by_name", "at", "hash", "signature"},
    "change": {"table_name", "before", "after"},
}


def test_every_column_of_text_is_either_written_freely_and_watched_or_the_programs_own():
    for name, table in SQLModel.metadata.tables.items():
        texts = {column.name for column in table.columns if isinstance(column.type, AutoString)}
        assert texts == FREE.get(name, {}).keys() | ITS_OWN.get(name, set()), name
        assert FREE.get(name, {}).keys() <= FIELDS.get(name, {}).keys(), name


@pytest.mark.parametrize("key", ["payee_name", "payee_bank", "payee_account", "contact", "phone", "note", "shares_evidence"])
def test_a_form_of_any_maker_is_refused_with_the_name_of_the_field(book, key):
    known = {"shares": (Share(YUSHAN, 1),), "shares_evidence": "税务证明"}
    form = OrganisationForm(**{"name": "示例甲有限公司"} | known | {key: "甲\u202e乙"})
    called = FIELDS["organisation"].get(key, "依据")
    with pytest.raises(BadValue, match=f"{called}“甲乙”第 2 个字符是看不见的控制符"), book.action("登记", "张三") as session:
        organisations.register(session, form)
    with book.reading() as session:
        assert session.get(tables.Organisation, 1) is None


def test_a_name_of_101_letters_or_one_that_no_paper_can_show_is_refused_at_registration(book):
    for name, told in (("江" * 101, "单位名称有 101 个字，最多 100 个字"), ("示例😀有限公司", r"单位名称中的 “😀”（U\+1F600） 字库里没有")):
        with pytest.raises(BadValue, match=told), book.action("登记", "张三") as session:
            organisations.register(session, OrganisationForm(name=name))


def test_an_opinion_of_201_letters_is_refused_and_of_200_is_taken(book):
    with book.action("登记", "张三") as session:
        number = organisations.register(session, OrganisationForm(name="示例甲有限公司", shares=(Share(YUSHAN, 1),), shares_evidence="据" * 200))
    with pytest.raises(BadValue, match="依据有 201 个字，最多 200 个字"), book.action("修改", "张三") as session:
        organisations.change(session, number, OrganisationForm(name="示例甲有限公司", shares=(Share(YUSHAN, 1),), shares_evidence="据" * 201))


def test_what_an_older_program_kept_hinders_nobody_who_changes_something_else(book):
    with book.action("旧", "张三") as session:
        session.add(tables.Organisation(name="示例甲有限公司", folded="示例甲有限公司", note="旧\u202e注"))
    with book.action("修改", "张三") as session:
        organisations.set_company(session, 1, True)


@pytest.mark.parametrize("name", ["玉山县\u200b财政局", " \u3164", "局" * 101])
def test_the_name_of_the_office_is_held_to_the_same(tmp_path, name):
    with Book.create(tmp_path / "县.zjtx") as book, pytest.raises(BadValue, match="单位名称"):
        with book.action("新建", "张三") as session:
            office.set_up(session, YUSHAN, name)


@pytest.mark.parametrize("name", ["张\u200b三", "张\u202e三", "张" * 101, "\u2800"])
def test_whoever_acts_has_a_name_that_can_be_seen(capsys, tmp_path, name):
    path = tmp_path / "县.zjtx"
    assert cli.run(["new", str(path), "--division", "361123", "--office", "玉山县财政局", "--by", name]) == 1
    assert "操作人姓名（--by）" in capsys.readouterr().err and not path.exists()
    with Book.create(path) as book, pytest.raises((BadValue, Refused)), book.action("新建", name):
        pass


def test_an_organisation_that_looks_like_another_is_pointed_out(book):
    with book.action("登记", "张三") as session:
        number = organisations.register(session, OrganisationForm(name="ABC科技有限公司"))
    with book.reading() as session:
        assert organisations.look_alikes(session, "АВС科技有限公司") == ("ABC科技有限公司",)
        assert organisations.look_alikes(session, "ＡＢＣ科技有限公司") == ()  # the very same, which is refused
        assert organisations.look_alikes(session, "АВС科技有限公司", number) == ()
        assert organisations.look_alikes(session, "ABD科技有限公司") == ()


HEAD = ("企业名称", "所属地区", "认定称号", "级别", "证书编号", "备注", "认定文件文号", "认定日期")


def listed(tmp_path, *rows):
    path = tmp_path / "名单.csv"
    usual = ("", "玉山县", "专精特新中小企业", "省级", "", "", "赣工信〔2024〕1号", "2024-09-02")
    lines = [",".join(cell or usual[place] for place, cell in enumerate(row + ("",) * (8 - len(row)))) for row in rows]
    path.write_text("\n".join((",".join(HEAD), *lines)), encoding="utf-8")
    return path


def test_one_bad_name_stops_no_list_and_names_that_look_alike_are_pointed_out(capsys, tmp_path, book):
    with book.action("登记", "张三") as session:
        organisations.register(session, OrganisationForm(name="ABC科技有限公司"))
    book.close()
    path = listed(
        tmp_path,
        ("示例甲有限公司",),
        ("示例😀有限公司",),
        ("示\u202e例乙有限公司",),
        ("示例丙有限公司", "", "", "", "证" * 101),
        ("示例丁有限公司", "", "", "", "", "注\u202e意"),
        ("АВС科技有限公司",),
        ("上饶力达有限公司",),
        ("上饶カ达有限公司",),
    )
    assert cli.run(["import", str(book.path), str(path), "--type", "新认定", "--by", "张三"]) in (0, 1)
    said = capsys.readouterr()
    told = said.out + said.err
    assert "名称中的 “😀”（U+1F600） 字库里没有，文书印不出来" in told
    assert "第 2 个字符是看不见的控制符（U+202E）" in told
    assert "有 101 个字，最多 100 个字" in told
    assert "备注“注意”第 2 个字符是看不见的控制符" in told
    assert "名称与“ABC科技有限公司”看上去一样" in told and "名称与“上饶力达有限公司”看上去一样" in told
    with Book(book.path) as again, again.reading() as session:
        names = set(session.scalars(select(tables.Organisation.name)))
    assert names >= {"ABC科技有限公司", "示例甲有限公司", "上饶力达有限公司"}
    assert not names & {"示例😀有限公司", "示例丙有限公司", "示例丁有限公司"} and not any("\u202e" in name for name in names)


def test_a_letter_that_cannot_be_printed_is_named_with_its_firm(book, recognise):
    recognise("示例甲有限公司")
    recognise("示例乙有限公司")
    with book.action("旧程序", "张三") as session:
        session.get_one(tables.Organisation, 2).name = "示例😀有限公司"
    round_id = kit.compute(book)
    with pytest.raises(Refused, match="“示例😀有限公司”（.*-00002）的拨付通知印不出来：.*U\\+1F600"), book.action("下达", "张三") as session:
        letters.issue(session, round_id, date(2024, 12, 2))
