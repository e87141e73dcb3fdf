"""The shape of the house: which way imports point, and what is written nowhere."""

import ast
import re
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GENERATED = {
    ".git",
    ".venv",
    "wheels",
    "build",
    "dist",
    "__pycache__",
    ".pytest_cache",
    ".hypothesis",
    ".ruff_cache",
}
TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("zjtx_desktop", "ui")
    for path in (ROOT / folder).rglob("*.py")
}
TREES |= {ROOT / name: ast.parse((ROOT / name).read_text(encoding="utf-8")) for name in ("main.py", "go.py")}

# From the outside in; a part may import only what stands below it, or beside it on its own shelf.
SHELVES = (
    ("main", "go"),
    ("ui", "zjtx_desktop.cli"),
    ("zjtx_desktop.demo",),
    ("zjtx_desktop.headless", "zjtx_desktop.headless_keys", "zjtx_desktop.headless_backups", "zjtx_desktop.headless_copies", "zjtx_desktop.headless_merging", "zjtx_desktop.headless_rounds", "zjtx_desktop.headless_year", "zjtx_desktop.headless_lists"),
    ("zjtx_desktop.usecases",),
    ("zjtx_desktop.storage", "zjtx_desktop.exchange", "zjtx_desktop.documents"),
    ("zjtx_desktop.domain",),
    ("zjtx_desktop.values",),
    ("zjtx_desktop.errors", "zjtx_desktop.paths", "zjtx_desktop.VERSION"),
)
OUTSIDE = {"zjtx_desktop": "holds nothing but its version"}
HEIGHT = {part: height for height, shelf in enumerate(SHELVES) for part in shelf}

DOORS = (
    "ui/app.py",
    "ui/jobs.py",
    "ui/open_book.py",
)  # where the window opens the book and hands it to the worker

# Who → what → who may all the same, and why.
FORBIDDEN = (
    ("zjtx_desktop", ("PySide6", "shiboken6", "ui", "main"), {}),
    ("ui", ("sqlmodel", "sqlalchemy", "sqlcipher3", "sqlite3"), {}),
    (
        "ui",
        ("zjtx_desktop.storage",),
        {door: ("zjtx_desktop.storage.book", "zjtx_desktop.storage.undo") for door in DOORS},
    ),
    (
        "",
        (
            "pickle",
            "shelve",
            "marshal",
            "dill",
            "socket",
            "socketserver",
            "ssl",
            "asyncio",
            "urllib",
            "http",
            "ftplib",
            "smtplib",
            "imaplib",
            "poplib",
            "xmlrpc",
            "webbrowser",
            "requests",
            "httpx",
            "PySide6.QtSql",
            "PySide6.QtNetwork",
            "PySide6.QtWebEngineCore",
            "PySide6.QtWebSockets",
        ),
        {},
    ),
    ("", ("sqlite3",), {}),  # a second SQLite library in the process would drop the first one's locks
)
INSIDE_FUNCTIONS = {
    "main.py": "each way to start imports only what it needs",
    "ui/start.py": "the pages and SQLModel come after the first paint, not before",
    "ui/app.py": "the help window's widgets take 3 % of the time to the first paint",
    "ui/input_method.py": "needs jeepney, which is there on Linux only",
    "zjtx_desktop/exchange/child.py": "each kind of file loads only its own library, which takes as long as reading a list",
    **dict.fromkeys(
        (f"zjtx_desktop/usecases/{name}.py" for name in ("letters", "paper_check", "printouts")),
        "reading a PDF loads pypdf, 26 MB that a long import does without",
    ),
    "go.py": "asks whether Debian's python3-venv is there",
}
NAMES_A_TABLE = {"zjtx_desktop/usecases/encrypting.py": "counts the rows of every table by its name in the schema"}
CATCH_ALL = {"ui/jobs.py": "one of the two doors", "ui/app.py": "the other"}
NOT_IN_FILES = (
    (
        "a path of somebody's machine",
        re.compile(r"(?<![\w.])/(?:work|home|root|Users|mnt|srv)/[a-z]|[A-Z]:\\+Users\b"),
    ),
    (
        "a package registry",
        re.compile(
            r"pypi\.org|pythonhosted|index-url|devpi|artifactory|nexus|/simple/|tuna\.tsinghua|mirrors\.",
            re.I,
        ),
    ),
)


