"""An encrypted book from its making to its last code: whose password opens it, when no longer, and what is said."""

import os
import random
import signal
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import process_time

import pytest
from people_kit import ADMIN, AUDITOR, CHEAP, FIRST, NOW, OWN, TODAY, hire, manage, set_up
from sqlmodel import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import AppError, BadFile, BadValue, Denied, NotFound, Refused
from zjtx_desktop.storage import keyring, tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.keys import KeyFile, data_key, is_encrypted, key_file
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import encrypting, office, people
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.encrypting import Other, encrypt_book, renew_code
from zjtx_desktop.usecases.entering import enter, who_opens
from zjtx_desktop.usecases.organisations import OrganisationForm, register
from zjtx_desktop.usecases.recovering import (
    HOLDER,
    confirm_on_paper,
    is_on_paper,
    learn_code,
    open_by_code,
    recovery_code,
    reset_by_code,
    save_sheet,
)
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.values import Division
from zjtx_desktop.values.recovery import recovery_text

ALONE = Other(reason="没有别人（示例）")
CODES = {}
SLIPS = {}  # of the auditor, who signs in by the first password
USER, NEW, WRONG = "张三", "cloud thin, autumn far", "姓名或密码不对，没有登录。请核对后再试。"


def wanted(folder: Path, password: str | None = OWN) -> NewBook:
    return NewBook(Division("361123"), "玉山县财政局", "", folder, "县", USER, password)


def made(folder):
    with make_book(wanted(folder), CHEAP) as book:
        CODES[book.path] = recovery_code(book, Actor(USER))
    return book.path


@pytest.fixture
def path(tmp_path):
    """An encrypted book of one user, closed."""
    return made(tmp_path)


@pytest.fixture
def staffed(path):
    """The same with an administrator, an auditor and a clerk, closed."""
    book, _ = into(path, USER)
    with book:
        SLIPS[path] = set_up(book)
        hire(book, "经办丁", Role.CLERK)
    return path


def into(path, name, password=OWN, now=NOW, slip=""):
    return enter(path, name, password, now, CHEAP, slip or (SLIPS.get(path, "") if name == AUDITOR else ""))


def opens(path, name, password=OWN, now=NOW, slip=""):
    """Whether the book opens, and for whom."""
    try:
        book, actor = into(path, name, password, now, slip)
    except Refused:
        return False
    with book:
        assert check(book) == [] and actor.name == name
    return True


def code_of(path, *_person):
    """The code of a book as it was told when the book was made."""
    return CODES[path]


def said(deed, *given):
    with pytest.raises(AppError) as refused:
        deed(*given)
    return str(refused.value)


def actions(book):
    with book.reading() as session:
        return list(session.exec(select(tables.Action.title, tables.Action.by_name).order_by(tables.Action.id)))


def denials(book):
    with book.reading() as session:
        return [(one.person, one.deed) for one in session.exec(select(tables.Denial).order_by(tables.Denial.id))]


# one user


def test_a_new_book_is_encrypted_and_only_its_password_opens_it(path):
    assert is_encrypted(path) and who_opens(path) == (USER,)
    assert opens(path, USER) and not opens(path, USER, "mountain high, river short") and not opens(path, "李四")
    assert opens(path, USER, OWN.replace("m", "ｍ")), "full-width letters are the same letters"
    with pytest.raises(BadFile, match="加密的账簿，没有密码打不开"):
        Book(path)


def test_without_a_password_the_book_is_plain_and_lies_alone(tmp_path):
    with make_book(wanted(tmp_path, None)) as book:
        assert book.secret is None and who_opens(book.path) is None
    assert not key_file(tmp_path / "县.zjtx").exists()


