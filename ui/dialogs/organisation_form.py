"""The form of one organisation: checked while it is filled in, saved as one action."""

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.pages.organisation_words import confirmed_by
from ui.widgets.fields import ChoiceEdit, CodeEdit, LineEdit, NoteEdit
from ui.widgets.form import Form
from ui.widgets.shares_edit import SharesEdit
from zjtx_desktop.errors import BadValue
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.treasuries import Confirmation
from zjtx_desktop.values import MOST_NAME, MOST_NOTE, Division, free_text

_PAUSE = 400  # milliseconds after the last key before the book is asked
COMPANY = ((True, "是（公司、企业）"), (False, "不是（园区、院校、协会等）"))
_UNCONFIRMED = "来自名单的所属地区，还没有人确认。核对以后改写依据再保存，就是确认；也可以在列表中选几家一并“确认受益财政”。"


class OrganisationDialog(FormDialog):
    """Registers an organisation, or changes the one given, whose treasuries have this `standing`; `saved` carries its id."""

    def __init__(
        self,
        desk: OpenBook,
        organisation_id: int | None = None,
        known: OrganisationForm | None = None,
        standing: Confirmation | None = None,
        parent: QWidget | None = None,
    ) -> None:
        title = f"修改企业“{known.name}”" if known else "新建企业"
        super().__init__(desk.jobs, title, self._write, parent=parent)
        self._desk, self._id = desk, organisation_id
        _fill(self.form, standing)
        if known:
            self.form.set_values(_values(known))
        self._asking = QTimer(self, singleShot=True, interval=_PAUSE)
        self._asking.timeout.connect(self._ask_holder)
        self.form.changed.connect(self._check)
        self.saved.connect(desk.tell)
        self._show_reason()
        self.form.field("name").setFocus()

    def _write(self, values: dict[str, Any], tick: Tick) -> int:
        form = OrganisationForm(
            **values | {"former_names": tuple(filter(None, (values["former_names"] or "").splitlines()))}
        )
        number = self._id
        if number is None:
            return self._desk.write(
                f"登记企业“{form.name}”", lambda session, _: organisations.register(session, form), tick
            )
        self._desk.write(
            f"修改企业“{form.name}”", lambda session, _: organisations.change(session, number, form), tick
        )
        return number

    def _check(self) -> None:
        self._show_reason()
        self._asking.start()

    def _show_reason(self) -> None:
        """A code that fails its check digit is kept only with a reason."""
        code = self._readable("credit_code")
        self.form.set_shown("code_reason", bool(code and not code.check_digit_ok))

    def _ask_holder(self) -> None:
        code, name, me = self._readable("credit_code"), self._readable("name"), self._id
        if name or code:
            self._desk.ask(
                lambda session: (
                    organisations.holder(session, code, name or "", me),
                    organisations.look_alikes(session, name or "", me),
                ),
                self._say_known,
            )

    def _say_known(self, known: tuple[str, tuple[str, ...]]) -> None:
        holder, alike = known
        if holder:
            self.form.say("name", "warn", f"账簿中“{holder}”已用这个代码或名称，请核对是否重复登记。")
        elif alike:
            self.form.say(
                "name", "warn", f"账簿中的“{alike[0]}”看上去一样，有的字不是同一个字，请核对是不是同一家。"
            )

    def _readable(self, key: str) -> Any:
        try:
            return self.form.field(key).value()
        except BadValue:
            return None


class _NamesEdit(NoteEdit):
    """Former names, one a line."""

    def value(self) -> str | None:
        return "\n".join(free_text(line, "曾用名", MOST_NAME) for line in self.toPlainText().splitlines() if line.strip()) or None


def _fill(form: Form, standing: Confirmation | None) -> None:
    form.section("单位")
    form.add("name", "单位名称", LineEdit("营业执照或登记证书上的全称", MOST_NAME), required=True)
    form.add("credit_code", "统一社会信用代码", CodeEdit())
    form.add("code_reason", "代码保留理由", LineEdit("如 营业执照上即如此，已核对原件"), required=True)
    form.add(
        "division", "所属地区", ChoiceEdit([(one, one.name) for one in Division.all()], blank="（未填）")
    )
    form.add(
        "former_names", "曾用名", _NamesEdit("每行一个；更名时改上面的名称，原名会自动记到这里", lines=2)
    )
    form.section("受益财政")
    form.add("shares", "受益财政", SharesEdit(), hint="分享该单位地方税收的财政；有几处的，填写各占百分之几")
    form.add("shares_evidence", "依据", LineEdit("如 税务部门证明的名称和日期"))
    if standing:
        form.note(f"{confirmed_by(standing)}。" if standing.is_confirmed else _UNCONFIRMED)
    form.section("收款与联系")
    form.add("payee_name", "收款单位", LineEdit("与单位名称不同的才填，如基地的运营单位", MOST_NAME))
    hint = "基地、平台的收款单位未必是企业，登记以前不能奖励；企业称号的不用登记"
    form.add("is_company", "收款单位是不是企业", ChoiceEdit(COMPANY, blank="未登记"), hint=hint)
    form.add("payee_bank", "开户银行", LineEdit(most=MOST_NAME))
    form.add("payee_account", "银行账号", LineEdit(most=MOST_NAME))
    form.add("contact", "联系人", LineEdit(most=MOST_NAME))
    form.add("phone", "联系电话", LineEdit(most=MOST_NAME))
    form.add("note", "备注", NoteEdit(lines=2, most=MOST_NOTE))


def _values(known: OrganisationForm) -> dict[str, Any]:
    values = {key: getattr(known, key) for key in OrganisationForm.__dataclass_fields__}
    return values | {"former_names": "\n".join(known.former_names)}
