"""核对文书: what the code on a paper (账簿校验码) says about this book, and what the book has of that paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from zjtx_desktop.documents.letter import AwardLetter
from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.errors import AppError, NotFound, Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.judging import canonical
from zjtx_desktop.usecases.paper_codes import fits, issuing, register_differs, snapshot_of, workbook_facts
from zjtx_desktop.values import DocumentNumber, HeadCode, Money, format_date

LETTER, WORKBOOK = "拨付通知", "报送表"
_ASK_BACKUPS = (
    "请暂停登记，保留这份文书，用文书出具前后的备份逐个核对同一校验码：相符的那一份才是原来的账簿。"
    "都不相符的，请报告单位负责人和审计人员。"
)


class Verdict(StrEnum):
    """What a paper's code says about the book."""

    MATCHES = "matches"  # the history up to the paper, and what is kept of the paper, are what they were then
    LISTED = "listed"  # asked by number only: this is the code its paper must have
    NO_CODE = "no_code"  # issued before papers had codes
    ALTERED = "altered"  # another history than the paper's
    OTHER_PAPER = "other_paper"  # a code of this book, but not of this number
    UNSOUND = "unsound"  # the code is right, the book is not
    MISSING = "missing"  # the book ends before the paper

    @property
    def is_good(self) -> bool:
        """Whether nothing speaks against the paper so far."""
        return self in (Verdict.MATCHES, Verdict.LISTED, Verdict.NO_CODE)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What the book has of a paper, to be compared with it; `code` is empty where none was printed."""

    kind: str
    number: str
    addressee: str
    payee: str
    award_number: str
    amount: Money
    issued_on: date
    issued_by: str
    state: str
    code: str


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """The answer: one sentence, what to do, and the papers that carry the code.

    `missing` is how many actions the book lacks at least.
    """

    verdict: Verdict
    sentence: str
    advice: str
    lines: tuple[PaperLine, ...] = ()
    missing: int = 0


class _Paper(NamedTuple):
    row: tables.Document
    line: PaperLine


def verify(book: Book, text: str, number: str = "") -> PaperCheck:
    """Compare a paper with the book by its code, by its 文号, or both; BadValue names a slip in either.

    The book itself is checked as well before a paper is said to match it.
    """
    code = HeadCode.parse(text) if text.strip() else None
    wanted = str(DocumentNumber.parse(number)) if number.strip() else ""
    if code is None and not wanted:
        raise Refused("没有输入校验码或文号。请输入文书下方的账簿校验码，或用扫描枪扫二维码。")
    with book.reading() as session:
        found = _by_code(session, code, wanted) if code else _by_number(session, wanted)
    if found.verdict not in (Verdict.MATCHES, Verdict.LISTED):
        return found
    problems = check(book)
    if not problems:
        return found
    sentence = f"校验码属于这本账簿，但检查账簿发现 {len(problems)} 处问题：{problems[0]}"
    return PaperCheck(Verdict.UNSOUND, sentence, _ASK_BACKUPS, found.lines)


def _by_code(session: Session, code: HeadCode, wanted: str) -> PaperCheck:
    last, _ = history.last_sealed(session.connection())
    if code.number > last:
        return _not_yet(session, code, last)
    action = session.get_one(tables.Action, code.number)
    sha256 = action.hash or history.GENESIS
    papers = _papers(session, col(tables.Document.snapshot).contains(str(code)))
    lines = tuple(paper.line for paper in papers)
    if problems := [one for paper in papers for one in _problems(session, paper, code, sha256)]:
        return _altered(code, action, lines, problems)
    if code.is_of(sha256):
        lines += tuple(_workbooks(session, sha256, None))
    elif not lines:
        lines = tuple(_workbooks(session, sha256, code))
        if not lines:
            return _altered(code, action, ())
    if wanted and not any(line.number == wanted for line in lines):
        return _other_paper(session, code, wanted)
    lines = tuple(line for line in lines if line.number == wanted) if wanted else lines
    return PaperCheck(Verdict.MATCHES, _matches(action, lines), _compare(lines), lines)


def _by_number(session: Session, wanted: str) -> PaperCheck:
    papers = _papers(session, col(tables.Document.number) == wanted)
    if not papers:
        raise NotFound(f"登记簿里没有 {wanted}。请核对文号；确有这份文书的，它不是这本账簿出具的。")
    (paper,) = papers
    line, lines = paper.line, (paper.line,)
    if not line.code:
        sentence = f"{_told(line)}它出具时程序还不印校验码，只能逐项比对。"
        return PaperCheck(Verdict.NO_CODE, sentence, _compare(lines), lines)
    code = HeadCode.parse(line.code)
    action = session.get(tables.Action, code.number)
    if problems := _problems(session, paper, code, (action and action.hash) or history.GENESIS):
        return _altered(code, action, lines, problems)
    sentence = f"{_told(line)}纸上的账簿校验码应为 {line.code}。"
    return PaperCheck(Verdict.LISTED, sentence, "请与纸上的校验码逐组比对，或把纸上的校验码输入再核对一次。", lines)


def _problems(session: Session, paper: _Paper, code: HeadCode, sha256: str) -> list[str]:
    """What of a letter does not agree, a sentence each: the code, the register, and the PDF, against what was kept."""
    row, kept = paper.row, session.get_one(tables.Content, paper.row.content_id)
    found = []
    if not fits(code, row, sha256):
        if snapshot_of(row).get("bound"):
            found.append("校验码与存档的文号、金额、收款单位、账号或日期不符，或者它以前的历史被改动过。")
        else:
            found.append("校验码与它以前的历史不符，账簿的历史在出具以后被改动过。")
    if told := register_differs(row, paper.line.award_number):
        found.append(f"登记簿与存档不同：{told}。")
    try:
        from zjtx_desktop.documents.readback import differing_fact

        told = differing_fact(kept.data, AwardLetter.from_json(snapshot_of(row)))
    except AppError as error:  # no letter can be made of what is kept
        told = str(error).rstrip("。")
    if told:
        found.append(f"存档的 PDF 与存档的内容不同：{told}。")
    return [f"{row.number} {one}" for one in found]


def _matches(action: tables.Action, lines: tuple[PaperLine, ...]) -> str:
    if len(lines) == 1:
        return f"相符。{_told(lines[0])}"
    until = f"这张纸印出时账簿到第 {action.id} 号操作“{action.title}”（{_local(action.at)}，{action.by_name}）为止"
    if not lines:
        return f"相符。{until}，那以前的记录至今没有改动过；登记簿里没有文书用这个校验码，它应是打印的表格或测算依据。"
    return f"相符。{until}，同一批共 {len(lines)} 份，那以前的记录至今没有改动过。"


def _compare(lines: tuple[PaperLine, ...]) -> str:
    """The code tells that the book has not changed; the paper itself is compared with it by eye."""
    if not lines:
        return "请把纸上的数字与账簿现在的逐项比对。"
    here = "文号、收款单位和金额" if len(lines) == 1 else "下面的文号、收款单位和金额"
    return f"请把{here}与纸上的逐项比对；有一处不同的，不是纸被改过就是账簿被改过，请保留原件并报告单位负责人。"


def _told(line: PaperLine) -> str:
    by = f"由{line.issued_by}" if line.issued_by else ""
    payee = f"，收款单位 {line.payee}" if line.payee else ""
    return f"{line.number}，{format_date(line.issued_on)}{by}出具{payee}，金额 {line.amount} 元，现为“{line.state}”。"


def _altered(
    code: HeadCode, action: tables.Action | None, own: tuple[PaperLine, ...], problems: Sequence[str] = ()
) -> PaperCheck:
    if problems:
        return PaperCheck(Verdict.ALTERED, f"与账簿不符：{''.join(problems)}", _ASK_BACKUPS, own)
    here = f"“{action.title}”（{_local(action.at)}，{action.by_name}）" if action else ""
    sentence = (
        f"与账簿不符：纸上的校验码不是账簿在第 {code.number} 号操作{here}以后出具的任何文书的。"
        "要么账簿的历史或这份文书的登记在出具以后被改动过，要么文书出自另一本账簿，或出自恢复备份以前的账簿。"
    )
    return PaperCheck(Verdict.ALTERED, sentence, _ASK_BACKUPS, own)


def _not_yet(session: Session, code: HeadCode, last: int) -> PaperCheck:
    at = session.scalar(select(tables.Action.at).where(col(tables.Action.id) == last)) if last else None
    until = f"（{_local(at)}）" if at else ""
    sentence = (
        f"账簿里还没有第 {code.number} 号操作：只记到第 {last} 号{until}，比这份文书至少少 {code.number - last} 步。"
        "账簿很可能是从较早的备份恢复的，或者文书出自另一本账簿。"
    )
    advice = "请先不要登记，用“从备份恢复”找出更晚的备份，或找出恢复时另存的账簿，再核对一次。"
    return PaperCheck(Verdict.MISSING, sentence, advice, missing=code.number - last)


def _other_paper(session: Session, code: HeadCode, wanted: str) -> PaperCheck:
    lines = tuple(paper.line for paper in _papers(session, col(tables.Document.number) == wanted))
    if not lines:
        sentence = f"校验码属于这本账簿，但登记簿里没有 {wanted}。"
    elif lines[0].code:
        sentence = f"校验码属于这本账簿，但不是 {wanted} 的：它的校验码应为 {lines[0].code}。"
    else:
        sentence = f"校验码属于这本账簿，但 {wanted} 出具时程序还不印校验码。"
    advice = "请核对文号有没有输错。没有输错的，这张纸不是按账簿出具的，请保留原件并报告单位负责人。"
    return PaperCheck(Verdict.OTHER_PAPER, sentence, advice, lines)


def _papers(session: Session, which: ColumnElement[bool]) -> tuple[_Paper, ...]:
    """The letters for which this holds, in the order of their numbers."""
    d, a, c, by = tables.Document, tables.Award, tables.Change, tables.Action
    query = (
        select(d, a.number, a.state, by.by_name)
        .outerjoin(a, col(d.award_id) == a.id)
        .outerjoin(c, issuing())
        .outerjoin(by, col(c.action_id) == by.id)
        .where(which)
        .order_by(col(d.year), col(d.serial))
    )
    return tuple(_Paper(row[0], _line(*row)) for row in session.execute(query))


def _line(row: tables.Document, award_number: str | None, state: str | None, by: str | None) -> PaperLine:
    kept = snapshot_of(row)
    addressee = kept.get("addressee") or ""
    return PaperLine(
        kind=LETTER,
        number=row.number,
        addressee=addressee,
        payee=kept.get("payee") or addressee,
        award_number=award_number or "",
        amount=Money(row.total_fen),
        issued_on=row.issued_on,
        issued_by=by or "",
        state=AwardState.VOIDED.label if row.voided or not state else AwardState(state).label,
        code=kept.get("code") or "",
    )


def _workbooks(session: Session, sha256: str, code: HeadCode | None) -> Iterator[PaperLine]:
    """The workbooks that went to the city with this head: those of this code, or all where none is asked for."""
    s, c, a = tables.Submission, tables.Change, tables.Action
    query = (
        select(s, a.at, a.by_name)
        .join(c, (col(c.row_id) == s.id) & (col(c.table_name) == "submission"))
        .join(a, col(c.action_id) == a.id)
        .where(s.head == sha256)
    )
    for row, at, by in session.execute(query):
        facts = canonical(dict(workbook_facts(row.round_id, row.awards, row.beneficiary_fen, row.municipal_fen)))
        if code and HeadCode.of_paper(code.number, sha256, facts) != code:
            continue
        total = Money(row.beneficiary_fen) + Money(row.municipal_fen)
        on = datetime.fromisoformat(at).astimezone().date()
        yield PaperLine(WORKBOOK, row.file_name, "", "", "", total, on, by, "已导出", str(code or ""))


def _local(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
