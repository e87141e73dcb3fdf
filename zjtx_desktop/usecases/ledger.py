"""The ledger of awards: what is granted, paid, returned, claimed back, and how the city's part arrives.

Entries are only added, each under a key that was made before the write: the same deed done twice is one entry.
What was entered wrongly is set right by its counter-entry.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import func, select
from sqlmodel import Session, col

from zjtx_desktop.domain.choices import is_city_paper
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.findings import Context
from zjtx_desktop.domain.ledger import EntryKind, Standing
from zjtx_desktop.domain.manual import floor_of
from zjtx_desktop.domain.shares import in_proportion
from zjtx_desktop.domain.states import ISSUED_STATES, AwardState, Event
from zjtx_desktop.domain.titles import Titles
from zjtx_desktop.errors import NotFound, Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.bulk import insert_rows, reserve_ids
from zjtx_desktop.usecases import agreement
from zjtx_desktop.usecases.action_day import require_not_later
from zjtx_desktop.usecases.closed_years import require_award_open
from zjtx_desktop.usecases.duties import GRANTS, guarded, require
from zjtx_desktop.usecases.frozen_basis import frozen
from zjtx_desktop.usecases.judging import stored_facts
from zjtx_desktop.usecases.pay_to import ACCOUNT, BANK, FIELDS, NAME, pay_to
from zjtx_desktop.usecases.process import Outcome, Words, attempt, by_number, may, take
from zjtx_desktop.usecases.replay import replayed_together
from zjtx_desktop.usecases.standings import PartLine, parts_of, these_parts
from zjtx_desktop.values import Money, fold_name, free_text

_PAID_ONCE = (AwardState.ISSUED, AwardState.PAID, AwardState.ARCHIVED)
_SHOWN = 3  # uses of a voucher that are named
_CITY = (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED)


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """One movement of one part: how much, on which day, by which voucher or document, and why where that is asked.

    `key` is a fresh UUID that the caller makes before the first try and keeps for every other. `same_voucher` says that
    a person looked at what the voucher was used for before, and that it is the very one.
    """

    part_id: int
    amount: Money
    on: date
    voucher: str
    key: str
    reason: str = ""
    same_voucher: bool = False

    def __post_init__(self) -> None:
        """Take both texts as they are kept, so that “V1” and “V1 ” are one."""
        for name, called in (("voucher", "凭证号或文号"), ("reason", "理由")):
            if text := getattr(self, name).strip():
                object.__setattr__(self, name, free_text(text, called, lines=name == "reason"))


def grant(session: Session, award_ids: Iterable[int], on: date) -> None:
    """Enter what each part of these awards was granted; part of issuing them, and harmless a second time."""
    p, e = tables.AwardPart, tables.LedgerEntry
    query = (
        select(p.id, p.fen, NAME, BANK, ACCOUNT)
        .join(tables.Award, col(p.award_id) == tables.Award.id)
        .join(tables.Organisation, col(tables.Award.organisation_id) == tables.Organisation.id)
        .join(tables.Recognition, col(tables.Award.recognition_id) == tables.Recognition.id)
        .outerjoin(e, (col(e.part_id) == p.id) & (col(e.kind) == EntryKind.GRANTED.value))
        .where(col(p.award_id).in_(list(award_ids)), col(p.fen) > 0, col(e.id).is_(None))
        .order_by(col(p.id))
    )
    found = session.execute(query).all()
    first, by = reserve_ids(session, e), session.info["by"]
    rows = [
        {"id": number, "part_id": part_id, "kind": EntryKind.GRANTED.value, "nth": 1, "fen": fen, "on_date": on}
        | {"by_name": by, "key": f"granted/{part_id}"}
        | dict(zip(FIELDS, payee, strict=True))
        for number, (part_id, fen, *payee) in enumerate(found, start=first)
    ]
    insert_rows(session, e, rows)


def void_rest(session: Session, award: tables.Award, on: date, reason: str) -> None:
    """Enter that nothing of an award will be paid any more; Refused while the organisation holds money of it."""
    lines = _parts(session, award)
    held = Money.total(line.standing.held for line in lines)
    if held:
        raise Refused(
            f"“{lines[0].organisation}”还持有已拨付的 {held} 元，不能作废。请先登记退回，或办理撤销认定追回。"
        )
    for line in lines:
        _enter_rest(session, line, EntryKind.VOIDED, on, reason, f"voided/{line.id}")


@guarded
def pay(session: Session, order: PaymentOrder) -> PartLine:
    """Enter that a part was paid, whole or in instalments; with the last of an award it becomes 已拨付.

    Of money that the city sends no more is paid than has arrived.
    """
    lines = _award_parts(session, order.part_id)
    line = _own_part(lines, order.part_id)
    if _is_known(session, order, EntryKind.PAID):
        return line
    award = _award(session, line)
    agreement.require_awards(session, (line.award_id,), "登记拨付")
    may(session, award, Event.PAY)
    _check(session, order, line, "凭证号")
    line.standing.require(EntryKind.PAID, order.amount, _whose(line))
    _ask_about_voucher(session, EntryKind.PAID, order)
    if order.amount > line.payable_now:
        raise Refused(
            f"{_whose(line)}：市级资金已到账、还没有拨付的是 {line.standing.in_hand} 元，不能拨付 {order.amount} 元。"
            f"请先登记到账。"
        )
    _enter(session, order, EntryKind.PAID)
    _settle(session, award, order, lines)
    return _part(session, order.part_id)


@guarded
def returned(session: Session, order: PaymentOrder) -> PartLine:
    """Enter that the bank sent a payment back; it is payable again, and an award that was 已拨付 is not any more."""
    line = _part(session, order.part_id)
    if _is_known(session, order, EntryKind.RETURNED):
        return line
    award = _award(session, line)
    agreement.require_awards(session, (line.award_id,), "登记退回")
    if award.state not in _PAID_ONCE:
        raise Refused(f"{_whose(line)}：奖补现为“{line.award_state.label}”，不能登记退回。收回的款项请登记追回。")
    _check(session, order, line, "凭证号")
    _need_reason(order, "退回的原因")
    line.standing.require(EntryKind.RETURNED, order.amount, _whose(line))
    _ask_about_voucher(session, EntryKind.RETURNED, order)
    _enter(session, order, EntryKind.RETURNED)
    if award.state != AwardState.ISSUED:
        take(session, award, Event.BOUNCE, Words(order.on, order.reason, order.voucher))
    return _part(session, order.part_id)


@guarded
def write_off(session: Session, order: PaymentOrder) -> PartLine:
    """Enter that some of a part will not be paid after all, by the document in `voucher`, such as the city's reply.

    An award of which nothing is paid is voided instead.
    """
    lines = _award_parts(session, order.part_id)
    line = _own_part(lines, order.part_id)
    if _is_known(session, order, EntryKind.VOIDED):
        return line
    award = _award(session, line)
    agreement.require_awards(session, (line.award_id,), "核减")
    may(session, award, Event.PAY)
    _check(session, order, line, "依据的文件")
    _need_reason(order, "核减的理由")
    line.standing.require(EntryKind.VOIDED, order.amount, _whose(line))
    if not Money.total(one.standing.held + one.standing.payable for one in lines) - order.amount:
        raise Refused(f"{_whose(line)}：这笔奖补还没有拨付，不能全部核减。请改为作废。")
    _keep_the_floor(session, award, order, lines)
    _enter(session, order, EntryKind.VOIDED)
    _settle(session, award, order, lines)
    return _part(session, order.part_id)


def _keep_the_floor(
    session: Session, award: tables.Award, order: PaymentOrder, lines: Iterable[PartLine]
) -> None:
    """Refused where a write-off leaves the beneficiary treasuries below the floor without a document of the city.

    What was granted below the floor already, as under a cap, may not fall further.
    """
    ours = [line for line in lines if line.payer is Payer.BENEFICIARY]
    if order.part_id not in {line.id for line in ours} or is_city_paper(order.voucher):
        return
    standing = Standing.together(line.standing for line in ours)
    granted = standing.sums[EntryKind.GRANTED]
    left = granted - standing.sums[EntryKind.VOIDED]
    pack, choices = frozen(session, award.round_id)
    floor, clause = floor_of(stored_facts(award), Context((), pack, choices, Titles.load()))
    least = min(floor, granted)
    if left - order.amount < least:
        raise Refused(
            f"{_whose(_own_part(ours, order.part_id))}：核减以后受益财政合计 {left - order.amount} 元，"
            f"低于文件的下限 {least} 元（{clause}），不能核减。确有市级文件的，请在依据中填写市级文件的文号。"
        )


@guarded
def follow(session: Session, order: PaymentOrder, kind: EntryKind) -> PartLine:
    """Enter how the city's part comes: REQUESTED by a 函, APPROVED by a document, maybe less, ARRIVED by a voucher."""
    line = _part(session, order.part_id)
    if _is_known(session, order, kind):
        return line
    if kind not in _CITY or not line.sent:
        raise Refused(f"{_whose(line)}：不是由市级下达的资金，不需要登记“{kind.label}”。请只选市级财政的部分。")
    award = _award(session, line)
    agreement.require_awards(session, (line.award_id,), "登记市级资金")
    if award.state != AwardState.ISSUED:
        raise Refused(f"{_whose(line)}：奖补现为“{line.award_state.label}”，不能登记“{kind.label}”。请刷新核对。")
    _check(session, order, line, "凭证号" if kind is EntryKind.ARRIVED else "文号")
    line.standing.require(kind, order.amount, _whose(line))
    if kind is EntryKind.ARRIVED:
        _ask_about_voucher(session, kind, order)
    _enter(session, order, kind)
    return _part(session, order.part_id)


