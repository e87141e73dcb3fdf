"""The unified social credit code of GB 32100-2015, its check digit, and what spreadsheets do to it."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from operator import mul

from zjtx_desktop.errors import BadValue

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18
_WEIGHTS = tuple(3**place % 31 for place in range(_LENGTH - 1))
_RIGHT = re.compile(f"[{_ALPHABET}]{{{_LENGTH}}}")
_MISPRINTED_CHECKS = "SVZ"  # the standard's own printed example ends in Z: a failed check, not a wrong letter
_KEPT_BY_EXCEL = 15
_SCIENTIFIC = re.compile(r"\d+(\.\d+)?[Ee]\+?\d{1,2}", re.ASCII)
_WITH_DECIMALS = re.compile(r"\d{15,18}\.\d*", re.ASCII)
_MISREAD = str.maketrans("OI", "01")
_LOOKS_LIKE = str.maketrans("OISZ", "0152")  # letters that no code has, for the digits they look like
_AROUND = "'’‘`\"“”="  # what spreadsheets put around a number to keep it a text
_OLD_NUMBERS = {15: "15位的可能是旧工商注册号", 9: "9位的可能是组织机构代码"}
_RETYPE = "请把该列设为文本格式，再按营业执照重新填写。"


@dataclass(frozen=True, order=True, slots=True)
class CreditCode:
    """Eighteen characters of the right alphabet; a wrong check digit is only a warning (`check_digit_ok`)."""

    text: str

    @classmethod
    def parse(cls, text: str) -> "CreditCode":
        """Read a code exactly as printed; only surrounding blanks are forgiven, else BadValue says where."""
        code = text.strip()
        if _RIGHT.fullmatch(code):
            return cls(code)
        if reason := damaged_code(code):
            raise BadValue(reason)
        if fixed := _corrected(code):
            raise BadValue(f"统一社会信用代码“{code}”书写不规范，是否应为 {fixed}？请核对后确认。")
        if len(code) != _LENGTH:
            raise BadValue(_length_sentence(code))
        for position, letter in enumerate(code, start=1):
            if letter not in _ALPHABET and not (position == _LENGTH and letter in _MISPRINTED_CHECKS):
                raise BadValue(
                    f"统一社会信用代码“{code}”第 {position} 位“{letter}”有误："
                    "只能是数字和大写字母，且不用 I、O、S、V、Z。请按营业执照核对。"
                )
        return cls(code)

    @classmethod
    def suggest(cls, text: str) -> "CreditCode | None":
        """The code meant, when only O/0, I/1, case, width, blanks or hyphens are wrong; None otherwise."""
        fixed = _corrected(text.strip())
        return cls(fixed) if fixed else None

    @staticmethod
    def is_plain(text: str) -> bool:
        """Whether the text is written as a code is printed, whatever its check digit."""
        return bool(_RIGHT.fullmatch(text))

    @classmethod
    def one_reading(cls, text: str) -> "CreditCode | None":
        """The code written in another width or case, with blanks, hyphens, unseen signs or a spreadsheet's marks
        around it, when its check digit agrees: there is no other reading. None otherwise.
        """
        plain = _folded(text).strip(_AROUND)
        found = cls(plain) if _RIGHT.fullmatch(plain) else None
        return found if found and found.check_digit_ok else None

    @classmethod
    def proposed(cls, text: str) -> "CreditCode | None":
        """The code meant, when a letter that no code has stands for the digit it looks like and the check digit
        agrees then; None otherwise. It is for a person to take.
        """
        plain = _folded(text).strip(_AROUND)
        return None if _RIGHT.fullmatch(plain) else cls.one_reading(plain.translate(_LOOKS_LIKE))

    @property
    def expected_check(self) -> str:
        """The check character that the first seventeen call for."""
        return _ALPHABET[-sum(map(mul, _WEIGHTS, map(_ALPHABET.index, self.text))) % 31]

    @property
    def check_digit_ok(self) -> bool:
        """Whether the last character is the one the standard calls for."""
        return self.text[-1] == self.expected_check

    def __str__(self) -> str:
        return self.text


def damaged_code(value: str | int | Decimal) -> str | None:
    """Say in Chinese how a spreadsheet has damaged a code, or None when nothing shows.

    Give the cell's number itself (int or Decimal) where the cell held a number: only then can
    zeros at the end be told from real ones; in a text they are damage when the check digit fails too.
    """
    if isinstance(value, str):
        return _damaged_text(value.strip())
    number = Decimal(value)
    digits = f"{number:f}"
    lost_tail = "E" in str(number) or digits.endswith("000")
    if len(digits) > _KEPT_BY_EXCEL and lost_tail:
        return f"统一社会信用代码“{digits}”已被表格软件当作数字存储，{_KEPT_BY_EXCEL} 位之后的数字丢失，不能使用。{_RETYPE}"
    return _damaged_text(digits)


def _damaged_text(text: str) -> str | None:
    if (len(text) != _LENGTH or not text.isalnum()) and _SCIENTIFIC.fullmatch(text):
        return f"统一社会信用代码“{text}”已被表格软件改成科学计数法，后几位数字已丢失。{_RETYPE}"
    if _WITH_DECIMALS.fullmatch(text):
        return f"统一社会信用代码“{text}”已被表格软件当作数字，带上了小数点。{_RETYPE}"
    if text.endswith("000") and text.isdecimal() and _RIGHT.fullmatch(text) and not CreditCode(text).check_digit_ok:
        return f"统一社会信用代码“{text}”末尾是 000，校验码也不符，像是被表格软件当作数字存储而丢了末几位。{_RETYPE}"
    if len(text) == _LENGTH - 1 and text.isalnum():
        return f"统一社会信用代码“{text}”只有 17 位，可能丢了开头的 0 或被截去一位。{_RETYPE}"
    return None


def _corrected(code: str) -> str | None:
    """The one form of `code` after the harmless corrections; None when it is that already or stays wrong."""
    if _RIGHT.fullmatch(code):
        return None
    folded = _folded(code).translate(_MISREAD)
    valid = len(folded) == _LENGTH and all(letter in _ALPHABET for letter in folded)
    return folded if valid and folded != code else None


def _folded(text: str) -> str:
    """In one width and in capitals, without blanks, hyphens and signs that nobody sees."""
    letters = unicodedata.normalize("NFKC", text).upper()
    return "".join(one for one in letters if not (one.isspace() or unicodedata.category(one) in ("Cf", "Cc", "Pd")))


def _length_sentence(code: str) -> str:
    hint = _OLD_NUMBERS.get(len(code))
    return (
        f"统一社会信用代码应为 {_LENGTH} 位，“{code}”是 {len(code)} 位"
        + (f"（{hint}）" if hint else "")
        + "。请按营业执照或登记证书核对。"
    )
