"""The tables of a policy pack, read strictly: documents, clauses, rules, amounts, open questions, and what none may break."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise, product

from zjtx_desktop.domain.facts import Payer
from zjtx_desktop.domain.policy import ROUNDINGS, RULE_KINDS, UNITS, Amount, Clause, Document, Pack, Rounding, Rule
from zjtx_desktop.domain.strict import Table
from zjtx_desktop.domain.switches import Switch, check_complete, read_switch
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.values import DocumentNumber

_IN_FORCE, _EXPECTED = "现行", "拟"


def read_documents(file: Table) -> tuple[Document, ...]:
    """The documents of a file: several tables, or the one table of the packs of old."""
    tables = [file.table("document")] if file.is_table("document") else file.tables("document")
    documents = tuple(map(_document, tables))
    if not documents:
        raise file.wrong("document", "没有文件，请补充")
    return documents


def _document(table: Table) -> Document:
    document = Document(
        title=table.text("title"),
        number=str(table.parsed("number", DocumentNumber.parse)),
        issuer=table.text("issuer"),
        issued=table.day("issued"),
    )
    table.done()
    return document


def read_clause(table: Table, documents: Sequence[Document], file: Table) -> Clause:
    """Read a clause of one of these documents."""
    number = str(table.parsed("number", DocumentNumber.parse))
    document = next((one for one in documents if one.number == number), None)
    if document is None and file.is_table("document"):  # packs of old cite others by their number alone
        document = replace(documents[0], title="", number=number, issuer="")
    if document is None:
        raise table.wrong("number", f"没有收录文件 {number}，请补充 document 表")
    clause = Clause(document, table.text("id"), table.text("heading"), table.text("text"), table.text("label", ""))
    table.done()
    return clause


def read_switches(
    tables: Sequence[Table], documents: Sequence[Document], file: Table, default: str = ""
) -> dict[str, Switch]:
    """Read open questions, none twice; one that names no document belongs to that of `default`, else to the first."""
    numbers = [document.number for document in documents]
    found = [read_switch(table, numbers, default or numbers[0]) for table in tables]
    switches = {switch.id: switch for switch in found}
    if len(switches) < len(found):
        raise file.wrong("switch", "编号重复，请改正")
    return switches


def read_rule(table: Table, clauses: Sequence[Clause]) -> Rule:
    """Read a rule with all its amounts."""
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
        amounts=tuple(read_amount(one, clauses) for one in table.tables("amount")),
    )
    rounding.done()
    table.done()
    check_dates(rule, table)
    return rule


def read_amount(table: Table, clauses: Sequence[Clause]) -> Amount:
    """Read an amount that quotes one of these clauses."""
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


def check_dates(rule: Rule, table: Table) -> None:
    """The amounts in force follow one another day by day."""
    used = sorted((amount for amount in rule.amounts if not amount.expected), key=lambda amount: amount.since)
    if not used:
        raise table.wrong("amount", "没有现行标准，请补充")
    for one, following in pairwise(used):
        if one.until is None or following.since <= one.until:
            raise table.wrong("amount", f"“{rule.label}”自 {following.since} 起的标准与前一段日期重叠，请改正")
        if following.since - one.until > timedelta(days=1):
            raise table.wrong("amount", f"“{rule.label}”在 {one.until} 与 {following.since} 之间有空档，请改正")


def check_pack(pack: Pack, file: Table) -> None:
    """What only the whole pack shows: nothing twice, nothing left out."""
    _check_documents(pack, file)
    if not pack.rules:
        raise file.wrong("rule", "没有规则，请补充")
    if not pack.examples:
        raise file.wrong("example", "没有示例，不能核验，请补充")
    ids = [rule.id for rule in pack.rules]
    if len(set(ids)) < len(ids):
        raise file.wrong("rule", "规则编号重复，请改正")
    for one, other in combinations(pack.rules, 2):
        shared = {*product(one.titles, one.levels)} & {*product(other.titles, other.levels)}
        if shared and one.payer is other.payer and _overlap(one, other):
            title, level = min(shared)
            raise file.wrong("rule", f"{level} {title} 的{one.payer.label}部分同时有两条规则，请改正")
    check_complete(pack.switches, file)


def _check_documents(pack: Pack, file: Table) -> None:
    numbers, named = [one.number for one in pack.documents], [(one.number, one.id) for one in pack.clauses]
    for number in numbers:
        if numbers.count(number) > 1:
            raise file.wrong("document", f"{number} 收录了两次，请改正")
        if not any(clause.number == number for clause in pack.clauses):
            raise file.wrong("clause", f"没有收录 {number} 的条款，请补充")
    for name in named:
        if named.count(name) > 1:
            raise file.wrong("clause", f"{name[0]} 的条款“{name[1]}”收录了两次，请改正")


def _overlap(one: Rule, other: Rule) -> bool:
    """Whether two rules would both be in force on some day."""
    ours, theirs = ([each for each in rule.amounts if not each.expected] for rule in (one, other))
    return any(
        mine.since <= (yours.until or date.max) and yours.since <= (mine.until or date.max)
        for mine, yours in product(ours, theirs)
    )


def _bare(text: str) -> str:
    return "".join(text.split())
