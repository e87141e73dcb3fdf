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
wanted = sys.argv[2]
def painted():
    if wanted == "paint":
        print(time.time(), flush=True); os._exit(0)
def look():
    page = program.window.page()
    if page is not None and program.jobs.is_idle() and page.isVisible():
        page.repaint(); print(time.time(), flush=True); os._exit(0)
program.window.painted.connect(painted)
from PySide6.QtCore import QTimer
timer = QTimer(interval=5); timer.timeout.connect(look); timer.start()
program.start(); app.exec()
"""


def rows() -> Iterator[tuple[str, ...]]:
    """Medians of wall time over some rounds, the three kinds taking turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _prepare(folder)
        kinds = {"empty": (EMPTY,), "paint": (OURS, name, "paint"), "data": (OURS, name, "data")}
        seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(ROUNDS):
            for kind, (code, *arguments) in kinds.items():
                seconds[kind].append(_measured(code, arguments))
    floor, paint, data = (statistics.median(seconds[kind]) for kind in ("empty", "paint", "data"))
    for what, ours, target in (("启动到第一次画出窗口", paint, 2.0), ("启动到数据上屏", data, 5.0)):
        reached = "达到" if ours <= target * floor else "未达到"
        yield what, f"{ours:.2f} 秒", f"空窗口 {floor:.2f} 秒", f"{ours / floor:.2f} ×", "—", f"≤ {target:g} ×", reached


def _prepare(folder: Path) -> None:
    command = [sys.executable, "main.py", "demo", str(folder), "--by", "示例"]
    subprocess.run(command, check=True, capture_output=True)


def _measured(code: str, arguments: list[str]) -> float:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.getcwd()}
    began = time.time()
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment, timeout=60)
    return float(done.stdout.split()[0]) - began
