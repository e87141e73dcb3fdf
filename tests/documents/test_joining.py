"""Stored letters joined into one file."""

import tracemalloc
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from zjtx_desktop.documents.joining import join
from zjtx_desktop.documents.letter import letter_pdf
from zjtx_desktop.errors import BadFile, Cancelled, Refused


def joined(pdfs) -> bytes:
    out = BytesIO()
    join(pdfs, out)
    return out.getvalue()


def test_text_pages_and_bookmarks_are_kept(letter, shared, draft, read):
    rare = replace(letter, addressee="江西𬱖昇有限公司")
    parts = [letter_pdf(each) for each in (letter, shared, rare, draft)]
    whole = joined(parts)
    assert read(whole) == [page for part in parts for page in read(part)]
    marks = [mark.title for mark in PdfReader(BytesIO(whole)).outline]
    assert marks[2] == "玉工信字〔2024〕37号 江西𬱖昇有限公司"


def test_fonts_that_are_alike_are_stored_once(letter):
    parts = [letter_pdf(replace(letter, number=f"玉工信字〔2024〕{n}号")) for n in range(20)]
    assert len(joined(parts)) < len(parts[0]) + 20 * 3000


def test_joining_what_was_joined_gives_the_same(letter, shared):
    whole = joined([letter_pdf(letter), letter_pdf(shared)])
    assert joined([whole])[-2000:].count(b"%%EOF") == 1
    assert len(PdfReader(BytesIO(joined([whole, whole]))).pages) == 6


def test_progress_is_told_and_a_stop_leaves_at_once(letter):
    pdf, heard = letter_pdf(letter), []
    join([pdf, pdf], BytesIO(), lambda done, total: heard.append((done, total)))
    assert heard == [(1, 2), (2, 2)]

    def stop(done: int, total: int | None) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        join([pdf, pdf], BytesIO(), stop)


def test_a_damaged_file_and_an_empty_list_are_refused(letter):
    with pytest.raises(BadFile, match="PDF 已损坏"):
        joined([letter_pdf(letter), b"%PDF-1.7 damaged"])
    with pytest.raises(Refused, match="没有可以合并的文件"):
        joined([])


def test_memory_does_not_grow_with_the_files(letter):
    pdf = letter_pdf(letter)

    def peak(count: int) -> int:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        join((pdf for _ in range(count)), BytesIO())
        return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        peak(3)
        assert peak(24) < peak(6) + 200_000
    finally:
        tracemalloc.stop()
