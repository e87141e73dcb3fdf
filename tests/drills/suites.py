"""Drills that are tests already: run as they are, with everything that a normal run leaves out, and counted.

Each names its control: a test that passes only because the known-bad way fails.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.drills.drill import Done, Ground

ROOT = Path(__file__).resolve().parents[2]
COUNTED = re.compile(r"(\d+) (passed|failed|error|skipped)")


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests by file or id; `scale` and `control` in words. Before a release all of `every_control` must fail."""

    scale: str
    result: str
    control: str
    tests: tuple[str, ...]
    controls: tuple[str, ...]
    every_control: tuple[str, ...] = ()

    def __call__(self, ground: Ground) -> Done:
        """Run the tests, and the controls by themselves."""
        count, words = _run(self.tests, ground.folder)
        controls = self.every_control or self.controls if ground.size == "release" else self.controls
        said = _run(controls, ground.folder)[1] if controls else ""
        wrong = tuple(text for text in (words, said) if text)
        result = self.result.format(count=count) if not words else "没有全部通过"
        return Done(self.scale.format(count=count), result, self.control if not said else "对照没有失败", wrong)


def _run(tests: tuple[str, ...], folder: Path) -> tuple[int, str]:
    """How many tests passed, and what was wrong."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-m", "release or not release", "-p", "no:cacheprovider", "-o", "timeout=3600"]
    command += ["--basetemp", str(folder / "pytest"), *tests]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    counted = {what: int(count) for count, what in COUNTED.findall(run.stdout)}
    tail = "\n".join(run.stdout.strip().splitlines()[-12:])
    return counted.get("passed", 0), "" if run.returncode == 0 and counted.get("passed") else tail


FAILED_COMMIT = Suite(
    "{count} 种提交失败",
    "失败的操作从不进账簿，{count} 项全部通过",
    "不回滚就还回连接：失败的操作被下一次提交带入",
    ("tests/storage/test_failed_commit.py",),
    ("tests/storage/test_failed_commit.py::test_the_control_without_the_listener_is_caught",),
)
MONEY = Suite(
    "办理和先后次序各 400 个随机单位 × 40 步，另有边界走遍",
    "账簿与独立模型逐步相符，{count} 项全部通过",
    "有意改错的程序必须被发现：抽 5 种，发布前 43 种",
    ("tests/usecases/test_money_machine.py", "tests/usecases/test_order_machine.py", "tests/usecases/test_budgets.py"),
    tuple(
        f"tests/usecases/test_mutants.py::{test}[{name.encode('unicode_escape').decode()}]"
        for test, names in (
            ("test_the_machine_finds", ("拨付不看余额", "重复点击记两笔", "不看预算")),
            ("test_the_machine_of_orders_finds", ("过时的照样办", "编号只在本批次不重复")),
        )
        for name in names
    ),
    ("tests/usecases/test_mutants.py",),
)
HIDING = Suite(
    "假的区域声明、合并、隐藏、错误格、公式等 {count} 项",
    "读出的行与文件里的行相同，或一句话拒绝，{count} 项全部通过",
    "只用 openpyxl 读：见 7、8",
    ("tests/exchange/test_reading_books.py", "tests/exchange/test_reading_kinds.py", "tests/exchange/test_reading_plain.py"),
    (),
)
TAMPERING = Suite(
    "绕过程序的改动 50 余种，外人和知情人各试一遍，含重算校验链",
    "拒绝或发现，重算的由已印校验码发现，{count} 项全部通过",
    "只看文件内部：重算过的历史挑不出毛病",
    ("tests/storage/test_tampering.py", "tests/usecases/test_paper_check.py", "tests/usecases/test_signatures.py", "tests/usecases/test_two_persons.py"),
    ("tests/storage/test_tampering.py::test_whoever_rewrites_the_whole_chain_is_betrayed_by_a_noted_head",),
)
LOGIN = Suite(
    "登录、锁定、口令",
    "连错 5 次锁定、重开仍锁、用时看不出姓名对错，{count} 项全部通过",
    "—",
    ("tests/usecases/test_people.py",),
    (),
)
MATRIX = Suite(
    "每个写入功能 × 每个岗位 × 每种状态",
    "表中没有的一律拒绝并记录，{count} 项全部通过",
    "不在表中的功能：任何岗位都被拒绝",
    ("tests/usecases/test_duties.py",),
    ("tests/usecases/test_duties.py::test_what_is_guarded_by_nothing_or_not_in_the_table_is_denied",),
)
RULES = Suite(
    "全部源程序",
    "没有拼接的 SQL、pickle、QtSql、网络模块，{count} 项全部通过",
    "每条规则都认得出它要找的写法",
    ("tests/test_shape.py",),
    ("tests/test_shape.py::test_each_rule_knows_what_it_looks_for",),
)
