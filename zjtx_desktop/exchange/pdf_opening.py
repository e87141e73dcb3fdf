"""A .pdf opened with limits: what its streams unpack to, how many pages it has, how much is drawn on one.

The library unpacks whatever a stream says and draws whatever a page says. Its means of unpacking are replaced here by
ones that stop, and its interpreter by one that counts; both live in the reading process only.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from pdfminer import pdftypes
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, stream_value
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.guard import MEGABYTE

MAX_PAGES = 300
MAX_UNPACKED = 100 * MEGABYTE  # all streams of a file
MAX_STREAM = 40 * MEGABYTE
MAX_SLOW = 2 * MEGABYTE  # before unpacking, of the ways of packing that the library undoes letter by letter
MAX_DRAWING = 4 * MEGABYTE  # commands of one page, those of its forms each time they are drawn
MAX_DRAWN = 30_000  # letters, paths and forms of one page
TOO_MUCH = "内容过大或过于复杂，请用 Excel 或 WPS 把名单另存为 .xlsx 后再导入。"
DAMAGED = "PDF 文件已损坏或没有下载完整，请重新取得文件；能打开时把名单转成 .xlsx 并核对后再导入。"
LOCKED = "PDF 文件设有打开密码，请取得没有密码的文件，或把名单转成 .xlsx 并核对后再导入。"


class _Zlib:
    """In place of the module zlib, with a purse for one file."""

    error = zlib.error  # which the library would take as leave to go on with what it got

    def __init__(self) -> None:
        self._left = MAX_UNPACKED

    def decompress(self, data: bytes) -> bytes:
        """Unpack; what lacks its end, or has a wrong checksum, may lack rows of a list: it is damaged."""
        unpacker = zlib.decompressobj()
        most = min(self._left, MAX_STREAM)
        try:
            found = unpacker.decompress(data, most)
        except zlib.error as error:
            raise BadFile(DAMAGED) from error
        if not unpacker.eof:
            raise BadFile(TOO_MUCH if len(found) >= most else DAMAGED)
        self._left -= len(found)
        return found


def _bounded(unpack: Any) -> Any:
    def limited(data: bytes, *more: Any) -> Any:
        if len(data) > MAX_SLOW:
            raise BadFile(TOO_MUCH)
        return unpack(data, *more)

    return limited


def _found(get: Any) -> Any:
    """In place of the document's way to get an object: one that is only a reference, to itself in the end, is none."""

    def found(self: PDFDocument, number: int) -> Any:
        held, seen = get(self, number), {number}
        while isinstance(held, PDFObjRef):
            if held.objid in seen:
                raise BadFile(DAMAGED)
            seen.add(held.objid)
            held = get(self, held.objid)
        return held

    return found


_GET = _found(PDFDocument.getobj)
_SLOW = {name: _bounded(getattr(pdftypes, name)) for name in ("lzwdecode", "rldecode", "ccittfaxdecode", "ascii85decode")}


class _Device(PDFPageAggregatorWithMarkedContent):
    """Collects what is drawn, up to a limit."""

    drawn = commands = 0

    def count(self, commands: int = 0) -> None:
        """Count one thing drawn, and the length of the commands that draw."""
        self.drawn, self.commands = self.drawn + 1, self.commands + commands
        if self.drawn > MAX_DRAWN or self.commands > MAX_DRAWING:
            raise BadFile(TOO_MUCH)

    def render_char(self, *what: Any, **more: Any) -> float:
        self.count()
        return super().render_char(*what, **more)

    def paint_path(self, *what: Any, **more: Any) -> None:
        self.count()
        super().paint_path(*what, **more)

    def begin_figure(self, *what: Any, **more: Any) -> None:
        self.count()
        super().begin_figure(*what, **more)


class _Interpreter(PDFPageInterpreter):
    """Counts the commands before it obeys them."""

    device: _Device

    def execute(self, streams: Any) -> None:
        self.device.count(sum(len(stream_value(stream).get_data()) for stream in streams))
        super().execute(streams)


def pages(data: bytes) -> Iterator[Page]:
    """The pages, each drawn when it is asked for and forgotten after; BadFile for what cannot be read."""
    _limit()
    try:
        with PDF(BytesIO(data)) as pdf:
            for number, found in enumerate(islice(PDFPage.create_pages(pdf.doc), MAX_PAGES + 1), start=1):
                if number > MAX_PAGES:
                    raise BadFile(f"PDF 文件超过 {MAX_PAGES} 页，请只保留名单所在的几页后再导入。")
                page = Page(pdf, found, page_number=number, initial_doctop=0)
                device = _Device(pdf.rsrcmgr, pageno=number, laparams=None)
                _Interpreter(pdf.rsrcmgr, device).process_page(found)
                page._layout = device.get_result()
                yield page
                page.close()
    except PdfminerException as error:
        raise _meant(error.args[0] if error.args else error) from error
    except (pdftypes.PDFException, MalformedPDFException) as error:
        raise _meant(error) from error


def _limit() -> None:
    pdftypes.zlib = _Zlib()  # type: ignore[attr-defined]
    PDFDocument.getobj = _GET  # type: ignore[method-assign]
    for name, limited in _SLOW.items():
        setattr(pdftypes, name, limited)


def _meant(error: object) -> Exception:
    if isinstance(error, BadFile | MemoryError):
        return error
    locked = isinstance(error, PDFPasswordIncorrect | PDFEncryptionError)
    return BadFile(LOCKED if locked else DAMAGED)
