"""A printed code against the book: what an insider may rewrite inside the file, the paper remembers."""

import json
import shutil
from datetime import date

import pytest
from openpyxl import load_workbook

from zjtx_desktop import headless
from zjtx_desktop.cli import run
from zjtx_desktop.documents.readback import check_letter
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import BadValue, NotFound, Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import awards, letters, rounds, submissions
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.paper_check import Verdict, verify
from zjtx_desktop.values import HeadCode, Money

TODAY = date(2024, 12, 2)


@pytest.fixture
def issued(book, recognise):
    """Two letters of one batch, by 李四."""
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    with book.action("下达 2 份拨付通知", "李四") as session:
        return letters.issue(session, 1, TODAY)


def printed(book, document_id=1) -> str:
    """The code as it stands on the stored paper, which is read back on the way."""
    with book.reading() as session:
        letter, pdf = letters.view(session, document_id)
    check_letter(pdf, letter)
    return letter.code


def note(book, text="另记一笔"):
    """Some action after the letters."""
    with book.action(text, "张三") as session:
        session.add(tables.Setting(key=text, value="1"))


def rewrite(book, *, thoroughly: bool) -> None:
    """What an insider with the program can do: triggers away, 100,000 元 become 150,000, all re-chained.

    `thoroughly`: the codes recorded with the letters are made to fit the new history as well.
    """
    with book._writing.begin() as connection:
        run = connection.exec_driver_sql
        triggers = run("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid").all()
        for name, _ in triggers:
            run(f"DROP TRIGGER {name}")
        names = run("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").scalars().all()
        for table in names:
            for column in (row[1] for row in run(f"PRAGMA table_info({table})").all()):
                for was, now in ((10_000_000, 15_000_000), (30_000_000, 35_000_000)):
                    run(f"UPDATE {table} SET {column} = {now} WHERE {column} = {was} AND typeof({column}) = 'integer'")
                    run(
                        f"UPDATE {table} SET {column} = replace({column}, '{was}', '{now}') "
                        f"WHERE typeof({column}) = 'text' AND {column} LIKE '%{was}%'"
                    )
        for action_id, old in run("SELECT id, hash FROM action ORDER BY id").all():
            history.seal(connection, action_id)
            new = run("SELECT hash FROM action WHERE id = ?", (action_id,)).scalar_one()
            if thoroughly:
                codes = str(HeadCode.of(action_id, new)), str(HeadCode.of(action_id, old))
                run("UPDATE document SET snapshot = replace(snapshot, ?, ?)", codes[::-1])
                for column in ("before", "after"):
                    run(f"UPDATE change SET {column} = replace({column}, ?, ?)", codes[::-1])
        for _, sql in triggers:
            run(sql)


def test_the_letters_of_a_batch_carry_the_head_before_it(book, recognise):
    recognise()
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    noted = book.head()
    with book.action("下达", "李四") as session:
        letters.issue(session, 1, TODAY)
    code = HeadCode.parse(printed(book))
    assert code.is_of(noted) and code.number == 3


def test_a_right_code_tells_the_papers_it_stands_on(book, issued):
    note(book)
    found = verify(book, printed(book).lower())
    assert found.verdict is Verdict.MATCHES and found.sentence.startswith("相符。")
    assert "同一批共 2 份" in found.sentence
    assert [(line.number, line.payee, line.amount, line.issued_by) for line in found.lines] == [
        (issued[0].number, "示例甲有限公司", Money(30_000_000), "李四"),
        (issued[1].number, "示例乙有限公司", Money(10_000_000), "李四"),
    ]


def test_with_its_number_a_code_tells_of_one_paper_in_one_sentence(book, issued):
    found = verify(book, HeadCode.parse(printed(book)).scanned, f" {issued[1].number.replace('〔', '[').replace('〕', ']')}")
    assert found.verdict is Verdict.MATCHES
    assert found.sentence == (
        f"相符。{issued[1].number}，2024年12月2日由李四出具，收款单位 示例乙有限公司，金额 100,000.00 元，现为“已下达”。"
    )


def test_a_voided_letter_is_said_to_be_void(book, issued):
    with book.action("作废", "张三") as session:
        awards.void(session, issued[0].award_number, "企业名称有误")
    found = verify(book, printed(book), issued[0].number)
    assert found.verdict is Verdict.MATCHES and found.sentence.endswith("现为“作废”。")


def test_whoever_rewrites_amount_and_chain_passes_the_check_and_is_betrayed_by_the_paper(book, issued):
    note(book)
    paper = printed(book)
    rewrite(book, thoroughly=True)
    with book.reading() as session:
        assert [line.total for line in letters.register(session, 1)] == [Money(35_000_000), Money(15_000_000)]
    assert check(book) == [], "nothing inside the file can tell"
    found = verify(book, paper)
    assert found.verdict is Verdict.ALTERED and found.sentence.startswith("与账簿不符：")
    assert not found.verdict.is_good and "备份" in found.advice


def test_whoever_forgets_the_recorded_codes_is_found_by_the_check_itself(book, issued):
    paper = printed(book)
    rewrite(book, thoroughly=False)
    assert any("账簿校验码与历史记录不符" in line for line in check(book))
    found = verify(book, paper)
    assert found.verdict is Verdict.ALTERED and "被改动过" in found.sentence


