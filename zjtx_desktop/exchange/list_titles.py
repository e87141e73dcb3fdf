"""The title and level of a row: its own, then those of the heading over it, then those of the whole file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from zjtx_desktop.domain.titles import Level, Titles, parse_level
from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.column_values import MERGED_TYPES
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_around import ListDefaults
from zjtx_desktop.exchange.list_cells import Cells
from zjtx_desktop.exchange.statements import Said, first
from zjtx_desktop.values import fold_name

_PUBLISHED = re.compile(r"[（(](仅?公示|拟认定)[）)]\s*$")  # behind the title: it makes the row publicity only


@dataclass(slots=True)
class TitleReader:
    """Reads one row; `took_given` are the fields for which it took what was given for the whole file."""

    cells: Cells
    titles: Titles
    defaults: ListDefaults
    on: date | None
    said: Sequence[Said]
    heads: Sequence[Said]
    from_heading: bool
    took_given: set[str] = field(default_factory=set)
    printed: str | None = None  # the words in which the list gives the title

    def read(self) -> tuple[str | None, Level | None]:
        """The id of the title and its level, None for what could not be told, which is an error then."""
        cells = self.cells
        level = cells.parsed(Field.LEVEL, parse_level)
        written = cells.text(Field.TITLE)
        self.printed = text = (_PUBLISHED.sub("", written) or None) if written else None
        heading = next((one for one in reversed(self.said) if one.title or one.refusal or one.level), None) if self.said else None
        if heading and heading.refusal:
            cells.error(Field.TITLE, f"在小标题{heading.quoted}之下：{heading.refusal}")
            return None, level
        unreadable = level is None and cells.text(Field.LEVEL) is not None
        if unreadable or cells.is_broken(Field.TITLE) or cells.is_broken(Field.LEVEL):
            return None, level
        if text is None:
            return self._of_heading(heading, level)
        if MERGED_TYPES.fullmatch(fold_name(text)):
            return self._of_type(text, level)
        if note := self.titles.note(text):
            cells.warn(Field.TITLE, note)
        level = level or (heading.level if heading and not heading.title else None)
        found = cells.tried(Field.TITLE, lambda: self._resolved(text, level))
        if found and not self._is_usual(Field.TITLE, text, found[1], "level" not in self.took_given):
            return None, None
        return found or (None, level)

    def _of_heading(self, heading: Said | None, level: Level | None) -> tuple[str | None, Level | None]:
        """The title that the heading over the row names goes before the one of the whole file."""
        named = heading.title if heading else None
        if named is None or named.title is None or heading is None:
            return self._given(level or (heading.level if heading else None))
        self.printed, ours = heading.text, self.defaults.title
        if ours is None and not self.from_heading:
            self.cells.error(Field.TITLE, f"没有认定称号；小标题{heading.quoted}写有称号，可以在导入时按标题填写。")
            return None, level
        if note := self.titles.note(named.text):
            self.cells.warn(Field.TITLE, note)
        found = level or named.level or self.defaults.level
        if found is None:
            self.cells.error(Field.LEVEL, f"小标题{heading.quoted}的称号没有写明级别，请补充是省级还是国家级。")
            return named.title.id, None
        if found in named.title.missing:
            self.cells.error(Field.LEVEL, named.title.missing[found])
            return None, found
        if not self._is_usual(Field.TITLE, named.text, found, bool(level or named.level)):
            return None, None
        if ours is not None and ours != named.title.id or self.defaults.level not in (None, found):
            name = self.titles.name(named.title.id, found)
            self.cells.warn(Field.TITLE, f"在小标题{heading.quoted}之下，按“{name}”登记，与全表填写的不同，请核对。")
        elif level is None and named.level is None:
            self.took_given.add("level")
        return named.title.id, found

    def _of_type(self, text: str, level: Level | None) -> tuple[str | None, Level | None]:
        """平台 or 基地 under a headline with the title that took the place of two, or beside one given for the file."""
        around = (*self.said, *self.heads)
        sort = "平台" if "平台" in text else "基地"
        full = f"{self.titles.merged_name}（{sort}）"
        self.printed = full if first(around, "merged") else None
        found = self.cells.tried(Field.TITLE, lambda: self._resolved(full, level)) if first(around, "merged") else None
        if found or first(around, "merged"):
            return found or (None, level)
        ours = self.defaults.title
        wanted = {"平台": "service_platform", "基地": "startup_base"}[sort]
        if ours == wanted:
            return self._given(level)
        self.cells.error(Field.TITLE, f"称号只写了“{text}”，看不出是哪个称号，请填写认定称号的全称。")
        return None, level

    def _is_usual(self, label: Field, text: str, level: Level, is_told: bool) -> bool:
        """Whether a spelling may be of this level: the level given for the whole file alone does not make it so, the
        row's own is warned of.
        """
        unusual = self.titles.unusual(text, level)
        if unusual and is_told:
            self.cells.warn(label, f"{unusual}，请核对认定文件。")
        elif unusual:
            self.cells.error(label, f"{unusual}，而全表的级别是{level}。请核对认定文件；确是{level}的，请在这一行写明级别。")
        return not unusual or is_told

    def _resolved(self, text: str, level: Level | None) -> tuple[str, Level]:
        """The title and level of a text; the level given for the whole file only where the row is silent."""
        try:
            title, found = self.titles.resolve(text, level, self.on)
        except BadValue as refusal:
            if level is not None or self.defaults.level is None:
                raise
            try:
                title, found = self.titles.resolve(text, self.defaults.level, self.on)
            except BadValue:
                raise refusal from None  # the level was not what was wrong
            self.took_given.add("level")
        return title.id, found

    def _given(self, level: Level | None) -> tuple[str | None, Level | None]:
        if self.defaults.title is None:
            self.cells.error(Field.TITLE, "没有认定称号，请在名单里补充“认定称号”一列，或在导入时选择称号。")
            return None, level
        self.took_given.add("title")
        title = self.titles.get(self.defaults.title)
        if level is None and self.defaults.level:
            self.took_given.add("level")
        level = level or self.defaults.level or (next(iter(title.names)) if len(title.names) == 1 else None)
        if level is None:
            self.cells.error(Field.LEVEL, "没有级别，请在名单里补充“级别”一列，或在导入时选择省级或国家级。")
            return title.id, None
        if level in title.missing:
            self.cells.error(Field.LEVEL, title.missing[level])
            return None, level
        return title.id, level
