"""Books of every older format, plain and encrypted, with persons: opened, told of, moved over by two, sound."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from people_kit import ADMIN, CHEAP, NOW, OWN, TODAY, enter, manage
from sqlmodel import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import BadFile
from zjtx_desktop.storage import sealing, tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.connection import writing_engine
from zjtx_desktop.storage.keys import KeyFile, Slot, data_key, fingerprint, is_code, new_secret
from zjtx_desktop.storage.sealing import new_salt, public_hex, seal
from zjtx_desktop.storage.steps import STEPS
from zjtx_desktop.storage.upgrade import upgrade
from zjtx_desktop.usecases import people, root
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.encrypting import Other, encrypt_book, renew_code
from zjtx_desktop.usecases.entering import enter as enter_encrypted
from zjtx_desktop.usecases.recovering import open_by_code, recovery_code
from zjtx_desktop.values.recovery import recovery_text

APPROVER, CLERK = "审批人员", "经办人员"
STAFF = ((ADMIN, "admin"), (APPROVER, "approver"), (CLERK, "clerk"))
SETTINGS = (("division", "361123"), ("office", "玉山县财政局"), ("prefix", "玉财奖"), ("contact", ""))


def old_book(path, steps, secret=None, staff=STAFF):
    """A book as the program of that many steps left it: persons with keys, and slots that hold the very code."""
    path.touch()
    engine = writing_engine(path, data_key(secret) if secret else None)
    upgrade(engine, path, data_key(secret) if secret else None, STEPS[:steps])
    engine.dispose()
    slots = []
    with Book(path, secret, steps=STEPS[:steps]) as book, book.action("旧版程序办的", "旧版") as session:
        raw = session.connection()
        for key, value in SETTINGS:
            raw.exec_driver_sql("INSERT INTO setting (\"key\", value) VALUES (?, ?)", (key, value))
        for name, role in staff:
            key, salt = Ed25519PrivateKey.generate(), new_salt()
            raw.exec_driver_sql(
                "INSERT INTO person (name, roles, active, public_key, salt, sealed_key, sealed_times, password_on, must_change, failures) "
                "VALUES (?, ?, 1, ?, ?, ?, 1, ?, 0, 0)",
                (name, json.dumps([role]), public_hex(key), salt, seal(key, OWN, name, salt, CHEAP), TODAY.isoformat()),
            )
            if secret:
                salt = new_salt()
                slots.append(Slot(name, salt, sealing._seal(b"ZJS1", secret, OWN, name, salt, CHEAP)))
                raw.exec_driver_sql("INSERT INTO key_slot (name, salt, sealed) VALUES (?, ?, ?)", (name, salt, slots[-1].sealed))
    if secret:
        KeyFile(fingerprint(secret), tuple(slots)).write(path)


def hints(book):
    with book.reading() as session:
        return root.key_hints(session, book.secret is not None)


@pytest.mark.parametrize("steps", [2, 3, 4])
def test_a_plain_book_with_persons_opens_is_certified_by_two_and_is_sound(tmp_path, steps):
    path = tmp_path / "县.zjtx"
    old_book(path, steps)
    with Book(path) as book:
        assert enter(book, CLERK).key and check(book) == [] and "启用单位根密钥" in hints(book)[0]
        manage(book, root.ENABLED, root.enable)
        assert check(book) == [] and hints(book) == ()
        manage(book, "改岗位", lambda s: people.change_roles(s, CLERK, [Role.PAYER]))
        assert check(book) == [] and enter(book, CLERK).key


@pytest.mark.parametrize("steps", [3, 4])
def test_an_encrypted_book_with_persons_opens_says_so_and_is_moved_over_by_two(tmp_path, steps):
    path, secret = tmp_path / "县.zjtx", new_secret()
    old_book(path, steps, secret)
    book, me = enter_encrypted(path, ADMIN, OWN, NOW, CHEAP)
    with book:
        assert book.knows_code and recovery_code(book, me) == recovery_text(secret), "as it ever was"
        assert "更换恢复码" in hints(book)[0] and check(book) == []
    fresh = renew_code(path, secret, ADMIN, OWN, CHEAP, Other(APPROVER, OWN))
    assert all(not slot.holds_code and not is_code(slot.open(OWN)) for slot in KeyFile.read(path).slots)
    with pytest.raises(BadFile):
        open_by_code(path, recovery_text(secret))
    book, _ = enter_encrypted(path, ADMIN, OWN, NOW, CHEAP)
    with book:
        assert not book.knows_code and hints(book) == () and check(book) == []
        assert enter(book, CLERK).key
        with book.reading() as session:
            assert len(session.exec(select(tables.Certificate)).all()) == 3
    with open_by_code(path, recovery_text(fresh)).book as book:
        assert check(book) == []


def test_an_encrypted_book_of_one_user_says_so_and_is_moved_over_with_the_code(tmp_path):
    path, secret = tmp_path / "县.zjtx", new_secret()
    old_book(path, 4, secret, staff=())
    salt = new_salt()
    with Book(path, secret) as book:
        with book.action("旧", "旧版") as session:
            sealed = sealing._seal(b"ZJS1", secret, OWN, "张三", salt, CHEAP)
            session.add(tables.KeySlot(name="张三", salt=salt, sealed=sealed))
        assert "更换恢复码" in hints(book)[0]
    renew_code(path, secret, "张三", OWN, CHEAP)
    book, _ = enter_encrypted(path, "张三", OWN, NOW, CHEAP)
    with book:
        assert not book.knows_code and hints(book) == () and check(book) == []


def test_a_plain_book_with_persons_is_encrypted_by_two_and_certified(tmp_path):
    path = tmp_path / "县.zjtx"
    old_book(path, 4)
    secret = encrypt_book(path, ADMIN, OWN, CHEAP, Other(APPROVER, OWN))
    assert is_code(secret)
    book, _ = enter_encrypted(path, APPROVER, OWN, NOW, CHEAP)
    with book:
        assert check(book) == [] and hints(book) == ()
