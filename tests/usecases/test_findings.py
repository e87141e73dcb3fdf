"""检查发现的问题: on record once a check finds them, and nothing is written until two persons have accepted them."""

import json
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from book_breaker import behind
from openpyxl import load_workbook
from people_kit import ADMIN, CHEAP, NOW, OWN, enter, office
from process_kit import MONDAY
from pypdf import PdfReader
from sqlmodel import select

from zjtx_desktop import headless
from zjtx_desktop.cli import run
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.errors import Denied, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import approvals, findings, rounds, submissions
from zjtx_desktop.usecases.backups import back_up
from zjtx_desktop.usecases.checks import check, check_and_record
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.safekeeping import keep_safe
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.values import format_date

NOON = datetime(2024, 12, 2, 12)
WHY = "企业账号由银行更正，见县财政局会议纪要〔2024〕9号"
ALTERED = "“企业”第 1 行（示例甲有限公司）与历史记录不符，第 2 号操作以后被绕过程序改动过：银行账号由“空”成了“6223”。"


@pytest.fixture
def altered(book, recognise):
    """A book with one firm, whose account was changed behind it."""
    recognise()
    with behind(book) as run:
        run("UPDATE organisation SET payee_account = '6223' WHERE id = 1")
    return book


def note(book, text="另记一笔"):
    with book.action(text, "张三") as session:
        session.add(tables.Setting(key=text, value="1"))


def accept(book, actor=Actor("张三"), second=Second(None, WHY)):
    with book.reading() as session:
        found = findings.unaccepted(session)
    return perform(book, findings.DEED, actor, lambda session: findings.accept(session, found), second)


def count(book, table=tables.Action):
    with book.reading() as session:
        return len(session.exec(select(table)).all())


def test_what_a_check_finds_goes_on_record_once_as_an_action_of_who_checked(altered):
    assert check(altered) == [ALTERED], "looking alone writes nothing"
    before = count(altered)
    assert check_and_record(altered, Actor("李四")).problems == (ALTERED,)
    assert check_and_record(altered, Actor("李四")).problems == (ALTERED,)
    assert count(altered) == before + 1
    with altered.reading() as session:
        last = session.exec(select(tables.Action).order_by(tables.Action.id.desc())).first()
        assert (last.title, last.by_name) == ("检查发现问题", "李四")
        assert findings.unaccepted(session) == (ALTERED,)


def test_a_sound_book_is_not_written_by_its_check(book):
    before = book.path.read_bytes()
    assert check_and_record(book, Actor("李四")).problems == () and book.path.read_bytes() == before


def test_until_it_is_accepted_nothing_is_written_and_everything_is_read(altered, tmp_path):
    check_and_record(altered, Actor("李四"))
    before = count(altered)
    with pytest.raises(Refused, match="检查发现的 1 处问题还没有经两人接受，账簿只能查看，这次操作没有保存"):
        note(altered)
    with pytest.raises(Refused, match="只能查看"):
        perform(altered, "测算", Actor("张三"), lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)))
    assert count(altered) == before and count(altered, tables.Round) == 0
    (tmp_path / "手动").mkdir()
    line = back_up(altered, tmp_path / "手动", NOON, lambda *_: None)
    altered.close()
    for path in (altered.path, line.path):
        with Book(path) as again:
            assert check(again) == [ALTERED]
            with pytest.raises(Refused, match="只能查看"):
                note(again)


def test_an_unsound_book_makes_no_automatic_backup_that_would_rotate_a_good_one_out(altered, tmp_path):
    keep_safe_now = lambda: keep_safe(altered, tmp_path / "自动", None, NOON, lambda *_: None)  # noqa: E731
    with pytest.raises(Refused, match="没有通过检查"):
        keep_safe_now()
    check_and_record(altered, Actor("李四"))
    with pytest.raises(Refused, match="以免挤掉原来好的备份"):
        keep_safe_now()
    accept(altered)
    assert keep_safe_now().is_new


def test_the_only_user_accepts_with_a_reason_and_the_altered_row_counts_from_then_on(altered):
    check_and_record(altered, Actor("李四"))
    with pytest.raises(Refused, match="没有写明理由"):
        accept(altered, second=Second(None, "  "))
    done = accept(altered)
    assert (done.first, done.second, done.reason, done.sentences) == ("张三", "", WHY, (ALTERED,))
    assert check(altered) == []
    note(altered)
    with altered.action("更正", "张三") as session:
        session.get_one(tables.Organisation, 1).payee_account = "6225"
    for n in range(10):
        note(altered, f"后来{n}")
    found = check_and_record(altered, Actor("李四"))
    assert found.problems == ()
    (told,) = found.accepted
    assert told.startswith("已由张三一人于") and told.endswith(f"接受：{ALTERED}")


