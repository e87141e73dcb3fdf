"""Every use case that writes × every duty × every state: denied unless the tables say otherwise, and on record."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path

import pytest
from people_kit import ADMIN, hire, manage, office, set_up
from process_kit import MONDAY
from sqlmodel import col, func, select

from zjtx_desktop import usecases
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.states import DOCUMENT, MOVES, OPINION, REASON, AwardState, Event, move
from zjtx_desktop.errors import Denied, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.undo import next_undo
from zjtx_desktop.usecases import awards, credit, dual_control, organisations, people, process, rounds, undoing
from zjtx_desktop.usecases import office as offices
from zjtx_desktop.usecases.backups import back_up
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import GRANTS, Actor, guarded, perform
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.restoring import Hands, restore
from zjtx_desktop.values import Division

FOLDER = Path(usecases.__file__).parent
OVER_THE_BOOK = {"undoing.take_back", "undoing.do_again", "restoring.restore"}  # open their own action
# What the window and the commands call although it is not guarded, and why.
ASK_BY_THEMSELVES = {
    "signing_in.sign_in": "nobody has signed in yet; counts failures",
    "entering.enter": "the same for an encrypted book, which is shut",
    "recovering.confirm_on_paper": "asks for the code itself, which only the 系统管理员 sees",
    "recovering.reset_by_code": "whoever holds the code of the safe; resets a 系统管理员 only",
    "encrypting.encrypt_book": "asks for the password of the 系统管理员, in the closed book",
    "encrypting.renew_code": "the same",
    "restoring.restore": "asks for the keys of two persons, in the closed book",
    "books.make_book": "a new book has no persons",
}


class NotKept(Exception):
    """Rolls a trial back."""


@pytest.fixture
def staff(book, recognise):
    """One person for each duty, over one recognition."""
    recognise()
    return office(book)


def denials(book) -> list[tuple[str, str]]:
    with book.reading() as session:
        return [(d.person, d.deed) for d in session.exec(select(tables.Denial).order_by(col(tables.Denial.id)))]


def count_actions(book) -> int:
    with book.reading() as session:
        return session.exec(select(func.count()).select_from(tables.Action)).one()


def use_case(name):
    module, function = name.split(".")
    return getattr(import_module(f"zjtx_desktop.usecases.{module}"), function)


def outcome(session, name, actor) -> str:
    """`denied` or `let in`: called without its values, a use case that was let in misses them."""
    session.info.update(by=actor.name, actor=actor)
    try:
        use_case(name)(session)
    except Denied:
        return "denied"
    except (TypeError, Refused):  # the latter where it has no values: nobody else agreed
        return "let in"
    return "done"


@contextmanager
def trial(book):
    """A session in which everything may be tried, and nothing of it is kept."""
    with pytest.raises(NotKept), book.action("试", "试") as session:
        yield session
        raise NotKept


GUARDED = sorted(set(GRANTS) - OVER_THE_BOOK)


def test_each_use_case_lets_in_whom_its_row_names_and_nobody_else(book, staff):
    with trial(book) as session:
        got = {(name, role): outcome(session, name, actor) for name in GUARDED for role, actor in staff.items()}
    assert len(got) == len(GUARDED) * len(Role)
    assert [at for at, word in got.items() if word != ("let in" if at[1] in GRANTS[at[0]] else "denied")] == []


def test_strangers_and_those_who_left_are_let_in_nowhere(book, staff):
    gone = staff[Role.CLERK]
    manage(book, "停用", lambda session: people.deactivate(session, gone.name))
    with trial(book) as session:
        for actor in (gone, Actor("没有登记过的人"), Actor("本程序")):
            assert {outcome(session, name, actor) for name in GUARDED} == {"denied"}


@pytest.mark.parametrize("name", ["organisations.register", "people.add", "awards.decide", "ledger.pay"])
def test_whoever_is_denied_is_on_record_with_what_and_why(book, staff, name):
    for role, actor in staff.items():
        before = count_actions(book), denials(book)
        with pytest.raises(Denied if role not in GRANTS[name] else TypeError):
            perform(book, name, actor, lambda session: use_case(name)(session))
        denied = role not in GRANTS[name]
        assert denials(book) == before[1] + [(actor.name, name)] * denied
        assert count_actions(book) == before[0] + denied
        if denied:
            with book.reading() as session:
                last = session.exec(select(tables.Action).order_by(col(tables.Action.id).desc())).first()
            assert (last.title, last.by_name) == (f"拒绝：{name}", actor.name)
    assert check(book) == []


def test_the_auditor_may_write_nothing_but_the_own_password():
    assert [name for name, roles in GRANTS.items() if Role.AUDITOR in roles] == ["people.change_password"]


def test_the_administrator_has_no_business():
    theirs = {name.split(".")[0] for name, roles in GRANTS.items() if Role.ADMIN in roles}
    assert theirs & {"organisations", "recognitions", "imports", "rounds", "awards", "process", "letters", "ledger"} == set()


def test_every_guarded_use_case_stands_in_the_table_and_the_table_names_only_such():
    held = {
        f"{path.stem}.{node.name}"
        for path in FOLDER.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and any(getattr(one, "id", "") == "guarded" for one in node.decorator_list)
    }
    assert held == set(GRANTS) - OVER_THE_BOOK


def writers(path: Path) -> Iterator[str]:
    """The public functions and methods of a module that write, by themselves or through its private ones."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    writing = {name for name, node in found.items() if any(map(_is_write, ast.walk(node)))}
    while True:
        more = {name for name, node in found.items() if name not in writing and _called(node) & writing & set(found)}
        more = {name for name in more if any(c.startswith("_") for c in _called(found[name]) & writing)}
        if not more:
            break
        writing |= more
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    named = {node.name for body in bodies for node in body if isinstance(node, ast.FunctionDef)}
    yield from sorted(f"{path.stem}.{name}" for name in writing & named if not name.startswith("_"))


