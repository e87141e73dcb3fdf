"""Lists as offices send them, each with what is right for it: through the command, or the imports of the window."""

import json
from pathlib import Path
from typing import Any

import pytest

from zjtx_desktop.cli import run
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import account_import, organisations, past_import
from zjtx_desktop.usecases.organisations import OrganisationForm

CASES = Path(__file__).parent / "cases"
RIGHT = [
    pytest.param(folder, case, id=f"{case['file']}-{number}")
    for folder in ("lists", "lists-real", "lists-own")
    for number, case in enumerate(json.loads((CASES / folder / "expected.json").read_text("utf-8")))
]


@pytest.fixture
def book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A book of 玉山县, as the command makes it."""
    path = tmp_path / "县.zjtx"
    assert run(["new", str(path), "--division", "361123", "--office", "玉山县财政局", "--by", "张三"]) == 0
    capsys.readouterr()
    return path


@pytest.mark.parametrize(("folder", "case"), RIGHT)
def test_a_list_comes_out_as_is_right_for_it(folder, case, book, capsys):
    source = CASES / folder / case["file"]
    found = {"past": past, "accounts": accounts}.get(case.get("mode", "import"), imported)(source, case, book, capsys)
    for wanted in case["rows"]:
        problem = missed(wanted, found)
        assert not problem, f"{problem}\n{json.dumps(found, ensure_ascii=False, indent=1)}"
    if case.get("mode", "import") == "import" and folder == "lists":
        assert [row["name"] for row in found["rows"]] == [row["name"] for row in case["rows"]]
    known = {row["name"] for row in case["rows"] if "name" in row}
    assert not known or {row["name"] for row in found["rows"]} == known


def imported(source: Path, case: dict[str, Any], book: Path, capsys: Any) -> dict[str, Any]:
    """What the command says, and that it writes no more than it says."""
    assert run(["import", str(book), str(source), *case["arguments"], "--by", "张三", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["written"] == sum(row["status"] == "new" for row in found["rows"])
    return found


def past(source: Path, case: dict[str, Any], book: Path, capsys: Any) -> dict[str, Any]:
    with Book(book) as opened, opened.reading() as session:
        return told(past_import.plan(session, past_import.read_past(source)).outcomes)


def accounts(source: Path, case: dict[str, Any], book: Path, capsys: Any) -> dict[str, Any]:
    """The same with the firms of the list in the book."""
    file = account_import.read_accounts(source)
    with Book(book) as opened:
        with opened.action("登记", "张三") as session:
            for row in file.parsed.rows:
                organisations.register(session, OrganisationForm(row.name, row.credit_code))
        with opened.reading() as session:
            return told(account_import.plan(session, file).outcomes)


def told(outcomes: Any) -> dict[str, Any]:
    rows = [{"name": one.name, "status": one.status.value, "messages": list(one.messages)} for one in outcomes]
    return {"rows": rows, "notes": []}


def missed(wanted: dict[str, Any], found: dict[str, Any]) -> str:
    """What of one row is not as it should be; empty when all is."""
    row = next((row for row in found["rows"] if row["name"] == wanted.get("name")), None)
    if "said" in wanted and wanted["said"] not in "".join([*found["notes"], *(row["messages"] if row else ())]):
        return f"nothing says “{wanted['said']}”"
    if "name" not in wanted:
        return ""
    if row is None:
        return f"no row “{wanted['name']}”"
    taken = row.get("taken", {})
    other = wanted.get("or_taken")
    if other and row["status"] == "new" and other.items() <= taken.items():
        return ""
    if "status" in wanted and row["status"] != wanted["status"]:
        return f"“{row['name']}” is {row['status']}"
    if wanted.get("not_ours") and (not row["not_ours"] or row["status"] == "error"):
        return f"“{row['name']}” is taken for ours"
    if wanted.get("publicity_only") and row["status"] != "error" and not taken["publicity_only"]:
        return f"“{row['name']}” is taken for recognised"
    if not wanted.get("taken", {}).items() <= taken.items():
        return f"“{row['name']}” is taken as {taken}"
    return ""
