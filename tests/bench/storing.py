"""Import of 10,000 and of 150,000 rows against the least it could cost, and computing 10,000 recognitions with history."""

import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import xlsxwriter

from main import main
from zjtx_desktop import cli  # noqa: F401  (starting the program is measured elsewhere)
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import rounds
from zjtx_desktop.values import CreditCode

COUNT, MANY = 10_000, 150_000
TURNS = 3  # of both, the least of each counts: what else the machine does only ever adds
HEADINGS = (
    "序号", "企业名称", "统一社会信用代码", "所属地区", "认定称号", "级别", "认定类型", "批次", "年度", "认定文件", "文号", "认定日期",
)  # fmt: skip


def rows() -> Iterator[tuple[str, ...]]:
    """The comparisons as rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        yield _imported(Path(folder), MANY, 1, 300)
        yield _imported(Path(folder), COUNT, TURNS, 200)
        computed = _measured("compute", folder)
    yield (
        f"测算 {COUNT:,} 条认定，写入账簿和历史",
        f"{computed['cpu']:.2f} CPU 秒",
        "—",
        "—",
        f"{computed['peak']:.0f}",
        "≤ 3 CPU 秒",
        _verdict(computed["cpu"] <= 3),
    )


def _imported(folder: Path, count: int, turns: int, megabytes: int) -> tuple[str, ...]:
    _measured("list", str(folder), str(count))  # elsewhere: what this process holds counts as a peak of each it starts
    runs = [[_measured(step, str(folder)) for step in ("floor", "import")] for _ in range(turns)]
    floor, imported = (min(some, key=lambda run: run["cpu"]) for some in zip(*runs, strict=True))
    ratio = imported["cpu"] / floor["cpu"]
    return (
        f"导入 {count:,} 行",
        f"{imported['cpu']:.2f} CPU 秒",
        f"openpyxl 只读 + executemany {floor['cpu']:.2f} CPU 秒",
        f"{ratio:.2f} ×",
        f"{imported['peak']:.0f}",
        f"≤ 3 ×，≤ {megabytes} MB",
        _verdict(ratio <= 3 and imported["peak"] <= megabytes),
    )


def _verdict(reached: bool) -> str:
    return "达到" if reached else "未达到"


def _write_list(folder: Path) -> None:
    with xlsxwriter.Workbook(folder / "名单.xlsx") as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, HEADINGS)
        for n in range(1, int(sys.argv[3]) + 1):
            body = f"91361123MA{n:07d}"
            code = body + CreditCode(body + "0").expected_check
            facts = (f"示例第{n}号科技有限公司", code, "玉山县", "专精特新中小企业", "省级", "新认定", "第一批")
            sheet.write_row(n, 0, (n, *facts, 2024, "示例认定通知", "示例〔2024〕1号", "2024-06-03"))


def _measured(*step: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "tests.bench.storing", *step], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _floor(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "名单.xlsx", read_only=True)
    values = [tuple(map(str, row)) for row in book.worksheets[0].iter_rows(values_only=True)]
    (folder / "floor.db").unlink(missing_ok=True)
    with sqlite3.connect(folder / "floor.db") as database:
        database.execute(f"CREATE TABLE list ({', '.join(f'c{n}' for n in range(len(HEADINGS)))})")
        database.executemany(f"INSERT INTO list VALUES ({', '.join('?' * len(HEADINGS))})", values)


def _import(folder: Path) -> None:
    book, source = str(folder / "县.zjtx"), str(folder / "名单.xlsx")
    Path(book).unlink(missing_ok=True)
    for command in (["new", book, "--division", "361123", "--office", "示例财政局"], ["import", book, source]):
        if main([*command, "--by", "示例"]):
            raise SystemExit(f"{command[0]} was refused")


def _compute(folder: Path) -> None:
    with Book(folder / "县.zjtx") as book, book.action("测算", "示例") as session:
        pack, choices = rounds.basis_for(session, 2024)
        rounds.prepare(session, 2024, pack, choices)


STEPS: dict[str, Callable[[Path], None]] = {"list": _write_list, "floor": _floor, "import": _import, "compute": _compute}


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    before = _cpu()
    STEPS[sys.argv[1]](Path(sys.argv[2]))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"cpu": _cpu() - before, "peak": peak}))
