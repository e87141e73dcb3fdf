"""Five kinds of real layouts in one fresh book: awards for real rows only.

What is right was worked out by hand from the lists and clause 一（九）: 100,000 yuan of the county for a provincial
title, and 200,000 of the city beside it for a national one.
"""

import json
from pathlib import Path

import pytest

from zjtx_desktop.cli import run

LISTS = Path(__file__).parent / "cases" / "lists-real"
DOCUMENT = ("--document", "关于公布名单的通知", "--number", "赣工信企业字〔2024〕18号", "--date", "2024-06-03")
KINDS = (
    # An announcement with a headline and sections: a champion, one merely in training, a champion's product.
    ("k2a-champion-sections.xlsx", ("--title", "制造业单项冠军企业", "--level", "省级", "--type", "新认定"), 2),
    # A list with a column of reviews: one recognised first in 2021, one in this year.
    ("k1f-column-fuhe-year.xlsx", ("--title", "专精特新中小企业", "--level", "省级"), 1),
    # A publicity list.
    ("k1i-proposed-headline.xlsx", ("--title", "专精特新中小企业", "--level", "省级", "--type", "新认定"), 1),
    # A list of the whole province: two of other cities, one of ours, one with a code cut short.
    ("k17a-provincial-list.xlsx", ("--title", "专精特新中小企业", "--level", "省级", "--type", "新认定"), 1),
    # A base with the firm that runs it.
    ("k8h-base-and-applicant.xlsx", ("--title", "小型微型企业创业创新示范基地", "--level", "国家级", "--type", "新认定"), 1),
)
COUNTY, CITY = ("beneficiary", "361123", 10_000_000), ("municipal", "361199", 20_000_000)
AWARDED = {
    "江西样例江腾贰零贰肆科技有限公司": ("champion", "省级", [COUNTY]),
    "江西样例铭临贰零贰陆科技有限公司": ("champion", "省级", [COUNTY]),
    "江西样例浩拓贰零壹零科技有限公司": ("srdi_sme", "省级", [COUNTY]),
    "江西样例欣达贰壹贰肆科技有限公司": ("srdi_sme", "省级", [COUNTY]),
    "玉山轴承产业园": ("startup_base", "国家级", [COUNTY, CITY]),
}


@pytest.fixture
def answer(capsys):
    def ask(*words: object) -> dict:
        capsys.readouterr()
        assert run([*map(str, words), "--by", "张三", "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.mark.parametrize("order", [1, -1], ids=["in this order", "in the other"])
def test_five_kinds_of_lists_in_one_book_give_awards_for_real_rows_only(order, answer, tmp_path):
    book = tmp_path / "县.zjtx"
    answer("new", book, "--division", "361123", "--office", "玉山县财政局")
    for name, words, real in KINDS[::order]:
        found = answer("import", book, LISTS / name, *words, *DOCUMENT)
        assert (found["written"], sum(row["status"] == "new" for row in found["rows"])) == (real, real)
        assert answer("import", book, LISTS / name, *words, *DOCUMENT)["written"] == 0

    computed = answer("compute", book, "--year", 2024)
    verdicts = {award["organisation"]: award["verdict"] for award in computed["awards"]}
    base, published = "玉山轴承产业园", "江西样例凯欣贰零壹玖科技有限公司"
    assert verdicts == {name: "award" for name in AWARDED} | {base: "undecided", published: "none"}
    assert computed["totals"] == {"beneficiary_fen": 40_000_000, "municipal_fen": 0, "awards": 4}

    answer("payee", book, "--organisation", base, "--company", "是")  # who is paid for a base has to be said
    computed = answer("compute", book, "--year", 2024)
    awarded = [award for award in computed["awards"] if award["verdict"] == "award"]
    assert {award["organisation"]: [(part["payer"], part["treasury"], part["fen"]) for part in award["parts"]] for award in awarded} == {
        name: parts for name, (_, _, parts) in AWARDED.items()
    }
    assert {award["organisation"]: award["level"] for award in awarded} == {name: level for name, (_, level, _) in AWARDED.items()}
    assert computed["totals"] == {"beneficiary_fen": 50_000_000, "municipal_fen": 20_000_000, "awards": 5}
    assert answer("check", book) == {"sound": True, "problems": [], "accepted": [], "hints": []}
