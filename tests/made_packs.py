"""Policy packs made from data: the shipped one with entries changed by their place, and the amendment in cases/packs."""

import json
import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from zjtx_desktop.domain.pack_file import load_pack, parse_pack, shipped_pack
from zjtx_desktop.domain.policy import Pack

CASES = Path(__file__).parent / "cases" / "packs"
AMENDMENT = CASES / "shili-2026-8.toml"
WHERE = "新政策包.toml"
FLOOR, CITY = 0, 1  # the two rules of the shipped pack


def tables() -> dict[str, Any]:
    """Everything in the shipped pack, to be changed and then `written`."""
    return tomllib.loads(shipped_pack().text, parse_float=Decimal)


class Raw(str):
    """A value to be written just as it stands, such as `nan`."""


GONE = Raw()


def edited(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The shipped pack with these entries changed: `rule.0.payer` is the payer of its first rule; GONE takes one out."""
    data = tables()
    for path, value in changes:
        *way, last = path.split(".")
        place: Any = data
        for step in way:
            place = place[int(step) if step.isdecimal() else step]
        if value is GONE:
            del place[last]
        else:
            place[int(last) if last.isdecimal() else last] = value
    return data


def made(*changes: tuple[str, Any], examples: int | None = None) -> Pack:
    """The shipped pack with these entries changed, and of its examples only the first ones."""
    data = edited(*changes)
    return parse_pack(written(data | {"example": data["example"][:examples]}), WHERE)


@cache
def amended() -> Pack:
    """The shipped pack with the amendment upon it."""
    return load_pack(AMENDMENT, (shipped_pack(),))


def written(data: dict[str, Any]) -> str:
    """The tables as TOML; what is nested in a table stands in its line."""
    plain = {key: value for key, value in data.items() if not _is_tables(value)}
    lines = [f"{key} = {_inline(value)}" for key, value in plain.items()]
    for key, value in data.items():
        if _is_tables(value):
            for table in value if isinstance(value, list) else [value]:
                lines += [f"[[{key}]]" if isinstance(value, list) else f"[{key}]"]
                lines += [f"{name} = {_inline(one)}" for name, one in table.items()]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, dict) or bool(value) and isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _inline(value: Any) -> str:
    if isinstance(value, Raw):
        return value
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return str(value) if isinstance(value, date | Decimal) else json.dumps(value, ensure_ascii=False)
