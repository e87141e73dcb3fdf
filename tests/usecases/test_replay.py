"""What no honest program does, done inside ordinary signed actions of its own library: each is named by the check."""

import pytest
from old_kit import make_old
from people_kit import CHEAP, FIRST, TODAY, manage
from signed_kit import DAY, LATER, NEXT, NUMBER, Bureau
from sqlalchemy import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import Event
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.usecases import ledger, letters, people, process, replay, standings
from zjtx_desktop.usecases.award_digest import content_now, digest
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.process import Words

OTHER = "3600000000000009999"


@pytest.fixture
def bureau(book, recognise):
    recognise()
    recognise("示例乙有限公司", "single_champion")
    return Bureau(book)


def step(event, start, end, person, **more):
    """A step with its true digest, as the library would lay it down for whoever calls it."""

    def add(session):
        award = session.scalars(select(tables.Award).where(tables.Award.number == NUMBER)).one()
        s = tables.AwardStep
        last = session.scalars(select(s).where(s.award_id == award.id).order_by(s.position.desc())).first()
        given = {
            "award_id": award.id, "position": (last.position if last else 0) + 1, "event": event, "from_state": start,
            "to_state": end, "person": person, "on_date": NEXT, "opinion": "同意", "document": "纪要",
            "fen": award.beneficiary_fen + award.municipal_fen,
            "digest": digest(content_now(session, award), last.digest if last else ""),
        }  # fmt: skip
        session.add(s(**given | more))
        session.flush()
        award.state = end
        session.add(award)
        session.flush()

    return add


def entry(kind, by, fen=100_00, **payee):
    """An entry of our own part of the award."""

    def add(session):
        p, a = tables.AwardPart, tables.Award
        part = session.scalars(select(p).join(a, p.award_id == a.id).where(a.number == NUMBER).order_by(p.position)).first()
        award = session.get_one(a, part.award_id)
        facts = {name: getattr(award, name) for name in ("payee_name", "payee_bank", "payee_account")} | payee
        session.add(
            tables.LedgerEntry(
                part_id=part.id, kind=kind, nth=9, fen=fen, on_date=NEXT, voucher="V", reason="示例", by_name=by, key=f"{kind}", **facts
            )
        )
        session.flush()

    return add


