"""What only a password opens: argon2id makes the key that AES-GCM seals a secret with.

So are sealed a person's private key, and the data key of an encrypted book under each person's password. The sealed
bytes say by themselves what they are and at what cost they were made, so that the cost can be raised later, and the
person's name is part of the seal: what was sealed for one person does not open under the name of another.

A first password, which somebody else chose, opens nothing alone: the slip (首登码) that the person was handed goes with
it, and the sealed bytes say so. Slots of older books hold the very secret of the 恢复码 and not the data key; so do
theirs.
"""

import os
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_HEAD = struct.Struct(">4sIII")
_PRIVATE_KEY, _PRIVATE_KEY_AND_SLIP = b"ZJK1", b"ZJK2"
_CODE, _DATA_KEY, _DATA_KEY_AND_SLIP = b"ZJS1", b"ZJD1", b"ZJD2"
_WITH_SLIP = (_PRIVATE_KEY_AND_SLIP, _DATA_KEY_AND_SLIP)
_NONCE, _SALT, _KEY = 12, 16, 32
_DEAREST, _LONGEST, _WIDEST = 512 << 10, 10, 64  # KiB, passes, lanes: a forged head must not eat the computer


@dataclass(frozen=True, slots=True)
class Cost:
    """What a guess costs: memory in KiB, passes over it, lanes."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 2


FULL = Cost()


def new_salt() -> bytes:
    """Fresh salt for one sealing."""
    return os.urandom(_SALT)


def seal(
    key: Ed25519PrivateKey, password: str, name: str, salt: bytes, cost: Cost = FULL, slip: str = ""
) -> bytes:
    """The private key under lock: cost, nonce and cipher text. With a slip it opens by both together only."""
    mark = _PRIVATE_KEY_AND_SLIP if slip else _PRIVATE_KEY
    return _seal(mark, key.private_bytes_raw(), _words(password, slip), name, salt, cost)


def unseal(sealed: bytes, password: str, name: str, salt: bytes, slip: str = "") -> Ed25519PrivateKey | None:
    """The private key, or None when the password is not the one it was sealed with, or the bytes were altered.

    The slip is looked at only where the key was sealed with one.
    """
    raw = _unseal((_PRIVATE_KEY, _PRIVATE_KEY_AND_SLIP), sealed, password, name, salt, slip)
    return None if raw is None else Ed25519PrivateKey.from_private_bytes(raw)


def seal_data_key(data_key: bytes, password: str, name: str, salt: bytes, cost: Cost = FULL, slip: str = "") -> bytes:
    """The data key of a book under one person's password, and the slip where there is one."""
    mark = _DATA_KEY_AND_SLIP if slip else _DATA_KEY
    return _seal(mark, data_key, _words(password, slip), name, salt, cost)


def unseal_data_key(sealed: bytes, password: str, name: str, salt: bytes, slip: str = "") -> bytes | None:
    """The data key of the book, of an older book the secret of its code; or None as with `unseal`."""
    return _unseal((_CODE, _DATA_KEY, _DATA_KEY_AND_SLIP), sealed, password, name, salt, slip)


def wants_slip(sealed: bytes) -> bool:
    """Whether the password alone will not open this: it is a first one."""
    return sealed[:4] in _WITH_SLIP


def holds_code(sealed: bytes) -> bool:
    """Whether the secret of the 恢复码 itself is sealed here, as older programs did."""
    return sealed[:4] == _CODE


def waste(password: str, cost: Cost = FULL) -> None:
    """Take as long as `unseal` would; for a name that is unknown."""
    _derive(password, bytes(_SALT), cost)


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half as the book keeps it."""
    return key.public_key().public_bytes_raw().hex()


def verifies(public: str, signature: str | None, text: bytes) -> bool:
    """Whether this is the signature over a text by the key with this public half, both in hexadecimal."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature or ""), text)
    except (InvalidSignature, ValueError):  # the latter from a text that is no key or no signature
        return False
    return True


def _seal(mark: bytes, plain: bytes, password: str, name: str, salt: bytes, cost: Cost) -> bytes:
    head = _HEAD.pack(mark, cost.memory, cost.passes, cost.lanes)
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_derive(password, salt, cost)).encrypt(nonce, plain, _bound(head, name))
    return head + nonce + sealed


def _unseal(
    marks: tuple[bytes, ...], sealed: bytes, password: str, name: str, salt: bytes, slip: str
) -> bytes | None:
    if len(sealed) <= _HEAD.size + _NONCE or sealed[:4] not in marks:
        return None
    password = _words(password, slip if wants_slip(sealed) else "")
    head, nonce = sealed[: _HEAD.size], sealed[_HEAD.size : _HEAD.size + _NONCE]
    _, memory, passes, lanes = _HEAD.unpack(head)
    if not is_bearable(sealed):
        return None
    key = _derive(password, salt, Cost(memory, passes, lanes))
    try:
        return AESGCM(key).decrypt(nonce, sealed[_HEAD.size + _NONCE :], _bound(head, name))
    except InvalidTag:
        return None


def is_bearable(sealed: bytes) -> bool:
    """Whether opening this costs no more than any computer here has: 512 MiB of memory and ten passes over it."""
    if len(sealed) <= _HEAD.size + _NONCE:
        return False
    _, memory, passes, lanes = _HEAD.unpack(sealed[: _HEAD.size])
    return 1 <= lanes <= _WIDEST and 8 * lanes <= memory <= _DEAREST and 1 <= passes <= _LONGEST


def _words(password: str, slip: str) -> str:
    return f"{password}\n{slip}" if slip else password


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    kdf = Argon2id(
        salt=salt, length=_KEY, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    return kdf.derive(password.encode("utf-8", "surrogatepass"))


def _bound(head: bytes, name: str) -> bytes:
    return head + name.encode("utf-8", "surrogatepass")
