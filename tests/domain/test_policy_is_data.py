"""The policy's figures live in its pack, never in Python; and no float comes near money."""

import ast
from pathlib import Path

import pytest
from made_facts import PACK

import zjtx_desktop

ENGINE = Path(zjtx_desktop.__file__).parent
FILES = sorted(ENGINE.rglob("*.py"))
EXACT = [path for path in FILES if path.relative_to(ENGINE).parts[0] in ("values", "domain")]
AMOUNTS = [rule.money(amount) for rule in PACK.rules for amount in rule.amounts]
NUMBERS = {figure for money in AMOUNTS for figure in (money.fen, money.fen // 100)}
YEARS = {PACK.issued.year, PACK.review_from.year}
WORDS = {PACK.numbers.partition("〔")[0], *map(str, YEARS)} | {
    f"{money.wan}{gap}万" for money in AMOUNTS for gap in ("", " ")
}


UNRELATED = {  # figures that only look like the policy's
    "demo.py": {2023},  # the years of the sample list
    "exchange/guard.py": {100_000},  # most rows of a sheet
    "exchange/plain.py": {200_000},  # most lines of a text file
    "exchange/pasted.py": {200_000},  # most lines of what is pasted
    "exchange/web_pages.py": {200_000},  # most cells of a page
    "exchange/word_tables.py": {100_000},  # most cells of a document
}


def constants(path):
    """Every literal of a file but its docstrings, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docstrings]


def is_policy(value):
    if isinstance(value, str):
        return any(word in value.replace(",", "") for word in WORDS)
    return type(value) is int and value in NUMBERS | YEARS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ENGINE).as_posix())
def test_no_amount_year_or_number_of_the_policy_is_a_literal(path):
    unrelated = UNRELATED.get(path.relative_to(ENGINE).as_posix(), set())
    found = [node for node in constants(path) if is_policy(node.value) and node.value not in unrelated]
    assert [f"{node.lineno}: {node.value!r}" for node in found] == []


@pytest.mark.parametrize("path", EXACT, ids=lambda path: path.relative_to(ENGINE).as_posix())
def test_no_float_in_values_or_domain(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    literals = [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is float
    ]
    names = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "float"]
    assert literals == names == []


def test_the_search_would_find_a_hidden_figure():
    assert {10_000_000, 100_000, 20_000_000, 200_000} == NUMBERS
    assert is_policy(10_000_000)
    assert is_policy("给予10 万元")
    assert is_policy(2023)
