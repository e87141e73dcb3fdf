"""Text with a sign between cells and a line break between rows, some cells in quotes, taken apart."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

BREAK = re.compile(r"\r\n|\r|\n")


@lru_cache
def _patterns(between: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    quoted = re.compile(rf'"((?:[^"]|"")*+)"(?=[{between}\r\n]|\Z)')
    return quoted, re.compile(rf"[^{between}\r\n]*+")


class Lone(ValueError):
    """A quote begins a cell and has no fellow in it."""


def records(text: str, between: str, is_quoted: Callable[[str], object], strict: bool) -> Iterator[list[str]]:
    """The cells of each row. One in quotes, of which `is_quoted` says so, is taken as one, its line breaks and
    doubled quotes as they were typed; every other quote stands for itself, unless `strict` wants it in pairs.
    """
    if '"' not in text:
        yield from (line.split(between) for line in BREAK.split(text))
        return
    quoted, plain = _patterns(between)
    at, fields = 0, []
    while True:
        found = quoted.match(text, at)
        if found and is_quoted(found[1]):
            fields.append(found[1].replace('""', '"'))
        else:
            found = plain.match(text, at)
            if strict and found[0].startswith('"') and found[0].count('"') % 2:
                raise Lone
            fields.append(found[0])
        at = found.end()
        if text.startswith(between, at):
            at += 1
            continue
        yield fields
        if at == len(text):
            return
        at, fields = at + (2 if text.startswith("\r\n", at) else 1), []
