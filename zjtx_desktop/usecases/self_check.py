"""The self-check of the start: book, backups, place, keys, fonts, disk and policy, a line each with its tone and words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from zjtx_desktop.domain.policy import Pack
from zjtx_desktop.domain.switches import NO_DATE
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.storage.book import LONGEST_PAUSE
from zjtx_desktop.usecases.backups import age, is_old
from zjtx_desktop.usecases.books import Place, size_text
from zjtx_desktop.usecases.locations import may_hold_a_book, on_one_disk, place_words
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
_CLOCK_SLACK = timedelta(minutes=5)
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


@dataclass(frozen=True, slots=True)
class Safety:
    """What is known of backups, keys and the clock. `covered`: the last backup holds all that the book has; `latest`:
    when the last action in it was.
    """

    last: datetime | None = None
    covered: bool = False
    folder: Path | None = None
    second: Path | None = None
    second_at: datetime | None = None
    encrypted: bool = False
    latest: datetime | None = None


def self_check(
    place: Place, problems: list[str] | None, safety: Safety, pack: Pack, now: datetime
) -> tuple[CheckLine, ...]:
    """Every line in its order. `problems` is what the check of the book found, None while it has not run."""
    return (
        _book(problems),
        _backup(safety, now),
        second_place(safety, now),
        _where(place),
        _encryption(safety),
        _fonts(),
        _disk(place),
        _policy(pack, now.date()),
        *clock_lines(safety.latest, now),
    )


def second_place(safety: Safety, now: datetime) -> CheckLine:
    """Whether there is a copy on another disk, and how far it is behind the first."""
    subject, second = "第二份备份", safety.second
    if second is None:
        return CheckLine(subject, WARN, "没有设第二个位置。请在“设置 → 备份”里选移动硬盘上的一个文件夹。")
    is_there = second.is_dir()
    if is_there and safety.folder and on_one_disk(second, safety.folder):
        return CheckLine(subject, WARN, f"“{second}”和第一份在同一块磁盘上，磁盘坏了两份都没有。请换一块磁盘。")
    if safety.second_at is None:
        more = "下次自动备份时复制过去。" if is_there else "现在没有接上，请接上它。"
        return CheckLine(subject, WARN, f"“{second}”里还没有备份，{more}")
    behind = (safety.last.date() - safety.second_at.date()).days if safety.last else 0
    said = f"第二份是 {safety.second_at:%Y-%m-%d %H:%M} 的"
    if behind > 0:
        return CheckLine(subject, WARN, f"{said}，已落后 {behind} 天。{'' if is_there else '请接上移动硬盘，程序自动补上。'}")
    old = is_old(safety.second_at, now) and not safety.covered
    return CheckLine(subject, WARN if old else GOOD, f"{said}{'' if is_there else '，现在没有接上'}。")


def faces(folder: Path = RESOURCES / "fonts") -> tuple[tuple[str, bool], ...]:
    """The faces of the documents by their Chinese names, and whether the file of each is there."""
    return tuple((name, (folder / f"{face}.ttf").is_file()) for face, name in FACE_NAMES.items())


def _book(problems: list[str] | None) -> CheckLine:
    if problems is None:
        return CheckLine("账簿", WARN, "本次打开后还没有检查，请点“检查账簿”。")
    if problems:
        return CheckLine("账簿", ERROR, f"检查发现 {len(problems)} 处问题，查明并接受以前只能查看：{problems[0]}")
    return CheckLine("账簿", GOOD, "文件结构、历史、金额和文书都一致。")


def _backup(safety: Safety, now: datetime) -> CheckLine:
    last = safety.last
    if last is None:
        return CheckLine("备份", WARN, "还没有备份过，请做一次备份。")
    said = f"上次备份：{last:%Y-%m-%d %H:%M}（{age(last, now)}）"
    if safety.covered:
        return CheckLine("备份", GOOD, f"{said}，以后没有改动。")
    return (
        CheckLine("备份", WARN, f"{said}，请再做一次。")
        if is_old(last, now)
        else CheckLine("备份", GOOD, f"{said}。")
    )


def _where(place: Place) -> CheckLine:
    if not place.size:
        return CheckLine("位置", ERROR, "账簿文件不在原处了，改动不会保存。请把它放回去，或从备份恢复。")
    if may_hold_a_book(place.path):
        return CheckLine("位置", GOOD, "账簿在本机硬盘上。")
    return CheckLine("位置", ERROR, f"账簿在{place_words(place.path)}上，可能丢失记录。请关闭账簿，把它移到本机硬盘。")


def _encryption(safety: Safety) -> CheckLine:
    if safety.encrypted:
        return CheckLine("加密", GOOD, "账簿已加密，没有密码或恢复码打不开。")
    return CheckLine("加密", WARN, "账簿没有加密，只作示例和试用。正式使用请先加密。")


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


def clock_lines(latest: datetime | None, now: datetime) -> tuple[CheckLine, ...]:
    """A line when the clock of this computer disagrees with the history: it was put back, or far ahead."""
    if latest is None:
        return ()
    last = latest.astimezone().replace(tzinfo=None)
    told = f"这台电脑的时间是 {now:%Y-%m-%d %H:%M}，账簿里最后一次操作是 {last:%Y-%m-%d %H:%M}"
    if last - now > _CLOCK_SLACK:
        return (CheckLine("时钟", WARN, f"{told}，时间倒退了。请先校准电脑的时间，再登记；操作仍按先后记录。"),)
    if now - last > LONGEST_PAUSE:
        days = (now - last).days
        return (CheckLine("时钟", WARN, f"{told}，相隔 {days} 天。请核对电脑的时间；没有错的，写明理由确认以后才能登记。"),)
    return ()


def _policy(pack: Pack, today: date) -> CheckLine:
    if today >= pack.review_from:
        return CheckLine("政策", WARN, f"{pack.numbers}：{pack.review_sentence}")
    for day, what in _ends(pack):
        if day < today:
            return CheckLine("政策", WARN, f"{pack.numbers}{what}已到{format_date(day)}。请确认政策，再更新政策包。")
        if (left := (day - today).days) <= NOTICE_DAYS:
            return CheckLine("政策", WARN, f"{pack.numbers}{what}到{format_date(day)}，还有 {left} 天。请及早确认后续政策。")
    return CheckLine(
        "政策",
        GOOD,
        f"{pack.numbers}在用，{format_date(pack.review_from)}起请复核是否仍有效。",
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
