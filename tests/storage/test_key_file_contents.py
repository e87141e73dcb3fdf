"""A key file that somebody altered, with its sum made anew: a sentence each, and no content eats the computer."""

import hashlib
import json
import os
import struct
import time
from base64 import b64encode

import pytest

from zjtx_desktop.errors import BadFile
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import KeyFile, key_file, new_secret
from zjtx_desktop.storage.sealing import Cost, is_bearable, new_salt, seal_data_key, unseal_data_key

HEAD = struct.Struct(">4sIII")


def sealed(memory, passes, lanes=1):
    return HEAD.pack(b"ZJS1", memory, passes, lanes) + os.urandom(60)


def slot(**given):
    fields = {"name": "张三", "salt": b64encode(bytes(16)).decode(), "sealed": b64encode(sealed(64, 1)).decode()}
    return fields | given


def lay(path, **given):
    """A key file as somebody would make it who knows the program."""
    said = {"format": 1, "book": "0" * 32, "slots": [slot()], "failures": {}, "tries": []} | given
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    said["sum"] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    key_file(path).write_bytes(json.dumps(said).encode())



ODD = {
    "name is a number": ({"slots": [slot(name=7)]}, "姓名不是文字"),
    "name is empty": ({"slots": [slot(name="")]}, "姓名有 0 个字"),
    "name too long": ({"slots": [slot(name="张" * 101)]}, "姓名有 101 个字"),
    "name turns the direction": ({"slots": [slot(name="张\u202e三")]}, "姓名不是文字"),
    "lone surrogate": ({"slots": [slot(name="张\ud800")]}, "姓名不是文字"),
    "101 slots": ({"slots": [slot(name=f"人{n}") for n in range(101)]}, "登记的密码有 101 条，太多了"),
    "a gibibyte a guess": ({"slots": [slot(sealed=b64encode(sealed((512 << 10) + 1, 1)).decode())]}, "试一次会占满电脑"),
    "eleven passes": ({"slots": [slot(sealed=b64encode(sealed(64, 11)).decode())]}, "试一次会占满电脑"),
    "no lanes": ({"slots": [slot(sealed=b64encode(sealed(64, 1, 0)).decode())]}, "试一次会占满电脑"),
    "no salt": ({"slots": [slot(salt="")]}, "不合规格"),
    "a sealed novel": ({"slots": [slot(sealed=b64encode(sealed(64, 1) * 100).decode())]}, "不合规格"),
    "not base64": ({"slots": [slot(salt="****")]}, ""),
    "count is a text": ({"failures": {"张三": {"count": "5", "until": None}}}, "失败次数不是数目"),
    "count is true": ({"failures": {"张三": {"count": True, "until": None}}}, "失败次数不是数目"),
    "count below none": ({"failures": {"张三": {"count": -1, "until": None}}}, "失败次数不是数目"),
    "time without a zone": ({"failures": {"张三": {"count": 5, "until": "2026-11-22T08:00:00"}}}, "失败的时间不合规格"),
    "no time": ({"tries": [["张三", "昨天"]]}, "失败的时间不是时间"),
    "the end of times": ({"failures": {"张三": {"count": 5, "until": "9999-12-31T23:59:59+00:00"}}}, "失败的时间不合规格"),
    "201 tries": ({"tries": [["张三", "2026-11-22T08:00:00+00:00"]] * 201}, "登记的失败记录有 201 条，太多了"),
    "a try of three": ({"tries": [["张三", "2026-11-22T08:00:00+00:00", 1]]}, ""),
    "slots are a text": ({"slots": "abc"}, ""),
    "slots are none": ({"slots": None}, ""),
    "failures are a list": ({"failures": ["张三"]}, ""),
    "book is a number": ({"book": 5}, ""),
    "book is a path": ({"book": "../../etc/passwd"}, "没有写明属于哪个账簿"),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_content_is_one_sentence_and_costs_nothing(path, odd):
    given, why = ODD[odd]
    lay(path, **given)
    begun = time.process_time()
    with pytest.raises(BadFile) as refused:
        KeyFile.read(path)
    assert time.process_time() - begun < 1
    said = str(refused.value)
    assert said.startswith(f"钥匙文件“{key_file(path).name}”已损坏") and why in said
    assert said.endswith("密码用不上。请从备份取回它，或用恢复码打开，钥匙文件会重新生成。")


def test_the_control_of_these_cases_is_read(path):
    lay(path, failures={"张三": {"count": 5, "until": "2026-11-22T08:00:00+00:00"}}, tries=[["张三", "2026-11-22T08:00:00+00:00"]])
    assert KeyFile.read(path).names == ("张三",)
    lay(path, slots=[slot(name=f"人{n}") for n in range(100)])
    assert len(KeyFile.read(path).names) == 100


def test_the_code_opens_the_book_whatever_lies_beside_it_and_makes_the_key_file_anew(path):
    secret = new_secret()
    Book.create(path, secret).close()
    lay(path, slots=[slot(name=7)])
    with Book(path, secret) as book:
        assert book.check() == []


def test_what_is_sealed_at_too_high_a_cost_is_not_even_tried():
    salt = new_salt()
    made = seal_data_key(bytes(48), "pass", "张三", salt, Cost(64, 10, 1))
    assert is_bearable(made) and unseal_data_key(made, "pass", "张三", salt) == bytes(48)
    forged = HEAD.pack(b"ZJD1", 1 << 20, 64, 1) + made[HEAD.size :]
    begun = time.process_time()
    assert not is_bearable(forged) and unseal_data_key(forged, "pass", "张三", salt) is None
    assert time.process_time() - begun < 0.5


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.parametrize("secret", [None, new_secret()], ids=["plain", "encrypted"])
def test_a_book_and_its_key_file_only_the_owner_reads(path, secret):
    with Book.create(path, secret) as book:
        if secret:
            KeyFile("0" * 32, ()).write(path)
            assert key_file(path).stat().st_mode & 0o077 == 0
        assert book.path.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_opening_a_book_clears_what_a_killed_encryption_left_beside_it(path):
    Book.create(path).close()
    for end in ("", "-journal", ".keys", ".lock"):
        (path.parent / f".zjtx-0123456789abcdef.zjtx{end}").write_bytes(b"rows")
    Book(path).close()
    assert [one.name for one in path.parent.iterdir() if one.name.startswith(".zjtx-")] == []
