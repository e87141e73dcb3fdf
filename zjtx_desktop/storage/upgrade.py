"""Brings a book of any age to today's shape, and tells whether a book still has the shape it was given."""

import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Connection, Engine, StaticPool, create_engine

from zjtx_desktop.errors import BadFile, Refused
from zjtx_desktop.storage import history
from zjtx_desktop.storage.connection import connect
from zjtx_desktop.storage.keys import copy_keys
from zjtx_desktop.storage.steps import APPLICATION_ID


def upgrade(engine: Engine, path: Path, key: bytes | None, steps: Sequence[str]) -> None:
    """Run the steps this file has not had, all or none, after setting a copy of it aside.

    BadFile when the file has had more steps than this program knows; Refused when no copy could be made.
    """
    with engine.connect() as connection:
        have = _version(connection)
    if have > len(steps):
        raise BadFile(f"“{path.name}”由更新版本的程序写成，没有改动它。请先升级本程序。")
    if have == len(steps):
        return
    if have:
        _copy_aside(path, key, have)
    with engine.begin() as connection:
        # A step that fills a column is history too, so the upgrade of a book in use is an action of its own.
        title, now = f"账簿升级到第 {len(steps)} 版", datetime.now(UTC)
        action_id = history.begin(connection, uuid.uuid4().hex, title, "本程序", now) if have else None
        _run(connection, steps[have:])
        if action_id:
            history.seal(connection, action_id)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {len(steps)}")


def _run(connection: Connection, steps: Sequence[str]) -> None:
    for step in steps:
        for statement in filter(str.strip, step.split(";\n")):
            connection.exec_driver_sql(statement)
        history.install(connection)  # after each, so that a step can fill what the one before it added


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _copy_aside(path: Path, key: bytes | None, have: int) -> None:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    copy = path.with_name(f"{path.stem}（升级前第{have}版 {stamp}）{path.suffix}")
    part = copy.with_suffix(".part")  # half a copy must not look like a whole one
    raw = connect(path, key)
    try:
        raw.execute("VACUUM INTO ?", (str(part),))
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        copy_keys(path, copy)
        part.replace(copy)
    except (sqlite.OperationalError, OSError) as error:
        raise Refused(f"升级前的备份“{copy.name}”没有写成，账簿没有改动。请清理磁盘后再打开。") from error
    finally:
        raw.close()


def misshapen(connection: Connection, steps: tuple[str, ...]) -> list[str]:
    """One sentence for each table, index or trigger that is not as `steps` made it: gone, altered, added."""
    wanted, have = _intended(steps), _shape(connection)
    return [
        f"账簿结构中的“{name}”与程序不符，被改动过。请从备份恢复。"
        for name in sorted(wanted.keys() | have.keys())
        if wanted.get(name) != have.get(name)
    ]


@cache
def _intended(steps: tuple[str, ...]) -> Mapping[str, str]:
    memory = create_engine("sqlite://", module=sqlite, poolclass=StaticPool)
    with memory.connect() as connection:
        _run(connection, steps)
        shape = _shape(connection)
    memory.dispose()
    return shape


def _shape(connection: Connection) -> dict[str, str]:
    """By name what each thing is and how it was made: one said to be no table is passed over by what looks at tables."""
    rows = connection.exec_driver_sql(
        "SELECT name, type || ' ' || tbl_name || ' ' || sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
    )
    return {name: made for name, made in rows}
