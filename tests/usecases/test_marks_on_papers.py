"""人工核定, 封顶 and 替代 stand on everything that leaves the office, and the sums still agree to the fen."""

from datetime import date

import openpyxl
import process_kit as kit
import pytest
from test_amounts_by_hand import OURS, SCAN
from test_year_end import LAST

from zjtx_desktop import headless_rounds
from zjtx_desktop.documents.joining import opened
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.switches import YEARLY_CAP
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.usecases import (
    approvals,
    award_statement,
    awards,
    corrections,
    dossier,
    letters,
    manual_amounts,
    printouts,
    rounds,
    submissions,
    year_end_list,
)
from zjtx_desktop.usecases.checks import check

DAY = date(2024, 12, 2)
BY_HAND, CAPPED = "人工核定（按政策300,000.00元）", "封顶（封顶前受益财政100,000.00元）"


@pytest.fixture
def marked(book, recognise):
    """Of one firm an award by hand and a later one that the cap of 15 万 leaves 3 万; both issued, the round's id."""
    recognise()
    recognise(title="single_champion", level=Level.PROVINCIAL, on=date(2024, 10, 8), organisation=1)
    with book.action("测算", "张三") as session:
        pack, choices = rounds.basis_for(session, 2024)
        capped = choices.changed(pack, {YEARLY_CAP: "15万"}, (), {YEARLY_CAP: "玉府办发〔2024〕9号"})
        round_id = rounds.prepare(session, 2024, pack, capped).round.id
    with book.action("人工核定", "张三") as session:
        manual_amounts.set_amount(session, "361123-2024-00001", OURS, SCAN)
    with book.action("下达", "张三") as session:
        letters.issue(session, round_id, DAY)
    return round_id


def text_of(path_or_bytes) -> str:
    data = path_or_bytes if isinstance(path_or_bytes, bytes) else path_or_bytes.read_bytes()
    with opened(data) as reader:
        return "".join("".join(page.extract_text().split()) for page in reader.pages)


def write(book, writer, *args):
    with book.reading() as session:
        return writer(session, *args)


def test_the_amounts_are_what_was_set_and_what_the_cap_left(book, marked):
    one, two = kit.lines(book, marked).values()
    assert [(line.paid_by(Payer.BENEFICIARY).wan, line.total.wan) for line in (one, two)] == [("12", "32"), ("3", "3")]
    with book.reading() as session:
        sums = awards.totals(awards.award_lines(session, marked))
    assert (sums.beneficiary.wan, sums.municipal.wan) == ("15", "20")
    assert check(book) == []


def test_the_letter_says_that_the_amount_was_set_by_hand(book, marked):
    with book.reading() as session:
        first, second = letters.register(session, marked)
        texts = [text_of(letters.view(session, one.id)[1]) for one in (first, second)]
    assert "承担120000.00元，金额为人工核定" in texts[0]
    assert "根据《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项的规定" in texts[0]
    assert "人工核定" not in texts[1]


def test_the_explanation_tells_both_figures_and_why(book, marked, tmp_path):
    write(book, printouts.write_basis_of, marked, tmp_path / "依据.pdf", DAY)
    text = text_of(tmp_path / "依据.pdf")
    for said in (BY_HAND, CAPPED, "第一条第（九）项，人工核定", "核定为120,000.00元（理由：县政府专题会议决定；依据：玉府专纪〔2024〕6号"):
        assert said in text
    assert "本项由10万元减为3万元" in text


def test_the_approval_sheet_the_statement_and_the_dossier_mark_them(book, marked, tmp_path):
    write(book, approvals.write_approvals, marked, tmp_path / "审批表.pdf", DAY)
    write(book, award_statement.write_statement, 1, tmp_path / "情况表.pdf", DAY)
    for said in (BY_HAND, CAPPED):
        assert said in text_of(tmp_path / "审批表.pdf")
    assert "人工核定" in text_of(tmp_path / "情况表.pdf") and "封顶" in text_of(tmp_path / "情况表.pdf")
    assert sorted(award.marks for award in write(book, dossier.dossier, 1).awards) == ["人工核定", "封顶"]


def test_the_workbook_marks_them_in_the_detail_and_counts_them_in_its_control_sheet(book, marked, tmp_path):
    with book.action("导出", "张三") as session:
        line = rounds.find_round(session, 2024)
        submissions.send(session, line, tmp_path / "报送表.xlsx", DAY, "张三")
    sheets = openpyxl.load_workbook(tmp_path / "报送表.xlsx")
    remarks = [str(row[-1].value) for row in sheets["明细表"].iter_rows() if row[-1].value]
    assert any("人工核定（按政策 300,000.00 元）" in text for text in remarks)
    assert any("封顶（封顶前受益财政 100,000.00 元）" in text for text in remarks)
    control = {row[1].value: row[2].value for row in sheets["校验"].iter_rows(min_row=3)}
    assert (control["人工核定的奖励笔数"], control["封顶核减的奖励笔数"]) == ("1", "1")
    assert "350,000.00" in control["奖励总计"]


def test_the_json_of_the_command_has_both_figures(book, marked):
    path = book.path
    book.close()
    answer = headless_rounds.compute_year(path, 2024, "张三")
    one, two = answer.data["awards"]
    assert (one["manual"], one["by_policy_fen"], one["capped"]) == (True, 30_000_000, False)
    assert (two["capped"], two["uncapped_fen"], two["manual"]) == (True, 10_000_000, False)
    assert "，人工核定（按政策 300,000.00 元）" in answer.lines[0]


def test_the_letter_of_a_correction_names_the_one_it_replaces(book, marked):
    with book.action("更正", "张三") as session:
        made = corrections.redo(session, "361123-2024-00002", "称号写错", DAY)
        (letter,) = letters.issue(session, marked, DAY, [made.number])
    with book.reading() as session:
        old = next(one for one in letters.register(session, marked) if one.award_number == made.replaces)
        issued, pdf = letters.view(session, letter.id)
    assert issued.replaces == old.number
    assert f"本通知印发后，原{old.number}作废。" in text_of(pdf)
    assert kit.lines(book, marked)[made.number].total.wan == "3"


def test_the_list_of_what_is_left_is_printed_with_its_sums(book, marked):
    pdf, count = write(book, year_end_list.year_end_pdf, 2024, LAST)
    assert count == 3
    text = text_of(pdf)
    assert "按事项：市级资金未到账1笔200,000.00元；未付清2笔150,000.00元。" in text
    assert "按财政：上饶市本级（市级财政）200,000.00元；玉山县（受益财政）150,000.00元。" in text
