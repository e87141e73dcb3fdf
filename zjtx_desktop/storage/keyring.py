"""Keeps the key file of an open book in step with the slots in the book.

Before a change of slots is committed the key file holds the old and the new ones, afterwards only what the book then
says: whenever the power goes, the file beside the book has a slot that some password opens.
"""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.keys import KeyFile, Slot, data_key, fingerprint, key_file


class Keyring:
    """Belongs to one open encrypted book. `is_between`: the key file holds two states of it."""

    def __init__(self, path: Path, secret: bytes) -> None:
        self.path, self.secret, self.key = path, secret, data_key(secret)
        self._slots: tuple[Slot, ...] = ()
        self.is_between = False

    def settle(self, connection: Connection) -> None:
        """Make the key file what the book says. A book without slots leaves it as it lies: some password opens it."""
        self._slots = slots_in(connection)
        self.is_between = False
        if not self._slots:
            return
        lying = self._lying()
        tries = lying.tries if lying else ()
        kept = {
            name: failures
            for name, failures in (lying.failures if lying else {}).items()
            if lying and _of(name, self._slots) == _of(name, lying.slots)  # a new password ends a lock
        }
        wanted = KeyFile(fingerprint(self.secret), self._slots, kept, tries)
        if wanted != lying:
            self._spare_a_strangers()
            wanted.write(self.path)

    def before_commit(self, connection: Connection) -> None:
        """Let the key file hold old and new slots, where they differ; raises when it cannot be written."""
        wanted = slots_in(connection)
        if wanted != self._slots:
            lying = self._lying() or KeyFile(fingerprint(self.secret), self._slots)
            self.is_between = True
            lying.joined(wanted).write(self.path)

    def findings(self, connection: Connection) -> list[str]:
        """One sentence when the key file is not what the book says."""
        wanted = slots_in(connection)
        if not wanted:
            return []
        try:
            lying = KeyFile.read(self.path)
        except AppError as error:
            return [str(error)]
        if lying.book == fingerprint(self.secret) and set(lying.slots) == set(wanted):
            return []
        return ["钥匙文件与账簿里登记的密码不一致。请关闭账簿再打开一次，钥匙文件会重新生成。"]

    def _spare_a_strangers(self) -> None:
        """The key file of another book that was laid here by mistake is put aside, it may be the only one."""
        with suppress(AppError, OSError):
            if KeyFile.read(self.path).book != fingerprint(self.secret):
                file = key_file(self.path)
                file.replace(file.with_name(f"{file.name}.别的账簿"))

    def _lying(self) -> KeyFile | None:
        """The key file beside the book, if it can be read and is this book's."""
        try:
            lying = KeyFile.read(self.path)
        except AppError:
            return None
        return lying if lying.book == fingerprint(self.secret) else None


def slots_in(connection: Connection) -> tuple[Slot, ...]:
    """The slots as the book has them."""
    rows = connection.exec_driver_sql("SELECT name, salt, sealed FROM key_slot ORDER BY id")
    return tuple(Slot(name, bytes(salt), bytes(sealed)) for name, salt, sealed in rows)


def _of(name: str, slots: tuple[Slot, ...]) -> list[Slot]:
    return [slot for slot in slots if slot.name == name]
