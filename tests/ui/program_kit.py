"""A program whose window is on screen with no book yet, for tests that open books by its Keeper."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from ui.app import Program


def settle(program: Program) -> None:
    """Until nothing runs, and what followed from that is on screen."""
    for _ in range(3):
        while not program.jobs.is_idle():
            program.jobs.settle()
            QApplication.processEvents()
        QApplication.processEvents()


def shut(program: Program) -> None:
    """Close the window, which first makes a last backup."""
    settle(program)
    program.window.close()
    settle(program)


def shown_program(
    qapp,
    qtbot,
    monkeypatch,
    home: Path,
    settings: Path,
    person: str = "",
    size: tuple[int, int] | None = None,
    close: Callable[[Program], None] = shut,
) -> Iterator[Program]:
    """What a fixture yields: the program in an empty `home`, its settings in a folder of their own."""
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    program = Program(qapp, settings)
    program.failures.stop()
    if person:
        program.settings.set_text("person/name", person)
    program.window.painted.disconnect(program._begin)
    qtbot.addWidget(program.window, before_close_func=lambda shown: close(program))
    if size:
        program.window.resize(*size)
    program.window.show()
    with qtbot.waitActive(program.window):
        program.window.activateWindow()
    yield program
    program.jobs.close()


def press_next(qtbot, text: str) -> None:
    """Press the button of this text in the question that will come up."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, press)
            return
        (button,) = [one for one in box.buttons() if one.text() == text]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, press)
