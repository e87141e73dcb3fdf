"""A policy pack from a file: refused by place, compared in Chinese, tried on the drafts, then used for new rounds."""

import hashlib
from datetime import date

import pytest

from tests.made_packs import AMENDMENT, amended, edited, made, tables, written
from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.pack_differences import differences
from zjtx_desktop.domain.pack_file import parse_pack
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage.undo import next_undo
from zjtx_desktop.usecases import awards, letters, pack_change, rounds
from zjtx_desktop.usecases.duties import Second
from zjtx_desktop.usecases.overview import overview
from zjtx_desktop.usecases.packs import bases, carried, current_pack, shipped_pack
from zjtx_desktop.usecases.self_check import NOTICE_DAYS, _policy
from zjtx_desktop.values import Money

LEAVES_OUT = ("rule.1.titles", ["single_champion", "startup_base", "service_platform"])
WRONG = ("rule.1.amount.0.value", 21)


def changed(*changes):
    """The shipped pack with these entries changed, and one example that always holds."""
    return made(*changes, examples=1)


ALONE = Second(None, "账簿由一人使用（示例）")


def prepared(book):
    with book.action("测算", "张三") as session:
        return rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))


def compared(book, pack):
    with book.reading() as session:
        return pack_change.compare(session, pack)


def activate(book, pack):
    with book.action("启用政策包", "张三") as session:
        session.info["second"] = ALONE
        pack_change.activate(session, pack)


def test_a_bad_file_is_refused_by_its_place(tmp_path):
    path = tmp_path / "新政策包.toml"
    path.write_text(written(edited(("rule.1.kind", "maybe"))), encoding="utf-8")
    with pytest.raises(BadFile, match=r"新政策包.toml 的 rule\[2\].kind：“maybe”不认识"):
        pack_change.read_pack(path)
    path.write_text(written(edited(WRONG)), encoding="utf-8")
    with pytest.raises(Refused, match="示例没有全部通过"):
        pack_change.read_pack(path)
    path.write_text(shipped_pack().text, encoding="utf-8")
    beside = tmp_path / "新政策包.toml.sha256"
    beside.write_text(f"{'0' * 64}  新政策包.toml", encoding="utf-8")
    with pytest.raises(BadFile, match="与随附的校验值不符"):
        pack_change.read_pack(path)
    beside.write_text(f"{shipped_pack().sha256.upper()}  新政策包.toml", encoding="utf-8")
    assert pack_change.read_pack(path).sha256 == shipped_pack().sha256


def test_every_kind_of_change_has_its_sentence():
    text = tables()["clause"][0]["text"]
    new = made(
        ("rule.1.amount.0.to", date(2025, 12, 31)),
        ("document.0.issued", date(2025, 12, 1)),
        ("review.from", date(2030, 9, 1)),
        ("clause.0.label", "第一条第九项"),
        ("switch.4.value.1.label", "补差额"),
        ("switch.4.default", "difference"),
        ("rule.1.fund", "市级专项资金"),
        ("clause.0.text", text.replace("市级奖励从市本级工业发展专项资金", "市级奖励从市级专项资金")),
    )
    said = "\n".join(differences(shipped_pack(), new))
    for piece in (
        "饶府办发〔2023〕12号 的印发日期由“2023年9月23日”改为“2025年12月1日”。",
        "在公文中的写法由“第一条第（九）项”改为“第一条第九项”。",
        "应复核是否有效的日期由“2028年9月23日”改为“2030年9月1日”。",
        "“市级财政奖励”的标准由“2023年1月1日起 20 万元”改为“2023年1月1日至2025年12月31日 20 万元”。",
        "“市级财政奖励”的资金来源由“市本级工业发展专项资金”改为“市级专项资金”。",
        "口径“先省级后国家级”的默认由“全额奖励”改为“补差额”。",
        "口径“先省级后国家级”的可选项由“全额奖励、只补差额、按全部梯度只补差额”改为“全额奖励、补差额、按全部梯度只补差额”。",
        "的文字由“",
    ):
        assert piece in said
    assert "市本级工业发展" in said.split("的文字由“")[1].split("\n")[0]


