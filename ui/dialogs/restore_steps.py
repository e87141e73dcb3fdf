"""After a backup was chosen: it is unlocked, and whoever must agree to the restore does, seeing what will be lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Jobs, Tick
from ui.open_book import OpenBook
from ui.widgets.fields import ChoiceEdit, LineEdit
from ui.widgets.password_edit import PasswordEdit
from zjtx_desktop.errors import AppError, Refused
from zjtx_desktop.usecases.backups import BackupLine
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.restoring import (
    Hands,
    Preview,
    held_against_paper,
    identify,
    names_for,
    unlock,
    unlock_by_code,
)
from zjtx_desktop.usecases.signing_in import sign_in

_AROUND = 14  # pixels: frame and padding of the list of lost actions
_LINES = 4  # of what will be lost, before one scrolls


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The secret of a backup, and who opened it."""

    secret: bytes = field(repr=False)
    actor: Actor
    by_code: bool


class UnlockBackupDialog(FormDialog):
    """Asks for a person's password or the printed 恢复码; `saved` carries an Unlocked."""

    help_id = "backup"
    keeps_input = False

    def __init__(self, jobs: Jobs, line: BackupLine, person: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "打开加密的备份", self._open, "打开", parent)
        self._backup, self._person, names = line.path, person, names_for(line.path)
        self.form.note(f"“{line.path.name}”是加密的。用密码或者用恢复码打开，填一种就行。")
        if names:
            self.form.section("用密码")
            self.form.add("name", "姓名", ChoiceEdit([(name, name) for name in names]))
            self.form.add("password", "密码", PasswordEdit())
            self.form.set_values({"name": person if person in names else names[0]})
        else:
            self.form.note("备份旁边没有可用的钥匙文件（扩展名 .keys），只能用恢复码打开。")
        self.form.section("用恢复码")
        self.form.add(
            "code", "恢复码", LineEdit("封存的那一张上的 9 组字符，大小写和横线都不要紧")
        )

    def _open(self, values: dict[str, Any], _tick: Tick) -> Unlocked:
        if code := values["code"]:
            return Unlocked(unlock_by_code(self._backup, code), Actor(self._person), True)
        if not values.get("password"):
            raise Refused("密码和恢复码都没有填。请填一种。")
        name, password = values["name"], values["password"]
        secret = unlock(self._backup, name, password)
        return Unlocked(secret, _person(self._backup, name, password, secret), False)


class ConfirmRestoreDialog(FormDialog):
    """Says what a restore will do and lose, and takes the passwords of those who must agree; `saved` carries Hands.

    With a book on the desk its signed-in person is one of the two, else both give their passwords here.
    """

    help_id = "backup"
    keeps_input = False

    def __init__(
        self,
        jobs: Jobs,
        seen: Preview,
        path: Path,
        hands: Hands,
        desk: OpenBook | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, "恢复备份", self._agree, "恢复", parent)
        self._seen, self._hands, self._desk = seen, hands, desk
        self._where = path if seen.is_there else seen.line.path
        self.ok.setProperty("role", "danger")
        self.form.note(_what(seen, path))
        self.lost = QPlainTextEdit(_lost(seen), readOnly=True)
        self.lost.setAccessibleName("将会少的操作")
        self.lost.setFixedHeight(self.lost.fontMetrics().lineSpacing() * min(len(seen.lost), _LINES) + _AROUND)
        if seen.lost:
            self.form.section(f"将会少的操作（共 {seen.lost_count} 步，新的在前）")
            self.form.add_widget(self.lost)
        self._is_by_two = bool(seen.others) and not (hands.by_code and not seen.is_there)
        self._is_signed = hands.actor.key is not None and hands.actor.name in seen.admins
        if seen.warnings:
            self.banner.say("warn", "".join(seen.warnings))
        if self._is_by_two:
            self._add_persons()
        self.form.section("核对够不够新")
        self.form.add("paper", "文书校验码", LineEdit("选填：最近一份文书上的账簿校验码"))

    def _add_persons(self) -> None:
        if self._desk and not self._is_signed:
            self.banner.say("error", f"恢复备份要由系统管理员登录后办理，现在登录的是{self._hands.actor.name}。请换人登录。")
            self.ok.setEnabled(False)
            return
        self.form.section("两个人同办")
        self.form.note("账簿登记了人员，恢复要系统管理员和另一位在岗人员各用自己的密码同意，两个人都记在修改记录里。")
        if not self._is_signed:
            self._add_person("admin", "系统管理员", self._seen.admins)
        others = [name for name in self._seen.others if not self._is_signed or name != self._hands.actor.name]
        self._add_person("other", "另一位人员", others)

    def _add_person(self, key: str, title: str, names: Sequence[str]) -> None:
        choice = ChoiceEdit([(name, name) for name in names], "请选择")
        self.form.add(key, title, choice, required=True)
        self.form.add(f"{key}_password", f"{title}的密码", PasswordEdit(), required=True)

    def _agree(self, values: dict[str, Any], _tick: Tick) -> Hands:
        if values["paper"] and (why := held_against_paper(self._seen.line.path, self._seen.secret, values["paper"])):
            raise Refused(f"{why}确实要用这一份的，请清空校验码再按“恢复”。")
        if not self._is_by_two:
            return self._hands
        if not self._is_signed and values["admin"] == values["other"]:
            raise Refused("两次选的是同一个人。请由另一位人员选自己的姓名、输入密码。")
        actor = self._hands.actor if self._is_signed else self._who(values, "admin")
        return Hands(actor, self._who(values, "other"))

    def _who(self, values: dict[str, Any], key: str) -> Actor:
        name, password = values[key], values[f"{key}_password"]
        if self._desk:
            return sign_in(self._desk.book, name, password, datetime.now(UTC))
        return identify(self._where, name, password, self._seen.secret)

    def _failed(self, error: AppError) -> None:
        super()._failed(error)
        for key in ("admin_password", "other_password"):
            if key in self.form.values():
                self.form.field(key).set_value(None)


def _person(backup: Path, name: str, password: str, secret: bytes) -> Actor:
    """With the own key where the backup knows persons, by name where it has one user only."""
    try:
        return identify(backup, name, password, secret)
    except Refused:
        return Actor(name)


def _what(seen: Preview, path: Path) -> str:
    line = seen.line
    held = f"企业 {line.organisations:,} 家，认定 {line.recognitions:,} 条，奖补 {line.awards:,} 笔、{line.total} 元"
    aside = (
        f"现在的账簿先另存为“{path.stem}（恢复前）…”，需要时再用它换回来。" if path.exists() else "原来的账簿已不在那里。"
    )
    return f"用 {line.at:%Y-%m-%d %H:%M} 的备份（{held}）恢复账簿“{path.name}”。{aside}"


def _lost(seen: Preview) -> str:
    lines = [f"{one.at:%Y-%m-%d %H:%M}　{one.by_name}　{one.title}" for one in seen.lost]
    if seen.lost_count > len(seen.lost):
        lines.append(f"……更早的还有 {seen.lost_count - len(seen.lost)} 步")
    return "\n".join(lines)
