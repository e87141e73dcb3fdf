"""What a new policy pack changes against the one in use, in Chinese sentences; nothing is left unsaid."""

from collections.abc import Iterator

from zjtx_desktop.domain.policy import Amount, Clause, Pack, Rule
from zjtx_desktop.domain.switches import Switch
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.values import format_date

KINDS = {"floor": "下限，可以提高", "fixed": "定额"}
_ROUNDINGS = {"half_up": "四舍五入", "down": "舍去尾数", "up": "进一"}
_AROUND = 6  # characters shown before and after what differs in a long text


def differences(old: Pack, new: Pack) -> tuple[str, ...]:
    """A sentence for each thing that differs; empty for the same pack."""
    if old.sha256 == new.sha256:
        return ()
    found = (*_document(old, new), *_clauses(old, new), *_rules(old, new), *_switches(old, new), *_examples(old, new))
    return found or ("内容没有不同，只是文件的写法（如注释、空行）有改动。",)


def _document(old: Pack, new: Pack) -> Iterator[str]:
    yield from _changed("政策包编号", old.id, new.id)
    before, after = ({document.number: document for document in pack.documents} for pack in (old, new))
    yield from (f"不再依据{document}。" for number, document in before.items() if number not in after)
    for number, document in after.items():
        if number not in before:
            yield f"新依据{document}，{document.issuer} {format_date(document.issued)}印发。"
            continue
        yield from _changed(f"{number} 的名称", before[number].title, document.title)
        yield from _changed(f"{number} 的印发机关", before[number].issuer, document.issuer)
        yield from _changed(f"{number} 的印发日期", format_date(before[number].issued), format_date(document.issued))
    yield from _changed("应复核是否有效的日期", format_date(old.review_from), format_date(new.review_from))
    yield from _changed("到复核日期时的提醒", old.review_sentence, new.review_sentence)


def _clauses(old: Pack, new: Pack) -> Iterator[str]:
    before, after = ({f"{clause.number} {clause.id}": clause for clause in pack.clauses} for pack in (old, new))
    yield from (f"删去条款 {name}“{before[name].heading}”。" for name in before if name not in after)
    for name, clause in after.items():
        if name not in before:
            yield f"新增条款 {name}“{clause.heading}”：{clause.text.strip()}"
        else:
            yield from _clause(name, before[name], clause)


def _clause(name: str, old: Clause, new: Clause) -> Iterator[str]:
    yield from _changed(f"条款 {name} 的标题", old.heading, new.heading)
    yield from _changed(f"条款 {name} 在公文中的写法", old.cited, new.cited)
    if old.text != new.text:
        one, other = _unlike(old.text.strip(), new.text.strip())
        yield f"条款 {name} 的文字由“{one}”改为“{other}”。"


def _rules(old: Pack, new: Pack) -> Iterator[str]:
    before, after = ({rule.id: rule for rule in pack.rules} for pack in (old, new))
    for name, rule in before.items():
        if name not in after:
            yield f"删去规则“{rule.label}”，原标准：{'；'.join(map(_amount, rule.amounts))}。"
    for name, rule in after.items():
        if name not in before:
            yield f"新增规则“{rule.label}”（{rule.payer.label}，{_titles(rule)}）：{'；'.join(map(_amount, rule.amounts))}。"
        else:
            yield from _rule(before[name], rule)


def _rule(old: Rule, new: Rule) -> Iterator[str]:
    name = f"“{new.label}”"
    yield from _changed("规则的名称", old.label, new.label)
    yield from _changed(f"{name}的出资", old.payer.label, new.payer.label)
    yield from _changed(f"{name}的资金来源", old.fund, new.fund)
    yield from _changed(f"{name}的适用范围", _titles(old), _titles(new))
    yield from _changed(f"{name}的标准", KINDS[old.kind], KINDS[new.kind])
    yield from _changed(f"{name}的取整", _rounding(old), _rounding(new))
    before, after = ({(one.since, one.expected): one for one in rule.amounts} for rule in (old, new))
    yield from (f"{name}删去一段标准：{_amount(before[key])}。" for key in before if key not in after)
    for key, amount in after.items():
        if key not in before:
            yield f"{name}新增一段标准：{_amount(amount)}。"
            continue
        yield from _changed(f"{name}的标准", _amount(before[key]), _amount(amount))
        yield from _changed(f"{name}引用的原文", before[key].quote, amount.quote)
        yield from _changed(f"{name}引用的条款", str(before[key].clause), str(amount.clause))


def _switches(old: Pack, new: Pack) -> Iterator[str]:
    for name, switch in new.switches.items():
        before = old.switches.get(name)
        if before is None:
            yield f"新增口径“{switch.label}”，默认“{switch.label_of(switch.default)}”。"
            continue
        yield from _changed("口径的名称", before.label, switch.label)
        yield from _changed(f"口径“{switch.label}”的默认", before.label_of(before.default), switch.label_of(switch.default))
        yield from _changed(f"口径“{switch.label}”的可选项", _options(before), _options(switch))
        yield from _changed(f"口径“{switch.label}”的说明", before.description, switch.description)
        yield from _changed(f"口径“{switch.label}”的出处", before.clause, switch.clause)
        yield from _changed(f"口径“{switch.label}”所属的文件", before.document, switch.document)
    yield from (f"删去口径“{gone.label}”。" for name, gone in old.switches.items() if name not in new.switches)


def _examples(old: Pack, new: Pack) -> Iterator[str]:
    before, after = ({one.name: one for one in pack.examples} for pack in (old, new))
    added, gone = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    changed = sum(before[name] != after[name] for name in before.keys() & after.keys())
    if added or gone or changed:
        yield f"算例：新增 {added} 个，删去 {gone} 个，改动 {changed} 个。"


def _changed(what: str, old: str, new: str) -> Iterator[str]:
    if old != new:
        yield f"{what}由“{old}”改为“{new}”。"


def _titles(rule: Rule) -> str:
    names = Titles.load()
    levels = "、".join(level.value for level in rule.levels)
    return f"{levels}的{'、'.join(names.get(title).aliases[None][0] for title in rule.titles)}"


def _amount(amount: Amount) -> str:
    until = f"至{format_date(amount.until)}" if amount.until else "起"
    expected = "（拟，不采用）" if amount.expected else ""
    return f"{format_date(amount.since)}{until} {amount.value} {amount.unit}{expected}"


def _rounding(rule: Rule) -> str:
    return f"{_ROUNDINGS[rule.rounding.mode]}到{rule.rounding.unit}"


def _options(switch: Switch) -> str:
    return "、".join(switch.labels.values())


def _unlike(old: str, new: str) -> tuple[str, str]:
    """The parts in which two texts differ, with a little of what stands around them."""
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    first = max(0, start - _AROUND)

    def part(text: str) -> str:
        last = min(len(text), len(text) - end + _AROUND)
        return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"

    return part(old), part(new)
