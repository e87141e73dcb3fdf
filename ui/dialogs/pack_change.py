"""更新政策包: what another pack changes, in words, and what it would do to the drafts; nothing is changed before 启用."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui.dialogs.frame import lay_out, row
from ui.dialogs.second_person import TwoPersonsDialog
from ui.models.column import State
from ui.open_book import OpenBook
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from ui.widgets.labels import label
from zjtx_desktop.usecases import pack_change
from zjtx_desktop.usecases.awards import Totals
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.pack_change import Effect, PackChange, is_rejected, sha_text
from zjtx_desktop.usecases.policy_view import documents_of
from zjtx_desktop.usecases.what_if import Outcome, Shift

_SIZE = (860, 620)
_LISTED = 200  # awards of one round that are named
_SAID = (
    "请逐条核对下面的不同。启用以后，新批次按新的政策包测算；已有的批次，无论是否锁定，仍按原来的，"
    "要改用新的，到“奖补”页对该批次选“采用新政策”。"
)


class PackChangeDialog(QDialog):
    """Shows the comparison; `activated` carries the sentence that says the pack is in use."""

    help_id = "settings"
    activated = Signal(str)

    def __init__(self, desk: OpenBook, change: PackChange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("更新政策包")
        self.setModal(True)
        self._desk, self._change = desk, change
        self.text = DetailPanel()
        self.text.setAccessibleName("与现在的政策包比较")
        self.text.show_detail(Detail(f"政策包 {change.pack.id}", tuple(_sections(change))))
        self.ok, self.cancel = QPushButton("启用这个政策包"), QPushButton("取消", autoDefault=False)
        self.ok.setProperty("role", "primary")
        self.ok.setEnabled(change.is_new)
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        said, buttons = label(_SAID, "soft", wraps=True), row(None, self.cancel, self.ok)
        lay_out(self, _SIZE, self.text, said, self.text, buttons)

    def accept(self) -> None:
        """Ask for a second person, activate the pack as one action, and close."""
        desk, pack = self._desk, self._change.pack
        names = desk.ask_now(lambda session: who_may_agree(session, desk.person))
        said = f"启用以后，新批次按“{pack.numbers}”测算。政策包决定每一笔的金额，要两个人办。"
        self.two = TwoPersonsDialog(
            desk, f"启用政策包“{pack.numbers}”", said, "启用", lambda session: pack_change.activate(session, pack), names, self
        )
        self.two.saved.connect(self._done)
        self.two.open()

    def _done(self, _nothing: None) -> None:
        self._desk.tell()
        self.activated.emit(f"已启用政策包（{self._change.pack.numbers}），以后的新批次按它测算。")
        super().accept()


def _sections(change: PackChange) -> Iterator[Section]:
    pack = change.pack
    amended = [Line("修改", f"政策包 {pack.amends[-1]}，合并成一个政策包")] if pack.amends else []
    yield Section("", (
        *amended,
        Line("校验值", sha_text(pack)),
        Line("算例", State(f"{len(pack.examples)} 个算例全部通过", "good")),
    ))  # fmt: skip
    yield Section("所依据的文件", [Line(name, text) for name, text in documents_of(pack)])
    if not change.is_new:
        yield Section("与现在的政策包比较", ("与现在用的政策包完全相同，不需要更新。",))
        return
    yield Section(f"与现在的政策包比较（{len(change.differences)} 处不同）", change.differences)
    for effect in change.effects:
        yield effect_section(effect)
    if not change.effects:
        yield Section("对已有批次的影响", ("现在没有批次。",))


def effect_section(effect: Effect) -> Section:
    """What a policy would do to one round: the sums before and after, and each draft that changes."""
    title = f"{effect.line.year} 年度{effect.line.name}"
    what = effect.what
    if effect.refusal:
        return Section(f"{title}：不能按新的政策包测算", (State(effect.refusal, "warn"), *effect.notes))
    if what is None:
        return Section(f"{title}：不受影响", effect.notes)
    head: list[Line | str | State] = [*effect.notes]
    head += [Line("现在", _totals(what.before)), Line("按新的", _totals(what.after))]
    if rejected := sum(map(is_rejected, what.shifts)):
        head.append(State(f"其中 {rejected} 笔将不再给予奖励", "warn"))
    if not what.shifts:
        return Section(f"{title}：各笔草稿的结果都不变", head)
    rest = len(what.shifts) - _LISTED
    lines = [_shift(shift) for shift in what.shifts[:_LISTED]]
    more = [f"还有 {rest} 笔没有列出。"] if rest > 0 else []
    return Section(f"{title}：{len(what.shifts)} 笔草稿会变", [*head, *lines, *more])


def _totals(totals: Totals) -> str:
    return f"{totals.awards} 笔，{totals.beneficiary + totals.municipal} 元"


def _shift(shift: Shift) -> Line:
    moved = f"{_told(shift.before)} → {_told(shift.after)}"
    return Line(shift.organisation, f"{shift.title}\n{moved}")


def _told(outcome: Outcome | None) -> str:
    return str(outcome) if outcome else "不在名单"