def _is_write(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if isinstance(called, ast.Attribute) and called.attr in ("add", "add_all", "delete"):
        return getattr(called.value, "id", "") == "session"
    return getattr(called, "id", "") in ("insert_rows", "update", "delete", "insert")


def _called(node: ast.AST) -> set[str]:
    return {getattr(c.func, "id", "") for c in ast.walk(node) if isinstance(c, ast.Call)}


def used(path: Path) -> set[str]:
    """What a file uses of the use cases, as module.name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {f"{n.value.id}.{n.attr}" for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("zjtx_desktop.usecases."):
            names |= {f"{node.module.rpartition('.')[2]}.{alias.name}" for alias in node.names}
    return names


def loose() -> set[str]:
    """What writes and is not guarded, of all use cases."""
    found = {name for path in FOLDER.glob("*.py") for name in writers(path)}
    return {name for name in found if name not in GRANTS} | set(ASK_BY_THEMSELVES)


def test_the_window_and_the_commands_write_only_through_what_is_guarded():
    assert "organisations.register" in writers(FOLDER / "organisations.py")
    doors = [FOLDER.parent / "headless.py", FOLDER.parent / "cli.py", *(FOLDER.parent.parent / "ui").rglob("*.py")]
    unguarded = loose() - set(ASK_BY_THEMSELVES)
    wrong = {path.name: used(path) & unguarded for path in doors}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_what_writes_and_is_not_guarded_is_part_of_something_that_is():
    calls = {
        f"{path.stem}.{name}" if "." not in name else name
        for path in FOLDER.glob("*.py")
        for name in (*used(path), *_called_anywhere(path))
    }
    assert loose() - calls - set(ASK_BY_THEMSELVES) == set()


def _called_anywhere(path: Path) -> Iterator[str]:
    """Functions and methods of its own that a module calls."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if name:
                yield name


def test_what_is_guarded_by_nothing_or_not_in_the_table_is_denied(book, staff):
    @guarded
    def not_in_the_table(session):
        session.add(tables.Setting(key="x", value="y"))

    def unguarded(session):
        session.add(tables.Setting(key="x", value="y"))

    for actor in staff.values():
        for deed, why in ((not_in_the_table, "任何岗位"), (unguarded, "没有规定由哪个岗位")):
            with pytest.raises(Denied, match=why):
                perform(book, "新做法", actor, deed)
    assert denials(book).count((staff[Role.CLERK].name, "新做法")) == 2
    with book.reading() as session:
        assert session.exec(select(tables.Setting).where(tables.Setting.key == "x")).first() is None
    perform(book, "只看不写", staff[Role.AUDITOR], lambda session: people.people(session))


def test_one_use_case_may_go_on_to_another_that_the_person_may_not_begin(book, recognise):
    recognise("示例再次认定有限公司", on=None)
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
        lines = awards.award_lines(session, round_id)
    set_up(book)
    reviewer = hire(book, "复核甲", Role.REVIEWER)
    for line in lines:
        if line.questions:
            perform(book, "裁定", reviewer, lambda s, n=line.number: awards.decide(s, n, False, "依据不足", "复核甲"))
    with pytest.raises(Denied, match="“经办”"):
        perform(book, "测算", reviewer, lambda session: rounds.compute(session, round_id))


@pytest.fixture
def computed(book, staff):
    perform(book, "测算", staff[Role.CLERK], lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)))


