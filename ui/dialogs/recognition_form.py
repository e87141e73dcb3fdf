"""The form of one recognition: the organisation chosen from the book or new, its fields checked against each other."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.widgets.fields import NOTHING, ChoiceEdit, DateEdit, LineEdit, NoteEdit, ParsedEdit, TickEdit
from ui.widgets.form import Form
from ui.widgets.organisation_edit import ChosenOrganisation, OrganisationEdit
from zjtx_desktop.domain.titles import Kind, Level, Titles
from zjtx_desktop.errors import BadValue
from zjtx_desktop.usecases import organisations, recognitions
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.recognition_doubts import CHECKED, doubts
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.values import MOST_NOTE, DocumentNumber, parse_year

_PAUSE = 300  # milliseconds after the last key before the fields are compared


class RecognitionDialog(FormDialog):
    """Registers a recognition, or changes the one given; `saved` carries its id.

    `known` is what stands there at first and `organisation` whose it is; `batches` are offered while typing.
    """

    def __init__(
        self,
        desk: OpenBook,
        recognition_id: int | None = None,
        known: RecognitionForm | None = None,
        organisation: ChosenOrganisation | None = None,
        batches: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk.jobs, "修改认定" if recognition_id else "新建认定", self._write, parent=parent)
        self._desk, self._id = desk, recognition_id
        _fill(self.form, desk)
        self.form.field("batch").suggest(batches)
        self.form.set_values(_values(known) if known else {})
        self.form.field("organisation").set_value(organisation)
        self.form.mark_clean()
        self._comparing = QTimer(self, singleShot=True, interval=_PAUSE)
        self._comparing.timeout.connect(self.compare)
        self.form.changed.connect(self._comparing.start)
        self.form.field("title").changed.connect(self._follow_title)
        self.saved.connect(desk.tell)
        self.form.field("title" if organisation else "organisation").setFocus()

    def accept(self) -> None:
        self.compare()
        super().accept()

    def compare(self) -> None:
        """Say at each field what does not go with the others."""
        found = {doubt.key: doubt for doubt in doubts(self._readable(), date.today())}
        for key in CHECKED:
            if self.form.field(key).remark() != NOTHING:
                continue  # it cannot be read; its own message stands there
            doubt = found.get(key)
            self.form.say(
                key, ("error" if doubt.hinders else "warn") if doubt else "", doubt.sentence if doubt else ""
            )

    def _write(self, values: dict[str, Any], tick: Tick) -> int:
        chosen: ChosenOrganisation = values.pop("organisation")
        number = str(values["document_number"]) if values["document_number"] else None
        values |= {"document_number": number, "listed_name": values["listed_name"] or chosen.name}
        values |= _titled(values["title"])

        def deed(session: Any, _tick: Tick) -> int:
            owner = chosen.id or organisations.register(session, OrganisationForm(name=chosen.name))
            form = RecognitionForm(organisation_id=owner, **values)
            if self._id is None:
                return recognitions.register(session, form)
            recognitions.change(session, self._id, form)
            return self._id

        return self._desk.write(f"{'登记' if self._id is None else '修改'}认定“{chosen.name}”", deed, tick)

    def _readable(self) -> dict[str, Any]:
        values = {}
        for key in ("title", "publicity_only", *CHECKED):
            try:
                values[key] = self.form.field(key).value()
            except BadValue:
                values[key] = None
        return values | _titled(values["title"])

    def _follow_title(self) -> None:
        """The merged title is a national one by itself."""
        if _titled(self.form.field("title").value())["title_type"]:
            self.form.field("level").set_value(Level.NATIONAL)


def _fill(form: Form, desk: OpenBook) -> None:
    titles = Titles.load()
    form.section("认定")
    form.add("organisation", "单位", OrganisationEdit(desk), required=True)
    form.add(
        "title",
        "称号",
        ChoiceEdit(_offered(titles), blank="（请选择）"),
        required=True,
        hint="2025 年 10 月合并后的国家级称号，按证书上的类型选平台或基地",
    )
    form.add(
        "level", "级别", ChoiceEdit([(one, one.value) for one in Level], blank="（请选择）"), required=True
    )
    form.add(
        "kind", "类型", ChoiceEdit([(one, one.value) for one in Kind], blank="（请选择）"), required=True
    )
    form.add("batch", "批次", LineEdit("如 第五批"))
    form.add("label_year", "名单年度", ParsedEdit(parse_year, str, "如 2024"))
    form.section("认定文件")
    form.add("document_title", "文件名称", LineEdit("公告或通知的标题"))
    form.add("document_number", "文号", ParsedEdit(DocumentNumber.parse, str, "如 赣工信企业字〔2024〕6号"))
    form.add("document_date", "认定日期", DateEdit("文件落款日期，如 2024-06-03"))
    form.add("publicity_only", "", TickEdit("仅为公示（公示不是认定，不能据以奖补）"))
    form.section("有效期与证书")
    form.add("valid_from", "有效期起", DateEdit())
    form.add("valid_to", "有效期止", DateEdit())
    form.add("certificate", "证书编号", LineEdit())
    form.add("listed_name", "名单所列名称", LineEdit("与单位名称不同的才填"))
    form.add("operator", "运营单位", LineEdit("基地、平台的运营单位"))
    form.add("product", "产品", LineEdit("单项冠军的产品"))
    form.add("note", "备注", NoteEdit(lines=2, most=MOST_NOTE))


def _offered(titles: Titles) -> list[tuple[str, str]]:
    """Every title by its id, then the merged national one in each type, told apart by what stands behind the id."""
    merged = titles.merged_types().items()
    return [
        *((one.id, one.aliases[None][0]) for one in titles.all),
        *((f"{title}/{kind}", titles.name(title, Level.NATIONAL, kind)) for kind, title in merged),
    ]


def _titled(chosen: str | None) -> dict[str, str | None]:
    """What was chosen as a recognition keeps it."""
    title, _, kind = (chosen or "").partition("/")
    return {"title": title or None, "title_type": kind or None}


def _values(known: RecognitionForm) -> dict[str, Any]:
    asked = RecognitionForm.__dataclass_fields__.keys() - {"organisation_id", "title_type"}
    values = {key: getattr(known, key) for key in asked}
    if known.title_type:
        values["title"] = f"{known.title}/{known.title_type}"
    try:
        number = DocumentNumber.parse(known.document_number) if known.document_number else None
    except BadValue:
        number = known.document_number  # of an old list: shown as it is, and asked for when saved
    return values | {"document_number": number}
