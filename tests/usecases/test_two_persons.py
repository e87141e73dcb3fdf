"""Nobody alone: what one person with a password and the program's own library cannot do, and what is named afterwards."""

import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from people_kit import ADMIN, AUDITOR, CHEAP, FIRST, NOW, OWN, TODAY, choose, enter, hire, manage, office, register, set_up
from sqlmodel import select

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.passwords import PasswordRules
from zjtx_desktop.errors import AppError, BadFile, Denied, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.boxes import box_of, take_out
from zjtx_desktop.storage.keys import KeyFile, is_code
from zjtx_desktop.storage.sealing import new_salt, public_hex, seal
from zjtx_desktop.usecases import budgets, dual_control, people, root, rounds, undoing
from zjtx_desktop.usecases.books import NewBook, make_book
from zjtx_desktop.usecases.certificates import uncertified, walk
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.consents import agreed, consent_text
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.encrypting import Other, renew_code
from zjtx_desktop.usecases.entering import enter as enter_encrypted
from zjtx_desktop.usecases.pack_change import activate, shipped_pack
from zjtx_desktop.usecases.recovering import open_by_code, recovery_code, reset_by_code
from zjtx_desktop.usecases.root import ENABLED, certificate_text
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.values import Division, Money
from zjtx_desktop.values.recovery import recovery_text

APPROVER, CLERK, AGAIN = "审批人员", "经办人员", "another first one 77"


@pytest.fixture
def staff(book):
    """One person for each duty; the administrator and 审批 open the root key together."""
    return office(book)


def own_action(book, by, deed, key=None):
    """What the program's own library lets anybody do who has opened the book: an action, in any name, signed by any key."""
    with book.action("自己写的", by) as session:
        session.info["sign"] = key and key.sign
        deed(session)


def person(session, name):
    return session.exec(select(tables.Person).where(tables.Person.name == name)).one()


def needed(book):
    with book.reading() as session:
        return session.exec(select(tables.RootKey.needed)).one(), root.holders(session)


def problems(book):
    with book.reading() as session:
        return uncertified(session)


# the root key


def test_one_opens_the_root_key_while_there_is_one_and_two_together_from_then_on(book):
    set_up(book)
    assert needed(book) == (1, (ADMIN,))
    slip = register(book, APPROVER, Role.APPROVER)
    assert needed(book) == (1, (ADMIN,))
    choose(book, APPROVER, slip)
    assert needed(book) == (1, (ADMIN,)), "the root key was shut meanwhile"
    enter(book, ADMIN)
    assert needed(book) == (2, (ADMIN, APPROVER)), "shared as soon as the one who opens it alone is back"
    hire(book, "管理员二", Role.ADMIN)
    hire(book, CLERK, Role.CLERK)
    assert needed(book) == (2, (ADMIN, APPROVER, "管理员二"))
    assert check(book) == []


def test_neither_share_alone_opens_it_and_both_do(book, staff):
    admin, approver = staff[Role.ADMIN], staff[Role.APPROVER]
    for actor, other in ((admin, Second()), (approver, Second()), (admin, Second(staff[Role.CLERK])), (admin, Second(admin))):
        with book.action("试", actor.name) as session:
            session.info |= {"actor": actor, "second": other}
            with pytest.raises(AppError):
                root.opened(session)
    with book.action("试", ADMIN) as session:
        session.info |= {"actor": admin, "second": Second(approver)}
        assert public_hex(root.opened(session)) == session.exec(select(tables.RootKey.public_key)).one()


def test_the_private_half_stands_in_no_history(book, staff):
    with book.action("试", ADMIN) as session:
        session.info |= {"actor": staff[Role.ADMIN], "second": Second(staff[Role.APPROVER])}
        raw = root.opened(session).private_bytes_raw().hex()
    with book.reading() as session:
        told = "".join(str(row) for row in session.connection().exec_driver_sql("SELECT before, after FROM change").all())
    assert raw not in told.lower()


# alone


