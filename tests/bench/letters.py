"""How fast letters become PDFs, against typst and against a docx mail merge through LibreOffice.

Same wording, same fonts. Every figure comes from a child process of its own: CPU seconds of the work
(fonts included, start of the interpreter not) and the peak of its memory. typst is used when it can be
imported here, or from the Python named in ZJTX_TYPST_PYTHON; LibreOffice when `soffice` is on the path.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from functools import partial
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from zjtx_desktop.documents.letter import (  # noqa: E402
    AwardLetter,
    LetterPart,
    LetterPolicy,
    compose,
    letter_pdf,
    write_letters,
)
from zjtx_desktop.paths import RESOURCES  # noqa: E402
from zjtx_desktop.values import Money  # noqa: E402

Row = tuple[str, str, str, str, str, str, str]
Figures = dict[str, float]
ROUNDS = 3
_WORDS = ("鑫源", "恒泰", "光电", "铜业", "精密", "汇能", "博创", "康达", "新材", "和顺")
_TRADES = "机械制造 电子科技 新能源材料 生物医药 智能装备 环保科技 汽车零部件 光学仪器 食品 软件".split()
_PLACES = ("玉山县", "信州区", "广丰区", "广信区", "德兴市", "铅山县", "上饶经济技术开发区")
_TITLES = ("专精特新中小企业", "专业化“小巨人”企业", "制造业单项冠军企业", "小型微型企业创业创新示范基地")
_CITY = LetterPart("市级财政", "上饶市本级", Money(20_000_000), "饶府办发〔2023〕12号第一条第（九）项")

TYPST_CHILD = """
import json, sys, time, typst
from pathlib import Path
from xml.sax.saxutils import escape
folder, fonts, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
records = json.loads((folder / "all.json").read_text("utf-8"))
batches = [records] if how == "one" else [[record] for record in records]
start = time.process_time()
compiler = typst.Compiler(root=str(folder), font_paths=[fonts], ignore_system_fonts=True)
for number, batch in enumerate(batches):
    (folder / "data.json").write_text(json.dumps(batch, ensure_ascii=False), "utf-8")
    pdf = compiler.compile(input=str(folder / "letters.typ"), format="pdf")
    (folder / f"{number}.pdf").write_bytes(pdf)
cpu = time.process_time() - start
peak = [line for line in open("/proc/self/status") if line.startswith("VmHWM")][0].split()[1]
print(json.dumps({"cpu": cpu, "peak": int(peak) / 1024}))
"""
_SCHEMAS = "http://schemas.openxmlformats.org"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PARAGRAPH = """<w:p><w:r><w:rPr><w:rFonts w:ascii="GW FangSong" w:hAnsi="GW FangSong"
w:eastAsia="GW FangSong"/>
<w:sz w:val="32"/></w:rPr><w:t>{}</w:t></w:r></w:p>"""
_DOCX = {
    "[Content_Types].xml": f"""<Types xmlns="{_SCHEMAS}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_SCHEMAS}/package/2006/relationships"><Relationship Id="r1"
Type="{_SCHEMAS}/officeDocument/2006/relationships/officeDocument"
Target="word/document.xml"/></Relationships>""",
    "word/document.xml": f"""<w:document xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main">
