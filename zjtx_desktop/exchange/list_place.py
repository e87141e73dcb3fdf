"""Where the organisation of a row belongs: its county, told by the columns and headings; or a place not in the city."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zjtx_desktop.errors import BadValue
from zjtx_desktop.exchange.headers import Role, Watched
from zjtx_desktop.exchange.headings import Field
from zjtx_desktop.exchange.list_cells import Cells
from zjtx_desktop.exchange.list_words import bare, plain_set
from zjtx_desktop.exchange.places import division_of, is_whole_city
from zjtx_desktop.exchange.statements import Said
from zjtx_desktop.values import Division

WIDER = (Field.PROVINCE, Field.CITY)
NEARER = (Field.REGION, Field.PARK, Field.RECOMMENDER)
BOTH = (*WIDER, *NEARER)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The text it was read from, the county, and why the row is of no concern to the city; all may be nothing."""

    text: str | None = None
    division: Division | None = None
    outside: str = ""


def outside_of(cells: Cells, said: Sequence[Said]) -> str:
    """Why the row is not of this city, when nothing in it says otherwise; empty when it is, or may be."""
    for field in BOTH:
        text = cells.text(field)
        if text and Division.elsewhere(text):
            return f"{cells.where(field)}：“{text}”不属上饶市。"
    if not said:
        return ""
    heading = next((one for one in reversed(said) if one.is_place), None)
    if heading and heading.outside and not any(cells.text(field) for field in BOTH):
        return f"在小标题{heading.quoted}之下，不属上饶市。"
    return ""


def whereabouts(
    cells: Cells, said: Sequence[Said], watched: Iterable[Watched], given: Division | None, beside_name: Division | None
) -> Whereabouts:
    """The county of a row: of its own columns, then of the heading over it, then of the whole file.

    A place that contradicts what the whole file is said to be is an error; it is never dropped.
    """
    if outside := outside_of(cells, said):
        if inside := _inside(cells):
            cells.refuse(f"{outside.rstrip('。')}，而“{inside.label}”列写的是“{cells.text(inside)}”，请核对。")
        elif given is not None:
            cells.refuse(f"{outside.rstrip('。')}，与全表的所属地区“{given}”不符，请核对。")
            return Whereabouts(outside=outside)
        else:
            return Whereabouts(outside=outside)
    heading = next((one.place for one in reversed(said) if one.place), None) if said else None
    default = heading or beside_name or given
    text, division = _own(cells, default)
    _compare(cells, watched, division, given if division is given and text is None else None)
    return Whereabouts(text, division)


def _inside(cells: Cells) -> Field | None:
    """The column whose place lies in the city although another column names one elsewhere."""
    for field in NEARER:
        text = cells.text(field)
        if text and not Division.elsewhere(text) and _found(text):
            return field
    return None


def _own(cells: Cells, default: Division | None) -> tuple[str | None, Division | None]:
    for field in NEARER:
        if cells.is_broken(field):
            return None, None
        text = cells.text(field)
        if text is None:
            continue
        if is_whole_city(text):
            if default is None:
                cells.warn(field, f"“{text}”没有写明县（市、区），请导入后补充所属地区。")
            return text, default
        if field is Field.REGION:
            division = cells.tried(field, lambda: division_of(text))
            _compare_park(cells, division)
            return text, division
        if found := _found(text):
            if field is Field.RECOMMENDER and found != default:  # an office, like 主管部门: no place of the organisation
                against = f"，与“{default}”不同" if default else ""
                cells.warn(field, f"“推荐单位”写的是“{text[:30]}”{against}，不一定是企业的所属地区，按{found}登记，请核对。")
            return text, found
        rest = f"按{default}登记，请核对。" if default else "请导入后补充所属地区。"
        cells.warn(field, f"从“{text}”看不出所属县（市、区），{rest}")
        return text, default
    wider = next((cells.text(field) for field in reversed(WIDER) if cells.text(field)), None)
    if wider and (found := _found(wider)):  # 德兴市 under 设区市
        return wider, found
    if wider and not is_whole_city(wider):
        field = next(field for field in reversed(WIDER) if cells.text(field) == wider)
        rest = f"按{default}登记，请核对。" if default else "请核对，并在导入后补充所属地区。"
        cells.warn(field, f"从“{wider}”看不出属于哪里，{rest}")
    return wider, default


def _compare_park(cells: Cells, division: Division | None) -> None:
    park = cells.text(Field.PARK)
    found = _found(park) if park else None
    if division and found and found != division:
        cells.warn(Field.PARK, f"园区“{park}”属{found}，与所属地区“{division}”不同，请核对受益财政。")


def _compare(cells: Cells, watched: Iterable[Watched], division: Division | None, given: Division | None) -> None:
    """The registered address, the taxes, the superior office: where they name another place, that is said.

    Where nothing but what was given for the whole file says where the row belongs, it is asked about.
    """
    for column in watched:
        if column.role is not Role.PLACE or not (text := cells.plain(column.column)):
            continue
        found = None if Division.elsewhere(text) else _found(text)
        if found == division or found is None and not Division.elsewhere(text):
            continue
        named, where = f"“{column.label}”写的是“{text[:30]}”", f"，与所属地区“{division}”不同" if division else ""
        if given is not None:
            cells.error_at(column.column, f"{named}，与全表的所属地区“{given}”不符，请核对。")
        elif bare(column.label) in plain_set("columns", "tax_places"):
            cells.warn_at(column.column, f"{named}{where}，请核对受益财政。")
        else:
            cells.warn_at(column.column, f"{named}{where}，请核对。")


def _found(text: str) -> Division | None:
    try:
        return division_of(text)
    except BadValue:
        return None
