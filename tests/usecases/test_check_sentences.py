"""Every sentence that the check can say is said here, of a real book that was broken for it; a script lists them all."""

import ast
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlite
from book_breaker import behind, inside

from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.errors import AppError
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, office, organisations, recognitions, rounds
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.values import Division, Share

TODAY = date(2024, 12, 2)
HOME = Path(__file__).resolve().parents[2] / "zjtx_desktop"
NUMBER = "361123-2024-00001"
AWARD = f"奖补 {NUMBER} 现为"
UNEQUAL = f"奖补 {NUMBER}（示例甲有限公司）核对不符："
ENTRY = "INSERT INTO ledger_entry (part_id, kind, nth, fen, on_date, by_name, key) VALUES ({0}, '{1}', {2}, {3}, '2024-12-03', '张三', '{0}{1}{2}')"
PAID_1 = (ENTRY.format(1, "paid", 1, 10_000_000), ENTRY.format(2, "paid", 1, 20_000_000))
CARRIED = (
    "INSERT INTO round (year, name, state, pack_row, choices, every_division) SELECT 2025, name, state, pack_row, choices, every_division FROM round",
    "INSERT INTO carry_over (part_id, from_round_id, round_id, fen, on_date, after_entry, by_name) VALUES (1, 1, 2, 7, '2025-01-05', 99, '张三')",
)

# Written in an action of the library: the history is in order, and what it says is not.
INSIDE = {
    "an amount beside its parts": (["UPDATE award SET beneficiary_fen = beneficiary_fen + 1 WHERE id = 1"],
        UNEQUAL + "受益财政：奖补记录 100,000.01 元，分担部分、测算结果、台账核定、玉财奖〔2024〕1号 存档 100,000.00 元，相差 0.01 元（1 分）。"),
    "another treasury": (["UPDATE award_part SET division = '361125' WHERE id = 1"],
        "；玉山县（受益财政）：分担部分、台账核定 0.00 元，测算结果、玉财奖〔2024〕1号 存档 100,000.00 元，相差 100,000.00 元（10000000 分）"),
    "the sum in the register": (["UPDATE document SET total_fen = 30000001 WHERE id = 1"],
        UNEQUAL + "合计：分担部分、下达时 300,000.00 元，玉财奖〔2024〕1号 登记 300,000.01 元，相差 0.01 元（1 分）。"),
    "a judgement that is none": (["UPDATE award SET matched = 'x' WHERE id = 1"], UNEQUAL + "测算结果读不出来。"),
    "a letter of another award": (["UPDATE document SET award_id = 2 WHERE id = 1"], UNEQUAL + "已下达，却没有拨付通知。"),
    "two letters of one award": (["UPDATE document SET award_id = 1 WHERE id = 2"], "有 2 份拨付通知"),
    "a snapshot that is none": (["UPDATE document SET snapshot = 'x' WHERE id = 1"], UNEQUAL + "玉财奖〔2024〕1号 的存档读不出来。"),
    "an award that was never issued": (["UPDATE award SET state = 'approved' WHERE id = 1"], UNEQUAL + "玉财奖〔2024〕1号 已经编号，奖补却没有下达。"),
    "a letter that is void alone": (["UPDATE document SET voided = 1 WHERE id = 1"], UNEQUAL + "奖补现为“已下达”，玉财奖〔2024〕1号 的作废状态却不同。"),
    "a state of no table": (["UPDATE award SET state = 'given' WHERE id = 1"], UNEQUAL + "状态“given”不认识。"),
    "one number left out": (["UPDATE document SET serial = 3 WHERE id = 2"], "2024 年的文号不连续：没有第 2 号。"),
    "numbers left out": (["UPDATE document SET serial = 9 WHERE id = 2"], "2024 年的文号不连续：没有第 2 至 8 号。"),
    "an account in the snapshot": (["UPDATE document SET snapshot = json_set(snapshot, '$.account', '6223') WHERE id = 1"],
        "玉财奖〔2024〕1号 登记的账簿校验码与历史记录或存档不符，账簿在出具以后被改动过。"),
    "a code that is none": (["UPDATE document SET snapshot = json_set(snapshot, '$.code', '1-2') WHERE id = 1"],
        "玉财奖〔2024〕1号 登记的账簿校验码与历史记录或存档不符，账簿在出具以后被改动过。"),
    "a number in the register": (["UPDATE document SET number = '玉财奖〔2024〕7号' WHERE id = 1"],
        "玉财奖〔2024〕7号 的登记与存档不同：文号登记为 玉财奖〔2024〕7号、存档为 玉财奖〔2024〕1号。"),
    "entries of a draft": (["UPDATE award SET state = 'approved' WHERE id = 1"], f"奖补 {NUMBER} 玉山县的台账有登记，奖补却没有下达。"),
    "paid one fen too much": ([ENTRY.format(1, "paid", 1, 10_000_001)], f"奖补 {NUMBER} 玉山县的台账“拨付”超过了可以登记的金额。"),
    "paid, with one fen left": (
        [ENTRY.format(1, "paid", 1, 9_999_999), ENTRY.format(2, "paid", 1, 20_000_000), "UPDATE award SET state = 'paid' WHERE id = 1"],
        f"{AWARD}“已拨付”，台账上却还有 0.01 元可以拨付。"),
    "issued, with nothing left": (PAID_1, f"{AWARD}“已下达”，台账上却没有可以拨付的了。"),
    "voided, with one fen held": ([ENTRY.format(1, "paid", 1, 1), "UPDATE award SET state = 'voided' WHERE id = 1"], f"{AWARD}“作废”，企业却还持有 0.01 元。"),
    "recovered, one fen early": (
        [*PAID_1, ENTRY.format(1, "claimed", 1, 10_000_000), ENTRY.format(1, "recovered", 1, 9_999_999), "UPDATE award SET state = 'recovered' WHERE id = 1"],
        f"{AWARD}“已追回”，企业却还持有 200,000.01 元。"),
    "claimed of one that stands": ([*PAID_1, ENTRY.format(1, "claimed", 1, 3)], f"{AWARD}“已下达”，台账上却有应追回的 0.03 元。"),
    "revoked, with an odd fen": (
        [*PAID_1, ENTRY.format(1, "claimed", 1, 9_999_999), "UPDATE award SET state = 'revoked' WHERE id = 1"],
        f"{AWARD}“撤销认定，追回中”，企业持有 300,000.00 元，应追回未追回的却是 99,999.99 元。"),
    "carried over otherwise": (CARRIED, f"奖补 {NUMBER} 结转 0.07 元，按当时的台账应为 100,000.00 元。"),
    "a treasury of no division": (["UPDATE award_part SET division = '999999' WHERE id = 1"], f"奖补 {NUMBER} 的分担里有不认识的财政“999999”。"),
    "an award in no state": (["UPDATE award SET state = 'given' WHERE id = 1"], f"奖补 {NUMBER} 的状态“given”不认识，没有核对它的台账。"),
    "an entry of no kind": ([ENTRY.format(1, "gift", 1, 5)], f"奖补 {NUMBER} 的台账里有不认识的种类“gift”，没有核对它的台账。"),
    "accepted by nobody": (
        ["INSERT INTO consent (deed, about) VALUES ('登记人员', '{}')", "INSERT INTO finding (sentence, consent_id) VALUES ('金额不符。', 1)"],
        "检查发现的问题被标为已接受，却没有人同意接受它：金额不符。"),
}  # fmt: skip

