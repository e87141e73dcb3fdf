"""The file's own guard of closed years: whatever the program does, their rounds, awards and money stay.

An award whose unfinished parts were carried on belongs to the year it was carried to.
"""

from collections.abc import Iterator

CLOSED = "closed year"
TABLE = "year_closing"


def _year_of_round(round_id: str) -> str:
    return f"(SELECT year FROM round WHERE id = {round_id})"


def _year_of_award(award_id: str) -> str:
    """The year an award belongs to: of the round it was carried to last, else of its own."""
    carried = (
        "SELECT r.year FROM carry_over c JOIN award_part p ON p.id = c.part_id "
        "JOIN round r ON r.id = c.round_id "
        f"WHERE p.award_id = {award_id} ORDER BY c.id DESC LIMIT 1"
    )
    own = f"SELECT r.year FROM award a JOIN round r ON r.id = a.round_id WHERE a.id = {award_id}"
    return f"coalesce(({carried}), ({own}))"


def _year_of_part(part_id: str) -> str:
    return _year_of_award(f"(SELECT award_id FROM award_part WHERE id = {part_id})")


def _is_closed(year: str) -> str:
    return f"EXISTS (SELECT 1 FROM {TABLE} WHERE reopened_on IS NULL AND year = {year})"


def _is_listed(recognition_id: str) -> str:
    """Whether a closed year's list holds the recognition."""
    return (
        f"EXISTS (SELECT 1 FROM {TABLE} y JOIN round r ON r.year = y.year "
        "JOIN round_item i ON i.round_id = r.id "
        f"WHERE y.reopened_on IS NULL AND i.recognition_id = {recognition_id})"
    )


_EVENTS = (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))


def conditions(table: str) -> Iterator[tuple[str, str]]:
    """For each kind of write to a table the SQL that is true where it would touch a closed year."""
    for event, row in _EVENTS:
        if table == "recognition" and event != "INSERT":
            yield event, _is_listed(f"{row}.id")
        elif table in ("decision", "manual_amount"):
            yield event, _is_listed(f"{row}.recognition_id")
        elif table == "award":
            added = event == "INSERT"
            yield event, _is_closed(_year_of_round("NEW.round_id") if added else _year_of_award("OLD.id"))
        elif year := _year(table, row):
            yield event, _is_closed(year)


def _year(table: str, row: str) -> str | None:
    """The year that a row of a table belongs to; None where it belongs to none."""
    if table == "round":
        return f"{row}.year"
    if table in ("round_item", "budget", "notice", "carry_over"):
        return _year_of_round(f"{row}.{'from_' if table == 'carry_over' else ''}round_id")
    if table in ("award_part", "award_step", "notice_item", "objection", "document"):
        return _year_of_award(f"{row}.award_id")
    return _year_of_part(f"{row}.part_id") if table == "ledger_entry" else None