@pytest.mark.parametrize(
    "deed",
    [
        lambda s: people.add(s, "新人", [Role.CLERK], FIRST, TODAY, CHEAP),
        lambda s: people.change_roles(s, CLERK, [Role.PAYER]),
        lambda s: people.deactivate(s, CLERK),
        lambda s: people.reset_password(s, APPROVER, AGAIN, TODAY, CHEAP),
        lambda s: people.set_rules(s, PasswordRules(8, 0, 60)),
        lambda s: dual_control.switch(s, False, "方便"),
        lambda s: activate(s, shipped_pack()),
        root.enable,
    ],
)
@pytest.mark.parametrize("other", [Second(), Second(None, "我一个人办")])
def test_the_administrator_alone_does_none_of_it_whatever_reason_is_given(book, staff, deed, other):
    with pytest.raises(Refused, match="两个人办.*审批人员"):
        perform(book, "一个人办", staff[Role.ADMIN], deed, other)
    for stranger in (staff[Role.CLERK], staff[Role.AUDITOR], staff[Role.ADMIN], replace(staff[Role.APPROVER], key=staff[Role.CLERK].key)):
        with pytest.raises(Refused):
            perform(book, "一个人办", staff[Role.ADMIN], deed, Second(stranger))
    perform(book, "两个人办", staff[Role.ADMIN], deed, Second(staff[Role.APPROVER]))
    assert check(book) == []


def test_where_nobody_else_may_agree_a_reason_is_asked_for_and_kept(book):
    set_up(book)
    admin = enter(book, ADMIN)
    with pytest.raises(Refused, match="写明为什么由一人办理"):
        perform(book, "停用岗位分离", admin, lambda s: dual_control.switch(s, False, "编制一人"))
    perform(book, "停用岗位分离", admin, lambda s: dual_control.switch(s, False, "编制一人"), Second(None, "其他人还没有到岗"))
    with book.reading() as session:
        kept = session.exec(select(tables.Consent)).one()
    assert (kept.deed, kept.second, kept.reason) == ("停用岗位分离", None, "其他人还没有到岗")
    assert check(book) == []


def test_a_switch_once_agreed_to_is_not_taken_back_by_one(book, staff):
    manage(book, "停用岗位分离", lambda s: dual_control.switch(s, False, "编制一人"))
    assert undoing.offered(book, staff[Role.ADMIN]) == ("", "")


# the program's own library


def test_roles_written_past_the_program_are_named_and_refused_at_sign_in(book, staff):
    auditor = staff[Role.AUDITOR]

    def promote(session):
        row = person(session, auditor.name)
        row.roles = json.dumps(["admin"])
        session.add(row)

    own_action(book, auditor.name, promote, auditor.key)
    assert any(f"{auditor.name}的岗位、在岗状态或密钥没有单位根密钥的证明" in one for one in check(book))
    with pytest.raises(BadFile, match="与单位根密钥的证明不符"):
        enter(book, auditor.name)
    assert enter(book, ADMIN).key, "the others go on"


def test_a_certificate_of_another_root_or_of_another_action_certifies_nothing(book, staff):
    me = staff[Role.AUDITOR]

    def forge(session, key, action):
        row = person(session, me.name)
        row.roles = json.dumps(["admin"])
        session.add(row)
        text = certificate_text(row.name, row.roles, True, row.public_key, action)
        given = dict(name=row.name, roles=row.roles, active=True, public_key=row.public_key, signature=key.sign(text).hex())
        session.add(tables.Certificate(**given))

    own_action(book, ADMIN, lambda s: forge(s, me.key, s.info["key"]), me.key)
    assert "没有单位根密钥的证明" in problems(book)[-1]

    def copy_an_old_one(session):
        old = session.exec(select(tables.Certificate).where(tables.Certificate.name == ADMIN)).first()
        row = person(session, me.name)
        row.roles = old.roles
        session.add(row)
        session.add(tables.Certificate(**old.model_dump() | {"id": None}))

    before = len(problems(book))
    own_action(book, ADMIN, copy_an_old_one, me.key)
    with pytest.raises(BadFile):
        enter(book, me.name)
    assert len(problems(book)) >= before


