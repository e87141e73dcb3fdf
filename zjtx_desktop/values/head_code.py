"""账簿校验码: where the book's history stood when a paper was made, short enough to print and to type in."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from zjtx_desktop.errors import BadValue

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U, which are read as something else
_LENGTH, _CHECK, _GROUP = 26, 2, 4
_WHOLE = _LENGTH + _CHECK
_MODULUS = 1021  # the greatest prime that two letters hold: any single wrong letter is found
_MARK = "ZJTX"  # what the two-dimensional code begins with
_LOOK_ALIKE = str.maketrans("OIL", "011")
_LABEL = re.compile(r"^.*?(?:校验码|编码)")
_PARTED = re.compile(r"([0-9]{1,9})[^0-9A-Z]+(.*)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,9}")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class HeadCode:
    """The number of an action and the first 130 bits of its hash, or of that hash together with what a paper says.

    `str` is for people: 128-7QK4-M2XA-…; two letters at its end tell a slip of the hand from another history.
    """

    number: int
    head: str

    @classmethod
    def of(cls, number: int, sha256: str) -> "HeadCode":
        """The code of an action with this hash, given in hexadecimal."""
        return cls(number, _written(int(sha256, 16) >> 256 - 5 * _LENGTH, _LENGTH))

    @classmethod
    def of_paper(cls, number: int, sha256: str, facts: str) -> "HeadCode":
        """The code of one paper made after that action: over its hash and what the paper says, so that it fits no other."""
        return cls.of(number, hashlib.sha256(f"{sha256}\n{facts}".encode()).hexdigest())

    @classmethod
    def parse(cls, text: str) -> "HeadCode":
        """Read a code as typed, pasted with its label, or scanned; case, blanks, O for 0, I for 1 do no harm.

        BadValue says what is missing or that a letter is wrong: then nothing is said about any book.
        """
        number, letters = _split(text)
        if not number or not letters:
            raise BadValue("校验码要从操作号输起，例如 128-7QK4-…。请对照纸上再输一遍。")
        if len(letters) != _WHOLE:
            raise BadValue(f"校验码在操作号后面有 {_WHOLE} 个字母和数字，现在是 {len(letters)} 个。请对照纸上再输一遍。")
        for place, letter in enumerate(letters, start=1):
            if letter not in LETTERS:
                raise BadValue(f"校验码里不会有“{letter}”（操作号后第 {place} 个）。请对照纸上再输一遍。")
        code = cls(int(number), letters[:_LENGTH])
        if code._check() != letters[_LENGTH:]:
            raise BadValue("校验码有输错的地方：它和最后两位对不上。请对照纸上逐组核对，再输一遍。")
        return code

    def __str__(self) -> str:
        whole = self.head + self._check()
        groups = (whole[start : start + _GROUP] for start in range(0, _WHOLE, _GROUP))
        return "-".join((str(self.number), *groups))

    @property
    def scanned(self) -> str:
        """What the two-dimensional code holds, in the letters that take least room there."""
        return f"{_MARK}{self.number}-{self.head}{self._check()}"

    def is_of(self, sha256: str) -> bool:
        """Whether this is the code of an action with this hash."""
        return HeadCode.of(self.number, sha256) == self

    def _check(self) -> str:
        value = self.number
        for letter in self.head:
            value = (value * 32 + LETTERS.index(letter)) % _MODULUS
        return _written(value % _MODULUS, _CHECK)


def _split(text: str) -> tuple[str, str]:
    """The number and the letters; without anything between them the last letters are counted off."""
    folded = _LABEL.sub("", unicodedata.normalize("NFKC", text)).upper()
    folded = _NO_LETTER.sub("-", folded).strip("-").removeprefix(_MARK).translate(_LOOK_ALIKE)
    if parted := _PARTED.fullmatch(folded.strip("-")):
        return parted[1], _NO_LETTER.sub("", parted[2])
    whole = _NO_LETTER.sub("", folded)
    number = whole[:-_WHOLE]
    return (number, whole[-_WHOLE:]) if _NUMBER.fullmatch(number) else ("", whole)


def _written(value: int, length: int) -> str:
    return "".join(LETTERS[value >> 5 * place & 31] for place in reversed(range(length)))