def test_the_history_says_what_the_row_became_and_who_accepted_it(altered):
    check_and_record(altered, Actor("李四"))
    accept(altered)
    with altered.reading() as session:
        change = session.exec(
            select(tables.Change).where(tables.Change.table_name == "organisation").order_by(tables.Change.id.desc())
        ).first()
        action = session.get_one(tables.Action, change.action_id)
    assert json.loads(change.before)["payee_account"] is None and json.loads(change.after)["payee_account"] == "6223"
    assert (action.title, action.by_name) == (findings.DEED, "张三")


def test_the_same_record_altered_again_is_found_again(altered):
    check_and_record(altered, Actor("李四"))
    accept(altered)
    with altered.action("更正", "张三") as session:
        session.get_one(tables.Organisation, 1).payee_account = None
    with behind(altered) as run:
        run("UPDATE organisation SET payee_account = '6223' WHERE id = 1")
    (problem,) = check_and_record(altered, Actor("李四")).problems
    assert problem != ALTERED
    with pytest.raises(Refused, match="只能查看"):
        note(altered)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("INSERT INTO former_name (id, organisation_id, name, folded) VALUES (9, 1, '假', '假')", "被绕过程序添加，历史里没有它：曾用名“假”"),
        ("DELETE FROM beneficiary WHERE organisation_id = 1", "被绕过程序删除"),
        ("UPDATE action SET by_name = '别人' WHERE id = 2", "记录与校验值不符"),
        ("DELETE FROM change WHERE id = (SELECT max(id) FROM change)", "号改动，被删除过"),
    ],
)
def test_any_of_it_can_be_accepted_and_stays_accepted(book, recognise, statement, said):
    recognise()
    with behind(book) as run:
        run(statement)
    assert any(said in line for line in check_and_record(book, Actor("李四")).problems)
    accept(book)
    note(book)
    found = check_and_record(book, Actor("李四"))
    assert found.problems == () and any(said in line for line in found.accepted)


def test_a_finding_that_was_washed_away_behind_the_book_still_waits(altered):
    check_and_record(altered, Actor("李四"))
    with behind(altered) as run:
        run("UPDATE organisation SET payee_account = NULL WHERE id = 1")
    assert check(altered) == [f"以前检查发现，还没有人接受：{ALTERED}"]
    with pytest.raises(Refused, match="只能查看"):
        note(altered)


def test_a_finding_marked_as_accepted_by_nobody_is_found(altered):
    check_and_record(altered, Actor("李四"))
    with inside_despite(altered) as run:
        run("INSERT INTO consent (deed, about) VALUES ('登记人员', '{}')")
        run("UPDATE finding SET consent_id = (SELECT max(id) FROM consent)")
    found = check(altered)
    assert [line for line in found if "被标为已接受，却没有人同意接受它" in line] == []  # rows first: its own is wrong
    with behind(altered) as run:
        run("UPDATE organisation SET payee_account = NULL WHERE id = 1")
    assert check(altered) == [f"检查发现的问题被标为已接受，却没有人同意接受它：{ALTERED}"]


def inside_despite(book):
    """Whoever writes by the library alone can also say that it mends."""

    @contextmanager
    def opened():
        with book.action("改动", "张三") as session:
            session.info["mends"] = True
            yield session.connection().exec_driver_sql

    return opened()


def test_a_book_of_persons_asks_an_administrator_and_a_second_one(book, recognise):
    recognise()
    staff = office(book)
    with behind(book) as run:
        run("UPDATE organisation SET payee_account = '6223' WHERE id = 1")
    check_and_record(book, staff[Role.AUDITOR])
    assert last(book) == ("检查发现问题", staff[Role.AUDITOR].name, True)
    admin, approver = staff[Role.ADMIN], staff[Role.APPROVER]
    with pytest.raises(Denied):
        accept(book, staff[Role.CLERK], Second(approver, WHY))
    assert last(book)[0].startswith("拒绝：")
    with pytest.raises(Refused, match="要两个人办"):
        accept(book, admin, Second(None, WHY))
    with pytest.raises(Refused, match="两次都是"):
        accept(book, admin, Second(admin, WHY))
    with pytest.raises(Refused, match="不能同意"):
        accept(book, admin, Second(staff[Role.CLERK], WHY))
    with pytest.raises(Refused, match="没有写明理由"):
        accept(book, admin, Second(approver))
    done = accept(book, admin, Second(approver, WHY))
    assert (done.first, done.second) == (ADMIN, approver.name)
    assert check(book) == []


def last(book):
    with book.reading() as session:
        action = session.exec(select(tables.Action).order_by(tables.Action.id.desc())).first()
    return action.title, action.by_name, action.signature is not None


