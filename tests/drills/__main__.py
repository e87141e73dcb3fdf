"""Every drill of the reliability plan and its figures in one table: `python3 go.py drills`.

    python3 go.py drills                     in the short form: some minutes on two cores
    python3 go.py drills --release           in the sizes that are held before a release: some hours
    python3 go.py drills --only 2,14 --seed 7

Each drill runs in a process of its own, two at a time. Exit code 1 when one did not hold, or a control did not fail
as it must; before a release also when one could not be held here.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.drills import tracing
from tests.drills.drill import Drill
from tests.drills.plan import drills

ROOT = Path(__file__).resolve().parents[2]
HEAD = ("编号", "演练", "规模", "结果", "反例（对照）", "秒")
SEED = 2023
AT_ONCE = 2
Told = dict[str, Any]


def hold(wanted: Sequence[Drill], size: str, seed: int, tracer: Path | None) -> list[Told]:
    """Hold these drills in a process of their own; what each said of itself."""
    environment = os.environ | {"PYTHONUTF8": "1", "QT_QPA_PLATFORM": "offscreen"}
    if tracer and any(drill.traced for drill in wanted):
        environment["LD_PRELOAD"] = str(tracer)
    command = [sys.executable, "-m", "tests.drills.one", ",".join(drill.number for drill in wanted), size, str(seed)]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")
    told = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    broken = {"scale": "—", "result": "没有做完", "control": "—", "problems": [run.stderr[-2000:]], "skipped": "", "seconds": 0}
    return told + [broken | {"number": drill.number} for drill in wanted[len(told) :]]


def row(drill: Drill, told: Told) -> str:
    """A row of the table."""
    result = told["skipped"] or ("未通过：" if told["problems"] else "") + told["result"]
    cells = (drill.number, drill.title, told["scale"], result, told["control"], f"{told['seconds']:.0f}")
    return "| " + " | ".join(cell.replace("|", "¦").replace("\n", " ") for cell in cells) + " |"


def tell(drill: Drill, told: Told) -> None:
    """Say at once how one went, with everything that was wrong."""
    word = "未演练" if told["skipped"] else "未通过" if told["problems"] else "通过"
    print(f"{word}  {drill.number} {drill.title}（{told['seconds']:.0f} 秒）", file=sys.stderr, flush=True)
    for words in told["problems"]:
        print(f"        {words}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Hold the drills that are asked for and print the table."""
    parser = argparse.ArgumentParser(prog="go.py drills", description="可靠性演练，结果为一张表")
    parser.add_argument("--release", action="store_true", help="发布前的规模，需几小时")
    parser.add_argument("--seed", type=int, default=SEED, help="随机数种子，同一种子同样的演练")
    parser.add_argument("--only", default="", help="只做这几项，编号用逗号隔开")
    asked = parser.parse_args(arguments)
    wanted = drills(asked.only)
    if not hasattr(os, "fork"):
        print("演练要在 Linux 上做：这台电脑的系统不能在办理中途终止一个复制出来的进程。", file=sys.stderr)
        return 1
    size, started = "release" if asked.release else "short", time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        tracer = tracing.build(Path(folder))

        def one(drill: Drill) -> Told:
            (told,) = hold([drill], size, asked.seed, tracer)
            tell(drill, told)
            return told

        begun = {drill.number: pool.submit(one, drill) for drill in sorted(wanted, key=lambda drill: not drill.long)}
        told = [begun[drill.number].result() for drill in wanted]
    print("| " + " | ".join(HEAD) + " |")
    print("|" + "---|" * len(HEAD))
    for drill, said in zip(wanted, told, strict=True):
        print(row(drill, said))
    failed, skipped = sum(bool(one["problems"]) for one in told), sum(bool(one["skipped"]) for one in told)
    print(f"\n{len(told)} 项，未通过 {failed}，未演练 {skipped}；种子 {asked.seed}，共 {time.monotonic() - started:.0f} 秒。")
    return int(bool(failed or (asked.release and skipped)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
