"""节假日安排: the days off and the make-up days of a year, typed as they were published."""

from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs, Tick
from ui.widgets.fields import LineEdit, NoteEdit, ParsedEdit
from zjtx_desktop.usecases.calendars import Arrangement
from zjtx_desktop.values import MOST_NOTE, parse_year


class HolidaysDialog(FormDialog):
    """Hands an `Arrangement` to `save`; what cannot be right is said over the form."""

    def __init__(self, jobs: Jobs, year: int, known: str, save: Save, parent: QWidget | None = None) -> None:
        def parsed(values: dict[str, Any], tick: Tick) -> Any:
            given = Arrangement.parse(values["year"], values["source"], values["off"], values["work"] or "")
            return save({"arrangement": given}, tick)

        super().__init__(jobs, "节假日安排", parsed, "登记", parent)
        self.form.section("国务院办公厅公布的放假调休安排")
        self.form.note(f"已有安排的年份：{known}。再登记同一年的，以后登记的为准。")
        self.form.add("year", "年份", ParsedEdit(parse_year), required=True)
        self.form.add("source", "通知文号", LineEdit("如 国办发明电〔2026〕1号"), required=True)
        self.form.add("off", "放假", NoteEdit("每行一段，包括连休的周末\n2027-01-01 至 2027-01-03", lines=6, most=MOST_NOTE), required=True)
        self.form.add("work", "调休上班", NoteEdit("周末上班的日期，用顿号隔开", lines=2, most=MOST_NOTE))
        self.form.set_values({"year": year})
