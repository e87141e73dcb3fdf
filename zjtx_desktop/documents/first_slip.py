"""首登码纸条: what a person is handed for the first sign-in, besides the first password that was told."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from zjtx_desktop.documents.flow import Block, Flow, centred, paragraph, portrait, space
from zjtx_desktop.documents.fonts import FANG, HEI, TITLE, require
from zjtx_desktop.documents.grid import MM, Column
from zjtx_desktop.values import format_date

_PAPER = portrait(28 * MM, 30 * MM, 25 * MM)
_TITLE_SIZE, _CODE_SIZE, _TEXT, _LEADING = 22.0, 28.0, 13.0, 24.0
_STEPS = (
    "一、第一次登录时，选择姓名，输入当面告诉您的初始密码，再照抄上面的首登码；字母不分大小写，短横可以不输。",
    "二、登录以后马上改成自己的密码，不告诉任何人。从那时起本纸条作废，请撕毁。",
    "三、本纸条由同意登记（重设）的人当面交给本人。知道初始密码的人没有这张纸条，不能用您的名字登录。",
)


@dataclass(frozen=True, slots=True)
class FirstSlip:
    """What the slip says. `code` is in groups joined by hyphens."""

    book: str
    office: str
    person: str
    code: str
    made_on: date


def write_first_slip(slip: FirstSlip, out: BinaryIO) -> int:
    """Write the slip; how many pages it has. Refused when a name cannot be printed."""
    for where, text in (("单位名称", slip.office), ("账簿名称", slip.book), ("姓名", slip.person)):
        require(text, where)
    flow, middle = Flow(_PAPER), _PAPER.width / 2
    flow.add(*centred("首登码", middle, TITLE, _TITLE_SIZE, _PAPER.measure, 40.0), space(6))
    for line in (f"单位：{slip.office}", f"账簿：{slip.book}", f"姓名：{slip.person}", f"日期：{format_date(slip.made_on)}"):
        flow.add(*_text(line, indent=False))
    flow.add(space(10), *centred(slip.code, middle, HEI, _CODE_SIZE, _PAPER.measure, 52.0), space(10))
    for step in _STEPS:
        flow.add(*_text(step))
    return flow.write(out, f"首登码 {slip.person}")


def _text(text: str, indent: bool = True) -> list[Block]:
    column = Column(FANG, _TEXT, _TEXT, _PAPER.measure, 2 * _TEXT if indent else 0.0, justify=indent)
    return paragraph(text, _PAPER.left, column, _LEADING)