def test_a_weak_password_makes_no_book(tmp_path):
    with pytest.raises(Refused, match="至少要 12 位"):
        make_book(wanted(tmp_path, "short"), CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_a_new_book_takes_no_name_that_a_book_or_a_key_file_has(path, tmp_path):
    before = path.read_bytes(), key_file(path).read_bytes()
    with pytest.raises(Refused, match="已经存在"):
        make_book(wanted(tmp_path), CHEAP)
    assert (path.read_bytes(), key_file(path).read_bytes()) == before
    path.rename(tmp_path / "移走.zjtx")
    with pytest.raises(Refused, match="另一个账簿的钥匙文件"):
        make_book(wanted(tmp_path), CHEAP)
    assert key_file(path).read_bytes() == before[1]


def test_a_book_that_could_not_be_made_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_given, **_more):
        raise Refused("没有空间")

    monkeypatch.setattr(office, "set_up", fail)
    with pytest.raises(Refused, match="没有空间"):
        make_book(wanted(tmp_path), CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_names_and_passwords_are_found_in_none_of_its_files(path):
    book, actor = into(path, USER)
    with book:
        form = OrganisationForm(name="江西示例保密有限公司", payee_account="6222000011112222")
        perform(book, "登记", actor, lambda session: register(session, form))
        data = [file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith(".lock")]
    for secret in ("示例保密", "6222000011112222", "玉山县财政局", OWN):
        assert not any(secret.encode() in one for one in data)


def test_the_one_user_changes_the_password_and_the_old_one_opens_no_more(path):
    book, actor = into(path, USER)
    with book:
        for old, new, why in (("wrong, quite wrong", NEW, "原密码不对"), (OWN, OWN, "一样"), (OWN, "short", "12 位")):
            with pytest.raises(Refused, match=why):
                change(book, actor, old, new)
        change(book, actor, OWN, NEW)
    assert opens(path, USER, NEW) and not opens(path, USER, OWN)


def change(book, actor, old, new):
    perform(book, "修改密码", actor, lambda s: people.change_password(s, old, new, TODAY, CHEAP))


def test_a_plain_book_has_no_password_to_change(book):
    with pytest.raises(Refused, match="不用密码"):
        change(book, Actor(USER), OWN, NEW)


def test_the_one_user_unlocks_the_screen_by_the_same_password(path):
    book, _ = into(path, USER)
    with book:
        assert sign_in(book, USER, OWN, NOW, CHEAP) == Actor(USER)
        assert said(sign_in, book, USER, "nothing like it", NOW, CHEAP) == WRONG
        assert said(sign_in, book, "李四", OWN, NOW, CHEAP) == WRONG
        assert denials(book) == [(USER, "登录"), ("未登记的姓名", "登录")]


# who fails


def test_five_failures_lock_before_the_book_is_open_for_longer_each_time_and_are_written_down(path):
    for _ in range(4):
        assert said(into, path, USER, "nothing like it") == WRONG
    assert "请 1 分钟后再试" in said(into, path, USER, "nothing like it")
    assert "请 1 分钟后再试" in said(into, path, USER, OWN), "the right one, too, must wait"
    later = NOW + timedelta(seconds=61)
    assert "请 2 分钟后再试" in said(into, path, USER, "nothing like it", later)
    assert "用恢复码打开" in said(into, path, USER, OWN, later)
    book, _ = into(path, USER, OWN, later + timedelta(minutes=3))
    with book:
        assert denials(book) == [(USER, "打开账簿")] * 6
        assert ("登录失败（账簿打开之前）", "未登录") in actions(book) and check(book) == []
    assert KeyFile.read(path).failures == {} and KeyFile.read(path).tries == ()


def test_failures_at_the_lock_screen_hold_when_the_program_is_started_again(path, staffed):
    book, _ = into(path, ADMIN)
    with book:
        for _ in range(5):
            said(sign_in, book, "经办丁", "nothing like it", NOW, CHEAP)
    assert "暂停登录" in said(into, path, "经办丁", OWN)
    assert opens(path, "经办丁", OWN, NOW + timedelta(minutes=2))


def test_failures_before_the_book_is_open_are_seen_by_the_administrator_and_end_with_a_new_password(staffed):
    for _ in range(5):
        said(into, staffed, "经办丁", "nothing like it")
    book, _ = into(staffed, ADMIN)
    with book:
        with book.reading() as session:
            assert people.person(session, "经办丁").locked_until
        slip = manage(book, "重设", lambda s: people.reset_password(s, "经办丁", FIRST, TODAY, CHEAP))
    assert opens(staffed, "经办丁", FIRST, slip=slip)


def test_an_unknown_name_is_not_kept_and_answered_alike(path):
    assert said(into, path, "密码打在这里了啊啊", OWN) == WRONG
    assert "密码打在这里" not in key_file(path).read_text(encoding="utf-8")
    assert KeyFile.read(path).failures == {} and len(KeyFile.read(path).tries) == 1


def test_an_unknown_name_takes_as_long_as_a_known_one(tmp_path):
    cost = Cost(16 * 1024, 2, 1)
    make_book(wanted(tmp_path), cost).close()
    path, times = tmp_path / "县.zjtx", {USER: [], "无此人": []}
    for round_ in range(9):
        for name, took in times.items():
            at = NOW + timedelta(hours=2 * round_)
            start = process_time()
            with pytest.raises(Refused):
                enter(path, name, "nothing like it", at, cost)
            took.append(process_time() - start)
    known, unknown = median(times[USER]), median(times["无此人"])
    assert abs(known - unknown) < 0.35 * max(known, unknown), (known, unknown)


# persons


def test_each_active_person_opens_the_book_and_the_one_user_there_was_no_more(staffed):
    assert who_opens(staffed) == (ADMIN, AUDITOR, "经办丁")
    assert opens(staffed, ADMIN) and opens(staffed, AUDITOR, FIRST) and opens(staffed, "经办丁")
    assert not opens(staffed, USER) and not opens(staffed, "经办丁", FIRST)


def test_who_signs_in_has_the_own_key(staffed):
    book, actor = into(staffed, "经办丁")
    with book:
        assert actor.key is not None


def test_who_left_opens_it_no_more_and_comes_back_by_a_new_password_only(staffed):
    book, _ = into(staffed, ADMIN)
    with book:
        manage(book, "停用", lambda s: people.deactivate(s, "经办丁"))
    assert not opens(staffed, "经办丁") and who_opens(staffed) == (ADMIN, AUDITOR)
    book, _ = into(staffed, ADMIN)
    with book:
        with pytest.raises(Refused, match="密码已经失效.*新的初始密码"):
            manage(book, "启用", lambda s: people.reactivate(s, "经办丁"))
        slip = manage(book, "启用", lambda s: people.reactivate(s, "经办丁", FIRST, TODAY, CHEAP))
    assert opens(staffed, "经办丁", FIRST, slip=slip) and not opens(staffed, "经办丁", OWN)


def test_a_password_of_ones_own_opens_instead_of_the_first_one(staffed):
    book, auditor = into(staffed, AUDITOR, FIRST)
    with book:
        change(book, auditor, FIRST, NEW)
    assert opens(staffed, AUDITOR, NEW) and not opens(staffed, AUDITOR, FIRST)


def test_the_history_shows_nothing_that_is_sealed(staffed):
    book, _ = into(staffed, ADMIN)
    with book, book.reading() as session:
        slots = session.exec(select(tables.KeySlot)).all()
        logged = "".join(
            str(row) for row in session.connection().exec_driver_sql("SELECT before, after FROM change").all()
        )
    assert len(slots) == 3
    for slot in slots:
        assert slot.sealed.hex().upper() not in logged.upper() and slot.salt.hex().upper() not in logged.upper()


# what is the matter with the files


def test_each_trouble_has_its_own_sentence(staffed, tmp_path):
    code = code_of(staffed, ADMIN)
    sentences = {"wrong password": said(into, staffed, ADMIN, "nothing like it")}
    (tmp_path / "别").mkdir()
    made(tmp_path / "别")
    sentences["code of another book"] = said(open_by_code, staffed, code_of(tmp_path / "别" / "县.zjtx"))
    sentences["code written wrong"] = said(open_by_code, staffed, ("2" if code[0] != "2" else "3") + code[1:])
    sentences["code too short"] = said(open_by_code, staffed, code[:-1])
    whole, keys = staffed.read_bytes(), key_file(staffed).read_bytes()
    staffed.write_bytes(whole[:5000] + b"damage" + whole[5006:])
    for name, deed in (("password", lambda: into(staffed, ADMIN)), ("code", lambda: open_by_code(staffed, code).book)):
        sentences[f"damaged, {name}"] = found_damaged(deed)
    staffed.write_bytes(whole)
    key_file(staffed).write_bytes(keys[:-9])
    sentences["key file damaged"] = said(into, staffed, ADMIN)
    key_file(staffed).unlink()
    sentences["no key file"] = said(into, staffed, ADMIN)
    key_file(staffed).write_bytes(key_file(tmp_path / "别" / "县.zjtx").read_bytes())
    sentences["key file of another book"] = said(into, staffed, USER)
    for name, sign in {
        "wrong password": "姓名或密码不对",
        "code of another book": "属于另一个账簿",
        "code written wrong": "抄错了",
        "code too short": "填了 35 个",
        "damaged, password": "损坏",
        "damaged, code": "损坏",
        "key file damaged": "钥匙文件“县.zjtx.keys”已损坏",
        "no key file": "旁边没有钥匙文件",
        "key file of another book": "属于另一个账簿",
    }.items():
        assert sign in sentences[name] and sentences[name].endswith("。") and "请" in sentences[name], name
    assert opens_by_code(staffed, code)


def found_damaged(deed) -> str:
    """Damage deep in the file is met when it opens, or by the check."""
    try:
        opened = deed()
    except AppError as error:
        return str(error)
    with opened[0] if isinstance(opened, tuple) else opened as book:
        return check(book)[0]


def opens_by_code(path, code):
    book = open_by_code(path, code).book
    with book:
        return check(book) == []


@pytest.mark.release  # drill 10 holds it as well
def test_every_flipped_byte_of_an_encrypted_book_is_found(path):
    """600 places; the pages of the file are 4,096 bytes."""
    code, whole, chance = code_of(path), path.read_bytes(), random.Random(5)
    secret = open_secret(path, code)
    places = sorted(chance.sample(range(len(whole)), 597)) + [0, 15, 16]
    missed = []
    for at in places:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        try:
            with Book(path, secret) as book:
                missed += [] if book.check() else [at]
        except AppError:
            continue
    path.write_bytes(whole)
    assert missed == [] and opens(path, USER)


def open_secret(path, code):
    with open_by_code(path, code).book as book:
        return book.secret


def test_a_flipped_byte_of_a_plain_book_may_be_missed(tmp_path):
    """The control: without encryption some of the same flips go unseen, or the test above would say nothing."""
    make_book(wanted(tmp_path, None)).close()
    path, chance = tmp_path / "县.zjtx", random.Random(5)
    whole, seen = path.read_bytes(), 0
    for at in chance.sample(range(len(whole)), 60):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            with Book(path) as book:
                seen += bool(book.check())
        except AppError:
            seen += 1
    assert seen < 60


# the code


def test_the_bare_file_and_the_code_open_it_anywhere_and_the_passwords_work_again(staffed, tmp_path):
    code = code_of(staffed, ADMIN)
    lone = tmp_path / "新电脑" / "县.zjtx"
    lone.parent.mkdir()
    lone.write_bytes(staffed.read_bytes())
    with pytest.raises(NotFound):
        into(lone, ADMIN)
    found = open_by_code(lone, code.lower().replace("-", " "))
    with found.book:
        assert (found.staffed, found.names) == (True, (ADMIN,))
    assert opens(lone, ADMIN) and opens(lone, "经办丁")


def test_a_thousand_random_codes_open_nothing(path):
    chance, before = random.Random(7), path.read_bytes()
    for _ in range(1000):
        with pytest.raises(BadValue):
            open_by_code(path, "".join(chance.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=36)))
    for _ in range(20):
        with pytest.raises(BadFile, match="属于另一个账簿"):
            open_by_code(path, recovery_text(chance.randbytes(20)))
    assert path.read_bytes() == before


