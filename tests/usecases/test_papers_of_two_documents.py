"""A policy of two documents, 20 万 to the end of 2026 and 25 万 from 2027: every paper cites what its own amounts rest on."""

from datetime import date

import openpyxl
import process_kit as kit
import pytest
from test_amounts_by_hand import SCAN, YUSHAN
from test_marks_on_papers import text_of, write

from tests.made_packs import CASES, amended
from zjtx_desktop import cli
from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.pack_file import load_pack
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import approvals, awards, letters, manual_amounts, notice_list, notices, pack_change, printouts, rounds, submissions
from zjtx_desktop.usecases.duties import Second
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.manual_amounts import ManualForm
from zjtx_desktop.values import Money

OLD = "《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项"
NEW = "《关于调整“专精特新”认定奖励标准的通知（示例）》（示例府办发〔2026〕8号）第二条第（一）项"
ALONE = Second(None, "账簿由一人使用（示例）")
DAY = date(2026, 11, 30)
FIRST = load_pack(CASES / "raofubanfa-2023-12-first.toml")  # as books of the first version keep it


@pytest.fixture
def computed(book, recognise):
    """National titles of 2026 and of 2027 under the amended policy; the rounds by year."""
    with book.action("启用", "张三") as session:
        session.info["second"] = ALONE
        pack_change.activate(session, amended())
    recognise("示例旧标准有限公司", on=date(2026, 9, 2), document_title="关于公布名单的通知")
    recognise("示例新标准有限公司", on=date(2027, 3, 2), document_title="关于公布名单的通知")
    recognise("示例省级有限公司", "srdi_sme", Level.PROVINCIAL, on=date(2027, 3, 2), document_title="关于公布名单的通知")
    with book.action("测算", "张三") as session:
        return {year: rounds.prepare(session, year, *rounds.basis_for(session, year)).round for year in (2026, 2027)}


def letter_texts(book, round_id):
    with book.action("下达", "张三") as session:
        issued = letters.issue(session, round_id, DAY)
    with book.reading() as session:
        return {line.addressee: text_of(letters.view(session, line.id)[1]) for line in issued}


def test_each_letter_cites_the_documents_of_its_own_amounts(book, computed):
    old = letter_texts(book, computed[2026].id)["示例旧标准有限公司"]
    new = letter_texts(book, computed[2027].id)
    assert f"根据{OLD}的规定" in old and "示例府办发" not in old and "承担200000.00元。" in old
    both = new["示例新标准有限公司"]
    assert f"根据{OLD}和{NEW}的规定" in both
    assert "承担100000.00元，依据为饶府办发〔2023〕12号第一条第（九）项" in both
    assert "承担250000.00元，依据为示例府办发〔2026〕8号第二条第（一）项。" in both
    assert f"根据{OLD}的规定" in new["示例省级有限公司"] and "示例府办发" not in new["示例省级有限公司"]
    assert check(book) == []


@pytest.mark.parametrize(("year", "policy", "silent"), [(2026, OLD, NEW), (2027, f"{OLD}和{NEW}", None)])
def test_explanation_approval_and_workbook_cite_what_the_round_rests_on(book, computed, tmp_path, year, policy, silent):
    line = computed[year]
    write(book, printouts.write_basis_of, line.id, tmp_path / "依据.pdf", DAY)
    write(book, approvals.write_approvals, line.id, tmp_path / "审批表.pdf", DAY)
    with book.action("导出", "张三") as session:
        submissions.send(session, line, tmp_path / "报送表.xlsx", DAY, "张三")
    sheets = openpyxl.load_workbook(tmp_path / "报送表.xlsx")
    control = {row[1].value: row[2].value for row in sheets["校验"].iter_rows(min_row=3)}
    summary = [str(cell.value) for row in sheets["汇总表"].iter_rows() for cell in row if cell.value]
    texts = [text_of(tmp_path / name) for name in ("依据.pdf", "审批表.pdf")]
    for text in texts:
        assert f"政策依据：{policy}" in text and "一（九）" not in text
        assert silent is None or silent not in text
    assert control["政策依据"] == policy and control["政策包编号"] == "shili-2026-8"
    assert f"政策依据：{policy}。" in summary
    detail = [str(row[-1].value) for row in sheets["明细表"].iter_rows() if row[-1].value]
    assert any(f"政策依据：{OLD}" in text and NEW not in text for text in detail) == (year == 2027)


