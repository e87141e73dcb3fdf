"""What the program writes comes back as what it was: exported workbooks, as they are or saved again by another program,
say nothing new and write nothing.
"""

import json
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt

from ui.dialogs.import_list import ImportDialog
from ui.open_book import OpenBook
from ui.pages.recognitions import RecognitionsPage
from zjtx_desktop.cli import run
from zjtx_desktop.demo import demo
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.values import Division

OFFICE = shutil.which("soffice")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample book with all that it wrote; as the command leaves it."""
    folder = tmp_path_factory.mktemp("round-trip")
    demo(folder, "张三")
    return folder


@pytest.fixture
def book(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample book with a recognition of an organisation that has no treasury."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "电脑"))  # one that has not seen another copy go another way
    path = tmp_path / "县.zjtx"
    with Book(made / "示例账簿.zjtx") as source:
        assert source.check() == []
    shutil.copy(made / "示例账簿.zjtx", path)
    with Book(path) as opened, opened.action("登记", "张三") as session:
        plain = organisations.register(session, OrganisationForm("示例无财政有限公司", division=Division("361123")))
        recognitions.register(session, recognitions.RecognitionForm(plain, "srdi_sme", Level.PROVINCIAL, Kind.REVIEW, "示例无财政有限公司"))
    return path


@pytest.fixture
def export(qtbot, jobs, settings, shown, book, tmp_path):
    """The recognitions as their page exports them, with these columns hidden."""

    def write(hidden: tuple[str, ...] = ()) -> Path:
        path = tmp_path / "认定名单.xlsx"
        with Book(book) as opened:
            page = shown(RecognitionsPage(OpenBook(opened, jobs, "张三"), settings))
            for number, column in enumerate(page.pane.model.columns):
                page.pane.view.header.setSectionHidden(number, column.key in hidden)
            with qtbot.waitSignal(page.says) as said:
                page.write_list(path)
            assert said.args[0] == "good"
            assert jobs.settle()
        return path

    return write


def by_nobody(path: Path, folder: Path) -> Path:
    return path


def by_openpyxl(path: Path, folder: Path) -> Path:
    out = folder / path.name
    openpyxl.load_workbook(path).save(out)
    return out


def by_libreoffice(path: Path, folder: Path) -> Path:
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed")
    home = f"-env:UserInstallation=file://{folder}/home"
    words = [OFFICE, home, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "saved"), str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    return folder / "saved" / path.name


SAVED = pytest.mark.parametrize("saved", [by_nobody, by_openpyxl, by_libreoffice])


def imported(book: Path, path: Path, capsys, *words: str) -> dict:
    """What an import says; the history has not grown by a row."""
    with Book(book) as opened:
        before = opened.head()
    capsys.readouterr()
    assert run(["import", str(book), str(path), "--by", "李四", "--json", *words]) == 0
    with Book(book) as opened:
        assert opened.head() == before
    return json.loads(capsys.readouterr().out)


@SAVED
@pytest.mark.parametrize(("year", "rows"), [(2024, 18), (2023, 3)])
def test_the_workbook_for_the_city_says_nothing_new(saved, year, rows, made, book, tmp_path, capsys):
    found = imported(book, saved(made / f"{year}年度报送表.xlsx", tmp_path), capsys)
    assert ([row["status"] for row in found["rows"]], found["unchanged"], found["written"]) == (["same"] * rows, True, 0)


def test_voided_awards_in_the_workbook_for_the_city_are_not_read(book, tmp_path, capsys):
    assert run(["redo", str(book), "--award", "361123-2024-00003", "--reason", "重办", "--by", "张三"]) == 0
    out = tmp_path / "报送.xlsx"
    assert run(["export", str(book), "--year", "2024", "--out", str(out), "--by", "张三"]) == 0
    found = imported(book, out, capsys, "--all-sheets")
    assert len(list(openpyxl.load_workbook(out)["明细表"].iter_rows(min_row=5))) == 19 + 2  # the voided one too, and the foot
    assert [row["status"] for row in found["rows"]] == ["same"] * 18 and found["unchanged"]


def test_the_wizard_says_that_nothing_is_new(qtbot, jobs, settings, made, book):
    with Book(book) as opened:
        dialog = ImportDialog(OpenBook(opened, jobs, "张三"), settings)
        qtbot.addWidget(dialog, before_close_func=lambda shown: setattr(shown, "_done", True))
        dialog.show()
        dialog.choose.path.setText(str(made / "2024年度报送表.xlsx"))
        for _ in range(3):
            qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
            assert jobs.settle() and jobs.settle()
        assert dialog.step is dialog.preview
        assert dialog.step.problem() == "没有变化：各行账簿里都有，内容相同。不用导入，可以关闭。"
        assert not dialog.next.isEnabled()


@SAVED
@pytest.mark.parametrize("hidden", [(), ("title", "level", "kind"), ("credit_code", "division", "document_number")], ids=str)
def test_the_list_of_recognitions_says_nothing_new(saved, hidden, book, tmp_path, capsys, export):
    path = export(hidden)
    found = imported(book, saved(path, tmp_path), capsys)
    assert {row["status"] for row in found["rows"]} == {"same"} and len(found["rows"]) == 39
    assert found["unchanged"]


def test_a_list_of_recognitions_with_one_row_corrected_changes_that_one(book, tmp_path, capsys, export):
    path = export()
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    heads = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "示例无财政有限公司")
    row[heads.index("文号")].value = "示例〔2025〕3号"
    workbook.save(path)
    capsys.readouterr()
    assert run(["import", str(book), str(path), "--by", "李四", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["written"], found["unchanged"]) == (1, False)
    assert [row["name"] for row in found["rows"] if row["status"] != "same"] == ["示例无财政有限公司"]


