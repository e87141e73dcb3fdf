"""An amending pack: it names its base and holds only what is new; put upon it, every sentence cites the document of its own rule and day."""

import tomllib
from datetime import date
from typing import Any

import pytest
from made_facts import NATIONAL, TITLES, facts, said

from tests.made_packs import AMENDMENT, amended, made, tables, written
from zjtx_desktop.domain.choices import Choices
from zjtx_desktop.domain.entitlement import Case, ManualAmount, Payer, judge
from zjtx_desktop.domain.pack_check import check_examples
from zjtx_desktop.domain.pack_file import file_sha256, packs, parse_pack, shipped_pack, texts_of, upon
from zjtx_desktop.domain.policy import cite
from zjtx_desktop.errors import BadFile
from zjtx_desktop.values import Division, Money

TEXT = AMENDMENT.read_text(encoding="utf-8")
OLD, NEW = "饶府办发〔2023〕12号第一条第（九）项", "示例府办发〔2026〕8号第二条第（一）项"
BARE: dict[str, Any] = {
    "format": 1,
    "id": "shili-2027-1",
    "amends": "shili-2026-8",
    "document": [{"title": "再次调整（示例）", "number": "示例府办发〔2027〕1号", "issuer": "示例", "issued": date(2027, 6, 1)}],
    "clause": [{"number": "示例府办发〔2027〕1号", "id": "一", "label": "第一条", "heading": "再调整", "text": "给予30 万元"}],
    "example": [],
}
ENTRY = {"rule": "municipal_national", "value": 30, "unit": "万元", "number": "示例府办发〔2027〕1号", "clause": "一", "quote": "30 万元"}


def upon_it(**more):
    """A second amendment upon the first."""
    return parse_pack(written(BARE | more), "再改.toml", (amended(), shipped_pack()))


def refusal(**more):
    with pytest.raises(BadFile) as refused:
        upon_it(**more)
    assert str(refused.value).startswith("再改.toml 的 ")
    return str(refused.value)


def judged(day, **changes):
    pack = amended()
    return judge((Case(1, facts("little_giant", NATIONAL, document_date=day), **changes),), (), pack, Choices.of(pack))[1]


def test_the_amended_pack_proves_itself_and_can_be_read_again_from_its_text_alone():
    pack = amended()
    assert (pack.id, pack.amends) == ("shili-2026-8", ("raofubanfa-2023-12",))
    assert check_examples(pack, TITLES) == []
    assert parse_pack(pack.text, "账簿里的政策包") == pack
    assert texts_of(pack.text) == (shipped_pack().text, TEXT)
    assert pack.sha256 not in (shipped_pack().sha256, file_sha256(pack))
    assert upon(pack) == (pack, shipped_pack())
    assert cite(pack.clauses).endswith("第一条第（九）项和《关于调整“专精特新”认定奖励标准的通知（示例）》（示例府办发〔2026〕8号）第二条第（一）项")


@pytest.mark.parametrize(("day", "wan", "clause"), [(date(2026, 12, 31), "20", OLD), (date(2027, 1, 1), "25", NEW)])
def test_each_amount_cites_the_clause_of_its_own_rule_on_its_day(day, wan, clause):
    result = judged(day)
    ours, city = result.parts
    assert (ours.clause, city.clause, city.amount.wan) == (OLD, clause, wan)
    assert said(result, f"市级财政奖励 {wan} 万元，从市本级工业发展专项资金安排（{clause}）。")
    assert said(result, f"按 10 万元奖励（{OLD}）。")
    assert [str(one) for one in amended().clauses_named(part.clause for part in result.parts)] == list(dict.fromkeys((OLD, clause)))


def test_a_manual_amount_under_the_floor_is_refused_with_the_clause_of_the_floor():
    low = ManualAmount(Payer.BENEFICIARY, Division("361123"), Money.parse("8万"), "资金紧张", "玉府专纪〔2027〕1号")
    (warning,) = (text for text in judged(date(2027, 3, 1), manual=(low,)).warnings if "未采用" in text)
    assert f"低于下限 100,000.00 元（{OLD}）" in warning


def test_a_document_issued_after_the_recognition_is_said_to_be_later_and_an_earlier_one_is_not():
    late = [BARE["document"][0] | {"issued": date(2027, 9, 1)}]
    pack = upon_it(document=late, end=[{"rule": "municipal_national", "to": date(2027, 6, 30)}], amount=[ENTRY | {"from": date(2027, 7, 1)}])
    for day, told in ((date(2027, 8, 1), True), (date(2027, 9, 1), False), (date(2027, 3, 1), False)):
        result = judge((Case(1, facts("little_giant", NATIONAL, document_date=day)),), (), pack, Choices.of(pack))[1]
        assert said(result, "认定在文件印发（2027-09-01）以前") is told


