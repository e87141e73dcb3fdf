"""合并单位: two records of one organisation become one; nothing is lost, nothing is awarded twice."""

from datetime import date

import process_kit as kit
import pytest
from sqlalchemy import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import Denied, NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import (
    attachments, awards, credit, ledger, letters, merging, organisations, past_awards, recognitions, rounds, treasuries,
    year_end,
)
from zjtx_desktop.usecases.attachments import Scan
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.list_file import ListDefaults, read_list
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.outcomes import Status
from zjtx_desktop.usecases.owners import Owners
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.record_history import history_of
from zjtx_desktop.usecases.undoing import offered, take_back, do_again
from zjtx_desktop.values import CreditCode, Division, Money, Share

ME = Actor("张三")
CODE = CreditCode("91361123MA0000001R")
VALID = CreditCode(CODE.text[:-1] + CODE.expected_check)
SECOND = CreditCode("91361123MA0000002P")
SECOND = CreditCode(SECOND.text[:-1] + SECOND.expected_check)
WRONG = CreditCode("91361123MA0000009" + ("1" if CreditCode("91361123MA00000091").expected_check != "1" else "2"))
YUSHAN, GUANGFENG = Division("361123"), Division("361103")
COUNTED = (
    tables.Organisation, tables.FormerName, tables.Beneficiary, tables.Recognition, tables.Award, tables.AwardPart,
    tables.RoundItem, tables.PastAward, tables.CreditCheck, tables.Attachment, tables.Decision, tables.ManualAmount,
)  # fmt: skip


def state_of(book):
    """Every row that a merge may touch, to compare before and after."""
    with book.reading() as session:
        return {t.__tablename__: [row.model_dump() for row in session.scalars(select(t).order_by(t.id))] for t in COUNTED}


def organisation(book, name, **more):
    """An organisation by its form; its id."""
    with book.action(f"登记{name}", "张三") as session:
        return organisations.register(session, OrganisationForm(name=name, **more))


def merge(book, keep, other, reason="营业执照同一", take=(), actor=ME):
    return perform(book, "合并单位", actor, lambda session: merging.merge(session, keep, other, reason, take))


def preview(book, keep, other):
    with book.reading() as session:
        return merging.preview(session, keep, other)


def form_of(book, record):
    with book.reading() as session:
        return organisations.get(session, record)


def award_rows(book):
    with book.reading() as session:
        rows = session.scalars(select(tables.Award).order_by(tables.Award.id)).all()
        return {row.number: (row.state, row.organisation_id, row.recognition_id) for row in rows}


def owner_of(book, recognition):
    with book.reading() as session:
        return session.get_one(tables.Recognition, recognition).organisation_id


def issue(book, round_id):
    with book.action("下达", "张三") as session:
        return letters.issue(session, round_id, date(2024, 12, 20))


def vars_of(form):
    return {name: getattr(form, name) for name in form.__dataclass_fields__}


def kept_out(book, number):
    kit.do(book, Event.EXCLUDE, number, by="张三", words=Words(date(2024, 12, 3), "先放一放"))


def readmit(book, number):
    kit.do(book, Event.READMIT, number, by="张三", words=Words(date(2024, 12, 3), "恢复"))


def pay(book, number):
    with book.action("拨付", "张三") as session:
        row = kit.award(session, number)
        (part,) = session.scalars(select(tables.AwardPart).where(tables.AwardPart.award_id == row.id)).all()
        ledger.pay(session, PaymentOrder(part.id, Money(part.fen), date(2024, 12, 21), f"凭证{part.id}", f"k{part.id}"))


def letters_of(book):
    with book.reading() as session:
        rows = session.scalars(select(tables.Document).order_by(tables.Document.id))
        return [(row.number, row.snapshot, row.content_id, row.voided, row.award_id) for row in rows]


