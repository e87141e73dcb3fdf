"""How fast 10,000 awards become a workbook that was read back, and in how much memory.

Measured in a child each, so that neither pays for the other: ours writes with XlsxWriter, reads
everything back and compares it; the other only writes the same styled cells with openpyxl.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side

from tests.exchange.city_samples import numbered
from zjtx_desktop.exchange.city_plan import Formula
from zjtx_desktop.exchange.city_workbook import city_sheets, write_city_workbook
from zjtx_desktop.values import Money

ROOT = Path(__file__).resolve().parent.parent.parent
AWARDS = 10_000
RUNS = 2                    # the best counts: the machine has other work
TARGET = 2_000              # rows a second
MOST_MB = 250

Result = tuple[str, str, str, str, str, str, str]


def rows() -> list[Result]:
    """The lines of the table: name, ours, other, ratio, peak MB, target, whether it is met."""
    ours, peak = measured("ours")
    other, other_peak = measured("other")
    met = ours >= TARGET and peak <= MOST_MB
    return [
        (
            f"城市上报工作簿，{AWARDS:,} 笔：写出并逐格读回（对 openpyxl 只写不读）",
            f"{ours:,.0f} 行/秒",
            f"{other:,.0f} 行/秒",
            f"{ours / other:.2f}",
            f"{peak:.0f}（{other_peak:.0f}）",
            f"≥ {TARGET:,} 行/秒，≤ {MOST_MB} MB",
            "达到" if met else "未达到",
        )
    ]


def measured(which: str, runs: int = RUNS) -> tuple[float, float]:
    """Awards a second (best of the runs) and peak memory in MB of one way, in a fresh process."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.bench.workbook", which, str(runs)],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    seconds, peak = json.loads(child.stdout.splitlines()[-1])
    return AWARDS / seconds, peak


def ours(path: Path) -> float:
    """CPU seconds for the whole of what a person waits for."""
    report = numbered(AWARDS)
    start = time.process_time()
    write_city_workbook(report, path)
    return time.process_time() - start


def other(path: Path) -> float:
    """CPU seconds for the same cells in the same looks, written by openpyxl and not read back."""
    report = numbered(AWARDS)
    start = time.process_time()
    thin = Side(style="thin")
    looks = {
        "font": Font(name="宋体", size=11),
        "border": Border(thin, thin, thin, thin),
        "alignment": Alignment(vertical="center", wrap_text=True),
    }
    book = Workbook(write_only=True)
    for plan in city_sheets(report)[0]:
        sheet = book.create_sheet(plan.name)
        for line in plan.lines:
            sheet.append([styled(sheet, cell, looks) for cell in line.cells])
    book.save(path)
    return time.process_time() - start


def styled(sheet: object, cell: object, looks: dict[str, object]) -> WriteOnlyCell:
    """One cell with font, border, alignment and number format, its text kept from being a formula."""
    value = cell.value if isinstance(cell, Formula) else cell
    written = WriteOnlyCell(sheet, value.fen / 100 if isinstance(value, Money) else value)
    written.number_format = "#,##0.00" if isinstance(value, Money) else "@"
    if isinstance(value, str):
        written.data_type = "s"
    for name, look in looks.items():
        setattr(written, name, look)
    return written


def peak_mb() -> float:
    """The most memory this process had; not taken from getrusage on Linux, where a child inherits
    the figure of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    try:
        import resource  # not on Windows
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


if __name__ == "__main__":
    way = {"ours": ours, "other": other}[sys.argv[1]]
    with tempfile.TemporaryDirectory() as folder:
        best = min(way(Path(folder) / f"{run}.xlsx") for run in range(int(sys.argv[2])))
    print(json.dumps([best, peak_mb()]))
