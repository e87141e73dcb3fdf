"""The initial letters of Chinese words, so that jqkj finds the name it stands for without an input method."""

import tomllib
from functools import cache, lru_cache
from itertools import islice, product
from string import ascii_lowercase, digits

from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values.names import fold_name

MOST = 8  # ways of reading one name that are kept
SHORTEST = 2  # letters: one alone would find nearly everything


def initials(*names: str) -> str:
    """The pinyin initials of names, small, figures and Latin letters as they are, other signs left out.

    A character that names read in two ways gives two: 乐平长运 is "lpzy lpcy ypzy ypcy", at most `MOST`, the
    usual reading first. What is sought stands somewhere in this text.
    """
    return " ".join(dict.fromkeys(ways for name in names if (ways := _initials(name))))


@lru_cache(4096)
def _initials(name: str) -> str:
    ways = list(filter(None, map(_table().get, fold_name(name))))
    usual = "".join(ways)
    if len(usual) == len(ways):  # most names are read in one way only
        return usual
    count = 1
    for place, way in enumerate(ways):
        if count * len(way) > MOST:
            ways[place] = way[0]
        count *= len(ways[place])
    return " ".join(map("".join, islice(product(*ways), MOST)))


def initials_sought(text: str) -> str:
    """The initials that a search text may mean; empty when it is no row of Latin letters and figures."""
    folded = fold_name(text)
    meant = folded.isascii() and folded.isalnum() and len(folded) >= SHORTEST and not folded.isdecimal()
    return folded if meant else ""


@cache
def _table() -> dict[str, str]:
    """Each character with the letters its readings begin with, the usual one first; letters and figures with
    themselves.
    """
    data = tomllib.loads((RESOURCES / "initials.toml").read_text(encoding="utf-8"))
    table = {character: letter for letter, characters in data["letters"].items() for character in characters}
    table |= {sign: sign for sign in ascii_lowercase + digits}
    return table | {character: table[character] + others for character, others in data["also"].items()}
