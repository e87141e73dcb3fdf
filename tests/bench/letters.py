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
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from zjtx_desktop.documents.letter import AwardLetter, LetterPart, compose, letter_pdf, write_letters  # noqa: E402
from zjtx_desktop.paths import RESOURCES  # noqa: E402
from zjtx_desktop.values import Money  # noqa: E402

Row = tuple[str, str, str, str, str, str, str]
_WORDS = ("鑫源", "恒泰", "光电", "铜业", "精密", "汇能", "博创", "康达", "新材", "和顺")
_TRADES = "机械制造 电子科技 新能源材料 生物医药 智能装备 环保科技 汽车零部件 光学仪器 食品 软件".split()
_ONE = (LetterPart("受益财政", "玉山县", Money(10_000_000), "一（九）第一句"),)
_TWO = (*_ONE, LetterPart("市级财政", "上饶市本级", Money(20_000_000), "一（九）第二句"))

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
Type="{_SCHEMAS}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""",
    "word/document.xml": f"""<w:document xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main">
<w:body>{{}}</w:body></w:document>""",
}


def letters(count: int) -> Iterator[AwardLetter]:
    """`count` letters to different organisations, every third with two parts in a table."""
    names = product(_WORDS, _WORDS, _TRADES)
    for number, (first, second, trade) in zip(range(1, count + 1), names, strict=False):
        yield AwardLetter(
            office="玉山县工业和信息化局",
            number=f"玉工信字〔2024〕{number}号",
            addressee=f"江西{first}{second}{trade}有限公司",
            payee=None,
            credit_code=f"91361123MA35F{number:04}X",
            title="江西省专精特新中小企业",
            level="省级",
            kind="新认定",
            award_year=2024,
            recognition_document="关于公布2024年江西省专精特新中小企业名单的通知",
            recognition_number="赣工信企业字〔2024〕106号",
            recognised_on=date(2024, 1 + number % 12, 1 + number % 28),
            policy_title="上饶市促进“专精特新”中小企业发展实施意见",
            policy_number="饶府办发〔2023〕12号",
            policy_clause="一（九）",
            parts=_ONE if number % 3 else _TWO,
            award_number=f"361123-2024-{number:04}",
            issued_on=date(2024, 11, 20),
            contact="王芳　0793-2551234",
            code="7QK4-M2XA-9DFT-PPLW-83HC-V5RE",
        )


def ours(how: str, count: int, folder: Path) -> dict[str, float]:
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
    """(name, ours, other, ratio, our peak MB, target, ok or why it was skipped) for each comparison."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mine = {how: _child([sys.executable, __file__, how, str(count), name]) for how in ("one", "files")}
        python = _typst_python()
        texts = [asdict(compose(letter)) for letter in letters(count)]
        (folder / "all.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
        shutil.copy(Path(__file__).with_suffix(".typ"), folder)
        (folder / "child.py").write_text(TYPST_CHILD, "utf-8")

        def typst(how: str) -> dict[str, float]:
            return _child([python, str(folder / "child.py"), name, str(RESOURCES / "fonts"), how])

        why = "" if python else "已跳过：没有装 typst（可用 ZJTX_TYPST_PYTHON 指定装有它的 Python）"
        office = shutil.which("soffice")
        return [
            _row(
                f"{count} 封通知合成一个 PDF，对 typst",
                mine["one"],
                3.0,
                count,
                why,
                lambda: typst("one"),
                count,
            ),
            _row(
                f"{count} 封通知各成一个 PDF，对 typst",
                mine["files"],
                1.5,
                count,
                why,
                lambda: typst("files"),
                count,
            ),
            _row(
                f"{count} 封通知各成一个 PDF，对 docx 邮件合并",
                mine["files"],
                1.5,
                count,
                "" if office else "已跳过：没有装 LibreOffice",
                lambda: _docx(office, folder, texts[:50]),
                50,
            ),
        ]


def _row(
    name: str,
    mine: dict[str, float],
    target: float,
    count: int,
    why: str,
    other: Callable[[], dict[str, float]],
    other_count: int,
) -> Row:
    speed, peak = count / mine["cpu"], mine["peak"]
    goal = f"≥ {target:g} 倍，≤ 150 MB"
    if why:
        return name, f"{speed:.0f} 封/CPU秒", "—", "—", f"{peak:.0f}", goal, why
    theirs = other_count / other()["cpu"]
    fine = speed >= target * theirs and peak <= 150
    return (
        name,
        f"{speed:.0f} 封/CPU秒",
        f"{theirs:.1f} 封/CPU秒",
        f"{speed / theirs:.1f}",
        f"{peak:.0f}",
        goal,
        "ok" if fine else "未达标",
    )


def _child(command: list[str]) -> dict[str, float]:
    """Run a measurement in a process of its own; it prints its figures as JSON."""
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _typst_python() -> str:
    """A Python that has typst: the one named, or this one; empty when there is none."""
    named = os.environ.get("ZJTX_TYPST_PYTHON", "")
    return named or (sys.executable if find_spec("typst") else "")


def _docx(office: str, folder: Path, texts: list[dict[str, str]]) -> dict[str, float]:
    """Fill a docx for each letter and let one LibreOffice turn them all into PDF."""
    source, fonts = folder / "docx", folder / "share" / "fonts"
    source.mkdir()
    shutil.copytree(RESOURCES / "fonts", fonts)
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
