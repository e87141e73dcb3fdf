"""Keys of an encrypted book: the code on paper, the slots of passwords, the file beside the book."""

import json
import os
import random
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from book_kit import CLERK, add, names
from sqlalchemy import delete

from zjtx_desktop.errors import AppError, BadFile, BadValue, NotFound
from zjtx_desktop.storage import keyring
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import (
    Failures,
    KeyFile,
    Slot,
    copy_keys,
    data_key,
    fingerprint,
    is_encrypted,
    key_file,
    new_secret,
)
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.storage.steps import STEPS
from zjtx_desktop.storage.tables import KeySlot
from zjtx_desktop.values.recovery import last_group, read_recovery, recovery_text, same_group

CHEAP = Cost(64, 1, 1)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PASSWORD = "mountain high, river long"


@pytest.fixture
def secret():
    return new_secret()


@pytest.fixture
def kept(path, secret):
    """An encrypted book with one slot."""
    with Book.create(path, secret) as book:
        give(book, "张三", PASSWORD)
        yield book


def give(book, name, password):
    """A slot of its own for a name, in place of what it had."""
    slot = Slot.make(book.secret, name, password, CHEAP)
    with book.action(f"密码{name}", CLERK) as session:
        session.connection().execute(delete(KeySlot).where(KeySlot.name == name))
        session.add(KeySlot(name=slot.name, salt=slot.salt, sealed=slot.sealed))


def opened(path, name, password):
    """What a password gives."""
    return KeyFile.read(path).unlock(name, password)


# the code on paper


def test_the_code_is_nine_groups_of_four_without_letters_that_are_misread(secret):
    code = recovery_text(secret)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert read_recovery(code) == secret


def test_every_secret_comes_back_from_its_code():
    for secret in (bytes(20), b"\xff" * 20, *(os.urandom(20) for _ in range(300))):
        assert read_recovery(recovery_text(secret)) == secret


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' - ')}\n",
        lambda code: code.replace("0", "O").replace("1", "I"),
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: "".join(chr(ord(c) + 0xFEE0) for c in code),
        lambda code: code.replace("-", "—"),
    ],
)
def test_reading_forgives_how_a_code_is_typed(typed):
    secret = bytes.fromhex("0042108421084210842108421084210842108401")
    assert {"0", "1"} <= set(recovery_text(secret))
    assert read_recovery(typed(recovery_text(secret))) == secret


def test_any_single_wrong_letter_is_found(secret):
    code = recovery_text(secret)
    for at, right in enumerate(code):
        for letter in set(LETTERS) - {right, "-"} if right != "-" else ():
            with pytest.raises(BadValue, match="校验没有通过"):
                read_recovery(code[:at] + letter + code[at + 1 :])


def test_any_two_letters_or_groups_that_changed_places_are_found(secret):
    plain = recovery_text(secret).replace("-", "")
    groups = recovery_text(secret).split("-")
    for of, join in ((list(plain), ""), (groups, "-")):
        for i in range(len(of)):
            for j in range(i):
                if of[i] != of[j]:
                    swapped = of.copy()
                    swapped[i], swapped[j] = of[j], of[i]
                    with pytest.raises(BadValue, match="校验没有通过"):
                        read_recovery(join.join(swapped))


def test_a_thousand_random_codes_are_refused_by_their_check_alone():
    chance = random.Random(20261122)
    for _ in range(1000):
        with pytest.raises(BadValue, match="校验没有通过"):
            read_recovery("".join(chance.choices(LETTERS, k=36)))


def test_a_code_too_short_or_with_other_signs_says_what_is_wrong_and_not_what_it_is(secret):
    code = recovery_text(secret)
    with pytest.raises(BadValue, match=r"共 36 个，填了 35 个"):
        read_recovery(code[:-1])
    with pytest.raises(BadValue, match="第 1 组里有“恢”"):
        read_recovery("恢" + code)
    with pytest.raises(BadValue) as refused:
        read_recovery(code[:-1] + ("0" if code[-1] != "0" else "2"))
    assert not any(group in str(refused.value) for group in code.split("-"))


def test_the_last_group_shows_that_the_code_is_on_paper(secret):
    code = recovery_text(secret)
    assert same_group(last_group(code).lower() + " ", last_group(code))
    assert not same_group(code[:4], last_group(code)) or code[:4] == last_group(code)


# the file of the book


