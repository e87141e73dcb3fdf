"""Persons, their passwords and keys: what opens, what locks, what is refused, and what stays verifiable."""

from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from people_kit import ADMIN, AUDITOR, CHEAP, FIRST, NOW, OWN, TODAY, choose, enter, hire, manage, register, set_up
from sqlmodel import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.passwords import PasswordRules, check_password, is_common
from zjtx_desktop.errors import BadFile, BadValue, Denied, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.sealing import FULL, Cost, new_salt, public_hex, seal, unseal
from zjtx_desktop.usecases import organisations, people
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import Actor, perform
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.signing_in import lock_minutes, sign_in

WRONG = "姓名或密码不对，没有登录。请核对后再试。"
CLERK = "经办丁"


def do(book, name, deed, actor=None):
    return perform(book, name, actor, deed) if actor else manage(book, name, deed)


def titles(book):
    with book.reading() as session:
        return list(session.exec(select(tables.Action.title).order_by(tables.Action.id)))


def row(book, name):
    with book.reading() as session:
        return session.exec(select(tables.Person).where(tables.Person.name == name)).one()


def fail(book, name, times, now=NOW):
    for _ in range(times):
        with pytest.raises(Refused):
            enter(book, name, "不是这个密码，真的", now)


def test_a_new_book_has_no_account_and_the_first_two_have_no_business(book):
    with book.reading() as session:
        assert people.people(session) == ()
    set_up(book)
    with book.reading() as session:
        held = {line.name: (line.roles, line.must_change) for line in people.people(session)}
    assert held == {ADMIN: ((Role.ADMIN,), False), AUDITOR: ((Role.AUDITOR,), True)}
    with pytest.raises(Refused, match="已经登记了人员"):
        do(book, "再来", lambda s: people.set_up_people(s, NewPerson("丙", OWN), NewPerson("丁", OWN), TODAY, CHEAP))
    assert check(book) == []


def test_the_password_opens_the_own_key_and_nothing_else_does(book):
    set_up(book)
    actor = enter(book, ADMIN)
    assert actor.name == ADMIN
    assert public_hex(actor.key) == row(book, ADMIN).public_key
    full_width = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in OWN)
    assert enter(book, ADMIN, full_width).name == ADMIN
    assert "登录" not in "".join(titles(book))


def test_wrong_name_wrong_password_and_one_who_left_are_told_alike(book):
    set_up(book)
    hire(book, CLERK, Role.CLERK)
    do(book, "停用", lambda session: people.deactivate(session, CLERK))
    for name, password in ((ADMIN, "不是这个密码，真的"), ("没有的人", OWN), (CLERK, OWN)):
        with pytest.raises(Refused) as refused:
            enter(book, name, password)
        assert str(refused.value) == WRONG
    assert titles(book)[-3:] == [f"登录失败 {ADMIN}", "登录失败 未登记的姓名", "登录失败 未登记的姓名"]
    with book.reading() as session:
        assert "没有的人" not in "".join(d.person + d.why for d in session.exec(select(tables.Denial)))


def test_an_unknown_name_takes_as_long_as_a_known_one(book):
    cost = Cost(8 * 1024, 2, 1)
    admin, auditor = NewPerson(ADMIN, OWN), NewPerson(AUDITOR, FIRST)
    do(book, "登记", lambda s: people.set_up_people(s, admin, auditor, TODAY, cost), Actor("张三"))

    def took(name, nth):
        begun = perf_counter()
        with pytest.raises(Refused):
            sign_in(book, name, "不是这个密码，真的", NOW + timedelta(hours=3 * nth), cost)
        return perf_counter() - begun

    known, unknown = zip(*((took(ADMIN, nth), took("没有的人", nth)) for nth in range(15)), strict=True)
    assert median(unknown) == pytest.approx(median(known), rel=0.35)


