"""Names of organisations: one form to compare them by, another to show and print."""

import re
import unicodedata
from functools import lru_cache

from zjtx_desktop.values.free_text import MOST_NAME, free_text, is_unseen

_BRACKETS = str.maketrans("[]{}〔〕【】〖〗「」『』〈〉", "()" * 8)
_PASTE_RESIDUE = re.compile("[\u00ad\u200b\u2060\ufeff]")
# What is taken for one another in print, folded already; the first of each stands for all (Unicode Technical Standard 39,
# confusables): Latin with Cyrillic, Greek and digits, 汉字 with kana and strokes, and pairs that a reader passes over.
_ALIKE = (
    "aаαɑ", "bвьβ", "cсϲ", "dԁ", "eеёε", "gɡ", "hнһη", "iіїι", "jј", "kкκ", "l1ӏ|", "mм", "nпν", "oоοσ0", "pрρ", "qԛ", "sѕ",
    "tтτ", "uυц", "wѡωшԝ", "xхχ", "yуγ", "3з", "6б", "一ー—–―─-", "力カ", "二ニ", "工エ", "口ロ", "卜ト", "夕タ", "八ハ", "三ミ",
    "日曰", "已己巳", "末未", "士土", "人入",
)  # fmt: skip
_LOOKS = str.maketrans({letter: group[0] for group in _ALIKE for letter in group[1:]})
_PLAIN_FOLDED = re.compile("[0-9a-z\u4e00-\u9fff()]*")


@lru_cache(4096)
def fold_name(text: str) -> str:
    """The comparison key: equal when names differ only in width, case, blanks, brackets, unseen signs."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if _PLAIN_FOLDED.fullmatch(folded):
        return folded
    seen = "".join(letter for letter in folded if not (letter.isspace() or is_unseen(letter))).translate(_BRACKETS)
    return unicodedata.normalize("NFC", seen)  # a blank taken out may have kept a letter from its accent


def clean_name(text: str, field: str = "名称", most: int = MOST_NAME) -> str:
    """The form to keep and print of a name that came from somebody's file: as `free_text`, and what word processors
    leave between the letters is taken out. BadValue when it is empty, too long or has signs that nobody sees.
    """
    return free_text(_PASTE_RESIDUE.sub("", text), field, most)


def look_alike(text: str) -> str:
    """The key under which two names meet that look alike and are not the same.

    Besides what `fold_name` sees as one, letters of other scripts count as those that they look like, 0 as o and 1 as l.
    """
    return fold_name(text).translate(_LOOKS)
