"""Python's cycle collector, run on the UI thread only: on another it destroys Qt objects where they do not
live.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY = 1000  # milliseconds


class Collector(QObject):
    """Takes collecting over from Python while it lives; `stop` gives it back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_EVERY)

    def collect(self) -> int | None:
        """Collect the oldest generation that is due; returns it, or None when none is."""
        due = [
            age
            for age, (have, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if have > limit
        ]
        if not due:
            return None
        gc.collect(due[-1])
        return due[-1]

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()