def test_the_same_pack_differs_in_nothing_and_a_comment_is_said_to_be_one():
    pack = shipped_pack()
    assert differences(pack, pack) == ()
    assert "只是文件的写法" in differences(pack, parse_pack(pack.text + "\n# 注\n", "甲"))[0]


def test_comparing_shows_each_draft_before_and_after_and_changes_nothing(book, recognise):
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    prepared(book)
    head = book.head()
    (effect,) = compared(book, changed(LEAVES_OUT)).effects
    (shift,) = effect.what.shifts
    assert (str(shift.before), str(shift.after)) == ("300,000.00 元", "100,000.00 元")
    assert not pack_change.is_rejected(shift) and effect.what.before.awards == effect.what.after.awards == 2
    gone = made(("rule.0.levels", ["国家级"]), ("example", tables()["example"][5:6]))
    (effect,) = compared(book, gone).effects
    assert [pack_change.is_rejected(shift) for shift in effect.what.shifts] == [True]
    assert effect.what.shifts[0].after.verdict is Verdict.NONE and book.head() == head


def test_a_round_with_letters_stays_with_its_pack_and_says_so(book, recognise):
    recognise()
    made = prepared(book)
    with book.action("下达", "张三") as session:
        letters.issue(session, made.round.id, date(2024, 12, 1))
    (effect,) = compared(book, changed(LEAVES_OUT)).effects
    assert effect.what is None and effect.refusal and "仍按原来的政策包办理" in effect.notes[0]


def test_a_round_keeps_its_policy_locked_or_open_until_a_person_takes_the_new_one_up(book, recognise):
    recognise()
    recognise("示例丙有限公司", on=date(2025, 9, 2))
    made_before = prepared(book)
    with book.action("新建批次", "张三") as session:
        rounds.open_round(session, 2025)
    new = changed(LEAVES_OUT)
    activate(book, new)
    with book.action("解锁", "张三") as session:
        rounds.unlock(session, made_before.round.id)
    with book.reading() as session:
        assert current_pack(session).sha256 == new.sha256
        for year in (2024, 2025):
            assert rounds.basis_for(session, year)[0].sha256 == shipped_pack().sha256
        assert rounds.basis_for(session, 2026)[0].sha256 == new.sha256
    again = prepared(book)
    with book.reading() as session:
        (line,) = awards.award_lines(session, again.round.id)
        assert line.total == Money.parse("30万") and rounds.overview(session, again.round.id).newer == new.numbers
        (shift,) = pack_change.taking(session, again.round).effect.what.shifts
        assert (str(shift.before), str(shift.after)) == ("300,000.00 元", "100,000.00 元")
    with pytest.raises(Refused, match="“采用新政策”要两个人办"), book.action("采用新政策", "张三") as session:
        rounds.take_policy(session, again.round.id)
    with book.action("采用新政策", "张三") as session:
        session.info["second"] = ALONE
        rounds.take_policy(session, again.round.id)
    with book.reading() as session:
        (line,) = awards.award_lines(session, again.round.id)
        assert line.total == Money.parse("10万") and rounds.overview(session, again.round.id).newer == ""
    with book.action("采用新政策", "张三") as session:
        open_line = rounds.find_round(session, 2025)
        assert rounds.take_policy(session, open_line.id) is None
        assert rounds.basis_for(session, 2025)[0].sha256 == new.sha256
    with pytest.raises(Refused, match="用的就是现行政策"), book.action("再采用", "张三") as session:
        rounds.take_policy(session, open_line.id)
    assert book.check() == []


def test_a_round_with_letters_never_takes_another_policy_up(book, recognise):
    recognise()
    made_before = prepared(book)
    with book.action("下达", "张三") as session:
        letters.issue(session, made_before.round.id, date(2024, 12, 1))
    activate(book, changed(LEAVES_OUT))
    with book.reading() as session:
        assert rounds.overview(session, made_before.round.id).newer == ""
    with pytest.raises(Refused, match="已有奖补下达"), book.action("采用新政策", "张三") as session:
        rounds.take_policy(session, made_before.round.id)


