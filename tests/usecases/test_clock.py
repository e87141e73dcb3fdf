"""The clock of the computer against the history: a clock that was put back is said, and the history never runs back."""

from datetime import UTC, datetime, timedelta

import pytest

from zjtx_desktop import cli
from zjtx_desktop.errors import Refused
from zjtx_desktop.storage import tables
from zjtx_desktop.storage.book import Book
from zjtx_desktop.usecases import clocks, credit
from zjtx_desktop.usecases.action_day import today
from zjtx_desktop.usecases.self_check import WARN, clock_lines

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def here(at):
    """As the window tells the time."""
    return at.astimezone().replace(tzinfo=None)


@pytest.mark.parametrize(
    ("since", "word"),
    [
        (timedelta(0), None),
        (timedelta(minutes=-5), None),
        (timedelta(minutes=-6), "时间倒退了"),
        (timedelta(days=-3650), "时间倒退了"),
        (timedelta(days=92), None),
        (timedelta(days=93), "相隔 93 天"),
    ],
)
def test_a_clock_that_disagrees_with_the_last_action_is_said(since, word):
    lines = clock_lines(NOON, here(NOON + since))
    assert [line.tone for line in lines] == ([WARN] if word else [])
    assert all(word in line.sentence and "请" in line.sentence for line in lines)


def test_a_new_book_says_nothing():
    assert clock_lines(None, here(NOON)) == ()


def act(book, name, now):
    with book.action(f"登记{name}", "张三", now) as session:
        session.add(tables.Organisation(name=name, folded=name))


def test_the_book_knows_when_its_last_action_was_also_over_a_reopening(tmp_path):
    path, before = tmp_path / "县.zjtx", NOON - timedelta(days=3650)
    with Book.create(path) as book:
        assert book.latest is None
        act(book, "甲", NOON)
        assert book.latest == NOON
        act(book, "乙", before)
        assert book.latest == NOON
    with Book(path) as book:
        assert book.latest == NOON
        with book.action("什么也没改", "张三", NOON + timedelta(days=1)):
            pass
        with pytest.raises(ZeroDivisionError), book.action("没做完", "张三", NOON + timedelta(days=1)):
            raise ZeroDivisionError
    with Book(path) as book:
        assert book.latest == NOON and book.check() == []


LATER = NOON + timedelta(days=93)


def confirm(book, now, reason="与手机、电视的时间核对过，上半年没有业务"):
    with book.action(clocks.DEED, "张三", now) as session:
        clocks.confirm(session, reason)


def test_after_a_long_pause_the_clock_is_believed_once_somebody_has_said_why(tmp_path):
    with Book.create(tmp_path / "县.zjtx") as book:
        act(book, "甲", NOON)
        act(book, "乙", NOON + timedelta(days=92))
        with pytest.raises(Refused, match="晚 93 天.*还没有人确认.*请先核对电脑的时间"):
            act(book, "丙", NOON + timedelta(days=185))
        with pytest.raises(Refused, match="没有写明理由"):
            confirm(book, NOON + timedelta(days=185), " ")
        confirm(book, NOON + timedelta(days=185))
        act(book, "丙", NOON + timedelta(days=186))
        assert book.latest == NOON + timedelta(days=186) and book.check() == []
        with pytest.raises(Refused, match="没有疑问"):
            confirm(book, NOON + timedelta(days=187))


def test_what_is_written_by_a_doubtful_clock_does_not_make_it_believed(tmp_path):
    with Book.create(tmp_path / "县.zjtx") as book:
        act(book, "甲", NOON)
        with book.action("登录失败 某人", "未登录", LATER) as session:
            session.info["mends"] = True
            session.add(tables.Denial(person="某人", deed="登录", why="姓名或密码不对"))
        assert book.latest == NOON and clocks.why_doubted(book, LATER) != ""
        with pytest.raises(Refused, match="还没有人确认"):
            act(book, "乙", LATER)
        assert book.check() == []


def test_one_action_by_a_clock_ahead_does_not_let_later_dates_pass(tmp_path):
    with Book.create(tmp_path / "县.zjtx") as book:
        act(book, "甲", NOON)
        confirm(book, NOON + timedelta(days=3650))
        with book.action("时钟校准以后", "张三", NOON) as session:
            assert today(session) == NOON.astimezone().date()
            organisation = tables.Organisation(name="乙", folded="乙")
            session.add(organisation)
            session.flush()
            with pytest.raises(Refused, match="核查日期 2026-03-04 还没有到"):
                credit.record(session, [organisation.id], (NOON + timedelta(days=2)).date(), "信用中国", True)
            credit.record(session, [organisation.id], NOON.date(), "信用中国", True)


def test_who_confirms_is_in_the_history_with_the_reason_for_good(tmp_path):
    with Book.create(tmp_path / "县.zjtx") as book:
        act(book, "甲", NOON)
        confirm(book, LATER, "与手机核对过")
        with book.reading() as session:
            assert session.get(tables.Content, 1).data.decode().endswith("与手机核对过")
            assert session.get(tables.Action, 2).at == LATER.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def test_the_command_confirms_only_what_is_in_doubt(tmp_path, capsys):
    with Book.create(tmp_path / "县.zjtx") as book:
        act(book, "甲", datetime.now(UTC) - timedelta(days=100))
    for code, said in ((0, "已确认电脑的时间"), (1, "没有疑问")):
        assert cli.run(["confirm-clock", str(tmp_path / "县.zjtx"), "--reason", "核对过", "--by", "张三"]) == code
        got = capsys.readouterr()
        assert said in got.out + got.err
