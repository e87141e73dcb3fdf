"""The headless commands on a book that persons keep: the password comes from the terminal, and nowhere else."""

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from zjtx_desktop.domain.duties import Role
from zjtx_desktop.storage.book import Book
from zjtx_desktop.storage.sealing import Cost
from zjtx_desktop.usecases import office, people
from zjtx_desktop.usecases.duties import Actor, Second, perform
from zjtx_desktop.usecases.people import NewPerson
from zjtx_desktop.usecases.signing_in import sign_in
from zjtx_desktop.values import Division

ROOT = Path(__file__).resolve().parents[1]
FIRST, OWN, NEW = "first day only 42", "mountain high, river long", "cloud thin, autumn far"
AGREES = "forest wide and lake still"
CHEAP, TODAY, NOW = Cost(64, 1, 1), date.today(), datetime.now(UTC)
ENVIRONMENT = os.environ | {"PYTHONUTF8": "1"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("岗位") / "县.zjtx"
    with Book.create(path) as book:
        with book.action("新建账簿", "张三") as session:
            office.set_up(session, Division("361123"), "玉山县财政局")
        admin, auditor = NewPerson("管理员甲", OWN), NewPerson("审计员乙", FIRST)
        perform(book, "登记", Actor("张三"), lambda s: people.set_up_people(s, admin, auditor, TODAY, CHEAP))
        me, alone = sign_in(book, "管理员甲", OWN, NOW), Second(None, "现在没有别人（示例）")
        for name, role, first, own in (("经办丙", Role.CLERK, OWN, NEW), ("新人丁", Role.CLERK, FIRST, ""), ("审批戊", Role.APPROVER, FIRST, AGREES)):
            add = partial(people.add, name=name, roles=[role], password=first, today=TODAY, cost=CHEAP)
            slip = perform(book, "登记", me, add, alone)
            if own:
                newcomer = sign_in(book, name, first, NOW, slip=slip)
                perform(book, "改密码", newcomer, partial(people.change_password, old=first, new=own, today=TODAY, cost=CHEAP))
    return path


def words(book, *more):
    return [sys.executable, str(ROOT / "main.py"), more[0], str(book), *map(str, more[1:])]


def quiet(book, *more):
    return subprocess.run(
        words(book, *more), capture_output=True, encoding="utf-8", env=ENVIRONMENT, stdin=subprocess.DEVNULL
    )


def typed(book, password, *more, other=""):
    """Run a command with a terminal of its own, and type the password when it is asked for; then that of the other."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        words(book, *more), stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env=ENVIRONMENT, start_new_session=True,
    )  # fmt: skip
    asked = ""
    for given in filter(None, (password, other)):
        begun = len(asked)
        while not asked[begun:].endswith("密码：") and (letter := running.stderr.read(1)):
            asked += letter
        os.write(ours, f"{given}\n".encode())  # what is typed before it asks is thrown away
    said, complained = running.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    return running.returncode, said, asked + complained


def test_without_a_terminal_nothing_is_done_and_one_sentence_says_why(book):
    done = quiet(book, "compute", "--year", 2024, "--by", "经办丙")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "经办丙本人在终端输入密码" in done.stderr


def test_a_clerk_computes_with_the_password_and_the_auditor_is_denied(book):
    code, said, _ = typed(book, NEW, "compute", "--year", 2024, "--by", "经办丙")
    assert code == 0 and "2024 年度：奖励 0 笔" in said
    code, _, complained = typed(book, OWN, "compute", "--year", 2024, "--by", "管理员甲")
    assert code == 1 and complained.endswith("管理员甲没有“经办”岗位，不能办理。请由有此岗位的人员登录后办理。\n")
    with Book(book) as known, known.reading() as session:
        last = known.check(), session.connection().exec_driver_sql("SELECT by_name, title FROM action ORDER BY id DESC").all()
    assert last[0] == [] and last[1][0] == ("管理员甲", "拒绝：测算 2024 年度奖补")


def test_a_wrong_or_a_first_password_does_nothing(book):
    code, _, complained = typed(book, "not this one at all", "compute", "--year", 2024, "--by", "经办丙")
    assert code == 1 and "姓名或密码不对" in complained
    code, _, complained = typed(book, FIRST, "compute", "--year", 2024, "--by", "新人丁")
    assert code == 1 and "初始密码" in complained


def test_a_second_person_agrees_at_the_terminal_to_a_larger_budget(book):
    words = ["budget", "--year", 2024, "--treasury", "玉山县", "--basis", "批复", "--by", "经办丙", "--amount"]
    typed(book, NEW, "compute", "--year", 2024, "--by", "经办丙")
    assert typed(book, NEW, *words, "100万")[0] == 0
    code, _, complained = typed(book, NEW, *words, "200万", "--reason", "我一个人办")
    assert code == 1 and "“追加预算”要两个人办。请由另一位系统管理员或审批人员（" in complained
    code, _, complained = typed(book, NEW, *words, "200万", "--with", "审批戊", other=OWN)
    assert code == 1 and "姓名或密码不对" in complained
    code, said, complained = typed(book, NEW, *words, "200万", "--with", "审批戊", other=AGREES)
    assert code == 0 and "预算 2,000,000.00 元" in said and "审批戊的密码" in complained
    assert quiet(book, "check").returncode == 0


def test_the_persons_are_listed_with_their_duties(book):
    done = quiet(book, "people", "--json")
    listed = json.loads(done.stdout)["people"]
    assert [(one["name"], one["roles"]) for one in listed][:3] == [("管理员甲", ["admin"]), ("审计员乙", ["auditor"]), ("经办丙", ["clerk"])]
    assert quiet(book, "check").returncode == 0
