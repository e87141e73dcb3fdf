"""What is kept of an award's money in several places must agree, or nothing is done with it; each place altered by raw SQL."""

import uuid
from datetime import date

import pytest
from old_kit import make_old
from sqlalchemy import text

from zjtx_desktop import cli
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, corrections, ledger, letters, payees, printouts, process, replay, rounds, standings, submissions
from zjtx_desktop.usecases.agreement import disagreements
from zjtx_desktop.usecases.approvals import write_approvals
from zjtx_desktop.usecases.award_statement import write_statement
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.values import Division, Money, Share

DAY, LATER = date(2024, 12, 2), date(2024, 12, 20)
FIFTY = 5_000_000  # 50,000.00 元 in fen
GUARD = "never_ledger_entry_update"  # the entries of the ledger cannot even be altered, unless by hand
LETTER = "玉财奖〔2024〕1号"

# Each place of the first award, made 50,000.00 too much by hand; what a person is told of it.
PLACES = {
    "award row": (
        f"UPDATE award SET beneficiary_fen = beneficiary_fen + {FIFTY} WHERE id = 1",
        f"受益财政：奖补记录 150,000.00 元，分担部分、测算结果、台账核定、{LETTER} 存档 100,000.00 元，相差 50,000.00 元（5000000 分）",
    ),
    "award row of the city": (
        f"UPDATE award SET municipal_fen = municipal_fen + {FIFTY} WHERE id = 1",
        f"市级财政：奖补记录 250,000.00 元，分担部分、测算结果、台账核定、{LETTER} 存档 200,000.00 元，相差 50,000.00 元",
    ),
    "part": (
        f"UPDATE award_part SET fen = fen + {FIFTY} WHERE id = 1",
        f"受益财政：奖补记录、测算结果、台账核定、{LETTER} 存档 100,000.00 元，分担部分 150,000.00 元，相差 50,000.00 元",
    ),
    "part of another treasury": (
        "UPDATE award_part SET division = '361124' WHERE id = 1",
        f"玉山县（受益财政）：分担部分、台账核定 0.00 元，测算结果、{LETTER} 存档 100,000.00 元，相差 100,000.00 元",
    ),
    "ledger entry": (
        f"UPDATE ledger_entry SET fen = fen + {FIFTY} WHERE part_id = 2 AND kind = 'granted'",
        f"市级财政：奖补记录、分担部分、测算结果、{LETTER} 存档 200,000.00 元，台账核定 250,000.00 元，相差 50,000.00 元",
    ),
    "sum in the register": (
        f"UPDATE document SET total_fen = total_fen + {FIFTY} WHERE award_id = 1",
        f"合计：分担部分、下达时 300,000.00 元，{LETTER} 登记 350,000.00 元，相差 50,000.00 元",
    ),
    "snapshot": (
        "UPDATE document SET snapshot = replace(snapshot, '20000000', '25000000') WHERE award_id = 1",
        f"市级财政：奖补记录、分担部分、测算结果、台账核定 200,000.00 元，{LETTER} 存档 250,000.00 元，相差 50,000.00 元",
    ),
    "judgement": (
        "UPDATE award SET matched = replace(matched, '10000000', '15000000') WHERE id = 1",
        f"受益财政：奖补记录、分担部分、台账核定、{LETTER} 存档 100,000.00 元，测算结果 150,000.00 元，相差 50,000.00 元",
    ),
    "voided letter": (
        "UPDATE document SET voided = 1 WHERE award_id = 1",
        f"奖补现为“已下达”，{LETTER} 的作废状态却不同",
    ),
    "lost snapshot": ("UPDATE document SET snapshot = '{}' WHERE award_id = 1", f"{LETTER} 的存档读不出来"),
}  # fmt: skip


@pytest.fixture
def issued(book, recognise):
    """Two issued awards with accounts: a little giant of 10 万 and 20 万, and a provincial one of 10 万; the round's id."""
    recognise()
    recognise("示例乙有限公司", "srdi_sme", Level.PROVINCIAL)
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
        letters.issue(session, round_id, DAY)
        session.execute(text("UPDATE organisation SET payee_bank = '示例银行', payee_account = '36001234'"))
    return round_id


