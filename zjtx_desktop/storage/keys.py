"""The keys of an encrypted book: its secret, the slots that passwords open, and the key file beside it.

The secret is what the printed 恢复码 says, and the data key follows from it: the file of the book and the code are
enough to open it anywhere. Passwords open the data key only, from which nobody gets back to the code. The 钥匙文件
makes them do so while the book is shut, and it is a copy: what counts are the slots in the book itself, from which it
is made anew. It also keeps who failed to sign in while the book was shut.

Wherever a book is opened with a `secret`, its data key does as well: the two differ in length.
"""

import hashlib
import json
import os
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zjtx_desktop.errors import AppError, BadFile, NotFound
from zjtx_desktop.exchange.atomic import atomic_bytes
from zjtx_desktop.storage.connection import PLAIN_HEAD, SALT_BYTES, head_of
from zjtx_desktop.storage.sealing import (
    FULL,
    Cost,
    holds_code,
    is_bearable,
    new_salt,
    seal_data_key,
    unseal_data_key,
    wants_slip,
)
from zjtx_desktop.values.free_text import MOST_NAME
from zjtx_desktop.values.recovery import SECRET_BYTES

KEYS = ".keys"
_FORMAT = 1
_KEY_BYTES = 32
_MOST_BYTES = 1 << 20
_MOST_SLOTS = 100
_MOST_SEALED = 1024
_KEPT_TRIES = 200  # the oldest are let go: a guesser must not fill the disk
_PAGE = 4096


def new_secret() -> bytes:
    """The secret of a new book: 160 bits."""
    return os.urandom(SECRET_BYTES)


def data_key(secret: bytes) -> bytes:
    """The key that SQLCipher takes, raw: 256 bits and behind them the salt, which is the head of the file.

    A data key is its own. The salt follows from the secret, too, so that a file tells by its first bytes whose it is: a
    code of another book and a damaged file can be told apart without the key file.
    """
    if not is_code(secret):
        return secret
    made = HKDF(algorithm=SHA256(), length=_KEY_BYTES + SALT_BYTES, salt=None, info=b"zjtx data key and head 1")
    return made.derive(secret)


def is_code(secret: bytes) -> bool:
    """Whether this is the secret that the 恢复码 spells, and not only the data key that follows from it."""
    return len(secret) == SECRET_BYTES


def fingerprint(secret: bytes) -> str:
    """By what key file and book know each other: the head of the file, in hexadecimal."""
    return data_key(secret)[_KEY_BYTES:].hex()


def is_encrypted(path: Path) -> bool:
    """Whether the file at `path` looks like nothing without a key, as an encrypted book does: whole pages of chance.

    With a key file beside it a damaged one counts as encrypted, too.
    """
    if not path.is_file() or (size := path.stat().st_size) < len(PLAIN_HEAD) or head_of(path) == PLAIN_HEAD:
        return False
    return size % _PAGE == 0 or key_file(path).exists()


def why_shut(path: Path, secret: bytes | None) -> BadFile | None:
    """What keeps the file at `path` from being read with this secret, or without one.

    None when nothing better can be told than “damaged or no book”.
    """
    name = path.name
    if secret is None:
        if not is_encrypted(path):
            return None
        if key_file(path).exists():
            return BadFile(f"“{name}”是加密的账簿，没有密码打不开。请登录后打开。")
        return BadFile(
            f"“{name}”打不开：它是加密的账簿而旁边没有钥匙文件，或者不是账簿文件、已损坏。"
            "请把钥匙文件放回账簿旁边，或用恢复码打开；都不行的，从备份恢复。"
        )
    if head_of(path) == PLAIN_HEAD:
        return BadFile(f"“{name}”没有加密，不用密码和恢复码。请直接打开。")
    if head_of(path).hex() == fingerprint(secret):
        return BadFile(f"密钥是对的，但账簿“{name}”已损坏。请从备份恢复。")
    return BadFile(f"密钥不对：这份恢复码（钥匙文件）属于另一个账簿，不是“{name}”的。请核对后再试。")


