"""The award letter (奖励资金拨付通知): its facts, its wording, and the PDF made of them."""

from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from zjtx_desktop.documents import wording
from zjtx_desktop.documents.fonts import FANG, SONG, TITLE, missing, require
from zjtx_desktop.documents.letter_sheet import LetterText, lay_letter
from zjtx_desktop.documents.pdf import PdfFile
from zjtx_desktop.errors import BadValue, Refused
from zjtx_desktop.values import ZERO, HeadCode, Money, format_date, safe_filename, uppercase

Tick = Callable[[int, int | None], None]
SPOKEN = 2  # parts told in a sentence; more stand in a table


@dataclass(frozen=True, slots=True)
class LetterPart:
    """What one treasury bears of an award: `payer` is 受益财政 or 市级财政, `treasury` the place."""

    payer: str
    treasury: str
    amount: Money
    clause: str


@dataclass(frozen=True, slots=True)
class LetterPolicy:
    """A document that the award rests on, and those of its clauses that do, as papers cite them."""

    title: str
    number: str
    clause: str


@dataclass(frozen=True, slots=True)
class AwardLetter:
    """The facts printed in one letter, as frozen at issue; without a number it is a draft.

    The clause of a part begins with the number of its document, one of `policies`. `replaces` is the number of the letter that this one takes the place of.
    `account` is the payee's as registered, which is not printed; `bound` says that the code covers the letter itself.
    """

    office: str
    number: str | None
    addressee: str
    payee: str | None
    credit_code: str | None
    title: str
    level: str
    kind: str
    award_year: int
    recognition_document: str | None
    recognition_number: str | None
    recognised_on: date | None
    policies: tuple[LetterPolicy, ...]
    parts: tuple[LetterPart, ...]
    award_number: str
    issued_on: date | None
    contact: str | None
    code: str | None
    replaces: str | None = None
    account: str | None = None
    bound: bool = False

    def __post_init__(self) -> None:
        """Refuse what could not be a letter, so that none is ever printed."""
        if not self.office.strip() or not self.addressee.strip():
            raise Refused("通知没有发文机关或收文单位名称，不能出具。请先在设置和企业档案中填写。")
        if not self.policies:
            raise Refused(f"“{self.addressee}”的奖励没有政策依据，不能出具通知。请先核对测算结果。")
        if not self.parts or any(part.amount <= ZERO for part in self.parts):
            raise Refused(
                f"“{self.addressee}”的奖励没有金额或有一项不大于零，不能出具通知。请先核对测算结果。"
            )
        if self.number is not None and self.issued_on is None:
            raise Refused(f"“{self.addressee}”的通知已编号 {self.number}，但没有签发日期。请补填签发日期。")

    @property
    def total(self) -> Money:
        """The whole award: the exact sum of its parts."""
        return Money.total(part.amount for part in self.parts)

    @property
    def is_draft(self) -> bool:
        """Whether the letter has no number yet."""
        return self.number is None

    def to_json(self) -> dict[str, Any]:
        """Plain values for the frozen snapshot: amounts in fen, dates as ISO text."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("recognised_on", "issued_on"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        plain["policies"] = [asdict(policy) for policy in self.policies]
        plain["parts"] = [asdict(part) | {"amount": part.amount.fen} for part in self.parts]
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "AwardLetter":
        """The letter of a snapshot. BadValue when the snapshot is not one of this program."""
        try:
            later = {"replaces", "policies", "account", "bound"}  # which letters issued at first do not have
            known = {field.name: plain[field.name] for field in fields(cls) if field.name not in later}
            known |= {"replaces": plain.get("replaces"), "account": plain.get("account"), "bound": plain.get("bound", False)}
            known["policies"] = tuple(LetterPolicy(**policy) for policy in _policies(plain))
            for name in ("recognised_on", "issued_on"):
                known[name] = date.fromisoformat(known[name]) if known[name] else None
            known["parts"] = tuple(
                LetterPart(**(part | {"amount": Money(part["amount"])})) for part in known["parts"]
            )
            return cls(**known)
        except (KeyError, TypeError, ValueError) as error:
            raise BadValue("这份通知的存档内容不完整或已损坏，不能重新打印。请从备份中恢复账簿。") from error


def _policies(plain: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The policies of a snapshot; one of the first letters has a single one, spread over three fields."""
    if "policies" in plain:
        return list(plain["policies"])
    return [{name: plain[f"policy_{name}"] for name in ("title", "number", "clause")}]


