"""What is sealed to somebody who is not there: anyone can put something in, only the holder of the key takes it out.

A person's box belongs to the very key the person signs with: Ed25519 and X25519 use one curve in two forms, and the
public half of the one gives the public half of the other (RFC 7748, 4.1). So there is no second public key that
somebody could put in the place of the person's own. The box of the 恢复码 is made from its secret.
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_P = 2**255 - 19
_KEY, _NONCE = 32, bytes(12)  # every box has a key of its own, used once


def box_for(public_hex: str) -> bytes:
    """The public half of the box of the person with this public key, in hexadecimal; ValueError when it is none."""
    y = int.from_bytes(bytes.fromhex(public_hex), "little") & (1 << 255) - 1
    return ((1 + y) * pow(1 - y, -1, _P) % _P).to_bytes(_KEY, "little")


def box_of(key: Ed25519PrivateKey) -> X25519PrivateKey:
    """The box of a person, by the person's own key."""
    return X25519PrivateKey.from_private_bytes(hashlib.sha512(key.private_bytes_raw()).digest()[:_KEY])


def code_box(secret: bytes) -> X25519PrivateKey:
    """The box of the 恢复码 with this secret."""
    made = HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=b"zjtx box of the code 1")
    return X25519PrivateKey.from_private_bytes(made.derive(secret))


def put_in(box: bytes, plain: bytes) -> bytes:
    """Seal to the public half of a box."""
    once = X25519PrivateKey.generate()
    mine = once.public_key().public_bytes_raw()
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(box)), mine, box)
    return mine + AESGCM(key).encrypt(_NONCE, plain, None)


def take_out(box: X25519PrivateKey, sealed: bytes) -> bytes | None:
    """What was put in; None when it was put into another box, or altered."""
    theirs, mine = sealed[:_KEY], box.public_key().public_bytes_raw()
    try:
        key = _key(box.exchange(X25519PublicKey.from_public_bytes(theirs)), theirs, mine)
        return AESGCM(key).decrypt(_NONCE, sealed[_KEY:], None)
    except (InvalidTag, ValueError):  # the latter from bytes that are no point, or too few
        return None


def _key(shared: bytes, once: bytes, box: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=None, info=b"zjtx box 1" + once + box).derive(shared)
