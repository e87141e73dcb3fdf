"""测算口径 by hand: a county's choice binds its own treasury; the city's documents, other treasuries' standards, and in the city's book each county."""

import looks
import pytest
import round_kit as kit
from PySide6.QtWidgets import QApplication

from ui.dialogs.choice_values import choices_of, values_of
from ui.dialogs.choices import ChoicesDialog
from ui.open_book import OpenBook
from ui.pages.rounds import RoundsPage
from zjtx_desktop.domain.choices import Answers, Choices, CountyAmount
from zjtx_desktop.domain.switches import SHARED
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import office, rounds
from zjtx_desktop.usecases.packs import shipped_pack
from zjtx_desktop.values import Division, Money

PACK = shipped_pack()
ZONE, DEXING = Division("361191"), Division("361181")
OURS, CITYS = "玉府办发〔2024〕3号", "饶府办发〔2024〕5号"


def city_book(path):
    book = Book.create(path)
    with book.action("新建账簿", "张三") as session:
        office.set_up(session, Division("361199"), "上饶市财政局")
    return book


@pytest.fixture(params=[kit.empty_book, city_book], ids=["county", "city"])
def book(tmp_path, request):
    with request.param(tmp_path / "账簿.zjtx") as made:
        kit.fill(made)
        kit.compute(made)
        yield made


county_only = pytest.mark.parametrize("book", [kit.empty_book], ids=["county"], indirect=True)
city_only = pytest.mark.parametrize("book", [city_book], ids=["city"], indirect=True)


@pytest.fixture
def dialog(qtbot, shown, book, jobs, settings):
    page = shown(RoundsPage(OpenBook(book, jobs, "张三"), settings))
    next(one for one in page.acts() if one.id == "choices").run()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ChoicesDialog))
    found = QApplication.activeModalWidget()
    yield found
    found._pause.stop()
    found._known = found._given
    found.form.mark_clean()
    found.reject()


def take(qtbot, jobs, dialog):
    qtbot.waitUntil(dialog.ok.isEnabled)
    dialog.accept()
    jobs.settle()
    qtbot.waitUntil(jobs.is_idle)


def kept(book):
    with book.reading() as session:
        return rounds.basis_for(session, 2024)[1]


@county_only
def test_a_choice_holds_for_the_municipal_part_only_by_a_document_of_the_city(qtbot, jobs, book, dialog):
    field = dialog.form.field("several_titles")
    assert not field.city.isVisible(), "by default the municipal part has it anyway"
    field.field.set_value("highest")
    field.basis.setText(OURS)
    assert field.city.isVisible() and "没有市级文件的，市级部分按文件执行" in field.city.placeholderText()
    field.city.setText(OURS)
    assert dialog.form.check() is False and "市级文件的文号" in dialog.form.message("several_titles")
    assert looks.problems(dialog) == []
    field.city.setText(CITYS)
    dialog.form.field("yearly_cap").field.setText("15万")
    dialog.form.field("yearly_cap").basis.setText(OURS)
    dialog.form.field("award_year_by").field.set_value("label")
    assert not any(dialog.form.field(name).city.isVisible() for name in (*SHARED, "yearly_cap"))
    dialog.form.field("award_year_by").field.set_value("document")
    take(qtbot, jobs, dialog)
    assert dict(kept(book).city_documents) == {"several_titles": CITYS}
    assert kept(book).division == kit.YUSHAN


@county_only
def test_standards_of_other_treasuries_are_seen_added_and_removed(qtbot, jobs, book, dialog):
    field = dialog.form.field("county others")
    assert field.rows == []
    field.more.click()
    row = field.rows[0]
    assert "上饶经济技术开发区" in [row.division.itemText(n) for n in range(row.division.count())]
    assert "玉山县" not in [row.division.itemText(n) for n in range(row.division.count())], "its own stand above"
    row.division.set_value(ZONE)
    qtbot.waitUntil(lambda: "都要填写" in dialog.effect.words.text())
    row.kind.set_value(("little_giant", Level.NATIONAL))
    row.amount.setText("20万")
    row.basis.setText("饶经开发〔2024〕1号")
    qtbot.waitUntil(lambda: "增加 40,000.00 元" in dialog.effect.words.text())
    assert looks.problems(dialog) == []
    take(qtbot, jobs, dialog)
    own = CountyAmount("little_giant", Level.NATIONAL, Money.parse("20万"), "饶经开发〔2024〕1号", ZONE)
    assert kept(book).county_amounts == (own,)
    again = ChoicesDialog(jobs, "测算口径", PACK, kept(book), lambda new: None)
    qtbot.addWidget(again, before_close_func=lambda closing: closing.form.mark_clean())
    shown = again.form.field("county others")
    assert shown.value() == (own,) and not again.form.is_dirty
    shown.rows[0].remove.click()
    assert again._read().county_amounts == ()


