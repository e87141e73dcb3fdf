"""What only a password opens: argon2id makes the key that AES-GCM seals a secret with.

So are sealed a person's private key, and the secret of an encrypted book under each person's password. The sealed
bytes say by themselves what they are and at what cost they were made, so that the cost can be raised later, and the
person's name is part of the seal: what was sealed for one person does not open under the name of another.
"""

import os
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_HEAD = struct.Struct(">4sIII")
_PRIVATE_KEY, _SECRET = b"ZJK1", b"ZJS1"
_NONCE, _SALT, _KEY = 12, 16, 32
_DEAREST = 1 << 20  # KiB: a forged head must not eat the memory of the computer


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


def seal(key: Ed25519PrivateKey, password: str, name: str, salt: bytes, cost: Cost = FULL) -> bytes:
    """The private key under lock: cost, nonce and cipher text."""
    return _seal(_PRIVATE_KEY, key.private_bytes_raw(), password, name, salt, cost)


def unseal(sealed: bytes, password: str, name: str, salt: bytes) -> Ed25519PrivateKey | None:
    """The private key, or None when the password is not the one it was sealed with, or the bytes were altered."""
    raw = _unseal(_PRIVATE_KEY, sealed, password, name, salt)
    return None if raw is None else Ed25519PrivateKey.from_private_bytes(raw)


def seal_secret(secret: bytes, password: str, name: str, salt: bytes, cost: Cost = FULL) -> bytes:
    """The secret of a book under one person's password."""
    return _seal(_SECRET, secret, password, name, salt, cost)


def unseal_secret(sealed: bytes, password: str, name: str, salt: bytes) -> bytes | None:
    """The secret of the book, or None as with `unseal`."""
    return _unseal(_SECRET, sealed, password, name, salt)


def waste(password: str, cost: Cost = FULL) -> None:
    """Take as long as `unseal` would; for a name that is unknown."""
    _derive(password, bytes(_SALT), cost)


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half as the book keeps it."""
    return key.public_key().public_bytes_raw().hex()


def _seal(mark: bytes, plain: bytes, password: str, name: str, salt: bytes, cost: Cost) -> bytes:
    head = _HEAD.pack(mark, cost.memory, cost.passes, cost.lanes)
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_derive(password, salt, cost)).encrypt(nonce, plain, _bound(head, name))
    return head + nonce + sealed


def _unseal(mark: bytes, sealed: bytes, password: str, name: str, salt: bytes) -> bytes | None:
    if len(sealed) <= _HEAD.size + _NONCE or sealed[: len(mark)] != mark:
        return None
    head, nonce = sealed[: _HEAD.size], sealed[_HEAD.size : _HEAD.size + _NONCE]
    _, memory, passes, lanes = _HEAD.unpack(head)
    if not (8 * lanes <= memory <= _DEAREST and 1 <= passes <= 64 and 1 <= lanes <= 64):
        return None
    key = _derive(password, salt, Cost(memory, passes, lanes))
    try:
        return AESGCM(key).decrypt(nonce, sealed[_HEAD.size + _NONCE :], _bound(head, name))
    except InvalidTag:
        return None


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    kdf = Argon2id(
        salt=salt, length=_KEY, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    )
    return kdf.derive(password.encode("utf-8", "surrogatepass"))


def _bound(head: bytes, name: str) -> bytes:
    return head + name.encode("utf-8", "surrogatepass")
