"""Reviewed with one account, paid to that account: whatever the record of the organisation says later."""

from dataclasses import replace

import openpyxl
import pytest
from signed_kit import DAY, LATER, NEXT, NUMBER, Bureau
from sqlalchemy import select, text

from zjtx_desktop import cli
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.states import Event
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import (
    account_import,
    awards,
    budgets,
    ledger,
    letters,
    manual_amounts,
    merging,
    organisations,
    payee_changes,
    process,
    rounds,
    standings,
)
from zjtx_desktop.usecases.attachments import Scan
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.pay_to import PayTo, masked, pay_to
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.undoing import take_back
from zjtx_desktop.values import Division, Money

OLD, NEW = "3600000000000000000", "3600000000000009999"
BANK = "示例银行玉山支行"
ANEW = Words(LATER, "企业更换开户行", "企业书面申请")


@pytest.fixture
def bureau(book, recognise):
    recognise()
    return Bureau(book)


def payee(bureau):
    with bureau.book.reading() as session:
        return pay_to(session, 1)


def said(bureau):
    """The last step: its event, end and reason."""
    with bureau.book.reading() as session:
        last = process.steps(session, 1)[-1]
    return last.event, last.end, last.opinion


def changed(bureau, **more):
    """What is said besides when the account of the organisation is changed."""

    def deed(session):
        form = organisations.get(session, 1)
        organisations.change(session, 1, replace(form, **{"payee_account": NEW} | more))
        return payee_changes.told(session)

    return bureau.do(Role.CLERK, "修改企业", deed)


def test_until_the_review_an_award_follows_the_record(bureau):
    bureau.until(Event.EXAMINE)
    assert changed(bureau) == "" and bureau.award().payee_name is None
    assert payee(bureau) == PayTo("示例甲有限公司", BANK, NEW)


def test_the_review_freezes_name_bank_and_account(bureau):
    bureau.until(Event.REVIEW)
    row = bureau.award()
    assert (row.payee_name, row.payee_bank, row.payee_account) == ("示例甲有限公司", BANK, OLD)


@pytest.mark.parametrize("until", [Event.REVIEW, Event.WAIVE, Event.APPROVE])
@pytest.mark.parametrize(
    ("more", "now"),
    [
        ({}, f"示例甲有限公司，{BANK}，{NEW}"),
        ({"payee_account": OLD, "payee_bank": "另一家银行"}, f"示例甲有限公司，另一家银行，{OLD}"),
        ({"payee_account": OLD, "payee_name": "示例集团"}, f"示例集团，{BANK}，{OLD}"),
        ({"payee_account": OLD, "name": "示例甲股份公司"}, f"示例甲股份公司，{BANK}，{OLD}"),
        ({"payee_account": None}, f"示例甲有限公司，{BANK}"),
    ],
)
def test_a_change_between_review_and_letter_sends_the_award_back_with_the_reason(bureau, until, more, now):
    bureau.until(until)
    told = changed(bureau, **more)
    assert told == f"1 笔奖补已退回草稿：收款信息已变更，要从初审重新办理（{NUMBER}）。"
    assert said(bureau) == (
        Event.PAYEE_CHANGED,
        "draft",
        f"收款信息变更：复核时为示例甲有限公司，{BANK}，{OLD}；现登记为{now}",
    )
    assert bureau.award().payee_name is None
    assert check(bureau.book) == []


def test_what_does_not_touch_the_payee_sends_nothing_back(bureau):
    bureau.until(Event.APPROVE)
    assert changed(bureau, payee_account=OLD, phone="0793-0000000") == ""
    assert bureau.award().state == "approved"


