"""采用新政策: what the policy in use would do to one round that keeps another; nothing is changed before 采用."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui.dialogs.frame import lay_out, row
from ui.dialogs.pack_change import effect_section
from ui.dialogs.second_person import TwoPersonsDialog
from ui.open_book import OpenBook
from ui.pages.award_words import named
from ui.widgets.banner import Banner
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from ui.widgets.labels import label
from zjtx_desktop.errors import AppError
from zjtx_desktop.usecases import rounds
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.pack_change import Taking
from zjtx_desktop.usecases.policy_view import documents_of
from zjtx_desktop.usecases.rounds import Computed

_SIZE = (760, 560)
_SAID = "请核对采用前后的不同。采用以后，本批次按现行政策测算，原选的口径照旧；没有下达的测算结果重新算过；金额有变化的，要两个人办。"


class TakePolicyDialog(QDialog):
    """Shows the effect; `taken` carries the sentence that says what came of it."""

    help_id = "rounds"
    taken = Signal(str)

    def __init__(self, desk: OpenBook, taking: Taking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("采用新政策")
        self.setModal(True)
        self._desk, self._line = desk, taking.effect.line
        self._changes = bool(taking.effect.what and taking.effect.what.shifts)
        self.text, self.banner = DetailPanel(), Banner()
        self.text.setAccessibleName("采用前后的不同")
        self.text.show_detail(Detail(f"{named(self._line)}采用新政策", tuple(_sections(taking))))
        self.ok, self.cancel = QPushButton("采用新政策"), QPushButton("取消", autoDefault=False)
        self.ok.setProperty("role", "primary")
        self.ok.setEnabled(not taking.effect.refusal)
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        lay_out(self, _SIZE, self.text, label(_SAID, "soft", wraps=True), self.banner, self.text, row(None, self.cancel, self.ok))

    def accept(self) -> None:
        """Take the policy up as one action, by two persons where it changes amounts, and close."""
        desk, line = self._desk, self._line
        if self._changes:
            names = desk.ask_now(lambda session: who_may_agree(session, desk.person))
            said = "采用以后本批次的金额有变化，要两个人办。"
            self.two = TwoPersonsDialog(
                desk, f"{named(line)}采用新政策", said, "采用", lambda session: rounds.take_policy(session, line.id), names, self
            )
            self.two.saved.connect(lambda computed: (desk.tell(), self._done(computed)))
            self.two.open()
            return
        self.ok.setEnabled(False)
        self._desk.act(
            f"{named(line)}采用新政策",
            lambda session, _tick: rounds.take_policy(session, line.id),
            done=self._done,
            failed=self._failed,
        )

    def _done(self, computed: Computed | None) -> None:
        what = f"重新测算 {computed.added} 笔。" if computed else "还没有锁定名单，测算时按它办理。"
        self.taken.emit(f"{named(self._line)}已采用新政策，{what}")
        super().accept()

    def _failed(self, error: AppError) -> None:
        self.ok.setEnabled(True)
        self.banner.say("error", str(error))


def _sections(taking: Taking) -> tuple[Section, ...]:
    return (
        effect_section(taking.effect),
        Section("现在依据", [Line(name, text) for name, text in documents_of(taking.old)]),
        Section("采用以后依据", [Line(name, text) for name, text in documents_of(taking.new)]),
        Section(f"政策的不同（{len(taking.differences)} 处）", taking.differences),
    )