def test_five_failures_lock_for_longer_each_time_also_after_a_restart(book):
    assert [lock_minutes(n) for n in (4, 5, 6, 7, 10, 11, 400)] == [0, 1, 2, 4, 32, 60, 60]
    set_up(book)
    fail(book, ADMIN, 5)
    book.close()
    with Book(book.path) as again:
        with pytest.raises(Refused, match="请 1 分钟后再试"):
            enter(again, ADMIN)
        later = NOW + timedelta(minutes=1)
        fail(again, ADMIN, 1, later)
        with pytest.raises(Refused, match="请 2 分钟后再试"):
            enter(again, ADMIN, now=later)
        assert titles(again).count(f"登录失败 {ADMIN}") == 6
        assert enter(again, ADMIN, now=later + timedelta(minutes=2)).key
        assert titles(again)[-1] == f"登录 {ADMIN}"
        assert row(again, ADMIN).failures == 0
        assert check(again) == []


def test_a_first_password_is_good_for_nothing_but_another_one(book):
    set_up(book)
    actor = enter(book, CLERK, FIRST, slip=register(book, CLERK, Role.CLERK))
    with pytest.raises(Denied, match="请先修改密码"):
        do(book, "登记企业", lambda s: organisations.register(s, OrganisationForm(name="示例甲")), actor)
    with pytest.raises(Refused, match="原密码不对"):
        do(book, "改", lambda s: people.change_password(s, "记错了的密码 呀", OWN, TODAY, CHEAP), actor)
    with pytest.raises(Refused, match="一样"):
        do(book, "改", lambda s: people.change_password(s, FIRST, FIRST, TODAY, CHEAP), actor)
    before = row(book, CLERK)
    do(book, "修改密码", lambda s: people.change_password(s, FIRST, OWN, TODAY, CHEAP), actor)
    after = row(book, CLERK)
    assert (after.public_key, after.sealed_times, after.must_change) == (before.public_key, 2, False)
    assert after.salt != before.salt
    do(book, "登记企业", lambda s: organisations.register(s, OrganisationForm(name="示例甲")), enter(book, CLERK))


def test_a_reset_gives_a_new_pair_ends_the_lock_and_asks_for_a_change(book):
    set_up(book)
    hire(book, CLERK, Role.CLERK)
    fail(book, CLERK, 5)
    before = row(book, CLERK)
    slip = do(book, "重设", lambda s: people.reset_password(s, CLERK, "another first one 77", TODAY, CHEAP))
    after = row(book, CLERK)
    assert after.public_key != before.public_key
    assert (after.must_change, after.locked_until, after.failures) == (True, None, 0)
    assert enter(book, CLERK, "another first one 77", slip=slip.lower()).key
    with pytest.raises(Refused, match="姓名或密码"):
        enter(book, CLERK, slip=slip)


@pytest.mark.parametrize("other", [Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.PAYER])
@pytest.mark.parametrize("alone", [Role.ADMIN, Role.AUDITOR])
def test_the_administrator_and_the_auditor_have_no_other_duty(book, alone, other):
    set_up(book)
    with pytest.raises(Refused, match="不能兼任"):
        do(book, "登记", lambda s: people.add(s, CLERK, [alone, other], FIRST, TODAY, CHEAP))


def test_one_administrator_stays_whatever_is_asked(book):
    set_up(book)
    for deed in (
        lambda s: people.deactivate(s, ADMIN),
        lambda s: people.change_roles(s, ADMIN, [Role.CLERK]),
    ):
        with pytest.raises(Refused, match="至少要有一名"):
            do(book, "撤掉", deed)
    slip = register(book, "管理员二", Role.ADMIN)
    with pytest.raises(Refused, match="至少要有一名"):
        do(book, "撤掉", lambda s: people.deactivate(s, ADMIN))
    choose(book, "管理员二", slip)
    do(book, "撤掉", lambda s: people.deactivate(s, ADMIN))
    with pytest.raises(Refused):
        enter(book, ADMIN)