@guarded
def revoke(session: Session, award_number: str, words: Words, key: str) -> tuple[PartLine, ...]:
    """撤销认定: nothing more is paid, and of every part what the organisation holds is claimed back."""
    award = by_number(session, award_number)
    if award.state == AwardState.REVOKED and _has_keys_under(session, f"{key}/"):
        return parts_of(session, award.id or 0)
    lines = _parts(session, award)
    take(session, award, Event.REVOKE, words)
    for line in lines:
        _enter_rest(session, line, EntryKind.VOIDED, words.on, words.opinion, f"{key}/{line.id}/voided")
    for line in lines:
        if held := line.standing.held:
            claim = PaymentOrder(line.id, held, words.on, words.document, f"{key}/{line.id}/claimed", words.opinion)
            _enter(session, claim, EntryKind.CLAIMED)
    return parts_of(session, award.id or 0)


@guarded
def recover(
    session: Session, award_number: str, amount: Money, on: date, voucher: str, key: str, same_voucher: bool = False
) -> tuple[PartLine, ...]:
    """Enter what the organisation paid back of a revoked award, shared by what each treasury claims.

    With the last of it the award becomes 已追回.
    """
    award = by_number(session, award_number)
    if _has_keys_under(session, f"{key}/"):
        return parts_of(session, award.id or 0)
    may(session, award, Event.RECOVER)
    lines = _parts(session, award)
    claims = [line.standing.claimed for line in lines]
    open_claim = Money.total(claims)
    if not voucher.strip():
        raise Refused("没有填写凭证号。请填写凭证号。")
    require_not_later(session, on, "追回的日期")
    if not 0 < amount.fen <= open_claim.fen:
        raise Refused(f"奖补 {award_number} 还应追回 {open_claim} 元，不能登记追回 {amount} 元。请核对金额。")
    shares = in_proportion(amount, claims)
    orders = [
        PaymentOrder(line.id, share, on, voucher, f"{key}/{line.id}", same_voucher=same_voucher)
        for line, share in zip(lines, shares, strict=True)
        if share
    ]
    for order in orders:
        _ask_about_voucher(session, EntryKind.RECOVERED, order)
        _enter(session, order, EntryKind.RECOVERED)
    if amount == open_claim:
        take(session, award, Event.RECOVER, Words(on, document=voucher))
    return parts_of(session, award.id or 0)


