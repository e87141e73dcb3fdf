"""Children that are killed in the middle of what they do."""

import os
import signal
import time
from collections.abc import Callable

from tests.drills.tracing import leaving


def killed(task: Callable[[], None], after: float | None) -> tuple[bool, float]:
    """Fork a child for `task` and kill it after so many seconds, or let it end.

    Whether it was still at work, and how long it had. RuntimeError when it failed by itself.
    """
    started = time.monotonic()
    child = os.fork()
    if not child:
        with leaving():
            task()
    if after is not None:
        time.sleep(after)  # the moment of death is what the drill is about, nothing is waited for
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the child failed by itself")
    return os.WIFSIGNALED(status), time.monotonic() - started


def at_once(tasks: list[Callable[[], str]]) -> list[str]:
    """Fork a child for each task and let all go at the same moment; what each said, in no order."""
    go, say = os.pipe(), os.pipe()
    children = []
    for task in tasks:
        child = os.fork()
        if not child:
            os.close(go[1])
            with leaving():
                os.read(go[0], 1)
                os.write(say[1], f"{task()}\n".encode())
        children.append(child)
    for end in (*go, say[1]):
        os.close(end)
    with os.fdopen(say[0], encoding="utf-8") as heard:
        said = heard.read().splitlines()
    for child in children:
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise RuntimeError("a child failed by itself")
    return said
