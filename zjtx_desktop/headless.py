"""What each headless command does: opens the book, calls the use cases, and says what came of it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from sqlmodel import Session

from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.states import MOVES, Event
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.city_report import WrittenWorkbook
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import (
    awards,
    books,
    budgets,
    findings,
    ledger,
    letters,
    notices,
    payee_changes,
    printouts,
    process,
    rollback,
    rounds,
    standings,
    submissions,
)
from zjtx_desktop.usecases.checks import check_and_record
from zjtx_desktop.usecases.consents import who_may_agree
from zjtx_desktop.usecases.duties import Actor, Second, is_staffed, perform
from zjtx_desktop.usecases.entering import enter, who_opens
from zjtx_desktop.usecases.imports import Plan
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.list_file import (
    LABELS,
    Answers,
    ListDefaults,
    ListRow,
    ParsedList,
    given_for,
    read_list,
    read_sheets,
    save_bad_rows,
)
from zjtx_desktop.usecases.outcomes import UNCHANGED, Outcome, Status, is_unchanged
from zjtx_desktop.usecases.paper_check import verify
from zjtx_desktop.usecases.people import password_age, people
from zjtx_desktop.usecases.root import key_hints
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.usecases.process import Outcome as StepOutcome
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.seen_books import SeenBooks
from zjtx_desktop.values import MOST_NAME, ZERO, Division, Money, fold_name, free_text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: lines for a person, one object for a program, remarks for stderr.

    An answer about each row of a long list makes its lines, and the `rows` of its object, as they are printed, once.
    """

    lines: Iterable[str]
    data: dict[str, Any]
    warnings: tuple[str, ...] = ()
    failed: bool = False
    rows: Iterable[dict[str, Any]] | None = None


Ask = Callable[[str], str]
TAKEN = (Status.NEW, Status.CHANGED, Status.SAME)
PLAIN = "账簿没有加密，只作示例和试用。正式使用的，请在 new 后面加 --encrypt，或用 encrypt 命令加密。"


def cannot_ask(name: str) -> str:
    """Nobody is there to type a password."""
    raise Refused(f"要由{name}本人在终端输入密码才能办理。请在终端窗口运行这个命令。")


@contextmanager
def signed_in(path: Path, by: str, ask: Ask) -> Iterator[tuple[Book, Actor]]:
    """The book, open, and who acts on it: where the book is encrypted or has persons, somebody who has signed in."""
    with opened(path, by, ask) as (book, me):
        with book.reading() as session:
            staffed = is_staffed(session)
        me = me or (sign_in(book, by, ask(by), datetime.now(UTC)) if staffed else Actor(by))
        with book.reading() as session:
            if password_age(session, me.name, date.today()).must_change:
                raise Refused(f"{me.name}的密码是初始密码或已到期。请打开窗口登录，修改密码后再运行命令。")
        yield book, me


@contextmanager
def opened(path: Path, by: str, ask: Ask) -> Iterator[tuple[Book, Actor | None]]:
    """The book, open, and who opened it, if it took a password. `ask(name)` gets that."""
    names, me = who_opens(path), None
    if names is None:
        book = Book(path)
    else:
        name = names[0] if len(names) == 1 else by  # its one user, whatever the name on this computer
        book, me = enter(path, name, ask(name), datetime.now(UTC))
    memory = SeenBooks()
    with book:
        rollback.meet(book, memory)
        if why := book.read_only or book.behind:
            print(f"{why}现在只能查看。" if not book.read_only else why, file=sys.stderr)
        yield book, me
        rollback.note(book, memory)


@dataclass(frozen=True, slots=True)
class With:
    """Who agrees besides the one at the terminal: a name, whose password is asked for, or why there is nobody to ask."""

    name: str = ""
    reason: str = ""

    def second(self, book: Book, ask: Ask) -> Second:
        """That person, signed in; nobody where none is named."""
        if not self.name:
            return Second(None, self.reason)
        return Second(agreeing(book, self.name, ask))