def must_begin_right(path: Path, secret: bytes) -> None:
    """BadFile when the head of the file is not the one that follows from the secret: SQLCipher would not miss it."""
    if head_of(path).hex() != fingerprint(secret):
        raise BadFile(f"密钥是对的，但账簿“{path.name}”的开头已损坏。请从备份恢复。")


def key_file(book: Path) -> Path:
    """Where the key file of the book at `book` lies."""
    return book.with_name(book.name + KEYS)


def copy_keys(book: Path, copy: Path) -> bool:
    """Lay the key file of `book` beside a copy of it, without who failed to sign in; says whether it lies there.

    Not there: the book has none, or a damaged one. The code opens the copy all the same.
    """
    try:
        keys = KeyFile.read(book)
    except AppError:
        return False
    replace(keys, failures={}, tries=()).write(copy)
    return True


@dataclass(frozen=True, slots=True)
class Slot:
    """The data key under the password of one person; in older books the secret of the code."""

    name: str
    salt: bytes = field(repr=False)
    sealed: bytes = field(repr=False)

    @classmethod
    def make(cls, secret: bytes, name: str, password: str, cost: Cost = FULL, slip: str = "") -> "Slot":
        """Seal the data key that follows from `secret`; `password` is normal already, `slip` goes with a first one."""
        salt = new_salt()
        return cls(name, salt, seal_data_key(data_key(secret), password, name, salt, cost, slip))

    def open(self, password: str, slip: str = "") -> bytes | None:
        """The data key, of an older book its secret; None when this is not the password."""
        return unseal_data_key(self.sealed, password, self.name, self.salt, slip)

    @property
    def wants_slip(self) -> bool:
        """Whether the slip is asked for, too."""
        return wants_slip(self.sealed)

    @property
    def holds_code(self) -> bool:
        """Whether the password opens the very code."""
        return holds_code(self.sealed)


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row a name failed to sign in, and until when it may not try again (UTC)."""

    count: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """One failure that is not in the book yet, because the book was shut."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What lies beside an encrypted book. A name may have two slots while a password is being changed."""

    book: str
    slots: tuple[Slot, ...]
    failures: dict[str, Failures] = field(default_factory=dict)
    tries: tuple[Try, ...] = ()

    @classmethod
    def read(cls, book: Path) -> "KeyFile":
        """The key file of the book at `book`; NotFound, or BadFile when it is damaged."""
        path = key_file(book)
        try:
            return _parsed(_bytes(path))
        except FileNotFoundError as error:
            raise NotFound(
                f"账簿“{book.name}”旁边没有钥匙文件“{path.name}”，密码用不上。"
                "请把钥匙文件放回账簿所在的文件夹；找不到的，用恢复码打开，钥匙文件会重新生成。"
            ) from error
        except OSError as error:
            raise BadFile(f"钥匙文件“{path.name}”读不出来（{error.strerror}）。请检查磁盘和权限，或用恢复码打开。") from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, NotBase64) as error:
            why = f"（{error}）" if isinstance(error, _Odd) else ""
            raise BadFile(
                f"钥匙文件“{path.name}”已损坏{why}，密码用不上。请从备份取回它，或用恢复码打开，钥匙文件会重新生成。"
            ) from error

    def write(self, book: Path) -> None:
        """Put it beside the book at `book`, whole and flushed; BadFile when it cannot be written."""
        atomic_bytes(key_file(book), _written(self), overwrite=True)

    @property
    def names(self) -> tuple[str, ...]:
        """Whose passwords open the book."""
        return tuple(dict.fromkeys(slot.name for slot in self.slots))

    @property
    def names_with_slips(self) -> tuple[str, ...]:
        """Who has a first password and needs the slip that goes with it."""
        return tuple(dict.fromkeys(slot.name for slot in self.slots if slot.wants_slip))

    def unlock(self, name: str, password: str, slip: str = "") -> bytes | None:
        """What opens the book, by the password of this name; None when it is another, or the name is unknown."""
        opened = (slot.open(password, slip) for slot in self.slots if slot.name == name)
        return next((secret for secret in opened if secret is not None), None)

    def joined(self, slots: Iterable[Slot]) -> "KeyFile":
        """With these slots besides its own: for the moment between two states of the book."""
        return replace(self, slots=tuple(dict.fromkeys((*self.slots, *slots))))

    def with_failures(self, name: str, failures: Failures | None) -> "KeyFile":
        """With this count for a name, or none."""
        others = {one: kept for one, kept in self.failures.items() if one != name}
        return replace(self, failures=others | ({name: failures} if failures else {}))

    def with_try(self, name: str, at: datetime) -> "KeyFile":
        """With one more failure to be told to the book."""
        return replace(self, tries=(*self.tries, Try(name, at))[-_KEPT_TRIES:])


