"""Starts the window: paints it first, and only then imports what is heavy and opens the book."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QObject, Qt, QTranslator
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ui.collector import Collector
from ui.failures import Failures
from ui.help_key import HelpKey
from ui.input_method import start_input_method
from ui.jobs import Jobs, Tick
from ui.log import start_log
from ui.main_window import MainWindow
from ui.settings import Settings, data_folder
from ui.theme import Theme
from ui.widgets import clipboard
from zjtx_desktop.errors import AppError

NO_DISPLAY = "没有找到图形界面（显示器），窗口打不开。请在有桌面的机器上启动，或改用命令行演示：python3 go.py demo 目录"
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
_TRANSLATIONS = ("qtbase_zh_CN", "qt_zh_CN")  # the texts of Qt's own buttons and menus
_NO_BOOK = (
    ("new_book", "新建账簿", "add"),
    ("open_book", "打开账簿", "folder"),
    ("sample_book", "看看示例账簿", ""),
    ("restore", "从备份恢复", "backup"),
)


class Program(QObject):
    """The application and its parts, put together; `start` shows the window.

    `prepare` runs on the worker after the first paint: it imports what is heavy, opens the book, and returns
    what is then to be done here, normally `lambda program: program.window.open_desk(desk)`.
    """

    def __init__(self, app: QApplication, folder: Path, prepare: "Prepare | None" = None) -> None:
        super().__init__()
        app.setApplicationName("zjtx-desktop")
        translate_qt(app)
        self._prepare = prepare
        self.log_file = start_log(folder)
        self.settings = Settings(folder / "settings.ini")
        self.theme = Theme(app, self.settings)
        self.jobs = Jobs(self)
        self.window = MainWindow(self.jobs, self.settings, self.theme, self.log_file)
        self.failures = Failures(self.log_file, self.window.say)
        self._help_key = HelpKey(app, self)
        self.jobs.crashed.connect(self.failures.show)
        self.window.wants_help.connect(self.show_help)
        self._help_key.asked.connect(self.show_help)
        self.window.painted.connect(self._begin)

    def start(self) -> None:
        """Show the window; everything else follows once it is painted."""
        self.window.show()

    def welcome(self) -> None:
        """Say that no book is open, and what to do first."""
        self.window.welcome.say(
            "还没有打开账簿", "账簿是一个文件，装着本单位的企业、认定、奖补和文书。", _NO_BOOK
        )

    def show_help(self, name: str, dialog: QDialog | None = None) -> None:
        """Open the help at a page, over a dialog where one asks; there it closes with the dialog."""
        from ui.help import HelpWindow  # its widgets take 3 % of the time to the first paint

        over: QWidget = dialog or self.window
        shown = over.findChild(HelpWindow, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if shown is None:
            shown = HelpWindow(over)
            if dialog:
                dialog.finished.connect(shown.close)
        shown.open_page(name)

    def stop(self) -> None:
        """End what still runs, and give Python's collector back."""
        self.jobs.close()
        self.failures.stop()
        self._collector.stop()
        clipboard.let_go()

    def _begin(self) -> None:
        app = QApplication.instance()
        self._collector = Collector(app)
        start_input_method(app)
        if self._prepare is None:
            self.welcome()
            return
        self.window.welcome.say("正在打开账簿…")
        self.jobs.run(self._prepare, done=self._arrive, failed=self._not_opened)

    def _arrive(self, go_on: Callable[["Program"], None]) -> None:
        go_on(self)

    def _not_opened(self, error: AppError) -> None:
        self.window.say("error", str(error))
        self.welcome()


Prepare = Callable[[Tick], Callable[[Program], None]]


def open_window(prepare: Prepare | None = None) -> int:
    """Run the program in its window until it is closed; returns the exit code, 1 where there is no
    display.
    """
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _DISPLAYS):
        print(NO_DISPLAY, file=sys.stderr)
        return 1
    app = QApplication(sys.argv[:1])
    program = Program(app, data_folder(), prepare)
    program.start()
    code = app.exec()
    program.stop()
    return code


def translate_qt(app: QApplication) -> None:
    """Let Qt's own buttons, menus and dialogs speak Chinese."""
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name in _TRANSLATIONS:
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)
