"""The part of a form where a second person agrees: name and own password, or the reason why there is nobody to ask."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ui.open_book import OpenBook
from ui.widgets.fields import ChoiceEdit, NoteEdit
from ui.widgets.form import Form
from ui.widgets.password_edit import PasswordEdit
from zjtx_desktop.usecases.duties import Second
from zjtx_desktop.usecases.signing_in import sign_in

_NAME, _PASSWORD, _REASON = "second_name", "second_password", "second_reason"


def add_second_person(form: Form, names: Sequence[str]) -> None:
    """Ask one of `names`, from `consents.who_may_agree`, for the own password; without any, ask why one does it alone."""
    form.section("两个人同办")
    if names:
        form.add(_NAME, "同意的人", ChoiceEdit([(name, name) for name in names], "请选择"), required=True)
        form.add(_PASSWORD, "同意的人的密码", PasswordEdit(), required=True)
        form.note("请另一位系统管理员或审批人员看清上面的内容，自己输入密码。两个人都记入历史。")
    else:
        form.add(_REASON, "一人办理的理由", NoteEdit("现在没有另一位系统管理员或审批人员，请写明为什么由一人办理"), required=True)
        form.note("理由长期保留，可以在历史中查到。")


def second_of(values: dict[str, Any], desk: OpenBook) -> Second:
    """Who agreed, by what was typed; on the worker. Refused when the password is another. The fields are taken out."""
    name, password, reason = (values.pop(key, None) for key in (_NAME, _PASSWORD, _REASON))
    if name:
        return Second(sign_in(desk.book, name, password, datetime.now(UTC)))
    return Second(None, reason or "")
