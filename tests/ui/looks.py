"""Measures whether a window holds at the sizes county offices have; used by the tests of every page and
dialog.

assert looks.problems(page) == []                     at 1366 × 768 and at 150 % of it
looks.picture(page, tmp_path / "page.png", 1.5)       what it looks like there
"""

from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QToolButton,
    QWidget,
)

from ui.widgets.labels import ElidedLabel

SCREEN = QSize(1366, 728)  # 1366 × 768 less the taskbar
SCALES = (1.0, 1.5)
_SLACK = 1  # pixel: what rounding takes


def picture(widget: QWidget, path: Path, scale: float = 1.0) -> QPixmap:
    """Draw a widget as it stands on a screen of this scale, and keep it as PNG."""
    canvas = QPixmap(widget.size() * scale)
    canvas.setDevicePixelRatio(scale)
    widget.render(canvas)
    canvas.save(str(path))
    return canvas


def problems(widget: QWidget) -> list[str]:
    """Everything cut or out of reach, at every scale; a dialog keeps its own size but must fit the screen."""
    found = []
    for scale in SCALES:
        room = QSize(round(SCREEN.width() / scale), round(SCREEN.height() / scale))
        if isinstance(widget, QDialog):
            widget.resize(widget.size().boundedTo(room))
        else:
            widget.resize(room)
        widget.show()
        for _ in range(3):  # wrapped labels settle their heights one pass after the layout
            QApplication.processEvents()
        if widget.width() > room.width() or widget.height() > room.height():
            found.append(
                f"{scale:.0%}: 窗口 {widget.width()}×{widget.height()} 大于屏幕 {room.width()}×{room.height()}"
            )
        found += [f"{scale:.0%}: {what}" for what in cut_texts(widget) + out_of_reach(widget)]
    return found


def cut_texts(root: QWidget) -> list[str]:
    """Labels, buttons and choices whose text has less room than it needs. Elided labels show a tip
    instead.
    """
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisible() and not isinstance(widget, ElidedLabel) and (lacking := _lacking(widget)):
            found.append(f"{type(widget).__name__}“{_text(widget)}”{lacking}")
    return found


def out_of_reach(root: QWidget) -> list[str]:
    """Buttons that lie outside their window and cannot be scrolled to."""
    found = []
    for button in root.findChildren(QAbstractButton):
        inside = QRect(button.mapTo(root, QPoint(0, 0)), button.size())
        if button.isVisible() and not _scrolls(button, root) and not root.rect().contains(inside):
            found.append(f"按钮“{_text(button)}”在窗口之外")
    return found


def _lacking(widget: QWidget) -> str:
    if isinstance(widget, QLabel) and widget.wordWrap() and widget.text():
        need = widget.heightForWidth(widget.width())
        return f"需高 {need}，只有 {widget.height()}" if need > widget.height() + _SLACK else ""
    if isinstance(widget, QLabel | QAbstractButton | QComboBox) and _text(widget):
        if isinstance(widget, QToolButton) and (not widget.text() or isinstance(widget.parent(), QLineEdit)):
            return ""  # an icon inside a field is drawn smaller than a button asks to be
        need = widget.sizeHint()
        if need.width() > widget.width() + _SLACK or need.height() > widget.height() + _SLACK:
            return f"需 {need.width()}×{need.height()}，只有 {widget.width()}×{widget.height()}"
    return ""


def _text(widget: QWidget) -> str:
    return widget.currentText() if isinstance(widget, QComboBox) else getattr(widget, "text", str)()


def _scrolls(widget: QWidget, root: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False