def test_everything_that_both_had_is_under_one_identity(book, recognise):
    named = recognise("示例甲有限公司")
    coded = recognise("示例甲（江西）有限公司", title="srdi_sme", level=Level.PROVINCIAL, on=date(2023, 5, 4))
    keep, other = owner_of(book, coded), owner_of(book, named)
    with book.action("补登记", "张三") as session:
        form = organisations.get(session, keep)
        organisations.change(session, keep, OrganisationForm(**vars_of(form) | {"credit_code": VALID, "note": "老客户"}))
        form = organisations.get(session, other)
        more = {"former_names": ("示例甲厂",), "payee_bank": "示例银行", "payee_account": "36001", "contact": "李四"}
        organisations.change(session, other, OrganisationForm(**vars_of(form) | more))
        past_awards.register(session, other, PastAwardForm("srdi_sme", Level.PROVINCIAL, 2021, Money.parse("10万"), Money(0), "玉财企〔2021〕7号"))
        credit.record(session, [other], date(2024, 1, 5), "“信用中国”网站", True)
        attachments.attach(session, "organisation", other, Scan("执照.pdf", b"%PDF-1.7 x"))
    before = state_of(book)
    done = merge(book, keep, other)
    assert done.sentence == "已合并为“示例甲（江西）有限公司”，并入 1 条认定、1 笔历史奖励。"
    form = form_of(book, keep)
    assert (form.name, form.credit_code, form.former_names) == ("示例甲（江西）有限公司", VALID, ("示例甲厂", "示例甲有限公司"))
    assert (form.payee_bank, form.payee_account, form.contact) == ("示例银行", "36001", "李四")
    assert form.note == "老客户\n“示例甲有限公司”并入本单位：营业执照同一"
    after = state_of(book)
    assert {row["organisation_id"] for name in ("recognition", "past_award", "credit_check") for row in after[name]} == {keep}
    assert [row["subject_id"] for row in after["attachment"]] == [keep]
    assert len(after["recognition"]) == len(before["recognition"]) == 2
    with pytest.raises(NotFound):
        form_of(book, other)
    with book.reading() as session:
        for text in ("示例甲有限公司", "示例甲(江西)有限公司", "示例甲厂", VALID.text):
            assert organisations.known_as(session, text) == (keep,)
        assert {change.record for change in history_of(session, "organisation", keep)} >= {"历史奖励", "信用核查", "附件“执照.pdf”"}
    assert check(book) == []
    assert take_back(book, ME) == "合并单位"
    assert state_of(book) == before and check(book) == []
    do_again(book, ME)
    assert state_of(book) == after and check(book) == []


def test_the_number_that_is_given_up_still_finds_the_survivor(book):
    keep = organisation(book, "示例甲有限公司", credit_code=VALID)
    other = organisation(book, "示例甲实业有限公司", credit_code=WRONG, code_reason="执照如此")
    seen = preview(book, other, keep)
    code = next(fact for fact in seen.facts if fact.key == "credit_code")
    assert (code.choosable, code.from_other) == (False, True)  # the valid one stays, whichever record does
    merge(book, other, keep)
    assert form_of(book, other).credit_code == VALID and form_of(book, other).code_reason is None
    with book.reading() as session:
        assert organisations.known_as(session, WRONG.text) == (other,)
        assert [line.id for line in organisations.suggestions(session, WRONG.text[4:16])] == [other]
        owner, why = Owners(session).find("示例甲有限公司", WRONG)
        assert (owner.id, why) == (other, "")
        assert organisations.holder(session, WRONG, "别的公司") == "示例甲实业有限公司"
    with pytest.raises(Refused, match="已并入“示例甲实业有限公司”"):
        organisation(book, "示例乙有限公司", credit_code=WRONG, code_reason="执照如此")