def test_names_are_given_once_and_duties_never_none(book):
    set_up(book)
    with pytest.raises(Refused, match="已经登记过"):
        do(book, "登记", lambda s: people.add(s, ADMIN, [Role.CLERK], FIRST, TODAY, CHEAP))
    with pytest.raises(Refused, match="至少选择一个"):
        do(book, "登记", lambda s: people.add(s, CLERK, [], FIRST, TODAY, CHEAP))
    with pytest.raises(BadValue):
        do(book, "登记", lambda s: people.add(s, " ", [Role.CLERK], FIRST, TODAY, CHEAP))


def test_a_password_grows_old_by_the_offices_own_rule(book):
    set_up(book)

    def age(days):
        with book.reading() as session:
            return people.password_age(session, ADMIN, TODAY + timedelta(days=days))

    assert [(a.must_change, a.is_ending) for a in map(age, (0, 165, 166, 179, 180))] == [
        (False, False), (False, False), (False, True), (False, True), (True, True),
    ]  # fmt: skip
    do(book, "规则", lambda s: people.set_rules(s, PasswordRules(14, 0, 5)))
    assert (age(9999).must_change, age(9999).days_left) == (False, None)
    with book.reading() as session:
        assert people.rules(session) == PasswordRules(14, 0, 5)
    for bad in (PasswordRules(7), PasswordRules(12, -1), PasswordRules(12, 180, 0)):
        with pytest.raises(Refused):
            do(book, "规则", lambda s, bad=bad: people.set_rules(s, bad))


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short pass", "10 位"),
        ("x" * 129, "129 位"),
        ("Password123456", "太常见"),
        ("1qaz2wsx3edc4rfv", "太常见"),
        ("woaini5201314", "太常见"),
        ("Woaizhongguo!!!", "太常见"),
        ("caizhengju2024", "太常见"),
        ("123456789012", "太常见"),
        ("abcabcabcabcab", "太常见"),
        ("９８７６５４３２１０９８", "太常见"),
        ("我是 经办丁 的密码哦 24 25", "姓名"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password, why):
    with pytest.raises(Refused, match=why):
        check_password(password, CLERK, PasswordRules())


@pytest.mark.parametrize("password", [OWN, "aaaabbbbccccdd", "x7 " * 20 + "ende", "correct horse battery", "纸" * 6 + "墨笔砚山水竹"])
def test_long_ones_of_any_signs_are_taken(password):
    check_password(password, CLERK, PasswordRules())
    assert not is_common(password)


def test_the_seal_is_bound_to_name_bytes_and_a_sensible_cost(book):
    assert FULL == Cost(64 * 1024, 3, 2)
    set_up(book)
    kept, key = row(book, ADMIN), enter(book, ADMIN).key
    salt = new_salt()
    sealed = seal(key, OWN, ADMIN, salt, CHEAP)
    assert public_hex(unseal(sealed, OWN, ADMIN, salt)) == kept.public_key
    assert unseal(sealed, OWN, AUDITOR, salt) is None
    assert unseal(sealed, OWN + "x", ADMIN, salt) is None
    assert unseal(sealed, OWN, ADMIN, new_salt()) is None
    assert all(unseal(sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :], OWN, ADMIN, salt) is None for n in range(len(sealed)))
    assert unseal(b"", OWN, ADMIN, salt) is None


def test_a_key_put_in_the_place_of_the_own_one_does_not_sign_in(book):
    set_up(book)
    key = enter(book, ADMIN).key
    with book.action("换钥匙", "某人") as session:
        stolen = session.exec(select(tables.Person).where(tables.Person.name == AUDITOR)).one()
        stolen.salt = new_salt()
        stolen.sealed_key = seal(key, OWN, AUDITOR, stolen.salt, CHEAP)
        stolen.sealed_times += 1
        session.add(stolen)
    with pytest.raises(BadFile, match="不符"):
        enter(book, AUDITOR)


def test_the_history_shows_duties_and_never_secrets(book):
    set_up(book)
    with book.reading() as session:
        after = session.exec(select(tables.Change.after).where(tables.Change.table_name == "person")).all()
    assert after
    assert not any("salt" in text or "sealed_key" in text or OWN in text for text in after)
