"""导入历史奖励, 导入收款账户: the workbooks that bring more of what the book knows of organisations."""

from PySide6.QtWidgets import QWidget

from ui.dialogs.rows_import import Intake, RowsImportDialog
from ui.open_book import OpenBook
from ui.settings import Settings
from zjtx_desktop.usecases import account_import, past_import
from zjtx_desktop.usecases.account_import import AccountPlan
from zjtx_desktop.usecases.past_import import PastPlan

_PAST = Intake(
    "past-import", "历史奖励", "笔", "金额按元读取，表头注明（万元）的按万元读取。", past_import.take_over
)
_ACCOUNTS = Intake(
    "account-import", "收款账户", "家", "账簿中已有账户的，按表中的改；改动记入修改记录。", account_import.take_over
)


class PastImportDialog(RowsImportDialog):
    """Past awards from a workbook."""

    def __init__(
        self, desk: OpenBook, settings: Settings, plan: PastPlan, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, settings, _PAST, plan, parent)


class AccountImportDialog(RowsImportDialog):
    """Payee accounts from a workbook."""

    def __init__(
        self, desk: OpenBook, settings: Settings, plan: AccountPlan, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, settings, _ACCOUNTS, plan, parent)