def test_a_notice_cites_what_the_awards_on_it_rest_on(book, computed, tmp_path):
    round_id = computed[2027].id
    kit.staff(book)
    number = next(each for each, line in kit.lines(book, round_id).items() if line.facts.organisation == "示例省级有限公司")
    kit.until(book, round_id, number, Event.PUBLISH)
    with book.reading() as session:
        notice = notices.notices(session, round_id)[0].id
        notice_list.write_notice_list(session, notice, tmp_path / "公示.pdf")
    text = text_of(tmp_path / "公示.pdf")
    assert f"政策依据：{OLD}。" in text and NEW not in text


def test_a_manual_amount_under_the_floor_is_refused_by_the_clause_of_the_floor(book, computed):
    low = ManualForm(Payer.BENEFICIARY, YUSHAN, Money.parse("8万"), "资金紧张", "玉府专纪〔2027〕6号")
    with pytest.raises(Refused, match=r"低于下限 100,000.00 元（饶府办发〔2023〕12号第一条第（九）项）"), book.action("核定", "张三") as session:
        manual_amounts.set_amount(session, "361123-2027-00002", low, SCAN)


def test_the_command_keeps_the_policy_of_a_year_and_takes_the_new_one_up_when_told(book, recognise, capsys):
    recognise("示例新标准有限公司", on=date(2027, 3, 2), document_title="关于公布名单的通知")
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2027, *rounds.basis_for(session, 2027))
        session.info["second"] = ALONE
        pack_change.activate(session, amended())
    path = str(book.path)
    book.close()
    assert cli.run(["compute", path, "--year", "2027", "--by", "张三"]) == 0
    kept = capsys.readouterr()
    assert "仍按原来的测算；要采用新的，请加 --take-policy。" in kept.err and "300,000.00" in kept.out
    assert cli.run(["compute", path, "--year", "2027", "--by", "张三", "--take-policy"]) == 1
    assert "“采用新政策”要两个人办" in capsys.readouterr().err
    alone = ["--take-policy", "--reason", "账簿由一人使用"]
    assert cli.run(["compute", path, "--year", "2027", "--by", "张三", *alone]) == 0
    taken = capsys.readouterr()
    assert "采用前 1 笔 300,000.00 元，采用后 1 笔 350,000.00 元，1 笔有变化。" in taken.err and "350,000.00" in taken.out
    assert cli.run(["compute", path, "--year", "2027", "--by", "张三", "--take-policy"]) == 0
    assert "采用" not in capsys.readouterr().err


def test_the_command_tells_what_the_new_policy_does_to_the_named_round_and_to_no_other(book, recognise, capsys):
    recognise("示例首批有限公司", on=date(2027, 3, 2), document_title="关于公布首批名单的通知")
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2027, *rounds.basis_for(session, 2027))
    recognise("示例次批有限公司", on=date(2027, 5, 6), document_title="关于公布次批名单的通知")
    recognise("示例次批二号有限公司", on=date(2027, 5, 6), document_title="关于公布次批名单的通知")
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2027, *rounds.basis_for(session, 2027), name="第二批")
        session.info["second"] = ALONE
        pack_change.activate(session, amended())
    path = str(book.path)
    book.close()
    assert cli.run(["compute", path, "--year", "2027", "--round", "第二批", "--by", "张三", "--take-policy", "--reason", "账簿由一人使用"]) == 0
    said = capsys.readouterr().err
    assert "采用前 2 笔 600,000.00 元，采用后 2 笔 700,000.00 元，2 笔有变化。" in said


def test_a_round_that_was_locked_with_a_pack_of_old_opens_computes_and_prints_as_before(book, recognise, tmp_path):
    recognise("示例旧账簿有限公司", on=date(2024, 9, 2), document_title="关于公布名单的通知")
    with book.action("测算", "张三") as session:
        session.add(tables.Pack(pack_id=FIRST.id, sha256=FIRST.sha256, content=FIRST.text))
        session.flush()
        made = rounds.prepare(session, 2024, FIRST, Choices.of(FIRST))
        again = rounds.compute(session, made.round.id)
    assert (again.added, again.changed) == (0, 0)
    with book.reading() as session:
        (line,) = awards.award_lines(session, made.round.id)
    assert {part.clause for part in line.parts} == {"饶府办发〔2023〕12号 一（九）"}
    text = letter_texts(book, made.round.id)["示例旧账簿有限公司"]
    assert "（饶府办发〔2023〕12号）一（九）的规定" in text