# Written with the triggers away: the history does not know of it.
BEHIND = {
    "a row altered": (["UPDATE organisation SET payee_account = '6223' WHERE id = 1"],
        "“企业”第 1 行（示例甲有限公司）与历史记录不符，第 2 号操作以后被绕过程序改动过：银行账号由“空”成了“6223”。"),
    "a row added": (["INSERT INTO former_name (id, organisation_id, name, folded) VALUES (9, 1, '假', '假')"],
        "“曾用名”第 9 行（假）被绕过程序添加，历史里没有它：曾用名“假”。"),
    "a row removed": (["DELETE FROM beneficiary WHERE organisation_id = 2"],
        "“受益财政”第 2 行（361123）第 3 号操作以后被绕过程序删除，历史里没有删除它。"),
    "an action rewritten": (["UPDATE action SET by_name = '别人' WHERE id = 2"], "第 2 号操作“登记示例甲有限公司”的记录与校验值不符（记为 "),
    "an action removed": (["DELETE FROM change WHERE action_id = 2", "DELETE FROM action WHERE id = 2"], "历史中没有第 2 号操作，被删除过。"),
    "the last changes removed": (["DELETE FROM change WHERE id > (SELECT max(id) - 2 FROM change)"], " 号改动，被删除过。"),
    "the count put back": (["UPDATE sqlite_sequence SET seq = 1 WHERE name = 'action'"], "历史已到第 5 号操作，登记的却只有 1 号，被改动过。"),
    "a file altered": (["UPDATE content SET data = zeroblob(size) WHERE id = (SELECT content_id FROM document WHERE id = 1)"],
        " 份存档文件的内容与校验值不符（现为 "),
    "a rule of the book": (["DROP INDEX award_live"], "账簿结构中的“award_live”与程序不符，被改动过。请从备份恢复。"),
}  # fmt: skip
LAUNDERED = "第 6 号操作掩盖了改动：“企业”第 1 行（示例甲有限公司）与历史记录不符，第 2 号操作以后被绕过程序改动过：银行账号由“空”成了“6223”。"
ORPHAN = "“认定”第 2 行引用的“企业”不存在。"
BROKEN = ("文件结构损坏：Tree 1 page 1: btreeInitPage() returns error code 11。", "账簿读不完，文件已损坏或被改动过（file is not a database）。请从备份恢复。")
ELSEWHERE = ("以前检查发现，还没有人接受：金额不符。",)  # tests/usecases/test_findings.py


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """A book with two letters, sound."""
    path = tmp_path_factory.mktemp("齐全") / "县.zjtx"
    home = Division("361123")
    with Book.create(path) as book:
        with book.action("新建账簿", "张三") as session:
            office.set_up(session, home, "玉山县财政局")
        for name, title, level in (("示例甲有限公司", "little_giant", Level.NATIONAL), ("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)):
            with book.action(f"登记{name}", "张三") as session:
                owner = organisations.register(session, OrganisationForm(name=name, shares=(Share(home, 1),), shares_evidence="税务证明（示例）"))
                recognitions.register(session, RecognitionForm(owner, title, level, Kind.NEW, name, document_date=date(2024, 9, 2), label_year=2024, document_number="示例〔2024〕1号"))
        with book.action("测算", "张三") as session:
            rounds.prepare(session, 2024, *rounds.basis_for(session, 2024))
        with book.action("下达", "李四") as session:
            letters.issue(session, 1, TODAY)
        assert check(book) == []
    return path


@pytest.fixture
def book(whole, tmp_path):
    with Book(Path(shutil.copy(whole, tmp_path / "县.zjtx"))) as opened:
        yield opened


@pytest.mark.parametrize("case", INSIDE)
def test_what_an_insider_writes_by_the_library_is_said(book, case):
    statements, said = INSIDE[case]
    with inside(book) as run:
        for statement in statements:
            run(statement)
    assert book.check() == []
    assert [line for line in check(book) if said in line], check(book)


@pytest.mark.parametrize("case", BEHIND)
def test_what_an_insider_writes_behind_the_library_is_said(book, case):
    statements, said = BEHIND[case]
    with behind(book) as run:
        for statement in statements:
            run(statement)
    assert [line for line in check(book) if said in line], check(book)


def test_what_was_laundered_is_said(book, monkeypatch):
    with behind(book) as run:
        run("UPDATE organisation SET payee_account = '6223' WHERE id = 1")
    with monkeypatch.context() as yesterday:
        yesterday.setattr("zjtx_desktop.storage.history.require_untouched", lambda connection, action_id: None)
        with book.action("更正", "张三") as session:
            session.connection().exec_driver_sql("UPDATE organisation SET payee_account = '6225' WHERE id = 1")
    assert check(book) == [LAUNDERED]


def test_a_row_that_belongs_to_nothing_is_said(book):
    book.close()
    raw = sqlite.connect(str(book.path))  # any other program: it enforces no references
    (kept,) = raw.execute("SELECT sql FROM sqlite_schema WHERE name = 'history_recognition_update'").fetchone()
    raw.execute("DROP TRIGGER history_recognition_update")
    raw.execute("UPDATE recognition SET organisation_id = 77 WHERE id = 2")
    raw.execute(kept)
    raw.commit()
    raw.close()
    with Book(book.path) as again:
        assert ORPHAN in check(again)


def test_pages_of_garbage_are_said(whole, tmp_path):
    """Every fourth page in turn: some break the structure, some cannot be read at all, none stays unsaid."""
    size, said = 4096, set()
    sound = whole.read_bytes()
    for page in range(1, len(sound) // size, 4):
        path = tmp_path / "坏.zjtx"
        path.write_bytes(sound[: page * size] + b"\xff" * size + sound[(page + 1) * size :])
        try:
            with Book(path) as book:
                found = check(book)
        except AppError:
            continue  # it does not even open, and says so
        assert found
        said |= {line[:6] for line in found}
    assert said == {"文件结构损坏", "账簿读不完，"}


def templates():
    """Every sentence, or phrase of one, that the checks make up: by module and line, as a pattern."""
    for name, inside_of in (
        ("usecases/ledger_checks.py", ""), ("usecases/agreement.py", "_told|_letters_told|_phrase|sentence"), ("usecases/checks.py", ""),
        ("usecases/paper_codes.py", "strange_codes"), ("usecases/findings.py", "strange_acceptances"), ("storage/upgrade.py", "misshapen"),
        ("storage/book.py", "_damage|_findings|in_portions"), ("storage/history.py", "_gaps|sentence|broken_off|go_on|_altered"),
    ):  # fmt: skip
        tree = ast.parse((HOME / name).read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            if inside_of and not re.fullmatch(inside_of, function.name):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.JoinedStr):
                    literal = [part.value for part in node.values if isinstance(part, ast.Constant)]
                    if len(re.findall("[一-鿿]", "".join(literal))) >= 5:
                        parts = (re.escape(part.value) if isinstance(part, ast.Constant) else ".*" for part in node.values)
                        yield pytest.param("".join(parts), id=f"{name}:{node.lineno}")


@pytest.mark.parametrize("template", list(templates()))
def test_no_sentence_of_the_check_is_without_a_case(template):
    expected = [said for _, said in (*INSIDE.values(), *BEHIND.values())] + [LAUNDERED, ORPHAN, *BROKEN, *ELSEWHERE]
    assert any(re.search(template, said) or _begins(template, said) for said in expected), template


def _begins(template: str, said: str) -> bool:
    """Whether an expectation that stops short, where figures follow, is the beginning or the end of the sentence."""
    words = max(re.split(r"\.\*", template), key=len)
    return re.sub(r"\\(.)", r"\1", words) in said
