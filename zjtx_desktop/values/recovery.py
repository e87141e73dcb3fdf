"""The 恢复码: the secret of an encrypted book as a person writes it down and types it again.

32 letters carry the secret, four more check it. The letters are those of Crockford's base32, without I, L, O and U;
the check is the secret as a number modulo a prime just below 32⁴, so that any single wrong letter, any two letters
or groups that changed places, and a million to one of everything else are found before the book is even touched.
"""

import re
import secrets

from zjtx_desktop.errors import BadValue

SECRET_BYTES = 20
SLIP_LENGTH = 8
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_MISREAD = str.maketrans("OILU", "011V")
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_PRIME = 1_048_573
_CHECK, _GROUP = 4, 4
_LENGTH = SECRET_BYTES * 8 // 5 + _CHECK
_BETWEEN = re.compile(r"[\s\-_—–－.,，。·]+")


def recovery_text(secret: bytes) -> str:
    """The code in nine groups of four, joined by hyphens."""
    number = int.from_bytes(secret, "big")
    letters = _written(number, _LENGTH - _CHECK) + _written(number % _PRIME, _CHECK)
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read_recovery(text: str) -> bytes:
    """The secret that a code stands for, however it was typed: blanks, hyphens, small and full-width letters, O for 0.

    BadValue says what is wrong with it, never which letters it has.
    """
    letters = _BETWEEN.sub("", text.translate(_FULL_WIDTH)).upper().translate(_MISREAD)
    for at, letter in enumerate(letters):
        if letter not in _VALUES:
            raise BadValue(f"恢复码第 {at // _GROUP + 1} 组里有“{letter}”，恢复码只有字母和数字。请对照原件重新填写。")
    if len(letters) != _LENGTH:
        groups = _LENGTH // _GROUP
        raise BadValue(f"恢复码有 {groups} 组、每组 {_GROUP} 个字符，共 {_LENGTH} 个，填了 {len(letters)} 个。请对照原件补全。")
    number, check = _read(letters[:-_CHECK]), _read(letters[-_CHECK:])
    if number % _PRIME != check:
        raise BadValue("恢复码抄错了，校验没有通过。请对照原件逐组核对后重新填写。")
    return number.to_bytes(SECRET_BYTES, "big")


def new_slip() -> str:
    """A 首登码: as short as a person copies without thinking, 40 bits of chance, in the letters of the code."""
    return "".join(secrets.choice(_LETTERS) for _ in range(SLIP_LENGTH))


def read_slip(text: str) -> str:
    """A 首登码 however it was typed; empty where nothing was. It may be wrong: only the seal tells."""
    return _BETWEEN.sub("", text.translate(_FULL_WIDTH)).upper().translate(_MISREAD)


def slip_text(slip: str) -> str:
    """A 首登码 as it is printed, in groups of four."""
    return "-".join(slip[at : at + _GROUP] for at in range(0, len(slip), _GROUP))


def last_group(code: str) -> str:
    """The last group of a written code, which a person types to show that it is on paper."""
    return code.rpartition("-")[2]


def same_group(typed: str, group: str) -> bool:
    """Whether what was typed is that group, as forgivingly as a whole code is read."""
    return read_slip(typed) == group


def _written(number: int, length: int) -> str:
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(length)))


def _read(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    return number
