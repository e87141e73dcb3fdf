"""Pictures of every page and dialog, in both themes, at 1366 × 728 and at 150 % of it: python -m tests.ui.pictures 目录

They are looked at before a release; the help uses some of them.
"""

import os
import re
import sys
import tempfile
from itertools import chain
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

import all_windows
import looks
from ui.app import Program
from ui.keeper import Keeper
from ui.start import starting_with
from zjtx_desktop.demo import sample_book

MODES = ("light", "dark")
_DRAWN = 150  # milliseconds: pages of a PDF are drawn a moment after they are asked for


def main(folder: Path) -> int:
    """Write all pictures into a folder; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    written = 0
    with tempfile.TemporaryDirectory() as made:
        book = Path(made) / "示例账簿.zjtx"
        sample_book(book, "张三")
        program = Program(app, Path(made), starting_with(book))
        program.settings.set_text("person/name", "张三")
        program.start()
        QTest.qWaitForWindowExposed(program.window)
        while program.window.page() is None:
            QTest.qWait(20)
        all_windows.settle(program)
        desk = program.findChild(Keeper).desk
        for mode in MODES:
            program.theme.set_mode(mode)
            for scale in looks.SCALES:
                written += _all(program, desk, Path(made), folder, f"{mode}-{scale:.0%}".removesuffix("%"), scale)
        program.window.close()
        program.stop()
    return written


def _all(program: Program, desk: object, made: Path, folder: Path, prefix: str, scale: float) -> int:
    room = QSize(round(looks.SCREEN.width() / scale), round(looks.SCREEN.height() / scale))
    program.window.resize(room)
    shown = 0
    for name, window in chain(all_windows.pages(program), all_windows.dialogs(program, desk, made)):
        shown += 1
        _take(window, folder / f"{prefix}-{shown:02}-{_plain(name)}.png", room, scale)
    for question in all_windows.questions(program.window):
        shown += 1
        question(lambda box: _take(box, folder / f"{prefix}-{shown:02}-问.png", room, scale))
    return shown


def _take(window: QWidget, path: Path, room: QSize, scale: float) -> None:
    if isinstance(window, QDialog):
        window.resize(window.size().boundedTo(room))
    QTest.qWait(_DRAWN)
    looks.picture(window, path, scale)


def _plain(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-")


if __name__ == "__main__":
    print(f"{main(Path(sys.argv[1]))} 张")
