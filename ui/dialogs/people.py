"""Persons of the book: the first two, one more, other duties, a new first password, and whether one may do it all."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.second_person import add_second_person, second_of
from ui.dialogs.sign_in import add_new_password, check_twice, password_words
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.widgets.fields import NOTHING, LineEdit, NoteEdit, ParsedEdit, Remark
from ui.widgets.password_edit import PasswordEdit
from ui.widgets.roles_edit import RolesEdit
from zjtx_desktop.domain.passwords import PasswordRules
from zjtx_desktop.errors import BadValue
from zjtx_desktop.usecases import dual_control, people
from zjtx_desktop.usecases.people import NewPerson, PersonLine
from zjtx_desktop.values import MOST_NAME, look_alike

_FIRST = (
    "初始密码请当面告诉本人；保存以后显示一张首登码纸条，由同意的人交给本人。第一次登录两样都要，接着改成自己的密码，"
    "别人都不知道。"
)


class SetUpPeopleDialog(FormDialog):
    """Registers the first 系统管理员 and the first 审计员; `saved` carries the latter's name and slip.

    Then the book asks who signs in.
    """

    help_id = "people"

    def __init__(self, desk: OpenBook, rules: PasswordRules, parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, "登记人员", self._set_up, "登记并开始登录使用", parent)
        self._desk = desk
        form = self.form
        form.note(
            "登记以后，打开账簿要登录，每人只能办自己岗位的事，而且不能改回不登录的状态。"
            "先登记系统管理员和审计员，他们不办业务；其余人员由系统管理员登录后增加。"
        )
        form.note(password_words(rules))
        form.section("系统管理员")
        form.add("admin", "姓名", LineEdit("管人员、岗位和设置", MOST_NAME), required=True)
        add_new_password(form, "密码")
        form.section("审计员")
        form.add("auditor", "姓名", LineEdit("只看不改，须是另一人", MOST_NAME), required=True)
        form.add("first", "初始密码", PasswordEdit(), required=True, hint=_FIRST)

    def _set_up(self, values: dict[str, Any], tick: Tick) -> tuple[str, str]:
        check_twice(values)
        admin = NewPerson(values["admin"], values["new"])
        auditor = NewPerson(values["auditor"], values["first"])
        slip = self._desk.write(
            "登记人员", lambda session, _: people.set_up_people(session, admin, auditor, date.today()), tick
        )
        return auditor.name, slip


class NewNameEdit(LineEdit):
    """The name of somebody new; one that looks like a name that is there is pointed out."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(most=MOST_NAME)
        self._names = tuple(names)

    def remark_on(self, value: str) -> Remark:
        alike = next((one for one in self._names if one != value and look_alike(one) == look_alike(value)), None)
        return ("warn", f"账簿中的“{alike}”看上去一样，有的字不是同一个字，请核对是不是同一个人。") if alike else NOTHING


class PersonFormDialog(FormDialog):
    """Registers one more person; `saved` carries name and slip. `names` may agree."""

    help_id = "people"

    def __init__(
        self, desk: OpenBook, rules: PasswordRules, names: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.jobs, "增加人员", self._add, "增加", parent)
        self._desk = desk
        known = desk.ask_now(lambda session: [one.name for one in people.people(session)])
        self.form.add("name", "姓名", NewNameEdit(known), required=True)
        self.form.add("roles", "岗位", RolesEdit(), required=True)
        self.form.note(f"{_FIRST}{password_words(rules)}")
        add_new_password(self.form, "初始密码")
        add_second_person(self.form, names)

    def _add(self, values: dict[str, Any], tick: Tick) -> tuple[str, str]:
        check_twice(values)
        slip = self._desk.write(
            f"登记人员“{values['name']}”",
            lambda session, _: people.add(session, values["name"], values["roles"], values["new"], date.today()),
            tick,
            second_of(values, self._desk),
        )
        return values["name"], slip


class RolesDialog(FormDialog):
    """Gives a person other duties."""

    help_id = "people"

    def __init__(
        self, desk: OpenBook, line: PersonLine, names: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.jobs, f"{line.name}的岗位", self._change, parent=parent)
        self._desk, self._line = desk, line
        self.form.note(
            "同一笔奖补的初审、复核、审定、拨付要由不同的人办理，一人有几个岗位也一样。系统管理员和审计员不能兼任其他岗位。"
        )
        self.form.add("roles", "岗位", RolesEdit(), required=True)
        self.form.set_values({"roles": line.roles})
        add_second_person(self.form, names)

    def _change(self, values: dict[str, Any], tick: Tick) -> None:
        name, second = self._line.name, second_of(values, self._desk)
        self._desk.write(
            f"修改“{name}”的岗位", lambda session, _: people.change_roles(session, name, values["roles"]), tick, second
        )


