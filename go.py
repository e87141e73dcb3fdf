#!/usr/bin/env python3
"""Sets the program up where it stands, then starts it or runs its tests.

    python3 go.py             set up (first time) and start; arguments go to main.py
    python3 go.py test        set up (first time) and run the tests; arguments go to pytest
    python3 go.py bench       set up (first time) and print the table of speed and memory
    python3 go.py drills      set up (first time), hold every drill of reliability and print the table

Needs only Python 3.11 or newer. Everything lands in .venv/ beside this file; an office without
a network puts the wheels into wheels/ beside it and they are used instead.
"""

import ctypes
import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements" / "lock.txt"
STAMP = VENV / ".stamp"
WHEELS = ROOT / "wheels"
LIBRARIES = {  # what the Qt wheels load from the system -> the Debian package that brings it
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libcups.so.2": "libcups2",
}


def missing_packages() -> list[str]:
    """The Debian packages whose libraries the loader cannot find, and venv when Python lacks it."""
    missing = []
    if sys.platform.startswith("linux"):
        for library, package in LIBRARIES.items():
            try:
                ctypes.CDLL(library)
            except OSError:
                missing.append(package)
    try:
        import ensurepip  # noqa: F401  (only asks whether Debian's python3-venv is there)
    except ImportError:
        missing.append("python3-venv")
    return missing


def install_packages(missing: list[str]) -> None:
    """Install what is missing as root on a Debian-like system; else say the one command to run."""
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        sys.exit("缺少系统组件。请先运行一次下面的命令，再重复刚才的命令：\n  sudo " + " ".join(command))
    print("正在安装系统组件：" + "、".join(missing), file=sys.stderr, flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], env=environment, stdout=subprocess.DEVNULL)
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL)
    if done.returncode:
        sys.exit("系统组件没有装成。请检查软件源后运行：\n  " + " ".join(command))


def set_up() -> None:
    """Make .venv from the lock file once; a second start finds the stamp and costs nothing."""
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    install_packages(missing_packages())
    print("第一次运行，正在准备运行环境（约一分钟）…", file=sys.stderr, flush=True)
    source = ["--no-index", "--find-links", str(WHEELS)] if WHEELS.is_dir() else []
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    pip += ["--no-deps", "--require-hashes", *source, "-r", str(LOCK)]
    for command in ([sys.executable, "-m", "venv", "--clear", str(VENV)], pip):
        if subprocess.run(command, cwd=ROOT).returncode:
            sys.exit("运行环境没有准备好，原因见上面的英文提示；没有网络时请把安装包放入 wheels 文件夹。")
    STAMP.write_text(wanted)


def find_compiler() -> None:
    """Install a C compiler where that can be done: the drills of the disk need one, nothing else does."""
    if sys.platform.startswith("linux") and not (shutil.which("cc") or shutil.which("gcc")):
        if shutil.which("apt-get") and os.geteuid() == 0:
            install_packages(["gcc", "libc6-dev"])


def main(arguments: list[str]) -> int:
    """Set up, then hand over to the program, the tests, the bench or the drills; returns its exit code."""
    if sys.version_info < (3, 11):
        sys.exit("需要 Python 3.11 或更新版本，现在是 " + sys.version.split()[0])
    set_up()
    command = [str(ROOT / "main.py"), *arguments]
    if arguments[:1] == ["test"]:
        command = ["-m", "pytest", *arguments[1:]]
    elif arguments[:1] == ["bench"]:
        command = ["-m", "tests.bench", *arguments[1:]]
    elif arguments[:1] == ["drills"]:
        find_compiler()
        command = ["-m", "tests.drills", *arguments[1:]]
    try:
        run = subprocess.run([str(PYTHON), *command], cwd=ROOT if len(command) > 1 and command[0] == "-m" else None)
        return run.returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