def test_the_clerk_chooses_the_name_and_what_differs(book):
    share = {"shares": (Share(YUSHAN, 1),), "shares_evidence": "税务证明"}
    keep = organisation(book, "示例甲", credit_code=VALID, division=YUSHAN, contact="王五", payee_account="1", **share)
    other = organisation(
        book, "示例甲有限公司", division=GUANGFENG, contact="李四", payee_account="2", payee_bank="行",
        shares=(Share(GUANGFENG, 1),), shares_evidence="区税务证明",
    )  # fmt: skip
    seen = preview(book, keep, other)
    assert [fact.key for fact in seen.facts if fact.choosable] == ["name", "division", "treasuries", "account", "contact"]
    with pytest.raises(Refused, match="“联系电话”两边没有不同"):
        merge(book, keep, other, take=("phone",))
    merge(book, keep, other, take=("name", "account", "treasuries"))
    form = form_of(book, keep)
    assert (form.name, form.former_names, form.credit_code) == ("示例甲有限公司", ("示例甲",), VALID)
    assert (form.division, form.contact, form.payee_bank, form.payee_account) == (YUSHAN, "王五", "行", "2")
    assert (form.shares, form.shares_evidence) == ((Share(GUANGFENG, 1),), "区税务证明")
    with book.reading() as session:
        assert treasuries.confirmation(session, keep).by == "张三"


def test_two_valid_codes_are_two_organisations(book):
    keep = organisation(book, "示例甲有限公司", credit_code=VALID)
    other = organisation(book, "示例甲公司", credit_code=SECOND)
    before = state_of(book)
    with pytest.raises(Refused, match="都有效而不同"):
        merge(book, keep, other)
    with pytest.raises(Refused, match="同一家"):
        merge(book, keep, keep)
    with pytest.raises(Refused, match="没有写明理由"):
        merge(book, keep, other, " ")
    assert state_of(book) == before


@pytest.fixture
def twice(book, recognise):
    """The same recognition under two records, each in the round of its year; its recognitions and organisations."""
    sme = {"title": "srdi_sme", "level": Level.PROVINCIAL}
    one = recognise("示例甲有限公司", batch="第六批", **sme)
    two = recognise("示例甲公司", batch="第6批", document_number=None, **sme)
    return one, two, owner_of(book, one), owner_of(book, two)


def test_a_doubled_recognition_without_awards_is_one_with_what_either_says(book, twice):
    one, two, keep, other = twice
    with book.action("补", "张三") as session:
        session.get_one(tables.Recognition, two).certificate = "证书 7"
    (double,) = preview(book, keep, other).doubles
    assert double.sentence == "“江西省专精特新中小企业”两边都有登记，是同一项认定，合并为一条。"
    merge(book, keep, other)
    with book.reading() as session:
        assert [line.id for line in recognitions.of_organisation(session, keep)] == [one]
        assert recognitions.get(session, one).certificate == "证书 7"
    assert check(book) == []


def test_of_two_drafts_one_is_left_and_the_undo_brings_the_other_back(book, twice):
    one, two, keep, other = twice
    kit.compute(book)
    before = state_of(book)
    assert len(award_rows(book)) == 2
    merge(book, keep, other)
    assert award_rows(book) == {f"361123-2024-{one:05}": ("draft", keep, one)}
    assert len(state_of(book)["round_item"]) == 1 and check(book) == []
    take_back(book, ME)
    assert state_of(book) == before and check(book) == []


def test_a_paid_award_stays_and_the_draft_of_the_other_goes(book, twice):
    one, two, keep, other = twice
    round_id = kit.compute(book)
    with book.action("待发", "张三") as session:
        awards_of = {row.recognition_id: row.number for row in session.scalars(select(tables.Award))}
    kept_out(book, awards_of[one])
    issue(book, round_id)
    pay(book, awards_of[two])
    paid = letters_of(book)
    readmit(book, awards_of[one])
    with book.reading() as session:
        entries = [row.model_dump() for row in session.scalars(select(tables.LedgerEntry))]
    merge(book, keep, other)
    rows = award_rows(book)
    assert rows[awards_of[two]] == ("paid", keep, two)
    assert rows[awards_of[one]] == ("voided", keep, two)  # it was excluded and taken up again: its steps stay on record
    assert letters_of(book) == paid and check(book) == []
    with book.reading() as session:
        assert [row.model_dump() for row in session.scalars(select(tables.LedgerEntry))] == entries
        lines = {line.number: line for line in awards.award_lines(session, round_id)}
    assert lines[awards_of[two]].facts.organisation == "示例甲公司"
    assert (lines[awards_of[two]].replaces, lines[awards_of[two]].replaced_by) == (awards_of[one], "")
    assert lines[awards_of[one]].void_reason.startswith("合并单位，与")
    kit.compute(book)
    assert set(award_rows(book)) == set(awards_of.values())  # nothing is awarded anew