def alter(book, statement):
    """Alter a row behind the program; what takes it back."""
    with book.action("绕过程序", "某人") as session:
        run = session.connection().exec_driver_sql
        guard = run(f"SELECT sql FROM sqlite_schema WHERE name = '{GUARD}'").scalar()
        before = {name: run(f"SELECT * FROM {name}").mappings().all() for name in ("award", "award_part", "document", "ledger_entry")}
        run(f"DROP TRIGGER {GUARD}")
        assert run(statement).rowcount
        run(guard)

    def set_right():
        with book.action("改正", "某人") as session:
            run = session.connection().exec_driver_sql
            run(f"DROP TRIGGER {GUARD}")
            for name, rows in before.items():
                for row in rows:
                    columns = [key for key in row if key not in ("id", "content_id")]
                    changed = ", ".join(f'"{key}" = ?' for key in columns)
                    run(f"UPDATE {name} SET {changed} WHERE id = ?", (*(row[key] for key in columns), row["id"]))
            run(guard)

    return set_right


def order(part, fen):
    return PaymentOrder(part.id, Money(fen), LATER, "饶财〔2024〕8号", uuid.uuid4().hex, "测试", same_voucher=True)  # a city paper allows less than the floor


def deeds(round_id, folder):
    """Everything that must not happen with the first award while it does not agree; each by its name."""

    def part(session, place):
        return standings.part_lines(session, round_id)[place]

    def out(name):
        return folder / f"{uuid.uuid4().hex}{name}"

    return {
        "打印": lambda session: letters.reprint(session, 1),
        "打印（窗口）": lambda session: printouts.to_look_at(session, (1,)),
        "测算依据": lambda session: printouts.write_basis_of(session, round_id, out(".pdf"), LATER),
        "导出": lambda session: submissions.send(session, line_of(session), out(".xlsx"), LATER, "张三"),
        "报送预览": lambda session: submissions.sheets(session, line_of(session), LATER, "张三"),
        "审批表": lambda session: write_approvals(session, round_id, out(".pdf"), LATER),
        "情况表": lambda session: write_statement(session, 1, out(".pdf"), LATER),
        "收款人清单": lambda session: payees.write_payee_list(session, (1, 2), "清单", out(".xlsx"), LATER),
        "登记拨付": lambda session: ledger.pay(session, order(part(session, 0), 1)),
        "核减": lambda session: ledger.write_off(session, order(part(session, 0), 1)),
        "登记市级资金": lambda session: ledger.follow(session, order(part(session, 1), 1), EntryKind.REQUESTED),
    }


def line_of(session):
    return rounds.find_round(session, 2024)


def tried(book, deed):
    """What a deed is refused with; empty when it is done. It is taken back either way."""
    try:
        with book.action("试", "张三") as session:
            deed(session)
            raise _DoneError
    except _DoneError:
        return ""
    except Refused as refusal:
        return str(refusal)


class _DoneError(Exception):
    pass


def accept(book, found):
    """Put on record that what a check found is accepted."""
    with book.action("认可检查发现的问题", "张三") as session:
        session.add(tables.Consent(id=1, deed="认可", about="{}", reason="已查明"))
        session.flush()
        session.add_all(tables.Finding(sentence=sentence, consent_id=1) for sentence in found)


@pytest.mark.parametrize("place", PLACES)
def test_whichever_place_says_otherwise_every_deed_is_blocked_with_the_difference_until_it_is_set_right(book, issued, tmp_path, place):
    statement, told = PLACES[place]
    set_right = alter(book, statement)
    with book.reading() as session:
        (found,) = disagreements(session)
    assert (found.award_number, found.organisation) == ("361123-2024-00001", "示例甲有限公司")
    assert told in found.sentence
    for name, deed in deeds(issued, tmp_path).items():
        if (place, name) == ("part of another treasury", "收款人清单"):
            continue  # the part is no longer the first of the list
        assert told in tried(book, deed), name
    assert list(tmp_path.glob("*.pdf")) + list(tmp_path.glob("*.xlsx")) == []
    set_right()
    with book.reading() as session:
        assert disagreements(session) == ()
    accept(book, check(book))  # what was altered and put back stays on record
    for name, deed in deeds(issued, tmp_path).items():
        assert tried(book, deed) == "", name


@pytest.mark.parametrize("place", PLACES)
def test_the_check_and_its_command_say_so_as_well(book, issued, place, capsys):
    statement, told = PLACES[place]
    alter(book, statement)
    assert any(told in problem for problem in check(book))
    book.close()
    assert cli.run(["check", str(book.path), "--by", "张三"]) == 1
    assert told in capsys.readouterr().out


def test_other_awards_are_paid_and_printed_meanwhile(book, issued):
    alter(book, PLACES["award row"][0])

    def other(session):
        return next(part for part in standings.part_lines(session, issued) if part.award_id == 2)

    assert tried(book, lambda session: ledger.pay(session, order(other(session), 1))) == ""
    assert tried(book, lambda session: letters.reprint(session, 2)) == ""


