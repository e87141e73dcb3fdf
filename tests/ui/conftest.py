"""The desk for window tests: no screen, the bundled Chinese face, the collector on this thread only."""

import gc
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from printer_kit import Lp
from PySide6.QtGui import QFont, QFontDatabase

from ui.input_method import CompositionGuard
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.settings import Settings
from ui.theme import BUNDLED_FACE, Theme
from ui.widgets import clipboard
from zjtx_desktop.paths import RESOURCES


@pytest.fixture(scope="session", autouse=True)
def theme(qapp, tmp_path_factory):
    """The application dressed in light, in the bundled face whatever the machine has."""
    number = QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / BUNDLED_FACE))
    qapp.setFont(QFont(QFontDatabase.applicationFontFamilies(number)[0]))
    settings = Settings(tmp_path_factory.mktemp("theme") / "settings.ini")
    settings.set_text("look/mode", "light")
    CompositionGuard(qapp)
    yield Theme(qapp, settings)
    clipboard.let_go()


@pytest.fixture(autouse=True)
def collected_here():
    """No cycle is collected on a worker, where Qt objects must not die."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def jobs(qapp):
    jobs = Jobs()
    yield jobs
    jobs.close()


@pytest.fixture
def window(qtbot, jobs, settings, theme, tmp_path):
    window = MainWindow(jobs, settings, theme, tmp_path / "zjtx.log")
    qtbot.addWidget(window, before_close_func=lambda shown: jobs.settle())
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    return window


@pytest.fixture
def shown(qtbot, jobs):
    """Show a page of the window by itself and wait until it has what it asks for."""

    def show(page, width: int = 1180, height: int = 640):
        qtbot.addWidget(page, before_close_func=lambda closing: jobs.settle())
        page.resize(width, height)
        page.show()
        page.refresh()
        assert jobs.settle()
        return page

    return show


@pytest.fixture
def lp(tmp_path, monkeypatch):
    """The system's `lp` replaced by one that keeps what it is given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    made = Lp(folder)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return made