def test_an_imported_account_sends_back_as_the_form_does(bureau, tmp_path):
    bureau.until(Event.REVIEW)
    workbook = openpyxl.Workbook()
    workbook.active.append(("企业名称", "开户银行", "银行账号"))
    workbook.active.append(("示例甲有限公司", BANK, NEW))
    workbook.save(tmp_path / "账户.xlsx")
    file = account_import.read_accounts(tmp_path / "账户.xlsx")

    def deed(session):
        return account_import.take_over(session, file), payee_changes.told(session)

    written, told = bureau.do(Role.CLERK, "导入收款账户", deed)
    assert written == 1 and told.startswith("1 笔奖补已退回草稿")
    assert bureau.award().state == "draft"


def test_taking_back_a_change_of_before_the_review_is_refused(bureau):
    bureau.until(Event.EXAMINE)
    bureau.change_account(NEW)
    bureau.inside(
        Role.REVIEWER,
        lambda session: process.advance(session, [NUMBER], Event.REVIEW, Words(DAY, "复核无误")),
        title="复核",
    )
    with bureau.book.action("清点", "未登录") as session:  # the step itself is no longer the last one that can be taken back
        session.add(tables.Denial(person="未登录", deed="登录", why="示例"))
    with pytest.raises(Refused, match="已用于 1 笔已复核的奖补"):
        take_back(bureau.book, bureau.staff[Role.CLERK])
    assert bureau.award().payee_account == NEW


def test_a_payee_that_changed_past_the_form_stops_approval_and_letter(bureau):
    bureau.until(Event.WAIVE)
    bureau.inside(Role.CLERK, f"UPDATE organisation SET payee_account = '{NEW}'")
    approve = lambda s: process.advance(s, [NUMBER], Event.APPROVE, Words(NEXT, "同意", "纪要"))  # noqa: E731
    (done,) = bureau.do(Role.APPROVER, "审定", approve)
    assert f"复核时的收款账户是示例甲有限公司，{BANK}，{OLD}，现在登记的是示例甲有限公司，{BANK}，{NEW}" in done.why


# -- after the letter


def paid_to(bureau):
    with bureau.book.reading() as session:
        e = tables.LedgerEntry
        return session.scalars(select(e.payee_account).where(e.kind == "paid").order_by(e.id)).all()


def test_after_the_letter_list_ledger_and_page_keep_the_account_of_the_review(bureau):
    bureau.until(Event.ISSUE)
    assert changed(bureau, payee_name="别的公司") == ""
    with bureau.book.reading() as session:
        (line,) = awards.award_lines(session, bureau.round_id)
        ours, _ = standings.part_lines(session, bureau.round_id)
    assert (line.payee, line.recorded, line.is_redirected) == (
        PayTo("示例甲有限公司", BANK, OLD),
        PayTo("别的公司", BANK, NEW),
        True,
    )
    assert (ours.payee, ours.bank, ours.account) == ("示例甲有限公司", BANK, OLD)
    bureau.pay()
    assert paid_to(bureau) == [OLD]
    assert check(bureau.book) == []


def redirect(bureau, role=Role.APPROVER, words=ANEW):
    (done,) = bureau.do(role, "变更收款账户", lambda s: process.advance(s, [NUMBER], Event.REDIRECT, words))
    return done.why


def test_what_is_left_goes_to_another_account_by_a_step_of_an_approver_who_did_not_record_it(bureau):
    bureau.until(Event.ISSUE)
    bureau.pay(fen=4_000_000)
    changed(bureau)
    assert redirect(bureau) == ""
    bureau.pay(fen=6_000_000)
    assert paid_to(bureau) == [OLD, NEW]
    assert bureau.award().state == "issued" and said(bureau)[0] is Event.REDIRECT
    assert check(bureau.book) == []


def test_a_redirection_asks_for_reason_document_duty_and_another_account(bureau):
    bureau.until(Event.ISSUE)
    assert "就是现在的" in redirect(bureau)
    changed(bureau)
    assert "要写明理由" in redirect(bureau, words=Words(LATER, "", "申请"))
    assert "要写明文件" in redirect(bureau, words=Words(LATER, "换行"))
    assert "没有“审批”岗位" in redirect(bureau, Role.CLERK)
    changed(bureau, payee_account=None)
    assert "没有登记收款账户，不能变更" in redirect(bureau)


