"""A policy pack that arrives as a file: read, compared with the one in use, its effect shown, then activated."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, select

from zjtx_desktop.domain.entitlement import Verdict
from zjtx_desktop.domain.pack_differences import differences
from zjtx_desktop.domain.pack_file import file_sha256, load_pack
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.consents import agreed
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.usecases.overview import ACTIVE_PACK
from zjtx_desktop.usecases.packs import carried, current_pack, keep_pack, refuse_failing, shipped_pack
from zjtx_desktop.usecases.rounds import RoundLine, basis_for, keeps_policy, rounds
from zjtx_desktop.usecases.what_if import Shift, WhatIf, what_if

__all__ = ("Effect", "PackChange", "Taking", "activate", "compare", "effect_on", "is_rejected", "is_shipped", "read_pack", "sha_text", "shipped_pack", "taking")

ACTIVATED = "启用政策包"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a pack would do to one round; without `what`, `notes` say why nothing changes there.

    `refusal` is why the round cannot be computed with the pack, where that is the reason.
    """

    line: RoundLine
    what: WhatIf | None
    notes: tuple[str, ...]
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class PackChange:
    """A pack against the one in use: what differs, and what it would do to every round that keeps a policy."""

    pack: Pack
    current: Pack
    differences: tuple[str, ...]
    effects: tuple[Effect, ...]

    @property
    def is_new(self) -> bool:
        """Whether activating it changes anything."""
        return self.pack.sha256 != self.current.sha256


@dataclass(frozen=True, slots=True)
class Taking:
    """One round and the policy in use that it could take up: both policies, what differs, what would come of it."""

    old: Pack
    new: Pack
    differences: tuple[str, ...]
    effect: Effect


def read_pack(path: Path, bases: Iterable[Pack] = ()) -> Pack:
    """The pack in a file, an amendment upon one of `bases`; BadFile names the place of a mistake, Refused the worked example that fails.

    A check value beside it (the file's name with .sha256 added) must be that of the file.
    """
    pack, beside = load_pack(path, bases), path.with_name(f"{path.name}.sha256")
    if beside.is_file():
        said = beside.read_bytes()[:200].decode("utf-8", "replace").split()
        if not said or said[0].lower() != file_sha256(pack):
            raise BadFile(f"“{path.name}”与随附的校验值不符，可能没有拷贝完整或被改动过。请向发来的单位重新要一份。")
    refuse_failing(pack)
    return pack


def compare(session: Session, pack: Pack) -> PackChange:
    """Everything to be known before a pack is activated; the book stays as it is."""
    current = current_pack(session)
    kept = [line for line in rounds(session) if keeps_policy(session, line.id)]
    effects = tuple(effect_on(session, line, pack) for line in kept)
    return PackChange(pack, current, differences(current, pack), effects)


@guarded
def activate(session: Session, pack: Pack) -> None:
    """Keep the pack in the book and compute new rounds with it, by two persons; those that are there keep theirs."""
    agreed(session, ACTIVATED, {"pack": pack.sha256})
    keep_pack(session, pack)
    s = tables.Setting
    row = session.exec(select(s).where(s.key == ACTIVE_PACK)).first() or s(key=ACTIVE_PACK, value="")
    row.value = pack.sha256
    session.add(row)
    session.flush()


def taking(session: Session, line: RoundLine) -> Taking:
    """What it would mean for a round to take up the policy in use; the book stays as it is."""
    old, new = basis_for(session, line.year, line.name)[0], current_pack(session)
    return Taking(old, new, differences(old, new), effect_on(session, line, new))


def is_shipped(session: Session) -> bool:
    """Whether the program's own pack is the one in use."""
    return current_pack(session).sha256 == shipped_pack().sha256


def is_rejected(shift: Shift) -> bool:
    """Whether an award would be lost."""
    return bool(
        shift.before
        and shift.before.verdict is Verdict.AWARD
        and not (shift.after and shift.after.verdict is Verdict.AWARD)
    )


def effect_on(session: Session, line: RoundLine, pack: Pack) -> Effect:
    """What a pack would do to a round, its choices carried over; the book stays as it is."""
    old, choices = basis_for(session, line.year, line.name)
    if old.sha256 == pack.sha256:
        return Effect(line, None, ("这一批次用的就是这个政策包，结果不变。",))
    kept, lost = carried(choices, old, pack)
    try:
        return Effect(line, what_if(session, line.year, pack, kept, line.every_division, line.name), lost)
    except Refused as error:
        return Effect(line, None, ("这一批次仍按原来的政策包办理。",), str(error))


def sha_text(pack: Pack) -> str:
    """The check value of the pack's file as it is read out and compared by a person."""
    sha = file_sha256(pack)
    return " ".join(sha[n : n + 8] for n in range(0, 64, 8))