def here(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    return here(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module(path): path for path in TREES}


def imported(tree: ast.AST) -> Iterator[str]:
    """The full names a file imports; of `from a import b`, a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that this test can read them"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


def part_of(name: str) -> str | None:
    return next((part for part in HEIGHT if is_in(name, part)), None)


def test_every_module_has_its_shelf():
    assert "zjtx_desktop.storage.book" in MODULES and "ui" in HEIGHT
    assert [name for name in MODULES if part_of(name) is None and name not in OUTSIDE] == []


def test_imports_point_inward():
    wrong = [
        f"{here(path)} imports {name}"
        for path, tree in TREES.items()
        for name in imported(tree)
        for mine, theirs in [(part_of(module(path)), part_of(name))]
        if mine and theirs and HEIGHT[theirs] < HEIGHT[mine]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("folder", "packages", "excepted"), FORBIDDEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_a_folder_never_imports(folder, packages, excepted):
    wrong = [
        f"{here(path)} imports {name}"
        for path, tree in TREES.items()
        if here(path).startswith(folder)
        for name in imported(tree)
        if any(is_in(name, package) for package in packages)
        and not any(is_in(name, package) for package in excepted.get(here(path), ()))
    ]
    assert wrong == []


def test_no_import_goes_in_a_circle():
    graph = {
        name: {
            target
            for one in imported(TREES[path])
            for target in (one, one.rpartition(".")[0])
            if target in MODULES
        }
        - {name}
        for name, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if name in (getattr(called, "attr", None), getattr(called, "id", None)):
                yield node


def commits(path: Path, tree: ast.AST) -> Iterator[int]:
    """A commit outside storage: only `Book.action` ends a transaction."""
    if "storage" not in path.parts:
        yield from (call.lineno for call in calls(tree, "commit"))


def built_sql(path: Path, tree: ast.AST) -> Iterator[int]:
    """SQL put together from pieces: values are bound, never written into the text."""
    for call in (*calls(tree, "text"), *calls(tree, "literal_column")):
        if isinstance(call.func, ast.Name):  # a widget's or a setting's own text() is none of SQL's
            yield from (
                call.lineno for argument in call.args if isinstance(argument, ast.JoinedStr | ast.BinOp)
            )


def sql_in_pieces(path: Path, tree: ast.AST) -> Iterator[int]:
    """SQL put together for the driver outside storage, which puts in names of its own tables and no value of anybody."""
    if "storage" not in path.parts and here(path) not in NAMES_A_TABLE:
        for call in (*calls(tree, "exec_driver_sql"), *calls(tree, "execute"), *calls(tree, "executescript")):
            yield from (call.lineno for argument in call.args[:1] if isinstance(argument, ast.JoinedStr | ast.BinOp))


def catch_alls(path: Path, tree: ast.AST) -> Iterator[int]:
    """`except Exception`, or a bare one that does not raise again."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and here(path) not in CATCH_ALL:
            caught = (
                {getattr(name, "id", "") for name in ast.walk(node.type)} if node.type else {"BaseException"}
            )
            again = any(isinstance(one, ast.Raise) and one.exc is None for one in ast.walk(node))
            if "Exception" in caught or ("BaseException" in caught and not again):
                yield node.lineno


def hidden_imports(path: Path, tree: ast.AST) -> Iterator[int]:
    """An import inside a function, or under TYPE_CHECKING."""
    if here(path) not in INSIDE_FUNCTIONS:
        for outer in ast.walk(tree):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                yield from (
                    node.lineno for node in ast.walk(outer) if isinstance(node, ast.Import | ast.ImportFrom)
                )
            elif isinstance(outer, ast.Name) and outer.id == "TYPE_CHECKING":
                yield outer.lineno


@pytest.mark.parametrize(
    "rule", [commits, built_sql, sql_in_pieces, catch_alls, hidden_imports], ids=lambda rule: rule.__name__
)
def test_what_is_written_nowhere(rule: Callable[[Path, ast.AST], Iterator[int]]):
    wrong = [
        f"{here(path)}:{line} {rule.__doc__}" for path, tree in TREES.items() for line in rule(path, tree)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (commits, "session.commit()"),
        (built_sql, "session.execute(text(f'SELECT {name}'))"),
        (built_sql, "text('SELECT ' + name)"),
        (sql_in_pieces, "connection.exec_driver_sql(f'SELECT {name}')"),
        (sql_in_pieces, "raw.execute('SELECT ' + name)"),
        (catch_alls, "try: pass\nexcept (ValueError, Exception): pass"),
        (catch_alls, "try: pass\nexcept: pass"),
        (hidden_imports, "def f():\n    import os"),
        (hidden_imports, "if TYPE_CHECKING: pass"),
    ],
)
def test_each_rule_knows_what_it_looks_for(rule, source):
    assert list(rule(ROOT / "ui" / "pages" / "example.py", ast.parse(source)))


def test_no_file_names_somebodys_machine_or_a_registry():
    wrong = []
    for path in ROOT.rglob("*"):
        if GENERATED.isdisjoint(path.relative_to(ROOT).parts) and path.is_file():
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # fonts and pictures
            wrong += [
                f"{here(path)}: {what}: {found[0]}"
                for what, pattern in NOT_IN_FILES
                if (found := pattern.search(text))
            ]
    assert [line for line in wrong if not line.startswith("tests/test_shape.py")] == []
