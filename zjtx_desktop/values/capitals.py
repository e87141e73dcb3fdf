"""Amounts in capital Chinese characters (大写), as 《支付结算办法》附一 writes them on vouchers."""

from zjtx_desktop.errors import BadValue
from zjtx_desktop.values.money import Money

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ((10**8, "亿"), (10**4, "万"))  # what stands before 亿 may itself have 万
_LIMIT = 10**16


def uppercase(amount: Money) -> str:
    """人民币…元…角…分 for an amount from zero up to 万亿; 整 ends it unless fen are written.

    Where the rules allow two forms, 零 is written only for a position that is really zero:
    1680.32 is …捌拾元零叁角贰分 and 107000.53 is 壹拾万柒仟元零伍角叁分.
    """
    if amount.fen < 0:
        raise BadValue(f"金额 {amount} 是负数，不能写成大写，请核对金额。")
    yuan, rest = divmod(amount.fen, 100)
    if yuan >= _LIMIT:
        raise BadValue(f"金额 {amount} 过大，不能写成大写，请核对金额。")
    jiao, fen = divmod(rest, 10)
    whole = f"{_integer(yuan)}元" if yuan or not rest else ""
    return f"人民币{whole}{_decimals(jiao, fen, after_zero=yuan > 0 and (yuan % 10 == 0 or jiao == 0))}"


def _decimals(jiao: int, fen: int, after_zero: bool) -> str:
    """What stands after 元; `after_zero` when a zero position lies between 元 and the next digit."""
    if not jiao and not fen:
        return "整"
    zero = "零" if after_zero else ""
    jiao_text = f"{_DIGITS[jiao]}角" if jiao else ""
    return f"{zero}{jiao_text}{_DIGITS[fen]}分" if fen else f"{zero}{jiao_text}整"


def _integer(number: int) -> str:
    """The digits and places of a whole number; one 零 stands for any run of zeros inside it."""
    for size, name in _GROUPS:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return f"{_integer(high)}{name}{gap}{_integer(low)}" if low else _integer(high) + name
    return _four(number) if number else "零"


def _four(group: int) -> str:
    """A number from 1 to 9999 without leading or trailing 零."""
    text = ""
    for digit, place in zip(f"{group:04}", _PLACES, strict=True):
        if digit != "0":
            text += _DIGITS[int(digit)] + place
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