_DEEDS: Mapping[EntryKind, Callable[[Session, PaymentOrder], PartLine]] = MappingProxyType(
    {EntryKind.PAID: pay, EntryKind.RETURNED: returned, EntryKind.VOIDED: write_off}
    | {kind: lambda session, order, kind=kind: follow(session, order, kind) for kind in _CITY}
)


def enter(session: Session, kind: EntryKind, order: PaymentOrder) -> PartLine:
    """Enter a movement by its kind, as the use case of that kind does."""
    return _DEEDS[kind](session, order)


@guarded
def enter_all(session: Session, kind: EntryKind, orders: Iterable[PaymentOrder]) -> tuple[Outcome, ...]:
    """Enter many movements of a kind; those that may not be are named with the reason, the others are entered."""
    require(session, GRANTS["ledger.follow" if kind in _CITY else "ledger.pay"])
    given = tuple(orders)
    known = {line.id: line for line in these_parts(session, (order.part_id for order in given))}
    with replayed_together(session, {line.award_id for line in known.values()}):
        return tuple(_try(session, kind, order, known.get(order.part_id)) for order in given)


def _try(session: Session, kind: EntryKind, order: PaymentOrder, line: PartLine | None) -> Outcome:
    number, name = (line.award_number, line.organisation) if line else ("", "")
    return attempt(session, number, name, f"{kind.label} {number}", lambda: enter(session, kind, order))


