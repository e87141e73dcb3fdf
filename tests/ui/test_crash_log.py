"""A crash with a person's data in its hands: the dialog says where the log lies, and the log holds none of it."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from ui.failures import Failures
from ui.log import scrubbed, start_log
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book

FIRM, CODE, ACCOUNT, PERSON, PASSWORD = "江西示例精密制造有限公司", "91361123MA35F0KQ2C", "3600 0212 0900 1234 567", "Zhang San", "Gaoshan-Liushui-77"
SECRETS = ("江西", "精密", CODE, CODE[4:12], ACCOUNT, "0212", "1234", PERSON, "Zhang", PASSWORD, "Gaoshan", "Liushui", "150,000.00")


@pytest.fixture
def log_file(tmp_path):
    root = logging.getLogger()
    level, before = root.level, set(root.handlers)
    yield start_log(tmp_path)
    for handler in set(root.handlers) - before:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.fixture
def failures(qtbot, log_file):
    failures = Failures(log_file, lambda tone, sentence: None)
    yield failures
    failures.stop()


def crash(error: Exception) -> None:
    """Raise it where the data lie around, and let the hook of the program take it."""
    firm, held = FIRM, {"account": ACCOUNT, "password": PASSWORD}
    try:
        try:
            raise error
        except Exception as first:
            raise ValueError(f"cannot pay {firm} {held} {PERSON}") from first
    except ValueError:
        sys.excepthook(*sys.exc_info())


def close_box() -> None:
    QApplication.activeModalWidget().done(0)


ERRORS = [
    KeyError(FIRM),
    ValueError(f"invalid literal for int() with base 10: '{CODE}'"),
    ValueError(f"{PERSON} {PASSWORD} 150,000.00"),
    LookupError(ACCOUNT, PERSON),
    RuntimeError(f"'{PERSON}' has '{PASSWORD}' at {ACCOUNT}"),
    FileNotFoundError(2, "No such file or directory", f"/home/{PERSON}/{FIRM}.xlsx"),
    UnicodeDecodeError("utf-8", FIRM.encode("gbk") + PASSWORD.encode(), 0, 1, PERSON),
    TypeError(f"unsupported operand for {CODE}"),
    Exception({"firm": FIRM, "password": PASSWORD}),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_nothing_of_a_person_or_a_firm_is_in_the_log(failures, log_file, error):
    crash(error)
    close_box()
    written = log_file.read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in written] == []
    assert type(error).__name__ in written and "ValueError" in written
    assert "test_crash_log.py" in written and "in crash" in written, "the places in the code are there"


def test_what_is_about_the_code_stays_readable(failures, log_file):
    crash(AttributeError("'NoneType' object has no attribute 'total'"))
    close_box()
    assert "'NoneType' object has no attribute 'total'" in log_file.read_text(encoding="utf-8")


def test_a_refusal_of_the_database_is_told_without_what_was_bound(failures, log_file, tmp_path):
    with Book.create(tmp_path / "账簿.zjtx") as book:
        row = {"name": FIRM, "folded": FIRM, "credit_code": CODE, "payee_account": ACCOUNT, "contact": PERSON}
        try:
            with book.action("登记", "张三") as session:
                session.add(tables.Organisation(**row))
                session.add(tables.Organisation(**row | {"id": 1, "is_company": PASSWORD}))
                session.flush()
                session.exec(select(tables.Organisation)).all()
        except Exception:
            sys.excepthook(*sys.exc_info())
    close_box()
    written = log_file.read_text(encoding="utf-8")
    assert [secret for secret in SECRETS if secret in written] == []
    assert "sqlalchemy" in written


def test_the_statement_of_a_refused_write_carries_no_values(tmp_path):
    with Book.create(tmp_path / "账簿.zjtx") as book, pytest.raises(DBAPIError) as refused, book.action("登记", "张三") as session:
        session.connection().exec_driver_sql("INSERT INTO organisation (name) VALUES (?)", (FIRM,))
    assert FIRM not in str(refused.value) and "hide_parameters" in str(refused.value)


def test_a_crash_on_another_thread_is_scrubbed_as_well(qtbot, failures, log_file):
    thread = threading.Thread(target=lambda: {}[FIRM + ACCOUNT])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    close_box()
    written = log_file.read_text(encoding="utf-8")
    assert "KeyError" in written and [secret for secret in SECRETS if secret in written] == []


def test_what_a_reading_process_leaves_is_scrubbed_but_for_the_places():
    trace = f'Traceback:\n  File "/opt/zjtx/exchange/books.py", line 123, in read\n    x = y["{FIRM}"]\nKeyError: \'{CODE}\''
    assert scrubbed(trace) == 'Traceback:\n  File "/opt/zjtx/exchange/books.py", line 123, in read\n    x = y[□]\nKeyError: □'


def test_the_dialog_says_where_the_log_lies_copies_it_and_opens_its_folder(qtbot, failures, log_file, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    crash(KeyError(FIRM))
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert str(log_file) in box.informativeText() and FIRM not in box.text() + box.informativeText()
    buttons = {button.text(): button for button in box.buttons()}
    qtbot.mouseClick(buttons["复制日志位置"], Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == str(log_file) and box.isVisible()
    assert buttons["复制日志位置"].text() == "已复制"
    qtbot.mouseClick(buttons["打开日志所在文件夹"], Qt.MouseButton.LeftButton)
    assert opened == [str(log_file.parent)]
    if box.isVisible():
        close_box()
