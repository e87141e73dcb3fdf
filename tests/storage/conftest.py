"""A real book in a temporary folder, and the nursery of processes that may be killed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from nursery import Nursery

from zjtx_desktop.storage import connection
from zjtx_desktop.storage.book import Book


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "账簿.zjtx"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections made from now on wait a moment and not five seconds for a file that is in use."""
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)


@pytest.fixture
def book(path: Path) -> Iterator[Book]:
    with Book.create(path) as book:
        yield book


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    if not hasattr(os, "fork"):
        pytest.skip("processes are killed and raced where they can be forked")
    with Nursery() as nursery:
        yield nursery
