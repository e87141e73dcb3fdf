"""First step of importing a list: which file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout

from ui import icons
from ui.dialogs.files import LISTS, ask_open
from ui.dialogs.steps_dialog import Step
from ui.settings import Settings
from ui.widgets.labels import IconLabel, label

HINTS = (
    "名单要有表头，其中一列是“企业名称”（或“单位名称”等）。其余列，如统一社会信用代码、所属地区、认定称号、批次、文号、日期，"
    "有多少认多少，下一步可以核对。",
    "认定文件的标题、文号、日期等全表相同的内容，名单里没有的，稍后一次填写。",
    "导入分四步，到最后一步确认之前，账簿不会有任何改动；导入以后也可以一次撤销。",
)


class ReadsFile(Protocol):
    """What this step asks of the dialog."""

    def read_file(self, path: Path, go_on: Callable[[], None]) -> None:
        """Read the file, then go on."""
        ...


class FileStep(Step):
    """A file is chosen with the button, dropped here, or typed; reading it is going on."""

    title = "选择文件"

    def __init__(self, owner: ReadsFile, settings: Settings, hints: Sequence[str] = HINTS) -> None:
        super().__init__()
        self._owner, self._settings = owner, settings
        self.setAcceptDrops(True)
        self.path, self.choose = QLineEdit(), QPushButton("选择文件…")
        self.path.setPlaceholderText("还没有选择文件")
        self.path.setAccessibleName("名单文件")
        self.path.textChanged.connect(self.changed)
        self.choose.setAutoDefault(False)
        icons.dress(self.choose, "folder")
        self.choose.clicked.connect(self._choose)
        frame = QFrame()
        frame.setProperty("role", "card")
        box = QVBoxLayout(frame)
        box.setContentsMargins(18, 18, 18, 18)
        box.setSpacing(8)
        box.addWidget(IconLabel("import", "faint", 36), alignment=Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(
            label("把名单文件（.xlsx、.xls、.docx、.pdf、.csv）拖到这里，或者", "soft"), alignment=Qt.AlignmentFlag.AlignHCenter
        )
        box.addWidget(self.choose, alignment=Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.path)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(frame)
        for hint in hints:
            layout.addWidget(label(hint, "soft", wraps=True))
        layout.addStretch()

    def enter(self) -> None:
        self.choose.setFocus()

    def problem(self) -> str:
        return "" if self.path.text().strip() else "请先选择名单文件。"

    def proceed(self, go_on: Callable[[], None]) -> None:
        self._owner.read_file(Path(self.path.text().strip()), go_on)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        url = next(url for url in event.mimeData().urls() if url.isLocalFile())
        self.path.setText(url.toLocalFile())

    def _choose(self) -> None:
        path = ask_open(self, self._settings, "选择名单文件", LISTS)
        if path:
            self.path.setText(str(path))
