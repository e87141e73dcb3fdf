"""The headless commands on an encrypted book: its password and its code come from a terminal, and nowhere else."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from zjtx_desktop.storage.keys import is_encrypted, key_file

ROOT = Path(__file__).resolve().parents[1]
OWN, NEW = "mountain high, river long", "cloud thin, autumn far"
ENVIRONMENT = os.environ | {"PYTHONUTF8": "1"}
OFFICE = ("--division", "361123", "--office", "玉山县财政局")
ASKED = re.compile(r"(?:密码|恢复码)：$")


def words(name, book, *more):
    return [sys.executable, str(ROOT / "main.py"), name, str(book), *map(str, more)]


def quiet(*given):
    """With nobody at the terminal."""
    return subprocess.run(words(*given), capture_output=True, encoding="utf-8", env=ENVIRONMENT, input=f"{OWN}\n")


def typed(answers, *given):
    """Run a command with a terminal of its own, and type an answer each time it asks."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        words(*given), stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env=ENVIRONMENT, start_new_session=True,
    )  # fmt: skip
    asked = ""
    for answer in answers:
        asked = ""
        while not ASKED.search(asked) and (letter := running.stderr.read(1)):
            asked += letter
        os.write(ours, f"{answer}\n".encode())
    said, complained = running.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    return running.returncode, said, asked + complained


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An encrypted book made by the command, and what was said."""
    folder = tmp_path_factory.mktemp("加密")
    book, sheet = folder / "县.zjtx", folder / "恢复码.pdf"
    done = typed((OWN, OWN), "new", book, *OFFICE, "--by", "张三", "--encrypt", "--recovery-sheet", sheet)
    return book, sheet, done


def code_on(sheet):
    text = "".join(page.extract_text() for page in PdfReader(sheet).pages)
    return "-".join(re.findall(r"\b[0-9A-HJKMNP-TV-Z]{4}\b", text.replace("2026", ""))[:9])


def test_a_new_encrypted_book_has_its_code_on_paper_and_says_where(made):
    book, sheet, (code, said, complained) = made
    assert code == 0, complained
    assert str(sheet) in said and "保险柜" in said and OWN not in said + complained
    assert is_encrypted(book) and key_file(book).exists() and len(PdfReader(sheet).pages) == 1
    assert not any(group in said for group in code_on(sheet).split("-"))


def test_every_command_asks_the_password_of_its_one_user_whatever_the_login_name(made):
    book, *_ = made
    for name, *more in (("check",), ("people",), ("compute", "--year", 2024)):
        code, said, complained = typed((OWN,), name, book, *more, "--json")
        assert code == 0 and json.loads(said) is not None, complained
    code, _, complained = typed(("nothing like it",), "check", book)
    assert code == 1 and "姓名或密码不对" in complained


def test_without_a_terminal_nothing_is_done_and_one_sentence_says_why(made, tmp_path):
    book, *_ = made
    for given in (("check", book), ("people", book), ("compute", book, "--year", 2024)):
        done = quiet(*given)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert "要由张三本人在终端输入密码" in done.stderr
    done = quiet("recover", book)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1) and "恢复码要由本人在终端输入" in done.stderr
    fresh = tmp_path / "新.zjtx"
    done = quiet("new", fresh, *OFFICE, "--by", "张三", "--encrypt", "--recovery-sheet", tmp_path / "码.pdf")
    assert done.returncode == 1 and "终端输入密码" in done.stderr and list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_said_before_a_password_is_asked(made, tmp_path):
    book, sheet, _ = made
    for given, why in (
        (("new", tmp_path / "新.zjtx", *OFFICE, "--encrypt"), "--recovery-sheet"),
        (("new", tmp_path / "新.zjtx", *OFFICE, "--encrypt", "--recovery-sheet", sheet), "已经存在"),
        (("new", tmp_path / "新.zjtx", *OFFICE, "--encrypt", "--recovery-sheet", tmp_path / "码.txt"), ".pdf"),
        (("new", book, *OFFICE, "--encrypt", "--recovery-sheet", tmp_path / "码.pdf"), "已经存在"),
        (("encrypt", book, "--recovery-sheet", tmp_path / "码.pdf"), "加密的账簿"),
    ):
        done = quiet(*given)
        assert done.returncode == 1 and why in done.stderr, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_passwords_that_differ_and_a_weak_one_make_no_book(tmp_path):
    new = ("new", tmp_path / "新.zjtx", *OFFICE, "--by", "张三", "--encrypt", "--recovery-sheet", tmp_path / "码.pdf")
    assert "两次输入的密码不一样" in typed((OWN, NEW), *new)[2]
    assert "至少要 12 位" in typed(("short", "short"), *new)[2]
    assert list(tmp_path.iterdir()) == []


def test_a_plain_book_is_made_with_a_remark_and_encrypted_later(tmp_path):
    book, sheet = tmp_path / "县.zjtx", tmp_path / "码.pdf"
    done = quiet("new", book, *OFFICE, "--by", "张三")
    assert done.returncode == 0 and "没有加密，只作示例和试用" in done.stderr and not is_encrypted(book)
    assert "没有加密，不用恢复码" in quiet("recover", book).stderr
    code, said, complained = typed((OWN, OWN), "encrypt", book, "--by", "张三", "--recovery-sheet", sheet)
    assert code == 0, complained
    assert is_encrypted(book) and "旧的备份和拷贝仍然没有加密" in said and str(sheet) in said
    assert typed((OWN,), "check", book)[0] == 0


def test_the_code_sets_a_new_password(made):
    book, sheet, _ = made
    wrong = code_on(sheet)[:-1] + ("2" if code_on(sheet)[-1] != "2" else "3")
    assert "恢复码抄错了" in typed((wrong,), "recover", book)[2]
    code, said, complained = typed((code_on(sheet).lower(), NEW, NEW), "recover", book)
    assert code == 0 and "已用恢复码重设张三的密码" in said, complained
    assert typed((OWN,), "check", book)[0] == 1 and typed((NEW,), "check", book)[0] == 0
    key_file(book).unlink()
    assert "旁边没有钥匙文件" in quiet("check", book).stderr
    assert typed((code_on(sheet), OWN, OWN), "recover", book)[0] == 0 and typed((OWN,), "check", book)[0] == 0
