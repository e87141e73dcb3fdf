"""The headless commands that compute a year: choices, decisions, confirmed treasuries, and what came of them."""

import argparse
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from zjtx_desktop.domain.choices import Choices, CountyAmount
from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.ledger import FIGURES
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.domain.switches import YEARLY_CAP
from zjtx_desktop.domain.titles import Titles, parse_level
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.headless import Answer, Ask, With, cannot_ask, signed_in
from zjtx_desktop.usecases import awards, organisations, rounds, treasuries
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.what_if import YearEffect, in_order, what_if
from zjtx_desktop.values import Division, Money, parse_year

Add = Callable[[str, str, Callable[[argparse.Namespace], Answer]], argparse.ArgumentParser]
ROUND_HELP = f"批次名称，默认为{rounds.FIRST_NAME}"
_YES_NO = {"是": True, "否": False, "yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a year is to be computed with on top of what it was computed with before.

    `switches`, with their `bases`, are of `county` in the city's book; `city_documents` make them hold for the
    municipal part.
    """

    switches: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    amounts: tuple[CountyAmount, ...] = ()
    city_documents: Mapping[str, str] = field(default_factory=dict)
    county: Division | None = None
    every_division: bool = False
    take_policy: bool = False


def add_commands(add: Add, ask: Ask) -> None:
    """Put the commands among the others; `ask` gets a password where the book has persons."""
    command = add("compute", "测算一个年度的奖补", lambda o: _compute(o, ask))
    command.add_argument("--year", required=True)
    command.add_argument("--round", default=rounds.FIRST_NAME, metavar="NAME", help=ROUND_HELP)
    command.add_argument("--award-year-by", choices=("document", "label", "valid_from"), help="以什么日期确定“当年”")
    command.add_argument("--choose", action="append", default=[], metavar="口径=取值", help="文件没有明确的事项怎样办，如 ladder=difference，也可以写中文")
    command.add_argument("--county-amount", action="append", default=[], metavar="[地区:]TITLE:LEVEL=YUAN")
    command.add_argument("--yearly-cap", metavar="YUAN", help="一家企业一年封顶，如 30万")
    command.add_argument("--basis", metavar="TEXT", help="县级奖励标准、口径和封顶的依据（文号）")
    command.add_argument("--city-document", action="append", default=[], metavar="口径=文号", help="使口径也用于市级部分的市级文件；没有的，市级部分按文件执行")
    command.add_argument("--of", default="", metavar="NAME", help="市级账簿：口径属于哪个县（市、区）")
    command.add_argument("--all-divisions", action="store_true", help="测算全市，不只本县")
    command.add_argument("--take-policy", action="store_true", help="采用现行的政策包；不加时本年度仍按原来的")
    add_second(command, "采用新政策后金额有变化的")
    command.add_argument("--what-if", action="store_true", help="只试算：先测算以前没有测算的年度，再测算本年度，不写入")
    command = add("decide", "裁定待定的奖补，一次一项", lambda o: _decide(o, ask))
    command.add_argument("--award", required=True, metavar="NUMBER", help="奖补编号")
    command.add_argument("--question", default=None, metavar="ID", help="决定哪一项；只有一项待定时可以不写")
    command.add_argument("--verdict", required=True, choices=("award", "none"))
    command.add_argument("--reason", required=True, metavar="TEXT")
    command = add("confirm", "确认从名单得来的受益财政，确认以后才能公示、审定、下达和报送", lambda o: _confirm(o, ask))
    command.add_argument("--organisation", action="append", default=[], metavar="NAME", help="单位名称或信用代码，可以写多次；不写时为全部待确认的")
    command.add_argument("--evidence", required=True, metavar="TEXT", help="依据，如税务部门证明的名称和日期")
    command = add("payee", "登记收款单位是不是企业", lambda o: _payee(o, ask))
    command.add_argument("--organisation", required=True, metavar="NAME", help="单位名称或信用代码")
    command.add_argument("--company", required=True, choices=tuple(_YES_NO), help="是不是企业")


def add_second(command: argparse.ArgumentParser, when: str) -> None:
    """The options by which a second person agrees, or it is said why there is none."""
    command.add_argument("--with", dest="other", default="", metavar="NAME", help=f"{when}要两个人办：另一位系统管理员或审批人员的姓名，会要求输入密码")
    command.add_argument("--reason", default="", metavar="TEXT", help="没有另一位可以同意的：由一人办理的理由，长期保留")


def compute_year(
    path: Path,
    year: int,
    by: str,
    ask: Ask = cannot_ask,
    want: Callable[[Pack], Wanted] = lambda _: Wanted(),
    name: str = rounds.FIRST_NAME,
    other: With = With(),
) -> Answer:
    """Lock and judge the recognitions of a year; a second time changes nothing. Another policy may take two persons.

    `want` says with which choices, in the words of the year's policy. A year keeps the policy that it began with,
    and a warning says that another is in use, until that is taken up.
    """
    told: list[str] = []

    def compute(session: Session) -> tuple[rounds.Computed, tuple[awards.AwardLine, ...], Pack, Choices]:
        pack, choices = rounds.basis_for(session, year, name)
        wanted = want(pack)
        if newer := rounds.newer_policy(session, year, name):
            told.append(_policy_told(session, year, name, newer, wanted.take_policy))
            pack, choices = newer[:2] if wanted.take_policy else (pack, choices)
        chosen = _changed(pack, choices, wanted)
        done = rounds.prepare(session, year, pack, chosen, wanted.every_division, name)
        return done, awards.award_lines(session, done.round.id), pack, chosen

    with signed_in(path, by, ask) as (book, me):
        done, lines, pack, choices = perform(book, f"测算 {year} 年度奖补", me, compute, other.second(book, ask))
        sums = awards.totals(lines)
    titles, warnings = Titles.load(), (*told, *done.warnings)
    data = {
        "year": year,
        "round": done.round.name,
        "choices": _choices_data(pack, choices),
        "awards": [_award_data(line, titles) for line in lines],
        "totals": {
            "beneficiary_fen": sums.beneficiary.fen,
            "municipal_fen": sums.municipal.fen,
            "awards": sums.awards,
        },
        "added": done.added,
        "changed": done.changed,
        "warnings": list(warnings),
    }
    said = [
        f"{line.number} {_outcome_text(line)} {line.facts.organisation}"
        f"（{titles.name(line.facts.title, line.facts.level, line.facts.title_type)}）{_marked(line)}"
        for line in lines
    ]
    said.append(f"{year} 年度：奖励 {sums.awards} 笔，受益财政 {sums.beneficiary} 元，市级财政 {sums.municipal} 元。")
    return Answer(tuple(said), data, warnings)


def _changed(pack: Pack, choices: Choices, wanted: Wanted) -> Choices:
    return choices.changed(
        pack,
        wanted.switches,
        wanted.amounts,
        wanted.bases,
        city_documents=wanted.city_documents,
        county=wanted.county,
    )


def try_years(
    path: Path,
    year: int,
    by: str,
    ask: Ask = cannot_ask,
    want: Callable[[Pack], Wanted] = lambda _: Wanted(),
    name: str = rounds.FIRST_NAME,
) -> Answer:
    """What the years come to when those before are judged first; nothing is written."""

    def chosen(pack: Pack, choices: Choices) -> Choices:
        return _changed(pack, choices, want(pack))

    with signed_in(path, by, ask) as (book, _), book.reading() as session:
        found = in_order(session, year, name, chosen)
    said = [line for one in found for line in _effect_text(one)]
    data = [
        {
            "year": one.year,
            "awards": one.what.after.awards,
            "beneficiary_fen": one.what.after.beneficiary.fen,
            "municipal_fen": one.what.after.municipal.fen,
            "shifts": [
                {"organisation": s.organisation, "title": s.title, "before": str(s.before or ""), "after": str(s.after or "")}
                for s in one.what.shifts
            ],
        }
        for one in found
    ]
    return Answer((*said, "只是试算，没有写入。"), {"years": data})


def _effect_text(one: YearEffect) -> list[str]:
    after = one.what.after
    shifts = [f"  {s.organisation}（{s.title}）：{s.before or '没有测算'} → {s.after or '不在名单'}" for s in one.what.shifts]
    whole = f"{one.year} 年度：奖励 {after.awards} 笔，受益财政 {after.beneficiary} 元，市级财政 {after.municipal} 元。"
    return [whole, *shifts]


def _policy_told(
    session: Session, year: int, name: str, newer: tuple[Pack, Choices, tuple[str, ...]], taken: bool
) -> str:
    """That a round keeps another policy than the one in use, or what taking that up does to it."""
    new, choices, lost = newer
    if not taken:
        return f"政策包已更新（{new.numbers}），{year} 年度{name}仍按原来的测算；要采用新的，请加 --take-policy。"
    what = what_if(session, year, new, choices, name=name)
    before, after = (f"{one.awards} 笔 {one.beneficiary + one.municipal} 元" for one in (what.before, what.after))
    return f"已采用新政策（{new.numbers}）：采用前 {before}，采用后 {after}，{len(what.shifts)} 笔有变化。{''.join(lost)}"


def _choices_data(pack: Pack, choices: Choices) -> list[dict[str, Any]]:
    """Every open question with its answer, so that a reader sees which default decided."""
    return [
        {
            "id": name,
            "label": switch.label,
            "value": choices.switches[name],
            "answer": switch.label_of(choices.switches[name]),
            "basis": choices.basis(name, pack),
            "is_default": choices.switches[name] == choices.defaults[name],
            "city_document": choices.city_documents.get(name),
            "counties": {one.owner.name: one.switches[name] for one in choices.counties if one.owner and name in one.switches},
        }
        for name, switch in pack.switches.items()
    ]


def _compute(o: argparse.Namespace, ask: Ask) -> Answer:
    year = parse_year(o.year)
    if o.what_if and (o.take_policy or o.all_divisions):
        raise Refused("试算按现有的政策和范围进行，--what-if 不能与 --take-policy、--all-divisions 同时用。请去掉其中一个。")
    if o.what_if:
        return try_years(o.book, year, o.by, ask, lambda pack: _wanted(o, pack), o.round)
    return compute_year(o.book, year, o.by, ask, lambda pack: _wanted(o, pack), o.round, With(o.other, o.reason))


def _wanted(o: argparse.Namespace, pack: Pack) -> Wanted:
    if o.of and o.city_document:
        raise Refused("市级文件管全市的市级部分，不能只记在一个县名下。--of 和 --city-document 请分两次运行。")
    given = dict(_answer(text, pack) for text in o.choose)
    given |= {name: value for name, value in (("award_year_by", o.award_year_by), (YEARLY_CAP, o.yearly_cap)) if value}
    return Wanted(
        switches=given,
        bases=dict.fromkeys(given, o.basis) if o.basis else {},
        amounts=tuple(_county_amount(text, o.basis or "") for text in o.county_amount),
        city_documents=dict(_pair(text, pack, "饶财字〔2024〕9号", may_be_empty=True) for text in o.city_document),
        county=Division.parse(o.of) if o.of else None,
        every_division=o.all_divisions,
        take_policy=o.take_policy,
    )


def _pair(text: str, pack: Pack, example: str, may_be_empty: bool = False) -> tuple[str, str]:
    """A switch, by id or in words, and what stands behind the sign of equality."""
    name, _, value = text.partition("=")
    known = {label: switch.id for switch in pack.switches.values() for label in (switch.id, switch.label)}
    if name.strip() not in known or not (value.strip() or may_be_empty):
        labels = "、".join(f"{switch.id}（{switch.label}）" for switch in pack.switches.values())
        raise Refused(f"“{text}”看不懂，请按“口径={example}”的样式填写，口径有：{labels}。")
    return known[name.strip()], value.strip()


def _answer(text: str, pack: Pack) -> tuple[str, str]:
    """A switch and its answer, both by id or in words."""
    name, value = _pair(text, pack, "取值")
    return name, {label: one for one, label in pack.switches[name].labels.items()}.get(value, value)


def _county_amount(text: str, basis: str) -> CountyAmount:
    found = re.fullmatch(r"(?:(?P<where>[^:：]+)[:：])?(?P<title>[^:：]+)[:：](?P<level>[^:：=]+)=(?P<yuan>.+)", text)
    if not found:
        raise Refused(f"县级标准“{text}”看不懂，请按“专精特新中小企业:省级=150000”或“玉山县:专精特新中小企业:省级=150000”的样式填写。")
    title, level = Titles.load().resolve(found["title"], parse_level(found["level"]))
    where = Division.parse(found["where"]) if found["where"] else None
    return CountyAmount(title.id, level, Money.parse(found["yuan"]), basis, where)


def _decide(o: argparse.Namespace, ask: Ask) -> Answer:
    """Settle one open question of an award that waits for a decision."""
    award = o.verdict == "award"

    def deed(session: Session) -> tuple[str, ...]:
        awards.decide(session, o.award, award, o.reason, me.name, o.question)
        return awards.open_questions(session, o.award)

    with signed_in(o.book, o.by, ask) as (book, me):
        left = perform(book, f"裁定奖补 {o.award}", me, deed)
    said = f"奖补 {o.award} 已按决定重新测算。" + (f"还有 {len(left)} 项待定。" if left else "")
    return Answer((said,), {"award": o.award, "decided": "award" if award else "none", "open": list(left)})


def confirm_treasuries(path: Path, names: tuple[str, ...], evidence: str, today: date, by: str, ask: Ask = cannot_ask) -> Answer:
    """Confirm the treasuries of these organisations, or of all that wait for it."""
    with signed_in(path, by, ask) as (book, me):

        def deed(session: Session) -> tuple[treasuries.Unconfirmed, ...]:
            ids = [_organisation(session, name) for name in names] if names else None
            waiting = treasuries.unconfirmed(session, ids)
            treasuries.confirm(session, [one.organisation_id for one in waiting], evidence, today)
            return waiting

        done = perform(book, f"确认受益财政：{evidence}", me, deed)
    said = [f"{one.organisation}：{one.shares}" for one in done]
    return Answer((*said, f"已确认 {len(done)} 家单位的受益财政。"), {"confirmed": [one.organisation for one in done]})


def _confirm(o: argparse.Namespace, ask: Ask) -> Answer:
    return confirm_treasuries(o.book, tuple(o.organisation), o.evidence, date.today(), o.by, ask)


def record_payee(path: Path, name: str, company: bool, by: str, ask: Ask = cannot_ask) -> Answer:
    """Record whether an organisation's payee is a company."""
    with signed_in(path, by, ask) as (book, me):

        def deed(session: Session) -> None:
            organisations.set_company(session, _organisation(session, name), company)

        perform(book, f"登记“{name}”的收款单位", me, deed)
    said = f"“{name}”的收款单位{'是' if company else '不是'}企业，已登记。"
    return Answer((said,), {"organisation": name, "company": company})


def _payee(o: argparse.Namespace, ask: Ask) -> Answer:
    return record_payee(o.book, o.organisation, _YES_NO[o.company], o.by, ask)


def _organisation(session: Session, name: str) -> int:
    """The organisation of this name, former name or credit code; Refused when there is none, or more than one."""
    found = organisations.known_as(session, name)
    if not found:
        raise NotFound(f"账簿中没有“{name}”这家单位，请核对名称或信用代码。")
    if len(found) > 1:
        raise Refused(f"账簿中有 {len(found)} 家单位叫“{name}”，请改用信用代码。")
    return found[0]


def _outcome_text(line: awards.AwardLine) -> str:
    """What an award comes to, and where it stands once that is more than a draft; no money for what counts nowhere."""
    state = "" if line.state is AwardState.DRAFT else f"（{line.state.label}）"
    if line.state is AwardState.EXCLUDED:
        return f"{Verdict.NONE.label}（登记为不予奖励）—"
    if not line.counts:
        return f"{line.verdict.label}{state} —"
    return f"{line.verdict.label} {line.total} 元{state}"


def _marked(line: awards.AwardLine) -> str:
    return f"，{'，'.join(line.marks)}" if line.marks else ""


def _award_data(line: awards.AwardLine, titles: Titles) -> dict[str, Any]:
    return {
        "number": line.number,
        "organisation": line.facts.organisation,
        "credit_code": line.facts.credit_code,
        "title": titles.name(line.facts.title, line.facts.level, line.facts.title_type),
        "level": line.facts.level.value,
        "kind": line.facts.kind.value,
        "document_number": line.facts.document_number,
        "award_year": line.award_year,
        "verdict": line.verdict.value,
        "state": line.state.value,
        "counts": line.counts,
        "parts": [
            {"payer": p.payer.value, "treasury": p.treasury.code, "treasury_name": p.treasury.name, "fen": p.amount.fen, "clause": p.clause}
            for p in line.parts
        ],
        "reasons": list(line.reasons),
        "balance": {f"{name}_fen": getattr(line.balance, name).fen for name in FIGURES},
        "warnings": list(line.warnings),
        "questions": list(line.questions),
        "manual": line.by_policy is not None,
        "by_policy_fen": line.by_policy and line.by_policy.fen,
        "capped": line.uncapped is not None,
        "uncapped_fen": line.uncapped and line.uncapped.fen,
        "replaces": line.replaces or None,
        "replaced_by": line.replaced_by or None,
    }
