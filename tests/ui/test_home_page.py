"""工作台: what waits leads to its page, money of the year chosen, the self-check in words."""

import looks
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QBoxLayout, QPushButton
from round_kit import NAMES, empty_book, fill

from ui.open_book import OpenBook
from ui.pages.home import HomePage
from ui.places import Places
from ui.vitals import Vitals
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.storage import tables
from zjtx_desktop.usecases import awards, past_awards, rounds
from zjtx_desktop.usecases.overview import UNCONFIRMED
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.values import Money


@pytest.fixture
def home(qtbot, jobs, settings, tmp_path):
    book = empty_book(tmp_path / "县.zjtx")
    desk = OpenBook(book, jobs, "张三")
    page = HomePage(desk, settings, Vitals(desk, Places(settings)))
    qtbot.addWidget(page, before_close_func=lambda shown: settle(jobs))
    page.resize(1100, 640)
    page.show()
    yield page
    settle(jobs)
    book.close()


def settle(jobs):
    while not jobs.is_idle():
        jobs.settle()
        QApplication.processEvents()
    QApplication.processEvents()


def shown(page):
    page.refresh()
    settle(page._desk.jobs)
    return page


def compute(page, year=2024):
    with page._desk.book.action("测算", "张三") as session:
        rounds.prepare(session, year, *rounds.basis_for(session, year))


def sentences(page):
    return [button.text() for button in page.todos.findChildren(QPushButton) if button.isVisible()]


def test_an_empty_book_says_what_to_do_first(home):
    shown(home)
    assert "第一步" in home.todos._nothing.text() and home.todos._nothing.isVisible()
    assert sentences(home) == [] and not home.year.isVisible() and not home.treasuries.isVisible()


def test_what_waits_is_a_line_each_and_a_click_leads_there(home, qtbot):
    fill(home._desk.book)
    compute(home)
    shown(home)
    lines = sentences(home)
    assert lines[0] == "2024 年度有 1 笔奖补待定，等待作出决定"
    assert "2024 年度有 3 份拨付通知可以下达" in lines
    first = home.todos.findChildren(QPushButton)[0]
    with qtbot.waitSignal(home.wants_page) as asked:
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert asked.args[0] == "rounds" and isinstance(asked.args[1], int)


def test_a_second_visit_shows_each_line_once(home):
    fill(home._desk.book)
    shown(home)
    before = sentences(home)
    assert before and sentences(shown(home)) == before


def test_amounts_stand_by_treasury_with_their_sum_and_by_title_in_the_chart(home):
    fill(home._desk.book)
    compute(home)
    shown(home)
    cells = home.treasuries.texts()
    assert cells[:4] == ["财政", "受益财政（元）", "市级财政（元）", "合计（元）"]
    assert cells[-4] == "合计" and cells[-1] in home.awarded.text()
    assert "专精特新“小巨人”企业" in home.chart.accessibleDescription()
    assert "万元" in home.chart.accessibleDescription()


def test_another_year_shows_its_own_money_and_is_remembered(home, settings):
    fill(home._desk.book)
    compute(home)
    with home._desk.book.action("新建批次", "张三") as session:
        rounds.open_round(session, 2023)
    shown(home)
    assert [home.year.itemText(n) for n in range(home.year.count())] == ["2024 年度", "2023 年度"]
    home.year.set_value(2023)
    settle(home._desk.jobs)
    assert not home.treasuries.isVisible() and home.awarded.text().startswith("奖励 0 笔")
    assert settings.text("home/year") == "2023"


def test_the_self_check_is_said_in_words(home):
    shown(home)
    lines = home.checks.texts()
    assert [line.split("：")[0] for line in lines] == ["账簿", "备份", "第二份备份", "位置", "加密", "字体", "磁盘", "政策"]
    assert lines[1] == "备份：注意　还没有备份过，请做一次备份。"
    home._vitals.check()
    settle(home._desk.jobs)
    assert home.checks.texts()[0].startswith("账簿：正常")


def test_shortcuts_lead_to_the_pages(home, qtbot):
    asked = []
    home.wants_page.connect(lambda page, wanted: asked.append((page, wanted)))
    for button in home.findChildren(QPushButton):
        if button.text() in ("导入名单", "报送市里"):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [("recognitions", ("import",)), ("reports", None)]


def test_it_holds_at_every_size_and_narrow_windows_get_one_column(home):
    fill(home._desk.book)
    compute(home)
    shown(home)
    assert looks.problems(home) == []
    directions = []
    for wide in (1100, 700):
        home.resize(QSize(wide, 500))
        QApplication.processEvents()
        directions.append(home.view.columns.direction())
    assert directions == [QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom]


def test_awards_that_would_be_judged_otherwise_today_come_first_and_lead_to_their_round(home, qtbot):
    book = home._desk.book
    fill(book)
    compute(home)
    shown(home)
    assert not any("测算后有变化" in line for line in sentences(home))
    with book.action("登记历史奖励", "张三") as session:
        paid = PastAwardForm("little_giant", Level.NATIONAL, 2023, Money.parse("10万"), Money.parse("20万"), "玉财企〔2023〕7号")
        past_awards.register(session, 1, paid)
        stale = next(line.id for line in awards.award_lines(session, 1) if line.facts.organisation == NAMES[0])
    shown(home)
    assert sentences(home)[0] == "2024 年度第一批有 1 笔奖补测算后有变化，重新测算以前不能办理"
    with qtbot.waitSignal(home.wants_page) as asked:
        home.todos.findChildren(QPushButton)[0].click()
    assert asked.args == ["rounds", stale]
    assert looks.problems(home) == []
    compute(home)
    shown(home)
    assert not any("测算后有变化" in line for line in sentences(home))


def test_treasuries_that_nobody_confirmed_wait_and_lead_to_their_organisations(home, qtbot):
    book = home._desk.book
    fill(book)
    with book.action("导入", "张三") as session:
        for number in (1, 2):
            session.get_one(tables.Beneficiary, number).confirmed = False
    shown(home)
    assert (line := "2 家企业的受益财政待确认，确认以前不能公示、审定、下达和报送") in sentences(home)
    with qtbot.waitSignal(home.wants_page) as asked:
        next(one for one in home.todos.findChildren(QPushButton) if one.text() == line).click()
    assert asked.args == ["organisations", UNCONFIRMED]