@dataclass(frozen=True, slots=True)
class PageSpan:
    """Where a letter stands in a file of many: its first page, counted from 1, and how many pages it has."""

    first: int
    count: int


def write_letters(
    letters: Iterable[AwardLetter], out: BinaryIO, tick: Tick | None = None
) -> tuple[PageSpan, ...]:
    """Write the letters into one PDF as they come, so that memory does not grow with their number.

    `tick` hears of each letter and may raise Cancelled. A character without a glyph is Refused by name.
    """
    total = len(letters) if isinstance(letters, Sized) else None
    file = PdfFile(out, "奖励资金拨付通知")
    spans: list[PageSpan] = []
    for letter in letters:
        file.bookmark(f"{letter.number or wording.DRAFT} {letter.addressee}")
        first = file.pages + 1
        for sheet in lay_letter(compose(letter)):
            sheet.write(file)
        spans.append(PageSpan(first, file.pages + 1 - first))
        if tick:
            tick(len(spans), total)
    if not spans:
        raise Refused("没有可以打印的通知。请先选择奖励，再打印。")
    file.close()
    return tuple(spans)


def letter_pdf(letter: AwardLetter) -> bytes:
    """One letter as a PDF of its own; the same letter always gives the same bytes."""
    out = BytesIO()
    write_letters((letter,), out)
    return out.getvalue()


def file_name(letter: AwardLetter) -> str:
    """编号_企业名称.pdf, safe on every system. Two different numbers never get the same name."""
    identity = letter.number or f"{wording.DRAFT}_{letter.award_number}"
    safe = safe_filename(identity)
    if safe != identity:
        safe = f"{safe_filename(identity, 40)}-{sha256(identity.encode(errors='replace')).hexdigest()[:8]}"
    return f"{safe_filename(f'{safe}_{letter.addressee}', 80)}.pdf"


def compose(letter: AwardLetter) -> LetterText:
    """Every word of the letter. Refused when a character has no glyph, naming it and where it stands."""
    _check_glyphs(letter)
    total = letter.total
    capitals = uppercase(total)
    code = wording.CODE.format(code=letter.credit_code) if letter.credit_code else ""
    grant = wording.GRANT.format(year=letter.award_year, code=code, amount=total.yuan, capitals=capitals)
    opening = [_legal(letter), grant + _borne(letter)]
    closing = [wording.DUTY, wording.CLOSING]
    if letter.payee and letter.payee != letter.addressee:
        closing.insert(0, wording.PAYEE.format(payee=letter.payee))
    if letter.replaces:
        closing.insert(-1, wording.REPLACES.format(number=letter.replaces))
    foot = wording.FOOT_AWARD.format(number=letter.award_number)
    return LetterText(
        office=letter.office,
        number=letter.number or wording.UNNUMBERED,
        title=wording.TITLE.format(year=letter.award_year),
        addressee=wording.ADDRESSEE.format(name=letter.addressee),
        opening=tuple(opening),
        headings=wording.HEADINGS,
        table=_table(letter, capitals) if len(letter.parts) > SPOKEN else (),
        closing=tuple(closing),
        date=format_date(letter.issued_on) if letter.issued_on else wording.UNDATED,
        note=wording.NOTE.format(contact=letter.contact) if letter.contact else "",
        foot=(foot, wording.FOOT_CODE.format(code=letter.code)) if letter.code else (foot,),
        code=_scanned(letter.code) if letter.code else "",
        draft=letter.is_draft,
    )


@lru_cache(maxsize=16)  # a letter is composed when it is written and when it is read back
def _scanned(code: str) -> str:
    """What the two-dimensional code holds; BadValue when the printed one is none."""
    return HeadCode.parse(code).scanned


