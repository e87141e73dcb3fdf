"""A PDF in the window: the very bytes that are printed or stored, page under page."""

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.labels import ElidedLabel, label

_STEP, _LEAST, _MOST = 1.2, 0.25, 4.0
_NOTHING = "选中一份文书，这里显示它的样子。"


class PdfPreview(QWidget):
    """Shows a PDF fitted to the width, or enlarged. The document keeps the buffer it reads from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self._buffer = QPdfDocument(self), QBuffer(self)
        self.view = QPdfView(self)
        self.view.setDocument(self.document)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._fit()
        self.view.setAccessibleName("文书预览")
        self.caption, self.pages = ElidedLabel(role="strong"), label(role="strong")
        self.hint = label(_NOTHING, "soft", wraps=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.smaller = self._button("缩小", "－", lambda: self._zoom(1 / _STEP))
        self.larger = self._button("放大", "＋", lambda: self._zoom(_STEP))
        self.fitted = self._button("适合宽度", "适合宽度", self._fit)
        self._stack = QStackedWidget()
        self._dressing = QTimer(self, singleShot=True, interval=0)
        self._dressing.timeout.connect(self._dress)
        self._lay_out()
        self._dress()

    def show_pdf(self, pdf: bytes | None, caption: str = "") -> None:
        """Show a file, or the hint when there is none."""
        self.document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray(pdf or b""))
        if pdf:
            self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
            self.document.load(self._buffer)
        pages = self.document.pageCount() if pdf else 0
        self.caption.setText(caption if pdf else "")
        self.pages.setText(f"共 {pages} 页" if pdf else "")
        self._stack.setCurrentWidget(self.view if pdf else self.hint)
        for button in (self.smaller, self.larger, self.fitted):
            button.setEnabled(bool(pdf))

    def text(self) -> str:
        """Everything written in the file shown."""
        return "\n".join(self.document.getAllText(page).text() for page in range(self.document.pageCount()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_dressing"):
            self._dressing.start()  # the style sheet puts the old palette back after it has told of the change

    def _dress(self) -> None:
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Dark, theme.tone("sunken"))  # what lies around the pages
        self.view.setPalette(palette)

    def _lay_out(self) -> None:
        for widget in (self.hint, self.view):
            self._stack.addWidget(widget)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.caption)
        top.addSpacing(8)
        top.addWidget(self.pages)
        top.addStretch(1)
        for button in (self.smaller, self.larger, self.fitted):
            top.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self.show_pdf(None)

    def _button(self, name: str, text: str, run: object) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(run)
        return button

    def _zoom(self, factor: float) -> None:
        if self.view.zoomMode() is not QPdfView.ZoomMode.Custom:
            page = self.document.pagePointSize(0).width() * self.logicalDpiX() / 72
            now = (self.view.viewport().width() - 12) / page if page else 1.0
        else:
            now = self.view.zoomFactor()
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.view.setZoomFactor(min(max(now * factor, _LEAST), _MOST))

    def _fit(self) -> None:
        """Fit to the width, with bars that do not come and go: fitting to the room one leaves shows the other, and so on for ever."""
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