def test_by_the_code_an_administrator_gets_a_new_password_and_it_stands_in_the_history(staffed):
    code = code_of(staffed, ADMIN)
    book = open_by_code(staffed, code).book
    with book:
        for name, why in (("经办丁", "系统管理员"), (AUDITOR, "系统管理员"), ("无此人", "系统管理员")):
            with pytest.raises(Refused, match=why):
                reset_by_code(book, name, NEW, TODAY, CHEAP)
        with pytest.raises(Refused, match="12 位"):
            reset_by_code(book, ADMIN, "short", TODAY, CHEAP)
        reset_by_code(book, ADMIN, NEW, TODAY, CHEAP)
        assert actions(book)[-1] == (f"用恢复码重设“{ADMIN}”的密码", HOLDER) and check(book) == []
    assert opens(staffed, ADMIN, NEW) and not opens(staffed, ADMIN, OWN)
    book, admin = into(staffed, ADMIN, NEW)
    with book:
        again = Second(None, "没有别人（示例）")
        slip = perform(book, "重设", admin, lambda s: people.reset_password(s, "经办丁", FIRST, TODAY, CHEAP), again)
    assert opens(staffed, "经办丁", FIRST, slip=slip)


def test_by_the_code_the_one_user_gets_a_new_password(path):
    code = code_of(path)
    with open_by_code(path, code).book as book:
        reset_by_code(book, USER, NEW, TODAY, CHEAP)
    assert opens(path, USER, NEW) and not opens(path, USER, OWN)


