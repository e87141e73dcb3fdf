"""Large amounts (大额): from which sum on the person who approves an award must say that it was checked once more."""

from sqlmodel import Session, select

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.values import Money

_KEY = "confirm_above"


def limit(session: Session) -> Money | None:
    """Awards above this need the confirmation; None where the office has set no limit."""
    kept = session.exec(select(tables.Setting.value).where(tables.Setting.key == _KEY)).first()
    return Money.parse(kept) if kept else None


@guarded
def set_limit(session: Session, amount: Money | None) -> None:
    """Set the limit, or none."""
    if amount is not None and amount.fen <= 0:
        raise Refused("大额标准要大于零。不设标准的请留空。")
    row = session.exec(select(tables.Setting).where(tables.Setting.key == _KEY)).first()
    row = row or tables.Setting(key=_KEY, value="")
    row.value = amount.yuan if amount else ""
    session.add(row)


def require_confirmation(session: Session, amount: Money, confirmed: bool) -> None:
    """Refused above the limit unless the person says so."""
    most = limit(session)
    if most is not None and amount > most and not confirmed:
        raise Refused(f"这笔 {amount} 元，超过 {most} 元的大额标准。请另行核对，并勾选大额已逐笔核对，再审定。")
