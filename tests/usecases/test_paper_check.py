"""A printed code against the book: what an insider may rewrite inside the file, the paper remembers."""

import json
import shutil
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from book_breaker import behind, inside
from openpyxl import load_workbook

from zjtx_desktop import headless
from zjtx_desktop.cli import run
from zjtx_desktop.documents.letter import AwardLetter, letter_pdf
from zjtx_desktop.documents.readback import check_letter
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import BadValue, NotFound, Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import awards, letters, rounds, submissions
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.judging import canonical
from zjtx_desktop.usecases.paper_codes import letter_facts
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

    `thoroughly`: the codes recorded with the letters are made to fit the new history and the new letters as well.
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
            for kind, snapshot in run("SELECT kind, snapshot FROM document").all() if thoroughly else ():
                was = HeadCode.parse(json.loads(snapshot)["code"])
                if was.number != action_id:
                    continue
                code = HeadCode.of_paper(action_id, new, canonical(dict(letter_facts(kind, AwardLetter.from_json(json.loads(snapshot))))))
                for table, column in (("document", "snapshot"), ("change", "before"), ("change", "after")):
                    run(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (str(was), str(code)))
        for _, sql in triggers:
            run(sql)


def test_each_letter_of_a_batch_carries_a_code_of_its_own_over_the_head_before_it(book, recognise):
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    with book.action("登记账户", "张三") as session:
        session.get_one(tables.Organisation, 1).payee_account = "3600017"
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    noted = book.head()
    with book.action("下达", "李四") as session:
        letters.issue(session, 1, TODAY)
    first, second = (HeadCode.parse(printed(book, n)) for n in (1, 2))
    assert first.number == second.number == 5 and first != second
    facts = (
        '{"account":"3600017","award":"361123-2024-00001","date":"2024-12-02","fen":30000000,"kind":"award_letter",'
        '"number":"玉财奖〔2024〕1号","payee":"示例甲有限公司"}'
    )
    assert first == HeadCode.of(5, sha256(f"{noted}\n{facts}".encode()).hexdigest())


def test_a_right_code_tells_the_one_paper_it_stands_on(book, issued):
    note(book)
    found = verify(book, printed(book).lower())
    assert found.verdict is Verdict.MATCHES and found.sentence.startswith("相符。玉财奖〔2024〕1号，")
    assert [(line.number, line.payee, line.amount) for line in found.lines] == [
        ("玉财奖〔2024〕1号", "示例甲有限公司", Money(30_000_000)),
    ]
    assert found.lines[0].issued_by == "李四" and found.lines[0].state == "已下达"
    assert "逐项比对" in found.advice


def test_with_its_number_a_code_tells_of_one_paper_in_one_sentence(book, issued):
    typed = f" {issued[1].number.replace('〔', '[').replace('〕', ']')}"
    found = verify(book, HeadCode.parse(printed(book, 2)).scanned, typed)
    assert found.verdict is Verdict.MATCHES
    assert found.sentence == (
        "相符。玉财奖〔2024〕2号，2024年12月2日由李四出具，收款单位 示例乙有限公司，金额 100,000.00 元，现为“已下达”。"
    )
    found = verify(book, printed(book), typed)
    assert found.verdict is Verdict.OTHER_PAPER and printed(book, 2) in found.sentence


SNAPSHOT = "校验码与存档的文号、金额、收款单位、账号或日期不符"
REGISTER = "登记簿与存档不同"
ARCHIVED = "存档的 PDF 与存档的内容不同"


@pytest.mark.parametrize(
    ("statements", "said", "unsaid"),
    [
        (["UPDATE document SET snapshot = json_set(snapshot, '$.account', '6223') WHERE id = 1"], [SNAPSHOT], [REGISTER, ARCHIVED]),
        (
            ["UPDATE document SET snapshot = json_set(snapshot, '$.payee', '假收款单位') WHERE id = 1"],
            [SNAPSHOT, f"{ARCHIVED}：没有收款单位“假收款单位”"],
            [REGISTER],
        ),
        (
            ["UPDATE document SET snapshot = json_set(snapshot, '$.issued_on', '2024-12-03') WHERE id = 1"],
            [SNAPSHOT, f"{REGISTER}：日期登记为 2024年12月2日、存档为 2024年12月3日", f"{ARCHIVED}：没有签发日期"],
            [],
        ),
        (
            ["UPDATE document SET snapshot = json_set(snapshot, '$.parts[0].amount', 45000000) WHERE id = 1"],
            [SNAPSHOT, f"{REGISTER}：金额登记为 300,000.00 元、存档为", f"{ARCHIVED}：没有金额"],
            [],
        ),
        (["UPDATE document SET number = '玉财奖〔2024〕7号' WHERE id = 1"], [f"{REGISTER}：文号登记为 玉财奖〔2024〕7号"], [SNAPSHOT, ARCHIVED]),
        (["UPDATE document SET total_fen = 1 WHERE id = 1"], [f"{REGISTER}：金额登记为 0.01 元"], [SNAPSHOT, ARCHIVED]),
        (["UPDATE document SET award_id = 3 - award_id"], [f"{REGISTER}：奖补编号登记为 361123-2024-00002"], [SNAPSHOT, ARCHIVED]),
    ],
)
def test_code_register_and_archive_each_say_what_differs_though_the_history_is_in_order(book, issued, statements, said, unsaid):
    paper = printed(book)
    with inside(book) as run:
        for statement in statements:
            run(statement)
    assert book.check() == []
    found = verify(book, paper)
    assert found.verdict is Verdict.ALTERED and found.sentence.startswith("与账簿不符：")
    assert [one for one in said if one not in found.sentence] == [] and [one for one in unsaid if one in found.sentence] == []


