"""Where file dialogs begin: each kind where it was used last, and never where chance left Qt."""

import pytest
from file_kit import answer_file
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.dialogs.files import ask_file, ask_folder, ask_open


@pytest.fixture
def parent(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "家"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "家"))
    made = [tmp_path / name for name in ("家", "来件", "发出")]
    for folder in made:
        folder.mkdir()
    (made[1] / "名单.xlsx").touch()
    return made


def read(parent, settings, path):
    offered = answer_file(path)
    assert ask_open(parent, settings, "选择名单", "名单 (*.xlsx)") == path
    return offered[1]


def save(parent, settings, path):
    offered = answer_file(path)
    assert ask_file(parent, settings, "导出", "表.xlsx", "表格 (*.xlsx)") == path
    return offered[1]


def test_reading_and_saving_remember_their_folders_apart(parent, settings, folders):
    home, come, gone = folders
    assert read(parent, settings, come / "名单.xlsx") == str(home), "nothing is remembered yet"
    assert save(parent, settings, gone / "表.xlsx") == str(come), "better than nothing"
    assert read(parent, settings, come / "名单.xlsx") == str(come)
    assert save(parent, settings, gone / "表.xlsx") == str(gone)
    offered = answer_file(gone)
    assert ask_folder(parent, settings, "选择文件夹") == gone and offered[1] == str(gone)


def test_a_dialog_does_not_begin_where_another_was_left(parent, settings, folders):
    """A file of the name offered lay there, and Qt asked whether to replace it while nobody looked."""
    home, come, _ = folders
    QFileDialog(parent, "别处").setDirectory(str(come))
    assert save(parent, settings, home / "表.xlsx") == str(home)
