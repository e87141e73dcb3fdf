"""Frozen values with parse() and str(): text is checked here once, at the edge, and nowhere inside."""

from zjtx_desktop.values.capitals import uppercase
from zjtx_desktop.values.credit_code import CreditCode, damaged_code
from zjtx_desktop.values.dates import format_date, parse_date, parse_month, parse_year
from zjtx_desktop.values.division import Division
from zjtx_desktop.values.document_number import DocumentNumber
from zjtx_desktop.values.filename import safe_filename
from zjtx_desktop.values.free_text import MOST_NAME, MOST_NOTE, MOST_WORDS, free_text
from zjtx_desktop.values.head_code import HeadCode
from zjtx_desktop.values.initials import initials, initials_sought
from zjtx_desktop.values.money import ZERO, Money
from zjtx_desktop.values.names import clean_name, fold_name, look_alike
from zjtx_desktop.values.share import Share, format_shares, parse_shares
from zjtx_desktop.values.work_calendar import WorkCalendar

__all__ = [
    "MOST_NAME",
    "MOST_NOTE",
    "MOST_WORDS",
    "ZERO",
    "CreditCode",
    "Division",
    "DocumentNumber",
    "HeadCode",
    "Money",
    "Share",
    "WorkCalendar",
    "clean_name",
    "damaged_code",
    "fold_name",
    "format_date",
    "format_shares",
    "free_text",
    "initials",
    "initials_sought",
    "look_alike",
    "parse_date",
    "parse_month",
    "parse_shares",
    "parse_year",
    "safe_filename",
    "uppercase",
]
