"""Every page and dialog on the screens county offices have, and what was confirmed after the process is killed."""

import os
import subprocess
import sys
from pathlib import Path

import all_windows
import looks
import pytest
from hand import start_program, stop_program

from ui.keeper import Keeper
from zjtx_desktop.demo import sample_book
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.books import open_book

pytestmark = pytest.mark.release  # the whole program by hand: its own command, see README

ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, "tests/ui")
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qt_compat import qt_api
from pytestqt.qtbot import QtBot
from hand import CTRL, KEY, Hand, start_program
qt_api.set_qt_api("pyside6")
app = QApplication([])
bot = QtBot.__new__(QtBot)
program = start_program(bot, Path(sys.argv[1]), Path(sys.argv[2]), "张三")
hand = Hand(bot, program)
hand.press(KEY.Key_2, CTRL)
hand.press(KEY.Key_N, CTRL)
hand.type("示例断电有限公司")
hand.press(KEY.Key_S, CTRL)
hand.press(KEY.Key_N, CTRL)
hand.type("示例没有确认有限公司")
print("confirmed" if "示例断电有限公司" in hand.rows() else hand.rows(), flush=True)
os._exit(9)
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("示例") / "示例账簿.zjtx"
    sample_book(path, "张三")
    return path


@pytest.fixture
def program(qtbot, tmp_path, monkeypatch, book):
    monkeypatch.setenv("HOME", str(tmp_path))
    program = start_program(qtbot, tmp_path / "设置", book, "张三")
    yield program
    stop_program(program)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_text_is_cut_on_any_page_or_dialog(program, tmp_path, mode):
    program.theme.set_mode(mode)
    found: dict[str, list[str]] = {}

    def measure(name, window):
        if wrong := looks.problems(window):
            found[name] = wrong

    for name, window in all_windows.pages(program):
        measure(name, window)
    for name, window in all_windows.dialogs(program, program.findChild(Keeper).desk, tmp_path):
        measure(name, window)
    for number, question in enumerate(all_windows.questions(program.window)):
        question(lambda box, number=number: measure(f"问 {number}", box))
    assert found == {}


def test_what_was_confirmed_is_there_after_the_process_was_killed(tmp_path):
    path = tmp_path / "示例账簿.zjtx"
    sample_book(path, "张三")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "设置"), str(path)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (9, "confirmed\n"), done.stderr
    with open_book(path) as again, again.reading() as session:
        ids = organisations.LISTING.ids(session)
        names = [line.name for line in organisations.LISTING.lines(session, ids)]
        assert "示例断电有限公司" in names and "示例没有确认有限公司" not in names
    with open_book(path) as again:
        assert again.check() == []
