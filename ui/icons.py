"""Line icons of one family, drawn from resources/icons in the colours of the theme."""

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from ui import theme
from zjtx_desktop.paths import RESOURCES

_SIZES = (16, 20)  # of menus and buttons, and of the navigation
_NAME, _TONE = "iconName", "iconTone"  # what a dressed button or action remembers


def pixmap(name: str, size: int, tone: str = "text", ratio: float = 1.0) -> QPixmap:
    """The icon `name` as a picture of `size` logical pixels in a colour of the theme."""
    return drawn(name, size, getattr(theme.colours(), tone), ratio)


def icon(name: str, tone: str = "text") -> QIcon:
    """The icon `name` in a colour of the theme, faint when disabled, accented when checked.

    It is drawn for the theme in use; give it with `dress` where it is to follow a change.
    """
    colours = theme.colours()
    return _icon(name, getattr(colours, tone), colours.faint, colours.accent)


def dress(target: QAbstractButton | QAction, name: str, tone: str = "text") -> None:
    """Give a button or an action an icon that `redress` renews when the theme changes."""
    target.setProperty(_NAME, name)
    target.setProperty(_TONE, tone)
    target.setIcon(icon(name, tone))


def redress(root: QObject) -> None:
    """Draw anew every icon that was given by `dress` to something below `root`."""
    for kind in (QAbstractButton, QAction):
        for target in root.findChildren(kind):
            if name := target.property(_NAME):
                target.setIcon(icon(name, target.property(_TONE)))


@cache
def _source(name: str) -> bytes:
    return (RESOURCES / "icons" / f"{name}.svg").read_bytes()


@cache
def _mask(name: str, size: int, ratio: float) -> QPixmap:
    pixels = round(size * ratio)
    picture = QPixmap(QSize(pixels, pixels))
    picture.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name)))
    with QPainter(picture) as painter:
        renderer.render(painter, QRectF(0, 0, pixels, pixels))
    return picture


@cache
def drawn(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    """The icon `name` in any colour; kept once drawn."""
    picture = QPixmap(_mask(name, size, ratio))
    with QPainter(picture) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(picture.rect(), QColor(colour))
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def _icon(name: str, colour: str, faint: str, checked: str) -> QIcon:
    made = QIcon()
    ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    for size in _SIZES:
        made.addPixmap(drawn(name, size, colour, ratio), QIcon.Mode.Normal, QIcon.State.Off)
        made.addPixmap(drawn(name, size, faint, ratio), QIcon.Mode.Disabled, QIcon.State.Off)
        made.addPixmap(drawn(name, size, checked, ratio), QIcon.Mode.Normal, QIcon.State.On)
    return made
