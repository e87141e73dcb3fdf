"""`pairs` and `merge` as a user types them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

MAIN = Path(__file__).resolve().parents[1] / "main.py"
HEADINGS = ("企业名称", "统一社会信用代码", "认定称号", "级别", "认定类型", "批次", "文号", "认定日期", "受益财政")
ROW = ("专精特新中小企业", "省级", "新认定", "第六批", "示例〔2024〕1号", "2024-09-02", "玉山县")
CODE = "91361123MA35F00016"


def run(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([sys.executable, str(MAIN), *map(str, words)], capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def answer(*words: object, code: int = 0) -> dict:
    return json.loads(run(*words, "--json", code=code).stdout)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "县.zjtx"
    run("new", path, "--division", "361123", "--office", "玉山县财政局")
    lists = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(lists) as made:
        sheet = made.add_worksheet()
        rows = (("示例精密有限公司", ""), ("示例精蜜有限公司", CODE), ("别的机械有限公司", ""))
        for number, values in enumerate((HEADINGS, *((*firm, *ROW) for firm in rows))):
            sheet.write_row(number, 0, values)
    assert answer("import", path, lists)["written"] == 3
    return path


def test_pairs_are_listed_previewed_and_merged(book):
    (pair,) = answer("pairs", book)["pairs"]
    assert (pair["first"]["credit_code"], pair["second"]["name"]) == (CODE, "示例精密有限公司")
    assert pair["reasons"] == ["名称只差一个字"]
    answer("compute", book, "--year", 2024)
    words = ("merge", book, CODE, "示例精密有限公司", "--keep", CODE)
    seen = answer(*words, "--dry-run")
    assert (seen["merged"], seen["problems"], len(seen["doubles"])) == (False, [], 1)
    assert seen["facts"]["name"] == {"kept": "示例精蜜有限公司", "other": "示例精密有限公司", "choosable": True, "from_other": False}
    assert len(answer("pairs", book)["pairs"]) == 1
    assert "没有写明理由" in run(*words, code=1).stderr
    done = answer(*words, "--reason", "营业执照同一", "--take", "单位名称")
    assert done["merged"] and answer("pairs", book)["pairs"] == []
    found = answer("compute", book, "--year", 2024)["awards"]
    assert [(one["organisation"], one["credit_code"]) for one in found] == [("示例精密有限公司", CODE), ("别的机械有限公司", None)]
    assert answer("check", book)["sound"]


def test_what_cannot_be_meant_is_said(book):
    assert "没有“某某公司”这家单位" in run("merge", book, CODE, "某某公司", "--keep", CODE, code=1).stderr
    assert "不是要合并的两家之一" in run("merge", book, "#1", "#2", "--keep", "#3", code=1).stderr
    assert "是同一家单位，不用合并" in run("merge", book, CODE, "示例精蜜有限公司", "--keep", CODE, code=1).stderr
    assert "没有“名字”这一项" in run("merge", book, "#1", "#2", "--keep", "#1", "--take", "名字", code=1).stderr
    told = run("merge", book, "#1", "#2", "--keep", "#1", "--dry-run").stdout
    assert "保留“示例精密有限公司”（#1），并入“示例精蜜有限公司”（#2）。" in told and "统一社会信用代码：没有 | " + CODE in told