def test_an_edit_that_leaves_the_chain_as_it_was_is_no_match_either(book, issued):
    paper = printed(book)
    with book._writing.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER history_award_update")
        connection.exec_driver_sql("UPDATE award SET beneficiary_fen = 15000000 WHERE id = 1")
    found = verify(book, paper)
    assert found.verdict is Verdict.UNSOUND and "处问题" in found.sentence


def test_a_book_put_back_from_an_older_backup_is_told_by_how_much_it_lacks(book, issued, tmp_path):
    book.close()
    older = tmp_path / "旧.zjtx"
    shutil.copy(book.path, older)
    with Book(book.path) as later:
        for n in range(3):
            note(later, f"记{n}")
        with later.action("作废", "张三") as session:
            awards.void(session, issued[0].award_number, "企业名称有误")
        with later.action("测算", "张三") as session:
            rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
        with later.action("下达", "李四") as session:
            letters.issue(session, 1, TODAY)
        paper = printed(later, 3)
        assert verify(later, paper).verdict is Verdict.MATCHES
    with Book(older) as restored:
        found = verify(restored, paper)
        assert found.verdict is Verdict.MISSING and found.missing == 5
        assert "只记到第 5 号" in found.sentence and "少 5 步" in found.sentence
        for n in range(8):
            note(restored, f"另{n}")
        found = verify(restored, paper)
        assert found.verdict is Verdict.ALTERED and "恢复备份以前的账簿" in found.sentence


def test_a_code_on_another_letter_is_no_match(book, issued):
    first = printed(book)
    with book.action("作废", "张三") as session:
        awards.void(session, issued[0].award_number, "企业名称有误")
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    with book.action("下达", "李四") as session:
        letters.issue(session, 1, TODAY)
    found = verify(book, first, "玉财奖〔2024〕3号")
    assert found.verdict is Verdict.OTHER_PAPER and printed(book, 3) in found.sentence
    found = verify(book, first, "玉财奖〔2024〕99号")
    assert found.verdict is Verdict.OTHER_PAPER and "没有 玉财奖〔2024〕99号" in found.sentence


def test_a_number_alone_tells_which_code_its_paper_must_have(book, issued):
    found = verify(book, "", issued[0].number)
    assert found.verdict is Verdict.LISTED and printed(book) in found.sentence
    with pytest.raises(NotFound, match="登记簿里没有"):
        verify(book, " ", "玉财奖〔2024〕99号")
    with pytest.raises(Refused, match="没有输入"):
        verify(book, " ", "")
    with pytest.raises(BadValue):
        verify(book, "", "不是文号")


def test_a_letter_issued_before_papers_had_codes_says_so(book, recognise, monkeypatch):
    recognise()
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    with monkeypatch.context() as before:
        before.setattr(letters, "code_now", lambda session: None)  # the program of last month
        with book.action("下达", "李四") as session:
            (line,) = letters.issue(session, 1, TODAY)
    found = verify(book, "", line.number)
    assert found.verdict is Verdict.NO_CODE and "还不印校验码" in found.sentence
    assert check(book) == []


def test_a_paper_that_is_no_letter_is_known_by_its_action(book, issued):
    note(book)
    with book.reading() as session:
        code = str(HeadCode.of(*history.last_sealed(session.connection())))
    found = verify(book, code)
    assert found.verdict is Verdict.MATCHES and found.lines == () and "“另记一笔”" in found.sentence


def test_the_workbook_carries_the_head_before_it_and_is_found_by_it(book, issued, tmp_path):
    noted, out = book.head(), tmp_path / "报送.xlsx"
    with book.action("导出", "王五") as session:
        submissions.send(session, rounds.find_round(session, 2024), out, TODAY, "王五")
    rows = {row[1]: row[2] for row in load_workbook(out)["校验"].iter_rows(values_only=True)}
    assert rows["操作记录链末值"] == noted
    code = next(text for name, text in rows.items() if name and name.startswith("账簿校验码"))
    found = verify(book, code)
    assert found.verdict is Verdict.MATCHES
    assert [(line.kind, line.number, line.amount, line.issued_by) for line in found.lines] == [
        ("报送表", "报送.xlsx", Money(40_000_000), "王五")
    ]


def test_the_command_answers_with_its_exit_code(book, issued):
    paper = printed(book)
    book.close()
    answer = headless.verify_paper(book.path, paper, issued[0].number)
    assert not answer.failed and answer.data["verdict"] == "matches"
    assert json.loads(json.dumps(answer.data))["papers"][0]["amount"] == 30_000_000
    with Book(book.path) as opened:
        rewrite(opened, thoroughly=True)
    assert headless.verify_paper(book.path, paper, "").failed


def test_the_command_line_says_it_in_words_and_as_json(book, issued, capsys):
    paper = printed(book)
    book.close()
    assert run(["verify", str(book.path), "--code", HeadCode.parse(paper).scanned, "--number", issued[0].number]) == 0
    said = capsys.readouterr().out
    assert said.startswith("相符。") and "示例甲有限公司" in said and "300,000.00" in said
    assert run(["verify", str(book.path), "--code", str(HeadCode.of(4, "ab" * 32)), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "altered" and told["advice"] and told["papers"] == []
    assert run(["verify", str(book.path), "--code", paper[:-1]]) == 1
    assert "27 个" in capsys.readouterr().err