def test_the_code_alone_opens_the_bare_file_and_makes_the_key_file_anew(path, kept, secret, tmp_path):
    add(kept, "甲公司")
    kept.close()
    other = tmp_path / "别处" / "改了名.zjtx"
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    with Book(other, read_recovery(recovery_text(secret))) as book:
        assert names(book) == ["甲公司"] and book.check() == []
    assert opened(other, "张三", PASSWORD) == data_key(secret)


def test_key_and_head_follow_from_the_secret_and_from_nothing_else(kept, path, secret):
    assert kept.key == data_key(secret) and kept.secret == secret and len(kept.key) == 48
    assert path.read_bytes()[:16].hex() == fingerprint(secret)
    assert data_key(new_secret())[:32] != kept.key[:32]


def test_nothing_of_what_stands_in_a_book_is_legible_in_its_files(path, kept, secret):
    add(kept, "江西示例保密有限公司")
    kept.close()
    for file in path.parent.iterdir():
        data = file.read_bytes()
        assert "示例保密".encode() not in data and b"SQLite format" not in data or file.suffix == ".lock"
        assert secret not in data and secret.hex().encode() not in data and PASSWORD.encode() not in data


def test_whether_a_file_is_encrypted_is_seen_without_a_key(path, kept, tmp_path):
    plain = tmp_path / "明.zjtx"
    Book.create(plain).close()
    assert is_encrypted(path) and not is_encrypted(plain) and not is_encrypted(tmp_path / "没有.zjtx")
    (tmp_path / "空.zjtx").touch()
    assert not is_encrypted(tmp_path / "空.zjtx")
    add(kept, "看一眼不丢锁")
    assert is_encrypted(path) and kept.check() == []


def said(path, secret):
    with pytest.raises(AppError) as refused:
        Book(path, secret)
    return str(refused.value)


def test_wrong_key_damage_and_no_key_are_told_apart(path, kept, secret):
    """With the key file and without it."""
    kept.close()
    whole = path.read_bytes()
    for beside in (True, False):
        if not beside:
            key_file(path).unlink()
        assert "属于另一个账簿" in said(path, new_secret())
        assert ("请登录" if beside else "旁边没有钥匙文件") in said(path, None)
        for at in (3, 100, 4000):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert "密钥是对的" in said(path, secret) and "损坏" in said(path, secret)
        path.write_bytes(whole)
    Book(path, secret).close()


def test_the_copy_from_before_an_upgrade_has_its_key_file(path, kept, secret):
    kept.close()
    Book(path, secret, steps=(*STEPS, "ALTER TABLE organisation ADD COLUMN website TEXT")).close()
    [copy] = path.parent.glob("*升级前*.zjtx")
    assert opened(copy, "张三", PASSWORD) == data_key(secret)


# the key file


def test_a_password_opens_its_slot_and_no_other(path, kept, secret):
    give(kept, "李四", "another, quite other one")
    assert opened(path, "张三", PASSWORD) == opened(path, "李四", "another, quite other one") == data_key(secret)
    assert opened(path, "李四", PASSWORD) is None and opened(path, "王五", PASSWORD) is None
    assert KeyFile.read(path).names == ("张三", "李四")


def test_a_slot_does_not_open_under_another_name(secret):
    slot = Slot.make(secret, "张三", PASSWORD, CHEAP)
    assert slot.open(PASSWORD) == data_key(secret) and replace(slot, name="李四").open(PASSWORD) is None


def test_a_missing_and_a_damaged_key_file_say_so_each_in_its_words(path, kept):
    kept.close()
    file = key_file(path)
    whole = file.read_bytes()
    for at in range(0, len(whole), 7):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BadFile, match="已损坏，密码用不上.*用恢复码"):
            KeyFile.read(path)
    for junk in (b"", b"[]", b"{}", b"null", b"\xff\xfe", whole[:-20]):
        file.write_bytes(junk)
        with pytest.raises(BadFile, match="已损坏，密码用不上"):
            KeyFile.read(path)
    file.unlink()
    with pytest.raises(NotFound, match="旁边没有钥匙文件.*用恢复码"):
        KeyFile.read(path)


def test_a_key_file_that_was_damaged_or_is_another_books_is_made_anew_when_the_book_opens(path, kept, secret):
    kept.close()
    right = key_file(path).read_bytes()
    for wrong in (b"junk", None, right.replace(fingerprint(secret).encode(), b"0" * 32)):
        key_file(path).unlink()
        if wrong:
            key_file(path).write_bytes(wrong)
        Book(path, secret).close()
        assert key_file(path).read_bytes() == right


