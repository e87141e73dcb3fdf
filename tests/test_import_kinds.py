"""The command takes every kind of list, as other programs make them; what it refuses leaves the book as it was."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "tests" / "exchange" / "samples"
SAID = (
    "--title", "专精特新中小企业", "--level", "省级", "--type", "新认定", "--document", "关于公布名单的通知",
    "--number", "赣工信企业字〔2024〕18号", "--date", "2024-06-03",
)  # fmt: skip


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", str(ROOT / "main.py"), *map(str, words), "--by", "示例"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "县.zjtx"
    assert run("new", path, "--division", "361123", "--office", "示例财政局").returncode == 0
    return path


@pytest.mark.parametrize(
    ("name", "rows", "first"),
    [
        ("libreoffice.docx", 3, "示例甲科技有限公司"),
        ("libreoffice-merged.pdf", 3, "示例甲科技有限公司"),
        ("libreoffice-pages.pdf", 70, "示例第1号科技有限公司"),
        ("weasyprint-ruled.pdf", 60, "示例第1号科技有限公司"),
        ("weasyprint-plain.pdf", 60, "示例第1号科技有限公司"),
    ],
)
def test_a_list_of_another_kind_is_imported(book, name, rows, first):
    done = run("import", book, SAMPLES / name, *SAID, "--json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["written"], len(found["rows"]), found["rows"][0]["name"]) == (rows, rows, first)
    assert {row["status"] for row in found["rows"]} == {"new"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("password.pdf", "PDF 文件设有打开密码"),
        ("password.docx", "打开密码"),
        ("password.xlsx", "打开密码"),
        ("libreoffice.doc", "旧版 Word"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_in_a_sentence_and_changes_nothing(book, name, words):
    before = book.read_bytes()

    done = run("import", book, SAMPLES / name, *SAID)

    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr and done.stderr.count("。") == 1 and "Traceback" not in done.stderr
    assert book.read_bytes() == before