VOUCHERS = (EntryKind.PAID, EntryKind.RETURNED, EntryKind.ARRIVED, EntryKind.RECOVERED)  # of others it is a document


def voucher_uses(session: Session, kind: EntryKind, vouchers: Iterable[str]) -> tuple[str, ...]:
    """What these vouchers were used for before, a sentence each, by any way of writing them; at most three a voucher.

    A voucher is of one kind: that a payment came back may well stand under the number of the payment. What is entered in
    this very action is no use before: one voucher often covers many payments.
    """
    wanted = dict.fromkeys(folded for voucher in vouchers if (folded := fold_name(voucher)))
    used = _used_vouchers(session, kind) if wanted and kind in VOUCHERS else {}
    found = [number for folded in wanted for number in used.get(folded, ())[:_SHOWN]]
    if not found:
        return ()
    e, p, a, o = tables.LedgerEntry, tables.AwardPart, tables.Award, tables.Organisation
    query = (
        select(e.id, e.voucher, e.on_date, a.number, o.name, e.fen)
        .join(p, col(e.part_id) == p.id)
        .join(a, col(p.award_id) == a.id)
        .join(o, col(a.organisation_id) == o.id)
        .where(col(e.id).in_(found))
        .order_by(col(e.id))
    )
    return tuple(
        f"凭证号“{voucher}”{on} 已用于{kind.label} {number} {name} {Money(fen)} 元"
        for _id, voucher, on, number, name, fen in session.execute(query)
    )


def _used_vouchers(session: Session, kind: EntryKind) -> dict[str, list[int]]:
    """The entries of this kind by their vouchers as they stood before this action; read once an action."""
    known: dict[EntryKind, dict[str, list[int]]] = session.info.setdefault("vouchers", {})
    if kind not in known:
        e, used = tables.LedgerEntry, dict[str, list[int]]()
        query = select(e.id, e.voucher).where(col(e.kind) == kind.value, col(e.voucher).is_not(None)).order_by(col(e.id))
        for number, voucher in session.execute(query):
            used.setdefault(fold_name(voucher), []).append(number)
        known[kind] = used
    return known[kind]


def _ask_about_voucher(session: Session, kind: EntryKind, order: PaymentOrder) -> None:
    """Refused where the voucher was used before and nobody said that it is the very one."""
    uses = voucher_uses(session, kind, (order.voucher,))  # asked in any case: what this action enters is not before it
    if uses and not order.same_voucher:
        raise Refused(f"{'；'.join(uses)}，没有保存。请核对凭证号；确实是同一张的，请确认后再登记。")


def _settle(session: Session, award: tables.Award, order: PaymentOrder, before: tuple[PartLine, ...]) -> None:
    """Take the step to 已拨付 when this order took the last that was to be paid of the parts."""
    if Money.total(line.standing.payable for line in before) == order.amount:
        take(session, award, Event.PAY, Words(order.on, order.reason, order.voucher))


