"""Pages over the organisations and recognitions of a small book, and lists to import into it."""

from datetime import date
from pathlib import Path

import xlsxwriter
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import office, organisations, recognitions
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.values import CreditCode, Division, Share

YUSHAN, ZONE = Division("361123"), Division("361191")
CODE = CreditCode("91360000625912173B")
HEADINGS = (
    "序号",
    "企业名称",
    "统一社会信用代码",
    "所属地区",
    "认定称号",
    "级别",
    "认定类型",
    "批次",
    "文号",
    "认定日期",
)


def filled_book(path: Path) -> Book:
    """玉山县 with three organisations; the first has two recognitions, the last none."""
    book = Book.create(path)
    with book.action("新建账簿", "张三") as session:
        office.set_up(session, YUSHAN, "玉山县财政局")
        tax = "税务证明（示例）"
        first = organisations.register(session, OrganisationForm(
            "示例甲精密有限公司", CODE, division=YUSHAN, shares=(Share(YUSHAN, 1),), shares_evidence=tax, former_names=("示例老厂",),
        ))  # fmt: skip
        second = organisations.register(session, OrganisationForm("示例乙光电有限公司", division=ZONE))
        organisations.register(session, OrganisationForm("示例丙研究院", is_company=False))
        for owner, title, level, year in (
            (first, "srdi_sme", Level.PROVINCIAL, 2023), (first, "little_giant", Level.NATIONAL, 2024), (second, "srdi_sme", Level.PROVINCIAL, 2024),
        ):  # fmt: skip
            recognitions.register(session, RecognitionForm(
                owner, title, level, Kind.NEW, "示例", f"第{year - 2020}批", year,
                document_number=f"示例〔{year}〕1号", document_date=date(year, 9, 2),
                valid_from=date(year, 9, 2), valid_to=date(year + 3, 9, 1),
            ))  # fmt: skip
    return book


def write_list(path: Path, rows: list[tuple[str, str]], headings: tuple[str, ...] = HEADINGS) -> Path:
    """A list of (name, code) as a workbook."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, headings)
        for number, (name, code) in enumerate(rows, start=1):
            facts = (
                "玉山县",
                "专精特新中小企业",
                "省级",
                "新认定",
                "第九批",
                "示例〔2024〕9号",
                "2024-06-03",
            )
            sheet.write_row(number, 0, (str(number), name, code, *facts))
    return path


def code_for(number: int) -> str:
    """A credit code that passes its check."""
    body = f"91361123MA{number:07d}"
    return body + CreditCode(body + "0").expected_check


def type_chinese(widget: QWidget, text: str) -> None:
    """Type as an input method does: QTest cannot type Chinese."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def shown_rows(page: QWidget) -> list[str]:
    """The first column of the list."""
    model = page.pane.model
    return [model.text(row, 0) for row in range(model.rowCount())]


def verb(page: QWidget, name: str):
    """An act of the page by its id."""
    return next(act for act in page.acts() if act.id == name)