def test_going_back_to_the_pack_before_takes_two_again_and_is_no_step_to_undo(book):
    new = changed(LEAVES_OUT)
    activate(book, new)
    with pytest.raises(Refused, match="“启用政策包”要两个人办"), book.action("换回", "张三") as session:
        pack_change.activate(session, shipped_pack())
    assert "政策包" not in next_undo(book).title
    activate(book, shipped_pack())
    with book.reading() as session:
        assert current_pack(session).sha256 == shipped_pack().sha256


def test_an_amendment_from_a_file_is_put_upon_the_policy_in_use_and_kept_whole(book, tmp_path):
    with pytest.raises(BadFile, match="没有编号为“raofubanfa-2023-12”的政策包可以修改"):
        pack_change.read_pack(AMENDMENT)
    with book.reading() as session:
        known = bases(session)
    copy = tmp_path / "修改.toml"
    copy.write_bytes(AMENDMENT.read_bytes())
    beside = tmp_path / "修改.toml.sha256"
    beside.write_text(f"{hashlib.sha256(copy.read_bytes()).hexdigest()}  修改.toml", encoding="utf-8")
    pack = pack_change.read_pack(copy, known)
    assert pack == amended()
    activate(book, pack)
    with book.reading() as session:
        assert current_pack(session) == pack
        assert [one.id for one in bases(session)][:2] == ["shili-2026-8", "raofubanfa-2023-12"]
        assert not pack_change.is_shipped(session)


def test_years_before_the_pack_in_use_do_not_wait_to_be_computed(book, recognise):
    recognise()

    def waiting():
        with book.reading() as session:
            return [todo.sentence for todo in overview(session, None, date(2026, 1, 5)).todos if todo.id == "compute"]

    assert waiting() == ["2024 年度有 1 条认定还没有测算"]
    since = (("rule.0.amount.0.from", date(2025, 1, 1)), ("rule.1.amount.0.from", date(2025, 1, 1)))
    activate(book, made(*since, ("example", [one for one in tables()["example"] if "合并后" in one["name"]])))
    assert waiting() == []


def test_a_pack_whose_examples_fail_is_not_activated(book):
    wrong = made(WRONG)
    with pytest.raises(Refused, match="示例没有全部通过"), book.action("启用", "张三") as session:
        session.info["second"] = ALONE
        pack_change.activate(session, wrong)
    with book.reading() as session:
        assert pack_change.is_shipped(session)


def test_choices_are_carried_over_and_what_cannot_be_is_named():
    old = shipped_pack()
    own = CountyAmount("srdi_sme", Level.PROVINCIAL, Money.parse("11万"), "县政府文件")
    choices = Choices.of(old, {"ladder": "difference", "again": "yes"}, (own,), {"ladder": "纪要", "again": "纪要"})
    again = tables()["switch"][1]["value"]
    new = made(("rule.0.amount.0.value", 12), ("switch.1.value", [again[0], again[2]]))
    kept, lost = carried(choices, old, new)
    assert kept.switches["ladder"] == "difference" and kept.switches["again"] == "undecided"
    assert kept.county_amounts == () and len(lost) == 2 and "低于下限 12 万元" in lost[1]


@pytest.mark.parametrize(
    ("swap", "end", "word"),
    [
        (("review.from", date(2029, 9, 1)), date(2029, 8, 31), "复核日期"),
        (("rule.0.amount.0.to", date(2026, 12, 31)), date(2026, 12, 31), "的标准"),
    ],
)
def test_a_policy_warns_before_it_ends(swap, end, word):
    pack = changed(swap)
    early, near = (date.fromordinal(end.toordinal() - days) for days in (NOTICE_DAYS + 1, NOTICE_DAYS))
    assert _policy(pack, early).tone == "good"
    line = _policy(pack, near)
    assert line.tone == "warn" and word in line.sentence and f"还有 {NOTICE_DAYS} 天" in line.sentence