def test_each_step_of_an_award_in_each_state_asks_for_the_duty_of_the_table(book, staff, computed):
    wrong, tried = [], 0
    with trial(book) as session:
        award = session.exec(select(tables.Award)).one()
        for role, actor in staff.items():
            session.info["by"] = actor.name
            for state in AwardState:
                for event in Event:
                    tried += 1
                    got = _took(session, award, state, event)
                    if got != _wanted(state, event, role):
                        wrong.append((role, state, event, got))
        award.state = AwardState.DRAFT.value
    assert wrong == []
    assert tried == len(AwardState) * len(Event) * len(Role)


def _took(session, award, state, event) -> str:
    award.state = state.value
    try:
        process.may(session, award, event)
    except Denied:
        return "denied"
    except Refused:
        return "no such step"
    return "let in"


def _wanted(state, event, role) -> str:
    try:
        row = move(state, event, staffed=True)
    except Refused:
        return "no such step"
    return "let in" if row.role is role else "denied"


def test_what_a_step_must_state_is_asked_for(book, staff, computed):
    full = {OPINION: "同意", REASON: "同意", DOCUMENT: "纪要"}
    rows = [row for row in MOVES if isinstance(row.start, AwardState) and row.needs]
    with trial(book) as session:
        award = session.exec(select(tables.Award)).one()
        for row in rows:
            session.info["by"] = staff[row.role].name
            for missing in row.needs:
                said = {key: "" if key == missing or {key, missing} <= {OPINION, REASON} else text for key, text in full.items()}
                award.state = row.start.value
                with pytest.raises(Refused, match="要写明"):
                    process.take(session, award, row.event, Words(MONDAY, said[OPINION], said[DOCUMENT]))
    assert len(rows) > 10


