"""裁定: a person settles what the policy leaves open for one recognition, one question at a time, with the reason."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from ui.dialogs.form_dialog import FormDialog, Save
from ui.jobs import Jobs
from ui.widgets.fields import ChoiceEdit, NoteEdit

_CHOICES = ((True, "予以奖励"), (False, "不予奖励"))


class DecisionDialog(FormDialog):
    """Hands `{"question": str, "award": bool, "reason": str}` to `save`.

    `questions` are the open ones by id, in words; `because` are the sentences that tell what is open.
    """

    def __init__(
        self, jobs: Jobs, subject: str, questions: Mapping[str, str], because: Sequence[str], save: Save, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, "裁定", save, "作出裁定", parent)
        self.form.section(subject)
        for sentence in because:
            self.form.note(sentence)
        if len(questions) > 1:
            self.form.note(f"有 {len(questions)} 项待定，一次裁定一项，各写理由。")
        asked = ChoiceEdit(tuple(questions.items()), blank="请选择" if len(questions) > 1 else "")
        self.form.add("question", "待定事项", asked, required=True)
        self.form.add("award", "决定", ChoiceEdit(_CHOICES, blank="请选择"), required=True)
        self.form.add("reason", "理由", NoteEdit("写明作出这一决定的理由和依据，会写进测算依据"), required=True)
        self.form.note("决定连同理由、经办人记入账簿，重新测算时继续有效；可以用“撤销”收回。")