def test_only_the_administrator_prints_the_code_and_a_plain_book_has_none(staffed, tmp_path):
    opened, clerk = into(staffed, "经办丁")
    with opened:
        for actor in (clerk, Actor(ADMIN)):
            with pytest.raises(Denied, match="只有登录了的系统管理员"):
                recovery_code(opened, actor)
    with Book.create(tmp_path / "明.zjtx") as plain, pytest.raises(Refused, match="没有加密"):
        recovery_code(plain, Actor(USER))


def test_that_the_code_is_on_paper_is_kept_until_the_code_is_another(path):
    book, actor = into(path, USER)
    with book:
        assert not is_on_paper(book)
        with pytest.raises(Refused, match="只在生成时显示一次.*更换恢复码"):
            recovery_code(book, actor)
    code = code_of(path)
    book, actor = into(path, USER)
    with book:
        with pytest.raises(Refused, match="属于另一个账簿"):
            learn_code(book, actor, recovery_text(bytes(20)))
        learn_code(book, actor, code.lower())
        with pytest.raises(Refused, match="最后一组不对"):
            confirm_on_paper(book, actor, "0000" if code[-4:] != "0000" else "1111", TODAY)
        confirm_on_paper(book, actor, code[-4:].lower(), TODAY)
        assert is_on_paper(book) and check(book) == []
        secret = book.secret
        with pytest.raises(Refused, match="只在生成时显示一次"):
            recovery_code(book, actor)
    renew_code(path, secret, USER, OWN, CHEAP)
    book, _ = into(path, USER)
    with book:
        assert not is_on_paper(book)


