"""The frame that dialogs share: the parts one under the other, the buttons at the foot, and room left around them."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

MARGIN = 72  # pixels of the screen that stay free around a dialog


def row(*parts: QWidget | None) -> QHBoxLayout:
    """Parts beside each other; None is the gap that takes what is left over."""
    made = QHBoxLayout()
    for part in parts:
        if part is None:
            made.addStretch()
        else:
            made.addWidget(part)
    return made


def lay_out(dialog: QDialog, size: tuple[int, int], grows: QWidget, *parts: QWidget | QLayout | None) -> None:
    """Stack the parts; `grows`, one of them, takes the height that the others leave. None as in `row`."""
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(18, 16, 18, 14)
    layout.setSpacing(10)
    for part in parts:
        if part is None:
            layout.addStretch()
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part, int(part is grows))
    fit(dialog, size)


def fit(dialog: QDialog, size: tuple[int, int]) -> None:
    """Give it this size in pixels, or what the screen has."""
    room = dialog.screen().availableSize()
    dialog.resize(min(size[0], room.width() - MARGIN), min(size[1], room.height() - MARGIN))
