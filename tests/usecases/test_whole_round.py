"""A round of 200 awards from the list to the archive by four persons who sign, and its sums counted three ways.

The three ways are what is printed, a replay of the ledger, and a sum over the raw history that knows no table.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from dataclasses import replace
from functools import partial
from uuid import uuid4

import openpyxl
from pypdf import PdfReader
from sqlmodel import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import AwardState, Event
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.storage.tables import Organisation
from zjtx_desktop.usecases import awards, credit, ledger, letters, notices, office, organisations, people, process
from zjtx_desktop.usecases import rounds
from zjtx_desktop.usecases.approvals import write_approvals
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.list_file import ListDefaults, read_list
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.usecases.standings import part_lines
from zjtx_desktop.values import Division, Money
from zjtx_desktop.values.credit_code import CreditCode

COUNT = 200
CHEAP = Cost(memory=64, passes=1, lanes=1)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
MONDAY, AFTER, PAID_ON = date(2024, 12, 2), date(2024, 12, 9), date(2024, 12, 16)
STAFF = {"经办甲": Role.CLERK, "复核乙": Role.REVIEWER, "审批丙": Role.APPROVER, "支付丁": Role.PAYER}
EXCLUDED, OBJECTED, VOIDED, REVOKED, INSTALMENTS = (3, 77), 10, 20, 31, 40


def _code(serial: int) -> str:
    body = f"91361123MA{serial:07}"
    return body + CreditCode.parse(body + "0").expected_check


def _list(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["企业名称", "统一社会信用代码", "认定称号", "级别", "认定类型", "文号", "认定日期", "受益财政", "年度"])
    for serial in range(COUNT):
        national = serial % 4 == 0
        title = "专精特新“小巨人”企业" if national else "专精特新中小企业"
        treasury = "玉山县60%、上饶经开区40%" if serial % 10 == 9 else "玉山县"
        sheet.append(
            [
                f"示例企业{serial:03}有限公司",
                _code(serial),
                title,
                "国家级" if national else "省级",
                "新认定",
                "示例〔2024〕1号",
                "2024-09-02",
                treasury,
                "2024",
            ]
        )
    book.save(path)


class Bureau:
    """The book with its persons signed in; `do` acts as one of them."""

    def __init__(self, book: Book) -> None:
        self.book, self.actors = book, {"建账": Actor("建账")}

    def do(self, who, what, deed, second=Second()):
        return perform(self.book, what, self.actors[who], deed, second)

    def all_do(self, who, event, numbers, words):
        outcomes = self.do(who, event.label, lambda session: process.advance(session, numbers, event, words))
        assert [one.why for one in outcomes if one.why] == []

    def hire(self) -> None:
        today = date(2026, 11, 20)
        admin, auditor = NewPerson("管理员庚", "mo-lan-ju-zhu-2026"), NewPerson("审计员辛", "song-bai-chang-qing-7")
        self.do("建账", "登记人员", lambda session: people.set_up_people(session, admin, auditor, today, CHEAP))
        for name, role in STAFF.items():
            # the first approver, once there, opens the root key with the administrator and agrees to who follows
            self.actors[admin.name] = sign_in(self.book, admin.name, admin.password, NOW, CHEAP)
            new, agrees = NewPerson(name, f"chu-shi-mi-ma-{role.value}-1"), self.actors.get("审批丙")
            second = Second(agrees) if agrees else Second(None, "审批人员还没有到岗")
            add = partial(people.add, name=new.name, roles=(role,), password=new.password, today=today, cost=CHEAP)
            slip = self.do(admin.name, "增加人员", add, second)
            self.actors[name] = sign_in(self.book, name, new.password, NOW, CHEAP, slip)
            own = f"zi-ji-de-mi-ma-{role.value}-2"
            self.do(name, "修改密码", lambda session, new=new, own=own: people.change_password(session, new.password, own, today, CHEAP))
            self.actors[name] = sign_in(self.book, name, own, NOW, CHEAP)


def _register(bureau: Bureau, tmp_path: Path) -> int:
    _list(tmp_path / "名单.xlsx")
    file = read_list(tmp_path / "名单.xlsx")
    parsed = file.parse(ListDefaults(), date(2024, 11, 1))
    taken = bureau.do("经办甲", "导入名单", lambda session: Plan(session, parsed).take_over(session, file.name, file.sha256))
    assert taken == COUNT

    def accounts(session):
        ids = list(session.scalars(select(Organisation.id)))
        for each in ids:
            form = organisations.get(session, each)
            account = {"payee_bank": "示例银行玉山支行", "payee_account": f"36{each:017}"}
            organisations.change(session, each, replace(form, **account))
        credit.record(session, ids, MONDAY, "“信用中国”网站", True)

    bureau.do("经办甲", "登记账户和核查", accounts)
    return bureau.do(
        "经办甲", "测算", lambda session: rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    ).round.id


def _to_issue(bureau: Bureau, round_id: int, numbers: list[str]) -> list[str]:
    """Through 初审, 复核, 公示 and 审定 to the letters, with two exclusions and one objection; what was issued."""
    out = [numbers[place] for place in EXCLUDED]
    going = [number for number in numbers if number not in out]
    bureau.all_do("经办甲", Event.EXCLUDE, out[:1], Words(MONDAY, "企业放弃奖励"))
    bureau.all_do("经办甲", Event.EXAMINE, [*going, out[1]], Words(MONDAY, "材料齐全，同意"))
    refused = bureau.do("经办甲", "复核", lambda session: process.advance(session, going[:2], Event.REVIEW, Words(MONDAY, "同意")))
    assert all("没有“复核”岗位" in one.why for one in refused)
    bureau.all_do("复核乙", Event.REVIEW, [*going, out[1]], Words(MONDAY, "复核无误"))
    bureau.all_do("经办甲", Event.EXCLUDE, out[1:], Words(MONDAY, "经查有重大安全事故", "应急局函（示例）"))
    published = bureau.do("经办甲", "公示", lambda session: notices.publish(session, round_id, going, MONDAY, "县政府网站", late_reason="补登（示例）"))
    assert [one.why for one in published if one.why] == []
    disputed = numbers[OBJECTED]
    against = bureau.do(
        "经办甲",
        "登记异议",
        lambda session: notices.object_to(session, disputed, date(2024, 12, 4), "某企业", "认为材料不实"),
    )
    over = bureau.do("经办甲", "公示期满", lambda session: process.advance(session, going, Event.CLEAR, Words(AFTER)))
    assert [one.award_number for one in over if one.why] == [disputed]
    bureau.do("经办甲", "答复", lambda session: notices.answer(session, against, AFTER, "经核实材料属实", False))
    bureau.all_do("经办甲", Event.CLEAR, [disputed], Words(AFTER))
    bureau.all_do("审批丙", Event.APPROVE, going, Words(AFTER, "同意", "县政府常务会议纪要〔2024〕20号"))
    lines = bureau.do("经办甲", "下达", lambda session: letters.issue(session, round_id, AFTER))
    assert sorted(line.award_number for line in lines) == sorted(going)
    return going


def _to_archive(bureau: Bureau, round_id: int, numbers: list[str], going: list[str]) -> None:
    """One void, one instalment, every payment, one clawback, and into the archive."""
    voided, revoked, slow = numbers[VOIDED], numbers[REVOKED], numbers[INSTALMENTS]
    bureau.do("经办甲", "作废", lambda session: awards.void(session, voided, "企业名称有误", PAID_ON))
    with bureau.book.reading() as session:
        parts = [part for part in part_lines(session, round_id) if part.award_number != voided]

    def order(part, amount, voucher):
        return PaymentOrder(part.id, amount, PAID_ON, voucher, str(uuid4()))

    def enter(who, kind, orders):
        outcomes = bureau.do(who, kind.label, lambda session: ledger.enter_all(session, kind, orders))
        assert [one.why for one in outcomes if one.why] == []

    city = [part for part in parts if part.sent]
    for kind in (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED):
        enter("经办甲", kind, [order(part, part.standing.amount, "函（示例）") for part in city])
    first = next(part for part in parts if part.award_number == slow)
    enter("支付丁", EntryKind.PAID, [order(first, Money(3_333_333), "凭证0")])
    rest = {first.id: first.standing.amount - Money(3_333_333)}
    enter(
        "支付丁",
        EntryKind.PAID,
        [order(part, rest.get(part.id, part.standing.amount), f"凭证{part.id}") for part in parts],
    )
    bureau.all_do("经办甲", Event.ARCHIVE, [one for one in going if one not in (voided, revoked)], Words(PAID_ON))
    words = Words(PAID_ON, "认定被撤销", "省工信厅公告（示例）")
    held = bureau.do("审批丙", "撤销认定", lambda session: ledger.revoke(session, revoked, words, str(uuid4())))
    claim = Money.total(part.standing.sums[EntryKind.PAID] for part in held)
    bureau.do(
        "支付丁", "追回", lambda session: ledger.recover(session, revoked, claim, PAID_ON, "收回凭证1", str(uuid4()))
    )


def _by_history(book: Book) -> dict[str, int]:
    """Σ of every kind of entry from the raw history: the JSON of what was written, and no table of the ledger."""
    sums: Counter[str] = Counter()
    with book.reading() as session:
        rows = session.connection().exec_driver_sql(
            "SELECT after FROM change WHERE table_name = 'ledger_entry' AND before IS NULL ORDER BY id"
        )
        for (after,) in rows:
            entry = json.loads(after)
            sums[entry["kind"]] += entry["fen"]
    return dict(sums)


def test_two_hundred_awards_from_list_to_archive_by_four_persons(tmp_path):
    with Book.create(tmp_path / "县.zjtx") as book:
        bureau = Bureau(book)
        bureau.do("建账", "建账", lambda session: office.set_up(session, Division("361123"), "玉山县财政局"))
        bureau.hire()
        round_id = _register(bureau, tmp_path)
        with book.reading() as session:
            numbers = [line.number for line in awards.award_lines(session, round_id)]
        assert len(numbers) == COUNT
        going = _to_issue(bureau, round_id, numbers)
        _to_archive(bureau, round_id, numbers, going)

        with book.reading() as session:
            lines = awards.award_lines(session, round_id)
            parts = part_lines(session, round_id)
            write_approvals(session, round_id, tmp_path / "审批表.pdf", PAID_ON)
        assert Counter(line.state for line in lines) == {
            AwardState.ARCHIVED: COUNT - 4,
            AwardState.EXCLUDED: 2,
            AwardState.VOIDED: 1,
            AwardState.RECOVERED: 1,
        }
        replayed = {
            kind.value: fen for kind in EntryKind if (fen := sum(part.standing.sums[kind].fen for part in parts))
        }
        assert replayed == _by_history(book)
        by_hand = sum(10_000_000 + (20_000_000 if place % 4 == 0 else 0) for place in range(COUNT) if place not in EXCLUDED)
        back = 10_000_000  # the revoked award is provincial: place 31
        void = 30_000_000  # and the voided one national: place 20
        assert replayed["granted"] == by_hand
        assert replayed["paid"] == by_hand - void
        assert (replayed["voided"], replayed["claimed"], replayed["recovered"]) == (void, back, back)
        total = Money.total(line.total for line in lines if line.counts)
        assert total.fen == by_hand - void
        text = "".join("".join(page.extract_text().split()) for page in PdfReader(tmp_path / "审批表.pdf").pages)
        ours = Money.total(part.amount for line in lines if line.counts for part in line.parts if part.payer == "beneficiary")
        city = total - ours
        assert f"合计{COUNT - 3}笔{ours}{city}" in text
        assert check(book) == []
        with book.reading() as session:
            denials = session.connection().exec_driver_sql("SELECT count(*) FROM denial").scalar()
            unsigned = session.connection().exec_driver_sql(
                "SELECT count(*) FROM award_step AS s JOIN change AS c ON c.table_name = 'award_step' AND c.row_id = s.id "
                "JOIN action AS a ON a.id = c.action_id WHERE a.signature IS NULL OR s.digest IS NULL"
            ).scalar()
        assert (denials, unsigned) == (2, 0)
