"""The strict loader of policy packs: every fault is told with file and place."""

import hashlib
import re
from datetime import date
from decimal import Decimal

import pytest
from made_facts import PACK, TITLES

from zjtx_desktop.domain.pack_check import check_examples
from zjtx_desktop.domain.pack_file import load_pack, packs, parse_pack
from zjtx_desktop.domain.policy import Rounding
from zjtx_desktop.domain.switches import OPTIONAL
from zjtx_desktop.errors import BadFile
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values import Money

PATH = RESOURCES / "policies" / "raofubanfa-2023-12.toml"
TEXT = PATH.read_bytes().decode()
AMOUNT = 'value = 20\nunit = "万元"\nfrom = 2023-01-01\n'
SECOND = '{first}number = "饶府办发〔2023〕12号"\nclause = "一（九）"\nquote = "给予20 万元"\n\n[[rule.amount]]\n{second}'


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def two_amounts(first: str, second: str) -> str:
    """The pack with two entries for the municipal amount."""
    return changed(AMOUNT, SECOND.format(first=first, second=second))


def refusal(text: str) -> str:
    with pytest.raises(BadFile) as refused:
        parse_pack(text, "某政策.toml")
    assert str(refused.value).startswith("某政策.toml")
    return str(refused.value)


def test_the_shipped_pack_is_read_with_its_document():
    assert PACK.id == "raofubanfa-2023-12"
    assert (PACK.number, PACK.clause, PACK.issued) == ("饶府办发〔2023〕12号", "一（九）", date(2023, 9, 23))
    assert PACK.source == "饶府办发〔2023〕12号 一（九）"
    assert PACK.review_from == date(2028, 9, 1)
    assert [(rule.kind, rule.money(rule.amounts[0]).wan) for rule in PACK.rules] == [
        ("floor", "10"),
        ("fixed", "20"),
    ]
    assert "市级财政分别给予20 万元" in PACK.clauses[0].text


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
    switch = re.compile(r"\[\[switch\]\]\nid = \"(\w+)\".*?(?=\[\[switch|# ──)", re.DOTALL)
    for found in switch.finditer(TEXT):
        if found[1] not in OPTIONAL:  # asked only since some packs were written
            assert f"缺少“{found[1]}”" in refusal(TEXT.replace(found[0], ""))
        assert "编号重复" in refusal(TEXT.replace(found[0], f"{found[0]}\n{found[0]}"))


def test_an_example_that_fails_is_told_with_what_came_out():
    wrong = parse_pack(
        changed('pays = { "玉山县" = "100,000.00" }', 'pays = { "玉山县" = "90,000.00" }'), "x"
    )
    (sentence,) = check_examples(wrong, TITLES)
    assert "省级专精特新中小企业，当年认定" in sentence
    assert "应为金额 玉山县 90,000.00，实为 玉山县 100,000.00" in sentence


