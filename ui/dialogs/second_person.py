"""The part of a form where a second person agrees: name and own password, or the reason why there is nobody to ask."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.widgets.fields import ChoiceEdit, NoteEdit
from ui.widgets.form import Form
from ui.widgets.password_edit import PasswordEdit
from zjtx_desktop.usecases.duties import Second
from zjtx_desktop.usecases.signing_in import sign_in

NAME, PASSWORD, REASON = "second_name", "second_password", "second_reason"


class SecondPart:
    """What `add_second_person` put into a form, which can be shown or left out as a whole."""

    def __init__(self, form: Form, keys: Sequence[str], around: Sequence[QWidget]) -> None:
        self._form, self._keys, self._around = form, tuple(keys), tuple(around)

    def set_shown(self, shown: bool) -> None:
        """Ask, or ask no longer."""
        for key in self._keys:
            self._form.set_shown(key, shown)
        for widget in self._around:
            widget.setVisible(shown)


def add_second_person(form: Form, names: Sequence[str]) -> SecondPart:
    """Ask one of `names`, from `consents.who_may_agree`, for the own password; without any, ask why one does it alone."""
    around = list(form.section("两个人同办"))
    if names:
        form.add(NAME, "同意的人", ChoiceEdit([(name, name) for name in names], "请选择"), required=True)
        form.add(PASSWORD, "同意的人的密码", PasswordEdit(), required=True)
        if len(names) == 1:
            form.set_values({NAME: names[0]})
        around.append(form.note("请同意的人看清上面的内容，自己输入密码。两个人都记入历史。"))
        return SecondPart(form, (NAME, PASSWORD), around)
    form.add(REASON, "一人办理的理由", NoteEdit("现在没有另一位系统管理员或审批人员，请写明为什么由一人办理"), required=True)
    around.append(form.note("理由长期保留，可以在历史中查到；影响金额的，印在汇总表和审批表上。"))
    return SecondPart(form, (REASON,), around)


def second_of(values: dict[str, Any], desk: OpenBook) -> Second:
    """Who agreed, by what was typed; on the worker. Refused when the password is another. The fields are taken out."""
    name, password, reason = (values.pop(key, None) for key in (NAME, PASSWORD, REASON))
    if name:
        return Second(sign_in(desk.book, name, password, datetime.now(UTC)))
    return Second(None, reason or "")


class TwoPersonsDialog(FormDialog):
    """Says what is to be done and asks a second person to agree; `saved` carries what `deed(session)` gave."""

    help_id = "people"

    def __init__(
        self,
        desk: OpenBook,
        title: str,
        said: str,
        ok: str,
        deed: Callable[[Any], Any],
        names: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk.jobs, title, self._do, ok, parent)
        self._desk, self._deed = desk, deed
        self.form.note(said)
        add_second_person(self.form, names)

    def _do(self, values: dict[str, Any], tick: Tick) -> Any:
        second = second_of(values, self._desk)
        return self._desk.write(self.windowTitle(), lambda session, _: self._deed(session), tick, second)
