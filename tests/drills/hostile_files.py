"""Drills 7 and 17: files that hurt whoever reads them, and names that are no file names.

Simulated: the malformed books of the tests, each read by the reading process; names of organisations and
documents made of what file systems do not bear.
Promised: one sentence each, within 2 seconds and 300 MB of the reading process;
what is refused leaves the book as it was; every file name can be written and lies in its folder.
Control: the library alone must fail at some of the same files, the names as they are must not all be file names.
"""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

from tests.drills.drill import Done, Ground, Ledger
from zjtx_desktop import headless
from zjtx_desktop.documents.letter import AwardLetter, LetterPart, LetterPolicy, file_name
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.lists import ListDefaults
from zjtx_desktop.storage.book import Book
from zjtx_desktop.values import Money, safe_filename

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "exchange"))

from test_reading_malformed import FILES, HEAVY  # noqa: E402

SECONDS, MEGABYTES = 2, 300
_IMPORTED = 6  # one of so many is imported into a book as well
_ALONE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))
import openpyxl
for sheet in openpyxl.load_workbook(sys.argv[1], data_only=True):
    for row in sheet.iter_rows(values_only=True):
        pass
"""
_READER = """
import json, resource, sys
from pathlib import Path
from zjtx_desktop.errors import BadFile
from zjtx_desktop.exchange.reading import read_table
def used():
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime
for path in map(Path, sys.argv[1:]):
    before = used()
    try:
        said = str(len(read_table(path).rows))
    except BadFile as error:
        said = str(error)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps([said, peak, used() - before]), flush=True)
"""
_TROUBLE = "<>:\"/\\|?*. \0\1\n\u202e\u200b\ud800¹²公司（）Aa.~$%\u0301\U0002bd56"
_DEVICES = ("CON", "nul", "COM1", "COM¹", "LPT9", "aux.txt", "..", ".", "CONIN$", "../../etc/passwd", "C:\\x", "\\\\a\\b", "x:y")
_NO_NAME = re.compile(r"[<>:\"/\\|?*\x00-\x1f\x7f]|[. ]$|^\s|^$|^\.\.?$")
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])", re.IGNORECASE)
_MOST_BYTES = 255


def malformed(ground: Ground) -> Done:
    """Each malformed book through the reading process; figures are those of that process."""
    wrong, paths = Ledger(), []
    chosen = list(FILES)[:: ground.pick(6, 1, 1)]
    for number, what in enumerate(chosen):
        name, made, _ = FILES[what]
        folder = ground.fast / str(number)
        folder.mkdir()
        paths.append(folder / name)
        paths[-1].write_bytes(made())
    run = subprocess.run([sys.executable, "-c", _READER, *map(str, paths)], capture_output=True, cwd=ROOT, check=True)
    slowest = peak = 0.0
    for what, line in zip(chosen, run.stdout.splitlines(), strict=True):
        said, peak, seconds = json.loads(line)
        slowest = max(slowest, seconds)
        if not re.search(FILES[what][2], said) or not said.endswith("。"):
            wrong.add(f"“{what}”说成了“{said}”")
        if seconds > SECONDS or peak > MEGABYTES:
            wrong.add(f"“{what}”用了 {seconds:.1f} 秒、{peak:.0f} MB")
    book = ground.fast / "账簿.zjtx"
    headless.new_book(book, "361123", "玉山县财政局", "张三")
    for path in paths[::_IMPORTED]:
        _import(book, path, wrong)
    heavy = [path for what, path in zip(chosen, paths, strict=True) if what in HEAVY and path.suffix == ".xlsx"]
    failed = sum(_fails_alone(path) for path in heavy)
    return Done(
        f"{len(chosen)} 个坏文件",
        f"各说一句中文；最慢 {slowest:.1f} 秒，最多 {peak:.0f} MB；导入其中 {len(paths[::_IMPORTED])} 个，账簿没有改动",
        f"同样的 {len(heavy)} 个交给 openpyxl 直接读，{failed} 个出错、超时或内存不够",
        wrong.problems((failed > 0, "对照 openpyxl 没有一个失败")),
    )


def _fails_alone(path: Path) -> bool:
    return bool(subprocess.run([sys.executable, "-c", _ALONE, str(path)], capture_output=True).returncode)


def _import(book: Path, path: Path, wrong: Ledger) -> None:
    """What is refused leaves no trace in the book."""
    before = _head(book)
    try:
        headless.import_list(book, path, ListDefaults(), _today(), "张三")
    except BadFile:
        if _head(book) != before:
            wrong.add(f"拒绝了“{path.name}”，账簿却有改动")
    else:
        wrong.add(f"“{path.name}”被导入了")


def _today() -> date:
    return date(2024, 12, 2)


def _head(book: Path) -> str:
    with Book(book) as opened:
        return opened.head()


def names(ground: Ground) -> Done:
    """Random names, and those that file systems keep for themselves, as file names."""
    count, wrong, chance = ground.pick(2_000, 100_000, 100_000), Ledger(), ground.chance()
    raw = written = 0
    for number in range(count):
        name = _name(chance)
        made = safe_filename(name, chance.choice((10, 40, 80)))
        letter = file_name(_letter(name, number)) if name.strip() else made
        for one in (made, letter):
            if why := why_no_name(one):
                wrong.add(f"{name!r} 成了 {one!r}：{why}")
        raw += bool(why_no_name(name))
        if number % 100 == 0:
            written += _can_be_written(ground.fast, letter, wrong)
    return Done(
        f"{count:,} 个随机和刁钻的名称，种子 {ground.seed}",
        f"都能作文件名，其中 {written:,} 个真的写进了文件夹",
        f"不经处理的名称有 {raw:,} 个不能用",
        wrong.problems((raw > count // 10, "对照：不经处理的名称也都能用")),
    )


def _name(chance: Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(_DEVICES) + chance.choice(("", " ", ".", ".pdf", "公司"))
    letters = [
        chance.choice(_TROUBLE) if chance.random() < 0.5 else chr(chance.choice((chance.randrange(32, 0x3000), chance.randrange(0x4E00, 0x9FFF))))
        for _ in range(chance.randrange(1, 120))
    ]
    return "".join(letters)


def _letter(name: str, number: int) -> AwardLetter:
    """A letter to somebody of this name; only its file name is asked for."""
    part = LetterPart("受益财政", "玉山县", Money(100), "一（九）")
    return AwardLetter(
        "玉山县财政局", f"玉财奖〔2024〕{number}号", name, None, None, "专精特新中小企业", "省级", "新认定", 2024, None, None, None,
        (LetterPolicy("政策", "饶府办发〔2023〕12号", "第一条第（九）项"),), (part,), f"361123-2024-{number}", _today(), None, None,
    )  # fmt: skip


def why_no_name(name: str) -> str:
    """Why nobody could keep a file under this name; empty when one could."""
    if _NO_NAME.search(name):
        return "有不能用的字符"
    if _DEVICE.fullmatch(name.split(".")[0].rstrip()):
        return "是设备名"
    try:
        return "太长" if len(name.encode()) > _MOST_BYTES else ""
    except UnicodeEncodeError:
        return "有半个字符"


def _can_be_written(folder: Path, name: str, wrong: Ledger) -> bool:
    path = folder / "名" / name
    path.parent.mkdir(exist_ok=True)
    try:
        path.write_bytes(b"x")
    except (OSError, ValueError) as error:
        wrong.add(f"{name!r} 写不进：{error}")
        return False
    if path.resolve().parent != path.parent.resolve():
        wrong.add(f"{name!r} 跑出了文件夹")
    path.unlink()
    return True
