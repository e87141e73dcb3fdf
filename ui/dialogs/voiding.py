"""作废 and 更正重办: an issued award is taken back, with the reason; the latter begins a new one in its place."""

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.widgets.fields import NoteEdit


class VoidDialog(FormDialog):
    """Hands `{"reason": str}` to `save`."""

    def __init__(self, jobs: Jobs, subject: str, letter: str, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "作废奖补", save, "作废", parent)
        self.form.section(subject)
        self.form.note(f"这笔奖补和拨付通知 {letter} 将标为作废，不再计入合计；文号保留在登记簿中，不再使用。")
        self.form.add("reason", "理由", NoteEdit("写明作废的理由和依据"), required=True)
        self.form.note("作废不能收回。企业已经收到款项的，先登记退回，或办理撤销认定追回；已经送达的通知，请另行书面收回。")


class RedoDialog(FormDialog):
    """Hands `{"reason": str}` to `save`: the award is voided and a new draft made that names it."""

    def __init__(self, jobs: Jobs, subject: str, letter: str, save: Save, parent: QWidget | None = None) -> None:
        super().__init__(jobs, "更正重办", save, "作废并重办", parent)
        self.form.section(subject)
        self.form.note(f"这笔奖补和拨付通知 {letter} 将标为作废；同一条认定按现在登记的内容重新测算，成为一笔新的草稿。")
        self.form.add("reason", "理由", NoteEdit("写明原来错在哪里、更正的依据"), required=True)
        self.form.note("新的一笔写明替代哪一笔，从初审重新办起，下达时另编文号。请先把要更正的企业、认定资料改好。")
        self.form.note("作废不能收回。企业已经收到款项的，先登记退回；已经送达的通知，请另行书面收回。")