def test_approvers_written_past_the_program_get_no_share(book, staff):
    keys = [Ed25519PrivateKey.generate() for _ in range(2)]

    def invent(session):
        for number, key in enumerate(keys):
            salt = new_salt()
            given = dict(name=f"假审批{number}", roles='["approver"]', public_key=public_hex(key), salt=salt, sealed_key=b"")
            session.add(tables.Person(**given, password_on=TODAY, must_change=False))

    own_action(book, staff[Role.AUDITOR].name, invent, staff[Role.AUDITOR].key)
    hire(book, "管理员二", Role.ADMIN)
    hire(book, "经办二", Role.CLERK)  # dealt anew on the way
    assert needed(book) == (2, (ADMIN, APPROVER, "管理员二"))
    with book.action("试", ADMIN) as session:
        session.info |= {"actor": Actor("假审批0", keys[0]), "second": Second(Actor("假审批1", keys[1]))}
        with pytest.raises(AppError):
            root.opened(session)


def test_what_one_changed_before_two_were_asked_is_not_taken_back_by_one(book, staff):
    own_action(book, ADMIN, lambda s: s.add(tables.Setting(key="password_days", value="90")))
    with pytest.raises(Refused, match="现在要两个人办"):
        undoing.take_back(book, staff[Role.ADMIN])


def test_another_root_key_put_in_its_place_is_named_and_not_believed(book, staff):
    me, mine = staff[Role.APPROVER], Ed25519PrivateKey.generate()

    def replace_root(session):
        row = session.exec(select(tables.RootKey)).one()
        row.public_key = public_hex(mine)
        session.add(row)
        target = person(session, me.name)
        target.roles = json.dumps(["admin"])
        session.add(target)
        text = certificate_text(me.name, target.roles, True, target.public_key, session.info["key"])
        session.add(
            tables.Certificate(name=me.name, roles=target.roles, active=True, public_key=target.public_key, signature=mine.sign(text).hex())
        )
        consent = tables.Consent(deed=ENABLED, about="{}", second=me.name)
        consent.signature = me.key.sign(consent_text(consent, ADMIN, session.info["key"])).hex()
        session.add(consent)

    own_action(book, ADMIN, replace_root, me.key)  # in the administrator's name, signed by one's own key
    said = "".join(check(book))
    assert "单位根密钥被换过" in said and f"不是{ADMIN}本人登录办理的" in said and "不是按程序启用的那一个" in said
    with pytest.raises(BadFile, match="与单位根密钥的证明不符"):
        enter(book, me.name)


def test_the_root_key_taken_away_does_not_make_the_book_one_from_before(book, staff):
    me = staff[Role.AUDITOR]

    def remove(session):
        session.delete(session.exec(select(tables.RootKey)).one())
        row = person(session, me.name)
        row.roles = json.dumps(["admin"])
        session.add(row)

    own_action(book, me.name, remove, me.key)
    assert "单位根密钥被删除了" in "".join(check(book))
    with pytest.raises(BadFile):
        enter(book, me.name)


def test_a_key_put_in_the_place_of_another_persons_is_named_and_does_not_sign_in(book, staff):
    mine = Ed25519PrivateKey.generate()

    def steal(session):
        row = person(session, APPROVER)
        row.salt = new_salt()
        row.sealed_key, row.public_key = seal(mine, OWN, APPROVER, row.salt, CHEAP), public_hex(mine)
        row.sealed_times += 1
        session.add(row)

    own_action(book, ADMIN, steal, staff[Role.ADMIN].key)
    assert "没有单位根密钥的证明" in "".join(check(book))
    with pytest.raises(BadFile, match="与单位根密钥的证明不符"):
        enter(book, APPROVER)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("dual_control", "方便", "改动了岗位分离"),
        ("password_shortest", "8", "改动了密码和锁定的规定"),
        ("pack", "0" * 64, "改动了政策包"),
    ],
)
def test_a_switch_thrown_past_the_program_is_named(book, staff, key, value, said):
    own_action(book, ADMIN, lambda s: s.add(tables.Setting(key=key, value=value)), staff[Role.ADMIN].key)
    assert any(said in one and "没有第二人同意" in one for one in check(book))


