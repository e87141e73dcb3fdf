"""Colours and sizes of the window, from one table: quiet, dense, readable in light and dark."""

from dataclasses import asdict, dataclass
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from ui.settings import Settings
from zjtx_desktop.paths import RESOURCES

Mode = Literal["system", "light", "dark"]
MODES: tuple[tuple[Mode, str], ...] = (("system", "跟随系统"), ("light", "浅色"), ("dark", "深色"))
TEXT_SIZES = ((13, "标准"), (14, "较大"), (16, "大"))  # in pixels at 100 %; Qt scales them with the screen
BUNDLED_FACE = "GWHei.ttf"


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour of the window. `soft` text is for what helps, `faint` only for what is disabled."""

    window: str
    surface: str
    sunken: str
    line: str
    line_strong: str
    text: str
    soft: str
    faint: str
    hover: str
    pressed: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    selection: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    error: str
    error_soft: str
    info: str
    info_soft: str
    tick: str  # ground of a checked box; its mark is white in both themes


LIGHT = Colours(
    window="#F3F4F6", surface="#FFFFFF", sunken="#E9EBEE", line="#E1E4E8", line_strong="#BFC5CD",
    text="#1D2228", soft="#57606B", faint="#9AA2AC", hover="#E4E7EB", pressed="#D8DCE1",
    accent="#1F5AA6", accent_hover="#194C8E", on_accent="#FFFFFF", accent_soft="#E5EDF8", selection="#D7E5F7",
    good="#1E6B3C", good_soft="#E3F2E8", warn="#7F5000", warn_soft="#FBF0D9",
    error="#A82A22", error_soft="#FBE7E4", info="#1F5AA6", info_soft="#E5EDF8", tick="#1F5AA6",
)  # fmt: skip
DARK = Colours(
    window="#1A1D21", surface="#212529", sunken="#15181B", line="#343A41", line_strong="#535B65",
    text="#E6E8EB", soft="#A9B1BB", faint="#6D7681", hover="#2D3238", pressed="#383E46",
    accent="#7FB0EE", accent_hover="#9BC2F3", on_accent="#10243D", accent_soft="#24354B", selection="#27405F",
    good="#7FCB97", good_soft="#1E3527", warn="#E2B769", warn_soft="#3A2F18",
    error="#F29A90", error_soft="#43231F", info="#8DB8EE", info_soft="#24354B", tick="#3B73C2",
)  # fmt: skip

TONES = ("accent", "good", "warn", "error", "info")
TEXT_ON: tuple[tuple[str, str], ...] = (  # (text, ground) pairs that occur; each must keep a contrast of 4.5
    *((text, ground) for text in ("text", "soft") for ground in ("window", "surface", "sunken", "hover")),
    *(("text", ground) for ground in ("pressed", "selection", *(f"{tone}_soft" for tone in TONES))),
    *((tone, ground) for tone in TONES for ground in ("surface", "window", "selection", f"{tone}_soft")),
    ("on_accent", "accent"), ("on_accent", "accent_hover"), ("soft", "selection"), ("soft", "info_soft"),
    ("soft", "pressed"),
)  # fmt: skip

_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "error",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "soft",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line_strong",
    QPalette.ColorRole.Dark: "line_strong",
    QPalette.ColorRole.Shadow: "line_strong",
}
_SIZES_FROM_TEXT = {  # names in style.qss -> pixels more than ordinary text
    "px": 0, "small": -1, "head": 2, "title": 5,
    "button_line": 7, "field_line": 7, "chip_line": 7, "line_height": 13,
}  # fmt: skip
_WHEN_DISABLED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


class Theme(QObject):
    """Dresses the application and says when it has done so anew. There is one, made before any widget."""

    changed = Signal()

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__(app)
        self._app, self._settings = app, settings
        app.setStyle("Fusion")
        _take_chinese_face(app)
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def mode(self) -> str:
        """`system`, `light` or `dark`, as the person chose."""
        return self._settings.text("look/mode", "system")

    @property
    def text_size(self) -> int:
        """Height of ordinary text in pixels at 100 %."""
        size = self._settings.text("look/text", str(TEXT_SIZES[0][0]))
        return next((known for known, _ in TEXT_SIZES if str(known) == size), TEXT_SIZES[0][0])

    def set_mode(self, mode: str) -> None:
        """Follow the system, or stay light or dark; remembered."""
        self._settings.set_text("look/mode", mode)
        self._apply()

    def set_text_size(self, pixels: int) -> None:
        """Make all text larger or smaller; remembered."""
        self._settings.set_text("look/text", str(pixels))
        self._apply()

    def _follow_system(self) -> None:
        if self.mode == "system":
            self._apply()

    def _apply(self) -> None:
        hints = self._app.styleHints()
        wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(
            self.mode, Qt.ColorScheme.Unknown
        )
        hints.colorSchemeChanged.disconnect(self._follow_system)
        hints.setColorScheme(wanted)  # window frames, and the system's dialogs
        hints.colorSchemeChanged.connect(self._follow_system)
        dark = wanted == Qt.ColorScheme.Dark or (
            self.mode == "system" and hints.colorScheme() == Qt.ColorScheme.Dark
        )
        _Now.colours = DARK if dark else LIGHT
        font = QFont(self._app.font())
        font.setPixelSize(self.text_size)
        self._app.setFont(font)
        self._app.setPalette(_palette(_Now.colours))
        self._app.setStyleSheet(_style_sheet(_Now.colours, self.text_size))
        self.changed.emit()


class _Now:
    """The colours the application wears; light until a Theme says otherwise."""

    colours = LIGHT


def colours() -> Colours:
    """The colours in use now. Ask again after `changeEvent(PaletteChange)` or `Theme.changed`."""
    return _Now.colours


def tone(name: str) -> QColor:
    """One colour in use now, by its name in `Colours`."""
    return QColor(getattr(_Now.colours, name))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG defines it, from 1 (equal) to 21 (black on white)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _take_chinese_face(app: QApplication) -> None:
    """Use the bundled 黑体 only where the system has no face for simplified Chinese."""
    system = QFontDatabase.WritingSystem.SimplifiedChinese
    if any(not QFontDatabase.isPrivateFamily(family) for family in QFontDatabase.families(system)):
        return
    number = QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / BUNDLED_FACE))
    families = QFontDatabase.applicationFontFamilies(number)
    if families:
        app.setFont(QFont(families[0]))


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(getattr(colours, name)))
    for role in _WHEN_DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return palette


def _style_sheet(colours: Colours, pixels: int) -> str:
    text = (RESOURCES / "style.qss").read_text(encoding="utf-8")
    values = asdict(colours) | {name: str(pixels + more) for name, more in _SIZES_FROM_TEXT.items()}
    return Template(text).substitute(values, icons=(RESOURCES / "icons").as_posix())


def screen_is_dark() -> bool:
    """Whether the colours in use are the dark ones."""
    return _Now.colours is DARK
