"""登录: who works on the book, with the own password; and the own password is changed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Jobs, Tick
from ui.open_book import OpenBook
from ui.widgets.fields import ChoiceEdit, LineEdit
from ui.widgets.password_edit import PasswordEdit
from zjtx_desktop.domain.passwords import PasswordRules
from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.entering import enter, who_needs_slips
from zjtx_desktop.usecases.signing_in import sign_in


class _NameAndPassword(FormDialog):
    """`names` may sign in, `last` is chosen first; `said` stands over the fields. A password that failed is gone.

    Those of `slips` have a first password and are asked for the 首登码 of their slip as well.
    """

    help_id = "people"
    keeps_input = False

    def __init__(
        self, jobs: Jobs, names: Sequence[str], slips: Sequence[str], last: str, said: str, parent: QWidget | None
    ) -> None:
        super().__init__(jobs, "登录", self._enter, "登录", parent)
        self._slips = frozenset(slips)
        self.form.note(said)
        self.name = self.form.add("name", "姓名", ChoiceEdit([(name, name) for name in names]), required=True)
        self.password = self.form.add("password", "密码", PasswordEdit(), required=True)
        hint = "第一次登录时填写，在随初始密码交给您的纸条上，8 个字符"
        self.form.add("slip", "首登码", LineEdit("照纸条填写，例如 7K3M-0XQ2"), required=True, hint=hint)
        last = names[0] if len(names) == 1 else last
        self.form.set_values({"name": last, "password": None})
        self.name.changed.connect(self._show_name)
        self._show_name()
        self.saved.connect(lambda _: self.password.set_value(None))
        if last in names:
            self.password.setFocus()

    def _enter(self, values: dict[str, Any], _tick: Tick) -> Any:
        raise NotImplementedError

    def _show_name(self) -> None:
        self.password.set_value(None)
        self.form.set_shown("slip", self.name.value() in self._slips)

    def _failed(self, error: AppError) -> None:
        super()._failed(error)
        self.password.set_value(None)

    def _ended(self) -> None:
        super()._ended()
        if self.isVisible():
            self.password.setFocus()


class SignInDialog(_NameAndPassword):
    """Into a book that is open already; `saved` carries the Actor."""

    def __init__(
        self, book: Any, jobs: Jobs, names: Sequence[str], last: str, said: str = "", parent: QWidget | None = None
    ) -> None:
        with book.reading() as session:
            slips = people.names_with_slips(session)
        super().__init__(jobs, names, slips, last, said or f"账簿“{book.path.name}”登记了人员，请登录后使用。", parent)
        self._book = book

    def _enter(self, values: dict[str, Any], _tick: Tick) -> Any:
        return sign_in(self._book, values["name"], values["password"], datetime.now(UTC), slip=values["slip"] or "")


class UnlockDialog(_NameAndPassword):
    """Into an encrypted book, which one password opens; `saved` carries the book, open, and the Actor.

    `forgotten`: whoever sits here would rather use the 恢复码.
    """

    forgotten = Signal()

    def __init__(
        self, path: Path, jobs: Jobs, names: Sequence[str], last: str, parent: QWidget | None = None
    ) -> None:
        slips = who_needs_slips(path) if names else ()
        super().__init__(jobs, names, slips, last, f"账簿“{path.name}”已加密，请输入密码打开。", parent)
        self._path = path
        self.code = QPushButton("忘记密码：用恢复码…", autoDefault=False)
        self.code.setProperty("role", "link")
        self.code.clicked.connect(self.forgotten)
        self._buttons.insertWidget(0, self.code)

    def _enter(self, values: dict[str, Any], _tick: Tick) -> Any:
        return enter(self._path, values["name"], values["password"], datetime.now(UTC), slip=values["slip"] or "")

    def _set_busy(self, busy: bool) -> None:
        """What the worker opens now must find its way to the desk: meanwhile nobody leaves."""
        super()._set_busy(busy)
        for button in (self.code, self.cancel):
            button.setEnabled(not busy)

    def reject(self) -> None:
        """Close, but not under the worker."""
        if self.ok.isEnabled():
            super().reject()


class LockDialog(SignInDialog):
    """Covers a program that was left alone: it closes only by a password, of the same person or of another."""

    def __init__(self, book: Any, jobs: Jobs, names: Sequence[str], me: str, parent: QWidget | None = None) -> None:
        said = f"程序已锁定。{me}的工作还在原处，输入密码后继续。换别人登录的，没有保存的内容会丢失。"
        super().__init__(book, jobs, names, me, said, parent)
        self.setWindowTitle("已锁定")
        self.ok.setText("解锁")
        self.cancel.hide()

    def reject(self) -> None:
        """Esc and the cross do nothing here."""


class ChangePasswordDialog(FormDialog):
    """Gives the signed-in person another password; `saved` follows. `why` tells when it must be."""

    help_id = "people"
    keeps_input = False

    def __init__(self, desk: OpenBook, rules: PasswordRules, why: str = "", parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, "修改密码", self._change, "修改密码", parent)
        self._desk = desk
        self.form.note(f"{desk.person}：{why or '新密码保存后马上生效。'}{password_words(rules)}")
        self.form.add("old", "原密码", PasswordEdit(), required=True)
        add_new_password(self.form)

    def _change(self, values: dict[str, Any], tick: Tick) -> None:
        check_twice(values)
        self._desk.write(
            "修改密码",
            lambda session, _: people.change_password(session, values["old"], values["new"], date.today()),
            tick,
        )


def password_words(rules: PasswordRules) -> str:
    """What a password must be, for a note over its fields."""
    return f"密码至少 {rules.shortest} 位，不要用常见的词、连续的数字或本人姓名；一句自己记得住的话最好。"


def add_new_password(form: Any, title: str = "新密码") -> None:
    """Two fields for the same new password."""
    form.add("new", title, PasswordEdit(), required=True)
    form.add("again", "再输一遍", PasswordEdit(), required=True)


def check_twice(values: dict[str, Any]) -> None:
    """Refused when the two differ."""
    if values["new"] != values["again"]:
        raise Refused("两次输入的新密码不一样，请重新输入。")
