"""One of many in a batch is done whole or not at all, whatever it had written before it was refused."""

from sqlmodel import select

from zjtx_desktop.errors import Denied, Refused
from zjtx_desktop.storage.tables import Denial, Organisation
from zjtx_desktop.usecases.checks import check
from zjtx_desktop.usecases.process import attempt


def test_what_is_refused_after_it_has_written_leaves_nothing(book):
    def write(session, name, error=None):
        session.add(Organisation(name=name, folded=name))
        session.flush()
        if error:
            raise error

    with book.action("一批", "张三") as session:
        done = [
            attempt(session, "1", "甲", "登记", lambda: write(session, "甲")),
            attempt(session, "2", "乙", "登记", lambda: write(session, "乙", Refused("不行。"))),
            attempt(session, "3", "丙", "登记", lambda: write(session, "丙", Denied("不归他办。"))),
            attempt(session, "4", "丁", "登记", lambda: write(session, "丁")),
        ]
    assert [one.why for one in done] == ["", "不行。", "不归他办。", ""]
    with book.reading() as session:
        assert sorted(session.scalars(select(Organisation.name))) == ["丁", "甲"]
        assert list(session.scalars(select(Denial.why))) == ["不归他办。"]
    assert check(book) == []
