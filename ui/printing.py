"""Paper: a PDF goes to `lp` as it is where the system has one, else page by page as a picture without loss.

QtPdf can only make pictures. `lp` keeps the letters vectors and takes twenty pages in a blink, so it comes first.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from zjtx_desktop.errors import BadValue, Refused

T = TypeVar("T")
DPI = 300
_PATIENCE = 60  # seconds that `lp` may take to take a file over
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
_SEPARATORS = str.maketrans({"，": ",", "、": ",", "－": "-", "—": "-", "–": "-", "~": "-", "～": "-"})
_SPEAKER = re.compile(r"\A(?:\S*/)?lp:\s*(?:Error - )?")
_REASONS = {
    "does not exist": "系统找不到这台打印机",
    "not accepting": "这台打印机停止接收任务",
    "scheduler not responding": "系统的打印服务没有运行",
    "unable to connect": "系统的打印服务没有运行",
    "connection refused": "系统的打印服务没有运行",
}
_ONE_SIDED, _TWO_SIDED = "one-sided", {False: "two-sided-long-edge", True: "two-sided-short-edge"}


@dataclass(frozen=True, slots=True)
class Order:
    """What to print where: a queue's name, how often, which pages (counted from 1, empty for all).

    Pages that are `lying` are turned over the short edge, like those of a book.
    """

    queue: str
    copies: int = 1
    pages: tuple[int, ...] = ()
    both_sides: bool = False
    lying: bool = False


def queues() -> tuple[str, ...]:
    """The printers of this machine, the usual one first."""
    usual = QPrinterInfo.defaultPrinterName()
    return tuple(sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: name != usual))


def parse_pages(text: str, count: int) -> tuple[int, ...]:
    """Pages as people write them, `1-3,5`; empty means all. BadValue names what is not a page of `count`."""
    pages: list[int] = []
    for part in filter(None, re.sub(r"\s", "", text.translate(_SEPARATORS)).split(",")):
        found = _RANGE.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= count:
            raise BadValue(f"“{part}”不是这份文件的页码，共 {count} 页。请按 1-3,5 的样式填写。")
        pages += range(first, last + 1)
    return tuple(dict.fromkeys(pages))


def lp() -> Path | None:
    """The system's own way to print, if it has one."""
    found = shutil.which("lp")
    return Path(found) if found else None


def hand_over(program: Path, pdf: bytes, order: Order, title: str) -> None:
    """Give the PDF to `lp` through its standard input, so that no copy is left behind; Refused says why not."""
    command = [str(program), "-d", order.queue, "-n", str(order.copies), "-t", title, "-o", "media=A4"]
    command += ["-o", f"sides={_TWO_SIDED[order.lying] if order.both_sides else _ONE_SIDED}"]
    if order.pages:
        command += ["-P", ranges(order.pages)]
    try:
        done = subprocess.run([*command, "-"], input=pdf, capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(f"打印机“{order.queue}”没有响应，没有打印。请检查打印机后再试。") from error
    if done.returncode:
        raise Refused(f"打印机“{order.queue}”没有接受这份文件，没有打印（{_reason(done.stderr)}）。请检查打印机后再试。")


def _reason(said: bytes) -> str:
    """What `lp` complains of, the commonest in Chinese; it speaks English where the system has no Chinese for it."""
    why = _SPEAKER.sub("", said.decode(errors="replace").strip())
    return next((ours for theirs, ours in _REASONS.items() if theirs in why.lower()), why or "原因不明")


class PagePrinter(QObject):
    """Prints a PDF a page a turn on this thread, so that the window stays alive; one page is in memory at a time.

    `progress(done, total)`; `ended(whole)` is False after `cancel`, which takes back what was not yet printed.
    With `into`, what would be printed goes into that PDF file, and a cancel removes it.
    """

    progress = Signal(int, int)
    ended = Signal(bool)

    def __init__(self, pdf: bytes, order: Order, title: str, into: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._into, self._done = into, 0
        self._document, self._buffer = QPdfDocument(self), QBuffer(self)
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)
        count = self._document.pageCount()
        self._pages = order.pages or tuple(range(1, count + 1))
        self._printer = _printer(replace(order, lying=_lies(self._document)), title, into)
        self._painter = QPainter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._print_next)

    def start(self) -> None:
        """Begin; Refused when the printer cannot."""
        if not self._painter.begin(self._printer):
            raise Refused("打印机没有准备好，没有打印。请检查打印机后再试。")
        self._painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        self._timer.start(0)

    def cancel(self) -> None:
        """Stop, and take the job back."""
        if self._timer.isActive():
            self._printer.abort()
            self._finish(False)

    def _print_next(self) -> None:
        if self._done:
            self._printer.newPage()
        page = self._pages[self._done] - 1
        points = self._document.pagePointSize(page)
        size = QSize(round(points.width() * DPI / 72), round(points.height() * DPI / 72))
        paper = self._printer.pageLayout().fullRectPixels(self._printer.resolution())
        self._painter.drawImage(QRectF(paper), self._document.render(page, size))
        self._done += 1
        self.progress.emit(self._done, len(self._pages))
        if self._done == len(self._pages) and self._timer.isActive():
            self._finish(True)

    def _finish(self, whole: bool) -> None:
        self._timer.stop()
        self._painter.end()
        if self._into and not whole:
            self._into.unlink(missing_ok=True)
        self.ended.emit(whole)


def _printer(order: Order, title: str, into: Path | None) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if into:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(into))
    else:
        printer.setPrinterName(order.queue)
        printer.setCopyCount(order.copies)
        duplex = QPrinter.DuplexMode
        sides = duplex.DuplexShortSide if order.lying else duplex.DuplexLongSide
        printer.setDuplex(sides if order.both_sides else duplex.DuplexNone)
    printer.setDocName(title)
    printer.setResolution(DPI)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    orientation = QPageLayout.Orientation
    printer.setPageOrientation(orientation.Landscape if order.lying else orientation.Portrait)
    printer.setFullPage(True)
    return printer


def ranges(pages: tuple[int, ...]) -> str:
    """Pages as `lp` takes them; it prints them in the order of the file."""
    spans: list[list[int]] = []
    for page in sorted(pages):
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _lies(document: QPdfDocument) -> bool:
    """Whether its pages are wider than tall, as the first one is."""
    size = document.pagePointSize(0)
    return size.width() > size.height()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return _asked(pdf, QPdfDocument.pageCount)


def lies(pdf: bytes) -> bool:
    """Whether the pages of a PDF lie, as the first one does."""
    return _asked(pdf, _lies)


def _asked(pdf: bytes, question: Callable[[QPdfDocument], T]) -> T:
    document, buffer = QPdfDocument(), QBuffer()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    answer = question(document)
    document.close()
    return answer
