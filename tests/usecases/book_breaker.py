"""What an insider with the program's own source can do to a book: write behind its history, or past its use cases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from zjtx_desktop.storage.book import Book


@contextmanager
def behind(book: Book) -> Iterator[Any]:
    """A connection without the triggers, which stand again as they were when it is left: no history is written."""
    with book._writing.begin() as connection:
        triggers = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid"
        ).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection.exec_driver_sql
        for _, sql in triggers:
            connection.exec_driver_sql(sql)


@contextmanager
def inside(book: Book, by: str = "张三") -> Iterator[Any]:
    """An action of the library in which anything is written, its history in order.

    The triggers that keep rows as they are stand again afterwards: the insider has the file as well.
    """
    with book.action("改动", by) as session:
        connection = session.connection()
        nevers = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'never_%' ORDER BY rowid"
        ).all()
        for name, _ in nevers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection.exec_driver_sql
        for _, sql in nevers:
            connection.exec_driver_sql(sql)
