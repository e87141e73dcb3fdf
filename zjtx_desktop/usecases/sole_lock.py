"""How often the one user of an encrypted book failed to sign in, kept in the book: without its key nobody resets that.

The key file keeps the count as well, because it holds while the book is shut; but a file can be deleted or replaced by
an older one. Persons have their count in their own row.
"""

import json
from datetime import datetime

from sqlmodel import Session, select

from zjtx_desktop.storage.keys import Failures
from zjtx_desktop.storage.tables import Setting

KEY = "sole_failures"


def failures_in_book(session: Session) -> Failures | None:
    """What the book says of its one user's failures in a row."""
    row = session.exec(select(Setting).where(Setting.key == KEY)).first()
    if row is None or not row.value:
        return None
    said = json.loads(row.value)
    return Failures(said["count"], said["until"] and datetime.fromisoformat(said["until"]))


def keep_failures(session: Session, failures: Failures | None) -> None:
    """Write the count into the book, or that there is none."""
    row = session.exec(select(Setting).where(Setting.key == KEY)).first()
    if row is None and failures is None:
        return
    row = row or Setting(key=KEY, value="")
    row.value = json.dumps({"count": failures.count, "until": failures.until and failures.until.isoformat()}) if failures else ""
    session.add(row)


def graver(one: Failures | None, other: Failures | None) -> Failures | None:
    """Of two counts of the same name the one that says more."""
    return max((found for found in (one, other) if found), key=lambda found: found.count, default=None)
