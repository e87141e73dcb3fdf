"""The book: tables, migrations, sessions, history and integrity. SQL that only SQLite knows stays here."""