def test_who_recorded_the_new_account_does_not_redirect_to_it(bureau):
    bureau.until(Event.ISSUE)
    me = bureau.staff[Role.APPROVER].name
    bureau.give(me, Role.CLERK, Role.APPROVER)
    bureau.change_account(NEW, Role.APPROVER)
    assert "已经办理过这笔奖补的“登记收款账户”，不能再办“变更收款账户”" in redirect(bureau)


def test_the_command_redirects(book, recognise, capsys):
    recognise()
    with book.action("登记账户", "张三") as session:
        session.execute(text(f"UPDATE organisation SET payee_bank = '{BANK}', payee_account = '{OLD}'"))
    with book.action("下达", "张三") as session:
        letters.issue(session, rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id, DAY)
    with book.action("换账户", "张三") as session:
        session.execute(text(f"UPDATE organisation SET payee_account = '{NEW}'"))
    book.close()
    command = ["advance", str(book.path), "--year", "2024", "--event", "变更收款账户", "--by", "张三", "--opinion", "换行"]
    assert cli.run([*command, "--on", "2024-12-20", "--document", "申请"]) == 1
    assert "要写明是哪一笔" in capsys.readouterr().err
    assert cli.run([*command, "--on", "2024-12-20", "--document", "申请", "--award", NUMBER]) == 0
    assert "变更收款账户 1 笔" in capsys.readouterr().out


# -- one user