def test_two_issued_awards_are_refused_until_one_is_voided_and_reprint_as_they_were(book, twice):
    one, two, keep, other = twice
    issue(book, kit.compute(book))
    numbers = list(award_rows(book))
    before = state_of(book)
    with pytest.raises(Refused) as refused:
        merge(book, keep, other)
    assert str(refused.value) == (
        f"“江西省专精特新中小企业”两边各有一笔奖补：{numbers[0]}（已下达）、{numbers[1]}（已下达）。"
        "同一项认定只能奖励一次，请先作废已下达的一笔，再合并。"
    )
    assert state_of(book) == before
    pay(book, numbers[0])
    with pytest.raises(Refused, match="请先作废已下达的一笔"):
        merge(book, keep, other)
    with book.action("作废", "张三") as session:
        awards.void(session, numbers[1], "重复", date(2024, 12, 22))
    papers, before = letters_of(book), state_of(book)
    with book.action("补打", "张三") as session:
        printed = [letters.reprint(session, number) for number in (1, 2)]
    merge(book, keep, other)
    assert award_rows(book) == {numbers[0]: ("paid", keep, one), numbers[1]: ("voided", keep, one)}
    with book.reading() as session:
        lines = awards.award_lines(session, 1)
    assert [(line.replaces, line.replaced_by) for line in lines] == [(numbers[1], ""), ("", numbers[0])]
    assert letters_of(book) == papers and check(book) == []
    with book.action("补打", "张三") as session:
        assert [letters.reprint(session, number) for number in (1, 2)] == printed
    assert take_back(book, ME) == "合并单位"
    assert state_of(book) == before and check(book) == []


def test_both_paid_is_refused_with_the_way_out(book, twice):
    one, two, keep, other = twice
    issue(book, kit.compute(book))
    for number in award_rows(book):
        pay(book, number)
    with pytest.raises(Refused, match="请先把多付的一笔登记退回并作废，再合并"):
        merge(book, keep, other)


def test_two_under_way_are_refused_until_one_is_sent_back_and_the_other_goes_on(book, twice):
    one, two, keep, other = twice
    round_id = kit.compute(book)
    kit.staff(book)
    first, second = award_rows(book)
    with book.action("登记收款单位", kit.CLERK) as session:  # one payee for both: the merge sends nothing back
        for row in session.scalars(select(tables.Organisation)).all():
            row.payee_name = "示例收款单位"
    for number in (first, second):
        kit.until(book, round_id, number, Event.REVIEW)
    clerk = Actor(kit.CLERK)
    with pytest.raises(Refused, match="请先把在办的一笔退回，再合并"):
        merge(book, keep, other, actor=clerk)
    kit.do(book, Event.SEND_BACK, first)
    with pytest.raises(Denied, match="没有“经办”岗位"):
        merge(book, keep, other, actor=Actor(kit.REVIEWER))
    merge(book, keep, other, actor=clerk)
    rows = award_rows(book)
    assert rows == {first: ("voided", keep, two), second: ("reviewed", keep, two)}
    kit.publish(book, round_id, second)
    for step in (Event.CLEAR, Event.APPROVE):
        assert [one.why for one in kit.do(book, step, second)] == [""]
    assert kit.state(book, second) == "approved" and check(book) == []


def test_what_was_excluded_stays_excluded_over_a_draft(book, twice):
    one, two, keep, other = twice
    kit.compute(book)
    first, second = award_rows(book)
    kept_out(book, second)
    (double,) = preview(book, keep, other).doubles
    assert double.sentence.endswith(f"合并为一条，保留 {second}（不予奖励），{first}（草稿）删去。")
    merge(book, keep, other)
    assert award_rows(book) == {second: ("excluded", keep, two)} and check(book) == []


def test_twins_that_nothing_tells_apart_are_asked_about(book, recognise):
    one = recognise("示例甲有限公司", on=None, document_number=None, batch="第六批")
    two = recognise("示例甲公司", document_number=None, label_year=None)
    keep, other = owner_of(book, one), owner_of(book, two)
    with pytest.raises(Refused, match="看不出是不是同一项。请先补填其中一条"):
        merge(book, keep, other)


