"""What came of a batch: each with ok or refused and why; it stays on screen until it is put away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.models.column import Column, Kind, State
from ui.models.table import TableModel
from ui.settings import Settings
from ui.widgets.labels import label
from ui.widgets.list_view import ListView


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of them; `id` leads back to its record."""

    id: int
    subject: str
    state: State
    why: str = ""


_COLUMNS = (
    Column("state", "结果", attrgetter("state"), Kind.STATE, letters=7),
    Column("subject", "对象", attrgetter("subject"), letters=22),
    Column("why", "说明", attrgetter("why"), letters=34, tip=attrgetter("why")),
)


class ResultList(QWidget):
    """Shows results with how many there are of each; only what was not done can be picked out.
    `opened(id)`.
    """

    opened = Signal(int)

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self._results: Sequence[Result] = ()
        self.summary = label(role="head")
        self.only_bad = QPushButton("只看没有办成的", checkable=True)
        self.only_bad.setProperty("role", "plain")
        self.only_bad.toggled.connect(self._show)
        self.model = TableModel(_COLUMNS, attrgetter("id"), parent=self)
        self.view = ListView(self.model, settings, "results")
        self.view.setAccessibleName("结果")
        self.view.header.setSectionResizeMode(len(_COLUMNS) - 1, self.view.header.ResizeMode.Stretch)
        self.view.sort_changed.connect(self.model.sort_held)
        self.view.opened.connect(self.opened)
        self.view.selection_changed.connect(self._explain)
        self.why = label(role="soft", wraps=True)
        top = QHBoxLayout()
        self.lead = QPushButton()
        self.lead.setProperty("role", "link")
        self.lead.hide()
        self._on: Callable[[], None] | None = None
        self.lead.clicked.connect(self._lead_on)
        top.addWidget(self.summary, 1)
        top.addWidget(self.lead)
        top.addWidget(self.only_bad)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.why)

    def show_results(self, results: Sequence[Result]) -> None:
        """Show what came of it."""
        self._results = results
        counted: dict[str, int] = {}
        for result in results:
            counted[result.state.text] = counted.get(result.state.text, 0) + 1
        self.summary.setText(
            f"共 {len(results)} 项：" + "，".join(f"{text} {n}" for text, n in counted.items())
        )
        self.only_bad.setVisible(any(_is_bad(result) for result in results))
        self._show()

    def lead_on(self, words: str, run: Callable[[], None] | None) -> None:
        """Offer what puts right what was refused; no words for nothing."""
        self._on = run
        self.lead.setText(words)
        self.lead.setVisible(bool(words))

    def _lead_on(self) -> None:
        if self._on:
            self._on()

    def _explain(self) -> None:
        """The whole sentence of the row one is on: in the list it may be cut."""
        index = self.view.currentIndex()
        self.why.setText(self.model.row(index.row()).why if index.isValid() else "")

    def _show(self) -> None:
        wanted = [result for result in self._results if not self.only_bad.isChecked() or _is_bad(result)]
        self.model.show(wanted)
        self.model.sort_held(self.view.sort)
        rows = (place for place in range(len(wanted)) if _is_bad(self.model.row(place)))
        if (first := next(rows, None)) is not None:  # so that its whole sentence stands under the list
            self.view.selectRow(first)
        self._explain()


def _is_bad(result: Result) -> bool:
    return result.state.tone in ("error", "warn")
