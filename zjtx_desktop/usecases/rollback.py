"""较旧的账簿: a copy that lacks what this computer has seen of its book is named, and can only be read until it is accepted.

Such a copy comes from a backup that was copied back by hand, from another disk, from a synced folder. Going on with it
pays again what was paid after it was made. Two persons accept what is lost, as they do for a restore; the acceptance
is an action of the copy's own history, by which every computer knows that it was asked for already.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.consents import agreed
from zjtx_desktop.usecases.duties import Second, guarded
from zjtx_desktop.usecases.seen_books import KEPT_HEADS, Seen, SeenBooks
from zjtx_desktop.usecases.trails import Trail, head_at, trail

DEED = "接受较旧的账簿"
a, c = tables.Action, tables.Consent


@dataclass(frozen=True, slots=True)
class Gap:
    """What a copy lacks of what this computer has seen of its book. `common` is the last action that both are known
    to have, None where it is further back than this computer remembers.
    """

    seen: Seen
    have: Trail
    common: int | None

    @property
    def is_parted(self) -> bool:
        """Whether the copy went on in its own way, and does not only end earlier."""
        return self.common != self.have.seq

    @property
    def sentence(self) -> str:
        """How far the book was when it was last seen here, and how far this copy is."""
        at = datetime.fromisoformat(self.seen.at).astimezone()
        when = f"{at:%Y-%m-%d %H:%M}{f'，{self.seen.title}' if self.seen.title else ''}"
        said = f"这台电脑上次见到这本账簿办到第 {self.seen.seq} 步（{when}），"
        if not self.is_parted:
            return f"{said}这一份只到第 {self.have.seq} 步，少 {self.seen.seq - self.have.seq} 步。"
        since = f"从第 {self.common + 1} 步起" if self.common is not None else "在那以前"
        return f"{said}这一份办到第 {self.have.seq} 步，{since}和那一份各有各的改动。"

    @property
    def about(self) -> Mapping[str, object]:
        """What the two persons agree to, as plain values."""
        return {"seen": self.seen.seq, "seen_head": self.seen.head, "have": self.have.seq, "have_head": self.have.head}


def gap(session: Session, seen: Seen | None) -> Gap | None:
    """What the book lacks of what was seen of it; None where it has all of that, or the gap was accepted in it."""
    if seen is None or not seen.seq or head_at(session, seen.seq) == seen.head:
        return None
    if seen.head in _given_up(session):
        return None
    have = trail(session)
    known = [seq for seq, head in seen.heads.items() if seq <= have.seq and head_at(session, seq) == head]
    return Gap(seen, have, max(known, default=None))


def meet(book: Book, memory: SeenBooks) -> Gap | None:
    """Hold a book just opened against what this computer has seen of it, and remember it; what it lacks is told.

    With a gap it can only be read until `accept`, and the memory stays as it is.
    """
    with book.reading() as session:
        found = gap(session, memory.of(trail(session).identity))
    book.behind = found.sentence if found else ""
    if not found:
        note(book, memory)
    return found


def note(book: Book, memory: SeenBooks) -> None:
    """Remember how far the book is; never in place of something that it lacks."""
    with book.reading() as session:
        now = seen_now(session, book.path, book.secret is not None)
        known = memory.of(now.identity)
        if known == now or gap(session, known):
            return
    memory.keep(now)


def seen_now(session: Session, path: Path, is_encrypted: bool) -> Seen:
    """What is to be remembered of a book as it is."""
    rows = session.execute(select(a.id, a.hash, a.at, a.title).order_by(col(a.id).desc()).limit(KEPT_HEADS)).all()
    now = trail(session)
    if not rows:
        return Seen(now.identity, 0, "", "", "", str(path.absolute()))
    title = "" if is_encrypted else rows[0].title
    heads = {row.id: row.hash or "" for row in rows}
    return Seen(now.identity, now.seq, now.head, rows[0].at, title, str(path.absolute()), heads)


@guarded
def accept(session: Session, found: Gap) -> None:
    """Let this copy be written although it lacks what was seen; two persons agree, one gives the reason where there is
    nobody else. Refused without a reason.
    """
    second: Second = session.info.get("second") or Second()
    if not second.reason.strip():
        raise Refused("没有写明理由。请写明较新的那一份为什么不能用，缺少的步骤怎样补办。")
    agreed(session, DEED, found.about)


def _given_up(session: Session) -> frozenset[str]:
    """The ends of histories that two persons gave up for this one."""
    found = session.scalars(select(c.about).where(col(c.deed) == DEED))
    return frozenset(str(json.loads(about).get("seen_head")) for about in found)
