"""What must not outlive the program lies in a folder of its own, and is gone afterwards, also when it was killed."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange import passing, reading

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import sys
sys.path.insert(0, sys.argv[1])
from zjtx_desktop.exchange.passing import run_folder
(run_folder() / "rows.jsonl").write_text("张三,6222000000000000")
print(run_folder(), flush=True)
if sys.argv[2] == "stay":
    sys.stdin.readline()
"""
posix = pytest.mark.skipif(os.name != "posix", reason="locks and modes of POSIX")


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setattr(passing, "_held", None)
    monkeypatch.setattr(passing, "_ROOM", 0)
    yield folder
    passing.leave()


def start(how):
    command = [sys.executable, "-c", RUN, str(ROOT), how]
    run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return run, Path(run.stdout.readline().strip())


def end(run):
    run.communicate("\n", timeout=60)


@posix
def test_it_lies_in_the_runtime_folder_where_nobody_else_looks_and_goes_with_the_program(runtime):
    run, folder = start("stay")
    assert folder.is_relative_to(runtime) and (folder / "rows.jsonl").exists()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    end(run)
    assert not folder.exists()


@posix
def test_what_a_killed_run_left_is_cleared_by_the_next_and_a_living_one_is_spared(runtime):
    living, spared = start("stay")
    killed, left = start("stay")
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (left / "rows.jsonl").exists()
    passing.clear_leftovers()
    assert not left.exists() and (spared / "rows.jsonl").exists()
    end(living)


@posix
def test_the_folder_is_ours_alone_also_where_the_system_has_no_runtime_folder(runtime, monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr(passing.tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"zjtx-run-{os.getuid()}").symlink_to(runtime)  # somebody laid a link under our name
    folder = passing.run_folder()
    assert folder.is_relative_to(tmp_path) and not folder.is_relative_to(runtime) and list(runtime.iterdir()) == []
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_what_earlier_programs_left_in_the_temporary_folder_goes_and_nothing_else(runtime, monkeypatch, tmp_path):
    monkeypatch.setattr(passing.tempfile, "tempdir", str(tmp_path))
    for name, file in (("zjtx-ab12", "table.jsonl"), ("zjtx-附件", "证书.pdf"), ("zjtx-project", "notes.txt"), ("zjtx-busy", "table.jsonl")):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text("x")
        if name != "zjtx-busy":
            os.utime(tmp_path / name, (time.time() - 500,) * 2)
    passing.clear_leftovers()
    assert {path.name for path in tmp_path.glob("zjtx-*")} == {"zjtx-project", "zjtx-busy"}


def test_rows_of_a_list_pass_through_it_and_leave_nothing(runtime, tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text("单位名称\n示例甲有限公司\n", encoding="utf-8")
    assert len(reading.read_table(path).rows) == 2
    assert [one.name for one in passing.run_folder().iterdir()] == ["lock"]


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_answer_that_finds_no_room_is_told_as_that_and_not_as_a_damaged_list(runtime, tmp_path, monkeypatch):
    path = tmp_path / "名单.csv"
    path.write_text("单位名称\n" + "示例甲有限公司\n" * 5000, encoding="utf-8")

    class Full(passing.tempfile.TemporaryDirectory):
        def __enter__(self):
            folder = super().__enter__()
            Path(folder, "table.jsonl").symlink_to("/dev/full")
            return folder

    monkeypatch.setattr(reading, "TemporaryDirectory", Full)
    with pytest.raises(BadFile, match="“名单.csv”没有读完：临时文件写不进“.*”，磁盘已满或没有写入权限，不是这个文件的问题。请清理磁盘后再导入。"):
        reading.read_table(path)


@posix
def test_a_temporary_folder_that_is_gone_is_told_as_that(runtime, tmp_path, monkeypatch):
    path = tmp_path / "名单.csv"
    path.write_text("单位名称\n示例甲有限公司\n", encoding="utf-8")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    monkeypatch.setattr(passing.tempfile, "tempdir", str(tmp_path / "没有"))
    with pytest.raises(BadFile, match="没有读完：临时文件写不进"):
        reading.read_table(path)


@posix
@pytest.mark.parametrize(
    "before",
    [
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (24 << 20,) * 2); ",
        "raise MemoryError; ",
        "import os; os.kill(os.getpid(), 9); ",
    ],
)
def test_too_little_memory_is_told_as_that(runtime, tmp_path, monkeypatch, before):
    path = tmp_path / "名单.csv"
    path.write_text("单位名称\n示例甲有限公司\n", encoding="utf-8")
    monkeypatch.setattr(reading, "START", before + reading.START)
    with pytest.raises(BadFile, match="“名单.csv”没有读完：读取程序没有运行起来，多半是电脑内存不足，不是这个文件的问题。请关闭一些程序后再导入。"):
        reading.read_table(path)


@posix
def test_the_program_leaves_no_image_of_its_memory():
    code = "import resource, main; main.leave_no_core(); print(resource.getrlimit(resource.RLIMIT_CORE))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "(0, 0)"
    source = (ROOT / "main.py").read_text(encoding="utf-8")
    assert source.index("    leave_no_core()") < source.index("from zjtx_desktop.cli import run")
