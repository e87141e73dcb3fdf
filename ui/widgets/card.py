"""A card: a headline over whatever belongs together, on a ground of its own."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.labels import label


class Card(QFrame):
    """Give it widgets with `body`; `head` takes what stands beside the headline."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.title = label(title, "head")
        self.head, self.body = QHBoxLayout(), QVBoxLayout()
        self.head.addWidget(self.title, 1)
        self.body.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addLayout(self.head)
        layout.addLayout(self.body)

    def clear(self) -> None:
        """Take everything out of the body."""
        while (item := self.body.takeAt(0)) is not None:
            if isinstance(widget := item.widget(), QWidget):
                widget.hide()
                widget.deleteLater()
