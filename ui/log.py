"""The log: what went wrong in the program, for the one who repairs it; it holds no names, codes, accounts,
amounts or passwords.

Of an exception the places in the code are told, and its own words only where those are about the code.
"""

import faulthandler
import logging
import re
import traceback
from collections.abc import Iterator
from pathlib import Path

LOG_NAME = "zjtx.log"
_MOST_BYTES = 1_000_000
_DEEPEST = -60  # frames, the innermost
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_GROUPS = re.compile(r"\d[\d \-]{4,}\d")  # 6222 0212 3456
_CODE_LIKE = re.compile(r"(?=[\w@.,+-]*[\d@])[\w@.,+-]{6,}")
_QUOTED = re.compile("""'[^'\\n]*'|"[^"\\n]*"|“[^”\\n]*”""")
_PARAMETERS = re.compile(r"\[parameters:[^\n]*", re.IGNORECASE)
_PLACE = re.compile(r"\s*File \"[^\"]+\", line \d+")
# Their words are about the code: `'NoneType' object has no attribute 'id'`.
_OF_THE_CODE = (
    AttributeError, ImportError, IndexError, MemoryError, NameError, NotImplementedError, RecursionError, TypeError,
)  # fmt: skip
_HALF_KNOWN = ("sqlalchemy", "sqlcipher3")  # of theirs without what stands in quotes


class MaskingFormatter(logging.Formatter):
    """Takes out of what is written whatever may quote a record."""

    def format(self, record: logging.LogRecord) -> str:
        record.message = scrubbed(record.getMessage())
        if self.usesTime():
            record.asctime = self.formatTime(record, self.datefmt)
        line = self.formatMessage(record)
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join((line, *_told(error))) if error else line


def scrubbed(text: str) -> str:
    """A text without Chinese, numbers, codes and what stands in quotes; lines that name a place in the code stay."""
    text = _PARAMETERS.sub("[parameters: □]", text.replace(str(Path.home()), "~"))
    lines = (line if _PLACE.match(line) else _masked(line) for line in text.splitlines())
    return _CHINESE.sub("□", "\n".join(lines))


def _masked(line: str) -> str:
    return _numberless(_QUOTED.sub("□", line))


def _numberless(line: str) -> str:
    return _GROUPS.sub("#", _CODE_LIKE.sub("#", line))


def _told(error: BaseException) -> Iterator[str]:
    """An exception with what led to it, outermost last, as Python tells it but for the words."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "which led to:"
    home = str(Path.home())
    for frame in traceback.format_tb(error.__traceback__, _DEEPEST):
        yield _CHINESE.sub("□", frame.rstrip().replace(home, "~"))
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_words(error)}"


def _words(error: BaseException) -> str:
    if isinstance(error, _OF_THE_CODE):
        return _numberless(_CHINESE.sub("□", str(error).replace(str(Path.home()), "~")))
    if isinstance(error, OSError):
        return scrubbed(f"errno {error.errno} {error.strerror}")
    if isinstance(error, RuntimeError) or type(error).__module__.partition(".")[0] in _HALF_KNOWN:
        return scrubbed(str(error))
    return f"□ ({len(str(error))})"


def start_log(folder: Path) -> Path:
    """Log warnings and worse to a file in `folder`, the one before it kept as `.1`; returns the file.

    A crash below Python leaves its trace there too.
    """
    path = folder / LOG_NAME
    if path.exists() and path.stat().st_size > _MOST_BYTES:
        path.replace(path.with_name(LOG_NAME + ".1"))
    handler = logging.FileHandler(path, encoding="utf-8", delay=False)
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    faulthandler.enable(handler.stream)
    return path
