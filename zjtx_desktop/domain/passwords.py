"""Which passwords are good enough (等保 2.0 二级 and ASVS 6.2): long, not common, not the name; any signs do."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from zjtx_desktop.errors import Refused
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.values import fold_name

LONGEST = 128  # signs; ASVS asks for at least 64
_SHORTEST_ALLOWED = 8
_REPEATED = 4  # signs: a password that only repeats so few is guessed at once
_WARN_DAYS = 14


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What the office asks of passwords. `days` 0 lets them live for ever; `idle_minutes` until the screen locks."""

    shortest: int = 12
    days: int = 180
    idle_minutes: int = 10

    def check(self) -> "PasswordRules":
        """These rules, or Refused when they would protect nothing."""
        if not _SHORTEST_ALLOWED <= self.shortest <= 64:
            raise Refused("密码最短位数要在 8 到 64 之间（等级保护二级建议 12 位），请重新填写。")
        if not 0 <= self.days <= 3650:
            raise Refused("密码有效天数要在 0 到 3650 之间，0 表示不限，请重新填写。")
        if not 1 <= self.idle_minutes <= 120:
            raise Refused("无人操作时的锁定时间要在 1 到 120 分钟之间，请重新填写。")
        return self


@dataclass(frozen=True, slots=True)
class PasswordAge:
    """How a password stands on a day: whether it must be changed before anything else, and how long it lasts yet."""

    must_change: bool
    days_left: int | None = None

    @property
    def is_ending(self) -> bool:
        """Whether its owner should be reminded."""
        return self.days_left is not None and self.days_left <= _WARN_DAYS


def normal(password: str) -> str:
    """The password as it is sealed with: the same signs however they were typed, full-width ones too."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str, rules: PasswordRules) -> None:
    """Refused with what is wrong with a new password of this person."""
    plain = normal(password)
    if len(plain) < rules.shortest:
        raise Refused(f"密码只有 {len(plain)} 位，至少要 {rules.shortest} 位。可以用一句自己记得住的话。")
    if len(plain) > LONGEST:
        raise Refused(f"密码有 {len(plain)} 位，最多 {LONGEST} 位，请缩短一些。")
    if fold_name(name) and fold_name(name) in fold_name(plain):
        raise Refused("密码里有本人的姓名，容易被猜到。请换一个。")
    if is_common(plain):
        raise Refused("这个密码太常见，容易被猜到。请换一个，例如几个不相干的词连在一起。")


def is_common(password: str) -> bool:
    """Whether it is among the first that anybody would try."""
    plain = password.casefold()
    stem = plain.strip("0123456789!@#$%^&*()-_=+.,;:?~ ")
    return bool({plain, stem} & _common()) or _is_repeated(plain) or _is_run(plain)


def _is_repeated(text: str) -> bool:
    """The same few signs over and over, also where the last time is cut off."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, _REPEATED + 1))


def _is_run(text: str) -> bool:
    """123456789012, abcdefghijkl, or backwards."""
    steps = {ord(b) - ord(a) for a, b in zip(text, text[1:], strict=False)}
    return len(steps - {-9, 9}) == 1 and bool(steps & {-1, 1})


@cache
def _common() -> frozenset[str]:
    lines = (RESOURCES / "common-passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
