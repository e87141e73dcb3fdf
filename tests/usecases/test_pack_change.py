"""A policy pack from a file: refused by place, compared in Chinese, tried on the drafts, then used for new rounds."""

from datetime import date

import pytest

from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.pack_differences import differences
from zjtx_desktop.domain.pack_file import parse_pack
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage.undo import undo
from zjtx_desktop.usecases import awards, letters, pack_change, rounds
from zjtx_desktop.usecases.overview import overview
from zjtx_desktop.usecases.packs import carried, current_pack, shipped_pack
from zjtx_desktop.usecases.self_check import NOTICE_DAYS, _policy
from zjtx_desktop.values import Money

TEXT = shipped_pack().text
EXAMPLES = TEXT.index("[[example]]")



def changed(*swaps):
    """The shipped pack with these texts put in the place of others, and one example that always holds."""
    text = TEXT[:EXAMPLES] + TEXT[EXAMPLES : TEXT.index("[[example]]", EXAMPLES + 1)]
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return parse_pack(text, "新政策包.toml")


ONE_EXAMPLE = """
[[example]]
name = "2026年省级"

[[example.case]]
title = "江西省专精特新中小企业"
document_date = 2026-06-03
shares = "玉山县"
verdict = "奖励"
pays = { "玉山县" = "100,000.00" }
"""
LEAVES_OUT = ('titles = ["little_giant", "single_champion"', 'titles = ["single_champion"')
REVIEWED = ("from = 2028-09-01", "from = 2029-09-01")


def prepared(book):
    with book.action("测算", "张三") as session:
        return rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))


def compared(book, pack):
    with book.reading() as session:
        return pack_change.compare(session, pack)


def activate(book, pack):
    with book.action("启用政策包", "张三") as session:
        pack_change.activate(session, pack)


def test_a_bad_file_is_refused_by_its_place(tmp_path):
    path = tmp_path / "新政策包.toml"
    path.write_text(TEXT.replace('kind = "fixed"', 'kind = "maybe"'), encoding="utf-8")
    with pytest.raises(BadFile, match=r"新政策包.toml 的 rule\[2\].kind：“maybe”不认识"):
        pack_change.read_pack(path)
    path.write_text(TEXT.replace("value = 20\n", "value = 21\n"), encoding="utf-8")
    with pytest.raises(Refused, match="示例没有全部通过"):
        pack_change.read_pack(path)
    path.write_text(TEXT, encoding="utf-8")
    beside = tmp_path / "新政策包.toml.sha256"
    beside.write_text(f"{'0' * 64}  新政策包.toml", encoding="utf-8")
    with pytest.raises(BadFile, match="与随附的校验值不符"):
        pack_change.read_pack(path)
    beside.write_text(f"{shipped_pack().sha256.upper()}  新政策包.toml", encoding="utf-8")
    assert pack_change.read_pack(path).sha256 == shipped_pack().sha256


def test_every_kind_of_change_has_its_sentence():
    new = parse_pack(
        TEXT.replace("value = 20\nunit = \"万元\"\nfrom = 2023-01-01", "value = 20\nunit = \"万元\"\nfrom = 2023-01-01\nto = 2025-12-31")
        .replace('issued = 2023-09-23', 'issued = 2025-12-01')
        .replace("from = 2028-09-01", "from = 2030-09-01")
        .replace('{ id = "difference", label = "只补差额" }', '{ id = "difference", label = "补差额" }')
        .replace('default = "full"', 'default = "difference"')
        .replace('fund = "市本级工业发展专项资金"', 'fund = "市级专项资金"')
        .replace("市级奖励从市本级工业发展专项资金中统筹解决", "市级奖励从市级专项资金中统筹解决"),
        "新政策包.toml",
    )  # fmt: skip
    said = "\n".join(differences(shipped_pack(), new))
    for piece in (
        "印发日期由“2023年9月23日”改为“2025年12月1日”。",
        "应复核是否有效的日期由“2028年9月1日”改为“2030年9月1日”。",
        "“市级财政奖励”的标准由“2023年1月1日起 20 万元”改为“2023年1月1日至2025年12月31日 20 万元”。",
        "“市级财政奖励”的资金来源由“市本级工业发展专项资金”改为“市级专项资金”。",
        "口径“先省级后国家级”的默认由“全额奖励”改为“补差额”。",
        "口径“先省级后国家级”的可选项由“全额奖励、只补差额”改为“全额奖励、补差额”。",
        "的文字由“",
    ):
        assert piece in said
    assert "市本级工业发展" in said.split("的文字由“")[1].split("\n")[0]


def test_the_same_pack_differs_in_nothing_and_a_comment_is_said_to_be_one():
    pack = shipped_pack()
    assert differences(pack, pack) == ()
    assert "只是文件的写法" in differences(pack, parse_pack(TEXT + "\n# 注\n", "甲"))[0]


