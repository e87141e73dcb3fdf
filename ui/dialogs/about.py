"""关于: which version this is, where the data lies, and under which licences fonts and program stand."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from zjtx_desktop import VERSION
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.usecases.packs import shipped_pack
from zjtx_desktop.usecases.policy_view import documents_of

LICENCES = (
    ("小标宋、宋体、黑体", "SIL 开源字体许可证 1.1", "LICENSE-GWTitle-GWSong-GWHei-OFL.txt"),
    ("楷体", "SIL 开源字体许可证 1.1", "LICENSE-GWKai-OFL.txt"),
    ("仿宋", "GNU 通用公共许可证 3.0，附字体例外", "LICENSE-GWFang-GPL3-font-exception.txt"),
)
_SIZE = (560, 520)


class AboutDialog(QDialog):
    """Shows it all as text that can be copied; folders and licences open by a click."""

    help_id = "index"

    def __init__(self, book: Path | None, data: Path, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("关于本程序")
        self.text = DetailPanel()
        self.text.setAccessibleName("关于本程序")
        self.text.show_detail(_detail(book, data, log))
        self.text.linked.connect(self._open)
        close = QPushButton("关闭", default=True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.resize(*_SIZE)

    def _open(self, link: str) -> None:
        if link.startswith("licence:"):
            LicenceDialog(link.removeprefix("licence:"), self).open()
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(link.removeprefix("folder:")))


class LicenceDialog(QDialog):
    """The text of one licence, as it was published."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("字体许可证")
        self.text = QPlainTextEdit((RESOURCES / "fonts" / name).read_text(encoding="utf-8"), readOnly=True)
        self.text.setAccessibleName("许可证原文")
        QVBoxLayout(self).addWidget(self.text)
        self.resize(*_SIZE)


def _detail(book: Path | None, data: Path, log: Path) -> Detail:
    places = [Line("账簿", str(book) if book else "没有打开", f"folder:{book.parent}" if book else "")]
    places += [Line("程序设置", str(data), f"folder:{data}"), Line("日志", str(log), f"folder:{log.parent}")]
    return Detail(
        f"专精特新奖补 {VERSION}",
        (
            Section(
                "", ("县（市、区）财政办理“专精特新”认定奖补的离线程序，不联网，数据只在本机的账簿文件里。",)
            ),
            Section("依据", [Line(name, text) for name, text in documents_of(shipped_pack())]),
            Section("数据在哪里", places),
            Section("字体许可", [Line(what, licence, f"licence:{name}") for what, licence, name in LICENCES]),
        ),
    )