def test_the_sheet_says_the_code_the_book_and_what_to_do(path, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    code = code_of(path)
    with open_by_code(path, code).book as book:
        save_sheet(book, code, tmp_path / "恢复码.pdf", TODAY)
    reader = pypdf.PdfReader(tmp_path / "恢复码.pdf")
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert len(reader.pages) == 1
    for piece in ("恢复码", "玉山县财政局", "县.zjtx", "2024年12月2日", "信封密封", "保险柜", "演练", *code.split("-")):
        assert piece in text, piece


# kill -9


def killed_at(path, deed, monkeypatch, when):
    """Run `deed` on the book in a child that dies just before or just after the key file is written."""
    real = keyring.Keyring.before_commit

    def die(ring, connection):
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(ring, connection)
        os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            book, actor = into(path, USER)
            keyring.Keyring.before_commit = die
            deed(book, actor)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it must have been killed, not ended"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_key_file_and_commit_the_old_password_opens_and_the_half_made_one_does_not(
    path, monkeypatch, when
):
    killed_at(path, lambda book, actor: change(book, actor, OWN, NEW), monkeypatch, when)
    if when == "after":
        assert KeyFile.read(path).unlock(USER, NEW) is not None
        assert "上次修改密码没有完成" in said(into, path, USER, NEW)
    assert opens(path, USER, OWN) and not opens(path, USER, NEW)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_while_persons_are_set_up_the_one_user_still_opens_it(path, monkeypatch):
    killed_at(path, lambda book, _actor: set_up(book), monkeypatch, "after")
    assert opens(path, USER) and not opens(path, ADMIN)


# a plain book is encrypted, and a code renewed


@pytest.fixture
def plain(tmp_path):
    with make_book(wanted(tmp_path, None)) as book:
        form = OrganisationForm(name="江西示例保密有限公司")
        perform(book, "登记", Actor(USER), lambda session: register(session, form))
    return tmp_path / "县.zjtx"


def test_a_plain_book_is_encrypted_with_all_it_holds(plain):
    with Book(plain) as book:
        before = actions(book)
    held = os.open(plain, os.O_RDONLY)
    size = plain.stat().st_size
    secret = encrypt_book(plain, USER, OWN, CHEAP)
    book, _ = into(plain, USER)
    with book:
        assert book.secret == data_key(secret) and check(book) == []
        assert actions(book) == [*before, ("加密账簿", USER)]
        with book.reading() as session:
            assert session.exec(select(tables.Organisation.name)).all() == ["江西示例保密有限公司"]
    assert "示例保密".encode() not in plain.read_bytes()
    assert os.pread(held, size, 0) == bytes(size), "what lay there is overwritten"
    os.close(held)
    assert {file.suffix for file in plain.parent.iterdir()} <= {".zjtx", ".keys", ".lock", ".zjtx-journal"}


