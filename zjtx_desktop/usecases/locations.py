"""Where books and backups lie, in words; what a window may ask about a place without opening anything there."""

from pathlib import Path

from zjtx_desktop.storage.places import Kind, mark_of, spot


def may_hold_a_book(folder: Path) -> bool:
    """Whether a book may be made in this folder: on this computer's own disk, which no service keeps in step."""
    return spot(folder).kind is Kind.OWN_DISK


def place_words(path: Path) -> str:
    """What kind of place it is, as a person calls it."""
    return spot(path).words


def on_one_disk(one: Path, other: Path) -> bool:
    """Whether two folders lie on the same disk, so that both go when it goes; False where one of them is not there."""
    mine, theirs = mark_of(one), mark_of(other)
    return mine is not None and theirs is not None and mine[0] == theirs[0]
