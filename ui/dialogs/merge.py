"""合并单位: both records side by side, which one stays, and of what differs which value."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.dialogs.form_dialog import FormDialog
from ui.jobs import Tick
from ui.open_book import OpenBook
from ui.widgets.fields import ChoiceEdit, NoteEdit
from ui.widgets.labels import label, rule
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.usecases import merging
from zjtx_desktop.usecases.dossier import Dossier
from zjtx_desktop.usecases.merging import Merged, Preview
from zjtx_desktop.values import format_date

_SHORTEST = 20  # letters of a choice that are always seen
_NOTHING = "—"


class MergeDialog(FormDialog):
    """Merges on `desk`; `saved` carries the `Merged`. What was chosen is asked about before it is lost."""

    help_id = "organisations"
    letters = 62

    def __init__(self, desk: OpenBook, seen: Preview, parent: QWidget | None = None) -> None:
        super().__init__(desk.jobs, "合并单位", self._merge, "合并", parent)
        self._desk, self._ids = desk, (seen.keep.id, seen.other.id)
        self._names = {held.id: held.form.name for held in (seen.keep, seen.other)}
        self._choices = [fact.key for fact in seen.facts if fact.choosable]
        self.form.section("两条记录")
        self.form.add_widget(_Sides(seen))
        self.form.section("合并以后")
        records = [(held.id, f"{held.form.name}（{held.form.credit_code or '没有代码'}）") for held in (seen.keep, seen.other)]
        self.keep = self.form.add("keep", "保留", ChoiceEdit(records), hint="另一条记录并入这一条；它的名称和代码以后仍能找到")
        for fact in seen.facts:
            if fact.choosable:
                self._add_choice(fact.key, fact.label, ((seen.keep.id, fact.kept), (seen.other.id, fact.other)))
        self.said = label(wraps=True)
        self.form.add_widget(self.said)
        self.form.add("reason", "理由", NoteEdit("写明根据什么认定是同一家，如营业执照", lines=2), required=True)
        self.form.note("合并可以用“撤销”（Ctrl+Z）分开，直到它的奖补审定。")
        self.keep.changed.connect(self._look_again)
        self._show(seen)
        self.form.mark_clean()

    def _add_choice(self, key: str, title: str, choices: Sequence[tuple[int, str]]) -> None:
        field = self.form.add(key, title, ChoiceEdit(choices))
        field.setMinimumContentsLength(_SHORTEST)
        field.setSizeAdjustPolicy(ChoiceEdit.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def _other(self, keep: int) -> int:
        return next(one for one in self._ids if one != keep)

    def _look_again(self) -> None:
        """What would come of it with the other one kept; what differs is then taken from that."""
        keep = self.keep.value()
        for key in self._choices:
            self.form.field(key).set_value(keep)
        self.ok.setEnabled(False)
        self._desk.ask(lambda session: merging.preview(session, keep, self._other(keep)), self._show, self._failed)

    def _show(self, seen: Preview) -> None:
        if seen.keep.id != self.keep.value():
            return  # it was changed again meanwhile
        fixed = [f"{fact.label}采用 {fact.other if fact.from_other else fact.kept}。" for fact in seen.facts if _is_settled(fact)]
        lines = (*fixed, *(double.sentence for double in seen.doubles if not double.problem), *seen.remarks)
        self.said.setText("\n".join(lines))
        self.said.setVisible(bool(lines))
        self.ok.setEnabled(not seen.problems)
        if seen.problems:
            self.banner.say("error", "\n".join(seen.problems))
        else:
            self.banner.hide()

    def _merge(self, values: dict[str, Any], tick: Tick) -> Merged:
        keep = values["keep"]
        other, take = self._other(keep), [key for key in self._choices if values[key] != keep]
        title = merging.title(self._names[keep], self._names[other])
        return self._desk.write(title, lambda session, _tick: merging.merge(session, keep, other, values["reason"], take), tick)


def _is_settled(fact: merging.Compared) -> bool:
    """Whether both have it, differently, and yet nobody chooses: of two codes the valid one stays."""
    return bool(fact.kept and fact.other and fact.kept != fact.other and not fact.choosable)


class _Sides(QWidget):
    """Everything of both records, one beside the other; what differs stands out."""

    def __init__(self, seen: Preview) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        rows = [(fact.label, fact.kept, fact.other, fact.kept != fact.other) for fact in seen.facts]
        held = zip(_held(seen.keep), _held(seen.other), strict=True)
        rows += [(title, mine, theirs, False) for (title, mine), (_, theirs) in held]
        for number, (title, *sides, differs) in enumerate(row for row in rows if row[1] or row[2]):
            if number:
                grid.addWidget(rule(), 2 * number - 1, 0, 1, 3)
            grid.addWidget(label(title, "soft"), 2 * number, 0, Qt.AlignmentFlag.AlignTop)
            for column, text in enumerate(sides, start=1):
                cell = label(text or _NOTHING, "warn" if differs and all(sides) else "", wraps=True)
                cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                grid.addWidget(cell, 2 * number, column, Qt.AlignmentFlag.AlignTop)


def _held(one: Dossier) -> list[tuple[str, str]]:
    """What stands under a record, a title and its lines each."""
    titles = Titles.load()
    recognitions = (
        "，".join(filter(None, (titles.name(line.title, Level(line.level), line.title_type), line.batch, line.document_number)))
        for line in one.recognitions
    )
    awards = (f"{award.number} {award.state.label} {award.granted} 元" for award in one.awards)
    letters = (f"{letter.number} {format_date(letter.issued_on)}{' 作废' if letter.voided else ''}" for letter in one.letters)
    past = (f"{held.form.award_year} 年 {titles.name(held.form.title, held.form.level)} {held.form.total} 元" for held in one.past)
    found = (
        ("曾用名", one.form.names_before),
        ("并入的代码", one.form.merged_codes),
        ("备注", filter(None, (one.form.note,))),
        ("认定", recognitions),
        ("奖补", awards),
        ("拨付通知", letters),
        ("历史奖励", past),
        ("附件", (scan.name for scan in one.attachments)),
    )
    return [(title, "\n".join(lines)) for title, lines in found]
