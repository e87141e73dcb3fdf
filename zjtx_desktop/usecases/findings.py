"""检查发现的问题: put on record when a check finds them, and accepted by two persons before the book is written again.

What was accepted is never forgotten: the check goes on telling it, and every later summary of a batch bears it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.book import DAMAGED, Book
from zjtx_desktop.usecases.consents import agreed
from zjtx_desktop.usecases.duties import Actor, Second, guarded, is_staffed
from zjtx_desktop.values import format_date

DEED = "接受检查发现的问题"
_FOUND = "检查发现问题"
_PROGRAM = "本程序"  # who finds something in a book with persons of whom nobody has signed in
_UNWRITTEN = "检查发现 {count} 处问题，却没能记入账簿（{why}）。这次打开期间只能查看，请从备份恢复，或排除原因后再检查一次。"
f, c, ch, a = tables.Finding, tables.Consent, tables.Change, tables.Action


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Findings that were accepted together; `second` is empty where one person did it, with the reason."""

    sentences: tuple[str, ...]
    first: str
    second: str
    on: date
    reason: str

    @property
    def by(self) -> str:
        """Who accepted them, and when."""
        return f"已由{self.first}{f'、{self.second}' if self.second else '一人'}于{format_date(self.on)}接受"

    @property
    def remark(self) -> str:
        """What every later summary says of them."""
        more = "等" if len(self.sentences) > 1 else ""
        return f"检查账簿发现 {len(self.sentences)} 处问题，{self.by}。理由：{self.reason}。问题：{self.sentences[0].rstrip('。')}{more}。"


def unaccepted(session: Session) -> tuple[str, ...]:
    """What was found and nobody has accepted, the oldest first; while there is any the book can only be read."""
    return tuple(session.exec(select(f.sentence).where(col(f.consent_id).is_(None)).order_by(col(f.id))))


def acceptances(session: Session) -> tuple[Acceptance, ...]:
    """What was accepted, by whom and why, the oldest first."""
    query = (
        select(c, a.by_name, a.at)
        .join(ch, (col(ch.table_name) == "consent") & (col(ch.row_id) == c.id) & col(ch.before).is_(None))
        .join(a, col(ch.action_id) == a.id)
        .where(col(c.id).in_(select(f.consent_id)))
        .order_by(col(c.id))
    )
    found = []
    for row, by, at in session.exec(query).all():
        sentences = session.exec(select(f.sentence).where(f.consent_id == row.id).order_by(col(f.id))).all()
        on = datetime.fromisoformat(at).astimezone().date()
        found.append(Acceptance(tuple(sentences), by, row.second or "", on, row.reason or ""))
    return tuple(found)


def remarks(session: Session) -> tuple[str, ...]:
    """What a summary of a batch says about them; nothing in a book in which nothing was ever found."""
    return tuple(one.remark for one in acceptances(session))


def strange_acceptances(session: Session) -> Iterator[str]:
    """One sentence for each finding that is called accepted and that nobody agreed to accept."""
    query = select(f.sentence, c).join(c, col(f.consent_id) == c.id).order_by(col(f.id))
    for sentence, consent in session.exec(query).all():
        if consent.deed != DEED or sentence not in _agreed_to(consent):
            yield f"检查发现的问题被标为已接受，却没有人同意接受它：{sentence}"


def record(book: Book, sentences: Sequence[str], actor: Actor) -> None:
    """Put what was found on record, as an action of whoever checked; what is there already stays as it is.

    Where it cannot be written the book can only be read until it is opened again.
    """
    with book.reading() as session:
        known = set(session.exec(select(f.sentence)))
        by = actor.name if actor.key or not is_staffed(session) else _PROGRAM
    new = [one for one in dict.fromkeys(sentences) if one not in known]
    if not new or book.behind:  # an older copy stays as it is until it is accepted
        return
    try:
        with book.action(_FOUND, by) as session:
            session.info |= {"mends": True, "sign": actor.key and actor.key.sign}
            session.add_all(f(sentence=one) for one in new)
    except AppError as error:
        book.damaged = _UNWRITTEN.format(count=len(new), why=str(error).rstrip("。"))


def record_damage(book: Book) -> None:
    """Nothing is to be written into a file that is itself damaged: the book can only be read until it is opened again."""
    book.damaged = DAMAGED


@guarded
def accept(session: Session, sentences: Sequence[str]) -> Acceptance:
    """Let the book be written again although these were found: rows altered behind the program count as they are now.

    Two persons agree to it, one gives the reason where there is nobody else. Refused without a reason, and when what
    was found is no longer exactly this.
    """
    second: Second = session.info.get("second") or Second()
    if not second.reason.strip():
        raise Refused("没有写明理由。请写明查到的原因和为什么可以接受，例如查明的经过和领导批示。")
    rows = session.exec(select(f).where(col(f.consent_id).is_(None)).order_by(col(f.id))).all()
    if not rows:
        raise Refused("没有等着接受的问题。")
    if [row.sentence for row in rows] != list(sentences):
        raise Refused("检查又发现了别的问题，没有接受。请重新打开这个窗口，看清全部问题再办。")
    consent_id = agreed(session, DEED, {"findings": list(sentences)})
    for row in rows:
        row.consent_id = consent_id
        session.add(row)
    session.flush()
    history.take_as_it_is(session.connection(), frozenset(sentences))
    return acceptances(session)[-1]


def _agreed_to(consent: tables.Consent) -> Sequence[str]:
    try:
        return json.loads(consent.about)["findings"]
    except (ValueError, KeyError, TypeError):
        return ()
