"""Backups by themselves in the window: when, what is said, and that closing never fails because of them."""

from datetime import datetime, timedelta

import pytest
import round_kit as kit

from ui import safekeeping as module
from ui.open_book import OpenBook
from ui.pages.backup_tab import BackupTab
from ui.places import Places
from ui.safekeeping import Safekeeping
from ui.vitals import Vitals
from zjtx_desktop.usecases import organisations
from zjtx_desktop.usecases.backups import backups
from zjtx_desktop.usecases.organisations import OrganisationForm
from zjtx_desktop.usecases.seen_books import SeenBooks


@pytest.fixture
def places(settings, tmp_path):
    places = Places(settings)
    places.set_backup_folder(tmp_path / "自动备份")
    return places


@pytest.fixture
def desk(tmp_path, jobs):
    with kit.empty_book(tmp_path / "玉山县.zjtx") as book:
        yield OpenBook(book, jobs, "张三")
        jobs.settle()


@pytest.fixture
def safe(desk, places, tmp_path):
    safe = Safekeeping(desk, Vitals(desk, places), SeenBooks(tmp_path / "见过"))
    safe.said = []
    safe.says.connect(lambda tone, sentence: safe.said.append((tone, sentence)))
    yield safe
    safe.stop()


def settle(safe: Safekeeping) -> None:
    while not (safe._own.is_idle() and safe._desk.jobs.is_idle()):
        safe._own.settle()
        safe._desk.jobs.settle()


def made(places: Places) -> int:
    return len(backups(places.backup_folder))


def register(safe: Safekeeping, name: str) -> None:
    deed = lambda session, _tick: organisations.register(session, OrganisationForm(name=name))  # noqa: E731
    safe._desk.act(f"登记企业“{name}”", deed)
    settle(safe)


@pytest.mark.parametrize(("hours", "is_made"), [(None, True), (23, False), (25, True)])
def test_at_the_start_a_book_is_backed_up_when_the_last_time_is_more_than_a_day_ago(safe, places, tmp_path, hours, is_made):
    if hours:
        (tmp_path / "旧的").touch()
        places.set_last_backup(safe._desk.path, datetime.now() - timedelta(hours=hours), tmp_path / "旧的")
    safe.start()
    settle(safe)
    assert made(places) == is_made and safe.said == []


def test_every_so_often_only_what_has_changed_is_backed_up(safe, places):
    safe.start()
    settle(safe)
    safe._regular.timeout.emit()
    settle(safe)
    assert made(places) == 1 and safe._vitals.is_covered
    register(safe, "甲公司")
    assert not safe._vitals.is_covered
    safe._regular.timeout.emit()
    settle(safe)
    assert made(places) == 2 and safe._vitals.is_covered
    assert safe._regular.interval() == 30 * 60_000
    places.set_backup_minutes(10)
    safe.follow_settings()
    assert safe._regular.interval() == 10 * 60_000


def test_after_letters_or_payments_a_backup_is_made_soon_and_after_anything_else_it_is_not(safe, places, monkeypatch, qtbot):
    monkeypatch.setattr(module, "_SOON", 0)
    kit.fill(safe._desk.book)
    round_id = kit.compute(safe._desk.book)
    safe.start()
    settle(safe)
    register(safe, "甲公司")
    assert not safe._soon.isActive() and made(places) == 1
    kit.issue(safe._desk.book, round_id)
    safe._desk.tell()
    qtbot.waitUntil(lambda: made(places) == 2)
    settle(safe)


def test_a_second_place_that_is_not_plugged_in_is_said_once_in_amber_with_its_days(safe, places, tmp_path):
    places.set_second_folder(tmp_path / "没有接上的盘")
    places.set_second_copy(safe._desk.path, datetime.now() - timedelta(days=9))
    safe.start()
    settle(safe)
    (said,) = safe.said
    assert said[0] == "warn" and "没有接上" in said[1] and "落后 9 天" in said[1] and "自动补上" in said[1]
    register(safe, "甲公司")
    safe.back_up()
    settle(safe)
    assert len(safe.said) == 1
    (tmp_path / "没有接上的盘").mkdir()
    safe.back_up()
    settle(safe)
    assert len(list((tmp_path / "没有接上的盘").glob("*.zjtx"))) == 1
    assert places.second_copy(safe._desk.path).date() == datetime.now().date() and len(safe.said) == 1


def test_at_the_close_what_changed_is_backed_up_and_nothing_when_nothing_changed(safe, places):
    safe.start()
    settle(safe)
    safe.leave()
    assert safe._desk.jobs.is_idle(), "nothing to wait for"
    register(safe, "甲公司")
    safe.leave()
    assert safe._desk.jobs.running_label() in ("", "备份账簿") and not safe._desk.jobs.is_idle()
    settle(safe)
    assert made(places) == 2


