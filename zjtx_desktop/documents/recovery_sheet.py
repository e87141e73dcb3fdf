"""恢复码: the one sheet with the code of an encrypted book, to be sealed in an envelope and kept in the safe."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from zjtx_desktop.documents.flow import Block, Flow, centred, paragraph, portrait, space, spread
from zjtx_desktop.documents.fonts import FANG, HEI, TITLE, require
from zjtx_desktop.documents.grid import MM, Column
from zjtx_desktop.documents.page import Sheet, single
from zjtx_desktop.values import format_date

_PAPER = portrait(28 * MM, 30 * MM, 25 * MM)
_TITLE_SIZE, _TEXT, _LEADING = 22.0, 13.0, 24.0
_CODE_SIZE, _CODE_LEADING, _ROW = 24.0, 44.0, 3
_LETTER_GAP, _FRAME = 2.0, 1.2
_STEPS = (
    "一、本页就是打开账簿的最后一把钥匙。装入信封密封，两人在封口处签名、注明日期，放入保险柜；不要拍照，不要存在电脑里。",
    "二、忘记密码，或者钥匙文件丢失、损坏时使用：打开账簿，在登录窗口点“忘记密码：用恢复码…”，照抄上面九组字符，"
    "然后重新设置密码。字母不分大小写，短横可以不输；其中没有字母 I、L、O、U，像 1 的是数字 1，像 0 的是数字 0。",
    "三、只要有账簿文件（.zjtx）和本页，在任何一台装有本程序的电脑上都能打开账簿；密码忘了，本页也没有了，谁也打不开，程序的作者也不能。",
    "四、每年年终决算前演练一次：用备份的账簿和本页在另一台电脑上打开一次，随即重新密封，并在下面登记。",
    "五、怀疑被他人看过的，立即由两人更换恢复码，本页作废。",
)
_SIGNED = ("启封或演练日期：　　　　　　　", "启封人：　　　　　　", "监封人：　　　　　　")


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """What the sheet says. `code` is in groups joined by hyphens."""

    book: str
    office: str
    made_on: date
    code: str


def write_recovery_sheet(sheet: RecoverySheet, out: BinaryIO) -> int:
    """Write the sheet; how many pages it has. Refused when a name cannot be printed."""
    for where, text in (("单位名称", sheet.office), ("账簿名称", sheet.book)):
        require(text, where)
    flow, middle = Flow(_PAPER), _PAPER.width / 2
    flow.add(*centred("恢复码", middle, TITLE, _TITLE_SIZE, _PAPER.measure, 40.0), space(6))
    for line in (f"单位：{sheet.office}", f"账簿：{sheet.book}", f"生成日期：{format_date(sheet.made_on)}"):
        flow.add(*_text(line, indent=False))
    flow.add(space(8), _code_block(sheet.code), space(14))
    for step in _STEPS:
        flow.add(*_text(step))
    flow.add(space(10))
    for _ in range(3):
        flow.add(spread(_SIGNED, _PAPER.left, _PAPER.measure, 12.0, 34.0))
    return flow.write(out, f"恢复码 {sheet.book}")


def _text(text: str, indent: bool = True) -> list[Block]:
    measure = _PAPER.measure
    column = Column(FANG, _TEXT, _TEXT, measure, 2 * _TEXT if indent else 0.0, justify=indent)
    return paragraph(text, _PAPER.left, column, _LEADING)


def _code_block(code: str) -> Block:
    """The groups in rows of three inside a frame, large enough to be copied by hand without a mistake."""
    groups = code.split("-")
    rows = [groups[at : at + _ROW] for at in range(0, len(groups), _ROW)]
    left, step = _PAPER.left + 12 * MM, (_PAPER.measure - 12 * MM) / _ROW
    height = len(rows) * _CODE_LEADING + 8 * MM

    def paint(sheet: Sheet, top: float) -> None:
        for at in (top, top + height - _FRAME):
            sheet.rule(_PAPER.left, _PAPER.right, at, _FRAME)
        for x in (_PAPER.left + _FRAME / 2, _PAPER.right - _FRAME / 2):
            sheet.upright(x, top, top + height, _FRAME)
        for down, row in enumerate(rows):
            baseline = top + 4 * MM + down * _CODE_LEADING + (_CODE_LEADING + _CODE_SIZE) / 2 - 4
            for across, group in enumerate(row):
                sheet.line(single(group, HEI, _CODE_SIZE, _LETTER_GAP), left + across * step, baseline)

    return Block(height, paint)