CLERK, REVIEWER, APPROVER, PAYER = "经办人员", "复核人员", "审批人员", "支付人员"
OURS = f"UPDATE award SET %s WHERE number = '{NUMBER}'"
PART = f"UPDATE award_part SET %s WHERE award_id = (SELECT id FROM award WHERE number = '{NUMBER}')"
E, R = Event, Role
# Up to which step it went by the rules, who then wrote what inside an action, and what the check says of it.
TAMPERED = {
    "金额": (E.APPROVE, R.CLERK, [OURS % "beneficiary_fen = 110000000"], "金额在最后一步以后被改动"),
    "分担": (E.APPROVE, R.CLERK, [PART % "division = '361102'"], "分担部分在最后一步以后被改动"),
    "收款账户": (E.APPROVE, R.CLERK, [OURS % f"payee_account = '{OTHER}'"], "收款账户在最后一步以后被改动"),
    "下达后收款账户": (E.ISSUE, R.CLERK, [OURS % f"payee_account = '{OTHER}'"], "收款账户在最后一步以后被改动"),
    "理由": (E.REVIEW, R.CLERK, [OURS % "reasons = '[]'"], "依据在最后一步以后被改动"),
    "事实": (E.EXAMINE, R.CLERK, [OURS % "facts = replace(facts, '示例甲', '示例乙')"], "依据在最后一步以后被改动"),
    "口径": (E.EXAMINE, R.CLERK, ["UPDATE round SET choices = '{}'"], "批次的政策和口径在最后一步以后被改动"),
    "没有一步的状态": (E.REVIEW, R.CLERK, [OURS % "state = 'approved'"], "按最后一步应为“已复核”"),
    "没有一步的下达": (None, R.CLERK, [OURS % "state = 'issued'"], "按最后一步应为“草稿”"),
    "不从草稿开始": (
        None, R.CLERK,
        ["UPDATE award SET state = 'voided' WHERE id = 2",
         "INSERT INTO award SELECT 9, '361123-2024-00009', round_id, recognition_id, organisation_id, 'approved', verdict, award_year, "
         "beneficiary_fen, municipal_fen, facts, reasons, warnings, questions, matched, void_reason, by_policy_fen, uncapped_fen, "
         "payee_name, payee_bank, payee_account FROM award WHERE id = 2"],
        "奖补 361123-2024-00009 没有从草稿开始",
    ),
    "步骤有空": (E.EXAMINE, R.REVIEWER, [step("review", "examined", "reviewed", REVIEWER, position=3)], "前一步是第 1 步，中间的步骤被删除过"),
    "从别处办起": (E.EXAMINE, R.APPROVER, [step("approve", "cleared", "approved", APPROVER)], "从“公示期满”办起，奖补当时却是“已初审”"),
    "表里没有": (E.EXAMINE, R.APPROVER, [step("approve", "examined", "approved", APPROVER)], "状态表里没有从“已初审”到“已审定”的这一步"),
    "替别人办": (E.EXAMINE, R.CLERK, [step("review", "examined", "reviewed", REVIEWER)], "操作人却是经办人员，不是本人办理的"),
    "没有岗位": (E.EXAMINE, R.PAYER, [step("review", "examined", "reviewed", PAYER)], "支付人员当时没有“复核”岗位"),
    "摘要": (E.EXAMINE, R.REVIEWER, [step("review", "examined", "reviewed", REVIEWER, digest="00")], "摘要与奖补当时的内容不符"),
    "没有摘要": (E.EXAMINE, R.REVIEWER, [step("review", "examined", "reviewed", REVIEWER, digest=None)], "摘要与奖补当时的内容不符"),
    "另一个数": (E.EXAMINE, R.REVIEWER, [step("review", "examined", "reviewed", REVIEWER, fen=1)], "写的是 0.01 元，奖补当时是 300,000.00 元"),
    "没有意见": (E.EXAMINE, R.REVIEWER, [step("review", "examined", "reviewed", REVIEWER, opinion="")], "没有写明意见"),
    "没有文件": (E.WAIVE, R.APPROVER, [step("approve", "cleared", "approved", APPROVER, document=None)], "没有写明文件"),
    "倒填日期": (E.WAIVE, R.APPROVER, [step("approve", "cleared", "approved", APPROVER, on_date=DAY.replace(day=1))], "日期 2024-12-01 早于上一步的 2024-12-02"),
    "跳过各步下达": (None, R.CLERK, [step("issue", "draft", "issued", CLERK)], "账簿已登记人员，不能从草稿直接下达"),
    "台账替别人": (E.ISSUE, R.CLERK, [entry("paid", PAYER)], "操作人却是经办人员，不是本人登记的"),
    "台账岗位": (E.ISSUE, R.CLERK, [entry("paid", CLERK)], "经办人员当时没有“支付”岗位"),
    "付给别人": (E.ISSUE, R.PAYER, [entry("paid", PAYER, payee_account=OTHER)], f"收款的是示例甲有限公司，示例银行玉山支行，{OTHER}"),
    "没有收款人": (E.ISSUE, R.PAYER, [entry("paid", PAYER, payee_name=None, payee_bank=None, payee_account=None)], "收款的是（没有写明）"),
    "没下达就付": (E.APPROVE, R.PAYER, [entry("granted", PAYER), entry("paid", PAYER)], "奖补当时是“已审定”，还没有下达"),
    "写坏历史": (
        None, R.CLERK,
        [f"INSERT INTO change (action_id, table_name, row_id, before, after) SELECT max(id), 'award', 99, {old}, {new} FROM action"
         for old, new in (("NULL", "'{'"), ("'{'", "NULL"))],
        "写下的历史读不懂，不是本程序写的",
    ),
    "付得太多": (
        E.ISSUE, R.PAYER,
        ["DROP TRIGGER never_ledger_entry_insert_room", entry("paid", PAYER, fen=11_000_000),
         lambda session: history.install(session.connection())],
        "“拨付”超过了可以登记的金额",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERED)
def test_the_check_names_what_was_done_inside_an_action_of_the_programs_own(bureau, kind):
    until, role, statements, told = TAMPERED[kind]
    if until:
        bureau.until(until)
    assert check(bureau.book) == []
    bureau.inside(role, *statements)
    found = check(bureau.book)
    assert any(told in problem for problem in found), found
    bureau.do(Role.CLERK, "信用核查", Bureau._credit)
    assert any(told in problem for problem in check(bureau.book)), "an honest action afterwards washes nothing clean"


@pytest.mark.parametrize(
    "kind", ["金额", "分担", "收款账户", "没有一步的状态", "步骤有空", "从别处办起", "表里没有", "替别人办", "没有岗位", "摘要", "跳过各步下达"]
)
def test_such_an_award_is_neither_issued_nor_paid_and_others_are(bureau, kind):
    until, role, statements, told = TAMPERED[kind]
    if until:
        bureau.until(until)
    bureau.inside(role, *statements)
    with bureau.book.reading() as session:
        (found, *_) = replay.award_problems(session, [bureau.award().id])
        assert told in found
        with pytest.raises(Refused, match="办理经过核对不符，没有打印") as refusal:
            replay.require_awards(session, [bureau.award().id], "打印")
    assert told in str(refusal.value) and "系统管理员运行检查" in str(refusal.value)
    other = "361123-2024-00002"
    bureau.until(Event.PAY, number=other)


def test_of_an_award_gone_all_its_way_nothing_is_wrong(bureau):
    bureau.until(Event.PAY)
    with bureau.book.reading() as session:
        assert replay.award_problems(session, [bureau.award().id]) == []
    assert check(bureau.book) == []


def test_what_was_sent_back_and_judged_anew_is_sound(bureau):
    bureau.until(Event.REVIEW)
    bureau.do(Role.REVIEWER, "退回", lambda s: process.advance(s, [NUMBER], Event.SEND_BACK, Words(NEXT, "重新核对")))
    assert bureau.award().payee_name is None
    for event, role, words in ((Event.EXAMINE, R.CLERK, "同意"), (Event.REVIEW, R.REVIEWER, "无误")):
        bureau.take(event, role, Words(NEXT, words))
    with bureau.book.reading() as session:
        assert replay.award_problems(session, [bureau.award().id]) == []
    assert check(bureau.book) == []


def test_all_four_hands_one_is_named_for_each_that_is_kept_apart(bureau):
    """An administrator gives one person all duties for a moment; what was then done alone stays visible."""
    bureau.until(Event.EXAMINE)
    me = bureau.staff[R.CLERK]
    bureau.inside(R.ADMIN, f"UPDATE person SET roles = '[\"clerk\", \"reviewer\", \"approver\", \"payer\"]' WHERE name = '{me.name}'")
    bureau.inside(R.CLERK, step("review", "examined", "reviewed", me.name))
    bureau.inside(R.CLERK, step("waive", "reviewed", "cleared", me.name))
    bureau.inside(R.CLERK, step("approve", "cleared", "approved", me.name))
    bureau.inside(R.ADMIN, f"UPDATE person SET roles = '[\"clerk\"]' WHERE name = '{me.name}'")
    found = [problem.split("：")[1] for problem in check(bureau.book) if "不相容岗位" in problem]
    assert found == [
        f"{me.name}也办过“{did}”，不能再办“{step}”（不相容岗位相互分离）。"
        for did, step in (("初审", "复核"), ("初审", "审定"), ("复核", "审定"), ("确定口径和标准", "审定"))
    ]


def test_a_role_given_after_the_step_does_not_make_it_good(bureau):
    bureau.until(Event.EXAMINE)
    bureau.inside(R.PAYER, step("review", "examined", "reviewed", PAYER))
    bureau.inside(R.ADMIN, f"UPDATE person SET roles = '[\"reviewer\"]' WHERE name = '{PAYER}'")
    assert any("支付人员当时没有“复核”岗位" in problem for problem in check(bureau.book))


def test_who_had_left_by_then_takes_no_step(bureau):
    bureau.until(Event.EXAMINE)
    bureau.inside(R.ADMIN, f"UPDATE person SET active = 0 WHERE name = '{REVIEWER}'")
    bureau.inside(R.REVIEWER, step("review", "examined", "reviewed", REVIEWER))
    assert any("复核人员当时已停用" in problem for problem in check(bureau.book))


def test_while_one_person_may_do_it_all_the_hands_are_not_asked_and_afterwards_that_stays_good(bureau):
    bureau.give(CLERK, R.CLERK, R.REVIEWER)
    bureau.switch(False, "只有一人")
    bureau.take(Event.EXAMINE)
    bureau.take(Event.REVIEW, R.CLERK)
    bureau.switch(True)
    assert check(bureau.book) == []


# -- signatures


def unsigned(bureau, by, *statements):
    with bureau.book.action("悄悄改", by) as session:
        for one in statements:
            session.connection().exec_driver_sql(one)


NOTE = "UPDATE organisation SET note = '改'"


def test_an_action_without_its_persons_signature_is_named_whatever_it_changed(bureau):
    unsigned(bureau, CLERK, NOTE)
    (found,) = check(bureau.book)
    assert "“悄悄改”（经办人员）：没有签名，不是本人登录办理的。" in found


def test_an_action_of_nobody_on_the_book_is_named(bureau):
    unsigned(bureau, "张三", NOTE)
    (found,) = check(bureau.book)
    assert "（张三）：操作人当时没有登记过，也没有签名。" in found


def signed_by(bureau, signer, by, statement=NOTE):
    with bureau.book.action("悄悄改", by) as session:
        session.info["sign"] = signer
        session.connection().exec_driver_sql(statement)


def test_an_action_that_another_signed_is_named_with_the_other(bureau):
    signed_by(bureau, bureau.staff[R.PAYER].sign, CLERK)
    (found,) = check(bureau.book)
    assert "签名是支付人员的，不是经办人员的" in found


def test_a_signature_over_something_else_is_named(bureau):
    signed_by(bureau, lambda _hash: bureau.staff[R.CLERK].sign(b"something else"), CLERK)
    (found,) = check(bureau.book)
    assert "签名与内容不符，不是本人所签" in found


def test_the_key_of_before_a_reset_signs_nothing_any_more(bureau):
    old = bureau.staff[R.CLERK].sign
    manage(bureau.book, "重设", lambda s: people.reset_password(s, CLERK, FIRST, TODAY, CHEAP))
    signed_by(bureau, old, CLERK)
    (found,) = check(bureau.book)
    assert "用的是当时已作废的密钥（重设密码以前的）" in found


def test_a_step_of_nobody_on_the_book_is_named(bureau):
    bureau.until(Event.EXAMINE)
    with bureau.book.action("复核", "张三") as session:
        step("review", "examined", "reviewed", "张三")(session)
    assert any("第 2 步“复核”（张三）：张三当时没有登记过。" in problem for problem in check(bureau.book))


def test_a_row_altered_past_the_history_is_named_before_it_is_used(bureau):
    bureau.until(Event.ISSUE)
    with bureau.book._writing.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER history_award_update")
        connection.exec_driver_sql(OURS % f"payee_account = '{OTHER}'")
    with bureau.book.reading() as session:
        (found,) = replay.award_problems(session, [bureau.award().id])
    assert found == f"奖补 {NUMBER} 与它的历史记录不符，被绕过程序改动过。"
    with pytest.raises(Refused, match="被绕过程序改动过"):
        bureau.pay()


def test_of_a_batch_only_what_is_wrong_is_refused(bureau):
    for number in (NUMBER, "361123-2024-00002"):
        bureau.until(Event.ISSUE, number=number)
    bureau.inside(R.CLERK, OURS % f"payee_account = '{OTHER}'")

    def pay_both(session):
        parts = [one for one in standings.part_lines(session, bureau.round_id) if not one.sent]
        orders = [PaymentOrder(one.id, one.standing.payable, LATER, f"凭证{one.id}", f"k{one.id}") for one in parts]
        return ledger.enter_all(session, EntryKind.PAID, orders)

    first, second = bureau.do(R.PAYER, "登记拨付", pay_both)
    assert "收款账户在最后一步以后被改动" in first.why and second.is_done


def test_failures_at_the_door_need_no_signature(bureau):
    with bureau.book.action("登录失败", "未登录") as session:
        session.add(tables.Denial(person=CLERK, deed="登录", why="姓名或密码不对"))
        session.connection().exec_driver_sql(f"UPDATE person SET failures = 1 WHERE name = '{CLERK}'")
    assert check(bureau.book) == []
    unsigned(bureau, "未登录", f"UPDATE person SET failures = 0, roles = '[\"admin\"]' WHERE name = '{CLERK}'")
    assert any("操作人当时没有登记过" in problem for problem in check(bureau.book))


# -- books of before


def test_a_book_of_before_checks_clean_and_its_awards_go_on(bureau):
    bureau.until(Event.APPROVE)
    make_old(bureau.book, {actor.name: actor.key for actor in bureau.staff.values()})
    assert check(bureau.book) == []
    bureau.do(Role.CLERK, "下达", lambda s: letters.issue(s, bureau.round_id, NEXT, [NUMBER]))
    assert bureau.award().payee_account == "3600000000000000000", "frozen with the letter, where 复核 had not yet done it"
    bureau.pay()
    assert check(bureau.book) == []


def test_in_a_book_of_before_the_steps_are_still_held_to_their_own_signatures(bureau):
    bureau.until(Event.APPROVE)
    make_old(bureau.book, {actor.name: actor.key for actor in bureau.staff.values() if actor.name != REVIEWER})
    (found,) = check(bureau.book)
    assert "第 2 步“复核”（复核人员）：没有签名" in found
