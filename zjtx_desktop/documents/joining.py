"""Stored PDFs put one after the other into one file for printing.

Each object is copied as it is read; one whose bytes were written before is not written again. The fonts
of letters from one office are the same bytes, so a thousand letters carry them once, and since nothing
is kept but a digest for each object, memory does not grow with the files.
"""

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    Destination,
    DictionaryObject,
    IndirectObject,
    PdfObject,
    StreamObject,
)

from zjtx_desktop.documents.pdf import PdfFile
from zjtx_desktop.errors import BadFile, Refused

Tick = Callable[[int, int | None], None]


@contextmanager
def opened(pdf: bytes) -> Iterator[PdfReader]:
    """A reader over a whole file, emptied afterwards since it refers to itself. BadFile when it is none."""
    try:
        with BytesIO(pdf) as stream, PdfReader(stream, strict=True) as reader:
            yield reader
    except (PyPdfError, KeyError) as error:
        raise BadFile("这份通知的 PDF 已损坏，不能读取。请从存档重新打印，或从备份中恢复账簿。") from error


def join(pdfs: Iterable[bytes], out: BinaryIO, tick: Tick | None = None) -> None:
    """Write all pages of all files in order, with the bookmark of each; what is alike is stored once."""
    total = len(pdfs) if isinstance(pdfs, Sized) else None
    file = PdfFile(out, "奖励资金拨付通知")
    written: dict[bytes, int] = {}
    done = 0
    for done, pdf in enumerate(pdfs, start=1):
        with opened(pdf) as reader:
            _append(file, reader, written)
        if tick:
            tick(done, total)
    if not done:
        raise Refused("没有可以合并的文件。请先选择要打印的通知。")
    file.close()


def _append(file: PdfFile, reader: PdfReader, written: dict[bytes, int]) -> None:
    copier = _Copier(file, written)
    for mark in reader.outline[:1]:
        if isinstance(mark, Destination):
            file.bookmark(str(mark.title))
    for page in reader.pages:
        box = b"".join(copier.body(page["/MediaBox"])).decode("ascii")
        file.page(copier.copy(page.raw_get("/Contents")), box, copier.copy(page.raw_get("/Resources")))


class _Copier:
    """Copies the objects of one file; `written` holds the digest of every object the joined file has."""

    def __init__(self, file: PdfFile, written: dict[bytes, int]) -> None:
        self._file, self._written = file, written
        self._copied: dict[int, int] = {}

    def copy(self, reference: PdfObject) -> int:
        """Copy an object with all it refers to; its number in the joined file."""
        if not isinstance(reference, IndirectObject):
            return self._once(b"".join(self.body(reference)))
        if reference.idnum not in self._copied:
            self._copied[reference.idnum] = self._once(b"".join(self.body(reference.get_object())))
        return self._copied[reference.idnum]

    def body(self, value: PdfObject) -> Iterable[bytes]:
        """The bytes of a value, references led to the joined file."""
        if isinstance(value, IndirectObject):
            yield b"%d 0 R" % self.copy(value)
        elif isinstance(value, ArrayObject):
            yield b"["
            for item in value:
                yield b" "
                yield from self.body(item)
            yield b"]"
        elif isinstance(value, DictionaryObject):
            yield from self._dictionary(value)
        else:
            buffer = BytesIO()
            value.write_to_stream(buffer)
            yield buffer.getvalue()

    def _dictionary(self, value: DictionaryObject) -> Iterable[bytes]:
        yield b"<<"
        for key in value:
            if key != "/Length":  # pypdf may have dropped it; written anew below
                yield f"{key} ".encode("ascii")
                yield from self.body(value.raw_get(key))
        if isinstance(value, StreamObject):
            packed = value._data  # as stored: packing again would only cost time
            yield b"/Length %d>>stream\n%b\nendstream" % (len(packed), packed)
        else:
            yield b">>"

    def _once(self, body: bytes) -> int:
        digest = sha256(body).digest()
        if digest not in self._written:
            self._written[digest] = self._file.object(body)
        return self._written[digest]
