"""Drill C31, no way into the net: the whole job with every socket refused, and no network module loaded.

Simulated: the demo (list in, awards judged, letters and workbook out) in a Python that refuses and writes down every use
of a socket, also in the processes that it starts.
Promised: it comes to its end as ever, nothing was refused, and none of the modules of `NETWORK` was loaded.
Control: a program that asks for an address must be refused and written down.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.drills.drill import Done, Ground, Ledger

ROOT = Path(__file__).resolve().parents[2]
NETWORK = (  # socket and asyncio come with SQLAlchemy, which uses neither here
    "http.client", "http.server", "urllib.request", "ftplib", "smtplib", "imaplib", "poplib", "socketserver",
    "xmlrpc.client", "requests", "httpx", "urllib3", "PySide6.QtNetwork", "PySide6.QtSql",
)  # fmt: skip
GUARD = '''
import atexit, os, sys
TOLD = os.environ["DRILL_TOLD"]
def tell(words, _open=os.open, _write=os.write, _close=os.close, how=os.O_WRONLY | os.O_APPEND | os.O_CREAT):
    file = _open(TOLD, how, 0o600)
    _write(file, (words + "\\n").encode())
    _close(file)
def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        tell("refused " + event)
        raise PermissionError("no sockets in this drill")
def loaded():
    for name in NETWORK:
        if name in sys.modules:
            tell("loaded " + name)
NETWORK = %r
sys.addaudithook(refuse)
atexit.register(loaded)
'''
ASKING = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"


def hold(ground: Ground) -> Done:
    """The demo, then a program that asks."""
    wrong = Ledger()
    done, told = _run(ground, "demo", [str(ROOT / "main.py"), "demo", str(ground.folder / "演示")])
    if done:
        wrong.add(f"演示没有做完：{done}")
    for words in told:
        wrong.add(words)
    made = [path for path in (ground.folder / "演示").rglob("*") if path.suffix in (".pdf", ".xlsx")]
    if len(made) < 6:
        wrong.add(f"只写出 {len(made)} 个文件")
    asked, heard = _run(ground, "ask", ["-c", ASKING])
    return Done(
        "从导入到报送表的全过程，拒绝一切套接字",
        f"照常做完，写出 {len(made)} 个文件；用到网络 {wrong.count} 处" if not wrong.count else f"不符 {wrong.count}",
        f"请求联网的程序：{'被拒绝并记下' if asked and heard else '没有拒绝'}",
        wrong.problems((bool(asked) and bool(heard), "对照没有被拒绝")),
    )


def _run(ground: Ground, name: str, arguments: list[str]) -> tuple[str, list[str]]:
    """The last line of what went wrong, and what the guard wrote down."""
    guard, told = ground.folder / f"{name}-guard", ground.folder / f"{name}.told"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(GUARD % (NETWORK,), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(guard), "DRILL_TOLD": str(told), "PYTHONUTF8": "1"}
    run = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, cwd=ROOT)
    lines = run.stderr.strip().splitlines() or [str(run.returncode)]
    return lines[-1] if run.returncode else "", told.read_text().splitlines() if told.exists() else []
