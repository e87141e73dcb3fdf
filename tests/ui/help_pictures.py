"""The pictures of the import in the help, taken anew: python -m tests.ui.help_pictures

The steps of the wizard with a list that has every kind of row, in the light theme, as wide as the help shows them.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

import list_kit
import looks
from many_rows import write_many
from program_kit import settle
from ui.app import Program
from ui.dialogs.import_list import ImportDialog
from ui.help import FOLDER
from ui.keeper import Keeper
from ui.start import starting_with
from zjtx_desktop.domain.titles import Kind

SIZES = {"import-columns": QSize(728, 420), "import-values": QSize(728, 600), "import-preview": QSize(860, 600)}
SELECTED = 8
WIDTH = 560
GIVEN: Mapping[str, object] = {
    "kind": Kind.NEW, "document_title": "关于公布2024年江西省专精特新中小企业名单的通知", "document_date": date(2024, 6, 3),
}  # fmt: skip


def main(folder: Path = FOLDER) -> None:
    """Write them into the folder of the help, or another."""
    app = QApplication([])
    with tempfile.TemporaryDirectory() as made:
        book = Path(made) / "示例账簿.zjtx"
        list_kit.filled_book(book).close()
        program = Program(app, Path(made), starting_with(book))
        program.settings.set_text("person/name", "张三")
        program.start()
        while program.window.page() is None:
            QTest.qWait(20)
        settle(program)
        program.theme.set_mode("light")
        _steps(program, write_many(Path(made) / "名单.xlsx"), folder)
        program.window.close()
        program.stop()


def _steps(program: Program, source: Path, folder: Path) -> None:
    dialog = ImportDialog(program.findChild(Keeper).desk, program.settings, program.window)
    dialog.may_close = lambda: True
    dialog.show()
    dialog.choose.path.setText(str(source))
    for name, size in SIZES.items():
        dialog.resize(size)
        dialog.next.click()
        settle(program)
        if dialog.step is dialog.preview:
            dialog.preview.pane.view.go_to(dialog.preview.outcomes[SELECTED].id)
            settle(program)
        _take(dialog, folder / f"{name}.png")
        for key, value in GIVEN.items() if dialog.step is dialog.given else ():
            dialog.given.form.field(key).set_value(value)
        if dialog.step is dialog.given:
            dialog.given.form.field("document_number").setText("赣工信企业字〔2024〕6号")
    dialog.hide()


def _take(widget: QWidget, path: Path) -> None:
    QTest.qWait(200)
    drawn = looks.picture(widget, path).toImage().convertToFormat(QImage.Format.Format_RGB888)
    scaled = drawn.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
    scaled.copy(0, 0, WIDTH, scaled.height() - 1).save(str(path))  # the last line may be drawn in part only


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
