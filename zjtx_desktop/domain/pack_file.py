"""Policy packs as files: a whole one, or one that amends another; read strictly, every fault told with its place.

An amendment names what it amends and holds only what is new: its document and clauses, the standards that end and
begin, questions that it answers anew, and its own worked examples. Put upon its base it is one pack, whose text
holds both, so that a round that was locked with it can be opened without any file.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from zjtx_desktop.domain.example import read_example
from zjtx_desktop.domain.pack_tables import (
    check_dates,
    check_pack,
    read_amount,
    read_clause,
    read_documents,
    read_rule,
    read_switches,
)
from zjtx_desktop.domain.policy import Clause, Pack, Rule
from zjtx_desktop.domain.strict import Table, read_toml
from zjtx_desktop.errors import BadFile, BadValue
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values import format_date

FORMAT = 1
MOST_BYTES = 2 << 20
MOST_AMENDMENTS = 20
_ID = re.compile(r"[\w-]{1,60}")


def load_pack(path: Path, bases: Iterable[Pack] = ()) -> Pack:
    """Read a pack file, an amendment upon one of `bases`; BadFile says what is wrong and where."""
    return parse_pack(_text(path), path.name, bases)


def packs(folder: Path = RESOURCES / "policies") -> tuple[Pack, ...]:
    """The packs that travel with the program, each amendment after what it amends; BadFile for what cannot be put together."""
    waiting = {path.name: _text(path) for path in sorted(folder.glob("*.toml"))}
    found: dict[str, Pack] = {}
    while waiting:
        ready = {name: text for name, text in waiting.items() if _amended_by(text, name) in (None, *found)}
        if not ready:
            name, text = next(iter(waiting.items()))
            ids = {_id(read_toml(one, other)) for other, one in waiting.items()}
            if (wanted := _amended_by(text, name)) in ids:
                raise BadFile(f"{name} 的 amends：与“{wanted}”互相修改，成了一圈，请改正。")
            parse_pack(text, name, found.values())  # says that there is no such base
        for name, text in ready.items():
            pack = parse_pack(waiting.pop(name), name, found.values())
            _check_alone(pack, found.values(), name)
            found[pack.id] = pack
    return tuple(found.values())


def shipped_pack() -> Pack:
    """The policy that came with the program: the one issued last, with all that amends it."""
    return max(packs(), key=lambda pack: (pack.issued, len(pack.amends)))


def parse_pack(text: str, where: str, bases: Iterable[Pack] = ()) -> Pack:
    """Read a pack from its text, an amendment upon one of `bases`; `where` names it in errors."""
    first, *later = texts_of(text)
    pack = _read(first, where, tuple(bases))
    for one in later:
        if _amended_by(one, where) is None:
            raise BadFile(f"政策包 {where} 里有两个完整的政策包，后一个没有写明修改哪一个（amends），请改正。")
        pack = _read(one, where, (pack,))
    return pack


def texts_of(text: str) -> tuple[str, ...]:
    """The texts of the files that a pack was put together from, what is amended before what amends it."""
    if text.startswith('["'):  # no TOML begins a list of texts like this
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return (text,)
        if isinstance(found, list) and len(found) > 1 and all(isinstance(one, str) for one in found):
            return tuple(found)
    return (text,)


def upon(pack: Pack) -> tuple[Pack, ...]:
    """A pack and those that it was put upon, the latest first."""
    texts = texts_of(pack.text)
    return (pack, *(parse_pack(_joined(texts[:n]), pack.id) for n in range(len(texts) - 1, 0, -1)))


def file_sha256(pack: Pack) -> str:
    """The hash of the file that a pack came in, without what it amends."""
    return hashlib.sha256(texts_of(pack.text)[-1].encode()).hexdigest()


def _joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else json.dumps(texts, ensure_ascii=False)


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():  # reading a pipe or a device would never end
            raise BadFile(f"“{path.name}”不是文件，请选择政策包文件。")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BadFile(f"政策包 {path.name} 超过 {MOST_BYTES >> 20} MB，不像是政策包。请核对后重新选择。")
        return data.decode()
    except OSError:
        raise BadFile(f"政策包 {path.name} 打不开，请检查文件是否还在、是否可读。") from None
    except UnicodeDecodeError:
        raise BadFile(f"政策包 {path.name} 不是 UTF-8 编码，请另存为 UTF-8 后重试。") from None


def _amended_by(text: str, where: str) -> str | None:
    """The id of the pack that a file amends; None for a whole one."""
    found: str | None = read_toml(text, where).text("amends", None)
    return found


def _check_alone(pack: Pack, others: Iterable[Pack], where: str) -> None:
    """Two packs of one id, or two that amend one and the same, leave open which of them holds."""
    for other in others:
        if other.id == pack.id:
            raise BadFile(f"{where} 的 id：已有编号为“{pack.id}”的政策包，请改正。")
        if pack.amends and other.amends == pack.amends:
            raise BadFile(f"{where} 的 amends：“{pack.amends[-1]}”已由“{other.id}”修改，请改为修改“{other.id}”。")


def _read(text: str, where: str, bases: tuple[Pack, ...]) -> Pack:
    file = read_toml(text, where)
    if file.integer("format") != FORMAT:
        raise file.wrong("format", f"本程序只认格式 {FORMAT}，请改用相应版本的程序或政策包")
    amends = file.text("amends", None)
    pack = _whole(file, text) if amends is None else _amending(file, text, _base(file, amends, bases))
    file.done()
    check_pack(pack, file)
    return pack


def _base(file: Table, amends: str, bases: tuple[Pack, ...]) -> Pack:
    base = next((pack for pack in bases if pack.id == amends), None)
    if base is None:
        known = "、".join(f"“{pack.id}”" for pack in bases) or "没有"
        raise file.wrong("amends", f"没有编号为“{amends}”的政策包可以修改（现有：{known}），请核对编号")
    if _id(file) in (base.id, *base.amends):
        raise file.wrong("id", f"与所修改的政策包“{base.id}”编号相同，请另起一个编号")
    if len(base.amends) >= MOST_AMENDMENTS:
        raise file.wrong("amends", f"修改已超过 {MOST_AMENDMENTS} 层，请合并成一个完整的政策包")
    return base


def _whole(file: Table, text: str) -> Pack:
    documents, review = read_documents(file), file.table("review")
    clauses = tuple(read_clause(table, documents, file) for table in file.tables("clause"))
    pack = Pack(
        id=_id(file),
        amends=(),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        documents=documents,
        review_from=review.day("from"),
        review_sentence=review.text("sentence"),
        clauses=clauses,
        rules=tuple(read_rule(table, clauses) for table in file.tables("rule")),
        switches=read_switches(file.tables("switch"), documents, file),
        examples=tuple(map(read_example, file.tables("example"))),
    )
    review.done()
    return pack


def _amending(file: Table, text: str, base: Pack) -> Pack:
    """The base with what an amendment ends, begins, answers anew and proves."""
    own = read_documents(file)
    documents, review = (*base.documents, *own), file.table("review", None)
    clauses = (*base.clauses, *(read_clause(table, own, file) for table in file.tables("clause")))
    both = _joined((*texts_of(base.text), text))
    examples = {one.name: one for one in (*base.examples, *map(read_example, file.tables("example")))}
    pack = replace(
        base,
        id=_id(file),
        amends=(*base.amends, base.id),
        sha256=hashlib.sha256(both.encode()).hexdigest(),
        text=both,
        documents=documents,
        review_from=review.day("from") if review else base.review_from,
        review_sentence=review.text("sentence") if review else base.review_sentence,
        clauses=clauses,
        rules=(*_changed_rules(file, base, clauses), *(read_rule(table, clauses) for table in file.tables("rule", []))),
        switches={**base.switches, **read_switches(file.tables("switch", []), documents, file, own[0].number)},
        examples=tuple(examples.values()),
    )
    if review:
        review.done()
    return pack


def _id(file: Table) -> str:
    """What a pack is called: letters, digits and hyphens, so that it may stand in any name or message."""
    return file.checked("id", _name, file.text("id"))


def _name(text: str) -> str:
    if not _ID.fullmatch(text):
        raise BadValue("编号只能用文字、数字和短横线，最多 60 个字")
    return text


def _changed_rules(file: Table, base: Pack, clauses: tuple[Clause, ...]) -> tuple[Rule, ...]:
    """The rules of the base, their standards ended and followed as the amendment says."""
    rules = {rule.id: rule for rule in base.rules}
    ended: set[str] = set()
    for table in file.tables("end", []):
        name = table.word("rule", rules)
        if name in ended:
            raise table.wrong("rule", f"“{rules[name].label}”写了两个结束日期，请只留一个")
        ended.add(name)
        rules[name] = _ended(rules[name], table)
    begun: set[str] = set()
    for table in file.tables("amount", []):
        name = table.word("rule", rules)
        amount = read_amount(table, clauses)
        kept = rules[name].amounts if amount.expected else tuple(one for one in rules[name].amounts if not one.expected)
        rules[name] = replace(rules[name], amounts=(*kept, amount))  # what is in force ends what was only expected
        begun.add(name)
    for name in begun:
        check_dates(rules[name], file)
    return tuple(rules.values())


def _ended(rule: Rule, table: Table) -> Rule:
    """The rule with its running standard ended on a day."""
    until = table.day("to")
    table.done()
    running = max((one for one in rule.amounts if not one.expected), key=lambda one: one.since)
    if running.until:
        raise table.wrong("to", f"“{rule.label}”的标准已写明执行到{format_date(running.until)}，请核对")
    if until < running.since:
        raise table.wrong("to", f"早于“{rule.label}”现行标准的开始日期{format_date(running.since)}，请改正")
    return replace(
        rule, amounts=tuple(replace(one, until=until) if one is running else one for one in rule.amounts)
    )
