"""Which policy new rounds are computed with: the pack activated in the book, else the one that came with the program."""

from collections.abc import Mapping

from sqlmodel import Session, select

from zjtx_desktop.domain.choices import Answers, Choices, CountyAmount
from zjtx_desktop.domain.pack_check import check_examples
from zjtx_desktop.domain.pack_file import packs, parse_pack, shipped_pack, upon
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.overview import ACTIVE_PACK

__all__ = ("bases", "carried", "current_pack", "keep_pack", "refuse_failing", "shipped_pack")


def current_pack(session: Session) -> Pack:
    """The policy that a new round is computed with: the one activated last, else the program's own."""
    s, p = tables.Setting, tables.Pack
    active = session.exec(select(s.value).where(s.key == ACTIVE_PACK)).first()
    kept = session.exec(select(p).where(p.sha256 == active)).first() if active else None
    return parse_pack(kept.content, kept.pack_id) if kept else shipped_pack()


def bases(session: Session) -> tuple[Pack, ...]:
    """What an amendment may be put upon: the policy in use and what that amends, then those of the program."""
    return (*upon(current_pack(session)), *packs())


def keep_pack(session: Session, pack: Pack) -> int:
    """The row of this very pack; a pack new to the book is taken up only when all its worked examples come out."""
    known = session.exec(select(tables.Pack).where(tables.Pack.sha256 == pack.sha256)).first()
    if known is None:
        refuse_failing(pack)
        known = tables.Pack(pack_id=pack.id, sha256=pack.sha256, content=pack.text)
        session.add(known)
        session.flush()
    return known.id or 0


def refuse_failing(pack: Pack) -> None:
    """Refused when a worked example of the pack does not come out."""
    if failures := check_examples(pack, Titles.load()):
        raise Refused(f"政策包“{pack.id}”的示例没有全部通过，不能启用：{failures[0]}")


def carried(choices: Choices, old: Pack, new: Pack) -> tuple[Choices, tuple[str, ...]]:
    """What was chosen under one pack as choices under another, and a sentence for each that cannot be kept."""
    lost: list[str] = []
    switches, bases = _kept(choices.switches, choices.bases, old, new, lost)
    county = tuple(own for own in choices.county_amounts if _is_allowed(own, new, lost))
    documents = {name: text for name, text in choices.city_documents.items() if name in switches}
    counties = [Answers(one.owner, *_kept(one.switches, one.bases, old, new, lost)) for one in choices.counties]
    carried_over = Choices.of(
        new,
        switches,
        county,
        bases,
        choices.review_amounts,
        division=choices.division,
        city_documents=documents,
        counties=counties,
    )
    return carried_over, tuple(lost)


def _kept(
    values: Mapping[str, str], bases: Mapping[str, str], old: Pack, new: Pack, lost: list[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The answers that may still be given under the new pack, with their bases; what nobody chose is left out."""
    switches: dict[str, str] = {}
    for name, value in values.items():
        if value == old.switches[name].default and name not in bases:
            continue  # nobody chose it: the new default takes its place
        try:
            Choices.of(new, {name: value}, bases={name: bases.get(name, "")})
            switches[name] = value
        except Refused:
            lost.append(f"口径“{old.switches[name].label}”原选的“{old.switches[name].label_of(value)}”不能再选，改用默认。")
    return switches, {name: text for name, text in bases.items() if name in switches}


def _is_allowed(own: CountyAmount, pack: Pack, lost: list[str]) -> bool:
    try:
        Choices.of(pack, county_amounts=(own,))
    except Refused as error:
        lost.append(f"本地标准不能沿用：{error}")
        return False
    return True
