"""Smaller pieces: banner, empty state, detail, results, steps, questions, help; each looked at for cut
texts.
"""

import looks
import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from ui.app import translate_qt
from ui.dialogs.ask import Unsaved, ask_sure, ask_unsaved, tell
from ui.dialogs.steps_dialog import Step, StepsDialog
from ui.help import FOLDER, HelpWindow, topics
from ui.models.column import State
from ui.page import SUBJECTS
from ui.widgets.banner import Banner
from ui.widgets.detail_panel import Detail, DetailPanel, Line, Section
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import ElidedLabel
from ui.widgets.result_list import Result, ResultList
from ui.widgets.split import Split


def test_a_banner_shows_its_sentence_and_its_button_helps(qtbot):
    banner, done = Banner(), []
    qtbot.addWidget(banner)
    banner.say("warn", "有 3 笔待定。", "去处理", lambda: done.append(1))
    assert banner.text() == "有 3 笔待定。"
    assert banner.accessibleName() == "注意：有 3 笔待定。"
    next(button for button in banner.findChildren(QPushButton)).click()
    assert (done, banner.text()) == ([1], "")


def test_an_empty_list_says_what_to_do_first(qtbot):
    empty = EmptyState(
        "organisation",
        "还没有企业",
        "从名单导入，或者逐家登记。",
        (("import", "导入名单", "import"), ("new", "登记企业", "add")),
    )
    qtbot.addWidget(empty)
    with qtbot.waitSignal(empty.chosen) as told:
        empty.findChildren(QPushButton)[0].click()
    assert told.args == ["import"]
    assert looks.problems(empty) == []
    empty.say("已导入")
    qtbot.waitUntil(lambda: empty.findChildren(QPushButton) == [])


def test_a_detail_is_plain_text_to_the_reader_whatever_the_record_says(qtbot):
    panel = DetailPanel()
    qtbot.addWidget(panel)
    lines = (
        Line("名称", "<b>甲&乙</b>\n有限公司"),
        Line("文件", "赣工信〔2024〕6号", "doc:5"),
        "依据（一（九））。",
        State("待定", "warn"),
        Line("备注", ""),
    )
    panel.show_detail(Detail("甲<乙>", (Section("认定", lines),), State("已下达", "good")))
    text = panel.toPlainText()
    for part in ("甲<乙>", "● 已下达", "<b>甲&乙</b>", "有限公司", "依据（一（九））。", "● 待定", "—"):
        assert part in text
    with qtbot.waitSignal(panel.linked) as told:
        panel.anchorClicked.emit(QUrl("doc:5"))
    assert told.args == ["doc:5"]
    panel.show_detail(None)
    assert panel.toPlainText() == "选中一行，这里显示它的详细情况。"


def test_results_are_counted_and_the_refused_picked_out(qtbot):
    results = ResultList()
    qtbot.addWidget(results)
    bad, good = State("有误", "error"), State("已下达", "good")
    results.show_results(
        [
            Result(1, "甲", good),
            Result(2, "乙", bad, "预算不足，还差 5 万元。请先调整预算。"),
            Result(3, "丙", good),
        ]
    )
    assert results.summary.text() == "共 3 项：已下达 2，有误 1"
    results.only_bad.click()
    assert results.model.rowCount() == 1
    results.view.selectRow(0)
    assert results.why.text() == "预算不足，还差 5 万元。请先调整预算。"
    assert looks.problems(results) == []


class Choose(Step):
    title = "选择文件"

    def __init__(self):
        super().__init__()
        self.file = ""

    def problem(self):
        return "" if self.file else "请先选择要导入的名单文件。"


class Take(Step):
    title = "写入账簿"
    next_text = "完成"

    def proceed(self, go_on):
        self.says.emit("good", "已写入 12 行。")
        go_on()


def test_steps_go_on_only_when_the_one_before_is_done(qtbot):
    choose = Choose()
    dialog = StepsDialog("导入名单", (choose, Take()))
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.next.isEnabled()
    assert not dialog.back.isVisible()
    assert looks.problems(dialog) == []
    choose.file = "a.xlsx"
    choose.changed.emit()
    dialog.next.click()
    assert isinstance(dialog.step, Take)
    assert dialog.next.text() == "完成"
    assert [mark.text() for mark in dialog.findChildren(QLabel) if mark.property("step")] == [
        "✓  选择文件",
        "2  写入账簿",
    ]
    dialog.back.click()
    assert dialog.step is choose
    dialog.next.click()
    dialog.next.click()
    assert dialog.result() == dialog.DialogCode.Accepted


def _press(text):
    def press():
        box = QApplication.activeModalWidget()
        if box is None:
            QTimer.singleShot(10, press)
            return
        found = looks.problems(box)
        next(button for button in box.buttons() if button.text() == text).click()
        assert found == []

    QTimer.singleShot(0, press)


