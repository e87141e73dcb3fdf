"""The drills as tests: in the small form that a normal run has time for, all of a file in one process."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drills import tracing
from tests.drills.__main__ import SEED, Told, hold
from tests.drills.plan import drills


@pytest.fixture(scope="session")
def tracer(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    return tracing.build(tmp_path_factory.mktemp("tracer"))


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, tracer: Path | None) -> dict[str, Told]:
    """What the drills in `NUMBERS` of the test file said of themselves."""
    if not hasattr(os, "fork"):
        pytest.skip("drills fork")
    return {one["number"]: one for one in hold(drills(request.module.NUMBERS), "ci", SEED, tracer)}


@pytest.fixture
def held(told: dict[str, Told]) -> Callable[[str], None]:
    """The drill of this number must have held, and its control have failed."""

    def look(number: str) -> None:
        if told[number]["skipped"]:
            pytest.skip(told[number]["skipped"])
        assert told[number]["problems"] == [], told[number]

    return look
