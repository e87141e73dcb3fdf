"""Restoring: who may, what is said before, and that nothing is replaced without a trace."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from people_kit import ADMIN, CHEAP, FIRST, OWN, enter, office, set_up
from people_kit import register as enlist
from sqlmodel import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import BadFile, BadValue, Denied, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.connection import writing_engine
from zjtx_desktop.storage.keys import data_key, key_file, new_secret
from zjtx_desktop.storage.sealing import public_hex
from zjtx_desktop.storage.steps import STEPS
from zjtx_desktop.storage.upgrade import upgrade
from zjtx_desktop.usecases import office as offices
from zjtx_desktop.usecases import record_history
from zjtx_desktop.usecases.backups import back_up, describe
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor
from zjtx_desktop.usecases.restoring import Hands, held_against_paper, identify, names_for, preview, restore, unlock, unlock_by_code
from zjtx_desktop.usecases.rollback import seen_now
from zjtx_desktop.usecases.seen_books import Seen
from zjtx_desktop.usecases.slots import put_slot
from zjtx_desktop.values import Division, HeadCode
from zjtx_desktop.values.recovery import recovery_text

NOW = datetime(2026, 11, 22, 15, 30)
ALONE = Hands(Actor("张三"))
PASSWORD = "一句好记的话"


def quiet(_done, _total):
    """Nobody is told how far it is."""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "备份"
    made.mkdir()
    return made


def register(book: Book, name: str) -> None:
    with book.action(f"登记企业“{name}”", "张三") as session:
        session.add(tables.Organisation(name=name, folded=name))


def where(book: Book) -> Seen:
    with book.reading() as session:
        return seen_now(session, book.path, book.secret is not None)


# what is said before


def test_before_a_restore_the_actions_that_will_be_lost_are_named(book, folder):
    line = back_up(book, folder, NOW, quiet)
    register(book, "甲公司")
    register(book, "乙公司")
    seen = preview(line.path, book.path, None)
    assert (seen.lost_count, [one.title for one in seen.lost]) == (2, ["登记企业“乙公司”", "登记企业“甲公司”"])
    assert seen.warnings[0].startswith("恢复后将少 2 步操作，从 ") and "登记企业“甲公司”" in seen.warnings[0]
    assert (seen.admins, seen.others, seen.line.organisations) == ((), (), 0)


def test_a_backup_with_everything_in_it_needs_no_warning(book, folder):
    line = back_up(book, folder, NOW, quiet)
    assert preview(line.path, book.path, None).warnings == ()


def test_a_backup_newer_than_the_book_and_one_that_went_another_way_are_told(book, folder):
    old = back_up(book, folder, NOW, quiet)
    register(book, "甲公司")
    new = back_up(book, folder, NOW + timedelta(days=1), quiet)
    book.close()
    restore(old.path, book.path, ALONE, NOW, quiet)
    seen = preview(new.path, book.path, None)
    assert "在第 1 步以后各有各的改动" in seen.warnings[0] and seen.lost_count == 1
    assert "恢复备份" in seen.lost[0].title
    book.path.write_bytes(old.path.read_bytes())
    assert preview(new.path, book.path, None).warnings == ("这份备份比现在的账簿多 1 步操作：现在的账簿是较旧的一份。",)


def test_a_backup_of_another_book_is_told(book, folder, tmp_path):
    with Book.create(tmp_path / "别的.zjtx") as other:
        with other.action("新建账簿", "张三") as session:
            offices.set_up(session, Division("361102"), "信州区财政局")
        line = back_up(other, folder, NOW, quiet)
    seen = preview(line.path, book.path, None)
    assert "属于另一个账簿" in seen.warnings[0] and seen.lost_count == 1


def test_when_the_book_is_gone_what_the_computer_remembers_tells_how_much_is_missing(book, folder):
    line = back_up(book, folder, NOW, quiet)
    at_backup = where(book)
    register(book, "甲公司")
    register(book, "乙公司")
    last = where(book)
    newer = back_up(book, folder, NOW + timedelta(days=1), quiet)
    book.close()
    book.path.unlink()
    seen = preview(line.path, book.path, None, last)
    assert seen.lost_count == 2 and "恢复后将少 2 步操作" in seen.warnings[0] and "第 3 步" in seen.warnings[0]
    assert preview(newer.path, book.path, None, last).warnings == ()
    assert preview(newer.path, book.path, None, at_backup).warnings == ()
    forged = replace(last, head="0" * 64)
    assert "被改动过" in preview(newer.path, book.path, None, forged).warnings[0]
    assert "另一个账簿" in preview(newer.path, book.path, None, replace(last, identity="x")).warnings[0]
    assert preview(newer.path, book.path, None, None).warnings == ()


def test_a_backup_that_cannot_be_read_is_refused_before_anything_is_asked(book, folder):
    bad = folder / "坏 2026-01-02 0300.zjtx"
    bad.write_bytes(b"nothing" * 900)
    with pytest.raises(BadFile, match="不能用来恢复"):
        preview(bad, book.path, None)


# who may


def test_two_persons_restore_and_both_are_in_the_history_with_their_signatures(book, folder):
    staff = office(book)
    line = back_up(book, folder, NOW, quiet)
    admin, clerk = staff[Role.ADMIN], staff[Role.CLERK]
    register(book, "后来的公司")
    seen = preview(line.path, book.path, None)
    assert seen.admins == (ADMIN,) and clerk.name in seen.others
    book.close()
    restore(line.path, book.path, Hands(admin, clerk), NOW, quiet)
    with Book(book.path) as back, back.reading() as session:
        last = record_history.actions(session)[0]
        assert last.by_name == ADMIN and f"同办人{clerk.name}" in last.title
        text = bytes(session.exec(select(tables.Content.data)).all()[-1]).decode()
        record, *signed = text.split("\n")
        assert record.endswith(last.title)
        for line, actor in zip(signed, (admin, clerk), strict=True):
            word, name, signature = line.split(" ")
            assert (word, name) == ("签名", actor.name)
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_hex(actor.key)))
            key.verify(bytes.fromhex(signature), record.encode())
        assert check(back) == []


def test_the_same_person_twice_is_refused_and_on_record(book, folder):
    admin = office(book)[Role.ADMIN]
    line = back_up(book, folder, NOW, quiet)
    register(book, "甲公司")
    path = book.path
    book.close()
    with pytest.raises(Denied, match="两次都是"):
        restore(line.path, path, Hands(admin, admin), NOW, quiet)
    with Book(path) as same, same.reading() as session:
        assert [one.deed for one in session.exec(select(tables.Denial))] == ["恢复备份"]
        assert session.exec(select(tables.Organisation.name)).all() == ["甲公司"]


def test_a_password_that_the_administrator_has_set_is_no_second_person(book, folder):
    staff = office(book)
    me = staff[Role.ADMIN]
    slip = enlist(book, "新来的人", Role.CLERK)
    line = back_up(book, folder, NOW, quiet)
    other = enter(book, "新来的人", FIRST, slip=slip)
    book.close()
    with pytest.raises(Refused, match="新来的人还在用初始密码"):
        identify(book.path, "新来的人", FIRST, None)
    with pytest.raises(Denied, match="新来的人还在用初始密码"):
        restore(line.path, book.path, Hands(me, other), NOW, quiet)


def test_a_recovery_code_does_not_spare_two_persons_while_the_book_is_there(book, folder):
    staff = office(book)
    line = back_up(book, folder, NOW, quiet)
    book.close()
    with pytest.raises(Denied):
        restore(line.path, book.path, Hands(Actor("张三"), by_code=True), NOW, quiet)
    book.path.unlink()
    with pytest.raises(Denied):
        restore(line.path, book.path, Hands(Actor("张三")), NOW, quiet)
    with pytest.raises(Denied, match="两个人"):
        restore(line.path, book.path, Hands(staff[Role.ADMIN]), NOW, quiet)
    restore(line.path, book.path, Hands(Actor("张三"), by_code=True), NOW, quiet)
    with Book(book.path) as back, back.reading() as session:
        assert "凭恢复码" in record_history.actions(session)[0].title


def test_persons_are_known_by_the_backup_when_the_book_is_gone(book, folder):
    set_up(book)
    line = back_up(book, folder, NOW, quiet)
    book.close()
    book.path.unlink()
    admin = identify(line.path, ADMIN, OWN, None)
    assert admin.name == ADMIN and admin.key
    for name, password in ((ADMIN, "falsch"), ("没有这个人", OWN)):
        with pytest.raises(Refused, match="姓名或密码不对"):
            identify(line.path, name, password, None)


def test_a_backup_of_the_first_program_that_knew_no_persons_is_restored(tmp_path, folder):
    old = folder / "旧 2025-01-02 0300.zjtx"
    old.touch()
    engine = writing_engine(old, None)
    upgrade(engine, old, None, STEPS[:1])
    engine.dispose()
    with Book(old, steps=STEPS[:1]) as book, book.action("新建账簿", "张三") as session:
        for key, value in (("division", "361123"), ("office", "玉山县财政局"), ("prefix", "玉财奖"), ("contact", "")):
            session.add(tables.Setting(key=key, value=value))
    seen = preview(old, tmp_path / "账簿.zjtx", None)
    assert seen.others == () and seen.line.whose == "玉山县 玉山县财政局"
    restore(old, tmp_path / "账簿.zjtx", ALONE, NOW, quiet)
    with Book(tmp_path / "账簿.zjtx") as back:
        assert check(back) == []


# encrypted


@pytest.fixture
def sealed(tmp_path, folder):
    """An encrypted book, deleted; its secret, where it was, and its backup."""
    secret, path = new_secret(), tmp_path / "县.zjtx"
    with Book.create(path, secret) as book:
        with book.action("新建账簿", "张三") as session:
            offices.set_up(session, Division("361123"), "玉山县财政局")
            put_slot(session, "张三", PASSWORD, CHEAP)
        register(book, "甲公司")
        line = back_up(book, folder, NOW, quiet)
    path.unlink()
    key_file(path).unlink()
    return secret, path, line.path


def test_an_encrypted_backup_tells_its_counts_to_a_password_or_the_code_only(sealed):
    secret, path, backup = sealed
    assert describe(backup).locked and describe(backup).organisations == 0
    assert names_for(backup) == ("张三",)
    assert unlock(backup, "张三", PASSWORD) == data_key(secret)
    assert unlock_by_code(backup, recovery_text(secret)) == secret
    assert describe(backup, secret).organisations == 1
    with pytest.raises(Refused, match="姓名或密码不对"):
        unlock(backup, "张三", "falsch")
    with pytest.raises(BadFile, match="另一个账簿"):
        unlock_by_code(backup, recovery_text(new_secret()))
    with pytest.raises(BadValue):
        unlock_by_code(backup, "ABCD")


@pytest.mark.parametrize("with_keys", [True, False])
def test_a_deleted_encrypted_book_comes_back_and_opens_with_the_code_also_without_the_key_file(sealed, with_keys):
    secret, path, backup = sealed
    if not with_keys:
        key_file(backup).unlink()
    restore(backup, path, Hands(Actor("张三"), by_code=True), NOW, quiet, unlock_by_code(backup, recovery_text(secret)))
    assert key_file(path).exists(), "made anew from the book"
    with Book(path, unlock(path, "张三", PASSWORD)) as back, back.reading() as session:
        assert session.exec(select(tables.Organisation.name)).all() == ["甲公司"]
        assert check(back) == []


def test_a_backup_from_before_the_code_was_renewed_is_compared_and_restored_with_both_secrets(sealed):
    old, path, backup = sealed
    new = new_secret()
    with Book.create(path, new) as book:
        with book.action("新建账簿", "张三") as session:
            offices.set_up(session, Division("361123"), "玉山县财政局")
            put_slot(session, "张三", PASSWORD, CHEAP)
    seen = preview(backup, path, old, present_secret=new)
    assert seen.is_there and "另一个账簿" in seen.warnings[0]
    restore(backup, path, Hands(Actor("张三")), NOW, quiet, old, new)
    assert unlock(path, "张三", PASSWORD) == data_key(old)
    (aside,) = path.parent.glob("县（恢复前）*.zjtx")
    assert unlock(aside, "张三", PASSWORD) == data_key(new)


def test_a_wrong_secret_restores_nothing(sealed):
    _, path, backup = sealed
    for wrong in (None, new_secret()):
        with pytest.raises(BadFile):
            restore(backup, path, Hands(Actor("张三"), by_code=True), NOW, quiet, wrong)
    assert not path.exists()


def test_a_restore_over_a_book_whose_password_was_changed_since_leaves_both_passwords_until_it_is_opened(sealed):
    secret, path, backup = sealed
    restore(backup, path, Hands(Actor("张三"), by_code=True), NOW, quiet, secret)
    with Book(path, secret) as book, book.action("改密码", "张三") as session:
        put_slot(session, "张三", "另一句好记的话", CHEAP)
    restore(backup, path, Hands(Actor("张三")), NOW + timedelta(days=1), quiet, secret)
    assert unlock(path, "张三", PASSWORD) == unlock(path, "张三", "另一句好记的话") == data_key(secret)
    Book(path, secret).close()
    assert unlock(path, "张三", PASSWORD) == data_key(secret)
    with pytest.raises(Refused):
        unlock(path, "张三", "另一句好记的话")


def test_a_paper_tells_a_backup_that_is_older_than_it_and_one_of_another_history(book, folder):
    line = back_up(book, folder, NOW, quiet)
    old = where(book)
    register(book, "甲公司")
    now = where(book)
    assert held_against_paper(line.path, None, str(HeadCode.of(old.seq, old.head))) == ""
    assert "只到第 1 步，至少少 1 步" in held_against_paper(line.path, None, str(HeadCode.of(now.seq, now.head)))
    assert "对不上" in held_against_paper(line.path, None, str(HeadCode.of(old.seq, now.head)))
    with pytest.raises(BadValue):
        held_against_paper(line.path, None, "128-7QK4")
