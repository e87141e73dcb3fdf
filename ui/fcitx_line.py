"""A conversation with a running fcitx 5 or fcitx 4 over D-Bus; each version is spoken to in its own dialect."""

import logging
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    MatchRule,
    Message,
    MessageFlag,
    MessageType,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

log = logging.getLogger(__name__)
FAILURES = (OSError, EOFError, TimeoutError, DBusErrorResponse)  # how a conversation breaks off
_PATIENCE = 1.5  # seconds for an answer: at the first key fcitx reads its dictionaries, later it takes 1 ms
_PREEDIT_FORMATTED = 2 | 16


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one version of fcitx is spoken to."""

    name: str
    context_interface: str
    capability: tuple[str, str]
    key_signature: str
    release: Callable[[bool], Any]
    create: Callable[["Dialect", DBusConnection], str]


def _message(
    to: DBusAddress, method: str, signature: str | None = None, values: tuple[Any, ...] = ()
) -> Message:
    """A call that never makes the bus start an fcitx of its own, which would know nothing of this desktop."""
    message = new_method_call(to, method, signature, values)
    message.header.flags |= MessageFlag.no_auto_start
    return message


def _ask(
    bus: DBusConnection,
    to: DBusAddress,
    method: str,
    signature: str | None = None,
    values: tuple[Any, ...] = (),
) -> tuple[Any, ...]:
    reply = bus.send_and_get_reply(_message(to, method, signature, values), timeout=_PATIENCE)
    if reply.header.message_type is MessageType.error:
        raise DBusErrorResponse(reply)
    return reply.body


def _create5(dialect: Dialect, bus: DBusConnection) -> str:
    to = DBusAddress("/org/freedesktop/portal/inputmethod", dialect.name, "org.fcitx.Fcitx.InputMethod1")
    return _ask(bus, to, "CreateInputContext", "a(ss)", ([("program", QApplication.applicationName())],))[0]


def _create4(dialect: Dialect, bus: DBusConnection) -> str:
    to = DBusAddress("/inputmethod", dialect.name, "org.fcitx.Fcitx.InputMethod")
    answer = _ask(bus, to, "CreateICv3", "si", (QApplication.applicationName(), os.getpid()))
    return f"/inputcontext_{answer[0]}"


def dialects() -> tuple[Dialect, ...]:
    """The versions of fcitx that may run here, the newer first."""
    display = os.environ.get("DISPLAY", ":0").split(":")[-1].split(".")[0]
    return (
        Dialect(
            "org.fcitx.Fcitx5",
            "org.fcitx.Fcitx.InputContext1",
            ("SetCapability", "t"),
            "uuubu",
            bool,
            _create5,
        ),
        Dialect(
            f"org.fcitx.Fcitx-{display}",
            "org.fcitx.Fcitx.InputContext",
            ("SetCapacity", "u"),
            "uuuiu",
            int,
            _create4,
        ),
    )


class FcitxLine:
    """One conversation with a running fcitx; every method raises one of `FAILURES` when it breaks off."""

    def __init__(self, dialect: Dialect, bus: DBusConnection) -> None:
        self._dialect, self._bus = dialect, bus
        self._context = DBusAddress(dialect.create(dialect, bus), dialect.name, dialect.context_interface)
        self._said: deque[Any] = deque()
        rule = MatchRule(type="signal", interface=dialect.context_interface, path=self._context.object_path)
        _ask(bus, message_bus, "AddMatch", "s", (rule.serialise(),))
        self._filter = bus.filter(rule, queue=self._said)
        self._filter.__enter__()
        self.tell(dialect.capability[0], dialect.capability[1], (_PREEDIT_FORMATTED,))

    @property
    def socket(self) -> int:
        """What to watch for words from fcitx."""
        return self._bus.sock.fileno()

    def tell(self, method: str, signature: str | None = None, values: tuple[Any, ...] = ()) -> None:
        """Say something that needs no answer."""
        self._bus.send(_message(self._context, method, signature, values))

    def takes_key(self, event: QKeyEvent) -> bool:
        """Offer a key; whether fcitx keeps it for itself."""
        released = self._dialect.release(event.type() == QEvent.Type.KeyRelease)
        key = (
            event.nativeVirtualKey(),
            event.nativeScanCode(),
            event.nativeModifiers(),
            released,
            event.timestamp() & 0xFFFFFFFF,
        )
        return bool(_ask(self._bus, self._context, "ProcessKeyEvent", self._dialect.key_signature, key)[0])

    def listen(self) -> None:
        """Take in what lies on the socket."""
        try:
            while True:
                self._bus.recv_messages(timeout=0)
        except TimeoutError:
            pass

    def heard(self) -> list[tuple[str, tuple[Any, ...]]]:
        """The signals taken in since last asked: name and values."""
        said = [(message.header.fields[HeaderFields.member], message.body) for message in self._said]
        self._said.clear()
        return said

    def hang_up(self) -> None:
        """End the conversation."""
        self._filter.__exit__(None, None, None)
        self._bus.close()


def find_fcitx() -> FcitxLine | None:
    """A line to whichever fcitx runs, or None."""
    for dialect in dialects():
        try:
            bus = open_dbus_connection(bus="SESSION")
        except (*FAILURES, KeyError, ValueError):
            return None
        try:
            if _ask(bus, message_bus, "NameHasOwner", "s", (dialect.name,))[0]:
                return FcitxLine(dialect, bus)
        except FAILURES as error:
            log.warning("fcitx does not answer: %s", type(error).__name__)
        bus.close()
    return None
