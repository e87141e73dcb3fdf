"""A process without threads that forks children who all pay the same part at once, each past the book's lock.

Run as a program: the book, the part's id, the fen, and how many children; it prints what became of each.
"""

import json
import os
import sys
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import history
from zjtx_desktop.storage.connection import writing_engine
from zjtx_desktop.usecases import ledger
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.values import Money

DAY = date(2024, 12, 20)


def by_use_case(session: Session, part_id: int, fen: int, key: str) -> None:
    """Pay as the program does."""
    ledger.pay(session, PaymentOrder(part_id, Money(fen), DAY, "国库支付0001", key, same_voucher=True))


def by_hand(session: Session, part_id: int, fen: int, key: str) -> None:
    """Write the entry as a program would that has read the balance before the other paid."""
    session.connection().exec_driver_sql(
        "INSERT INTO ledger_entry (part_id, kind, nth, fen, on_date, by_name, key, payee_name) SELECT ?, 'paid', "
        "(SELECT count(*) + 1 FROM ledger_entry WHERE part_id = ? AND kind = 'paid'), ?, '2024-12-20', '张三', ?, payee_name "
        "FROM ledger_entry WHERE part_id = ? AND kind = 'granted'",
        (part_id, part_id, fen, key, part_id),
    )


def attempt(path: Path, way: str, part_id: int, fen: int, key: str) -> str:
    """Pay once by a connection of its own; what came of it."""
    engine = writing_engine(path, None)
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            now = datetime.now(UTC)
            action = history.begin(session.connection(), uuid.uuid4().hex, "拨付", "张三", now)
            session.info |= {"by": "张三", "clock": now}
            globals()[way](session, part_id, fen, key)
            session.flush()
            history.seal(session.connection(), action)
    except Refused:
        return "refused"
    except IntegrityError as error:
        return "room" if "room" in str(error) else "key" if "ledger_entry.key" in str(error) else str(error)
    finally:
        engine.dispose()
    return "paid"


def race(path: Path, way: str, part_id: int, fen: int, runners: int, key: str) -> list[str]:
    """Let the children go at once."""
    go, say = os.pipe(), os.pipe()
    children = []
    for _ in range(runners):
        child = os.fork()
        if not child:
            os.close(go[1])
            os.read(go[0], 1)
            os.write(say[1], f"{attempt(path, way, part_id, fen, key or uuid.uuid4().hex)}\n".encode())
            os._exit(0)
        children.append(child)
    for end in (*go, say[1]):
        os.close(end)
    for child in children:
        os.waitpid(child, 0)
    with os.fdopen(say[0], encoding="utf-8") as heard:
        return sorted(heard.read().split("\n")[:-1])


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    print(json.dumps(race(Path(told.pop("path")), **told)))
