"""Letters and 测算依据 as files: whole or not at all, issued ones as they were stored."""

from datetime import date

import pytest

from zjtx_desktop.errors import Cancelled, Refused
from zjtx_desktop.usecases import letters, printouts, rounds, submissions

TODAY = date(2024, 12, 1)


@pytest.fixture
def round_id(book, recognise):
    for name in ("示例甲有限公司", "示例乙有限公司", "示例丙有限公司"):
        recognise(name)
    with book.action("测算", "张三") as session:
        return rounds.prepare(session, 2024, *rounds.basis_for(session, 2024)).round.id


@pytest.fixture
def issued(book, round_id):
    with book.action("下达", "张三") as session:
        return [line.id for line in letters.issue(session, round_id, TODAY)]


def cancel_at(number):
    def tick(done, total):
        if done == number:
            raise Cancelled

    return tick


def prints_of(book, round_id):
    with book.reading() as session:
        return [line.prints for line in letters.register(session, round_id)]


def test_coming_numbers_are_those_that_issuing_takes(book, round_id):
    with book.reading() as session:
        coming = letters.coming(session, 2024, 3)
    with book.action("下达", "张三") as session:
        assert tuple(line.number for line in letters.issue(session, round_id, TODAY)) == coming


def test_looking_gives_the_stored_bytes_and_is_not_logged(book, round_id, issued):
    with book.reading() as session:
        letter, pdf = letters.view(session, issued[0])
    with book.action("重印", "张三") as session:
        assert letters.reprint(session, issued[0]) == (letter, pdf)
    assert prints_of(book, round_id) == [1, 0, 0]


def test_only_the_drafts_asked_for_are_written(book, round_id):
    with book.reading() as session:
        number = letters.ready(session, round_id)[1].number
        assert [letter.award_number for letter in letters.drafts(session, round_id, (number,))] == [number]


def test_a_cancelled_save_leaves_no_file_and_no_log(book, round_id, issued, tmp_path):
    out = tmp_path / "一份份"
    for write in (printouts.write_each, lambda path, prints, tick: printouts.write_one(path, prints, tick=tick)):
        with pytest.raises(Cancelled), book.action("打印", "张三") as session:
            write(out, printouts.of_letters(session, issued), cancel_at(2))
        assert not out.exists() or list(out.iterdir()) == []
        assert prints_of(book, round_id) == [0, 0, 0]
        if out.exists():
            out.rmdir()


def test_files_of_that_name_are_kept_and_the_new_ones_numbered(book, round_id, issued, tmp_path):
    for _ in range(2):
        with book.action("打印", "张三") as session:
            printouts.write_each(tmp_path / "通知", printouts.of_letters(session, issued))
    assert len(list((tmp_path / "通知").iterdir())) == 6
    assert prints_of(book, round_id) == [2, 2, 2]


def test_a_report_that_cannot_be_written_is_not_in_the_list(book, round_id, issued, tmp_path):
    out = tmp_path / "报送.xlsx"
    out.write_text("别人的文件", encoding="utf-8")
    with pytest.raises(Refused), book.action("导出", "张三") as session:
        submissions.send(session, rounds.find_round(session, 2024), out, TODAY, "张三")
    with book.action("导出", "李四") as session:
        line = rounds.find_round(session, 2024)
        submissions.send(session, line, tmp_path / submissions.file_name(session, line), TODAY, "李四")
    with book.reading() as session:
        (sent,) = submissions.sent(session, round_id)
    assert (sent.file_name, sent.awards, sent.by) == ("玉山县2024年度报送表.xlsx", 3, "李四")
