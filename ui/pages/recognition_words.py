"""Recognitions in words: the columns of their list, and everything about one of them."""

from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from ui.models.column import Column, Kind, State
from ui.pages.organisation_words import attached, division_name
from ui.widgets.detail_panel import Detail, Line, Section
from zjtx_desktop.domain.titles import Level, Titles
from zjtx_desktop.usecases.attachments import AttachmentLine
from zjtx_desktop.usecases.recognitions import RecognitionForm, RecognitionLine


def title_name(title: str) -> str:
    """The short name of a title, whatever its level."""
    return Titles.load().get(title).aliases[None][0]


def _title(line: RecognitionLine) -> str:
    """The title in full; of one that was but published, with the words by which an import knows it for that."""
    name = Titles.load().name(line.title, Level(line.level), line.title_type)
    return f"{name}（仅公示）" if line.publicity_only else name


COLUMNS = (
    Column("organisation", "单位名称", attrgetter("organisation"), letters=15),
    Column("title", "称号", _title, letters=13),
    Column("level", "级别", attrgetter("level"), letters=4),
    Column("kind", "类型", attrgetter("kind"), letters=5),
    Column("document_date", "认定日期", attrgetter("document_date"), Kind.DATE, letters=6),
    Column("division", "所属地区", lambda line: division_name(line.division), letters=6),
    Column("document_number", "文号", attrgetter("document_number"), letters=10),
    Column("valid_to", "有效期止", attrgetter("valid_to"), Kind.DATE, letters=6),
    Column("batch", "批次", attrgetter("batch"), letters=5),
    Column("label_year", "年度", lambda line: str(line.label_year or ""), Kind.CODE, letters=4),
    Column("credit_code", "统一社会信用代码", attrgetter("credit_code"), Kind.CODE, letters=11, hidden=True),
    Column("award", "奖补编号", attrgetter("award"), Kind.CODE, letters=9, hidden=True),
)
FILTERS = ("title", "level", "kind", "label_year", "division", "batch")
FILTER_TEXTS = {"title": title_name, "division": division_name}


def detail_of(
    line: RecognitionLine, form: RecognitionForm, scans: Sequence[AttachmentLine], today: date
) -> Detail:
    """Everything about a recognition; `line` brings what stands beside it in the book."""
    return Detail(line.organisation, (*_sections(line, form), *attached(scans)), _standing(form, today))


def _standing(form: RecognitionForm, today: date) -> State | None:
    if form.publicity_only:
        return State("仅为公示，不能据以奖补", "warn")
    if form.valid_to is None:
        return None
    return State("在有效期内", "good") if form.valid_to >= today else State("有效期已过", "soft")


def _sections(line: RecognitionLine, form: RecognitionForm) -> Iterator[Section]:
    yield Section("", tuple(_given(
        ("称号", _title(line)), ("级别", form.level.value), ("类型", form.kind.value), ("批次", form.batch),
        ("年度", str(form.label_year or "")), ("产品", form.product), ("运营单位", form.operator),
        ("名单所列", form.listed_name if form.listed_name != line.organisation else ""),
    )))  # fmt: skip
    day = form.document_date.isoformat() if form.document_date else ""
    yield Section("认定文件", (
        Line("文件名称", form.document_title or ""), Line("文号", form.document_number or ""), Line("认定日期", day),
    ))  # fmt: skip
    span = "至".join(one.isoformat() if one else "未填" for one in (form.valid_from, form.valid_to))
    yield Section(
        "有效期与证书",
        tuple(
            _given(
                ("有效期", span if form.valid_to or form.valid_from else "—"), ("证书编号", form.certificate)
            )
        ),
    )
    yield Section("单位", (
        Line("单位名称", line.organisation, link=f"organisations/{form.organisation_id}"),
        Line("信用代码", line.credit_code or ""),
        Line("所属地区", division_name(line.division)),
        Line("奖补", line.award or "尚未测算"),
    ))  # fmt: skip
    if form.note:
        yield Section("备注", (form.note,))


def _given(*pairs: tuple[str, str | None]) -> Iterator[Line]:
    """The lines that have something to say."""
    return (Line(label, value) for label, value in pairs if value)