def _legal(letter: AwardLetter) -> str:
    """The sentence with the legal basis and the recognition; what is not recorded is left out."""
    by = ""
    if letter.recognition_document:
        form = wording.BY if letter.recognition_number else wording.BY_TITLE_ONLY
        by = form.format(document=_titled(letter.recognition_document), number=letter.recognition_number)
    return wording.LEGAL.format(
        policies=_cited(letter),
        on=wording.ON.format(date=format_date(letter.recognised_on)) if letter.recognised_on else "",
        by=by,
        kind=wording.KINDS.get(letter.kind, wording.KIND_ELSE),
        title=_full_title(letter),
        year=letter.award_year,
    )


def _full_title(letter: AwardLetter) -> str:
    """The title with its level, unless it names the level itself."""
    named = letter.level in letter.title or letter.title.startswith(("江西省", "国家"))
    return letter.title if named else letter.level + letter.title


def _titled(document: str) -> str:
    return document if document.startswith("《") else f"《{document}》"


def _cited(letter: AwardLetter) -> str:
    """Every document that the award rests on, with its clauses."""
    told = [
        wording.POLICY.format(policy=_titled(one.title), number=one.number, clause=one.clause) if one.title else one.number + one.clause
        for one in letter.policies
    ]
    return wording.AND.join(told)


def _clause(letter: AwardLetter, part: LetterPart) -> str:
    """The clause of a part, without the document number where the opening sentence gives no other."""
    plain = part.clause.removesuffix(wording.BY_HAND)
    if len(letter.policies) > 1:
        return plain
    return plain.removeprefix(letter.policies[0].number).strip(" \u3000，、") or plain


def _borne(letter: AwardLetter) -> str:
    """Who bears the amount: a sentence for one treasury or two, which fits on one page; else a table follows."""
    if len(letter.parts) > SPOKEN:
        return wording.MANY_PARTS
    if len(letter.parts) == 1:
        (part,) = letter.parts
        return wording.ONE_PART.format(payer=part.payer, treasury=part.treasury, basis=_basis(letter, part))
    spoken = (
        wording.PART.format(
            payer=part.payer, treasury=part.treasury, amount=part.amount.yuan, basis=_basis(letter, part)
        )
        for part in letter.parts
    )
    return wording.TWO_PARTS.format(parts="，".join(spoken))


def _basis(letter: AwardLetter, part: LetterPart) -> str:
    clause = _clause(letter, part)
    by_hand = wording.SET if _hand(part) else ""
    said = len(letter.policies) == 1 and clause == letter.policies[0].clause
    return ("" if said else wording.BASIS.format(clause=clause)) + by_hand


def _table(letter: AwardLetter, capitals: str) -> tuple[tuple[str, ...], ...]:
    parts = (
        (str(place), part.payer, part.treasury, part.amount.yuan, _clause(letter, part) + _hand(part))
        for place, part in enumerate(letter.parts, start=1)
    )
    return (*parts, (wording.SUM.format(capitals=capitals), letter.total.yuan))


def _hand(part: LetterPart) -> str:
    return wording.BY_HAND if part.clause.endswith(wording.BY_HAND) else ""


def _check_glyphs(letter: AwardLetter) -> None:
    require(letter.addressee, "收文单位名称")
    for face, values in _printed(letter).items():
        if missing("".join(value or "" for _, value in values), face):
            for label, value in values:
                require(value or "", f"“{letter.addressee}”的{label}", face)


def _printed(letter: AwardLetter) -> dict[str, tuple[tuple[str, str | None], ...]]:
    """For each face, every value a person entered that is printed in it, with its name on the screen."""
    policy = "".join(one.title + one.number + one.clause for one in letter.policies)
    return {
        TITLE: (("发文机关", letter.office),),
        SONG: (("奖补编号", letter.award_number), ("账簿校验码", letter.code)),
        FANG: (
            ("发文机关", letter.office),
            ("发文字号", letter.number),
            ("收款单位名称", letter.payee),
            ("原通知文号", letter.replaces),
            ("统一社会信用代码", letter.credit_code),
            ("认定称号", letter.level + letter.title),
            ("认定文件", f"{letter.recognition_document or ''}{letter.recognition_number or ''}"),
            ("政策依据", policy),
            *(("资金来源", part.payer + part.treasury + part.clause) for part in letter.parts),
            ("联系人", letter.contact),
        ),
    }
