"""A book as the program before wrote it: no digests, no frozen payees, no signed actions, steps signed one by one."""

import json

from sqlalchemy import select
from sqlmodel import Session

from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.book import print_of
from zjtx_desktop.usecases.process import signed_text

NEW = {
    "award": ("payee_name", "payee_bank", "payee_account"),
    "award_step": ("digest",),
    "ledger_entry": ("payee_name", "payee_bank", "payee_account"),
    "person": ("box_key",),
    "notice": ("late_reason",),
}


def make_old(book, keys=None, without=()):
    """Rewrite rows and history to that, its chain in order; `keys` are the persons' own, by name, `without` tables it had not yet."""
    with book._writing.begin() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'").scalars().all()
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for table, columns in NEW.items():
            paths = ", ".join(f"'$.{column}'" for column in columns)
            for column in columns:
                connection.exec_driver_sql(f"UPDATE {table} SET {column} = NULL")
            connection.exec_driver_sql(
                f"UPDATE change SET before = json_remove(before, {paths}), after = json_remove(after, {paths}) "
                f"WHERE table_name = '{table}'"
            )
        _forget(connection, "certificate", "consent", "root_key", "root_share", *without)
        _sign_steps(connection, keys or {})
        connection.exec_driver_sql("UPDATE action SET hash = NULL, signature = NULL")
        for action_id in connection.exec_driver_sql("SELECT id FROM action ORDER BY id").scalars().all():
            history.seal(connection, action_id)
        history.install(connection)
    book.latest, book._tip = book._look_at_the_end()  # as if it were opened only now
    book._print = print_of(book.path)


def _forget(connection, *tables_then_unknown):
    """Take out tables that there were none of, and number the history anew."""
    for table in tables_then_unknown:
        connection.exec_driver_sql(f"DELETE FROM {table}")
        connection.exec_driver_sql("DELETE FROM change WHERE table_name = ?", (table,))
    left = connection.exec_driver_sql("SELECT id FROM change ORDER BY id").scalars().all()
    for number, change_id in enumerate(left, start=1):
        connection.exec_driver_sql("UPDATE change SET id = ? WHERE id = ?", (number, change_id))
    connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = 'change'", (len(left),))


def _sign_steps(connection, keys):
    s, a = tables.AwardStep, tables.Award
    with Session(connection) as session:
        for step, number in session.execute(select(s, a.number).join(a, s.award_id == a.id)).all():
            if step.person in keys:
                step.signature = keys[step.person].sign(signed_text(number, step)).hex()
                said = json.dumps(step.signature)
                connection.exec_driver_sql("UPDATE award_step SET signature = ? WHERE id = ?", (step.signature, step.id))
                connection.exec_driver_sql(
                    "UPDATE change SET after = json_set(after, '$.signature', json(?)) WHERE table_name = 'award_step' AND row_id = ?",
                    (said, step.id),
                )
        session.expunge_all()
