"""Names of organisations: one form to compare them by, another to show and print."""

import re
import unicodedata
from functools import lru_cache

from zjtx_desktop.errors import BadValue

_UNSEEN = {"Cf", "Cc", "Cs", "Co"}
_BLANK_LETTERS = set("\u115f\u1160\u3164\uffa0\u2800")  # letters by category, blank to the eye
_VARIATION_SELECTORS = {*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))}
_BRACKETS = str.maketrans("[]{}〔〕【】〖〗「」『』〈〉", "()" * 8)
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PASTE_RESIDUE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff()（） ]*")  # nothing to take out or to refuse: nearly every name
_PLAIN_FOLDED = re.compile("[0-9a-z\u4e00-\u9fff()]*")


@lru_cache(4096)
def fold_name(text: str) -> str:
    """The comparison key: equal when names differ only in width, case, blanks, brackets, unseen signs."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if _PLAIN_FOLDED.fullmatch(folded):
        return folded
    seen = "".join(letter for letter in folded if not _is_unseen(letter)).translate(_BRACKETS)
    return unicodedata.normalize("NFC", seen)  # a blank taken out may have kept a letter from its accent


def clean_name(text: str) -> str:
    """The form to keep and print: trimmed, blanks collapsed; BadValue when empty or with control signs."""
    shown = " ".join(_PASTE_RESIDUE.sub("", text).split())
    if not shown:
        raise BadValue("名称是空的，请填写。")
    if _PLAIN.fullmatch(shown):
        return shown
    for position, letter in enumerate(shown, start=1):
        if letter in _BIDI or unicodedata.category(letter) in ("Cc", "Cs"):
            raise BadValue(
                f"名称“{_printable(shown)}”第 {position} 个字符是看不见的控制符（U+{ord(letter):04X}），请删去后重填。"
            )
    return unicodedata.normalize("NFC", shown)


def _is_unseen(letter: str) -> bool:
    return (
        letter.isspace()
        or letter in _BLANK_LETTERS
        or letter in _VARIATION_SELECTORS
        or unicodedata.category(letter) in _UNSEEN
    )


def _printable(text: str) -> str:
    return "".join(letter for letter in text if not _is_unseen(letter))
