"""设置 › 政策: the policy in force in words, and another one taken from a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from ui import icons
from ui.dialogs.files import ask_open
from ui.dialogs.pack_change import PackChangeDialog
from ui.jobs import Tick
from ui.models.column import State
from ui.open_book import OpenBook
from ui.pages.settings_tabs import Tab
from ui.settings import Settings
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import pack_change
from zjtx_desktop.usecases.pack_change import PackChange
from zjtx_desktop.usecases.packs import bases, current_pack
from zjtx_desktop.usecases.policy_view import PolicyView, policy_view

_OPEN_QUESTIONS = "下面是程序的默认做法；各批次可以在“奖补”页的“测算口径”里另选，并写明依据。"


class PolicyTab(Tab):
    """The policy in force: its clauses, rules, open questions, and whether its worked examples come out."""

    title = "政策"
    says = Signal(str, str)

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        super().__init__()
        self._desk, self._settings = desk, settings
        self._shown = ""  # SHA-256 of the pack on screen
        self.text = DetailPanel()
        self.text.setAccessibleName("政策")
        self.update_pack, self.go_back = QPushButton("从文件更新政策包…"), QPushButton("换回程序自带的政策包…")
        icons.dress(self.update_pack, "import")
        self.update_pack.clicked.connect(self.ask_file)
        self.go_back.clicked.connect(self.ask_shipped)
        self.go_back.hide()
        row = QHBoxLayout()
        row.addWidget(self.update_pack)
        row.addWidget(self.go_back)
        row.addStretch()
        self.column.addLayout(row)
        self.column.addWidget(self.text)

    def refresh(self) -> None:
        shown = self._shown

        def question(session: Any) -> tuple[Pack, PolicyView | None, bool]:
            pack = current_pack(session)
            view = policy_view(pack) if pack.sha256 != shown else None  # its examples are worked out once
            return pack, view, pack_change.is_shipped(session)

        self._desk.ask(question, self._show)

    def ask_file(self) -> None:
        """Ask for a pack and show what it would change."""
        path = ask_open(self, self._settings, "从文件更新政策包", "政策包 (*.toml)")
        if path:
            self.compare_file(path)

    def compare_file(self, path: Path) -> None:
        """Read a pack on the worker and show what it would change."""

        def read(_tick: Tick) -> PackChange:
            pack = pack_change.read_pack(path, self._desk.ask_now(bases))
            return self._desk.ask_now(lambda session: pack_change.compare(session, pack))

        self._desk.jobs.run(read, self._ask, self._fail, label="比较政策包")

    def ask_shipped(self) -> None:
        """Show what going back to the program's own pack would change."""
        pack = pack_change.shipped_pack()
        self._desk.ask(lambda session: pack_change.compare(session, pack), self._ask, self._fail)

    def _ask(self, change: PackChange) -> None:
        dialog = PackChangeDialog(self._desk, change, self)
        dialog.activated.connect(self._activated)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _activated(self, sentence: str) -> None:
        self.says.emit("good", sentence)
        self.refresh()

    def _fail(self, error: AppError) -> None:
        self.says.emit("error", str(error))

    def _show(self, found: tuple[Pack, PolicyView | None, bool]) -> None:
        pack, view, is_shipped = found
        self.go_back.setVisible(not is_shipped)
        if view:
            self._shown = pack.sha256
            self.text.show_detail(Detail(view.title, tuple(_sections(view))))


def _sections(view: PolicyView) -> Iterator[Section]:
    proof = State(f"{view.examples} 个算例全部通过", "good")
    if view.failures:
        proof = State("算例没有全部通过", "error")
    facts = (("政策包", view.pack), ("算例", proof))
    yield Section("", (*(Line(name, value) for name, value in facts), *view.failures))
    yield Section("所依据的文件", [Line(name, text) for name, text in view.documents])
    for clause in view.clauses:
        yield Section(f"{clause.heading}（{clause.where}）", (clause.text,))
    for rule in view.rules:
        yield Section(rule.label, [Line(name, text) for name, text in rule.lines])
    yield Section("文件没有写明、可以选择的口径", (_OPEN_QUESTIONS,))
    for switch in view.switches:
        lines = (switch.description, Line("未明确的文件", switch.document), Line("默认", switch.default), Line("可选", switch.others))
        yield Section(switch.label, lines)
