"""What a person writes freely (a name, a reason, an opinion, a channel): one parser for every edge, no sign unseen.

A sign that nobody sees makes two texts that look alike and are not; one that turns the direction shows another text
than the one that is kept. Both are refused and never taken out in silence, so that whoever typed them knows. Only names
read from somebody's list are first rid of what word processors leave behind, see `names.clean_name`.
"""

import re
import unicodedata

from zjtx_desktop.errors import BadValue

MOST_NAME = 100  # letters: of organisations, persons, offices, banks, documents
MOST_WORDS = 200  # of a reason, an opinion, a piece of evidence
MOST_NOTE = 1000  # of a remark over several lines

_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fff()（）、，。：；“”〔〕《》/.:+_-][0-9A-Za-z\u4e00-\u9fff()（）、，。：；“”〔〕《》/.:+ _-]*")
_BLANK_LETTERS = set("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")  # letters by category, blank to the eye
_VARIATION_SELECTORS = {*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))}
_UNSEEN = {"Cf", "Cc", "Cs", "Co"}


def is_unseen(letter: str) -> bool:
    """Whether the eye does not see this sign, or every computer shows another one; blanks are seen."""
    return (
        letter in _BLANK_LETTERS
        or letter in _VARIATION_SELECTORS
        or unicodedata.category(letter) in _UNSEEN
        or ord(letter) & 0xFFFE == 0xFFFE
        or 0xFDD0 <= ord(letter) <= 0xFDEF
    )


def seen(text: str) -> str:
    """The text with “�” for every sign that is not seen; for what is told of a text that was refused."""
    return "".join("\ufffd" if is_unseen(letter) else letter for letter in text)


def free_text(text: str, field: str, most: int = MOST_WORDS, lines: bool = False) -> str:
    """The text as it is kept: trimmed, blanks collapsed, over several lines only where `lines`.

    BadValue names the `field` when nothing is left, when it has more than `most` letters, or a sign that is not seen.
    """
    parts = [" ".join(part.split()) for part in text.splitlines()]
    kept = "\n".join(parts).strip("\n") if lines else " ".join(filter(None, parts))
    if not kept:
        raise BadValue(f"{field}是空的，请填写。")
    must_be_seen(kept, field)
    if len(kept) > most:
        raise BadValue(f"{field}有 {len(kept)} 个字，最多 {most} 个字。请缩短，详细的内容可以作为附件。")
    return unicodedata.normalize("NFC", kept)


def must_be_seen(text: str, field: str) -> None:
    """BadValue with the place of the first sign that is not seen."""
    if _PLAIN.fullmatch(text):
        return
    for position, letter in enumerate(text, start=1):
        if letter != "\n" and is_unseen(letter):
            shown = "".join(one for one in text if one.isprintable() and not is_unseen(one))
            shown = f"{shown[:20]}…" if len(shown) > 20 else shown
            raise BadValue(
                f"{field}“{shown}”第 {position} 个字符是看不见的控制符（U+{ord(letter):04X}），请删去后重填。"
            )