def _check(session: Session, order: PaymentOrder, line: PartLine, paper: str) -> None:
    if not order.voucher.strip():
        raise Refused(f"{_whose(line)}：没有填写{paper}。请填写{paper}。")
    require_not_later(session, order.on, f"{_whose(line)}：日期")
    if line.issued_on and order.on < line.issued_on:
        raise Refused(f"{_whose(line)}：{order.on} 早于下达日期 {line.issued_on}。请核对日期。")


def _need_reason(order: PaymentOrder, what: str) -> None:
    if not order.reason.strip():
        raise Refused(f"没有写明{what}。请写明{what}。")


def _is_known(session: Session, order: PaymentOrder, kind: EntryKind) -> bool:
    """Whether this very order was entered before; Refused when its key stands for another one."""
    e = tables.LedgerEntry
    row = session.scalars(select(e).where(col(e.key) == order.key)).first()
    if row and (row.part_id, row.kind, row.fen, row.on_date) != (order.part_id, kind.value, order.amount.fen, order.on):
        raise Refused("这一次登记的编号已经用在另一笔上，没有保存。请关闭窗口后重新登记。")
    return row is not None


def is_entered(session: Session, key: str) -> bool:
    """Whether an entry stands under this key."""
    e = tables.LedgerEntry
    return session.scalars(select(e.id).where(col(e.key) == key)).first() is not None


def returns_of(session: Session, part_id: int) -> int:
    """How many times the bank sent money of this part back."""
    e = tables.LedgerEntry
    query = select(func.count()).where(col(e.part_id) == part_id, col(e.kind) == EntryKind.RETURNED.value)
    return session.scalar(query) or 0


def _has_keys_under(session: Session, prefix: str) -> bool:
    e = tables.LedgerEntry
    found = session.scalars(select(e.id).where(func.substr(e.key, 1, len(prefix)) == prefix).limit(1))
    return found.first() is not None


def _enter_rest(session: Session, line: PartLine, kind: EntryKind, on: date, reason: str, key: str) -> None:
    if rest := line.standing.payable:
        _enter(session, PaymentOrder(line.id, rest, on, "", key, reason), kind)


def _enter(session: Session, order: PaymentOrder, kind: EntryKind) -> None:
    e = tables.LedgerEntry
    last = session.scalar(select(func.max(e.nth)).where(col(e.part_id) == order.part_id, col(e.kind) == kind.value))
    award_id = session.scalars(select(tables.AwardPart.award_id).where(col(tables.AwardPart.id) == order.part_id)).one()
    payee = pay_to(session, award_id)
    session.add(
        e(
            part_id=order.part_id,
            kind=kind.value,
            nth=(last or 0) + 1,
            fen=order.amount.fen,
            on_date=order.on,
            voucher=order.voucher.strip() or None,
            reason=order.reason.strip() or None,
            by_name=session.info["by"],
            key=order.key,
            payee_name=payee.name,
            payee_bank=payee.bank,
            payee_account=payee.account,
        )
    )
    session.flush()


def _award(session: Session, line: PartLine) -> tables.Award:
    """The award of a part, its grant entered where it was issued before the ledger was kept.

    Refused when it belongs to a closed year.
    """
    require_award_open(session, line.award_id)
    award = session.get_one(tables.Award, line.award_id)
    if award.state in ISSUED_STATES and line.issued_on:
        grant(session, (line.award_id,), line.issued_on)
    return award


def _parts(session: Session, award: tables.Award) -> tuple[PartLine, ...]:
    lines = parts_of(session, award.id or 0)
    if lines:
        _award(session, lines[0])
    return lines


def _part(session: Session, part_id: int) -> PartLine:
    return _own_part(these_parts(session, (part_id,)), part_id)


def _award_parts(session: Session, part_id: int) -> tuple[PartLine, ...]:
    """All parts of the award that a part belongs to."""
    p = tables.AwardPart
    award_id = session.scalars(select(p.award_id).where(col(p.id) == part_id)).first()
    return parts_of(session, award_id or 0)


def _own_part(lines: Iterable[PartLine], part_id: int) -> PartLine:
    found = next((line for line in lines if line.id == part_id), None)
    if found is None:
        raise NotFound("这笔奖补还没有下达，或者已被删除。请刷新后再试。")
    return found


def _whose(line: PartLine) -> str:
    return f"“{line.organisation}”{line.treasury.name}（{line.payer.label}）"
