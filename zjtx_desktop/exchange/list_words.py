"""The words by which lists are read, from `resources/list_words.toml`: headings, statuses, feet, names of bodies."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from zjtx_desktop.paths import RESOURCES

EMPTY_MARKS = frozenset(("", *"/ \\ - -- — —— – ― 无 暂无 空 N/A n/a ／ ／／ // －".split()))
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NOISE = re.compile(r"[\W_]+")


def words(table: str) -> dict[str, Any]:
    """One table of the file."""
    return _tables()[table]


@cache
def _tables() -> dict[str, Any]:
    with (RESOURCES / "list_words.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def any_of(table: str, *keys: str) -> re.Pattern[str]:
    """A pattern that finds any word of these keys of a table, the longest first."""
    found = [word for key in keys for word in words(table)[key]]
    return re.compile(alternatives(found))


@cache
def pattern(table: str, key: str) -> re.Pattern[str]:
    """The pattern under a key of a table."""
    return re.compile(words(table)[key])


def alternatives(found: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(found, key=len, reverse=True))


@cache
def plain_set(table: str, key: str) -> frozenset[str]:
    """The words under a key, each as `bare` makes a heading."""
    return frozenset(map(bare, words(table)[key]))


def bare(label: str) -> str:
    """A header text in one width and case without what stands in brackets, marks, spaces and line breaks."""
    return _NOISE.sub("", _BRACKETED.sub("", unicodedata.normalize("NFKC", label).casefold()))


def whole(label: str) -> str:
    """The same with what stands in brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", label).casefold())
