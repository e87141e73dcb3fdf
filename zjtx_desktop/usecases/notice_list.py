"""The list of a public notice (公示名单) on paper: what is given to whom, and where to object; no account, no person."""

from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from zjtx_desktop.documents.cells import Align
from zjtx_desktop.documents.tables import ListColumn, PrintedList, write_list
from zjtx_desktop.errors import NotFound
from zjtx_desktop.exchange.atomic import write_atomically
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases.awards import policy_of
from zjtx_desktop.usecases.notices import public_lines
from zjtx_desktop.usecases.office import office
from zjtx_desktop.usecases.paper_codes import printed_code
from zjtx_desktop.values import Money, format_date

COLUMNS = (
    ListColumn("序号", 0.8, Align.CENTRE),
    ListColumn("企业", 4.2),
    ListColumn("统一社会信用代码", 3.0, Align.CENTRE),
    ListColumn("认定称号", 4.2),
    ListColumn("级别", 1.1, Align.CENTRE),
    ListColumn("奖励年度", 1.3, Align.CENTRE),
    ListColumn("奖励金额（元）", 2.0, Align.END),
)


def write_notice_list(session: Session, notice_id: int, path: Path, overwrite: bool = False) -> int:
    """Write the list of a notice as PDF, whole or not at all; how many awards it has."""
    notice = session.get(tables.Notice, notice_id)
    if notice is None:
        raise NotFound("这次公示已不在账簿中，请刷新后再试。")
    us, row, lines = office(session), session.get_one(tables.Round, notice.round_id), public_lines(session, notice_id)
    total = Money.total(line.amount for line in lines)
    awards = set(session.scalars(select(tables.NoticeItem.award_id).where(col(tables.NoticeItem.notice_id) == notice_id)))
    reach = f"，联系方式：{us.contact}" if us.contact else ""
    printed = PrintedList(
        title=f"{row.year}年度{row.name}认定奖励资金公示名单",
        columns=COLUMNS,
        prepared_on=notice.starts,
        office=us.name,
        unit="元",
        total=("合计", f"{len(lines)} 笔", "", "", "", "", str(total)),
        signers=(),
        notes=(
            f"政策依据：{policy_of(session, notice.round_id, awards)}。",
            f"公示期为{format_date(notice.starts)}至{format_date(notice.ends)}，共{notice.days}个工作日。",
            f"公示期内有异议的，请以书面形式署实名向{us.name}反映{reach}。",
        ),
        code=printed_code(session),
    )
    rows = [
        (
            str(place),
            line.organisation,
            line.credit_code,
            line.title,
            line.level,
            f"{line.award_year}年" if line.award_year else "",
            str(line.amount),
        )
        for place, line in enumerate(lines, start=1)
    ]

    def fill(part: Path) -> None:
        with part.open("wb") as file:
            write_list(printed, rows, file)

    write_atomically(path, fill, overwrite)
    return len(lines)
