"""The same organisation, title, level, kind and batch is one recognition, whatever its document is numbered."""

from dataclasses import replace

import pytest

from zjtx_desktop.errors import Refused
from zjtx_desktop.usecases import recognitions

SIXTH = "第六批"


def form(book, recognition):
    with book.reading() as session:
        return recognitions.get(session, recognition)


def register(book, wanted):
    with book.action("登记认定", "张三") as session:
        return recognitions.register(session, wanted)


@pytest.mark.parametrize(
    "changed",
    [
        {"document_number": "工信部企业函〔2024〕999号"},
        {"document_number": None},
        {"document_number": None, "document_date": None, "label_year": None},
        {"batch": "第6批"},
        {"batch": "6", "document_number": "工信部企业函〔2024〕999号"},
    ],
)
def test_a_second_one_of_the_batch_is_refused(book, recognise, changed):
    held = form(book, recognise(batch=SIXTH, document_number="工信部企业函〔2024〕1号", label_year=2024))

    with pytest.raises(Refused, match="已登记过同一项认定"):
        register(book, replace(held, **changed))


@pytest.mark.parametrize("changed", [{"batch": "第七批"}, {"batch": SIXTH, "label_year": 2027}])
def test_another_batch_or_the_same_batch_of_another_year_is_another_recognition(book, recognise, changed):
    held = form(book, recognise(batch=SIXTH, label_year=2024))

    assert register(book, replace(held, **changed)) > 0


def test_it_is_not_changed_into_the_other_either_and_keeps_itself(book, recognise):
    first = recognise(batch=SIXTH, document_number="工信部企业函〔2024〕1号")
    second = register(book, replace(form(book, first), batch="第七批", document_number="工信部企业函〔2025〕1号"))

    with pytest.raises(Refused, match="已登记过同一项认定"), book.action("改", "张三") as session:
        recognitions.change(session, second, replace(form(book, second), batch="第6批"))
    with book.action("改", "张三") as session:
        recognitions.change(session, second, replace(form(book, second), note="核对过"))
    assert form(book, second).note == "核对过"