def test_a_budget_raised_and_a_policy_taken_up_past_the_program_are_named(book, recognise):
    recognise()
    staff = office(book)
    clerk = staff[Role.CLERK]
    round_id = perform(book, "测算", clerk, lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024))).round.id
    ours = (round_id, Payer.BENEFICIARY, Division("361123"))
    perform(book, "登记预算", clerk, lambda s: budgets.set_budget(s, *ours, Money.parse("100万"), "批复"))
    raised = lambda s: budgets.set_budget(s, *ours, Money.parse("200万"), "批复")  # noqa: E731
    for other in (Second(), Second(None, "理由"), Second(clerk)):
        with pytest.raises(Refused, match="“追加预算”要两个人办|不能同意|两次都是"):
            perform(book, "追加预算", clerk, raised, other)
    perform(book, "追加预算", clerk, raised, Second(staff[Role.ADMIN]))
    assert check(book) == []

    def write(session):
        row = session.exec(select(tables.Budget)).one()
        row.fen += 1
        session.add(row)

    own_action(book, clerk.name, write, clerk.key)
    assert any("增加了预算，没有第二人同意" in one for one in check(book))


def test_a_consent_to_one_thing_is_none_to_another_and_its_signature_must_be_its_persons(book, staff):
    admin, approver = staff[Role.ADMIN], staff[Role.APPROVER]

    def other_value(session):
        agreed(session, "停用岗位分离", {"dual_control": "写给人看的理由"})
        session.add(tables.Setting(key="dual_control", value="另一个理由"))

    with book.action("停用", ADMIN) as session:
        session.info |= {"actor": admin, "second": Second(approver), "sign": admin.key.sign}
        other_value(session)
    (problem,) = check(book)
    assert "改动了岗位分离" in problem

    def forged(session):
        about = json.dumps({"dual_control": "再一个"}, ensure_ascii=False)
        consent = tables.Consent(deed="停用岗位分离", about=about, second=APPROVER)
        consent.signature = admin.key.sign(consent_text(consent, ADMIN, session.info["key"])).hex()
        session.add(consent)
        row = session.exec(select(tables.Setting).where(tables.Setting.key == "dual_control")).one()
        row.value = "再一个"
        session.add(row)

    own_action(book, ADMIN, forged, admin.key)
    assert any(f"同意的签名不是{APPROVER}的" in one for one in check(book))
    own_action(book, ADMIN, lambda s: s.add(tables.Consent(deed="x", about="{}", reason="没有别人")), admin.key)
    assert any("“x”没有第二人同意" in one for one in check(book))


def test_what_was_found_is_still_found_after_ten_honest_actions(book, staff):
    own_action(book, ADMIN, lambda s: s.add(tables.Setting(key="dual_control", value="方便")), staff[Role.ADMIN].key)
    before = check(book)
    for number in range(10):
        manage(book, "登记", lambda s, number=number: people.add(s, f"新人{number}", [Role.CLERK], FIRST, TODAY, CHEAP))
    assert before and check(book) == before


# the first password


def test_the_first_password_opens_nothing_without_the_slip(book, staff):
    slip = register(book, "新人", Role.CLERK)
    assert len(slip) == 8
    with pytest.raises(Refused, match="第一次登录请同时填写.*首登码"):
        enter(book, "新人", FIRST)
    with pytest.raises(Refused, match="姓名或密码不对"):
        enter(book, "新人", FIRST, slip="00000000" if slip != "00000000" else "11111111")
    assert enter(book, "新人", FIRST, slip=f"{slip[:4].lower()}-{slip[4:]}").key
    choose(book, "新人", slip)
    assert enter(book, "新人").slip == "" and check(book) == []


def test_a_person_learns_who_reset_the_password_and_when(book, staff):
    manage(book, "重设", lambda s: people.reset_password(s, CLERK, AGAIN, TODAY, CHEAP))
    with book.reading() as session:
        given = people.who_reset(session, CLERK)
        assert people.names_with_slips(session) == (AUDITOR, CLERK)
        assert people.who_reset(session, AUDITOR) is None
    assert (given.deed, given.by, given.second) == ("重设密码", ADMIN, APPROVER)
    assert ADMIN in given.sentence and f"{APPROVER}同意" in given.sentence


# encrypted books


@pytest.fixture
def sealed(tmp_path):
    """An encrypted book with an administrator and a 审批, closed, and its code."""
    wanted = NewBook(Division("361123"), "玉山县财政局", "", tmp_path, "县", "张三", OWN)
    with make_book(wanted, CHEAP) as book:
        code = recovery_code(book, Actor("张三"))
        book.forget_code()
        slip = set_up(book)
        hire(book, APPROVER, Role.APPROVER)
        enter(book, ADMIN)
        choose(book, AUDITOR, slip)
        return book.path, code


