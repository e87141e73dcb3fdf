"""Attachments: kept with their record, byte for byte, also after removal, undo, backup and restore."""

import os
from datetime import datetime

import pytest

from zjtx_desktop.errors import BadFile, NotFound, Refused
from zjtx_desktop.exchange import passing
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.undo import redo, undo
from zjtx_desktop.usecases import attachments, organisations, recognitions
from zjtx_desktop.usecases.attachments import MOST, Scan, read_scan
from zjtx_desktop.usecases.backups import back_up
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.record_history import history_of
from zjtx_desktop.usecases.restoring import Hands, restore

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def attach(book, scan=None, table="recognition", row=1):
    with book.action("添加附件", "张三") as session:
        return attachments.attach(session, table, row, scan or Scan("认定文件.pdf", PDF))


def detach(book, row):
    with book.action("删除附件", "张三") as session:
        attachments.detach(session, row)


def held(book, table="recognition", row=1):
    with book.reading() as session:
        return [line.name for line in attachments.of_record(session, table, row)]


def test_a_scan_comes_out_as_it_went_in(book, recognise, tmp_path):
    recognise()
    path = tmp_path / "证书.PNG"
    path.write_bytes(PNG)
    row = attach(book, read_scan(path))
    with book.reading() as session:
        assert attachments.content(session, row) == Scan("证书.PNG", PNG)
        attachments.save(session, row, tmp_path / "另存.png")
    assert (tmp_path / "另存.png").read_bytes() == PNG


def test_a_name_of_any_length_keeps_its_ending_and_stays_in_its_folder(book, recognise):
    recognise()
    attach(book, Scan("认定" * 90 + ".pdf", PDF))
    attach(book, Scan("../../..\\x:y.pdf", PNG + b"2"), "organisation")
    (long,), (outside,) = held(book), held(book, "organisation")
    assert long.endswith("认.pdf") or long.endswith("定.pdf")
    assert len(long.encode()) < 255 and outside.endswith("y.pdf") and not set(outside) & set("/\\:")


def test_a_record_has_only_its_own_attachments(book, recognise):
    recognise()
    attach(book)
    attach(book, Scan("营业执照.png", PNG), "organisation")
    assert (held(book), held(book, "organisation")) == (["认定文件.pdf"], ["营业执照.png"])
    with book.reading() as session:
        told = {line.new for line in history_of(session, "recognition", 1) if line.record.startswith("附件")}
    assert told == {"认定文件.pdf"}


def test_the_same_bytes_are_kept_once_and_not_twice_on_one_record(book, recognise):
    recognise()
    attach(book)
    attach(book, table="organisation")
    with book.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM content").scalar() == 1
    with pytest.raises(Refused, match="“认定文件.pdf”添加过"):
        attach(book, Scan("另一个名字.pdf", PDF))


def test_one_that_was_removed_can_be_taken_back_and_its_bytes_stay(book, recognise):
    recognise()
    row = attach(book)
    detach(book, row)
    assert held(book) == []
    undo(book, "张三")
    with book.reading() as session:
        assert attachments.content(session, row).data == PDF
    undo(book, "张三")
    redo(book, "张三")
    assert held(book) == ["认定文件.pdf"] and check(book) == []


def test_attachments_survive_backup_and_restore(book, recognise, tmp_path):
    recognise()
    row = attach(book)
    folder = tmp_path / "备份"
    folder.mkdir()
    back_up(book, folder, datetime(2026, 1, 2, 3, 4), lambda done, total: None)
    detach(book, row)
    book.close()
    [copy] = folder.glob("*.zjtx")
    restore(copy, book.path, Hands(Actor("张三")), datetime(2026, 1, 3), lambda done, total: None)
    with Book(book.path) as restored:
        with restored.reading() as session:
            assert attachments.content(session, row) == Scan("认定文件.pdf", PDF)
        assert check(restored) == []


def test_a_deleted_record_leaves_no_attachment_behind(book, recognise):
    recognise()
    attach(book)
    attach(book, table="organisation")
    with book.action("删除", "张三") as session:
        recognitions.remove(session, 1)
        organisations.remove(session, 1)
    assert held(book) == held(book, "organisation") == []
    undo(book, "张三")
    assert held(book) == ["认定文件.pdf"] and check(book) == []
    with pytest.raises(NotFound):
        attach(book, row=9)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("名单.xlsx", b"PK", "只收 PDF、JPG 和 PNG"),
        ("认定.pdf", PNG, "不是 PDF 文件"),
        ("认定.jpg", PDF, "不是 JPG 文件"),
        ("空的.png", b"", "不是 PNG 文件"),
        ("大的.pdf", b"%PDF-" + bytes(MOST), "20.0 MB，超过 20 MB"),
    ],
)
def test_what_is_no_scan_is_refused_with_the_reason(tmp_path, name, data, why):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadFile, match=why):
        read_scan(tmp_path / name)


def test_a_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(BadFile, match="打不开"):
        read_scan(tmp_path / "没有.pdf")


@pytest.mark.skipif(os.name != "posix", reason="pipes, devices and links of POSIX")
def test_a_pipe_a_device_and_a_link_are_refused_at_once(tmp_path):
    (tmp_path / "真的.pdf").write_bytes(PDF)
    (tmp_path / "链接.pdf").symlink_to(tmp_path / "真的.pdf")
    (tmp_path / "断的.pdf").symlink_to(tmp_path / "没有.pdf")
    (tmp_path / "设备.pdf").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "管道.pdf")
    (tmp_path / "文件夹.pdf").mkdir()
    for name in ("链接.pdf", "断的.pdf", "设备.pdf", "管道.pdf", "文件夹.pdf"):
        with pytest.raises(BadFile, match=f"“{name}”是链接、管道或设备，不是文件，不能作为附件。请选择扫描件本身。"):
            read_scan(tmp_path / name)
    assert read_scan(tmp_path / "真的.pdf").data == PDF


def test_a_copy_to_look_at_lies_in_the_folder_of_this_run(book, recognise):
    recognise()
    row = attach(book)
    with book.reading() as session:
        one, other = attachments.put_out(session, row), attachments.put_out(session, row)
    assert one != other and one.read_bytes() == PDF and one.name == "认定文件.pdf"
    assert one.is_relative_to(passing.run_folder()) and passing.run_folder().stat().st_mode & 0o077 == 0
    passing.leave()
    assert not one.exists() and not other.exists()