def test_one_person_with_every_duty_takes_one_step_until_the_switch_is_off(book, staff):
    me = hire(book, "全能己", Role.CLERK, Role.REVIEWER, Role.APPROVER, Role.PAYER)
    clerk = staff[Role.CLERK]
    compute = lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)).round.id  # noqa: E731
    round_id = perform(book, "测算", clerk, compute)
    with book.reading() as session:
        (line,) = awards.award_lines(session, round_id)

    def account_and_check(session):
        owner = session.exec(select(tables.Organisation)).one()
        owner.payee_bank, owner.payee_account = "示例银行", "3600000000000000001"
        credit.record(session, [owner.id], MONDAY, "“信用中国”网站", True, "")

    perform(book, "登记账户和核查", clerk, account_and_check)

    def step(event, document=""):
        words = Words(MONDAY, "同意", document)
        return perform(book, event.label, me, lambda session: process.advance(session, [line.number], event, words))[0].why

    assert step(Event.EXAMINE) == ""
    assert "不相容岗位" in step(Event.REVIEW)
    assert denials(book)[-1] == ("全能己", f"复核 {line.number}")
    with pytest.raises(Denied):
        perform(book, "停用岗位分离", me, lambda s: dual_control.switch(s, False, "只有一人"))
    with pytest.raises(Refused, match="理由"):
        manage(book, "停用岗位分离", lambda s: dual_control.switch(s, False, " "))
    with pytest.raises(Refused, match="两个人办"):
        perform(book, "停用岗位分离", staff[Role.ADMIN], lambda s: dual_control.switch(s, False, "编制一人"))
    manage(book, "停用岗位分离", lambda s: dual_control.switch(s, False, "编制一人"))
    assert [step(Event.REVIEW), step(Event.WAIVE, "示例〔2024〕3号"), step(Event.APPROVE, "纪要")] == ["", "", ""]
    with book.reading() as session:
        steps = process.steps(session, session.exec(select(tables.Award.id)).one())
        last = session.exec(select(tables.Action.title, tables.Action.by_name).order_by(col(tables.Action.id).desc())).first()
    assert [(one.person, one.is_signed) for one in steps] == [("全能己", True)] * 4
    assert last == ("审定", "全能己")
    assert check(book) == []


def test_taking_back_is_for_the_person_who_did_it(book, staff):
    clerk, other = staff[Role.CLERK], hire(book, "经办二", Role.CLERK)
    perform(book, "登记甲", clerk, lambda s: organisations.register(s, OrganisationForm(name="示例甲")))
    assert undoing.offered(book, clerk) == ("登记甲", "")
    assert undoing.offered(book, other) == ("", "")
    for actor in (other, staff[Role.AUDITOR], staff[Role.ADMIN]):
        with pytest.raises(Denied):
            undoing.take_back(book, actor)
        assert denials(book)[-1] == (actor.name, "撤销或重做")
    with pytest.raises(Denied, match=f"由{clerk.name}登录后"):
        undoing.take_back(book, other)
    assert undoing.take_back(book, clerk) == "登记甲"
    assert undoing.do_again(book, clerk) == "登记甲"
    manage(book, "改岗位", lambda s: people.change_roles(s, clerk.name, [Role.PAYER]))
    with pytest.raises(Denied, match="“经办”"):
        undoing.take_back(book, clerk)
    assert next_undo(book).title == "登记甲"
    us = (Division("361123"), "玉山县财政局预算股")
    perform(book, "修改单位信息", staff[Role.ADMIN], lambda s: offices.set_up(s, *us))
    assert undoing.take_back(book, staff[Role.ADMIN]) == "修改单位信息"
    assert check(book) == []


def quiet(done, total):
    """No progress is shown."""


def test_only_the_administrator_and_another_person_restore_a_backup_each_with_the_own_key(book, staff, tmp_path):
    folder = tmp_path / "备份"
    folder.mkdir()
    now = datetime(2024, 12, 2, 9)
    line = back_up(book, folder, now, quiet)
    admin, clerk = staff[Role.ADMIN], staff[Role.CLERK]
    book.close()
    for actor in (clerk, Actor(ADMIN), Actor(ADMIN, clerk.key), Actor("张三")):
        with pytest.raises(Denied, match="系统管理员"):
            restore(line.path, book.path, Hands(actor, staff[Role.REVIEWER]), now, quiet)
    for other in (None, admin, Actor(clerk.name), Actor(clerk.name, admin.key), Actor("没有登记过的人", clerk.key)):
        with pytest.raises(Denied, match="两个人"):
            restore(line.path, book.path, Hands(admin, other), now, quiet)
    assert restore(line.path, book.path, Hands(admin, clerk), now, quiet).exists()


def test_a_book_without_persons_asks_nobody(book, recognise):
    recognise()
    perform(book, "测算", Actor("张三"), lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)))
    perform(book, "随便写", Actor("张三"), lambda s: s.add(tables.Setting(key="x", value="y")))
    assert denials(book) == []
