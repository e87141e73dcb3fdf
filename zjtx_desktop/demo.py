"""The main job on an embedded book: sample list in, awards computed, letters and workbook out."""

from datetime import date
from pathlib import Path

from zjtx_desktop import headless, headless_rounds
from zjtx_desktop.errors import Refused
from zjtx_desktop.exchange.lists import ListDefaults
from zjtx_desktop.headless import Answer
from zjtx_desktop.paths import RESOURCES
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import letters, rounds

SAMPLE = RESOURCES / "samples" / "示例认定名单.xlsx"
DIVISION, OFFICE = "361123", "示例县财政局"
YEARS = (2023, 2024, 2025)
EVIDENCE = "示例县税务局证明（示例）"
COMPANIES = {  # what a clerk records of the operators of bases and platforms before their awards are judged
    "示例玉山小微企业双创园": True,
    "示例玉山县中小企业服务中心": False,
    "示例玉山创业服务协会": False,
    "示例玉山检测技术平台有限公司": True,
    "示例玉山数字服务平台有限公司": True,
    "示例玉山青年创业基地": True,
}


def demo(folder: Path, by: str) -> Answer:
    """Carry the sample through the whole job in `folder`; Refused when something of that name is there."""
    folder.mkdir(parents=True, exist_ok=True)
    book = folder / "示例账簿.zjtx"
    if book.exists():
        raise Refused(f"“{book}”已经存在，没有改动它。请换一个文件夹。")
    today = date.today()
    bad_rows = folder / "示例名单有误的行.xlsx"
    said = [f"账簿：{book}"]
    headless.new_book(book, DIVISION, OFFICE, by)
    imported = headless.import_list(book, SAMPLE, ListDefaults(), today, by, bad_rows=bad_rows)
    said += [f"名单：{SAMPLE}", f"  {next(iter(imported.lines))}", f"有误的行：{bad_rows}", f"  {_complete(book, today, by)}"]
    years = []
    for year in YEARS:
        computed = headless_rounds.compute_year(book, year, by)
        letters, workbook = folder / f"{year}年度拨付通知.pdf", folder / f"{year}年度报送表.xlsx"
        basis = folder / f"{year}年度测算依据.pdf"
        said.append(f"{computed.lines[-1]}")
        headless.write_letters_to(book, year, letters, issue=True, today=today, by=by)
        headless.write_basis_file(book, year, basis, today)
        headless.export_workbook(book, year, workbook, today, by)
        said += [f"  拨付通知：{letters}", f"  测算依据：{basis}", f"  报送表：{workbook}"]
        years.append(computed.data["totals"] | {"year": year, "letters": str(letters), "workbook": str(workbook), "basis": str(basis)})
    checked = headless.check_book(book)
    said += checked.lines
    data = {"book": str(book), "list": str(SAMPLE), "written": imported.data["written"], "years": years}
    return Answer(tuple(said), data | {"sound": not checked.failed}, failed=checked.failed)


def _complete(book: Path, today: date, by: str) -> str:
    """Record what a published list does not say: who confirmed the treasuries, which payees are companies."""
    for name, company in COMPANIES.items():
        headless_rounds.record_payee(book, name, company, by)
    return headless_rounds.confirm_treasuries(book, (), EVIDENCE, today, by).lines[-1]


def sample_book(path: Path, by: str) -> None:
    """Make the sample book as the demo does, without its files; the last year's letters stay drafts."""
    if path.exists():
        raise Refused(f"“{path}”已经存在，没有改动它。请直接打开它。")
    path.parent.mkdir(parents=True, exist_ok=True)
    today = date.today()
    headless.new_book(path, DIVISION, OFFICE, by)
    headless.import_list(path, SAMPLE, ListDefaults(), today, by)
    _complete(path, today, by)
    for year in YEARS:
        headless_rounds.compute_year(path, year, by)
    with Book(path) as book:
        for year in YEARS[:-1]:
            with book.action(f"下达 {year} 年度奖补拨付通知", by) as session:
                letters.issue(session, rounds.find_round(session, year).id, today)
