"""From the start of the process to the first paint, and to data on screen, beside an empty PySide6 window."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROUNDS = 7
EMPTY = """
import time, os
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        print(time.time(), flush=True); os._exit(0)
app = QApplication([]); window = Window(); window.show(); app.exec()
"""
OURS = """
import os, sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from ui.app import Program
from ui.places import Places
from ui.start import starting_with
app = QApplication([])
folder = Path(sys.argv[1])
program = Program(app, folder, starting_with(folder / "示例账簿.zjtx"))
Places(program.settings).set_person("示例")
wanted, window = sys.argv[2], program.window
def said():
    print(time.time(), flush=True); os._exit(0)
def painted():
    if wanted == "paint":
        said()
def look():
    if wanted == "data":
        line = window.findChild(QWidget, "homeFigures")
        if line is not None and line.isVisible() and line.text():
            window.repaint(); said()
    elif window.page() is not None and window.page().isVisible():
        window.repaint(); said()
from PySide6.QtWidgets import QWidget
window.painted.connect(painted)
from PySide6.QtCore import QTimer
timer = QTimer(interval=5); timer.timeout.connect(look); timer.start()
program.start(); app.exec()
"""
TARGETS = (
    ("paint", "启动到第一次画出窗口", 2.0),
    ("data", "启动到数据上屏（工作台的待办和金额）", 5.0),
    ("open", "启动到账簿打开、可以操作", None),
)


def rows() -> Iterator[tuple[str, ...]]:
    """Medians of wall time over some rounds, the kinds taking turns; the first round, which fills caches, is left out.

    Data is on screen once the figures of the first page are painted. The book can be worked with only later, when
    it is open; that is a line of its own.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder)
        kinds = {"empty": (EMPTY,)} | {kind: (OURS, name, kind) for kind, _, _ in TARGETS}
        seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(ROUNDS + 1):
            for kind, (code, *arguments) in kinds.items():
                seconds[kind].append(_measured(code, arguments, folder))
    median = {kind: statistics.median(taken[1:]) for kind, taken in seconds.items()}
    for kind, what, target in TARGETS:
        times = median[kind] / median["empty"]
        aim = (f"≤ {target:g} ×", "达到" if times <= target else "未达到") if target else ("—", "—")
        yield what, f"{median[kind]:.2f} 秒", f"空窗口 {median['empty']:.2f} 秒", f"{times:.2f} ×", "—", *aim


def _prepare(folder: Path) -> None:
    command = [sys.executable, "main.py", "demo", str(folder), "--by", "示例"]
    subprocess.run(command, check=True, capture_output=True)


def _measured(code: str, arguments: list[str], folder: Path) -> float:
    # As on a desk: from the second start on, everything is compiled; the caches do not go into this tree.
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.getcwd(), "PYTHONPYCACHEPREFIX": str(folder / "pyc")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.time()
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment, timeout=60)
    return float(done.stdout.split()[0]) - began