def test_other_batches_are_other_recognitions_and_drafts_are_judged_again(book, recognise):
    one = recognise("示例甲有限公司", batch="第五批", on=date(2023, 7, 14))
    two = recognise("示例甲公司", batch="第六批")
    keep, other = owner_of(book, one), owner_of(book, two)
    first, second = kit.compute(book, 2023), kit.compute(book, 2024)
    issue(book, first)
    before = kit.lines(book, second)
    assert [line.verdict for line in before.values()] == [Verdict.AWARD]
    merge(book, keep, other)
    (now,) = kit.lines(book, second).values()
    assert now.verdict is Verdict.UNDECIDED and now.questions == ("rewarded_before",)
    assert now.facts.organisation == "示例甲有限公司"
    assert check(book) == []


def test_a_title_that_both_were_rewarded_for_is_told(book, recognise):
    one = recognise("示例甲有限公司", batch="第五批")
    two = recognise("示例甲公司", batch="第六批")
    keep, other = owner_of(book, one), owner_of(book, two)
    issue(book, kit.compute(book))
    assert "两边都奖励过“国家级专精特新‘小巨人’企业”（361123-2024-00001（已下达）、361123-2024-00002（已下达））" in "".join(
        preview(book, keep, other).remarks
    )
    merge(book, keep, other)
    assert {row[1] for row in award_rows(book).values()} == {keep} and check(book) == []


def test_contradicting_decisions_are_asked_anew(book, twice):
    one, two, keep, other = twice
    with book.action("裁定", "张三") as session:
        for recognition, award in ((one, True), (two, False)):
            for question in ("again",) if award else ("again", "other"):
                session.add(tables.Decision(recognition_id=recognition, question=question, award=award, reason="理由", by_name="张三"))
    merge(book, keep, other)
    assert [(row["recognition_id"], row["question"]) for row in state_of(book)["decision"]] == [(one, "other")]


def test_an_amount_by_hand_goes_along_or_has_to_be_withdrawn(book, twice):
    one, two, keep, other = twice
    amount = {"payer": "beneficiary", "division": "361123", "fen": 12_000_000, "reason": "r", "document": "d", "by_name": "张三"}
    with book.action("人工核定", "张三") as session:
        session.add(tables.ManualAmount(recognition_id=two, **amount))
    assert preview(book, keep, other).problems == ()
    with book.action("人工核定", "张三") as session:
        session.add(tables.ManualAmount(recognition_id=one, **amount))
    with pytest.raises(Refused, match="请先取消这项人工核定"):
        merge(book, keep, other)
    with book.action("撤回", "张三") as session:
        session.delete(session.get_one(tables.ManualAmount, 2))
    merge(book, keep, other)
    assert [row["recognition_id"] for row in state_of(book)["manual_amount"]] == [one]


def test_a_past_award_that_both_have_is_one_and_two_amounts_are_refused(book):
    keep, other = organisation(book, "示例甲有限公司"), organisation(book, "示例甲公司")
    form = PastAwardForm("srdi_sme", Level.PROVINCIAL, 2021, Money.parse("10万"), Money(0), "玉财企〔2021〕7号")
    with book.action("历史", "张三") as session:
        past_awards.register(session, keep, form)
        wrong = past_awards.register(session, other, PastAwardForm(**vars_of(form) | {"beneficiary": Money.parse("5万")}))
    with pytest.raises(Refused, match="金额不同（100,000.00 元、50,000.00 元）"):
        merge(book, keep, other)
    with book.action("改正", "张三") as session:
        past_awards.change(session, wrong, form)
        past_awards.register(session, other, PastAwardForm(**vars_of(form) | {"source": "凭证 9"}))
    (remark,) = preview(book, keep, other).remarks
    assert remark.startswith("两边都奖励过“江西省专精特新中小企业”（历史：玉财企〔2021〕7号、历史：凭证 9），请核对：历史奖励登记了两遍的，删去一笔")
    merge(book, keep, other)
    assert [(row["organisation_id"], row["source"]) for row in state_of(book)["past_award"]] == [
        (keep, "玉财企〔2021〕7号"), (keep, "凭证 9"),
    ]  # fmt: skip


