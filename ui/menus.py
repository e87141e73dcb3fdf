"""The menu bar, built from the table of commands; it enables what the window and the page offer."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ui import icons
from ui.commands import COMMANDS, MENUS, SEPARATOR, Act, icon_of, keys_of, text_of
from ui.page import PageSpec


class Menus(QObject):
    """One QAction a command. `offer` says what each does from now on; what is not offered is disabled."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._acts: dict[str, Act] = {}
        self._own: list[QAction] = []
        self._actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {key: window.menuBar().addMenu(text) for key, text in MENUS}
        for menu in self._menus.values():
            menu.aboutToShow.connect(self._dress)
        for command in COMMANDS:
            menu = self._menus[command.menu]
            if command.id == SEPARATOR:
                menu.addSeparator()
                continue
            self._actions[command.id] = self._add(menu, command.id, command.text, command.icon, command.keys)

    def offer(self, acts: Iterable[Act]) -> None:
        """Enable these acts and no others; a later one replaces an earlier one of the same id."""
        self._acts = {act.id: act for act in acts}
        for command in COMMANDS:
            if command.id in self._actions:
                act = self._acts.get(command.id)
                action = self._actions[command.id]
                action.setText(text_of(act) if act else command.text)
                action.setEnabled(act is not None and act.enabled)
        self._show_own([act for act in self._acts.values() if act.id not in self._actions])

    def action(self, name: str) -> QAction:
        """The action of a command, for a test or a tool button."""
        return self._actions[name]

    def fill(self, menu: QMenu, names: Iterable[str]) -> None:
        """Put the verbs of these ids, where they are offered now, into a context menu."""
        for name in names:
            if name == SEPARATOR:
                menu.addSeparator()
            elif name in self._actions and name in self._acts:
                menu.addAction(self._actions[name])
            elif action := next((own for own in self._own if own.data() == name), None):
                menu.addAction(action)

    def add_pages(self, pages: Sequence[PageSpec], show: QActionGroup) -> None:
        """List the pages in the view menu, Ctrl+1 … in their order; the group's `triggered` says which."""
        first = self._menus["view"].actions()[0]
        for number, page in enumerate(pages, start=1):
            action = QAction(page.title, self, checkable=True)
            action.setData(page.id)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            show.addAction(action)
            self._menus["view"].insertAction(first, action)
        self._menus["view"].insertSeparator(first)

    def add_choices(
        self, title: str, choices: Iterable[tuple[str, str]], group: QActionGroup, chosen: str
    ) -> None:
        """Add a submenu to the view menu of which one entry is chosen, such as light or dark."""
        menu = self._menus["view"].addMenu(title)
        for value, text in choices:
            action = QAction(text, self, checkable=True, checked=value == chosen)
            action.setData(value)
            group.addAction(action)
            menu.addAction(action)

    def _add(self, menu: QMenu, name: str, text: str, icon: str, keys: str = "") -> QAction:
        action = QAction(text, self)
        action.setData(name)
        action.setProperty("lateIcon", icon)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(self._run)
        menu.addAction(action)
        return action

    def _show_own(self, acts: Sequence[Act]) -> None:
        """A page's own verbs stand at the head of the tools menu."""
        tools = self._menus["tools"]
        if [(a.data(), a.text(), a.isEnabled()) for a in self._own if a.data()] == [
            (a.id, a.text, a.enabled) for a in acts
        ]:
            return
        for action in self._own:
            tools.removeAction(action)
            action.deleteLater()
        self._own = []
        first = tools.actions()[0]
        for act in acts:
            action = self._add(tools, act.id, act.text, icon_of(act), keys_of(act))
            action.setEnabled(act.enabled)
            tools.removeAction(action)
            tools.insertAction(first, action)
            self._own.append(action)
        if acts:
            self._own.append(tools.insertSeparator(first))

    def run(self, name: str) -> None:
        """Do what a command does just now; nothing when it is not offered."""
        act = self._acts.get(name)
        if act and act.enabled:
            act.run()

    def _dress(self) -> None:
        """Draw the icons of a menu when it first opens, not when the program starts."""
        for action in self.sender().actions():
            if name := action.property("lateIcon"):
                icons.dress(action, name)
                action.setProperty("lateIcon", "")

    def _run(self) -> None:
        self.run(self.sender().data())
