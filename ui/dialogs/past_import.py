"""导入历史奖励, 导入收款账户: the workbooks that bring more of what the book knows of organisations."""

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ui.dialogs.frame import row
from ui.dialogs.rows_import import Intake, RowsImportDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.settings import Settings
from ui.widgets.fields import ChoiceEdit, LineEdit, ParsedEdit
from ui.widgets.labels import label
from zjtx_desktop.errors import BadValue
from zjtx_desktop.usecases import account_import, past_import
from zjtx_desktop.usecases.account_import import AccountPlan
from zjtx_desktop.usecases.past_import import UNITS, PastField, PastGiven, PastPlan
from zjtx_desktop.values import parse_year

_PAST = Intake(
    "past-import", "历史奖励", "笔", "金额按元读取，表头注明（万元）的按万元读取。", past_import.take_over
)
_ACCOUNTS = Intake(
    "account-import", "收款账户", "家", "账簿中已有账户的，按表中的改；改动记入修改记录。", account_import.take_over
)


class PastImportDialog(RowsImportDialog):
    """Past awards from a workbook; a year, a source and a unit that it does not say are said once, here."""

    def __init__(
        self, desk: OpenBook, settings: Settings, plan: PastPlan, parent: QWidget | None = None
    ) -> None:
        parsed = plan.file.parsed
        self.year, self.source = ParsedEdit(parse_year, str, "如 2023"), LineEdit("文件或凭证，如 玉财企〔2023〕7号")
        self.unit = ChoiceEdit([(unit, unit) for unit in UNITS], blank="未注明")
        self.year.set_value(parsed.given.year)
        self.source.set_value(parsed.given.source)
        self.again = QPushButton("按此核对", autoDefault=False)
        self.again.clicked.connect(self.plan_again)
        fields = ((PastField.YEAR, self.year), (PastField.SOURCE, self.source), (PastField.UNIT, self.unit))
        shown = [part for field, edit in fields if field in parsed.lacking for part in (_called(field, edit), edit)]
        above = QWidget()
        layout = row(label("全表相同的", "soft"), *shown, self.again)
        if self.source in shown:
            layout.setStretch(1 + shown.index(self.source), 1)  # a document's name is longer than a year
        above.setLayout(layout)
        super().__init__(desk, settings, _PAST, plan, parent, above if shown else None)

    def plan_again(self) -> None:
        """Compare anew with the year, the source and the unit that were filled in."""
        try:
            given = PastGiven(self.year.value(), self.source.value(), self.unit.value(), as_given=True)  # what differs from the headline is said beneath
        except BadValue as refusal:
            self.banner.say("error", str(refusal))
            return
        file = self._plan.file

        def work(_tick: Tick) -> PastPlan:
            taking = file.taking(given)
            return self._desk.ask_now(lambda session: past_import.plan(session, taking))

        self.banner.hide()
        self._desk.jobs.run(work, self.show_plan, self._failed, label="核对历史奖励")


def _called(field: PastField, edit: QWidget) -> QLabel:
    """The name of a field that holds for the whole file."""
    edit.setAccessibleName(field.value)
    return label(field.value)


class AccountImportDialog(RowsImportDialog):
    """Payee accounts from a workbook."""

    def __init__(
        self, desk: OpenBook, settings: Settings, plan: AccountPlan, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, settings, _ACCOUNTS, plan, parent)
