"""Colours that can be read, icons of one family, and the style sheet that uses only what the table has."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import fields

import pytest
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from ui import icons
from ui.commands import COMMANDS
from ui.page import SUBJECTS
from ui.theme import DARK, LIGHT, TEXT_ON, contrast
from zjtx_desktop.paths import RESOURCES

ICONS = sorted((RESOURCES / "icons").glob("*.svg"))
NAMED = """home organisation recognition round letter report settings import export print
search filter undo redo add
edit delete help history lock unlock check warning error info folder backup refresh columns close""".split()


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_has_contrast_enough(colours):
    poor = [
        f"{text} on {ground}: {contrast(getattr(colours, text), getattr(colours, ground)):.2f}"
        for text, ground in TEXT_ON
        if contrast(getattr(colours, text), getattr(colours, ground)) < 4.5
    ]
    assert poor == []


def test_contrast_is_what_the_standard_says():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_a_hint_in_an_empty_field_is_as_dark_as_other_soft_text(qtbot, theme):
    field = QLineEdit()
    qtbot.addWidget(field)
    field.ensurePolished()
    hint = field.palette().color(QPalette.ColorRole.PlaceholderText)
    assert (hint.name().upper(), hint.alpha()) == (LIGHT.soft, 255)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_a_white_mark_can_be_seen_on_its_ground(colours):
    assert contrast("#FFFFFF", colours.tick) >= 4.5


def test_the_style_sheet_names_only_known_colours_and_files():
    text = (RESOURCES / "style.qss").read_text(encoding="utf-8")
    sizes = {"px", "small", "head", "title", "button_line", "field_line", "chip_line", "line_height", "icons"}
    assert set(re.findall(r"\$\{?(\w+)", text)) <= {field.name for field in fields(LIGHT)} | sizes
    for name in re.findall(r"\$icons/([\w/-]+\.svg)", text):
        assert (RESOURCES / "icons" / name).is_file(), name


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_every_icon_is_of_the_one_family(path):
    root = ElementTree.parse(path).getroot()
    wanted = {"viewBox": "0 0 24 24", "fill": "none", "stroke": "currentColor", "stroke-width": "1.75"}
    assert {name: root.get(name) for name in wanted} == wanted
    assert any(
        icons.pixmap(path.stem, 20).toImage().pixelColor(x, y).alpha() for x in range(20) for y in range(20)
    )


def test_every_icon_that_is_named_is_there():
    drawn = {path.stem for path in ICONS}
    assert set(NAMED) <= drawn
    assert {command.icon for command in COMMANDS} | {page.icon for page in SUBJECTS} <= drawn | {""}


def test_icons_follow_the_theme(qtbot, theme):
    root, button = QWidget(), QPushButton()
    qtbot.addWidget(root)
    button.setParent(root)
    theme.set_mode("light")  # another test may have left the program dark
    icons.dress(button, "add")
    before = button.icon().pixmap(16, 16).toImage()
    theme.set_mode("dark")
    try:
        icons.redress(root)
        assert button.icon().pixmap(16, 16).toImage() != before
    finally:
        theme.set_mode("light")


def test_digits_are_of_one_width(qapp):
    metrics = QFontMetrics(qapp.font())
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_the_choice_of_theme_and_size_is_remembered(theme):
    theme.set_mode("dark")
    theme.set_text_size(16)
    try:
        assert (theme.mode, theme.text_size) == ("dark", 16)
    finally:
        theme.set_mode("light")
        theme.set_text_size(13)
