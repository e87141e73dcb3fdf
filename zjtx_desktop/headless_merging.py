"""The headless commands that merge two records of one organisation and list those that may be one."""

import argparse
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.headless import Answer, Ask, signed_in
from zjtx_desktop.usecases import merging, organisations
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.likely_pairs import Pair, likely_pairs
from zjtx_desktop.usecases.merging import FIELDS, Preview

Add = Callable[[str, str, Callable[[argparse.Namespace], Answer]], argparse.ArgumentParser]
_NAMED = "名称、曾用名、信用代码，或 pairs 列出的序号（如 #12）"


def add_commands(add: Add, ask: Ask) -> None:
    """Put the commands among the others; `ask` gets a password where the book has persons."""
    add("pairs", "列出可能是同一家的单位", lambda o: list_pairs(o, ask))
    command = add("merge", "把同一家单位的两条记录合并为一条", lambda o: merge(o, ask))
    command.add_argument("first", metavar="A", help=f"一家单位：{_NAMED}")
    command.add_argument("second", metavar="B", help="另一家单位")
    command.add_argument("--keep", required=True, metavar="A", help="保留哪一家，写法同 A 或 B")
    command.add_argument("--reason", default="", metavar="TEXT", help="根据什么认定是同一家；预览时可以不写")
    command.add_argument("--take", action="append", default=[], metavar="FIELD", help="两边不同的，这一项采用不保留的那家的，可以写多次：" + "、".join(FIELDS.values()))
    command.add_argument("--dry-run", action="store_true", help="只预览，不写入")


def list_pairs(o: argparse.Namespace, ask: Ask) -> Answer:
    """Name every pair that may be one organisation, and why."""
    with signed_in(o.book, o.by, ask) as (book, _me), book.reading() as session:
        pairs = likely_pairs(session)
    lines = [f"{_line(pair.first)} — {_line(pair.second)}：{pair.why}" for pair in pairs]
    said = f"可能是同一家的 {len(pairs)} 对，请逐对核对；确是同一家的，用 merge 合并。" if pairs else "没有发现可能是同一家的单位。"
    return Answer((*lines, said), {"pairs": list(map(_pair_data, pairs))})


def merge(o: argparse.Namespace, ask: Ask) -> Answer:
    """Merge the one that is not kept into the other, or with `--dry-run` say what that would come to."""
    taken = [_field(text) for text in o.take]
    with signed_in(o.book, o.by, ask) as (book, me):
        with book.reading() as session:
            keep, other = _two(session, o.first, o.second, o.keep)
            seen = merging.preview(session, keep, other)
        if o.dry_run:
            return Answer(tuple(_told(seen)), _data(seen) | {"merged": False}, seen.problems, failed=bool(seen.problems))
        title = merging.title(seen.keep.form.name, seen.other.form.name)
        done = perform(book, title, me, lambda session: merging.merge(session, keep, other, o.reason, taken))
    moved = {"recognitions": done.recognitions, "awards": done.awards, "past_awards": done.past_awards}
    return Answer((done.sentence, *seen.remarks), _data(seen) | {"merged": True, "moved": moved})


def _two(session: Session, first: str, second: str, keep: str) -> tuple[int, int]:
    """The two organisations that are meant, the one to be kept first."""
    one, two = _known(session, first), _known(session, second)
    if len(one) > 1 and len(two) == 1:
        one = tuple(each for each in one if each not in two)
    if len(two) > 1 and len(one) == 1:
        two = tuple(each for each in two if each not in one)
    for text, found in ((first, one), (second, two)):
        if len(found) > 1:
            raise Refused(f"账簿中有 {len(found)} 家单位叫“{text}”，请改用信用代码，或 pairs 列出的序号（如 #{found[0]}）。")
    pair = (*one, *two)
    kept = [one, two][[first, second].index(keep)] if keep in (first, second) else _known(session, keep)
    meant = [each for each in kept if each in pair]
    if len(meant) != 1:
        raise Refused(f"--keep 写的“{keep}”不是要合并的两家之一。请照 A 或 B 写。")
    return meant[0], pair[1] if meant[0] == pair[0] else pair[0]


def _known(session: Session, text: str) -> tuple[int, ...]:
    if text.startswith("#") and text[1:].isdecimal():
        organisations.get(session, int(text[1:]))  # says that it is gone
        return (int(text[1:]),)
    found = organisations.known_as(session, text)
    if not found:
        raise NotFound(f"账簿中没有“{text}”这家单位，请核对名称或信用代码。")
    return found


def _field(text: str) -> str:
    keys = {label: key for key, label in FIELDS.items()}
    if text not in keys:
        raise Refused(f"没有“{text}”这一项，可以写的有：{'、'.join(keys)}。")
    return keys[text]


def _told(seen: Preview) -> list[str]:
    """The preview as lines: what is kept, what goes, what differs, what moves, what has to be known."""
    kept, gone = seen.keep, seen.other
    lines = [f"保留“{kept.form.name}”（#{kept.id}），并入“{gone.form.name}”（#{gone.id}）。"]
    for fact in seen.facts:
        if fact.kept != fact.other:
            choice = f"可以用 --take {fact.label} 改用后者" if fact.choosable else "采用后者" if fact.from_other else "采用前者"
            lines.append(f"{fact.label}：{fact.kept or '没有'} | {fact.other or '没有'}（{choice}）")
    for held in (kept, gone):
        counts = (("认定", held.recognitions), ("奖补", held.awards), ("文书", held.letters), ("历史奖励", held.past))
        lines.append(f"“{held.form.name}”：" + "，".join(f"{what} {len(some)}" for what, some in counts))
        lines += [f"  {award.number} {award.state.label} {award.granted} 元" for award in held.awards]
    return [*lines, *(double.sentence for double in seen.doubles if not double.problem), *seen.remarks]


def _data(seen: Preview) -> dict[str, Any]:
    facts = {
        fact.key: {"kept": fact.kept, "other": fact.other, "choosable": fact.choosable, "from_other": fact.from_other}
        for fact in seen.facts
    }
    sides = {
        name: {
            "id": held.id,
            "name": held.form.name,
            "credit_code": held.form.credit_code and held.form.credit_code.text,
            "former_names": list(held.form.former_names),
            "recognitions": len(held.recognitions),
            "awards": [{"number": one.number, "state": one.state.value, "fen": one.granted.fen} for one in held.awards],
            "past_awards": len(held.past),
        }
        for name, held in (("keep", seen.keep), ("other", seen.other))
    }
    said = {"doubles": [one.sentence for one in seen.doubles], "problems": list(seen.problems), "remarks": list(seen.remarks)}
    return sides | {"facts": facts} | said


def _line(line: organisations.OrganisationLine) -> str:
    return f"#{line.id} {line.name}（{line.credit_code or '没有代码'}，认定 {line.recognitions}）"


def _pair_data(pair: Pair) -> dict[str, Any]:
    sides = {
        name: {"id": line.id, "name": line.name, "credit_code": line.credit_code, "recognitions": line.recognitions}
        for name, line in (("first", pair.first), ("second", pair.second))
    }
    return sides | {"reasons": list(pair.reasons)}