def agreeing(book: Book, name: str, ask: Ask) -> Actor | None:
    """The second person, signed in by the password asked for; None where none is named."""
    return sign_in(book, name, ask(name), datetime.now(UTC)) if name else None


def people_of(path: Path, by: str = "", ask: Ask = cannot_ask) -> Answer:
    """Who works on a book, with which duties."""
    with opened(path, by, ask) as (book, _), book.reading() as session:
        found = people(session)
    said = [f"{one.name} {one.duties} {'在岗' if one.active else '已停用'}" for one in found]
    data = [{"name": one.name, "roles": list(one.roles), "active": one.active} for one in found]
    return Answer(tuple(said) or ("账簿没有登记人员，由一名操作人使用。",), {"people": data})


def new_book(path: Path, division: str, name: str, by: str) -> Answer:
    """Make an empty book for an office, not encrypted."""
    where = Division.parse(division)
    us = books.make_plain(path, where, name, by)
    said = f"已新建账簿：{path}（{us.division.name}，{us.name}，文号“{us.prefix}〔年〕序号”）"
    return Answer((said,), {"book": str(path), "division": us.division.code, "office": us.name}, (PLAIN,))


def import_list(
    path: Path,
    source: Path,
    defaults: ListDefaults,
    today: date,
    by: str,
    dry_run: bool = False,
    bad_rows: Path | None = None,
    ask: Ask = cannot_ask,
    answers: Answers = Answers(),
    sheets: Sequence[str] | None = None,
    renamed: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> Answer:
    """Read a list, compare it with the book, and take over every good row in one action.

    `renamed` and `kept` are names or codes on the list: of organisations that the book has under another name, which take
    the new one, or keep theirs. `sheets` are read as one list, every sheet with a list where none is named; the first one with content without it.
    """
    with signed_in(path, by, ask) as (book, me):
        file = read_list(source) if sheets is None else read_sheets(source, sheets)
        parsed, sha256 = file.parse(defaults, today, answers=answers), file.sha256
        del file  # its table: a long one takes as much as the plan
        decided = {"renamed": _keys_of(parsed, renamed), "kept": _keys_of(parsed, kept)}
        if decided["renamed"] & decided["kept"]:
            raise Refused("同一家单位不能既写在 --renamed 又写在 --keep-name。请只留一处。")

        def take_over(session: Session) -> tuple[Plan, int, str]:
            plan = Plan(session, parsed, **decided)
            return plan, plan.take_over(session, source.name, sha256), payee_changes.told(session)

        if dry_run:
            with book.reading() as session:
                plan, written, sent_back = Plan(session, parsed, **decided), 0, ""
        else:
            plan, written, sent_back = perform(book, f"导入名单“{source.name}”", me, take_over)
    bad = save_bad_rows(bad_rows, parsed.header, plan.outcomes, given=given_for(parsed, defaults)) if bad_rows else 0
    counted = "，".join(f"{status.label} {plan.count(status)}" for status in Status)
    notes = [*parsed.notes, *_asked(parsed), *_naming_asked(plan), *filter(None, [sent_back])]
    unchanged = UNCHANGED if is_unchanged(plan.outcomes) else ""
    said = (f"{unchanged}共 {len(plan.outcomes)} 行：{counted}；写入 {written} 行。", *notes)
    of_rows = (_row_text(outcome) for outcome in plan.outcomes if outcome.messages)
    saved = (f"没有导入的 {bad} 行已存到：{bad_rows}",) if bad else ()
    rows = map(_row_data, plan.outcomes, parsed.rows)
    return Answer(chain(said, of_rows, saved), {"written": written, "notes": notes, "unchanged": bool(unchanged)}, rows=rows)


def _asked(parsed: ParsedList) -> list[str]:
    """What could be decided of the whole file, and by which option."""
    said = []
    if parsed.proposals:
        told = "；".join(f"{one.source}写有{LABELS[one.field]}“{one.shown}”" for one in parsed.proposals)
        said.append(f"{told}。没有据此填写；要据此填写的，请加 --from-heading。")
    if parsed.questions:
        said.append("标题与命令所写的不一致，有关的行没有导入。以命令为准的，请加 --as-given；以标题为准的，请去掉有关的选项，改加 --from-heading。")
    if parsed.fixes:
        said.append(f"有 {parsed.fixes} 处可以采纳建议。核对无误的，请加 --accept-fixes。")
    return said


def _keys_of(parsed: ParsedList, texts: Sequence[str]) -> frozenset[int]:
    """The rows that these names or codes mean; Refused for one that the list does not have."""
    found: set[int] = set()
    for text in texts:
        wanted = {fold_name(text), text.strip().upper()}
        keys = {row.key for row in parsed.rows if wanted & {fold_name(row.name), row.credit_code and row.credit_code.text}}
        if not keys:
            raise Refused(f"名单里没有“{text}”，没有导入任何内容。请按名单上的名称或代码写。")
        found |= keys
    return frozenset(found)


def _naming_asked(plan: Plan) -> list[str]:
    """How to answer for rows whose organisation the book has under another name."""
    asked = sum(outcome.asked for outcome in plan.outcomes)
    if not asked:
        return []
    return [
        f"有 {asked} 行的单位在账簿或名单的前面各行中是另一个名称，没有导入。更名的，请加 --renamed 名称；同一单位、账簿名称不改的，"
        "请加 --keep-name 名称；错码的，请改正名单。"
    ]


def void_award(path: Path, number: str, reason: str, by: str, ask: Ask = cannot_ask) -> Answer:
    """Void an issued award; its letter stays in the register as 作废."""
    with signed_in(path, by, ask) as (book, me):
        perform(book, f"作废奖补 {number}", me, lambda session: awards.void(session, number, reason))
    return Answer((f"奖补 {number} 已作废，文号保留在登记簿中。",), {"award": number, "voided": True})


def payer_named(text: str) -> Payer | None:
    """Whose budget a command means, beneficiary or municipal or the word on the screen; None when it says nothing."""
    known = {name: payer for payer in Payer for name in (payer.value, payer.label)}
    if text and text not in known:
        raise Refused(f"出资“{text}”看不懂，请写受益财政（beneficiary）或市级财政（municipal）。")
    return known.get(text)


def payer_of(treasury: Division, text: str) -> Payer:
    """As which payer a treasury is meant: the city's own as 市级财政, unless the command says otherwise."""
    return payer_named(text) or (Payer.MUNICIPAL if treasury.is_city else Payer.BENEFICIARY)


_ENTERED_BEFORE = "同样的一笔以前登记过，没有再登记。退回以后确实要再付一次的，请加 --again。"


def pay_award(
    path: Path,
    number: str,
    treasury: str,
    amount: str,
    on: date,
    voucher: str,
    by: str,
    ask: Ask = cannot_ask,
    payer: str = "",
    again: bool = False,
    same_voucher: bool = False,
) -> Answer:
    """Enter a payment of an award; the same command a second time is the same payment.

    `payer` tells the two parts apart that one treasury may pay of an award, in the words of `payer_named`. `again` pays
    once more what the bank sent back, once for every return; `same_voucher` as in a PaymentOrder.
    """
    wanted, paid, payer_wanted = treasury and Division.parse(treasury), Money.parse(amount), payer_named(payer)
    voucher = free_text(voucher, "凭证号", MOST_NAME)
    with signed_in(path, by, ask) as (book, me):
        with book.reading() as session:
            part = standings.find_part(session, number, wanted or None, payer_wanted)
        key = "/".join(("command", number, part.treasury.code, part.payer.value, str(paid.fen), str(on), voucher))
        with book.reading() as session:
            known, returns = ledger.is_entered(session, key), ledger.returns_of(session, part.id)
        if again and known:
            if not returns:
                raise Refused("同样的一笔已经登记过，其后没有登记退回，没有再登记。请核对；退回的先登记退回。")
            key = f"{key}/again/{returns}"
        order = PaymentOrder(part.id, paid, on, voucher, key, same_voucher=same_voucher or again)
        now = perform(book, f"拨付奖补 {number}", me, lambda session: ledger.pay(session, order))
    remarks = (_ENTERED_BEFORE,) if known and not again else ()
    left, said = now.standing.payable, f"奖补 {number} {now.treasury.name}（{now.payer.label}）已拨付 {now.standing.held} 元"
    data = {"award": number, "treasury": now.treasury.code, "payer": now.payer.value}
    data |= {"paid_fen": now.standing.held.fen, "left_fen": left.fen}
    return Answer((f"{said}，还有 {left} 元没有拨付。",), data | {"state": now.award_state.value}, remarks)


def record_budget(
    path: Path,
    year: int,
    treasury: str,
    amount: str,
    basis: str,
    by: str,
    ask: Ask = cannot_ask,
    payer: str = "",
    name: str = rounds.FIRST_NAME,
    other: With = With(),
) -> Answer:
    """Record what a treasury has set aside for a year; the city's own is 市级财政 unless `payer` says otherwise.

    More than before takes two persons.
    """
    where, fen = Division.parse(treasury), Money.parse(amount)
    pays_as = payer_of(where, payer)
    with signed_in(path, by, ask) as (book, me):

        def deed(session: Session) -> budgets.BudgetLine:
            return budgets.set_budget(session, rounds.find_round(session, year, name).id, pays_as, where, fen, basis)

        line = perform(book, f"登记 {year} 年度{where.name}预算", me, deed, other.second(book, ask))
    left = line.left or ZERO
    said = f"{year} 年度{where.name}（{pays_as.label}）预算 {line.budget} 元，已审定和下达 {line.spoken_for} 元，可用 {left} 元。"
    return Answer((said,), {"year": year, "treasury": where.code, "budget_fen": fen.fen, "left_fen": left.fen})


def advance_awards(
    path: Path, year: int, event: str, numbers: Sequence[str], words: Words, by: str, ask: Ask = cannot_ask, name: str = rounds.FIRST_NAME,
    late_reason: str = "",
) -> Answer:
    """Take one step with these awards of a year, or with all that wait for it; what was refused is a remark.

    `event` is the word of the table; for 公示 `words.on` is its first day and `words.document` the channel, and
    `late_reason` says why it is entered after that day.
    """
    taken = _event(event)
    with signed_in(path, by, ask) as (book, me):
        with book.reading() as session:
            line = rounds.find_round(session, year, name)
            starts = {move.start for move in MOVES if move.event is taken}
            waiting = [one.number for one in awards.award_lines(session, line.id) if one.counts and one.state in starts]
        if not numbers and taken not in _ONWARD:
            raise Refused(f"“{taken.label}”要写明是哪一笔。请用 --award 写明奖补编号。")
        wanted = list(numbers) or waiting

        def deed(session: Session) -> tuple[StepOutcome, ...]:
            if taken is Event.PUBLISH:
                return notices.publish(session, line.id, wanted, words.on, words.document, late_reason=late_reason)
            return process.advance(session, wanted, taken, words)

        outcomes = perform(book, f"{taken.label} {len(wanted)} 笔奖补", me, deed) if wanted else ()
    refused = tuple(f"{one.award_number} {one.organisation}：{one.why}" for one in outcomes if one.why)
    done = [one.award_number for one in outcomes if one.is_done]
    if not done:
        raise Refused("\n".join(refused) or f"{year} 年度没有等着“{taken.label}”的奖补。")
    data = {"event": taken.value, "done": done, "refused": {one.award_number: one.why for one in outcomes if one.why}}
    return Answer((f"{taken.label} {len(done)} 笔，没有办的 {len(refused)} 笔。",), data, refused)


_ONWARD = frozenset((Event.EXAMINE, Event.REVIEW, Event.PUBLISH, Event.CLEAR, Event.APPROVE, Event.ARCHIVE))


def _event(word: str) -> Event:
    known = {one.label: one for one in Event if one in process.ALONE | {Event.PUBLISH}}
    if word not in known:
        raise Refused(f"没有“{word}”这一步，可以办的有：{'、'.join(known)}。")
    return known[word]


def write_letters_to(
    path: Path, year: int, out: Path, issue: bool, today: date, by: str, ask: Ask = cannot_ask, name: str = rounds.FIRST_NAME
) -> Answer:
    """Write the letters of a year: one PDF, or one file each into a folder. Issued ones are the stored bytes."""
    single = out.suffix.lower() == ".pdf"
    if single and out.exists():
        raise Refused(f"“{out}”已经存在，没有覆盖它。请换一个文件名。")

    def put_out(session: Session) -> tuple[list[int], int, list[Path]]:
        living = [known.id for known in letters.register(session, line.id) if not known.voided]
        drafts = letters.drafts(session, line.id)
        if not living and not drafts:
            raise Refused(f"{year} 年度没有可以出文的奖补：都是待定或不予奖励。请先处理待定事项。")
        prints = printouts.of_letters(session, living, drafts)
        return living, len(drafts), [printouts.write_one(out, prints)] if single else printouts.write_each(out, prints)

    with signed_in(path, by, ask) as (book, me):
        with book.reading() as session:
            line = rounds.find_round(session, year, name)
            waiting = letters.ready(session, line.id)
        issued = 0
        if issue and waiting:
            title = f"下达 {year} 年度奖补拨付通知"
            issued = len(perform(book, title, me, lambda session: letters.issue(session, line.id, today)))
        living, drafts, written = perform(book, f"打印 {year} 年度奖补拨付通知", me, put_out)
        with book.reading() as session:
            listed = letters.register(session, line.id)
    said = [f"{known.number} {known.addressee} {known.total} 元" for known in listed if not known.voided]
    said.append(f"本次下达 {issued} 份，已下达共 {len(living)} 份，草稿 {drafts} 份，写入：{out}")
    data = {
        "issued": issued,
        "drafts": drafts,
        "letters": [{"number": k.number, "award": k.award_number, "organisation": k.addressee, "fen": k.total.fen} for k in listed],
        "files": [str(one) for one in written],
    }
    return Answer(tuple(said), data)


def write_basis_file(
    path: Path, year: int, out: Path, today: date, by: str = "", ask: Ask = cannot_ask, name: str = rounds.FIRST_NAME
) -> Answer:
    """Write the 测算依据 of a year: every judgement with its inputs, clauses and sums."""
    with signed_in(path, by, ask) as (book, _):
        with book.reading() as session:
            count = printouts.write_basis_of(session, rounds.find_round(session, year, name).id, out, today)
    return Answer((f"已写入测算依据 {count} 笔：{out}",), {"file": str(out), "awards": count})


def export_workbook(
    path: Path, year: int, out: Path, today: date, by: str, overwrite: bool = False, ask: Ask = cannot_ask, name: str = rounds.FIRST_NAME
) -> Answer:
    """Write the workbook for the city, read it back, and log what went out."""
    with signed_in(path, by, ask) as (book, me):

        def send(session: Session) -> WrittenWorkbook:
            return submissions.send(session, rounds.find_round(session, year, name), out, today, me.name, overwrite)

        if unlogged := bool(book.read_only):
            with book.reading() as session:
                line = rounds.find_round(session, year, name)
                written = submissions.write_unlogged(session, line, out, today, me.name, overwrite)
        else:
            written = perform(book, f"导出 {year} 年度报送表", me, send)
    said = (
        f"已写入并核对：{written.path}",
        f"奖励 {written.awards} 笔，受益财政 {written.beneficiary} 元，市级财政 {written.municipal} 元，合计 {written.total} 元；尚需市级下达 {written.to_come} 元。",
    )
    data = {
        "file": str(written.path),
        "sha256": written.sha256,
        "awards": written.awards,
        "beneficiary_fen": written.beneficiary.fen,
        "municipal_fen": written.municipal.fen,
        "total_fen": written.total.fen,
        "to_come_fen": written.to_come.fen,
        "logged": not unlogged,
    }
    remarks = ("账簿不能写入，这份报送表没有登记，只供核对，不要报送。",) if unlogged else ()
    return Answer(said, data, remarks)


def check_book(path: Path, by: str = "", ask: Ask = cannot_ask) -> Answer:
    """Check file, history, money and documents of a book; what is found goes on record in it."""
    with opened(path, by, ask) as (book, me):
        found = check_and_record(book, me or Actor(by))
        why = book.why_found()
        with book.reading() as session:
            hints = key_hints(session, book.secret is not None)
    said = (*found.problems, *found.accepted) or ("账簿完好：文件结构、历史校验链、签名、金额和文书都一致。",)
    remarks = (why or "账簿有问题，请不要继续使用，从备份恢复或联系维护人员。",) if found.problems else ()
    data = {
        "sound": not found.problems,
        "problems": list(found.problems),
        "accepted": list(found.accepted),
        "hints": list(hints),
    }
    return Answer(said, data, (*remarks, *hints), failed=bool(found.problems))


def accept_findings(path: Path, reason: str, other: str, by: str, ask: Ask = cannot_ask) -> Answer:
    """Accept what checks found, so that the book may be written again; `other` is the second person of a book with persons."""
    with signed_in(path, by, ask) as (book, me):
        with book.reading() as session:
            found = findings.unaccepted(session)
            names = who_may_agree(session, me.name)
        if found and names and not other:
            raise Refused(f"接受检查发现的问题要两个人办。请用 --with 写明另一位系统管理员或审批人员（{'、'.join(names)}）。")
        second = Second(agreeing(book, other, ask), reason)
        done = perform(book, findings.DEED, me, lambda session: findings.accept(session, found), second)
    data = {"accepted": list(done.sentences), "by": done.first, "with": done.second or None, "reason": done.reason}
    return Answer((f"{done.by} {len(done.sentences)} 处问题，账簿可以继续使用：", *done.sentences), data)


def verify_paper(path: Path, code: str, number: str, by: str = "", ask: Ask = cannot_ask) -> Answer:
    """Compare the code printed on a paper with the book."""
    with opened(path, by, ask) as (book, _):
        found = verify(book, code, number)
    data = {
        "verdict": found.verdict.value,
        "sentence": found.sentence,
        "advice": found.advice,
        "missing": found.missing,
        "papers": [
            asdict(line) | {"amount": line.amount.fen, "issued_on": line.issued_on.isoformat()} for line in found.lines
        ],
    }
    said = [f"{one.number} {one.payee} {one.amount} 元 {one.state}（{one.issued_on} {one.issued_by}）" for one in found.lines]
    return Answer((found.sentence, *said, found.advice), data, failed=not found.verdict.is_good)


def _row_text(outcome: Outcome) -> str:
    return f"{outcome.place} {outcome.status.label} {outcome.name}：{''.join(outcome.messages)}"


def _row_data(outcome: Outcome, row: ListRow) -> dict[str, Any]:
    data = {"row": outcome.row, "status": outcome.status.value, "name": outcome.name, "messages": list(outcome.messages)}
    data |= {"sheet": outcome.sheet} if outcome.sheet else {}
    data |= {"known_as": outcome.known_as} if outcome.known_as else {}
    data |= {"not_ours": bool(row.outside), "publicity_only": row.publicity_only, "operator": row.operator}
    return data | {"taken": _taken(row) if outcome.status in TAKEN else {}}


def _taken(row: ListRow) -> dict[str, Any]:
    """What is taken from a row, as the book keeps it; the title as it is printed, the division by its code."""
    values = {
        "credit_code": row.code,
        "division": row.division and row.division.code,
        "title": row.title and row.level and Titles.load().name(row.title, row.level),
    }
    for key in ("level", "kind", "batch", "label_year", "document_number", "document_date", "valid_from", "valid_to"):
        value = getattr(row, key)
        values[key] = value.isoformat() if isinstance(value, date) else value
    return values | {"title_type": row.title_type, "publicity_only": row.publicity_only, "operator": row.operator}
