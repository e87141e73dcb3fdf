"""Scans kept with a record: taken up, listed, handed out again and removed. The bytes stay in the history."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from tempfile import mkdtemp

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.errors import BadFile, NotFound, Refused
from zjtx_desktop.exchange.atomic import atomic_bytes
from zjtx_desktop.exchange.passing import run_folder
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.duties import guarded
from zjtx_desktop.values import safe_filename

MOST = 20 << 20  # bytes of one scan
_LONGEST_NAME = 70  # letters before the ending
_STARTS = {".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}
# A draft award goes with every new computation: its papers are those of the recognition.
_SUBJECTS = {
    "organisation": tables.Organisation,
    "recognition": tables.Recognition,
    "manual_amount": tables.ManualAmount,
}

f, c = tables.Attachment, tables.Content


@dataclass(frozen=True, slots=True)
class Scan:
    """A file to be attached, as it was read."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash under which its bytes are kept."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """An attachment as a list shows it; `size` is in bytes."""

    id: int
    name: str
    size: int
    sha256: str


def read_scan(path: Path) -> Scan:
    """The file a person chose; BadFile when it is too large, or no PDF or picture inside."""
    begins = _STARTS.get(path.suffix.lower())
    if begins is None:
        raise BadFile(f"“{path.name}”不能作为附件。附件只收 PDF、JPG 和 PNG，请另存后再添加。")
    try:
        if not S_ISREG(path.lstat().st_mode):  # a pipe would never end, a device neither, a link may lead anywhere
            raise BadFile(f"“{path.name}”是链接、管道或设备，不是文件，不能作为附件。请选择扫描件本身。")
        with open(path, "rb", opener=_open_plain) as file:
            size = os.fstat(file.fileno()).st_size
            if size > MOST:
                raise BadFile(f"“{path.name}”有 {size / (1 << 20):.1f} MB，超过 {MOST >> 20} MB。请压缩或分成几份后再添加。")
            data = file.read(MOST + 1)
    except OSError:
        raise BadFile(f"“{path.name}”打不开。请检查文件是否还在、是否可读。") from None
    if not data.startswith(begins):
        raise BadFile(f"“{path.name}”的内容不是 {path.suffix[1:].upper()} 文件。请核对后重新扫描或另存。")
    return Scan(path.name, data)


def _open_plain(path: str, flags: int) -> int:
    """Open without following a link and without waiting for a pipe that took the file's place meanwhile."""
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError("no file")
    return handle


def of_record(session: Session, table: str, row_id: int) -> tuple[AttachmentLine, ...]:
    """The attachments of a record, the first one first."""
    query = (
        select(f.id, f.file_name, c.size, c.sha256)
        .join(c, col(f.content_id) == c.id)
        .where(col(f.subject_table) == table, col(f.subject_id) == row_id)
        .order_by(col(f.id))
    )
    return tuple(AttachmentLine(*row) for row in session.execute(query))


@guarded
def attach(session: Session, table: str, row_id: int, scan: Scan) -> int:
    """Keep a scan with a record; returns its id. Refused when the record has this very file already."""
    if session.get(_SUBJECTS[table], row_id) is None:
        raise NotFound("这条记录已被删除，不能添加附件。请刷新列表。")
    if len(scan.data) > MOST:
        raise Refused(f"“{scan.name}”超过 {MOST >> 20} MB，不能添加。请压缩后再试。")
    content_id = _keep(session, scan.data)
    same = (col(f.subject_table) == table, col(f.subject_id) == row_id, col(f.content_id) == content_id)
    if name := session.scalar(select(f.file_name).where(*same)):
        raise Refused(f"这个文件已经作为“{name}”添加过，没有重复添加。")
    row = f(subject_table=table, subject_id=row_id, file_name=_kept_name(scan.name), content_id=content_id)
    session.add(row)
    session.flush()
    return row.id or 0


def _kept_name(name: str) -> str:
    """Safe on every system, and with its ending however long it is: by that the file is opened again."""
    path = Path(name)
    if path.suffix.lower() not in _STARTS:
        return safe_filename(name)
    return safe_filename(path.stem, _LONGEST_NAME) + path.suffix


@guarded
def detach(session: Session, attachment_id: int) -> None:
    """Take an attachment off its record; its bytes stay in the book, so that this can be taken back."""
    row = _row(session, attachment_id)
    if row.subject_table == "manual_amount":
        raise Refused(f"“{row.file_name}”是人工核定的依据，不能单独删除。请撤回这项人工核定。")
    session.delete(row)


def content(session: Session, attachment_id: int) -> Scan:
    """The file as it was attached; Refused when its bytes are no longer what was kept."""
    row = _row(session, attachment_id)
    kept = session.get_one(c, row.content_id)
    if hashlib.sha256(kept.data).hexdigest() != kept.sha256:
        raise Refused(f"“{row.file_name}”的存档内容与登记的校验值不符，没有打开。请从备份恢复后再试。")
    return Scan(row.file_name, kept.data)


def put_out(session: Session, attachment_id: int) -> Path:
    """Lay a copy where another program can show it and nobody else looks; it goes with this program."""
    scan = content(session, attachment_id)
    try:
        folder = Path(mkdtemp(prefix="scan-", dir=run_folder()))
    except OSError as error:
        raise BadFile(f"“{scan.name}”打不开：临时文件写不进“{error.filename}”。请清理磁盘后再试。") from error
    path = folder / scan.name
    atomic_bytes(path, scan.data)
    return path


def save(session: Session, attachment_id: int, path: Path, overwrite: bool = False) -> Path:
    """Write an attachment to a file, whole or not at all."""
    atomic_bytes(path, content(session, attachment_id).data, overwrite)
    return path


def _row(session: Session, attachment_id: int) -> tables.Attachment:
    row = session.get(f, attachment_id)
    if row is None:
        raise NotFound("这个附件已被删除，请刷新后再试。")
    return row


def _keep(session: Session, data: bytes) -> int:
    sha256 = hashlib.sha256(data).hexdigest()
    known = session.scalar(select(c.id).where(col(c.sha256) == sha256))
    if known:
        return known
    row = c(sha256=sha256, size=len(data), data=data)
    session.add(row)
    session.flush()
    return row.id or 0