def _written(keys: KeyFile) -> bytes:
    said: dict[str, Any] = {
        "format": _FORMAT,
        "book": keys.book,
        "slots": [
            {"name": slot.name, "salt": b64encode(slot.salt).decode(), "sealed": b64encode(slot.sealed).decode()}
            for slot in keys.slots
        ],
        "failures": {
            name: {"count": one.count, "until": one.until and one.until.isoformat()}
            for name, one in keys.failures.items()
        },
        "tries": [[one.name, one.at.isoformat()] for one in keys.tries],
    }
    return json.dumps(said | {"sum": _sum(said)}, ensure_ascii=False, indent=1).encode()


def _bytes(path: Path) -> bytes:
    """What is in a key file; ValueError for what cannot be one: a pipe would never end, others take all memory."""
    if path.exists() and not path.is_file():
        raise _Odd("它不是文件")
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise _Odd("内容过大")
    return data


def _parsed(data: bytes) -> KeyFile:
    said = json.loads(data)
    if not isinstance(said, dict) or said.pop("sum") != _sum(said) or said["format"] != _FORMAT:
        raise ValueError("not what was written")
    slots, failures, tries = said["slots"], said["failures"], said["tries"]
    for what, found in (("密码", slots), ("失败次数", failures), ("失败记录", tries)):
        if len(found) > (_KEPT_TRIES if found is tries else _MOST_SLOTS):
            raise _Odd(f"登记的{what}有 {len(found)} 条，太多了")
    if not re.fullmatch("[0-9a-f]{32}", said["book"]):
        raise _Odd("没有写明属于哪个账簿")
    return KeyFile(
        said["book"],
        tuple(_slot(one) for one in slots),
        {
            _name(name): Failures(_count(one["count"]), _time(one["until"]) if one["until"] else None)
            for name, one in failures.items()
        },
        tuple(Try(_name(name), _time(at)) for name, at in tries),
    )


class _Odd(ValueError):
    """Content that the program never writes, in words; the sum in the file can be made anew by anybody."""


def _slot(one: dict[str, Any]) -> Slot:
    slot = Slot(_name(one["name"]), b64decode(one["salt"], validate=True), b64decode(one["sealed"], validate=True))
    if not (8 <= len(slot.salt) <= 64 and len(slot.sealed) <= _MOST_SEALED and is_bearable(slot.sealed)):
        raise _Odd(f"“{slot.name}”的密码登记不合规格，试一次会占满电脑")
    return slot


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.isprintable():
        raise _Odd("姓名不是文字")
    if not 0 < len(name) <= MOST_NAME:
        raise _Odd(f"姓名有 {len(name)} 个字")
    return name


def _count(count: object) -> int:
    if type(count) is not int or not 0 <= count < 1 << 31:
        raise _Odd("失败次数不是数目")
    return count


def _time(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        raise _Odd("失败的时间不是时间") from None
    if at.tzinfo is None or not 2000 <= at.year < 9999:  # what has no zone cannot be compared, nor what is past the end
        raise _Odd("失败的时间不合规格")
    return at


def _sum(said: dict[str, Any]) -> str:
    """Tells damage from a wrong password; who alters it on purpose can make it anew, and gains nothing."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
