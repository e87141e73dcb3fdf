"""设置 → 人员: who works on the book, with which duties, and whether one person may do it all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton

from ui.dialogs.people import (
    DualControlDialog,
    PersonFormDialog,
    ReactivateDialog,
    ResetPasswordDialog,
    RolesDialog,
    RulesDialog,
    SetUpPeopleDialog,
)
from ui.dialogs.recovery import SlipDialog
from ui.dialogs.second_person import TwoPersonsDialog
from ui.models.column import Column, Kind, State
from ui.models.table import TableModel
from ui.open_book import OpenBook
from ui.pages.settings_tabs import Tab
from ui.settings import Settings
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import label
from ui.widgets.list_view import ListView
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.passwords import PasswordRules
from zjtx_desktop.usecases import duties, people, root
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.people import PersonLine

_SET_UP = (("set_up", "登记人员…", "person"),)
_SINGLE = "账簿由一名操作人使用。要分岗办理、每步签名的，请登记人员；登记以后每人用自己的密码打开账簿。"


@dataclass(frozen=True, slots=True)
class _Seen:
    people: tuple[PersonLine, ...]
    rules: PasswordRules
    single: str
    root: str = ""  # fingerprint of the root key
    hints: tuple[str, ...] = ()


class PeopleTab(Tab):
    """Shows the persons to everybody; only the 系统管理员 may press the buttons."""

    says = Signal(str, str)
    title = "人员"

    def __init__(self, desk: OpenBook, settings: Settings) -> None:
        super().__init__()
        self._desk, self._settings = desk, settings
        self._seen = _Seen((), PasswordRules(), "")
        self.empty = EmptyState("person", "还没有登记人员", _SINGLE, _SET_UP)
        self.model = TableModel(_COLUMNS, lambda line: line.id, parent=self)
        self.view = ListView(self.model)
        self.view.setAccessibleName("人员")
        self.add, self.roles = self._button("增加…", self.ask_new), self._button("修改岗位…", self.ask_roles)
        self.reset, self.leave = self._button("重设密码…", self.ask_reset), self._button("停用…", self.switch_active)
        self.dual, self.rules = self._button("", self.ask_dual), self._button("密码和锁定…", self.ask_rules)
        self.enable = self._button("启用单位根密钥…", self.ask_root)
        self.single, self.said = label(wraps=True), label("", "soft", wraps=True)
        self.root = label("", "soft", wraps=True)
        self._lay_out()
        self.empty.chosen.connect(lambda _: self.ask_set_up())
        self.view.selection_changed.connect(self._offer)
        self._show(self._seen)

    def refresh(self) -> None:
        self._desk.ask(
            lambda session: _Seen(
                people.people(session),
                people.rules(session),
                duties.why_single(session),
                root.fingerprint(session),
                root.key_hints(session, self._desk.is_encrypted),
            ),
            self._show,
        )

    def line(self) -> PersonLine | None:
        """The person selected."""
        index = self.view.currentIndex()
        return self.model.row(index.row()) if index.isValid() else None

    # what the buttons do

    def ask_set_up(self) -> None:
        """Register the first two persons; then somebody has to sign in."""
        dialog = SetUpPeopleDialog(self._desk, self._seen.rules, self)
        dialog.saved.connect(lambda given: self._show_slip(given, self._desk.staffed.emit))
        self._show_dialog(dialog, "已登记人员。")

    def ask_new(self) -> None:
        """Register one more."""
        dialog = PersonFormDialog(self._desk, self._seen.rules, self._partners(), self)
        dialog.saved.connect(self._show_slip)
        self._show_dialog(dialog, "已增加。请把初始密码当面告诉本人。")

    def ask_roles(self) -> None:
        """Change the duties of the person selected."""
        if line := self.line():
            self._show_dialog(RolesDialog(self._desk, line, self._partners(), self), f"已修改{line.name}的岗位。")

    def ask_reset(self) -> None:
        """Give the person selected a new first password."""
        if line := self.line():
            dialog = ResetPasswordDialog(self._desk, line, self._seen.rules, self._partners(), self)
            dialog.saved.connect(self._show_slip)
            self._show_dialog(dialog, f"已重设{line.name}的密码。请把初始密码当面告诉本人。")

    def switch_active(self) -> None:
        """Let the person selected sign in no more, or again."""
        line = self.line()
        if line is None:
            return
        if not line.active and self._desk.is_encrypted:
            dialog = ReactivateDialog(self._desk, line, self._seen.rules, self._partners(), self)
            dialog.saved.connect(self._show_slip)
            self._show_dialog(dialog, f"已启用{line.name}。请把初始密码当面告诉本人。")
            return
        title, said, ok, deed = f"停用“{line.name}”", f"停用后{line.name}不能再登录，办理过的事和签名都保留。以后可以重新启用。", "停用", people.deactivate
        if not line.active:
            title, said, ok = f"启用“{line.name}”", f"启用后{line.name}用停用以前的密码登录，岗位也和那时一样。", "启用"
            deed = people.reactivate
        two = TwoPersonsDialog(self._desk, title, said, ok, lambda session: deed(session, line.name), self._partners(), self)
        self._show_dialog(two, "已保存。")

    def ask_root(self) -> None:
        """Give the office its root key, by two persons."""
        said = (
            "单位根密钥证明每个人的岗位和密钥：绕过程序改动的岗位不能登录，检查时会指出来。启用时现有的人员一并证明，"
            "请先核对人员和岗位；此前的人员改动按旧账对待。"
        )
        names = self._desk.ask_now(lambda session: who_may_agree(session, self._desk.person))
        self._show_dialog(TwoPersonsDialog(self._desk, root.ENABLED, said, "启用", root.enable, names, self), "单位根密钥已启用。")

    def ask_dual(self) -> None:
        """Let one person take every step, with the reason, or no longer."""
        self._show_dialog(DualControlDialog(self._desk, not self._seen.single, self._partners(), self), "已修改，并记入历史。")

    def ask_rules(self) -> None:
        """Change what is asked of passwords."""
        self._show_dialog(RulesDialog(self._desk, self._seen.rules, self._partners(), self), "已修改，锁定时间下次登录时生效。")

    # how it is built and shown

    def _button(self, text: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for button in (self.add, self.roles, self.reset, self.leave):
            first.addWidget(button)
        second.addWidget(self.dual)
        second.addWidget(self.rules)
        second.addWidget(self.enable)
        for row in (first, second):
            row.addStretch()
        self.view.setMinimumHeight(self.fontMetrics().lineSpacing() * 9)
        self.column.addWidget(self.empty, 1)
        self.column.addWidget(self.said)
        self.column.addLayout(first)
        self.column.addWidget(self.view, 1)
        self.column.addWidget(self.single)
        self.column.addWidget(self.root)
        self.column.addLayout(second)

    def _show(self, seen: _Seen) -> None:
        self._seen = seen
        chosen = self.line()
        self.model.show(seen.people)
        staffed = bool(seen.people)
        self.empty.setVisible(not staffed)
        for widget in (self.said, self.add, self.roles, self.reset, self.leave, self.view, self.single, self.root, self.dual, self.rules):
            widget.setVisible(staffed)
        self.single.setText(
            f"岗位分离：已停用。理由：{seen.single}" if seen.single else "岗位分离：同一笔奖补的初审、复核、审定、拨付由不同的人办理。"
        )
        told = f"单位根密钥的指纹：{seen.root}。请抄下来与恢复码一起保管，对不上的就是换过了。" if seen.root else ""
        self.root.setText("".join((told, *seen.hints)))
        self.enable.setVisible(staffed and not self._desk.is_encrypted)
        self.enable.setText("更换单位根密钥…" if seen.root else "启用单位根密钥…")
        self.dual.setText("恢复岗位分离…" if seen.single else "停用岗位分离…")
        if staffed:
            rows = [line.id for line in seen.people]
            self.view.selectRow(rows.index(chosen.id) if chosen and chosen.id in rows else 0)
        self._offer()

    def _offer(self) -> None:
        """Only the 系统管理员 may; the others are told so."""
        mine = any(line.name == self._desk.person and Role.ADMIN in line.roles for line in self._seen.people)
        self.said.setText(
            "初始密码由本人第一次登录时改掉；忘记密码的在这里重设。" if mine else "人员、岗位和密码由系统管理员管理。"
        )
        line = self.line()
        for button in (self.add, self.dual, self.rules, self.enable):
            button.setEnabled(mine)
        for button in (self.roles, self.reset):
            button.setEnabled(mine and line is not None and line.active)
        self.leave.setEnabled(mine and line is not None)
        self.leave.setText("停用…" if line is None or line.active else "重新启用")

    def _show_dialog(self, dialog: QDialog, said: str) -> None:
        dialog.saved.connect(lambda _: self._saved(said))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _partners(self) -> tuple[str, ...]:
        return self._desk.ask_now(lambda session: root.partners(session, self._desk.person))

    def _show_slip(self, given: tuple[str, str], then: Callable[[], None] = lambda: None) -> None:
        """Show the slip of a first password, then go on."""
        dialog = SlipDialog(self._desk, self._settings, *given, self)
        dialog.finished.connect(lambda _: then())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _saved(self, said: str) -> None:
        self._desk.tell()
        self.refresh()
        self.says.emit("good", said)


def _state(line: PersonLine) -> State:
    if not line.active:
        return State("已停用", "soft")
    if line.locked_until and line.locked_until > datetime.now(UTC):
        return State("暂停登录", "error")
    return State("待改初始密码", "warn") if line.must_change else State("在岗", "good")


_COLUMNS: Sequence[Column] = (
    Column("name", "姓名", lambda line: line.name, letters=9),
    Column("duties", "岗位", lambda line: line.duties, letters=20),
    Column("state", "状态", _state, Kind.STATE, letters=9),
    Column("password_on", "密码修改日期", lambda line: line.password_on, Kind.DATE, letters=8),
)
