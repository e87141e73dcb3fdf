"""The start: nothing heavy before the first paint, a sentence without a display, failures said and logged."""

import gc
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from ui.collector import Collector
from ui.failures import Failures
from ui.log import LOG_NAME, MaskingFormatter, start_log
from ui.settings import Settings
from zjtx_desktop.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
FIRST_PAINT = """
import builtins, sys
before = builtins.__import__
from PySide6.QtWidgets import QApplication
from pathlib import Path
from ui.app import Program
app = QApplication([])
def prepare(tick):
    import sqlmodel
    return lambda program: (print("opened", program.jobs.is_idle()), program.window.close())
program = Program(app, Path(sys.argv[1]), prepare)
def painted():
    heavy = {"sqlmodel", "sqlalchemy", "pydantic", "openpyxl", "reportlab", "xlsxwriter", "pypdf", "jeepney"}
    print("painted", sorted(heavy & set(sys.modules)), program.window.isVisible())
program.window.painted.disconnect(program._begin)
program.window.painted.connect(painted)
program.window.painted.connect(program._begin)
program.start()
code = app.exec()
program.stop()
print("code", code)
"""


def _run(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_window_is_painted_before_anything_heavy_is_imported_and_the_book_comes_after(tmp_path):
    done = _run(FIRST_PAINT, str(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert done.stdout.splitlines() == ["painted [] True", "opened True", "code 0"], done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux runs without a display")
def test_without_a_display_it_says_so_and_names_the_way_out():
    done = _run("from ui.app import open_window; raise SystemExit(open_window())")
    assert done.returncode == 1
    assert "没有找到图形界面" in done.stderr
    assert "python3 go.py demo" in done.stderr


def test_the_import_hook_of_pyside_is_put_back():
    done = _run(
        "import builtins; first = builtins.__import__; import ui; print(builtins.__import__ is first)"
    )
    assert done.stdout.strip() == "True"


@pytest.fixture
def failures(qtbot, tmp_path):
    said = []
    failures = Failures(tmp_path / LOG_NAME, lambda tone, sentence: said.append((tone, sentence)))
    failures.said = said
    yield failures
    failures.stop()


def test_an_app_error_raised_in_a_slot_is_said_as_a_sentence(qtbot, failures):
    sys.excepthook(Refused, Refused("名单已锁定。请先解锁。"), None)
    assert failures.said == [("error", "名单已锁定。请先解锁。")]


def test_a_bug_is_logged_and_shown_once_with_the_place_of_the_log(qtbot, failures, caplog, tmp_path):
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            sys.excepthook(KeyError, KeyError("x"), None)
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert (box.text(), str(tmp_path / LOG_NAME) in box.informativeText()) == (
        "程序出错，已记录；账簿保持出错前的样子。",
        True,
    )
    assert (
        len(
            [
                widget
                for widget in QApplication.topLevelWidgets()
                if isinstance(widget, QMessageBox) and widget.isVisible()
            ]
        )
        == 1
    )
    assert len(caplog.records) == 3
    box.done(0)
    sys.excepthook(KeyError, KeyError("x"), None)
    assert QApplication.activeModalWidget() is not None
    QApplication.activeModalWidget().done(0)


def test_a_bug_on_another_thread_is_shown_on_this_one(qtbot, failures):
    thread = threading.Thread(target=lambda: {}["missing"])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    QApplication.activeModalWidget().done(0)


def test_the_log_holds_no_names_codes_or_amounts(tmp_path):
    text = f"玉山机械有限公司 91361123MA35ABCD12 100000000 in {Path.home()}/book"
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, text, (), None)
    line = MaskingFormatter("%(message)s").format(record)
    assert line == "□ # # in ~/book"


def test_a_full_log_is_set_aside(tmp_path):
    (tmp_path / LOG_NAME).write_bytes(b"x" * 1_000_001)
    root = logging.getLogger()
    level, before = root.level, set(root.handlers)
    path = start_log(tmp_path)
    try:
        logging.getLogger("trial").error("first line")
        assert "first line" in path.read_text(encoding="utf-8")
        assert (tmp_path / f"{LOG_NAME}.1").stat().st_size == 1_000_001
    finally:
        for handler in set(root.handlers) - before:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(level)


def test_settings_survive_a_restart_and_damage_counts_as_absent(tmp_path):
    settings = Settings(tmp_path / "settings.ini")
    settings.set_text("office/person", "李芳，经办")
    settings.set_data("lists/firms", {"order": ["name", "代码"], "widths": {"name": 120}})
    settings.set_text("lists/broken", "{")
    settings.flush()
    again = Settings(tmp_path / "settings.ini")
    assert again.text("office/person") == "李芳，经办"
    assert again.data("lists/firms") == {"order": ["name", "代码"], "widths": {"name": 120}}
    assert again.data("lists/broken") is None
    assert again.shape("window/shape").isEmpty()
    again.forget("office/person")
    assert again.text("office/person", "无") == "无"


def test_the_collector_collects_here_and_gives_back(qapp):
    collector = Collector()
    assert not gc.isenabled()
    rings = [[] for _ in range(5000)]
    for ring in rings:
        ring.append(ring)
    del rings, ring
    assert collector.collect() is not None
    assert gc.get_count()[0] < gc.get_threshold()[0]
    collector.stop()
    assert gc.isenabled()
    gc.disable()