def test_what_is_silent_cites_the_document_that_leaves_it_open():
    reasons = judged(date(2027, 3, 1)).reasons
    assert any("哪个日期决定“当年”" in text and "未明确的文件：饶府办发〔2023〕12号）" in text for text in reasons)
    assert amended().switches["ladder"].document == "示例府办发〔2026〕8号"


def test_amendments_follow_one_another():
    data = {"end": [{"rule": "municipal_national", "to": date(2027, 6, 30)}], "amount": [ENTRY | {"from": date(2027, 7, 1)}]}
    pack = upon_it(**data)
    assert pack.amends == ("raofubanfa-2023-12", "shili-2026-8") and len(texts_of(pack.text)) == 3
    assert [rule.amount_on(date(2027, 7, 1)).value for rule in pack.rules] == [10, 30]
    assert parse_pack(pack.text, "x") == pack and [one.id for one in upon(pack)] == ["shili-2027-1", "shili-2026-8", "raofubanfa-2023-12"]


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"amends": "unknown"}, "amends：没有编号为“unknown”的政策包可以修改"),
        ({"id": "shili-2026-8"}, "id：与所修改的政策包“shili-2026-8”编号相同"),
        ({"id": "raofubanfa-2023-12"}, "id：与所修改的政策包"),
        ({"end": [{"rule": "nobody", "to": date(2027, 6, 30)}]}, "end[1].rule：“nobody”不认识"),
        ({"end": [{"rule": "municipal_national", "to": date(2026, 6, 30)}]}, "end[1].to：早于“市级财政奖励”现行标准的开始日期2027年1月1日"),
        ({"end": [{"rule": "municipal_national", "to": date(2027, 6, 30)}] * 2}, "end[2].rule：“市级财政奖励”写了两个结束日期"),
        ({"amount": [ENTRY | {"from": date(2027, 7, 1)}]}, "日期重叠"),
        (
            {"end": [{"rule": "municipal_national", "to": date(2027, 6, 30)}], "amount": [ENTRY | {"from": date(2027, 8, 1)}]},
            "空档",
        ),
        ({"amount": [ENTRY | {"from": date(2027, 7, 1), "clause": "二"}]}, "没有收录 示例府办发〔2027〕1号 的条款“二”"),
        ({"rule": [tables()["rule"][1] | {"id": "again"}]}, "有两条规则"),
        ({"document": BARE["document"] * 2}, "收录了两次"),
        ({"switch": [tables()["switch"][0]] * 2}, "编号重复"),
        ({"ends": []}, "ends：是不认识的项"),
    ],
)
def test_what_an_amendment_may_not_say_is_refused_with_file_and_place(more, what):
    assert what in refusal(**more)


def test_an_end_that_was_set_already_cannot_be_set_again():
    ended = parse_pack(
        written(BARE | {"amends": "raofubanfa-2023-12", "end": [{"rule": "municipal_national", "to": date(2027, 6, 30)}]}),
        "改.toml",
        (shipped_pack(),),
    )
    again = BARE | {"id": "third", "amends": ended.id, "document": [BARE["document"][0] | {"number": "示例府办发〔2028〕1号"}]}
    again |= {"clause": [BARE["clause"][0] | {"number": "示例府办发〔2028〕1号"}]}
    with pytest.raises(BadFile, match="已写明执行到2027年6月30日"):
        parse_pack(written(again | {"end": [{"rule": "municipal_national", "to": date(2028, 6, 30)}]}), "再改.toml", (ended,))


def test_what_comes_into_force_takes_the_place_of_what_was_only_expected():
    (known,) = tables()["rule"][1]["amount"]
    expected = made(("rule.1.amount", [known, known | {"from": date(2027, 1, 1), "status": "拟", "value": 25}]))
    pack = parse_pack(TEXT, "改.toml", (expected,))
    assert pack.rules[1].expected_on(date(2027, 2, 1)) is None and pack.rules[1].amount_on(date(2027, 2, 1)).value == 25


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.toml").write_text(shipped_pack().text, encoding="utf-8")
    (tmp_path / "a.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_files_that_travel_together_are_put_together_whatever_they_are_called(folder):
    assert [pack.id for pack in packs(folder)] == ["raofubanfa-2023-12", "shili-2026-8"]


def test_a_ring_a_fork_and_an_unknown_base_among_the_files_are_refused(folder):
    ring = BARE | {"id": "one", "amends": "two"}
    (folder / "c.toml").write_text(written(ring), encoding="utf-8")
    with pytest.raises(BadFile, match="没有编号为“two”"):
        packs(folder)
    (folder / "d.toml").write_text(written(ring | {"id": "two", "amends": "one"}), encoding="utf-8")
    with pytest.raises(BadFile, match="c.toml 的 amends：与“two”互相修改，成了一圈"):
        packs(folder)
    (folder / "d.toml").unlink()
    (folder / "c.toml").write_text(written(tomllib.loads(TEXT) | {"id": "fork"}), encoding="utf-8")
    with pytest.raises(BadFile, match="“raofubanfa-2023-12”已由“shili-2026-8”修改"):
        packs(folder)
