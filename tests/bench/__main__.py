"""Speed and memory in one table, beside what a user would run instead: `python3 go.py bench`.

Every figure is a ratio of CPU seconds measured in the same run, each side in a process of its own so that
peak memory is its own too. Nothing here fails a build; the table says what was aimed at.
"""

import sys

from tests.bench import checking, letters, lists, rows, starting, storing, workbook

HEAD = ("项目", "本程序", "对照", "倍数", "峰值 MB", "目标", "结果")


def main(wanted: list[str]) -> int:
    """Print the rows of every bench whose name is in `wanted`, or of all."""
    print("| " + " | ".join(HEAD) + " |")
    print("|" + "---|" * len(HEAD))
    for bench in (letters, storing, checking, lists, rows, workbook, starting):
        if not wanted or bench.__name__.rpartition(".")[2] in wanted:
            for line in bench.rows():
                print("| " + " | ".join(map(str, line)) + " |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
