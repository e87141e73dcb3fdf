"""Questions before something is lost or done for good; the buttons say what they do."""

from enum import Enum

from PySide6.QtWidgets import QMessageBox, QWidget

from ui import icons
from ui.widgets.labels import quoted, set_role


class Unsaved(Enum):
    """What to do with input that has not been saved."""

    SAVE = "保存"
    DISCARD = "不保存"
    STAY = "取消"


def ask_unsaved(parent: QWidget, title: str, save: str = Unsaved.SAVE.value) -> Unsaved:
    """Ask what becomes of unsaved input; `save` is what saving it is called. Esc and closing the question mean stay."""
    said = f"{quoted(title)}有尚未保存的内容。"
    box = _box(parent, "尚未保存", said, "不保存的话，这些内容将会丢失。", "warning", "warn")
    roles = QMessageBox.ButtonRole
    buttons = {
        box.addButton(save, roles.AcceptRole): Unsaved.SAVE,
        box.addButton(Unsaved.DISCARD.value, roles.DestructiveRole): Unsaved.DISCARD,
        box.addButton(Unsaved.STAY.value, roles.RejectRole): Unsaved.STAY,
    }
    box.setDefaultButton(next(iter(buttons)))
    box.exec()
    return buttons.get(box.clickedButton(), Unsaved.STAY)


def ask_sure(parent: QWidget, act: str, what: str, way_back: str) -> bool:
    """Ask before something destructive: what will be done, and how to take it back. Enter means no."""
    box = _box(parent, act, what, way_back, "warning", "warn")
    sure = box.addButton(act, QMessageBox.ButtonRole.AcceptRole)
    set_role(sure, "role", "danger")
    stay = box.addButton("取消", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return box.clickedButton() is sure


def tell(parent: QWidget | None, title: str, sentence: str, more: str = "") -> None:
    """Say something that needs no choice; use a Banner instead wherever there is a place for it."""
    box = _box(parent, title, sentence, more, "info", "info")
    box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
    box.exec()


def _box(parent: QWidget | None, title: str, text: str, more: str, icon: str, tone: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(more)
    box.setIconPixmap(icons.pixmap(icon, 32, tone, box.devicePixelRatioF()))
    return box