@city_only
def test_in_the_citys_book_each_county_has_its_own_answers_and_standards(qtbot, jobs, book, dialog):
    assert dialog.scope.isVisible() and dialog.scope.currentText() == "全市"
    dialog.scope.set_value(kit.YUSHAN)
    assert not dialog.form.field("award_year_by").isVisible() and not dialog.form.field("notice_working_days").isVisible()
    review = dialog.form.field("re_review")
    assert review.field.currentText().startswith("按全市（") and not review.city.isVisible()
    review.field.set_value("yes")
    review.basis.setText(OURS)
    amount = dialog.form.field("county little_giant 国家级")
    amount.field.setText("15万")
    dialog.scope.set_value(DEXING)
    assert dialog.scope.value() == kit.YUSHAN and "没有写明依据" in dialog.banner.text(), "what is wrong is put right first"
    amount.basis.setText(OURS)
    dialog.scope.set_value(DEXING)
    assert review.value()[0] is None and amount.value() is None, "another county, its own"
    assert looks.problems(dialog) == []
    dialog.scope.set_value(kit.YUSHAN)
    assert review.value() == ("yes", OURS, "") and amount.value() == (Money.parse("15万"), OURS)
    dialog.scope.set_value(None)
    assert amount.value() is None and review.field.currentText() == PACK.switches["re_review"].label_of("no")
    qtbot.waitUntil(lambda: "增加" in dialog.effect.words.text())
    take(qtbot, jobs, dialog)
    found = kept(book)
    assert found.counties == (Answers(kit.YUSHAN, {"re_review": "yes"}, {"re_review": OURS}),)
    assert found.county_amounts == (CountyAmount("little_giant", Level.NATIONAL, Money.parse("15万"), OURS, kit.YUSHAN),)
    assert found.switches["re_review"] == "no" and found.division is None


def full(division, counties):
    """Choices with something of everything."""
    amounts = [
        CountyAmount("little_giant", Level.NATIONAL, Money.parse(f"{wan}万"), f"文件{wan}", one)
        for wan, one in ((15, division), (16, ZONE), (17, DEXING))
    ]
    return Choices.of(
        PACK,
        {"several_titles": "highest", "re_review": "own_amount", "in_force_until": "2030-12-31"},
        amounts,
        {"several_titles": OURS},
        amounts,
        division=division,
        city_documents={"several_titles": CITYS},
        counties=counties,
    )


@pytest.mark.parametrize("scope", [None, ZONE, DEXING], ids=["whole", "answered", "silent"])
@pytest.mark.parametrize("division", [None, kit.YUSHAN], ids=["city", "county"])
def test_nothing_is_lost_between_the_fields_and_the_choices(qtbot, jobs, division, scope):
    if division and scope:
        return  # a county's book has one page
    choices = full(division, (Answers(ZONE, {"re_review": "yes", "yearly_cap": "300000.00"}, {"yearly_cap": "饶经开发〔2024〕1号"}),))
    dialog = ChoicesDialog(jobs, "测算口径", PACK, choices, lambda new: None)
    qtbot.addWidget(dialog, before_close_func=lambda closing: closing.form.mark_clean())
    if scope:
        dialog.scope.set_value(scope)
    assert dialog._read() == choices and not dialog.form.is_dirty
    assert choices_of(values_of(choices, scope, PACK), choices, scope, PACK) == choices


@city_only
def test_input_for_a_county_that_is_not_shown_now_is_asked_about_when_closing(qtbot, jobs, book, dialog, monkeypatch):
    dialog.scope.set_value(kit.YUSHAN)
    dialog.form.field("re_review").field.set_value("yes")
    dialog.scope.set_value(None)
    assert not dialog.form.is_dirty
    asked = []
    monkeypatch.setattr("ui.dialogs.form_dialog.ask_unsaved", lambda *about: asked.append(about))
    dialog.reject()
    assert len(asked) == 1
