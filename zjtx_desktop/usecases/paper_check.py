"""核对文书: what the code on a paper (账簿校验码) says about this book, and what the book has of that paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from zjtx_desktop.domain.states import AwardState
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import history, tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.paper_codes import issuing, snapshot_of
from zjtx_desktop.values import DocumentNumber, HeadCode, Money, format_date

LETTER, WORKBOOK = "拨付通知", "报送表"
_ASK_BACKUPS = (
    "请暂停登记，保留这份文书，用文书出具前后的备份逐个核对同一校验码：相符的那一份才是原来的账簿。"
    "都不相符的，请报告单位负责人和审计人员。"
)


class Verdict(StrEnum):
    """What a paper's code says about the book."""

    MATCHES = "matches"  # the history up to the paper is what it was then
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
    own = _lines(session, col(tables.Document.snapshot).contains(str(code)))
    if not code.is_of(action.hash or history.GENESIS):
        return _altered(code, action, own)
    lines = (*own, *_workbooks(session, action.hash or ""))
    if wanted:
        lines = tuple(line for line in own if line.number == wanted)
        if not lines:
            return _other_paper(session, code, wanted)
    return PaperCheck(Verdict.MATCHES, _matches(action, lines), _compare(lines), lines)


def _by_number(session: Session, wanted: str) -> PaperCheck:
    lines = _lines(session, col(tables.Document.number) == wanted)
    if not lines:
        raise NotFound(f"登记簿里没有 {wanted}。请核对文号；确有这份文书的，它不是这本账簿出具的。")
    (line,) = lines
    if not line.code:
        sentence = f"{_told(line)}它出具时程序还不印校验码，只能逐项比对。"
        return PaperCheck(Verdict.NO_CODE, sentence, _compare(lines), lines)
    code = HeadCode.parse(line.code)
    action = session.get(tables.Action, code.number)
    if action is None or not code.is_of(action.hash or history.GENESIS):
        return _altered(code, action, lines)
    sentence = f"{_told(line)}纸上的账簿校验码应为 {line.code}。"
    return PaperCheck(Verdict.LISTED, sentence, "请与纸上的校验码逐组比对，或把纸上的校验码输入再核对一次。", lines)


def _matches(action: tables.Action, lines: tuple[PaperLine, ...]) -> str:
    if len(lines) == 1:
        return f"相符。{_told(lines[0])}"
    until = f"这张纸印出时账簿到第 {action.id} 号操作“{action.title}”（{_local(action.at)}，{action.by_name}）为止"
    if not lines:
        return f"相符。{until}，那以前的记录至今没有改动过；登记簿里没有文书用这个校验码，它应是打印的表格或测算依据。"
    return f"相符。{until}，同一批共 {len(lines)} 份，那以前的记录至今没有改动过。"


def _compare(lines: tuple[PaperLine, ...]) -> str:
    """The code covers what was in the book before the letter; the letter itself is compared by eye."""
    if not lines:
        return "请把纸上的数字与账簿现在的逐项比对。"
    here = "文号、收款单位和金额" if len(lines) == 1 else "下面的文号、收款单位和金额"
    return f"请把{here}与纸上的逐项比对；有一处不同的，不是纸被改过就是账簿被改过，请保留原件并报告单位负责人。"


def _told(line: PaperLine) -> str:
    by = f"由{line.issued_by}" if line.issued_by else ""
    payee = f"，收款单位 {line.payee}" if line.payee else ""
    return f"{line.number}，{format_date(line.issued_on)}{by}出具{payee}，金额 {line.amount} 元，现为“{line.state}”。"


def _altered(code: HeadCode, action: tables.Action | None, own: tuple[PaperLine, ...]) -> PaperCheck:
    here = f"“{action.title}”（{_local(action.at)}，{action.by_name}）" if action else ""
    why = (
        f"登记簿里 {own[0].number} 记的也是这个校验码，说明账簿的历史在出具以后被改动过。"
        if own
        else "要么账簿的历史在出具以后被改动过，要么文书出自另一本账簿，或出自恢复备份以前的账簿。"
    )
    sentence = f"与账簿不符：账簿第 {code.number} 号操作{here}的校验值不是纸上的这个。{why}"
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
    lines = _lines(session, col(tables.Document.number) == wanted)
    if not lines:
        sentence = f"校验码属于这本账簿，但登记簿里没有 {wanted}。"
    elif lines[0].code:
        sentence = f"校验码属于这本账簿，但不是 {wanted} 的：它的校验码应为 {lines[0].code}。"
    else:
        sentence = f"校验码属于这本账簿，但 {wanted} 出具时程序还不印校验码。"
    advice = "请核对文号有没有输错。没有输错的，这张纸不是按账簿出具的，请保留原件并报告单位负责人。"
    return PaperCheck(Verdict.OTHER_PAPER, sentence, advice, lines)


def _lines(session: Session, which: ColumnElement[bool]) -> tuple[PaperLine, ...]:
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
    return tuple(_line(*row) for row in session.execute(query))


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


def _workbooks(session: Session, sha256: str) -> Iterator[PaperLine]:
    """The workbooks that went to the city with this head."""
    s, c, a = tables.Submission, tables.Change, tables.Action
    query = (
        select(s, a.at, a.by_name)
        .join(c, (col(c.row_id) == s.id) & (col(c.table_name) == "submission"))
        .join(a, col(c.action_id) == a.id)
        .where(s.head == sha256)
    )
    for row, at, by in session.execute(query):
        total = Money(row.beneficiary_fen) + Money(row.municipal_fen)
        on = datetime.fromisoformat(at).astimezone().date()
        yield PaperLine(WORKBOOK, row.file_name, "", "", "", total, on, by, "已导出", "")


def _local(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
