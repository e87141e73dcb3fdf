"""The log: what went wrong in the program, for the one who repairs it; it holds no names, codes or
amounts.
"""

import faulthandler
import logging
import re
from pathlib import Path

LOG_NAME = "zjtx.log"
_MOST_BYTES = 1_000_000
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_NUMBERS = re.compile(r"\d{5,}")


class MaskingFormatter(logging.Formatter):
    """Takes Chinese text and long digits out of what is written: an error's message may quote a record."""

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record).replace(str(Path.home()), "~")
        return _NUMBERS.sub("#", _CHINESE.sub("□", line))


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