class ResetPasswordDialog(FormDialog):
    """Gives somebody who has forgotten it a new first password; `saved` carries name and slip."""

    help_id = "people"

    def __init__(
        self,
        desk: OpenBook,
        line: PersonLine,
        rules: PasswordRules,
        names: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk.jobs, f"重设{line.name}的密码", self._reset, "重设", parent)
        self._desk, self._name = desk, line.name
        self.form.note(
            f"重设后，{line.name}的签名密钥换成新的，以前的签名仍然有效；本人下次登录时看到是谁在何时重设的。"
            f"{_FIRST}{password_words(rules)}"
        )
        add_new_password(self.form, "初始密码")
        add_second_person(self.form, names)

    def _reset(self, values: dict[str, Any], tick: Tick) -> tuple[str, str]:
        check_twice(values)
        name, new, second = self._name, values["new"], second_of(values, self._desk)
        slip = self._desk.write(
            f"重设“{name}”的密码", lambda session, _: people.reset_password(session, name, new, date.today()), tick, second
        )
        return name, slip


class ReactivateDialog(FormDialog):
    """Lets somebody who had left an encrypted book back in, by a new first password; `saved` carries name and slip."""

    help_id = "people"

    def __init__(
        self,
        desk: OpenBook,
        line: PersonLine,
        rules: PasswordRules,
        names: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk.jobs, f"启用{line.name}", self._reactivate, "启用", parent)
        self._desk, self._name = desk, line.name
        self.form.note(f"账簿是加密的，{line.name}停用时密码已经失效，要给一个新的。{_FIRST}{password_words(rules)}")
        add_new_password(self.form, "初始密码")
        add_second_person(self.form, names)

    def _reactivate(self, values: dict[str, Any], tick: Tick) -> tuple[str, str]:
        check_twice(values)
        name, new, second = self._name, values["new"], second_of(values, self._desk)
        slip = self._desk.write(
            f"启用“{name}”", lambda session, _: people.reactivate(session, name, new, date.today()), tick, second
        )
        return name, slip


class DualControlDialog(FormDialog):
    """Switches 不相容岗位相互分离 off with a reason, or on again."""

    help_id = "people"

    def __init__(self, desk: OpenBook, is_on: bool, names: Sequence[str], parent: QWidget | None = None) -> None:
        title = "停用岗位分离" if is_on else "恢复岗位分离"
        super().__init__(desk.jobs, title, self._switch, title, parent)
        self._desk, self._is_on = desk, is_on
        if is_on:
            self.form.note(
                "停用后，一个人可以办完一笔奖补的全部步骤。这会记入历史，印在汇总表和审批表上；"
                "停用期间办过的批次，恢复以后也一直印着。"
            )
            self.form.add("reason", "理由", NoteEdit("例如：编制只有一人，经某文件同意"), required=True)
        else:
            self.form.note("恢复后，同一笔奖补的初审、复核、审定、拨付要由不同的人办理。")
        add_second_person(self.form, names)

    def _switch(self, values: dict[str, Any], tick: Tick) -> None:
        on, reason, second = not self._is_on, values.get("reason") or "", second_of(values, self._desk)
        self._desk.write(
            self.windowTitle(), lambda session, _: dual_control.switch(session, on, reason), tick, second
        )


class RulesDialog(FormDialog):
    """What the office asks of passwords, and when the screen locks."""

    help_id = "people"

    def __init__(
        self, desk: OpenBook, rules: PasswordRules, names: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(desk.jobs, "密码和锁定", self._set, parent=parent)
        self._desk = desk
        self.form.note("网络安全等级保护二级：密码不少于 12 位，每 180 天更换，无人操作 10 分钟锁定。")
        self.form.add("shortest", "密码最短位数", ParsedEdit(_whole), required=True)
        self.form.add("days", "密码有效天数", ParsedEdit(_whole), required=True, hint="0 表示不限")
        self.form.add("idle_minutes", "无人操作几分钟后锁定", ParsedEdit(_whole), required=True)
        self.form.set_values(
            {"shortest": rules.shortest, "days": rules.days, "idle_minutes": rules.idle_minutes}
        )
        add_second_person(self.form, names)

    def _set(self, values: dict[str, Any], tick: Tick) -> None:
        second = second_of(values, self._desk)
        wanted = PasswordRules(**values)
        self._desk.write("修改密码和锁定的规定", lambda session, _: people.set_rules(session, wanted), tick, second)


def _whole(text: str) -> int:
    """A whole number as typed, full-width digits too."""
    if not (text.isdecimal() and len(text) < 6):
        raise BadValue(f"“{text}”不是整数，请填写数字。")
    return int(text)