def test_in_a_book_of_one_user_the_letter_freezes_and_an_account_that_was_missing_may_follow(book, recognise):
    recognise()
    with book.action("下达", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
        letters.issue(session, round_id, DAY)
    with book.action("补账户", "张三") as session:
        organisations.change(session, 1, replace(organisations.get(session, 1), payee_bank=BANK, payee_account=OLD))
    with book.action("拨付", "张三") as session:
        part = standings.part_lines(session, round_id)[0]
        assert (part.payee, part.account) == ("示例甲有限公司", OLD)
        ledger.pay(session, PaymentOrder(part.id, part.standing.payable, LATER, "凭证", "k"))
    assert check(book) == []


# -- who sets an amount does not approve it


def all_duties(bureau):
    me = bureau.staff[Role.APPROVER].name
    bureau.give(me, Role.CLERK, Role.REVIEWER, Role.APPROVER)


def set_by_hand(session):
    form = manual_amounts.ManualForm(manual_amounts.Payer.BENEFICIARY, Division("361123"), Money(20_000_000), "会议决定", "纪要")
    manual_amounts.set_amount(session, NUMBER, form, Scan("纪要.pdf", b"%PDF-1.4 example"))


def budget(session):
    budgets.set_budget(session, 1, manual_amounts.Payer.BENEFICIARY, Division("361123"), Money(100_000_000), "预算批复")


def decide(session):
    session.add(tables.Decision(recognition_id=1, question="x", award=True, reason="示例", by_name=session.info["by"]))


DEEDS = {"人工核定": set_by_hand, "登记预算": budget}


@pytest.mark.parametrize("did", DEEDS)
def test_who_settled_an_amount_does_not_approve_it_and_another_does(bureau, did):
    all_duties(bureau)
    bureau.do(Role.APPROVER, did, DEEDS[did])
    bureau.until(Event.WAIVE)
    approve = lambda s: process.advance(s, [NUMBER], Event.APPROVE, Words(NEXT, "同意", "纪要"))  # noqa: E731
    (done,) = bureau.do(Role.APPROVER, "审定", approve)
    assert f"已经办理过这笔奖补的“{did}”，不能再办“审定”" in done.why
    bureau.switch(False, "只有一人")
    (done,) = bureau.do(Role.APPROVER, "审定", approve)
    assert done.is_done
    assert check(bureau.book) == []


@pytest.mark.parametrize("did", ["裁定待定事项", "确定口径和标准"])
def test_a_decision_and_the_choices_of_a_round_are_such_deeds(bureau, did):
    if did == "裁定待定事项":
        bureau.inside(Role.APPROVER, decide)
    else:
        bureau.inside(Role.APPROVER, "UPDATE round SET choices = json_remove(choices, '$.nothing') || ' '")
    with bureau.book.reading() as session:
        deed = next(one for one in process.Deed if one.label == did)
        assert process.hands(session, bureau.award(), deed) == {bureau.staff[Role.APPROVER].name}


def test_the_check_finds_who_approved_what_the_own_hands_had_settled(bureau):
    """The rule kept from the library's hand: the amount set and approved by one person, inside signed actions."""
    all_duties(bureau)
    bureau.do(Role.APPROVER, "登记预算", budget)
    bureau.until(Event.WAIVE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "_check_hands", lambda *_given: None)
        bureau.take(Event.APPROVE)
    (found,) = check(bureau.book)
    assert f"第 4 步“审定”（{bureau.staff[Role.APPROVER].name}）" in found and "也办过“登记预算”，不能再办“审定”" in found


def test_an_account_in_a_list_shows_its_last_digits():
    assert (masked(OLD), masked("12"), masked(None)) == ("**** 0000", "****", "")


# -- organisations that are merged


@pytest.fixture
def two(book, recognise):
    recognise()
    recognise("示例乙有限公司", "single_champion")
    return Bureau(book)


def merge(bureau, keep, other, **more):
    def deed(session):
        merging.merge(session, keep, other, "同一家单位", **more)
        return payee_changes.told(session)

    return bureau.do(Role.CLERK, "合并单位", deed)


def test_an_award_whose_payee_a_merge_changes_goes_back(two):
    two.until(Event.APPROVE)
    assert merge(two, 2, 1).startswith("1 笔奖补已退回草稿")
    assert two.award().state == "draft"
    assert check(two.book) == []


def test_an_issued_award_goes_along_and_keeps_its_payee(two):
    two.until(Event.ISSUE)
    assert merge(two, 2, 1) == ""
    row = two.award()
    assert (row.organisation_id, row.payee_name, row.payee_account) == (2, "示例甲有限公司", OLD)
    two.pay()
    assert paid_to(two) == [OLD]
    assert check(two.book) == []
    take = Words(LATER, "核对", "纪要")
    (done,) = two.do(Role.APPROVER, "变更收款账户", lambda s: process.advance(s, [NUMBER], Event.REDIRECT, take))
    assert (done.why, two.award().payee_name) == ("", "示例乙有限公司"), "the city's part is still to be paid"
    assert check(two.book) == []


def test_a_double_that_a_merge_voids_is_sound_and_so_is_taking_it_back(book, recognise):
    recognise()
    recognise("示例甲有限公司（江西）")
    bureau = Bureau(book)
    for event in (Event.EXAMINE,):
        bureau.take(event, number="361123-2024-00002")
    send_back = lambda s: process.advance(s, ["361123-2024-00002"], Event.SEND_BACK, Words(NEXT, "重复"))  # noqa: E731
    bureau.do(Role.REVIEWER, "退回", send_back)
    bureau.until(Event.EXAMINE)
    merge(bureau, 1, 2)
    with book.reading() as session:
        states = dict(session.execute(select(tables.Award.number, tables.Award.state)).all())
    assert states == {NUMBER: "examined", "361123-2024-00002": "voided"}
    assert check(book) == []
    take_back(book, bureau.staff[Role.CLERK])
    assert check(book) == []


def test_an_award_that_is_hung_on_another_organisation_is_named(two):
    two.until(Event.APPROVE)
    two.inside(Role.CLERK, f"UPDATE award SET organisation_id = 2 WHERE number = '{NUMBER}'")
    (found,) = check(two.book)
    assert "依据在最后一步以后被改动" in found