def test_one_who_mistyped_can_still_sign_in_to_a_book_that_can_only_be_read(book, recognise):
    recognise()
    office(book)
    with behind(book) as run:
        run("UPDATE organisation SET payee_account = '6223' WHERE id = 1")
    check_and_record(book, Actor("某人"))
    assert last(book)[:2] == ("检查发现问题", "本程序"), "nobody has signed in"
    with pytest.raises(Refused, match="姓名或密码不对"):
        sign_in(book, ADMIN, "wrong one entirely", NOW, CHEAP)
    assert sign_in(book, ADMIN, OWN, NOW, CHEAP).name == ADMIN
    with book.reading() as session:
        assert session.exec(select(tables.Person.failures).where(tables.Person.name == ADMIN)).one() == 0


def test_what_was_seen_is_what_is_accepted(altered):
    check_and_record(altered, Actor("李四"))
    with altered.reading() as session:
        seen = findings.unaccepted(session)
    with behind(altered) as run:
        run("UPDATE organisation SET payee_bank = '别的银行' WHERE id = 1")
    check_and_record(altered, Actor("李四"))
    with pytest.raises(Refused, match="又发现了别的问题"):
        perform(altered, findings.DEED, Actor("张三"), lambda s: findings.accept(s, seen), Second(None, WHY))
    with altered.reading() as session:
        assert len(findings.unaccepted(session)) == 2


def test_with_nothing_found_there_is_nothing_to_accept(book):
    with pytest.raises(Refused, match="没有等着接受的问题"):
        accept(book)


def test_a_file_that_is_itself_damaged_is_not_written_into(altered):
    with altered._writing.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER history_organisation_update")
    assert "账簿结构中的" in check_and_record(altered, Actor("李四")).problems[0]
    with pytest.raises(Refused, match="文件本身已损坏或结构被改动过，检查结果写不进去，现在只能查看"):
        note(altered)
    with altered.reading() as session:
        assert findings.unaccepted(session) == ()


def test_a_book_that_cannot_be_written_is_barred_while_it_is_open(altered, monkeypatch):
    monkeypatch.setattr(altered, "what_became", lambda: "账簿文件不在原处了。")
    check_and_record(altered, Actor("李四"))
    monkeypatch.undo()
    with pytest.raises(Refused, match="却没能记入账簿（账簿文件不在原处了。这次操作没有保存）。这次打开期间只能查看"):
        note(altered)


def test_every_later_summary_of_a_batch_bears_it(altered, tmp_path):
    check_and_record(altered, Actor("李四"))
    accept(altered)
    perform(altered, "测算", Actor("张三"), lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)))
    with altered.reading() as session:
        line = rounds.find_round(session, 2024)
        approvals.write_approvals(session, line.id, tmp_path / "审批表.pdf", MONDAY)
    said = f"检查账簿发现1处问题，已由张三一人于{findings_on(altered)}接受。理由：{WHY}。"
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(tmp_path / "审批表.pdf").pages)
    assert said in text
    with altered.action("导出", "张三") as session:
        submissions.send(session, line, tmp_path / "报送.xlsx", MONDAY, "张三")
    cells = [str(cell) for sheet in load_workbook(tmp_path / "报送.xlsx") for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any(said in cell.replace(" ", "") for cell in cells)


def findings_on(book):
    with book.reading() as session:
        (done,) = findings.acceptances(session)
    return format_date(done.on)


def test_the_commands_record_accept_and_go_on(altered, capsys):
    altered.close()
    book = str(altered.path)
    assert run(["check", book, "--by", "李四"]) == 1
    told = capsys.readouterr()
    assert ALTERED in told.out and "还没有经两人接受" in told.err
    assert run(["accept-findings", book, "--by", "张三", "--reason", " "]) == 1
    assert "没有写明理由" in capsys.readouterr().err
    assert run(["accept-findings", book, "--by", "张三", "--reason", WHY, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"accepted": [ALTERED], "by": "张三", "with": None, "reason": WHY}
    assert run(["check", book, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] and told["problems"] == [] and told["accepted"][0].endswith(ALTERED)


def test_the_command_in_a_book_of_persons_asks_for_the_second_name_and_password(book, recognise):
    recognise()
    office(book)
    with book.action("改过密码", ADMIN) as session:
        session.info["sign"] = enter(book, ADMIN).sign
        for person in session.exec(select(tables.Person)):
            person.password_on = date.today()  # the command refuses passwords that are too old
    with behind(book) as run_sql:
        run_sql("UPDATE organisation SET payee_account = '6223' WHERE id = 1")
    check_and_record(book, Actor("某人"))
    with book.reading() as session:
        (approver,) = [name for name in who_may_agree(session, ADMIN) if name != ADMIN]
    book.close()
    with pytest.raises(Refused, match=f"--with 写明另一位系统管理员或审批人员（{approver}）"):
        headless.accept_findings(book.path, WHY, "", ADMIN, lambda name: OWN)
    asked = []
    answer = headless.accept_findings(book.path, WHY, approver, ADMIN, lambda name: asked.append(name) or OWN)
    assert asked == [ADMIN, approver] and answer.data["with"] == approver
    assert not headless.check_book(book.path).failed
