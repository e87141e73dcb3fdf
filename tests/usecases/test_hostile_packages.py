"""Policy packs, backups and key files as somebody with bad intentions would make them: a sentence each, and soon."""

import json
import os
import shutil
import time
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlite

from tests.made_packs import AMENDMENT, Raw, edited, written
from zjtx_desktop.errors import AppError, BadFile
from zjtx_desktop.storage import keys
from zjtx_desktop.storage.keys import KeyFile, key_file
from zjtx_desktop.usecases.backups import backups, describe
from zjtx_desktop.usecases.pack_change import read_pack
from zjtx_desktop.usecases.packs import shipped_pack
from zjtx_desktop.values import safe_filename

TEXT = shipped_pack().text
SECONDS = 2


def put(entry: str, value: Any) -> bytes:
    """The shipped pack with one entry another."""
    return written(edited((entry, value))).encode()


PACKS = {
    "nothing": b"",
    "bytes": bytes(range(256)) * 20,
    "UTF-16": TEXT.encode("utf-16"),
    "GB 18030": TEXT.encode("gb18030"),
    "a list in a list in a list": b"a = " + b"[" * 100_000,
    "a list in a list in a list, closed": b"a = " + b"[" * 3000 + b"]" * 3000,
    "a table in a table": b"a = " + b"{a = " * 1500,
    "a name of 50,000 parts": b"[" + b"a." * 50_000 + b"a]",
    "a number of 7,000 digits": b"a = " + b"9" * 7000,
    "a number beyond all bounds": put("rule.0.amount.0.value", Raw("1e999999999")),
    "a number below all bounds": put("rule.0.amount.0.value", Raw("1e-999999999")),
    "not a number": put("rule.0.amount.0.value", Raw("nan")),
    "60 MB": b"#" * (60 << 20),
    "100,000 keys": b"".join(b"k%d = 1\n" % n for n in range(100_000)),
    "a zero byte": TEXT.encode() + b"\0",
    "half a letter": put("id", Raw('"\\ud800"')),
    "a title that reads backwards": put("document.0.title", "\u202e上饶市"),
    "a path upwards for its name": put("id", "../../../etc/rao"),
    "a path of another system for its name": put("id", "C:\\rao"),
    "SQL for its name": put("id", "x'); DROP TABLE award; --"),
    "markup for its name": put("id", "<a href=x>"),
    "an amendment of nothing there is": AMENDMENT.read_bytes(),
    "an amendment of itself": put("amends", "raofubanfa-2023-12"),
    "a list of packs that are none": json.dumps(["a", "b"]).encode(),
    "a list of one pack many times": json.dumps([TEXT] * 40, ensure_ascii=False).encode(),
    "a name without end": put("id", "饶" * 100),
}


@pytest.mark.parametrize("what", PACKS)
def test_a_hostile_pack_is_refused_in_a_sentence(tmp_path, what):
    path = tmp_path / "政策包.toml"
    path.write_bytes(PACKS[what])
    started = time.process_time()
    with pytest.raises(AppError) as refused:
        read_pack(path)
    said = str(refused.value)
    assert said.endswith("。") and "政策包" in said and time.process_time() - started < SECONDS


def test_the_pack_that_travels_with_the_program_is_none_of_these(tmp_path):
    path = tmp_path / "政策包.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert read_pack(path).text == TEXT


@pytest.mark.skipif(os.name == "nt", reason="no pipes in folders there")
def test_a_pipe_a_folder_and_a_ring_of_links_are_no_packs(tmp_path):
    os.mkfifo(tmp_path / "管.toml")
    (tmp_path / "夹.toml").mkdir()
    (tmp_path / "环.toml").symlink_to(tmp_path / "环.toml")
    (tmp_path / "零.toml").symlink_to("/dev/zero")
    for name in ("管", "夹", "环", "零", "无"):
        with pytest.raises(BadFile, match=f"{name}.toml"):
            read_pack(tmp_path / f"{name}.toml")


