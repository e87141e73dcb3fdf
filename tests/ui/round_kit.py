"""A book with a round of every kind of award, for the tests of the pages about rounds, letters and reports."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, office, organisations, recognitions, rounds
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.values import CreditCode, Division, Share

YUSHAN = Division("361123")
TODAY = date(2024, 12, 2)
NAMES = ("江西示例精密制造有限公司", "玉山县示例光电科技有限公司", "示例新材料（江西）股份有限公司", "示例轴承有限责任公司")


def empty_book(path: Path) -> Book:
    """A book of 玉山县 with nothing in it."""
    book = Book.create(path)
    with book.action("新建账簿", "张三") as session:
        office.set_up(session, YUSHAN, "玉山县财政局", contact="李四 0793-2550000")
    return book


def recognise(
    book: Book,
    name: str,
    title: str = "little_giant",
    level: Level = Level.NATIONAL,
    kind: Kind = Kind.NEW,
    on: date | None = date(2024, 9, 2),
    shared: bool = False,
    code: str | None = None,
) -> int:
    """Register an organisation with one recognition; the recognition's id."""
    shares = (Share(YUSHAN, 60), Share(Division("361191"), 40)) if shared else (Share(YUSHAN, 1),)
    with book.action(f"登记{name}", "张三") as session:
        owner = organisations.register(
            session, OrganisationForm(name=name, credit_code=code and CreditCode.parse(code), shares=shares, shares_evidence="税务证明（示例）")
        )
        facts: dict[str, Any] = {"label_year": on and on.year, "document_number": "工信部企业函〔2024〕222号", "document_title": "关于公布名单的通知"}
        return recognitions.register(session, RecognitionForm(owner, title, level, kind, name, document_date=on, **facts))


def fill(book: Book) -> None:
    """Three awards (one shared), one refusal, one that waits for a decision."""
    recognise(book, NAMES[0], code="914403001922038216")
    recognise(book, NAMES[1], "srdi_sme", Level.PROVINCIAL)
    recognise(book, NAMES[2], shared=True)
    recognise(book, NAMES[3], kind=Kind.REVIEW)
    recognise(book, "示例再次认定有限公司", "srdi_sme", Level.PROVINCIAL, Kind.AGAIN)


def compute(book: Book, year: int = 2024) -> int:
    """Lock and compute; the round's id."""
    with book.action(f"测算 {year} 年度奖补", "张三") as session:
        pack, choices = rounds.basis_for(session, year)
        return rounds.prepare(session, year, pack, choices).round.id


def issue(book: Book, round_id: int, on: date = TODAY) -> Iterator[letters.LetterLine]:
    """Issue every letter of the round."""
    with book.action("下达", "张三") as session:
        return iter(letters.issue(session, round_id, on))
