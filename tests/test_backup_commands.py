"""The commands `backup` and `restore`, as a person without a window uses them."""

import json
from datetime import datetime

import pytest
from sqlmodel import select

from zjtx_desktop.cli import run
from zjtx_desktop.errors import Refused
from zjtx_desktop.headless_backups import back_up_book, restore_book
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import key_file, new_secret
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.storage.tables import Organisation, Setting
from zjtx_desktop.usecases import people
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.usecases.slots import put_slot
from zjtx_desktop.values.recovery import recovery_text

NOW = datetime(2026, 11, 22, 15, 30)
CHEAP = Cost(64, 1, 1)
ADMIN, AUDITOR = "系统管理员甲", "审计员乙"
WORDS = {ADMIN: "mountain high, river long", AUDITOR: "cloud thin, autumn far 9", "张三": "一句只有自己记得住的长话"}


def say(capsys, *arguments: object) -> tuple[int, str, str]:
    code = run([str(one) for one in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def add(book: Book, *names: str) -> None:
    with book.action("登记企业", "张三") as session:
        session.add_all(Organisation(name=name, folded=name) for name in names)


def held(path, secret=None) -> list[str]:
    with Book(path, secret) as book, book.reading() as session:
        assert book.check() == []
        return sorted(session.exec(select(Organisation.name)))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "县.zjtx"


def begin(book: Book) -> None:
    with book.action("新建账簿", "张三") as session:
        for key, value in (("division", "361123"), ("office", "玉山县财政局"), ("prefix", "玉财奖"), ("contact", "")):
            session.add(Setting(key=key, value=value))
        if book.secret:
            put_slot(session, "张三", WORDS["张三"], CHEAP)
    add(book, "甲公司")


@pytest.fixture
def plain(path):
    with Book.create(path) as book:
        begin(book)
    return path


def test_a_book_goes_into_a_backup_and_comes_back_after_it_was_deleted(capsys, plain, tmp_path):
    code, out, err = say(capsys, "backup", plain, "--by", "张三", "--json")
    backup = json.loads(out)["backup"]
    assert (code, err) == (0, "") and backup.startswith(str(tmp_path / "备份" / "玉山县 ")) and "自动" not in backup
    plain.unlink()
    code, out, err = say(capsys, "restore", backup, "--to", plain, "--by", "张三")
    assert (code, err) == (0, "") and out.startswith("已恢复到 ") and "恢复前" not in out
    assert held(plain) == ["甲公司"]


def test_what_would_be_lost_is_said_and_needs_a_yes(capsys, plain, tmp_path):
    backup = json.loads(say(capsys, "backup", plain, "--to", tmp_path, "--json")[1])["backup"]
    with Book(plain) as book:
        add(book, "乙公司")
    code, out, err = say(capsys, "restore", backup, "--to", plain, "--by", "张三")
    assert (code, out) == (1, "") and "恢复后将少 1 步操作" in err and "--yes" in err
    assert held(plain) == ["乙公司", "甲公司"]
    code, out, err = say(capsys, "restore", backup, "--to", plain, "--by", "张三", "--yes")
    assert code == 0 and "恢复后将少 1 步操作" in err and "恢复前的账簿另存为" in out
    assert held(plain) == ["甲公司"]


def test_a_backup_that_is_not_there_or_damaged_is_a_sentence(capsys, plain, tmp_path):
    assert say(capsys, "restore", tmp_path / "没有.zjtx", "--to", plain)[0] == 1
    (tmp_path / "坏.zjtx").write_bytes(b"nothing" * 900)
    code, _, err = say(capsys, "restore", tmp_path / "坏.zjtx", "--to", plain)
    assert code == 1 and "Traceback" not in err
    assert say(capsys, "backup", plain, "--to", tmp_path / "没有")[2].count("不存在") == 1


@pytest.fixture
def sealed(path, tmp_path):
    """An encrypted book that is deleted, its secret and its backup."""
    secret = new_secret()
    with Book.create(path, secret) as book:
        begin(book)
    answer = back_up_book(path, None, "张三", WORDS.__getitem__, NOW)
    path.unlink()
    key_file(path).unlink()
    return secret, tmp_path / "备份" / answer.data["backup"]


def test_a_deleted_encrypted_book_comes_back_with_the_password(path, sealed):
    secret, backup = sealed
    restore_book(backup, path, "随便谁", "", False, WORDS.__getitem__, None, NOW)
    assert held(path, secret) == ["甲公司"]


def test_a_deleted_encrypted_book_comes_back_with_the_code_alone(path, sealed):
    secret, backup = sealed
    key_file(backup).unlink()
    with pytest.raises(Refused, match="--code"):
        restore_book(backup, path, "张三", "", False, WORDS.__getitem__, None, NOW)
    restore_book(backup, path, "张三", "", False, WORDS.__getitem__, lambda: recovery_text(secret), NOW)
    assert held(path, secret) == ["甲公司"]


def test_a_book_with_persons_is_restored_by_two_of_them(plain):
    with Book(plain) as book:
        both = NewPerson(ADMIN, WORDS[ADMIN]), NewPerson(AUDITOR, WORDS[AUDITOR])
        slip = perform(book, "登记人员", Actor("张三"), lambda session: people.set_up_people(session, *both, NOW.date(), CHEAP))
        perform(
            book, "修改密码", sign_in(book, AUDITOR, WORDS[AUDITOR], NOW.astimezone(), slip=slip),
            lambda session: people.change_password(session, WORDS[AUDITOR], WORDS["张三"], NOW.date(), CHEAP),
        )  # fmt: skip
    own = (WORDS | {AUDITOR: WORDS["张三"]}).__getitem__
    backup = plain.parent / "备份" / back_up_book(plain, None, ADMIN, own, NOW).data["backup"]
    with pytest.raises(Refused, match="--with"):
        restore_book(backup, plain, ADMIN, "", False, own, None, NOW)
    with pytest.raises(Refused, match="姓名或密码不对"):
        restore_book(backup, plain, ADMIN, AUDITOR, False, lambda name: WORDS[ADMIN], None, NOW)
    with pytest.raises(Refused, match="两次都是"):
        restore_book(backup, plain, ADMIN, ADMIN, False, own, None, NOW)
    answer = restore_book(backup, plain, ADMIN, AUDITOR, True, own, None, NOW)
    assert answer.data["aside"] and held(plain) == ["甲公司"]