<w:body>{{}}</w:body></w:document>""",
}


def letters(count: int) -> Iterator[AwardLetter]:
    """`count` letters of one year: eight lists, seven treasuries, every third shared in a table."""
    names = product(_WORDS, _WORDS, _TRADES)
    for number, (first, second, trade) in zip(range(1, count + 1), names, strict=False):
        yield AwardLetter(
            office="玉山县工业和信息化局",
            number=f"玉工信字〔2024〕{number}号",
            addressee=f"江西{first}{second}{trade}有限公司",
            payee=None,
            credit_code=f"91361123MA35F{number:04}X",
            title=_TITLES[number % 4],
            level="国家级" if number % 3 == 0 else "省级",
            kind="新认定",
            award_year=2024,
            recognition_document=f"关于公布2024年度第{number % 8 + 1}批{_TITLES[number % 4]}名单的通知",
            recognition_number=f"赣工信企业字〔2024〕{100 + number % 8}号",
            recognised_on=date(2024, 1 + number % 8, 15),
            policies=(LetterPolicy("上饶市促进“专精特新”中小企业发展实施意见", "饶府办发〔2023〕12号", "第一条第（九）项"),),
            parts=_parts(number),
            award_number=f"361123-2024-{number:04}",
            issued_on=date(2024, 11, 20),
            contact="王芳　0793-2551234",
            code="128-5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YQV1",
        )


def _parts(number: int) -> tuple[LetterPart, ...]:
    """One treasury as a rule; of every third, two that share by tax paid, and the city."""
    first, second = _PLACES[number % 7], _PLACES[(number + 3) % 7]
    share = 10_000_000 if number % 3 else 5_000_000 + number * 4_321
    own = (LetterPart("受益财政", first, Money(share), "饶府办发〔2023〕12号第一条第（九）项"),)
    if number % 3:
        return own
    return (*own, LetterPart("受益财政", second, Money(10_000_000 - share), "饶府办发〔2023〕12号第一条第（九）项"), _CITY)


def ours(how: str, count: int, folder: Path) -> Figures:
    """Make the letters here, as one PDF or a file each; CPU seconds and peak memory in MB."""
    start = time.process_time()
    if how == "one":
        with (folder / "all.pdf").open("wb") as out:
            write_letters(letters(count), out)
    else:
        for number, letter in enumerate(letters(count)):
            (folder / f"{number}.pdf").write_bytes(letter_pdf(letter))
    cpu = time.process_time() - start
    status = Path("/proc/self/status").read_text()
    return {"cpu": cpu, "peak": int(status.split("VmHWM:")[1].split()[0]) / 1024}


def rows(count: int = 1000) -> list[Row]:
    """(name, ours, other, ratio, our peak MB, target, ok or why it was skipped) for each comparison.

    Both sides run in turn, `ROUNDS` times, and the best of each counts: other work on the machine only slows.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = [asdict(compose(letter)) for letter in letters(count)]
        (folder / "all.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
        shutil.copy(Path(__file__).with_suffix(".typ"), folder)
        (folder / "child.py").write_text(TYPST_CHILD, "utf-8")
        python, office, fonts = _typst_python(), shutil.which("soffice"), str(RESOURCES / "fonts")
        no_typst = "" if python else "已跳过：没有装 typst（可用 ZJTX_TYPST_PYTHON 指定装有它的 Python）"
        no_office = "" if office else "已跳过：没有装 LibreOffice"

        def mine(how: str) -> Figures:
            return _child([sys.executable, __file__, how, str(count), name])

        def typst(how: str) -> Figures:
            return _child([python, str(folder / "child.py"), name, fonts, how])

        def docx() -> Figures:
            return _docx(office, folder, texts[:50]) | {"letters": 50}

        one, files = partial(mine, "one"), partial(mine, "files")
        return [
            _row(f"{count} 封通知合成一个 PDF，对 typst", one, 3.0, no_typst, partial(typst, "one"), count),
            _row(
                f"{count} 封通知各成一个 PDF，对 typst", files, 1.5, no_typst, partial(typst, "files"), count
            ),
            _row(f"{count} 封通知各成一个 PDF，对 docx 邮件合并", files, 1.5, no_office, docx, count),
        ]


def _row(
    name: str, ours: Callable[[], Figures], target: float, why: str, other: Callable[[], Figures], count: int
) -> Row:
    pairs = [(ours(), other() if not why else {}) for _ in range(ROUNDS)]
    speed, peak = (
        max(count / mine["cpu"] for mine, _ in pairs),
        max(mine["peak"] for mine, _ in pairs),
    )
    goal, shown = f"≥ {target:g} 倍，≤ 150 MB", (name, f"{speed:.0f} 封/CPU秒")
    if why:
        return *shown, "—", "—", f"{peak:.0f}", goal, why
    theirs = max(other.get("letters", count) / other["cpu"] for _, other in pairs)
    fine = speed >= target * theirs and peak <= 150
    ratio = f"{speed / theirs:.1f}"
    return *shown, f"{theirs:.0f} 封/CPU秒", ratio, f"{peak:.0f}", goal, "ok" if fine else "未达标"


def _child(command: list[str]) -> Figures:
    """Run a measurement in a process of its own; it prints its figures as JSON."""
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _typst_python() -> str:
    """A Python that has typst: the one named, or this one; empty when there is none."""
    named = os.environ.get("ZJTX_TYPST_PYTHON", "")
    return named or (sys.executable if find_spec("typst") else "")


def _docx(office: str, folder: Path, texts: list[dict[str, str]]) -> Figures:
    """Fill a docx for each letter and let one LibreOffice turn them all into PDF."""
    source, fonts = folder / "docx", folder / "share" / "fonts"
    source.mkdir(exist_ok=True)
    shutil.copytree(RESOURCES / "fonts", fonts, dirs_exist_ok=True)
    before = sum(os.times()[:4])
    for number, text in enumerate(texts):
        head = (text["office"], text["number"], text["title"], text["addressee"], *text["opening"])
        table = (" ".join(row) for row in text["table"])
        words = (*head, *table, *text["closing"], text["office"], text["date"], text["note"])
        body = "".join(_PARAGRAPH.format(escape(word)) for word in words)
        with zipfile.ZipFile(source / f"{number}.docx", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, xml in _DOCX.items():
                archive.writestr(name, xml.format(body) if name.endswith("document.xml") else xml)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder / "out")]
    command += map(str, sorted(source.glob("*.docx")))
    subprocess.run(
        command, check=True, capture_output=True, env=os.environ | {"XDG_DATA_HOME": str(fonts.parent)}
    )
    return {"cpu": sum(os.times()[:4]) - before}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(ours(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
    else:
        for row in rows():
            print(" | ".join(row))
