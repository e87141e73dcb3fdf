"""A policy pack: one TOML file with the document, its dated rules, its open switches and worked examples."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from itertools import pairwise, product
from pathlib import Path

from zjtx_desktop.domain.example import Example, read_example
from zjtx_desktop.domain.facts import Payer
from zjtx_desktop.domain.strict import Table, read_toml
from zjtx_desktop.domain.switches import Switch, check_complete, read_switch
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.errors import BadFile, BadValue
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values import DocumentNumber, Money

FORMAT = 1
MOST_BYTES = 2 << 20
_ID = re.compile(r"[\w-]{1,60}")
UNITS = {"分": 1, "角": 10, "元": 100, "万元": 1_000_000}
ROUNDINGS = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}
RULE_KINDS = ("floor", "fixed")
_IN_FORCE, _EXPECTED = "现行", "拟"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a document, quoted in full."""

    number: str
    id: str
    heading: str
    text: str

    def __str__(self) -> str:
        return f"{self.number} {self.id}"


@dataclass(frozen=True, slots=True)
class Amount:
    """What a rule gives from one day on, until another; an expected one is shown but never used."""

    value: Decimal
    unit: str
    since: date
    until: date | None
    clause: Clause
    quote: str
    expected: bool

    def covers(self, day: date) -> bool:
        """Whether the amount holds on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a rule rounds, and to which unit."""

    mode: str
    unit: str

    def apply(self, fen: Decimal) -> Money:
        """An exact figure in fen as money, rounded to the unit."""
        size = UNITS[self.unit]
        return Money(int((fen / size).quantize(Decimal(1), ROUNDINGS[self.mode])) * size)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who pays what for which titles; a floor may be raised by the county, a fixed amount may not."""

    id: str
    label: str
    payer: Payer
    fund: str
    levels: tuple[Level, ...]
    titles: tuple[str, ...]
    kind: str
    rounding: Rounding
    amounts: tuple[Amount, ...]

    def covers(self, title: str, level: Level) -> bool:
        """Whether the rule speaks of a title at a level."""
        return title in self.titles and level in self.levels

    def amount_on(self, day: date) -> Amount | None:
        """The amount in force on a day."""
        return next((amount for amount in self.amounts if not amount.expected and amount.covers(day)), None)

    def expected_on(self, day: date) -> Amount | None:
        """The amount that is only expected for a day, to be shown and not used."""
        return next((amount for amount in self.amounts if amount.expected and amount.covers(day)), None)

    def money(self, amount: Amount) -> Money:
        """The amount in fen, rounded as the rule says."""
        return self.rounding.apply(amount.value * UNITS[amount.unit])

    def round(self, money: Money) -> Money:
        """Any other figure that takes the rule's place, rounded as the rule says."""
        return self.rounding.apply(Decimal(money.fen))


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole policy as read and checked; `sha256` is over the bytes of the file."""

    id: str
    sha256: str
    text: str
    title: str
    number: str
    issuer: str
    issued: date
    review_from: date
    review_sentence: str
    clauses: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    switches: Mapping[str, Switch]
    examples: tuple[Example, ...]

    @property
    def clause(self) -> str:
        """The clause that sets the awards, as letters cite it."""
        return self.clauses[0].id

    @property
    def source(self) -> str:
        """Number and clause, as sentences cite them."""
        return str(self.clauses[0])

    def rules_for(self, title: str, level: Level) -> tuple[Rule, ...]:
        """The rules that speak of a title at a level, in the file's order."""
        return tuple(rule for rule in self.rules if rule.covers(title, level))


def load_pack(path: Path) -> Pack:
    """Read a pack file; BadFile says what is wrong and where."""
    try:
        if path.exists() and not path.is_file():  # reading a pipe or a device would never end
            raise BadFile(f"“{path.name}”不是文件，请选择政策包文件。")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BadFile(f"政策包 {path.name} 超过 {MOST_BYTES >> 20} MB，不像是政策包。请核对后重新选择。")
        text = data.decode()
    except OSError:
        raise BadFile(f"政策包 {path.name} 打不开，请检查文件是否还在、是否可读。") from None
    except UnicodeDecodeError:
        raise BadFile(f"政策包 {path.name} 不是 UTF-8 编码，请另存为 UTF-8 后重试。") from None
    return parse_pack(text, path.name)


def packs() -> tuple[Pack, ...]:
    """The packs that travel with the program, by file name."""
    return tuple(load_pack(path) for path in sorted((RESOURCES / "policies").glob("*.toml")))


