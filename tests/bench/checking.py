"""The check of a staffed book whose 10,000 awards went all their way, and what going through one award costs."""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from time import process_time

from sqlalchemy import select

from tests.usecases.people_kit import office as persons
from zjtx_desktop.domain.duties import Role
from zjtx_desktop.domain.entitlement import Payer
from zjtx_desktop.domain.ledger import EntryKind
from zjtx_desktop.domain.states import Event
from zjtx_desktop.domain.titles import Kind, Level
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import credit, ledger, letters, office, organisations, process, recognitions, replay, rounds, standings
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.duties import perform
from zjtx_desktop.usecases.ledger import PaymentOrder
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.process import Words
from zjtx_desktop.usecases.recognitions import RecognitionForm
from zjtx_desktop.values import Division, Share

COUNT, BATCH, ONE_BY_ONE = 10_000, 500, 200
YUSHAN = Division("361123")
DAY, NEXT = date(2024, 12, 2), date(2024, 12, 9)
WAY = (
    (Event.EXAMINE, Role.CLERK, Words(DAY, "同意")),
    (Event.REVIEW, Role.REVIEWER, Words(DAY, "无误")),
    (Event.WAIVE, Role.CLERK, Words(DAY, "依规不公示", "示例〔2024〕3号")),
    (Event.APPROVE, Role.APPROVER, Words(NEXT, "同意奖励", "会议纪要〔2024〕20号")),
)


def rows() -> Iterator[tuple[str, ...]]:
    """The figures as rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "县.zjtx")
        _measured("make", path, str(COUNT))
        whole, one, many = (_measured(step, path) for step in ("check", "one", "many"))
    yield _line(f"检查 {COUNT:,} 笔办完各步的奖补", f"{whole['cpu']:.2f} CPU 秒", whole, "≤ 5 CPU 秒", whole["cpu"] <= 5)
    each, together = one["cpu"] / ONE_BY_ONE * 1000, many["cpu"] / COUNT * 1000
    yield _line("办理前逐笔核对办理经过", f"一笔 {each:.1f} 毫秒", one, "≤ 5 毫秒", each <= 5)
    yield _line(f"成批核对 {COUNT:,} 笔", f"一笔 {together:.1f} 毫秒", many, "≤ 5 毫秒", together <= 5)


def _line(what: str, figure: str, measured: dict[str, float], aim: str, is_met: bool) -> tuple[str, ...]:
    return (what, figure, "—", "—", f"{measured['peak']:.0f}", aim, "达到" if is_met else "没有达到")


def _measured(*step: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "tests.bench.checking", *step], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _make(path: Path, count: int) -> None:
    with Book.create(path) as book:
        with book.action("新建账簿", "张三") as session:
            office.set_up(session, YUSHAN, "玉山县财政局")
            numbers = [_recognised(session, number) for number in range(count)]
            credit.record(session, numbers, DAY, "“信用中国”网站", True, "")
        staff = persons(book)
        round_id = perform(
            book, "测算", staff[Role.CLERK], lambda s: rounds.prepare(s, 2024, *rounds.basis_for(s, 2024)).round.id
        )
        with book.reading() as session:
            awards = session.scalars(select(tables.Award.number).order_by(tables.Award.number)).all()
        for start in range(0, count, BATCH):
            _all_the_way(book, staff, round_id, awards[start : start + BATCH])


def _recognised(session: object, number: int) -> int:
    name = f"示例{number:05}有限公司"
    account = {"payee_bank": "示例银行玉山支行", "payee_account": f"36{number:017}"}
    form = OrganisationForm(name=name, shares=(Share(YUSHAN, 1),), shares_evidence="税务证明（示例）", **account)
    owner = organisations.register(session, form)
    facts = {"document_date": date(2024, 9, 2), "label_year": 2024, "document_number": "示例〔2024〕1号"}
    recognitions.register(session, RecognitionForm(owner, "little_giant", Level.NATIONAL, Kind.NEW, name, **facts))
    return owner


def _all_the_way(book: Book, staff: dict, round_id: int, numbers: Sequence[str]) -> None:
    for event, role, words in WAY:
        outcomes = perform(book, event.label, staff[role], lambda s, e=event, w=words: process.advance(s, numbers, e, w))
        assert all(one.is_done for one in outcomes), outcomes[0].why
    perform(book, "下达", staff[Role.CLERK], lambda s: letters.issue(s, round_id, NEXT, numbers))
    with book.reading() as session:
        wanted = set(numbers)
        parts = [one for one in standings.part_lines(session, round_id) if one.award_number in wanted]
    movements = [(kind, Payer.MUNICIPAL) for kind in (EntryKind.REQUESTED, EntryKind.APPROVED, EntryKind.ARRIVED)]
    for kind, payer in (*movements, (EntryKind.PAID, Payer.BENEFICIARY), (EntryKind.PAID, Payer.MUNICIPAL)):
        orders = [
            PaymentOrder(one.id, one.standing.amount, NEXT, f"凭证 {one.id}", f"{kind}/{one.id}") for one in parts if one.payer is payer
        ]
        done = perform(book, kind.label, staff[Role.PAYER], lambda s, k=kind, o=orders: ledger.enter_all(s, k, o))
        assert all(one.is_done for one in done), done[0].why
    done = perform(book, "归档", staff[Role.CLERK], lambda s: process.advance(s, numbers, Event.ARCHIVE, Words(NEXT)))
    assert all(one.is_done for one in done), done[0].why


def _run(step: str, path: str, *more: str) -> dict[str, float]:
    if step == "make":
        _make(Path(path), int(more[0]))
        return {}
    with Book(Path(path)) as book:
        with book.reading() as session:
            ids = session.scalars(select(tables.Award.id)).all()
            replay.award_problems(session, ids[:1])  # what is loaded once
        began = process_time()
        if step == "check":
            assert check(book) == []
        else:
            with book.reading() as session:
                for some in [ids] if step == "many" else [[one] for one in ids[:ONE_BY_ONE]]:
                    assert replay.award_problems(session, some) == []
        cpu = process_time() - began
    return {"cpu": cpu, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    print(json.dumps(_run(*sys.argv[1:])))
