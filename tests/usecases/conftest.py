"""A real book of 玉山县 in a temporary folder, and a short way to put recognitions into it."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import office, organisations, recognitions
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.values import Division, Share

YUSHAN = Division("361123")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with Book.create(tmp_path / "县.zjtx") as made:
        with made.action("新建账簿", "张三") as session:
            office.set_up(session, YUSHAN, "玉山县财政局")
        yield made


@pytest.fixture
def recognise(book: Book) -> Callable[..., int]:
    """Register a recognition of a new organisation, or of the one given; returns the recognition's id."""

    def add(
        name: str = "示例甲有限公司",
        title: str = "little_giant",
        level: Level = Level.NATIONAL,
        kind: Kind = Kind.NEW,
        on: date | None = date(2024, 9, 2),
        organisation: int | None = None,
        division: Division | None = YUSHAN,
        **more: object,
    ) -> int:
        with book.action(f"登记{name}", "张三") as session:
            shares = (Share(division, 1),) if division else ()
            form = OrganisationForm(name=name, shares=shares, shares_evidence="税务证明（示例）")
            owner = organisation or organisations.register(session, form)
            facts = {"label_year": on and on.year, "document_number": "示例〔2024〕1号"} | more
            form = RecognitionForm(owner, title, level, kind, name, document_date=on, **facts)
            return recognitions.register(session, form)

    return add