def test_a_book_that_is_encrypted_twice_is_refused_and_so_is_a_weak_password(plain):
    before = plain.read_bytes()
    assert "12 位" in said(encrypt_book, plain, USER, "short", CHEAP)
    assert plain.read_bytes() == before and not key_file(plain).exists()
    encrypt_book(plain, USER, OWN, CHEAP)
    assert "已有钥匙文件" in said(encrypt_book, plain, USER, OWN, CHEAP)
    assert opens(plain, USER)


@pytest.mark.parametrize("broken", ["copy", "compare", "check"])
def test_what_goes_wrong_leaves_the_plain_book_as_it_was(plain, monkeypatch, broken):
    def lose_one(source, target, old, new):
        real(source, target, old, new)
        with Book(target, None) if new is None else opened(target) as copy, copy.action("丢", "x") as session:
            session.delete(session.exec(select(tables.Organisation)).one())

    def opened(target):
        return Book(target, secrets[-1])

    def fail(*_given):
        raise BadFile("磁盘坏了。")

    real, secrets = encrypting.copy_under, []
    made = encrypting.new_secret
    monkeypatch.setattr(encrypting, "new_secret", lambda: secrets.append(made()) or secrets[-1])
    if broken == "copy":
        monkeypatch.setattr(encrypting, "copy_under", fail)
    elif broken == "compare":
        monkeypatch.setattr(encrypting, "copy_under", lose_one)
    else:
        monkeypatch.setattr(encrypting, "check", lambda book: ["坏了。"] if book.secret else [])
    before = plain.read_bytes()
    with pytest.raises(AppError):
        encrypt_book(plain, USER, OWN, CHEAP)
    assert plain.read_bytes() == before and not key_file(plain).exists()
    assert [file.name for file in plain.parent.iterdir() if file.name.startswith(".")] == []


def test_a_book_with_persons_is_encrypted_by_its_administrator_and_the_others_follow_when_they_sign_in(plain):
    with Book(plain) as book:
        set_up(book)
        hire(book, "经办丁", Role.CLERK)
    for name, password, why in (("经办丁", OWN, "系统管理员"), (ADMIN, "nothing like it", "姓名或密码不对")):
        assert why in said(encrypt_book, plain, name, password, CHEAP)
    assert not is_encrypted(plain)
    encrypt_book(plain, ADMIN, OWN, CHEAP, ALONE)
    assert who_opens(plain) == (ADMIN,) and not opens(plain, "经办丁")
    book, _ = into(plain, ADMIN)
    with book:
        assert sign_in(book, "经办丁", OWN, NOW, CHEAP).key
    assert who_opens(plain) == (ADMIN, "经办丁") and opens(plain, "经办丁")


def test_after_another_code_the_old_one_and_old_key_files_open_it_no_more(staffed):
    code, old_keys = code_of(staffed, ADMIN), key_file(staffed).read_bytes()
    book, _ = into(staffed, ADMIN)
    with book:
        secret = book.secret
    fresh = renew_code(staffed, secret, ADMIN, OWN, CHEAP, ALONE)
    assert fresh != secret and who_opens(staffed) == (ADMIN,) and opens(staffed, ADMIN)
    assert "属于另一个账簿" in said(open_by_code, staffed, code)
    assert opens_by_code(staffed, recovery_text(fresh))
    key_file(staffed).write_bytes(old_keys)
    assert "属于另一个账簿" in said(into, staffed, "经办丁")
    assert "更换恢复码" in {title for title, _ in history_of(staffed, fresh)}


def history_of(path, secret):
    with Book(path, secret) as book:
        return actions(book)


def test_killed_while_the_code_is_renewed_old_book_and_new_book_both_open(path, monkeypatch):
    """Both states that a cut can leave: the key file of both with the old book, and with the new one."""
    book, _ = into(path, USER)
    with book:
        secret = book.secret
    old, seen = path.read_bytes(), []
    real = encrypting._lay_both_keys
    monkeypatch.setattr(
        encrypting, "_lay_both_keys", lambda *given: (real(*given), seen.append(key_file(path).read_bytes()))[0]
    )
    renew_code(path, secret, USER, OWN, CHEAP)
    new = path.read_bytes()
    for lying in (old, new):
        path.write_bytes(lying)
        key_file(path).write_bytes(seen[0])
        assert opens(path, USER), "old" if lying is old else "new"