def test_it_is_taken_back_until_an_award_of_it_is_locked(book, recognise):
    one = recognise("示例甲有限公司")
    keep, other = owner_of(book, one), organisation(book, "示例甲公司", contact="李四")
    round_id = kit.compute(book)
    merge(book, keep, other)
    assert offered(book, ME) == ("合并单位", "")
    issue(book, round_id)
    with pytest.raises(Refused, match="“合并单位”以后，奖补 361123-2024-00001 已下达，不能撤销或重做"):
        take_back(book, ME)
    assert owner_of(book, one) == keep and check(book) == []


def test_only_whoever_merged_takes_it_back_and_decisions_do_not_hinder(book, twice):
    one, two, keep, other = twice
    with book.action("裁定", "张三") as session:
        session.add(tables.Decision(recognition_id=two, question="again", award=True, reason="理由", by_name="张三"))
    kit.staff(book, kit.STAFF | {"经办戊": Role.CLERK})
    before = state_of(book)
    merge(book, keep, other, actor=Actor(kit.CLERK))
    with pytest.raises(Denied, match="只能由本人撤销"):
        take_back(book, Actor("经办戊"))
    take_back(book, Actor(kit.CLERK))
    assert state_of(book) == before


def test_a_list_that_was_locked_anew_bars_the_way_back(book, twice):
    one, two, keep, other = twice
    round_id = kit.compute(book)
    merge(book, keep, other)
    with book.action("解锁", "张三") as session:
        rounds.unlock(session, round_id)
    with pytest.raises(Refused, match="2024 年度第一批的名单重新锁定过|后来又改过"):
        take_back(book, ME)
    assert check(book) == []


def test_what_belongs_to_a_closed_year_stays_where_it_is(book, recognise):
    one = recognise("示例甲有限公司", title="srdi_sme", level=Level.PROVINCIAL)
    closed, open_one = owner_of(book, one), organisation(book, "示例甲公司", credit_code=VALID)
    issue(book, kit.compute(book))
    (number,) = award_rows(book)
    pay(book, number)
    kit.do(book, Event.ARCHIVE, number, by="张三", words=Words(date(2024, 12, 22)))
    with book.action("结账", "张三") as session:
        year_end.close_year(session, 2024, date(2024, 12, 31))
    with pytest.raises(Refused, match="2024 年度已由张三于2024年12月31日结账，.*请改为保留“示例甲有限公司”"):
        merge(book, open_one, closed)
    merge(book, closed, open_one, take=("name",))
    assert form_of(book, closed).credit_code == VALID and award_rows(book)[number][1] == closed and check(book) == []


def test_a_list_with_the_old_number_or_name_finds_the_survivor(book, tmp_path):
    keep = organisation(book, "示例甲有限公司", credit_code=VALID)
    other = organisation(book, "示例甲实业有限公司", credit_code=WRONG, code_reason="执照如此")
    merge(book, keep, other)
    path = tmp_path / "名单.csv"
    rows = ("企业名称,统一社会信用代码,批次", f"示例甲实业有限公司,{VALID},第一批", "示例甲实业有限公司,,第二批", f"示例甲有限公司,{WRONG},第三批")
    path.write_text("\n".join(rows), encoding="utf-8")
    given = ListDefaults(title="srdi_sme", level=Level.PROVINCIAL, kind=Kind.NEW, label_year=2024, document_date=date(2024, 9, 2))
    parsed = read_list(path).parse(given, date(2026, 3, 1))
    with book.action("导入", "张三") as session:
        plan = Plan(session, parsed)
        assert [one.status for one in plan.outcomes[:2]] == [Status.NEW] * 2, plan.outcomes
        plan.take_over(session, "名单.csv", "x")
    assert {row["organisation_id"] for row in state_of(book)["recognition"]} == {keep}
    assert len(state_of(book)["organisation"]) == 1 and form_of(book, keep).credit_code == VALID
