"""The payee list of a round: what of the parts chosen can be paid now, to whom, on which account."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlmodel import Session

from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.payee_list import Payee, write_payees
from zjtx_desktop.usecases import agreement
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.standings import these_parts
from zjtx_desktop.values import Money


def write_payee_list(
    session: Session, part_ids: Sequence[int], title: str, path: Path, today: date, overwrite: bool = False
) -> tuple[int, Money]:
    """Write what can be paid of these parts now; how many lines and how much. Refused where an account is missing."""
    lines = [line for line in these_parts(session, part_ids) if line.payable_now]
    if not lines:
        raise Refused("所选的奖补现在都没有可以拨付的金额，没有导出。市级财政的部分要先登记到账。")
    agreement.require_awards(session, [line.award_id for line in lines], "导出收款人清单")
    lacking = next((line for line in lines if not (line.bank and line.account)), None)
    if lacking:
        raise Refused(f"“{lacking.organisation}”没有登记开户银行和账号，没有导出。请先在企业档案中补填。")
    payees = [
        Payee(
            line.organisation,
            line.payee,
            line.bank or "",
            line.account or "",
            line.payable_now,
            f"{line.treasury.name}（{line.payer.label}）",
            line.letter or "",
            line.award_number,
            line.balance,
        )
        for line in lines
    ]
    return len(payees), write_payees(payees, title, office(session).name, today, path, overwrite)