def test_the_key_file_of_another_book_laid_here_by_mistake_is_put_aside_and_not_lost(path, kept, secret):
    kept.close()
    right, other = key_file(path).read_bytes(), new_secret()
    KeyFile(fingerprint(other), (Slot.make(other, "李四", PASSWORD, CHEAP),)).write(path)
    theirs = key_file(path).read_bytes()
    Book(path, secret).close()
    assert key_file(path).read_bytes() == right
    assert path.with_name(f"{key_file(path).name}.别的账簿").read_bytes() == theirs


def test_opening_does_not_write_the_key_file_when_nothing_changed(path, kept, secret):
    kept.close()
    before = key_file(path).stat().st_mtime_ns
    Book(path, secret).close()
    assert key_file(path).stat().st_mtime_ns == before


def test_a_key_file_with_old_or_forged_slots_is_reported_by_the_check(path, kept, secret):
    assert kept.check() == []
    KeyFile.read(path).joined([Slot.make(secret, "外人", PASSWORD, CHEAP)]).write(path)
    assert "不一致" in kept.check()[0]
    key_file(path).unlink()
    assert "旁边没有钥匙文件" in kept.check()[0]


def test_a_copy_of_the_key_file_leaves_failures_behind(path, kept, tmp_path, secret):
    KeyFile.read(path).with_failures("张三", Failures(5, NOW)).with_try("张三", NOW).write(path)
    assert KeyFile.read(path).failures == {"张三": Failures(5, NOW)}
    copy = tmp_path / "副本.zjtx"
    copy_keys(path, copy)
    assert KeyFile.read(copy).failures == {} and KeyFile.read(copy).tries == ()
    assert opened(copy, "张三", PASSWORD) == data_key(secret)
    key_file(path).unlink()
    copy_keys(path, tmp_path / "无.zjtx")
    assert not key_file(tmp_path / "无.zjtx").exists()


def test_failures_outlast_an_opening_and_end_with_a_new_password(path, kept, secret):
    kept.close()
    KeyFile.read(path).with_failures("张三", Failures(5, NOW)).with_try("张三", NOW).write(path)
    with Book(path, secret) as book:
        assert KeyFile.read(path).failures == {"张三": Failures(5, NOW)} and len(KeyFile.read(path).tries) == 1
        give(book, "张三", "a new one, quite long")
        assert KeyFile.read(path).failures == {}


# while a slot changes


def test_the_key_file_holds_old_and_new_before_the_commit_and_only_the_new_after_it(path, kept, secret, monkeypatch):
    seen = []
    real = keyring.Keyring.before_commit

    def spy(ring, connection):
        real(ring, connection)
        seen.append([opened(path, "张三", one) is not None for one in (PASSWORD, "a new one, quite long")])

    monkeypatch.setattr(keyring.Keyring, "before_commit", spy)
    give(kept, "张三", "a new one, quite long")
    assert seen == [[True, True]]
    assert [opened(path, "张三", one) is not None for one in (PASSWORD, "a new one, quite long")] == [False, True]


def test_a_change_that_fails_leaves_the_key_file_as_it_was(path, kept, monkeypatch):
    before = key_file(path).read_bytes()
    slot = Slot.make(kept.secret, "李四", PASSWORD, CHEAP)
    with pytest.raises(ZeroDivisionError), kept.action("增加", CLERK) as session:
        session.add(KeySlot(name="李四", salt=slot.salt, sealed=slot.sealed))
        session.flush()
        1 / 0  # noqa: B018
    assert key_file(path).read_bytes() == before


def test_when_the_key_file_cannot_be_written_the_change_is_not_made(path, kept):
    file, aside = key_file(path), path.with_name("keys")
    file.rename(aside)
    file.mkdir()  # a folder of that name: nothing can be put in its place
    with pytest.raises(AppError, match="文件夹"):
        give(kept, "李四", PASSWORD)
    file.rmdir()
    aside.rename(file)
    assert KeyFile.read(path).names == ("张三",) and kept.check() == []


def test_the_history_says_whose_slot_changed_and_nothing_of_what_is_in_it(kept):
    give(kept, "张三", "a new one, quite long")
    with kept.reading() as session:
        said = session.connection().exec_driver_sql(
            "SELECT before, after FROM change WHERE table_name = 'key_slot'"
        )
        rows = [json.loads(one) for row in said for one in row if one]
    assert rows and all(set(row) == {"id", "name"} for row in rows)


def test_no_representation_of_what_is_kept_shows_a_secret(kept, secret):
    slot = Slot.make(secret, "张三", PASSWORD, CHEAP)
    for shown in (repr(slot), repr(KeyFile(fingerprint(secret), (slot,)))):
        assert slot.sealed.hex() not in shown and "sealed" not in shown