def test_a_last_backup_that_fails_is_said_at_the_next_start_and_then_no_more(safe, places, tmp_path):
    (tmp_path / "是文件").touch()
    places.set_backup_folder(tmp_path / "是文件" / "里面")
    safe.leave()
    settle(safe)
    assert safe.said == [] and "建不了" in places.trouble(safe._desk.path)
    places.set_backup_folder(tmp_path / "自动备份")
    safe.start()
    settle(safe)
    assert safe.said[0][0] == "warn" and "上次关闭时没有备份成" in safe.said[0][1]
    assert places.trouble(safe._desk.path) == ""


def test_a_backup_in_the_background_that_fails_is_said_and_work_goes_on(safe, places, tmp_path):
    (tmp_path / "是文件").touch()
    places.set_backup_folder(tmp_path / "是文件" / "里面")
    safe.back_up()
    settle(safe)
    assert safe.said[0][0] == "warn" and "自动备份没有完成" in safe.said[0][1]
    register(safe, "甲公司")


def test_a_file_that_goes_under_the_open_book_is_saved_and_told_once_and_closing_makes_no_backup_of_it(safe, places, tmp_path):
    lost = []
    safe.lost.connect(lost.append)
    register(safe, "甲公司")
    safe._look()
    safe._desk.path.rename(tmp_path / "别处.zjtx")
    safe._look()
    safe._look()
    settle(safe)
    assert len(lost) == 1 and "被删除或移走了" in lost[0] and "从备份恢复" in lost[0] and "没有丢" in lost[0]
    (saved,) = backups(places.backup_folder)
    assert saved.organisations == 1 and not saved.is_automatic and saved.path.name in lost[0]
    safe.leave()
    assert safe._desk.jobs.is_idle()
    (tmp_path / "别处.zjtx").rename(safe._desk.path)
    safe._look()
    settle(safe)
    assert len(lost) == 1


def test_the_computer_remembers_how_far_it_saw_the_book(safe, places):
    safe.start()
    settle(safe)
    register(safe, "甲公司")
    seen = safe._memory.at(safe._desk.path)
    assert seen.identity and (seen.seq, seen.head, seen.title) == (2, safe._desk.book.head(), "登记企业“甲公司”")


def test_a_file_that_was_written_over_is_said_and_what_is_there_now_is_not_saved_as_ours(safe, places, tmp_path):
    lost = []
    safe.lost.connect(lost.append)
    safe.start()
    settle(safe)
    older = safe._desk.path.read_bytes()
    register(safe, "甲公司")
    settle(safe)
    before = made(places)
    with safe._desk.path.open("r+b") as file:
        file.write(older)
        file.truncate()
    safe._look()
    settle(safe)
    assert len(lost) == 1 and "被另一份账簿覆盖了" in lost[0]
    assert made(places) == before
    safe._look()
    assert len(lost) == 1


def test_the_sample_is_not_backed_up(tmp_path, jobs, places):
    with kit.empty_book(tmp_path / "示例账簿.zjtx") as book:
        safe = Safekeeping(OpenBook(book, jobs, "张三"), Vitals(OpenBook(book, jobs, "张三"), places), SeenBooks(tmp_path / "见过"))
        safe.start()
        safe.leave()
        settle(safe)
        safe.stop()
    assert not places.backup_folder.exists()


@pytest.fixture
def tab(shown, safe):
    return shown(BackupTab(safe._desk, safe._vitals))


def test_the_tab_keeps_folders_and_minutes_and_says_how_both_stand(tab, places, tmp_path, safe):
    tab.folder.set_value(tmp_path / "新的自动备份")
    tab.second.set_value(tmp_path)
    tab.minutes.set_value(10)
    tab.save.click()
    settle(safe)
    assert places.backup_folder == tmp_path / "新的自动备份" and places.backup_folder.is_dir()
    assert (places.second_folder, places.backup_minutes) == (tmp_path, 10)
    assert not tab.save.isEnabled()
    assert "同一块磁盘" in tab.text.toPlainText()
    tab.second.set_value(None)
    tab.accept()
    settle(safe)
    assert places.second_folder is None and "没有设第二个位置" in tab.text.toPlainText()


def test_the_tab_says_at_its_field_what_cannot_be(tab, places, tmp_path):
    (tmp_path / "是文件").touch()
    tab.folder.set_value(tmp_path / "是文件" / "里面")
    tab.accept()
    assert "建不了" in tab.form.message("folder")
    tab.folder.set_value(tmp_path)
    tab.second.set_value(tmp_path)
    tab.accept()
    assert "同一个文件夹" in tab.form.message("second")
    assert places.second_folder is None


def test_a_backup_asked_for_in_the_tab_is_made_and_said(tab, places, safe):
    tab.now.click()
    settle(safe)
    assert made(places) == 1 and safe.said[-1][0] == "good" and "已备份并检查" in safe.said[-1][1]
    tab.now.click()
    settle(safe)
    assert made(places) == 1 and "没有新的改动" in safe.said[-1][1]
    assert "最新的" in tab.text.toPlainText()