def parse_pack(text: str, where: str) -> Pack:
    """Read a pack from its text; `where` names it in errors."""
    file = read_toml(text, where)
    if file.integer("format") != FORMAT:
        raise file.wrong("format", f"本程序只认格式 {FORMAT}，请改用相应版本的程序或政策包")
    document, review = file.table("document"), file.table("review")
    clauses = tuple(map(_clause, file.tables("clause")))
    pack = Pack(
        id=file.checked("id", _name, file.text("id")),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        title=document.text("title"),
        number=str(document.parsed("number", DocumentNumber.parse)),
        issuer=document.text("issuer"),
        issued=document.day("issued"),
        review_from=review.day("from"),
        review_sentence=review.text("sentence"),
        clauses=clauses,
        rules=tuple(_rule(table, clauses) for table in file.tables("rule")),
        switches={switch.id: switch for switch in map(read_switch, file.tables("switch"))},
        examples=tuple(map(read_example, file.tables("example"))),
    )
    for table in (document, review, file):
        table.done()
    _check(pack, file)
    return pack


def _name(text: str) -> str:
    """What a pack is called: letters, digits and hyphens, so that it may stand in any name or message."""
    if not _ID.fullmatch(text):
        raise BadValue("编号只能用文字、数字和短横线，最多 60 个字")
    return text


def _clause(table: Table) -> Clause:
    clause = Clause(
        number=str(table.parsed("number", DocumentNumber.parse)),
        id=table.text("id"),
        heading=table.text("heading"),
        text=table.text("text"),
    )
    table.done()
    return clause


def _rule(table: Table, clauses: tuple[Clause, ...]) -> Rule:
    rounding = table.table("rounding")
    rule = Rule(
        id=table.text("id"),
        label=table.text("label"),
        payer=Payer(table.word("payer", list(Payer))),
        fund=table.text("fund"),
        levels=tuple(map(Level, table.words("levels", list(Level)))),
        titles=table.words("titles", [title.id for title in Titles.load().all]),
        kind=table.word("kind", RULE_KINDS),
        rounding=Rounding(rounding.word("mode", ROUNDINGS), rounding.word("unit", UNITS)),
        amounts=tuple(_amount(one, clauses) for one in table.tables("amount")),
    )
    rounding.done()
    table.done()
    _check_dates(rule, table)
    return rule


def _amount(table: Table, clauses: tuple[Clause, ...]) -> Amount:
    number, wanted = str(table.parsed("number", DocumentNumber.parse)), table.text("clause")
    clause = next((one for one in clauses if (one.number, one.id) == (number, wanted)), None)
    if clause is None:
        raise table.wrong("clause", f"没有收录 {number} 的条款“{wanted}”，请补充 clause 表")
    amount = Amount(
        value=table.number("value"),
        unit=table.word("unit", UNITS),
        since=table.day("from"),
        until=table.day("to", None),
        clause=clause,
        quote=table.text("quote"),
        expected=table.word("status", (_IN_FORCE, _EXPECTED), _IN_FORCE) == _EXPECTED,
    )
    table.done()
    if amount.value <= 0:
        raise table.wrong("value", "应大于 0，请改正")
    if amount.until and amount.until < amount.since:
        raise table.wrong("to", "早于 from，请改正")
    if _bare(amount.quote) not in _bare(clause.text):
        raise table.wrong("quote", "与条款原文不符，请照原文引用")
    return amount


def _check_dates(rule: Rule, table: Table) -> None:
    """The amounts in force follow one another day by day."""
    used = sorted((amount for amount in rule.amounts if not amount.expected), key=lambda amount: amount.since)
    if not used:
        raise table.wrong("amount", "没有现行标准，请补充")
    for one, following in pairwise(used):
        if one.until is None or following.since <= one.until:
            raise table.wrong("amount", f"自 {following.since} 起的标准与前一段日期重叠，请改正")
        if following.since - one.until > timedelta(days=1):
            raise table.wrong("amount", f"{one.until} 与 {following.since} 之间有空档，请改正")


def _check(pack: Pack, file: Table) -> None:
    """What only the whole file shows: nothing twice, nothing left out."""
    if not pack.clauses or pack.clauses[0].number != pack.number:
        raise file.wrong("clause", "第一条应出自本文件，请补充")
    if not pack.rules:
        raise file.wrong("rule", "没有规则，请补充")
    if not pack.examples:
        raise file.wrong("example", "没有示例，不能核验，请补充")
    ids = [rule.id for rule in pack.rules]
    if len(set(ids)) < len(ids):
        raise file.wrong("rule", "规则编号重复，请改正")
    covered = [(rule.payer, *one) for rule in pack.rules for one in product(rule.titles, rule.levels)]
    for payer, title, level in covered:
        if covered.count((payer, title, level)) > 1:
            raise file.wrong("rule", f"{level} {title} 的{payer.label}部分有两条规则，请改正")
    check_complete(pack.switches, file)


def _bare(text: str) -> str:
    return "".join(text.split())
