"""合并单位 in the window: two selected rows, or a pair of the list of likely ones, side by side, and taken back."""

import list_kit as kit
import looks
import pytest
from PySide6.QtWidgets import QApplication, QLabel

from ui.dialogs.likely_pairs import PairsDialog
from ui.dialogs.merge import MergeDialog
from ui.open_book import OpenBook
from ui.pages.organisations import OrganisationsPage
from zjtx_desktop.domain.titles import Level
from zjtx_desktop.usecases import organisations, past_awards
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.past_awards import PastAwardForm
from zjtx_desktop.usecases.undoing import take_back
from zjtx_desktop.values import CreditCode, Money

TWIN = "示例甲精蜜有限公司"


@pytest.fixture
def book(tmp_path):
    with kit.filled_book(tmp_path / "县.zjtx") as made:
        with made.action("登记", "张三") as session:
            twin = organisations.register(session, OrganisationForm(TWIN, contact="李四", payee_account="3600", division=kit.ZONE))
            past_awards.register(session, twin, PastAwardForm("srdi_sme", Level.PROVINCIAL, 2021, Money.parse("10万"), Money(0), "凭证"))
        yield made


@pytest.fixture
def desk(book, jobs):
    return OpenBook(book, jobs, "张三")


@pytest.fixture
def page(shown, desk, settings):
    return shown(OrganisationsPage(desk, settings))


def select(page, *ids):
    page.pane.view.go_to(ids[0])
    page.pane.view.select_ids(ids[1:])


def dialog_of(qtbot, kind):
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind))
    return QApplication.activeModalWidget()


def texts(dialog):
    return "\n".join(one.text() for one in dialog.findChildren(QLabel))


def merged(book):
    with book.reading() as session:
        return organisations.get(session, 1)


def test_two_selected_rows_are_shown_side_by_side_merged_and_parted(qtbot, book, desk, jobs, page):
    assert not kit.verb(page, "merge").enabled
    select(page, 4, 1)
    kit.verb(page, "merge").run()
    assert jobs.settle()
    dialog = dialog_of(qtbot, MergeDialog)
    assert looks.problems(dialog) == []
    assert dialog.keep.value() == 1  # it has the code
    shown = texts(dialog)
    assert TWIN in shown and "示例老厂" in shown and "2021 年 江西省专精特新中小企业 100,000.00 元" in shown
    dialog.accept()
    assert dialog.form.message("reason") == "这一项必须填写。" and dialog.isVisible()
    dialog.form.field("name").set_value(4)
    dialog.form.field("reason").set_value("营业执照同一")
    with qtbot.waitSignal(page.says) as said:
        dialog.accept()
    assert said.args == ["good", f"已合并为“{TWIN}”，并入 1 笔历史奖励。可以用“撤销”分开。"]
    assert jobs.settle() and jobs.settle()
    form = merged(book)
    assert (form.name, form.former_names, form.contact, form.division) == (TWIN, ("示例老厂", "示例甲精密有限公司"), "李四", kit.YUSHAN)
    assert page.current == 1 and page.pane.model.rowCount() == 3
    assert take_back(book, desk.actor) == f"合并单位：“{TWIN}”并入“示例甲精密有限公司”"
    assert merged(book).name == "示例甲精密有限公司"


def test_the_other_one_may_be_kept_and_two_firms_are_refused(qtbot, book, jobs, page):
    select(page, 1, 4)
    kit.verb(page, "merge").run()
    assert jobs.settle()
    dialog = dialog_of(qtbot, MergeDialog)
    dialog.keep.set_value(4)
    assert jobs.settle()
    assert dialog.form.field("name").value() == 4 and dialog.ok.isEnabled()
    dialog.form.mark_clean()
    dialog.reject()
    with book.action("补代码", "张三") as session:
        form = organisations.get(session, 4)
        values = {name: getattr(form, name) for name in form.__dataclass_fields__}
        organisations.change(session, 4, OrganisationForm(**values | {"credit_code": CreditCode(kit.code_for(7))}))
    kit.verb(page, "merge").run()
    assert jobs.settle()
    refused = dialog_of(qtbot, MergeDialog)
    assert "都有效而不同" in refused.banner.text() and not refused.ok.isEnabled()
    assert looks.problems(refused) == []
    refused.reject()


def test_likely_pairs_are_merged_from_their_list(qtbot, book, jobs, page):
    kit.verb(page, "pairs").run()
    assert jobs.settle()
    pairs = dialog_of(qtbot, PairsDialog)
    assert looks.problems(pairs) == []
    assert [pairs.model.text(0, column) for column in range(3)] == ["示例甲精密有限公司", TWIN, "名称只差一个字"]
    pairs.merge.click()
    assert jobs.settle()
    dialog = dialog_of(qtbot, MergeDialog)
    dialog.form.field("reason").set_value("营业执照同一")
    dialog.accept()
    assert jobs.settle() and jobs.settle() and jobs.settle()
    assert pairs.isVisible() and pairs.model.rowCount() == 0 and not pairs.merge.isEnabled()
    assert pairs.said.text() == "没有发现可能是同一家的企业。" and TWIN in merged(book).former_names
    pairs.reject()
