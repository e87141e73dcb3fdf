"""Killing the program at any moment of import, compute or issue leaves the whole of the action or nothing."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from zjtx_desktop import headless, headless_rounds
from zjtx_desktop.demo import SAMPLE
from zjtx_desktop.exchange.lists import ListDefaults
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, rounds
from zjtx_desktop.usecases.awards import award_lines
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.organisations import LISTING

ROOT = Path(__file__).resolve().parents[2]
KILLS = 34  # each of three commands: over a hundred in all
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed where they can be forked")


@pytest.fixture(scope="module")
def killer() -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, str(Path(__file__).with_name("killing.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    ) as process:
        yield process
        process.communicate()


def ask(killer: subprocess.Popen[str], **command: object) -> dict:
    killer.stdin.write(json.dumps(command) + "\n")
    killer.stdin.flush()
    return json.loads(killer.stdout.readline())


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A book just before each of the three commands."""
    folder = tmp_path_factory.mktemp("stages")
    book = folder / "县.zjtx"
    made = {}
    headless.new_book(book, "361123", "示例县财政局", "张三")
    made["do_import"] = shutil.copy(book, folder / "import.zjtx")
    headless.import_list(book, SAMPLE, ListDefaults(), date(2026, 3, 1), "张三")
    headless_rounds.confirm_treasuries(book, (), "税务局清单（示例）", date(2026, 3, 1), "张三")
    made["do_compute"] = shutil.copy(book, folder / "compute.zjtx")
    headless_rounds.compute_year(book, 2024, "张三")
    made["do_issue"] = shutil.copy(book, folder / "issue.zjtx")
    return made


def amount_of_work(book: Path) -> tuple[int, int, int]:
    """How many organisations, awards and letters the book holds; it must be sound."""
    with Book(book) as opened:
        assert check(opened) == []
        with opened.reading() as session:
            organisations = len(LISTING.ids(session))
            year = next((line for line in rounds.rounds(session) if line.year == 2024), None)
            awards = len(award_lines(session, year.id)) if year else 0
            issued = len(letters.register(session, year.id)) if year else 0
    return organisations, awards, issued


@pytest.mark.timeout(600)
@pytest.mark.parametrize("task", ["do_import", "do_compute", "do_issue"])
def test_a_kill_leaves_the_whole_of_the_action_or_nothing(killer, stages, tmp_path, task):
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    moments = random.Random(seed)
    before = amount_of_work(stages[task])
    whole = tmp_path / "whole.zjtx"
    shutil.copy(stages[task], whole)
    took = ask(killer, task=task, book=str(whole))
    assert not took["failed"]
    after = amount_of_work(whole)
    assert after != before
    killed, seen = 0, set()
    while killed < KILLS:
        book = tmp_path / "县.zjtx"
        shutil.copy(stages[task], book)
        done = ask(killer, task=task, book=str(book), after=moments.uniform(0, took["seconds"]))
        assert not done["failed"]
        killed += done["killed"]
        found = amount_of_work(book)
        assert found in (before, after), seed
        seen.add(found)
        for left in tmp_path.glob("县*"):
            left.unlink()
    assert before in seen
