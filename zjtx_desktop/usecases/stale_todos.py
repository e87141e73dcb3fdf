"""What waits on the first page because it would be judged otherwise today: it needs the judgement, which the start does without."""

from dataclasses import replace

from sqlmodel import Session

from zjtx_desktop.domain.states import RoundState
from zjtx_desktop.usecases.overview import Overview, Todo
from zjtx_desktop.usecases.rejudging import changed_since
from zjtx_desktop.usecases.rounds import rounds


def stale_todos(session: Session) -> tuple[Todo, ...]:
    """A line for each computed round of an open year with awards that would come out otherwise, the latest year first."""
    open_ones = (line for line in rounds(session) if line.state is RoundState.COMPUTED and not line.closed)
    found = ((line, changed_since(session, line.id)) for line in open_ones)
    return tuple(
        Todo(
            "stale",
            len(stale),
            f"{line.year} 年度{line.name}有 {len(stale)} 笔奖补测算后有变化，重新测算以前不能办理",
            "rounds",
            True,
            stale[0].award_id,
        )
        for line, stale in found
        if stale
    )


def with_stale(seen: Overview, stale: tuple[Todo, ...]) -> Overview:
    """The overview with these lines over its own."""
    return replace(seen, todos=(*stale, *seen.todos))
