"""A list of a million recognitions on screen: first paint, frames while jumping through it, a filter, an order.

The book is generated without history, which lists do not read. CPU seconds are those of the whole process, the
worker included; a frame is the time that one repaint after a jump takes on the UI thread.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from ui.jobs import Jobs  # noqa: E402
from ui.open_book import OpenBook  # noqa: E402
from ui.pages.recognitions import RecognitionsPage  # noqa: E402
from ui.settings import Settings  # noqa: E402
from ui.theme import Theme  # noqa: E402
from zjtx_desktop import headless  # noqa: E402
from zjtx_desktop.storage.book import Book  # noqa: E402
from zjtx_desktop.storage.connection import connect  # noqa: E402
from zjtx_desktop.values import Division  # noqa: E402

COUNT = 1_000_000
EACH = 4  # recognitions of one organisation
SIZE = (1180, 660)
JUMPS = 60
TITLES = ("srdi_sme", "little_giant", "single_champion", "startup_base", "service_platform")
KINDS = ("新认定", "新认定", "新认定", "复核", "再次认定")
WORDS, TRADES = (
    "鑫恒汇博康和宏华远达瑞盛信诚众联金祥泰丰",
    "机械 电子 新材料 生物 智能 环保 汽配 光学 食品 软件".split(),
)
TARGETS = (
    ("first", "首屏", "CPU 毫秒", 100),
    ("frame", "跳转一帧，中位数", "毫秒", 16),
    ("filter", "筛选", "CPU 毫秒", 100),
    ("sort", "排序", "CPU 毫秒", 100),
    ("both", "排序后再筛选", "CPU 毫秒", 100),
)


def rows() -> Iterator[tuple[str, ...]]:
    """The figures as rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder, "百万.zjtx"), COUNT)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.lists", folder], capture_output=True, text=True, check=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    for key, name, unit, most in TARGETS:
        reached = "达到" if found[key] <= most else "未达到"
        yield (
            f"{COUNT:,} 条认定：{name}",
            f"{found[key]:.1f} {unit}",
            "—",
            "—",
            f"{found['peak']:.0f}",
            f"≤ {most} {unit}",
            reached,
        )


def generate(path: Path, count: int) -> None:
    """A book of `count` recognitions, its triggers dropped so that it is written in seconds."""
    headless.new_book(path, "361123", "示例财政局", "示例")
    raw, dice = connect(path), random.Random(1)
    codes = [division.code for division in Division.all()]
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("BEGIN")
    for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    firms = count // EACH
    raw.executemany(
        "INSERT INTO organisation (id, credit_code, name, folded, division) VALUES (?, ?, ?, ?, ?)",
        ((n, f"91361123MA{n:08d}", *[f"上饶市{dice.choice(WORDS)}{dice.choice(WORDS)}{n}{dice.choice(TRADES)}有限公司"] * 2, codes[n % 14])
         for n in range(1, firms + 1)),
    )  # fmt: skip
    raw.executemany(
        "INSERT INTO recognition (id, organisation_id, title, level, kind, cohort, listed_name, batch, label_year, document_number,"
        " document_date, publicity_only, valid_from, valid_to) VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, 0, ?, ?)",
        (_recognition(n, firms, dice) for n in range(1, count + 1)),
    )
    raw.execute("COMMIT")
    raw.close()


def _recognition(n: int, firms: int, dice: random.Random) -> tuple[object, ...]:
    year = 2015 + dice.randrange(11)
    level = "国家级" if dice.random() < 0.3 else "省级"
    day = f"{year}-{dice.randrange(12) + 1:02}-{dice.randrange(28) + 1:02}"
    number, batch = f"示例〔{year}〕{dice.randrange(300) + 1}号", f"第{year - 2014}批"
    what = (TITLES[n % len(TITLES)], level, dice.choice(KINDS), str(n))
    return n, dice.randrange(firms) + 1, *what, batch, year, number, day, f"{year}-01-01", f"{year + 3}-12-31"


def _measure(folder: Path) -> dict[str, float]:
    app, jobs = QApplication([]), Jobs()
    Path(folder, "settings.ini").unlink(missing_ok=True)
    settings = Settings(folder / "settings.ini")
    theme = Theme(app, settings)
    with Book(folder / "百万.zjtx") as book:
        desk = OpenBook(book, jobs, "示例")
        RecognitionsPage(desk, settings).deleteLater()  # what is made once in a program's life is made
        page = RecognitionsPage(desk, settings)
        page.resize(*SIZE)
        page.show()
        app.processEvents()
        found = {"first": _until_shown(page, page.refresh)}
        jobs.settle()
        found["frame"] = median(_frames(app, page))
        found["filter"] = _until_shown(
            page, lambda: page.pane.filters.allow("title", frozenset(("startup_base",)))
        )
        jobs.settle()
        found["sort"] = _until_shown(
            page, lambda: page.pane.view.header._ask_sort((("document_date", True),))
        )
        jobs.settle()
        found["both"] = _until_shown(page, lambda: page.pane.filters.allow("kind", frozenset(("复核",))))
        jobs.settle()
        jobs.close()
    del theme
    return found | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _until_shown(page: RecognitionsPage, ask: Callable[[], None]) -> float:
    """CPU milliseconds from the question to the first rows painted."""
    loop = QEventLoop()
    page.pane.shown.connect(loop.quit)
    start = process_time()
    ask()
    loop.exec()
    page.pane.view.viewport().repaint()
    return (process_time() - start) * 1000


def _frames(app: QApplication, page: RecognitionsPage) -> Iterator[float]:
    """Milliseconds of each repaint after a jump to anywhere."""
    bar, dice = page.pane.view.verticalScrollBar(), random.Random(2)
    for _ in range(JUMPS):
        start = perf_counter()
        bar.setValue(dice.randrange(bar.maximum()))
        page.pane.view.viewport().repaint()
        yield (perf_counter() - start) * 1000
        app.processEvents()


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]))))