def test_comparing_shows_each_draft_before_and_after_and_changes_nothing(book, recognise):
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    prepared(book)
    head = book.head()
    (effect,) = compared(book, changed(LEAVES_OUT)).effects
    (shift,) = effect.what.shifts
    assert (str(shift.before), str(shift.after)) == ("300,000.00 元", "100,000.00 元")
    assert not pack_change.is_rejected(shift) and effect.what.before.awards == effect.what.after.awards == 2
    gone = changed(('levels = ["省级", "国家级"]', 'levels = ["国家级"]'))
    (effect,) = compared(book, gone).effects
    assert [pack_change.is_rejected(shift) for shift in effect.what.shifts] == [True]
    assert effect.what.shifts[0].after.verdict is Verdict.NONE and book.head() == head


def test_a_round_with_letters_stays_with_its_pack_and_says_so(book, recognise):
    recognise()
    made = prepared(book)
    with book.action("下达", "张三") as session:
        letters.issue(session, made.round.id, date(2024, 12, 1))
    (effect,) = compared(book, changed(LEAVES_OUT)).effects
    assert effect.what is None and effect.refusal and "仍按锁定时的政策包办理" in effect.notes[0]


def test_new_rounds_use_the_pack_activated_last_and_locked_ones_keep_theirs(book, recognise):
    recognise()
    recognise("示例丙有限公司", on=date(2025, 9, 2))
    made = prepared(book)
    new = changed(LEAVES_OUT)
    activate(book, new)
    with book.reading() as session:
        assert current_pack(session).sha256 == new.sha256
        assert rounds.basis_for(session, 2024)[0].sha256 == shipped_pack().sha256
        assert rounds.basis_for(session, 2025)[0].sha256 == new.sha256
    with book.action("解锁", "张三") as session:
        rounds.unlock(session, made.round.id)
    again = prepared(book)
    with book.reading() as session:
        (line,) = awards.award_lines(session, again.round.id)
        assert line.total == Money.parse("10万")
    activate(book, shipped_pack())
    undo(book, "张三")
    with book.reading() as session:
        assert current_pack(session).sha256 == new.sha256
    assert book.check() == []


def test_years_before_the_pack_in_use_do_not_wait_to_be_computed(book, recognise):
    recognise()

    def waiting():
        with book.reading() as session:
            return [todo.sentence for todo in overview(session, None, date(2026, 1, 5)).todos if todo.id == "compute"]

    assert waiting() == ["2024 年度有 1 条认定还没有测算"]
    text = TEXT.replace("from = 2023-01-01", "from = 2025-01-01")
    later = parse_pack(text[: text.index("[[example]]")] + ONE_EXAMPLE, "新政策包.toml")
    activate(book, later)
    assert waiting() == []


def test_a_pack_whose_examples_fail_is_not_activated(book):
    wrong = parse_pack(TEXT.replace("value = 20\n", "value = 21\n"), "改动的政策包")
    with pytest.raises(Refused, match="示例没有全部通过"), book.action("启用", "张三") as session:
        pack_change.activate(session, wrong)
    with book.reading() as session:
        assert pack_change.is_shipped(session)


def test_choices_are_carried_over_and_what_cannot_be_is_named():
    old = shipped_pack()
    own = CountyAmount("srdi_sme", Level.PROVINCIAL, Money.parse("11万"), "县政府文件")
    choices = Choices.of(old, {"ladder": "difference", "again": "yes"}, (own,), {"ladder": "纪要", "again": "纪要"})
    new = changed(
        ("value = 10\n", "value = 12\n"),
        ('    { id = "yes", label = "再次认定予以奖励" },\n', ""),
        ('由受益财政给予不低于10 万元的资金奖励', '由受益财政给予不低于12 万元的资金奖励'),
    )
    kept, lost = carried(choices, old, new)
    assert kept.switches["ladder"] == "difference" and kept.switches["again"] == "undecided"
    assert kept.county_amounts == () and len(lost) == 2 and "低于下限 12 万元" in lost[1]


@pytest.mark.parametrize(
    ("swap", "end", "word"),
    [
        (REVIEWED, date(2029, 8, 31), "复核日期"),
        (("from = 2023-01-01", "from = 2023-01-01\nto = 2026-12-31"), date(2026, 12, 31), "的标准"),
    ],
)
def test_a_policy_warns_before_it_ends(swap, end, word):
    pack = changed(swap)
    early, near = (date.fromordinal(end.toordinal() - days) for days in (NOTICE_DAYS + 1, NOTICE_DAYS))
    assert _policy(pack, early).tone == "good"
    line = _policy(pack, near)
    assert line.tone == "warn" and word in line.sentence and f"还有 {NOTICE_DAYS} 天" in line.sentence
