"""The strict loader of policy packs: every fault is told with file and place."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from made_facts import PACK, TITLES

from tests.made_packs import CITY, GONE, Raw, edited, made, tables, written
from zjtx_desktop.domain.pack_check import check_examples
from zjtx_desktop.domain.pack_file import load_pack, packs, parse_pack
from zjtx_desktop.domain.policy import Rounding, cite
from zjtx_desktop.domain.switches import UNASKED
from zjtx_desktop.errors import BadFile
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values import Money

PATH = RESOURCES / "policies" / "raofubanfa-2023-12.toml"
TEXT = PATH.read_bytes().decode()
SHARES = "example.0.case.0.shares"


def city_amounts(*amounts: dict[str, Any]) -> dict[str, Any]:
    """The pack with these entries for the municipal amount in the place of its one."""
    (known,) = tables()["rule"][CITY]["amount"]
    return edited((f"rule.{CITY}.amount", [known | one for one in amounts]))


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(BadFile) as refused:
        parse_pack(written(data), "某政策.toml")
    assert str(refused.value).startswith("某政策.toml")
    return str(refused.value)


def test_the_shipped_pack_is_read_with_its_document():
    assert (PACK.id, PACK.amends, PACK.numbers) == ("raofubanfa-2023-12", (), "饶府办发〔2023〕12号")
    (clause,) = PACK.clauses
    assert (clause.id, clause.label, clause.document.issued) == ("一（九）", "第一条第（九）项", date(2023, 9, 23))
    assert str(clause) == "饶府办发〔2023〕12号第一条第（九）项"
    assert cite(PACK.clauses) == "《上饶市促进“专精特新”中小企业发展实施意见》（饶府办发〔2023〕12号）第一条第（九）项"
    assert PACK.review_from == date(2028, 9, 23) and "办法" not in PACK.review_sentence
    assert [(rule.kind, rule.money(rule.amounts[0]).wan) for rule in PACK.rules] == [
        ("floor", "10"),
        ("fixed", "20"),
    ]
    assert "市级财政分别给予20 万元" in clause.text


def test_the_hash_is_over_the_bytes_of_the_file(tmp_path):
    data = PATH.read_bytes()
    assert PACK.sha256 == hashlib.sha256(data).hexdigest() == parse_pack(TEXT, "x").sha256
    windows = tmp_path / "pack.toml"
    windows.write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    pack = load_pack(windows)
    assert pack.sha256 == hashlib.sha256(windows.read_bytes()).hexdigest()
    assert parse_pack(pack.text, "x").sha256 == pack.sha256
    assert pack.rules == PACK.rules


def test_every_shipped_pack_proves_itself_by_its_examples():
    for pack in packs():
        assert check_examples(pack, TITLES) == []
    assert len(PACK.examples) >= 25


def test_examples_cover_every_title_and_every_value_of_every_switch():
    used = {(name, value) for example in PACK.examples for name, value in example.switches.items()}
    for switch in PACK.switches.values():
        for value in switch.labels:
            plain = value == switch.default or switch.id == "notice_working_days"
            assert plain or (switch.id, value) in used, (switch.id, value)
    resolved = [TITLES.resolve(case.title) for example in PACK.examples for case in example.cases]
    every = {(title.id, level) for title in TITLES.all for level in title.names}
    assert {(title.id, level) for title, level in resolved} == every


def test_every_switch_is_answered_once():
    switches = tables()["switch"]
    for one in switches:
        others = [other for other in switches if other is not one]
        if one["id"] not in UNASKED:  # asked only since some packs were written
            assert f"缺少“{one['id']}”" in refusal(edited(("switch", others)))
        assert "编号重复" in refusal(edited(("switch", [*switches, one])))


def test_an_example_that_fails_is_told_with_what_came_out():
    (sentence,) = check_examples(made(("example.0.case.0.pays", {"玉山县": "90,000.00"})), TITLES)
    assert "省级专精特新中小企业，当年认定" in sentence
    assert "应为金额 玉山县 90,000.00，实为 玉山县 100,000.00" in sentence


def test_an_example_that_cannot_be_judged_is_a_failure_not_a_crash():
    wrong = made(("example.0.case.0.title", "国家级专精特新中小企业"))
    assert "没有国家级称号" in check_examples(wrong, TITLES)[0]
    low = made(("example.0.county_amounts", [{"title": "江西省专精特新中小企业", "amount": "9万元"}]))
    assert "低于下限" in "".join(check_examples(low, TITLES))


@pytest.mark.parametrize(
    ("entry", "value", "place"),
    [
        ("extra", 1, "的 extra："),
        ("document.0.note", 1, "document[1].note："),
        ("clause.0.note", "x", "clause[1].note"),
        ("rule.0.cap", 5, "rule[1].cap"),
        ("rule.0.rounding.x", 1, "rule[1].rounding.x"),
        ("rule.0.amount.0.valu", 10, "rule[1].amount[1].valu"),
        ("switch.0.hint", "x", "switch[1].hint"),
        ("switch.0.value.0.x", 1, "switch[1].value[1].x"),
        ("example.0.case.0.pay", 1, "example[1].case[1].pay"),
        ("example.0.county_amounts", [{"x": 1, "title": "江西省专精特新中小企业", "amount": "15万元"}], "[1].x"),
    ],
)
def test_an_unknown_key_at_any_level_is_refused_with_its_place(entry, value, place):
    assert place in refusal(edited((entry, value)))


@pytest.mark.parametrize(
    ("entry", "value", "place"),
    [
        ("document.0.issuer", GONE, "document[1].issuer：缺少"),
        ("document.0.title", GONE, "document[1].title：缺少"),
        ("document.0.number", "12号", "document[1].number：“12号”不是完整的文号"),
        ("document.0.number", "饶府办发〔2024〕1号", "clause[1].number：没有收录文件 饶府办发〔2023〕12号"),
        ("document", [], "没有文件"),
        ("rule.0.amount.0.clause", GONE, "rule[1].amount[1].clause：缺少"),
        ("rule.0.amount.0.clause", "一（十）", "没有收录"),
        ("rule.0.amount.0.quote", "由受益财政给予不低于12 万元", "与条款原文不符"),
        ("rule.0.payer", "province", "rule[1].payer：“province”不认识"),
        ("rule.0.titles", ["champion", "startup_base"], "rule[1].titles：“champion”不认识"),
        ("rule.1.levels", ["市级"], "rule[2].levels"),
        ("rule.1.levels", [], "不能为空"),
        ("rule.1.levels", ["国家级", "国家级"], "重复"),
        ("rule.1.levels", "国家级", "应为列表"),
        ("rule.0.kind", "cap", "rule[1].kind"),
        ("rule.0.rounding.mode", "banker", "rule[1].rounding.mode"),
        ("rule.0.rounding.unit", "厘", "rule[1].rounding.unit"),
        ("rule.0.amount.0.unit", "亿元", "amount[1].unit"),
        ("rule.0.amount.0.value", "10", "应为数字"),
        ("rule.0.amount.0.value", Raw("nan"), "应为数字"),
        ("rule.0.amount.0.value", True, "应为数字"),
        ("rule.0.amount.0.value", 0, "应大于 0"),
        ("rule.0.amount.0.from", "2023-01-01", "应为日期"),
        ("rule.0.amount.0.from", Raw("2023-01-01T00:00:00"), "应为日期"),
        ("rule.0.amount.0.to", date(2022, 12, 31), "早于 from"),
        ("rule.0.amount.0.status", "草案", "status"),
        ("rule.0.amount.0.status", "拟", "没有现行标准"),
        ("format", 2, "格式 1"),
        ("format", True, "应为整数"),
        ("id", " ", "不能为空"),
        ("id", GONE, "id：缺少"),
        ("switch.0.default", "maybe", "switch[1].default"),
        ("switch.0.document", "饶府办发〔2024〕1号", "switch[1].document：没有收录文件"),
        ("switch.0.value.1.id", "half", "程序不支持“half”"),
        ("switch.7.value.0.id", "-5", "程序不支持“-5”"),
        ("switch.0.value.1.id", "no", "取值重复"),
        ("switch.4.id", "staircase", "“staircase”不认识"),
        ("switch.4.id", "several_titles", "程序不支持“full”"),
        ("rule.1.id", "beneficiary_floor", "规则编号重复"),
        ("rule.1.payer", "beneficiary", "有两条规则"),
        (SHARES, "南昌市", "example[1].case[1].shares"),
        ("example.0.case.0.verdict", "通过", "example[1].case[1].verdict"),
        ("example.0.case.0.pays", {"玉山县": "约10万"}, "case[1].pays.玉山县：“约10万”不是有效金额"),
        ("example.0.case.0.pays", {"某县": "1"}, "case[1].pays.某县"),
        ("example", [], "没有示例"),
        ("example", GONE, "example：缺少"),
        ("rule", [], "没有规则"),
        ("rule", GONE, "rule：缺少"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(entry, value, place):
    assert place in refusal(edited((entry, value)))


def test_every_refusal_says_what_to_do():
    assert refusal(edited(("rule.0.kind", "cap"))).endswith("请改正。")


def test_a_clause_or_a_document_told_twice_is_refused():
    (document,), (clause,) = tables()["document"], tables()["clause"]
    assert "收录了两次" in refusal(edited(("document", [document, document])))
    assert "条款“一（九）”收录了两次" in refusal(edited(("clause", [clause, clause])))
    other = document | {"number": "示例发〔2024〕1号"}
    assert "没有收录 示例发〔2024〕1号 的条款" in refusal(edited(("document", [document, other])))


def test_a_duplicate_key_or_broken_syntax_names_the_line():
    for text, said in (("format = 1\nformat = 1\n", "第 2 行"), ("format = 1\n[[broken", "写法有误")):
        with pytest.raises(BadFile, match=said):
            parse_pack(text, "某政策.toml")


def test_a_pack_of_old_with_one_document_and_no_labels_is_read_as_it_was():
    (document,), (clause,) = tables()["document"], tables()["clause"]
    old = edited(("document", document), ("clause.0.label", GONE), ("example", tables()["example"][1:2]))
    pack = parse_pack(written(old), "旧政策包")
    assert str(pack.clauses[0]) == "饶府办发〔2023〕12号 一（九）" and pack.clauses[0].cited == "一（九）"
    assert check_examples(pack, TITLES) == []
    other = clause | {"number": "饶府发〔2020〕1号", "id": "三"}  # cited by its number alone
    del other["label"]
    both = parse_pack(written(old | {"clause": [*old["clause"], other]}), "旧政策包")
    assert cite(both.clauses).endswith("（饶府办发〔2023〕12号）一（九）和饶府发〔2020〕1号三")


def test_dates_of_one_rule_may_not_overlap_or_leave_a_gap():
    closed = {"to": date(2025, 12, 31)}
    assert "日期重叠" in refusal(city_amounts(closed, {"from": date(2025, 1, 1)}))
    assert "日期重叠" in refusal(city_amounts({}, {"from": date(2026, 1, 1)}))
    assert "空档" in refusal(city_amounts(closed, {"from": date(2026, 1, 2)}))
    pack = parse_pack(written(city_amounts(closed, {"from": date(2026, 1, 1), "value": 25})), "x")
    amounts = pack.rules[CITY]
    assert [amounts.money(one).wan for one in amounts.amounts] == ["20", "25"]
    assert [getattr(amounts.amount_on(date(year, 6, 1)), "value", None) for year in (2022, 2025, 2026)] == [
        None, Decimal(20), Decimal(25),
    ]  # fmt: skip


def test_an_expected_amount_may_overlap_and_is_never_in_force():
    expected = {"value": 50, "from": date(2024, 1, 1), "status": "拟"}
    rule = parse_pack(written(city_amounts({}, expected)), "x").rules[CITY]
    assert [
        one.value for one in (rule.amount_on(date(2025, 1, 1)), rule.expected_on(date(2025, 1, 1))) if one
    ] == [20, 50]
    assert rule.expected_on(date(2023, 6, 1)) is None


def test_a_file_that_is_missing_or_not_utf8_is_told(tmp_path):
    with pytest.raises(BadFile, match="打不开"):
        load_pack(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes("政策".encode("gb18030"))
    with pytest.raises(BadFile, match="UTF-8"):
        load_pack(tmp_path / "gbk.toml")


@pytest.mark.parametrize(
    ("mode", "unit", "fen", "rounded"),
    [
        ("half_up", "分", "0.5", 1),
        ("half_up", "元", "149", 100),
        ("half_up", "元", "150", 200),
        ("down", "元", "199", 100),
        ("up", "元", "101", 200),
        ("half_up", "万元", "1500000", 2_000_000),
    ],
)
def test_rounding_is_what_the_rule_says(mode, unit, fen, rounded):
    assert Rounding(mode, unit).apply(Decimal(fen)) == Money(rounded)


def test_amounts_in_decimals_stay_exact():
    pack = made(("rule.0.amount.0.value", Decimal("10.1234567")))
    assert pack.rules[0].money(pack.rules[0].amounts[0]) == Money(10_123_457)