def opened(path, name):
    return enter_encrypted(path, name, OWN, NOW, CHEAP)


def test_the_auditors_password_gives_neither_the_code_nor_the_root_key(sealed):
    path, code = sealed
    for slot in KeyFile.read(path).slots:
        key = slot.open(OWN)
        assert key and not is_code(key), slot.name
    book, auditor = opened(path, AUDITOR)
    with book:
        assert not book.knows_code
        with pytest.raises(Denied):
            recovery_code(book, auditor)
        with book.reading() as session:
            row = session.exec(select(tables.RootKey)).one()
            shares = session.exec(select(tables.RootShare)).all()
        assert all(take_out(box_of(auditor.key), one.sealed) is None for one in shares)
        assert take_out(box_of(auditor.key), row.by_code) is None
        with pytest.raises(AppError):
            perform(book, "当管理员", auditor, lambda s: people.change_roles(s, AUDITOR, [Role.ADMIN]), Second(auditor))
        assert check(book) == []


def test_the_code_still_gives_an_administrator_a_new_password_that_is_certified(sealed):
    path, code = sealed
    with open_by_code(path, code).book as book:
        with pytest.raises(Refused, match="系统管理员和审批"):
            reset_by_code(book, AUDITOR, AGAIN, TODAY, CHEAP)
        reset_by_code(book, APPROVER, AGAIN, TODAY, CHEAP)
        assert check(book) == []
        again = sign_in(book, APPROVER, AGAIN, NOW, CHEAP)
        admin = enter(book, ADMIN)
        perform(book, "登记", admin, lambda s: people.add(s, CLERK, [Role.CLERK], FIRST, TODAY, CHEAP), Second(again))
        assert check(book) == []


def test_the_code_is_renewed_by_two_and_the_root_key_with_it(sealed):
    path, code = sealed
    book, _ = opened(path, ADMIN)
    with book:
        key, before = book.secret, walk_of(book).root
    with pytest.raises(Refused, match="两个人办"):
        renew_code(path, key, ADMIN, OWN, CHEAP, Other(reason="一个人"))
    secret = renew_code(path, key, ADMIN, OWN, CHEAP, Other(APPROVER, OWN))
    with pytest.raises(BadFile):
        open_by_code(path, code)
    book, _ = opened(path, APPROVER)  # who agreed has a slot by then
    with book:
        assert walk_of(book).root != before and check(book) == []
        assert enter(book, AUDITOR).key
    assert recovery_text(secret) != code


def walk_of(book):
    with book.reading() as session:
        return walk(session)


# books from before


def test_a_staffed_book_from_before_is_certified_by_two_and_says_so_until_then(book):
    """As an older program left it: persons with keys, no root key."""
    with book.action("旧版程序登记人员", "旧版") as session:
        keys = {}
        for name, role in ((ADMIN, "admin"), (APPROVER, "approver"), (CLERK, "clerk")):
            keys[name], salt = Ed25519PrivateKey.generate(), new_salt()
            sealed = seal(keys[name], OWN, name, salt, CHEAP)
            row = dict(name=name, roles=json.dumps([role]), public_key=public_hex(keys[name]), salt=salt, sealed_key=sealed)
            session.add(tables.Person(**row, password_on=TODAY, must_change=False))
    with book.reading() as session:
        assert "单位根密钥" in root.key_hints(session, False)[0]
    assert check(book) == []
    manage(book, "改岗位", lambda s: people.change_roles(s, CLERK, [Role.PAYER]))
    assert check(book) == []
    with pytest.raises(Refused, match="两个人办"):
        perform(book, ENABLED, enter(book, ADMIN), root.enable)
    manage(book, ENABLED, root.enable)
    with book.reading() as session:
        assert root.key_hints(session, False) == () and len(root.fingerprint(session)) == 39
    assert check(book) == [] and needed(book) == (2, (ADMIN, APPROVER))
    manage(book, "改岗位", lambda s: people.change_roles(s, CLERK, [Role.CLERK]))
    own_action(book, ADMIN, lambda s: s.add(replaced(person(s, CLERK), roles='["admin"]')))
    assert "没有单位根密钥的证明" in "".join(check(book))


def replaced(row, **values):
    for key, value in values.items():
        setattr(row, key, value)
    return row
