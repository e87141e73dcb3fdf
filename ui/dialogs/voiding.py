"""作废: an issued award is taken back, with the reason."""

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Jobs
from ui.widgets.fields import NoteEdit


class VoidDialog(FormDialog):
    """Gives `{"reason": str}` with `saved`."""

    def __init__(self, jobs: Jobs, subject: str, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "作废奖补", lambda values, tick: values, "作废", parent)
        self.form.section(subject)
        self.form.note(f"这笔奖补和拨付通知 {letter} 将标为作废，不再计入合计；文号保留在登记簿中，不再使用。")
        self.form.add("reason", "理由", NoteEdit("写明作废的理由和依据"), required=True)
        self.form.note("误作废的，可以用“撤销”收回。已经送达的通知，请另行书面收回。")