@pytest.mark.parametrize("answer", Unsaved)
def test_unsaved_input_is_saved_dropped_or_kept_open(qtbot, answer):
    parent = QWidget()
    qtbot.addWidget(parent)
    _press(answer.value)
    assert ask_unsaved(parent, "登记企业") is answer


def test_the_question_quotes_one_level_deep_and_saving_is_called_what_it_is(qtbot):
    parent, seen = QWidget(), []
    qtbot.addWidget(parent)

    def look():
        box = QApplication.activeModalWidget()
        seen.append((box.text(), {button.text() for button in box.buttons()}))
        box.done(0)

    QTimer.singleShot(0, look)
    assert ask_unsaved(parent, "修改企业“示例轴承有限公司”", "作废") is Unsaved.STAY
    assert seen == [("“修改企业‘示例轴承有限公司’”有尚未保存的内容。", {"作废", "不保存", "取消"})]


@pytest.mark.parametrize(("answer", "sure"), [("作废", True), ("取消", False)])
def test_something_final_is_named_and_asked(qtbot, answer, sure):
    parent = QWidget()
    qtbot.addWidget(parent)
    _press(answer)
    assert ask_sure(parent, "作废", "将作废 奖补 2024-0012，文号保留在登记簿中。", "作废后不能恢复。") is sure


def test_in_a_question_as_in_a_form_the_act_stands_last(qtbot):
    parent, seen = QWidget(), []
    qtbot.addWidget(parent)

    def look():
        box = QApplication.activeModalWidget()
        seen.append([button.text() for button in sorted(box.buttons(), key=QPushButton.x)])
        box.done(0)

    QTimer.singleShot(0, look)
    ask_unsaved(parent, "登记企业")
    QTimer.singleShot(0, look)
    ask_sure(parent, "作废", "将作废一笔。", "不能恢复。")
    assert seen == [["不保存", "取消", "保存"], ["取消", "作废"]]


def test_telling_needs_one_button(qtbot):
    _press("知道了")
    tell(None, "关于", "专精特新奖补 0.1.0")


def test_help_opens_at_the_page_and_falls_back_to_the_index(qtbot):
    window = HelpWindow()
    qtbot.addWidget(window)
    assert topics()[0] == ("index", "使用入门")
    window.open_page("not-written-yet")
    assert "一年的工作怎么走" in window.text.toPlainText()
    assert window.windowTitle() == "帮助：使用入门"


def test_help_fits_the_screen_and_its_pictures_fit_the_window(qtbot):
    window = HelpWindow()
    qtbot.addWidget(window)
    window.resize(5000, 5000)
    window.open_page("rounds")
    room = window.screen().availableSize()
    assert window.width() < room.width() and window.height() < room.height()
    window.resize(560, 400)
    QApplication.processEvents()
    assert window.text.horizontalScrollBar().maximum() == 0


def test_help_lists_the_pages_as_the_navigation_does():
    order = [name for name, _ in topics()]
    assert order[: len(SUBJECTS) + 1] == ["index", *(page.id for page in SUBJECTS)]


def test_every_link_between_help_pages_leads_somewhere():
    for page in FOLDER.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for part in text.split("](")[1:]:
            link = part.split(")")[0]
            assert "://" in link or (FOLDER / link).exists(), f"{page.name}: {link}"


def test_an_elided_label_shows_the_whole_as_its_tip(qtbot):
    label = ElidedLabel("/home/玉山县财政局/账簿/玉山县2024年度.zjtx", mode=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.grab()
    assert label.toolTip() == label.text()
    label.resize(600, 20)
    label.grab()
    assert label.toolTip() == ""


def test_a_flow_breaks_into_lines_where_there_is_no_room(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    flow = FlowLayout(widget)
    for number in range(5):
        flow.addWidget(QPushButton(f"筛选 {number}"))
    one = flow.heightForWidth(2000)
    assert flow.heightForWidth(160) > 2 * one


def test_where_the_line_was_drawn_is_remembered(qtbot, settings):
    def make():
        split = Split(QWidget(), DetailPanel(), settings, "firms")
        qtbot.addWidget(split)
        split.resize(1000, 300)
        split.show()
        return split

    first = make()
    assert first.sizes()[1] < 400
    first.moveSplitter(500, 1)
    kept = first.sizes()
    assert make().sizes() == kept
    first.toggle()
    assert make().widget(1).isHidden()


def test_qt_speaks_chinese_where_it_brings_its_own_buttons(qapp):
    translate_qt(qapp)
    assert QApplication.translate("QPlatformTheme", "Cancel") == "取消"
