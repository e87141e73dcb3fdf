"""核对另一份账簿: where two copies part, what was paid in both, and what each did alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from ui.dialogs.frame import lay_out, row
from ui.widgets.banner import Banner
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from zjtx_desktop.usecases.two_copies import Comparison, Movement
from zjtx_desktop.usecases.record_history import ActionLine

_SIZE = (760, 560)


class CompareDialog(QDialog):
    """Shows what came of it; nothing in either copy changes."""

    help_id = "backup"

    def __init__(self, found: Comparison, other: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("核对另一份账簿")
        self.banner, self.text = Banner(), DetailPanel()
        self.text.setAccessibleName("核对的结果")
        self.shut = QPushButton("关闭", default=True)
        self.shut.clicked.connect(self.accept)
        lay_out(self, _SIZE, self.text, self.banner, self.text, row(None, self.shut))
        self.banner.say("error" if found.is_parted else "warn" if found.mine_count or found.theirs_count else "good", found.sentence)
        self.text.show_detail(Detail(f"另一份：{other.name}", tuple(_sections(found))))


def _sections(found: Comparison) -> Iterator[Section]:
    for one in found.twice:
        yield Section(
            f"两份都登记了{one.kind.label}：{one.award_number}",
            (
                Line("企业", one.organisation),
                Line("财政", f"{one.treasury.name}（{one.payer.label}）"),
                Line("这一份", _told(one.mine)),
                Line("另一份", _told(one.theirs)),
            ),
        )
    for head, lines, count in (
        ("这一份另办的", found.mine, found.mine_count),
        ("另一份另办的", found.theirs, found.theirs_count),
    ):
        if count:
            yield Section(f"{head}（共 {count} 步，新的在前）", (*map(_action, lines), *_more(lines, count)))


def _told(moved: Sequence[Movement]) -> str:
    return "\n".join(f"{one.on}　{one.amount} 元　凭证号 {one.voucher or '（无）'}　{one.by}登记" for one in moved)


def _action(one: ActionLine) -> Line:
    return Line(f"{one.at:%Y-%m-%d %H:%M}", f"第 {one.id} 步 {one.by_name} {one.title}")


def _more(lines: Sequence[ActionLine], count: int) -> Iterator[str]:
    if count > len(lines):
        yield f"……更早的还有 {count - len(lines)} 步"