def test_an_example_that_cannot_be_judged_is_a_failure_not_a_crash():
    wrong = parse_pack(changed('title = "江西省专精特新中小企业"', 'title = "国家级专精特新中小企业"'), "x")
    assert "没有国家级称号" in check_examples(wrong, TITLES)[0]
    low = parse_pack(changed('amount = "15万元"', 'amount = "9万元"'), "x")
    assert "低于下限" in "".join(check_examples(low, TITLES))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("format = 1", "format = 1\nextra = 1", "的 extra："),
        ("issuer =", "isuer =", "document.issuer：缺少"),
        ("issued = 2023-09-23", "issued = 2023-09-23\nnote = 1", "document.note："),
        ('heading = "实行认定奖补"', 'heading = "实行认定奖补"\nnote = "x"', "clause[1].note"),
        ('fund = "受益财政"', 'fund = "受益财政"\ncap = 5', "rule[1].cap"),
        ('unit = "分" }', 'unit = "分", x = 1 }', "rule[1].rounding.x"),
        ("value = 10\n", "value = 10\nvalu = 10\n", "rule[1].amount[1].valu"),
        ('[[switch]]\nid = "re_review"', '[[switch]]\nid = "re_review"\nhint = "x"', "switch[1].hint"),
        ('label = "复核不奖励" }', 'label = "复核不奖励", x = 1 }', "switch[1].value[1].x"),
        ("[[example.case]]\n", "[[example.case]]\npay = 1\n", "example[1].case[1].pay"),
        (
            '{ title = "江西省专精特新中小企业", amount',
            '{ x = 1, title = "江西省专精特新中小企业", amount',
            "[1].x",
        ),
    ],
)
def test_an_unknown_key_at_any_level_is_refused_with_its_place(old, new, place):
    assert place in refusal(changed(old, new))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('clause = "一（九）"\nquote', "quote", "rule[1].amount[1].clause：缺少"),
        ('clause = "一（九）"\nquote', 'clause = "一（十）"\nquote', "没有收录"),
        ('quote = "由受益财政给予不低于10 万元', 'quote = "由受益财政给予不低于12 万元', "与条款原文不符"),
        ('payer = "beneficiary"', 'payer = "province"', "rule[1].payer：“province”不认识"),
        (
            '"single_champion", "startup_base"',
            '"champion", "startup_base"',
            "rule[1].titles：“champion”不认识",
        ),
        ('levels = ["国家级"]', 'levels = ["市级"]', "rule[2].levels"),
        ('levels = ["国家级"]', "levels = []", "不能为空"),
        ('levels = ["国家级"]', 'levels = ["国家级", "国家级"]', "重复"),
        ('levels = ["国家级"]', 'levels = "国家级"', "应为列表"),
        ('\nkind = "floor"', '\nkind = "cap"', "rule[1].kind"),
        ('mode = "half_up"', 'mode = "banker"', "rule[1].rounding.mode"),
        ('unit = "分" }', 'unit = "厘" }', "rule[1].rounding.unit"),
        ('value = 10\nunit = "万元"', 'value = 10\nunit = "亿元"', "amount[1].unit"),
        ("value = 10\n", 'value = "10"\n', "应为数字"),
        ("value = 10\n", "value = nan\n", "应为数字"),
        ("value = 10\n", "value = true\n", "应为数字"),
        ("value = 10\n", "value = 0\n", "应大于 0"),
        ("from = 2023-01-01\n", 'from = "2023-01-01"\n', "应为日期"),
        ("from = 2023-01-01\n", "from = 2023-01-01T00:00:00\n", "应为日期"),
        ("from = 2023-01-01\n", "from = 2023-01-01\nto = 2022-12-31\n", "早于 from"),
        ("from = 2023-01-01\n", 'from = 2023-01-01\nstatus = "草案"\n', "status"),
        ("from = 2023-01-01\n", 'from = 2023-01-01\nstatus = "拟"\n', "没有现行标准"),
        ("format = 1", "format = 2", "格式 1"),
        ("format = 1", "format = true", "应为整数"),
        ('id = "raofubanfa-2023-12"', 'id = " "', "不能为空"),
        ('id = "raofubanfa-2023-12"', "", "id：缺少"),
        ('title = "上饶市促进', 'titel = "上饶市促进', "document.title：缺少"),
        (
            'number = "饶府办发〔2023〕12号"\nissuer',
            'number = "12号"\nissuer',
            "document.number：“12号”不是完整的文号",
        ),
        (
            'number = "饶府办发〔2023〕12号"\nissuer',
            'number = "饶府办发〔2024〕1号"\nissuer',
            "第一条应出自本文件",
        ),
        ('default = "no"', 'default = "maybe"', "switch[1].default"),
        ('{ id = "yes", label = "复核视同', '{ id = "half", label = "复核视同', "程序不支持“half”"),
        ('{ id = "5", label', '{ id = "-5", label', "程序不支持“-5”"),
        ('{ id = "yes", label = "复核视同', '{ id = "no", label = "复核视同', "取值重复"),
        ('id = "ladder"', 'id = "staircase"', "“staircase”不认识"),
        ('id = "ladder"', 'id = "several_titles"', "程序不支持“full”"),
        ('id = "municipal_national"', 'id = "beneficiary_floor"', "规则编号重复"),
        ('payer = "municipal"', 'payer = "beneficiary"', "有两条规则"),
        ('shares = "玉山县"', 'shares = "南昌市"', "example[1].case[1].shares"),
        ('verdict = "奖励"', 'verdict = "通过"', "example[1].case[1].verdict"),
        (
            'pays = { "玉山县" = "100,000.00" }',
            'pays = { "玉山县" = "约10万" }',
            "case[1].pays.玉山县：“约10万”不是有效金额",
        ),
        ('pays = { "玉山县" = "100,000.00" }', 'pays = { "某县" = "1" }', "case[1].pays.某县"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(old, new, place):
    assert place in refusal(changed(old, new))


def test_every_refusal_says_what_to_do():
    assert refusal(changed('\nkind = "floor"', '\nkind = "cap"')).endswith("请改正。")


def test_a_pack_without_examples_rules_or_clauses_is_refused():
    assert "没有示例" in refusal("example = []\n" + TEXT.partition("[[example]]")[0])
    assert "example：缺少" in refusal(TEXT.partition("[[example]]")[0])
    rules = re.compile(r"\[\[rule\]\].*?(?=\[\[switch\]\])", re.DOTALL)
    assert "rule：缺少" in refusal(rules.sub("", TEXT))
    assert "没有规则" in refusal("rule = []\n" + rules.sub("", TEXT))


def test_a_duplicate_key_or_broken_syntax_names_the_line():
    assert "第 7 行" in refusal(changed("format = 1", "format = 1\nformat = 1"))
    assert "写法有误" in refusal(TEXT + "\n[[broken")


def test_dates_of_one_rule_may_not_overlap_or_leave_a_gap():
    closed = 'value = 20\nunit = "万元"\nfrom = 2023-01-01\nto = 2025-12-31\n'
    assert "日期重叠" in refusal(two_amounts(closed, AMOUNT.replace("2023", "2025")))
    assert "日期重叠" in refusal(two_amounts(AMOUNT, AMOUNT.replace("2023", "2026")))
    assert "空档" in refusal(two_amounts(closed, AMOUNT.replace("2023-01-01", "2026-01-02")))
    pack = parse_pack(two_amounts(closed, AMOUNT.replace("2023", "2026").replace("20\n", "25\n")), "x")
    amounts = pack.rules[1]
    assert [amounts.money(one).wan for one in amounts.amounts] == ["20", "25"]
    assert [getattr(amounts.amount_on(date(year, 6, 1)), "value", None) for year in (2022, 2025, 2026)] == [
        None, Decimal(20), Decimal(25),
    ]  # fmt: skip


def test_an_expected_amount_may_overlap_and_is_never_in_force():
    expected = 'value = 50\nunit = "万元"\nfrom = 2024-01-01\nstatus = "拟"\n'
    rule = parse_pack(two_amounts(AMOUNT, expected), "x").rules[1]
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
    pack = parse_pack(changed("value = 10\n", "value = 10.1234567\n"), "x")
    assert pack.rules[0].money(pack.rules[0].amounts[0]) == Money(10_123_457)
