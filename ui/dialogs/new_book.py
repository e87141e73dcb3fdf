"""The first-run guide: whose book it is, where it lies, and who works with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.dialogs.sign_in import add_new_password, check_twice, password_words
from ui.jobs import Jobs, Tick
from ui.widgets.fields import ChoiceEdit, LineEdit, TickEdit
from ui.widgets.folder_edit import FolderEdit
from zjtx_desktop.domain.passwords import PasswordRules
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.values import Division

_WELCOME = "账簿是一个文件，装着本单位的企业、认定、奖补和文书。下面的内容以后都可以在“设置”里修改。"


class NewBookDialog(FormDialog):
    """Makes the book on the worker; `saved` carries it, open. The person's name is in `person`."""

    help_id = "index"

    def __init__(self, jobs: Jobs, folder: Path, person: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "新建账簿", _make, "新建账簿", parent)
        self._suggested = {"office": "", "name": ""}  # what stands there because of the division chosen
        form = self.form
        form.note(_WELCOME)
        form.section("单位")
        choices = [(division, division.name) for division in Division.all()]
        self.division = form.add("division", "所属县（市、区）", ChoiceEdit(choices, "请选择"), required=True)
        self.office = form.add("office", "单位名称", LineEdit("印在文书上的全称"), required=True)
        form.add("contact", "联系方式", LineEdit("联系人和电话，印在拨付通知上，可以以后再填"))
        form.section("账簿放在哪里")
        form.add(
            "folder",
            "文件夹",
            FolderEdit("选择账簿放在哪里"),
            required=True,
            hint="请放在本机硬盘上，不要放在网络盘或同步盘里",
        )
        self.name = form.add("name", "文件名", LineEdit(), required=True)
        form.section("操作人")
        form.add("person", "您的姓名", LineEdit("记在每一次修改上"), required=True)
        form.note(f"账簿用密码加密。{password_words(PasswordRules())}")
        self.plain = form.add("plain", "示例或试用", TickEdit("示例或试用，不加密"))
        self.plain.changed.connect(self._ask_password_or_not)
        add_new_password(form, "密码")
        form.set_values({"folder": folder, "person": person or None})
        self.division.changed.connect(self._suggest)

    @property
    def person(self) -> str:
        """Who makes it."""
        return self.form.field("person").value() or ""

    def _ask_password_or_not(self) -> None:
        for key in ("new", "again"):
            self.form.set_shown(key, not self.plain.value())

    def _suggest(self) -> None:
        """Fill in what follows from the division, unless the person has written something else."""
        division = self.division.value()
        if division is None:
            return
        place = "上饶市" if division.is_city else division.name
        for key, text in (("office", f"{place}财政局"), ("name", f"{place}奖补账簿")):
            field = self.form.field(key)
            if field.text() in ("", self._suggested[key]):
                field.setText(text)
                self._suggested[key] = text


class PersonDialog(FormDialog):
    """Asks who works here; `saved` carries the name."""

    help_id = "index"

    def __init__(self, jobs: Jobs, person: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "操作人", _name, "确定", parent)
        self.form.note("姓名记在每一次修改、决定和打印上，修改记录里可以查到是谁做的。")
        self.form.add("person", "您的姓名", LineEdit("例如 张三"), required=True)
        self.form.set_values({"person": person or None})


def _make(values: dict[str, Any], _tick: Tick) -> Any:
    check_twice(values)
    return make_book(
        NewBook(
            division=values["division"],
            office=values["office"],
            contact=values["contact"] or "",
            folder=values["folder"],
            name=values["name"],
            person=values["person"],
            password=values["new"],
        )
    )


def _name(values: Mapping[str, Any], _tick: Tick) -> str:
    return str(values["person"])
