"""Holds drills one after the other in a process of its own, which has no threads and may fork.

    python -m tests.drills.one 2,14 short 2023
"""

import json
import sys
import tempfile
import time
import traceback
from dataclasses import asdict
from pathlib import Path

from tests.drills.drill import Done, Drill, Ground
from tests.drills.plan import drills

MEMORY = Path("/dev/shm")


def main(numbers: str, size: str, seed: str) -> int:
    """Hold the drills of these numbers; a JSON line for each says how it went."""
    for drill in drills(numbers):
        started = time.monotonic()
        done = _hold(drill, size, int(seed))
        seconds = time.monotonic() - started
        print(json.dumps(asdict(done) | {"number": drill.number, "seconds": seconds}, ensure_ascii=False), flush=True)
    return 0


def _hold(drill: Drill, size: str, seed: int) -> Done:
    fast = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory() as slow, tempfile.TemporaryDirectory(dir=fast) as quick:
        try:
            return drill.hold(Ground(size, seed, Path(slow).resolve(), Path(quick).resolve()))
        except Exception:  # whatever it is, the drill did not hold, and the table says so
            return Done("—", "演练没有做完", "—", problems=(traceback.format_exc()[-3000:],))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
