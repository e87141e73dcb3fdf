"""What becomes of an exception that nobody took: a sentence for an AppError, one dialog with the log's
place for a bug.
"""

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, QUrl, Signal, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox

from ui import icons
from zjtx_desktop.errors import AppError

log = logging.getLogger("failures")
_QT_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Failures(QObject):
    """Takes over `sys.excepthook`: the second of the two places that catch everything (the other is Jobs)."""

    _reported = Signal(BaseException)  # from whichever thread, answered on this one

    def __init__(self, log_file: Path, say: Callable[[str, str], None]) -> None:
        super().__init__()
        self._log_file, self._say = log_file, say
        self._open: QMessageBox | None = None
        self._reported.connect(self.show)
        sys.excepthook = self._caught
        threading.excepthook = lambda found: self._caught(
            found.exc_type, found.exc_value, found.exc_traceback
        )
        qInstallMessageHandler(_log_qt)

    def stop(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        qInstallMessageHandler(None)

    def show(self, error: BaseException) -> None:
        """Show an exception to the person; a bug that follows while one is on screen is only logged."""
        if isinstance(error, AppError):
            self._say("error", str(error))
        elif self._open is None:
            self._open = self.dialog()
            self._open.finished.connect(self._closed)
            self._open.open()

    def _caught(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        if not issubclass(kind, AppError):
            log.error("not caught", exc_info=(kind, error or kind(), trace))
        self._reported.emit(error or kind())

    def dialog(self) -> QMessageBox:
        """What a person sees of a bug: that nothing is lost, and where the log lies."""
        box = QMessageBox(QApplication.activeWindow())
        box.setWindowTitle("程序出错")
        box.setText("程序出错，已记录；账簿保持出错前的样子。")
        box.setInformativeText(
            "可以接着使用。如果反复出现，请把下面这个日志文件交给维护人员；"
            f"里面只有出错的位置，没有企业名称、代码、账号、金额和密码。\n{self._log_file}"
        )
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.setIconPixmap(icons.pixmap("error", 32, "error", box.devicePixelRatioF()))
        folder = box.addButton("打开日志所在文件夹", QMessageBox.ButtonRole.ActionRole)
        folder.clicked.connect(self._open_folder)
        copy = box.addButton("复制日志位置", QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()  # the dialog stays: the place is copied to be pasted beside it
        copy.clicked.connect(lambda: self._copy_place(copy))
        box.setDefaultButton(box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole))
        return box

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_file.parent)))

    def _copy_place(self, button: QAbstractButton) -> None:
        QApplication.clipboard().setText(str(self._log_file))
        button.setText("已复制")

    def _closed(self) -> None:
        if self._open is not None:
            self._open.deleteLater()
        self._open = None


def _log_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    if kind in _QT_LEVELS:
        logging.getLogger("qt").log(_QT_LEVELS[kind], "%s", text)
