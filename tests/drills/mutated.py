"""Drill 8, lists that were broken at random.

Simulated: one to four blows to the parts of a workbook, sometimes one to the zip itself.
Promised: rows, or one sentence; never another exception, never a number that lost its digits.
Control: the bare library must end some of the same files in exceptions of its own.
"""

import sys
import warnings
from collections import Counter
from pathlib import Path
from random import Random

import openpyxl

from tests.drills.drill import Done, Ground, Ledger
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.child import read_file

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "exchange"))
from test_reading_fuzz import SENTENCE, broken, seeds  # noqa: E402 - the folder of its tests has the maker of books


def hold(ground: Ground) -> Done:
    """The guard, then the bare library on the first few hundred."""
    times, wrong, sources, path = ground.pick(150, 10_000, 500_000), Ledger(), seeds(), ground.fast / "名单.xlsx"
    chance, read, refused = ground.chance(), 0, 0
    for _ in range(times):
        path.write_bytes(broken(chance, chance.choice(sources)))
        try:
            table = read_file(path)
        except BadFile as error:
            refused += 1
            if not SENTENCE.fullmatch(str(error)):
                wrong.add(f"不成句：{error}")
        except Exception as error:  # what must not happen is counted here, whatever it is
            wrong.add(f"{type(error).__name__}：{error}")
        else:
            read += 1
            if any(isinstance(cell, float) for row in table.rows for cell in row.cells):
                wrong.add("读成了浮点数")
    bare = _bare(ground.chance(), ground, path)
    return Done(
        f"{times:,} 份随机损坏的表格，种子 {ground.seed}",
        f"读出 {read:,}，一句话拒绝 {refused:,}，其他 {wrong.count}",
        f"直接用 openpyxl 读其中 {ground.pick(150, 300, 300)} 份：{sum(bare.values())} 次异常，{len(bare)} 种",
        wrong.problems((len(bare) > 1, "对照没有异常")),
    )


def _bare(chance: Random, ground: Ground, path: Path) -> Counter[str]:
    """The exceptions that the library ends in."""
    warnings.simplefilter("ignore")
    found, sources = Counter[str](), seeds()
    for _ in range(ground.pick(150, 300, 300)):
        path.write_bytes(broken(chance, chance.choice(sources)))
        try:
            book = openpyxl.load_workbook(path, read_only=True)
            for sheet in book.worksheets:
                for _row in sheet.iter_rows(values_only=True):
                    pass
        except Exception as error:  # its kinds are what is counted
            found[type(error).__name__] += 1
    return found
