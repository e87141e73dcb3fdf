"""The self-check of the start: fonts, disk, book, backup and policy, a line each with its tone and words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.switches import NO_DATE
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.usecases.backups import age, is_old
from zjtx_desktop.usecases.books import Place, size_text
from zjtx_desktop.values import format_date

GOOD, WARN, ERROR = "good", "warn", "error"
FACE_NAMES = {
    "GWFang": "仿宋（正文）",
    "GWKai": "楷体",
    "GWTitle": "小标宋（标题）",
    "GWSong": "宋体",
    "GWHei": "黑体",
}
NOTICE_DAYS = 90  # before the end of a policy
_LITTLE_ROOM, _NO_ROOM = 1 << 30, 200 << 20  # bytes beside the book


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing looked at; `tone` is good, warn or error."""

    subject: str
    tone: str
    sentence: str

    @property
    def word(self) -> str:
        """The tone in a word, for those who do not see its colour."""
        return {GOOD: "正常", WARN: "注意", ERROR: "有问题"}[self.tone]


def self_check(
    place: Place, problems: list[str] | None, last: datetime | None, pack: Pack, now: datetime
) -> tuple[CheckLine, ...]:
    """Every line in its order. `problems` is what the check of the book found, None while it has not run."""
    return (
        _book(problems),
        _backup(last, now),
        _fonts(),
        _disk(place),
        _policy(pack, now.date()),
    )


def faces(folder: Path = RESOURCES / "fonts") -> tuple[tuple[str, bool], ...]:
    """The faces of the documents by their Chinese names, and whether the file of each is there."""
    return tuple((name, (folder / f"{face}.ttf").is_file()) for face, name in FACE_NAMES.items())


def _book(problems: list[str] | None) -> CheckLine:
    if problems is None:
        return CheckLine("账簿", WARN, "本次打开后还没有检查，请点“检查账簿”。")
    if problems:
        return CheckLine("账簿", ERROR, f"检查发现 {len(problems)} 处问题：{problems[0]}")
    return CheckLine("账簿", GOOD, "文件结构、历史、金额和文书都一致。")


def _backup(last: datetime | None, now: datetime) -> CheckLine:
    if last is None:
        return CheckLine("备份", WARN, "还没有备份过，请做一次备份。")
    said = f"上次备份：{last:%Y-%m-%d %H:%M}（{age(last, now)}）"
    return (
        CheckLine("备份", WARN, f"{said}，请再做一次。")
        if is_old(last, now)
        else CheckLine("备份", GOOD, f"{said}。")
    )


def _fonts() -> CheckLine:
    missing = [name for name, there in faces() if not there]
    if missing:
        return CheckLine("字体", ERROR, f"缺少{'、'.join(missing)}，文书印不出来。请重新安装程序。")
    return CheckLine("字体", GOOD, f"公文用的 {len(FACE_NAMES)} 种字体齐全。")


def _disk(place: Place) -> CheckLine:
    free = size_text(place.free)
    if place.free < _NO_ROOM:
        return CheckLine("磁盘", ERROR, f"账簿所在的磁盘只剩 {free}，可能存不下。请马上清理。")
    if place.free < _LITTLE_ROOM:
        return CheckLine("磁盘", WARN, f"账簿所在的磁盘剩 {free}，请及早清理。")
    return CheckLine("磁盘", GOOD, f"账簿所在的磁盘还有 {free}。")


def _policy(pack: Pack, today: date) -> CheckLine:
    if today >= pack.review_from:
        return CheckLine("政策", WARN, f"{pack.number}：{pack.review_sentence}")
    for day, what in _ends(pack):
        if day < today:
            return CheckLine("政策", WARN, f"{pack.number}{what}已到{format_date(day)}。请确认政策，再更新政策包。")
        if (left := (day - today).days) <= NOTICE_DAYS:
            return CheckLine("政策", WARN, f"{pack.number}{what}到{format_date(day)}，还有 {left} 天。请及早确认后续政策。")
    return CheckLine(
        "政策",
        GOOD,
        f"{pack.number}在用，{pack.review_from.year} 年 {pack.review_from.month} 月起请复核是否仍有效。",
    )


def _ends(pack: Pack) -> Iterator[tuple[date, str]]:
    """The days after which the policy, or a part of it, no longer speaks or has to be looked at anew."""
    until = pack.switches["in_force_until"].default
    if until != NO_DATE:
        yield date.fromisoformat(until), "的执行期"
    for rule in pack.rules:
        last = max((amount for amount in rule.amounts if not amount.expected), key=lambda amount: amount.since)
        if last.until:
            yield last.until, f"“{rule.label}”的标准"
    yield pack.review_from - timedelta(days=1), "的复核日期"