@pytest.mark.parametrize("place", ["award row", "award row of the city", "part", "judgement"])
def test_a_draft_that_differs_is_neither_issued_nor_drafted_nor_reported(book, recognise, tmp_path, place):
    """The award of the issue: its row differs from its parts by 50,000.00."""
    recognise()
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
    set_right = alter(book, PLACES[place][0])
    refused = (
        lambda session: letters.issue(session, round_id, DAY),
        lambda session: letters.drafts(session, round_id),
        lambda session: submissions.send(session, line_of(session), tmp_path / "报.xlsx", LATER, "张三"),
        lambda session: write_approvals(session, round_id, tmp_path / "审.pdf", LATER),
        lambda session: printouts.write_basis_of(session, round_id, tmp_path / "据.pdf", LATER),
    )
    for deed in refused:
        assert "相差 50,000.00 元（5000000 分）" in tried(book, deed)
    with book.reading() as session:
        assert letters.register(session, round_id) == ()
    set_right()
    for deed in refused:
        assert tried(book, deed) == ""


def test_a_letter_that_would_say_something_else_than_the_award_is_not_issued(book, recognise, monkeypatch):
    """What was written is looked at once more before it counts."""
    recognise()
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
    monkeypatch.setattr(letters, "grant", lambda *_given: None)
    assert "台账核定 0.00 元" in tried(book, lambda session: letters.issue(session, round_id, DAY))


# -- what looks unlike the usual and agrees


def pay(book, round_id, fen):
    with book.action("拨付", "张三") as session:
        ledger.pay(session, order(standings.part_lines(session, round_id)[0], fen))


def revoked(book, round_id):
    pay(book, round_id, 1_000_000)
    with book.action("撤销", "张三") as session:
        ledger.revoke(session, "361123-2024-00001", Words(LATER, "撤销认定", "赣工信〔2025〕9号"), "k")


def written_off(book, round_id):
    pay(book, round_id, 1_000_000)
    with book.action("核减", "张三") as session:
        ledger.write_off(session, order(standings.part_lines(session, round_id)[0], 2_000_000))


def voided(book, round_id):
    with book.action("作废", "张三") as session:
        awards.void(session, "361123-2024-00001", "有误", LATER)


def redone(book, round_id):
    with book.action("更正重办", "张三") as session:
        corrections.redo(session, "361123-2024-00001", "有误", LATER)
        letters.issue(session, round_id, LATER)


@pytest.mark.parametrize("happened", [revoked, written_off, voided, redone])
def test_what_was_revoked_written_off_voided_or_replaced_still_agrees(book, issued, tmp_path, happened):
    happened(book, issued)
    with book.reading() as session:
        assert disagreements(session) == ()
    for name in ("打印", "测算依据", "导出", "审批表", "情况表"):
        assert tried(book, deeds(issued, tmp_path)[name]) == "", name
    assert check(book) == []


@pytest.mark.parametrize("then", ["nothing", "paid", "voided"])
def test_a_letter_from_before_the_ledger_agrees_without_entries(book, recognise, monkeypatch, tmp_path, then):
    recognise()
    with monkeypatch.context() as before, book.action("从前下达", "张三") as session:
        before.setattr(letters, "grant", lambda *_given: None)
        before.setattr(process, "_record", lambda *_given: None)
        before.setattr(replay, "require_awards", lambda *_given: None)
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
        letters.issue(session, round_id, DAY)
    make_old(book)
    {"paid": lambda: pay(book, round_id, 1), "voided": lambda: voided(book, round_id)}.get(then, lambda: None)()
    with book.reading() as session:
        assert disagreements(session) == ()
    assert tried(book, deeds(round_id, tmp_path)["导出"]) == ""
    alter(book, PLACES["part"][0])
    assert "分担部分 150,000.00 元" in tried(book, deeds(round_id, tmp_path)["导出"])


def test_shares_by_hand_and_by_cap_agree(book, recognise):
    shares = (Share(Division("361123"), 6), Share(Division("361191"), 4))
    recognise(division=None)
    with book.action("分担", "张三") as session:
        for share in shares:
            session.execute(
                text("INSERT INTO beneficiary (organisation_id, division, weight, evidence, confirmed) VALUES (1, :d, :w, '税务证明', 1)"),
                {"d": share.division.code, "w": share.weight},
            )
    with book.action("测算", "张三") as session:
        round_id = rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id
        letters.issue(session, round_id, DAY)
        assert disagreements(session) == ()
