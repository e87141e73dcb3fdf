"""The headless commands as a person types them: exit codes, sentences, JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

ROOT = Path(__file__).resolve().parents[1]
HEADINGS = ("企业名称", "统一社会信用代码", "所属地区", "认定日期", "文号")
ROWS = (
    ("示例甲有限公司", "91361123MA0000001J", "玉山县", "2024-06-03", "示例[2024]18号"),
    ("示例乙有限公司", "91361123MA0000002M", "信州区", "2024-06-03", "示例[2024]18号"),
    ("示例丙有限公司", "9.14E+17", "玉山县", "2024-06-03", "示例[2024]18号"),
    ("示例甲有限公司", "91361123MA0000001J", "玉山县", "2024-06-03", "示例[2024]18号"),
)


def run(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, words)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def answer(*words: object) -> dict:
    return json.loads(run(*words, "--json").stdout)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    with xlsxwriter.Workbook(folder / "名单.xlsx") as made:
        sheet = made.add_worksheet()
        for number, row in enumerate((HEADINGS, *ROWS)):
            sheet.write_row(number, 0, row)
    run("new", folder / "县.zjtx", "--division", "361123", "--office", "玉山县财政局", "--by", "张三")
    return folder / "县.zjtx"


def test_a_county_goes_from_list_to_letters_and_workbook(book):
    folder, listed = book.parent, book.with_name("名单.xlsx")
    file_wide = ("--title", "专精特新“小巨人”企业", "--level", "国家级", "--type", "新认定", "--batch", "第六批")
    seen = answer("import", book, listed, *file_wide, "--dry-run")
    assert seen["written"] == 0
    bad = folder / "有误.xlsx"
    done = answer("import", book, listed, *file_wide, "--bad-rows", bad)
    assert [(row["row"], row["status"]) for row in done["rows"]] == [(2, "new"), (3, "new"), (4, "error"), (5, "duplicate")]
    assert done["written"] == 2
    assert "第4行“统一社会信用代码”列" in "".join(done["rows"][2]["messages"])
    assert bad.exists()
    again = answer("import", book, listed, *file_wide)
    assert ([row["status"] for row in again["rows"][:2]], again["written"]) == (["same", "same"], 0)

    own = answer("compute", book, "--year", 2024)
    assert [(award["organisation"], award["document_number"]) for award in own["awards"]] == [("示例甲有限公司", "示例〔2024〕18号")]
    (award,) = own["awards"]
    assert (award["verdict"], award["level"], award["award_year"], award["credit_code"]) == ("award", "国家级", 2024, "91361123MA0000001J")
    assert [(p["payer"], p["treasury"], p["fen"]) for p in award["parts"]] == [
        ("beneficiary", "361123", 10_000_000),
        ("municipal", "361199", 20_000_000),
    ]
    assert own["totals"] == {"beneficiary_fen": 10_000_000, "municipal_fen": 20_000_000, "awards": 1}
    refused = run("compute", book, "--year", 2024, "--county-amount", "小巨人:国家级=99999.99", "--basis", "示例", code=1)
    assert "低于下限" in refused.stderr
    assert refused.stderr.count("\n") == 1
    raised = answer("compute", book, "--year", 2024, "--county-amount", "专精特新小巨人:国家级=150000", "--basis", "玉府发〔2024〕9号")
    assert raised["totals"]["beneficiary_fen"] == 15_000_000
    both = answer("compute", book, "--year", 2024, "--all-divisions")
    assert both["totals"]["awards"] == 2

    drafts = answer("letters", book, "--year", 2024, "--out", folder / "草稿.pdf")
    assert (drafts["issued"], drafts["drafts"]) == (0, 2)
    waits = run("letters", book, "--year", 2024, "--out", folder / "通知", "--issue", code=1)
    assert "受益财政（玉山县，来自名单“所属地区”列）还没有确认，不能下达" in waits.stderr
    assert answer("confirm", book, "--evidence", "税务局清单（示例）")["confirmed"] == ["示例乙有限公司", "示例甲有限公司"]
    issued = answer("letters", book, "--year", 2024, "--out", folder / "通知", "--issue")
    assert [Path(file).name.endswith(".pdf") for file in issued["files"]] == [True, True]
    assert sum(letter["fen"] for letter in issued["letters"]) == 15_000_000 + 10_000_000 + 20_000_000 * 2  # its own amount
    again = answer("letters", book, "--year", 2024, "--out", folder / "再印.pdf", "--issue")
    assert (again["issued"], [letter["number"] for letter in again["letters"]]) == (0, [k["number"] for k in issued["letters"]])
    run("letters", book, "--year", 2024, "--out", folder / "草稿.pdf", code=1)
    sent = answer("export", book, "--year", 2024, "--out", folder / "报送.xlsx")
    assert sent["total_fen"] == sent["beneficiary_fen"] + sent["municipal_fen"] == 65_000_000
    assert answer("check", book) == {"sound": True, "problems": [], "accepted": [], "hints": []}


def test_awards_are_taken_step_by_step_and_what_is_refused_is_named(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "名单.xlsx") as made:
        sheet = made.add_worksheet()
        for number, row in enumerate((HEADINGS, ROWS[0])):
            sheet.write_row(number, 0, row)
    book = tmp_path / "县.zjtx"
    run("new", book, "--division", "361123", "--office", "玉山县财政局")
    run("import", book, tmp_path / "名单.xlsx", "--title", "专精特新“小巨人”企业", "--level", "国家级", "--type", "新认定")
    (award,) = answer("compute", book, "--year", 2024)["awards"]
    number, step = award["number"], ("advance", book, "--year", 2024, "--event")
    done = answer(*step, "初审", "--opinion", "材料齐全，同意", "--on", "2024-12-02")
    assert done == {"event": "examine", "done": [number], "refused": {}}
    assert "没有等着“初审”的奖补" in run(*step, "初审", "--opinion", "同意", code=1).stderr
    assert "没有登记收款账户" in run(*step, "复核", "--opinion", "同意", code=1).stderr
    assert "没有“付款”这一步" in run(*step, "付款", code=1).stderr
    assert "要写明是哪一笔" in run(*step, "退回", "--opinion", "补材料", code=1).stderr
    back = answer(*step, "退回", "--opinion", "补材料", "--award", number, "--award", "没有的编号")
    assert back["done"] == [number] and list(back["refused"]) == ["没有的编号"]
    assert answer("check", book)["sound"]


def test_usage_errors_exit_with_2_and_speak_chinese():
    done = run("compute", code=2)
    assert "缺少参数" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "没有这本.zjtx"), "找不到账簿"),
        (("new", "坏名字.db", "--division", "361123", "--office", "某局"), ".zjtx"),
        (("new", "x.zjtx", "--division", "南昌市", "--office", "某局"), "不在上饶市"),
    ],
)
def test_refusals_are_one_chinese_sentence_and_leave_nothing(words, said, tmp_path):
    command, name, *rest = words
    refused = run(command, tmp_path / name, *rest, code=1)
    assert said in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_book_is_refused(tmp_path):
    (tmp_path / "假.zjtx").write_bytes(b"PK\x03\x04 not a book" * 100)
    assert "打不开" in run("check", tmp_path / "假.zjtx", code=1).stderr