@pytest.mark.skipif(os.name == "nt", reason="no pipes in folders there")
def test_a_folder_of_strange_backups_is_listed_with_what_is_wrong_of_each(tmp_path, book):
    folder = tmp_path / "备份"
    folder.mkdir()
    os.mkfifo(folder / "管.zjtx")
    (folder / "夹.zjtx").mkdir()
    (folder / "环.zjtx").symlink_to(folder / "环.zjtx")
    (folder / "零.zjtx").symlink_to("/dev/zero")
    strange = {
        "空": b"",
        "文": "不是账簿".encode() * 999,
        "压": b"PK\x03\x04" + bytes(4000),
        "头": b"SQLite format 3\0" + bytes(4080),
        "乱": b"SQLite format 3\0" + os.urandom(8176),
    }
    for name, data in strange.items():
        (folder / f"{name}.zjtx").write_bytes(data)
    with sqlite.connect(folder / "别.zjtx") as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    book.close()
    shutil.copy(book.path, folder / "真.zjtx")
    (folder / "半.zjtx").write_bytes(book.path.read_bytes()[:9000])
    started = time.process_time()
    lines = {line.path.stem: line for line in backups(folder)}
    assert set(lines) == {*strange, "别", "真", "半"}
    assert lines.pop("真").whose == "玉山县 玉山县财政局"
    for line in lines.values():
        assert line.problem.endswith("。"), line
    assert time.process_time() - started < SECONDS * len(lines)


def test_a_sound_book_is_described(book):
    book.close()
    assert describe(book.path).problem == ""


def signed(**said) -> bytes:
    """A key file that says this, with the sum that anybody can put under it."""
    said = {"format": 1, "book": "x", "slots": [], "failures": {}, "tries": []} | said
    return json.dumps(said | {"sum": keys._sum(said)}).encode()


KEYS = {
    "nothing": b"",
    "bytes": bytes(range(256)),
    "a list": b"[]",
    "a number": b"7",
    "a list in a list": b"[" * 200_000,
    "no slots": json.dumps({"format": 1, "book": "x"}).encode(),
    "a text for slots": signed(slots="abc"),
    "numbers for slots": signed(slots=[1, 2]),
    "nothing for a slot": signed(slots=[None]),
    "a slot that is not base64": signed(slots=[{"name": "a", "salt": "é", "sealed": "!"}]),
    "a list for failures": signed(failures=[1]),
    "a day that does not exist": signed(failures={"a": {"count": 1, "until": "2024-13-45"}}),
    "numbers for tries": signed(tries=[1]),
    "a number of 9,000 digits": b'{"format": ' + b"9" * 9000 + b"}",
    "80 MB": b" " * (80 << 20) + b"{}",
}


@pytest.mark.parametrize("what", KEYS)
def test_a_hostile_key_file_is_refused_in_a_sentence(tmp_path, what):
    book = tmp_path / "账簿.zjtx"
    key_file(book).write_bytes(KEYS[what])
    started = time.process_time()
    with pytest.raises(BadFile, match="钥匙文件“账簿.zjtx.keys”"):
        KeyFile.read(book)
    assert time.process_time() - started < SECONDS


@pytest.mark.skipif(os.name == "nt", reason="no pipes in folders there")
def test_a_pipe_in_place_of_the_key_file_is_refused(tmp_path):
    book = tmp_path / "账簿.zjtx"
    os.mkfifo(key_file(book))
    with pytest.raises(BadFile, match="钥匙文件"):
        KeyFile.read(book)


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x", "C:\\x", "\\\\server\\share", "/etc/x", "a/../b", "x:y", "CON", "NUL.pdf"])
def test_a_name_from_outside_never_leaves_its_folder(tmp_path, name):
    made = safe_filename(name)
    assert (tmp_path / made).resolve().parent == tmp_path.resolve() and "\\" not in made and ":" not in made
