"""The part of the history that awards are replayed from: of the whole book, or of some awards and what bears on them."""

import json
from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Connection

# All that belongs to these awards or bears on them: whoever lays down what an amount rests on, the organisations that
# were merged or parted where an award went along, and every person.
_OF_AWARDS = """
WITH ours AS (SELECT id, round_id, organisation_id, recognition_id FROM award WHERE id IN (SELECT value FROM json_each(?))),
moved AS (
    SELECT DISTINCT h.action_id FROM ours JOIN change AS h ON h.table_name = 'award' AND h.row_id = ours.id
    WHERE h.before IS NOT NULL AND h.after IS NOT NULL AND
    json_extract(h.before, '$.organisation_id', '$.recognition_id') <> json_extract(h.after, '$.organisation_id', '$.recognition_id')
),
parts AS (SELECT p.id FROM ours JOIN award_part AS p ON p.award_id = ours.id),
wanted AS (
    SELECT 'award' AS t, id FROM ours
    UNION SELECT 'round', round_id FROM ours
    UNION SELECT 'organisation', organisation_id FROM ours
    UNION SELECT 'organisation', x.row_id FROM moved JOIN change AS x ON x.action_id = moved.action_id AND x.table_name = 'organisation'
    UNION SELECT 'award_part', id FROM parts
    UNION SELECT 'ledger_entry', e.id FROM parts JOIN ledger_entry AS e ON e.part_id = parts.id
    UNION SELECT 'award_step', s.id FROM ours JOIN award_step AS s ON s.award_id = ours.id
    UNION SELECT 'manual_amount', m.id FROM ours JOIN manual_amount AS m ON m.recognition_id = ours.recognition_id
    UNION SELECT 'decision', d.id FROM ours JOIN decision AS d ON d.recognition_id = ours.recognition_id
    UNION SELECT 'budget', b.id FROM budget AS b WHERE b.round_id IN (SELECT round_id FROM ours)
    UNION SELECT 'setting', id FROM setting WHERE key = 'dual_control'
    UNION SELECT 'person', id FROM person
)
SELECT c.id, c.action_id, c.table_name, c.row_id, c.after
FROM wanted CROSS JOIN change AS c ON c.table_name = wanted.t AND c.row_id = wanted.id ORDER BY c.id
"""
_OF_ALL = """
SELECT id, action_id, table_name, row_id, after FROM change WHERE table_name IN (
    'award', 'award_part', 'award_step', 'ledger_entry', 'round', 'person', 'setting', 'manual_amount', 'decision', 'budget',
    'organisation'
) ORDER BY id
"""
_ACTIONS = "SELECT id, title, by_name, hash, signature FROM action"


class ChangeLine(NamedTuple):
    """What a row became by an action, as JSON; None where it was removed."""

    id: int
    action_id: int
    table: str
    row_id: int
    after: str | None


class SignedAction(NamedTuple):
    """An action with its hash, None while it is being done, and its person's signature over that."""

    id: int
    title: str
    by: str
    hash: str | None
    signature: str | None


def changes_of_all(connection: Connection) -> Iterator[ChangeLine]:
    """Every change of a row that bears on awards, in order."""
    yield from map(ChangeLine._make, connection.exec_driver_sql(_OF_ALL))


def changes_of(connection: Connection, award_ids: Collection[int]) -> list[ChangeLine]:
    """The changes of these awards, of what bears on them and of the persons, in order; of parts those there are now."""
    return list(map(ChangeLine._make, connection.exec_driver_sql(_OF_AWARDS, (json.dumps(list(award_ids)),))))


def actions(connection: Connection, only: Collection[int] | None = None) -> dict[int, SignedAction]:
    """Every action by its number, or `only` these."""
    if only is None:
        return {row[0]: SignedAction(*row) for row in connection.exec_driver_sql(f"{_ACTIONS} ORDER BY id")}
    some = connection.exec_driver_sql(f"{_ACTIONS} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(only)),))
    return {row[0]: SignedAction(*row) for row in some}