def test_an_archived_pdf_of_another_letter_is_found_by_its_text(book, issued):
    paper = printed(book)
    with book.reading() as session:
        letter, _ = letters.view(session, 1)
    forged = letter_pdf(replace(letter, payee="假收款单位有限公司"))
    with inside(book) as run:
        run("UPDATE content SET data = ?, size = ?, sha256 = ? WHERE id = 1", (forged, len(forged), sha256(forged).hexdigest()))
    assert book.check() == []
    assert verify(book, paper).sentence == f"与账簿不符：玉财奖〔2024〕1号 {ARCHIVED}：多了收款单位。"
    forged = letter_pdf(replace(letter, parts=(*letter.parts, replace(letter.parts[0], amount=Money(5)))))
    with inside(book) as run:
        run("UPDATE content SET data = ?, size = ?, sha256 = ? WHERE id = 1", (forged, len(forged), sha256(forged).hexdigest()))
    assert "多了金额“0.05”" in verify(book, paper).sentence
    forged = letter_pdf(replace(letter, addressee="假收款单位有限公司"))
    with inside(book) as run:
        run("UPDATE content SET data = ?, size = ?, sha256 = ? WHERE id = 1", (forged, len(forged), sha256(forged).hexdigest()))
    found = verify(book, paper)
    assert found.sentence == f"与账簿不符：玉财奖〔2024〕1号 {ARCHIVED}：没有收文单位“示例甲有限公司”。"
    with inside(book) as run:
        run("UPDATE content SET data = x'00', size = 1, sha256 = ? WHERE id = 1", (sha256(b"\0").hexdigest(),))
    assert f"{ARCHIVED}：文件读不出来" in verify(book, paper).sentence


def test_a_letter_of_before_is_told_by_its_missing_mark_and_verified_by_the_history_alone(book, recognise, monkeypatch):
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    with book.action("测算", "张三") as session:
        rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
    with monkeypatch.context() as before:
        before.setattr(letters, "code_of_paper", lambda session, facts: HeadCode.of(*history.last_sealed(session.connection())))
        with book.action("下达", "李四") as session:
            letters.issue(session, 1, TODAY)
            session.connection().exec_driver_sql("UPDATE document SET snapshot = json_remove(snapshot, '$.bound', '$.account')")
    assert check(book) == [] and printed(book) == printed(book, 2)
    found = verify(book, printed(book))
    assert found.verdict is Verdict.MATCHES and "同一批共 2 份" in found.sentence
    assert verify(book, printed(book), "玉财奖〔2024〕2号").lines[0].payee == "示例乙有限公司"
    assert verify(book, "", "玉财奖〔2024〕2号").verdict is Verdict.LISTED
    paper = printed(book)
    rewrite_old(book)
    assert "校验码与它以前的历史不符" in verify(book, paper).sentence


def rewrite_old(book):
    """The history before the letters told otherwise, and chained anew."""
    with behind(book) as run:
        run("UPDATE action SET title = '别的' WHERE id = 2")
        for action_id in run("SELECT id FROM action ORDER BY id").scalars().all():
            history.seal(run.__self__, action_id)


def test_whoever_rewrites_amount_and_chain_is_betrayed_by_the_digest_and_by_the_paper(book, issued):
    note(book)
    paper = printed(book)
    rewrite(book, thoroughly=True)
    with book.reading() as session:
        assert [line.total for line in letters.register(session, 1)] == [Money(35_000_000), Money(15_000_000)]
    assert any("摘要与奖补当时的内容不符" in problem for problem in check(book))
    found = verify(book, paper)
    assert found.verdict is Verdict.ALTERED and found.sentence.startswith("与账簿不符：")
    assert not found.verdict.is_good and "备份" in found.advice


def test_whoever_forgets_the_recorded_codes_is_found_by_the_check_itself(book, issued):
    paper = printed(book)
    rewrite(book, thoroughly=False)
    assert any("账簿校验码与历史记录或存档不符" in line for line in check(book))
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
        before.setattr(letters, "code_of_paper", lambda session, facts: None)  # the program of last month
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
