"""Turkish text: letters, search, order, suffixes, figures and dates; no field and no screen."""

from app.core.text.cases import (
    clean,
    excerpt,
    initials,
    tr_capitalize,
    tr_lower,
    tr_title,
    tr_upper,
)
from app.core.text.folding import fold, similarity
from app.core.text.formats import (
    format_date,
    format_datetime,
    format_long_date,
    format_money,
    format_number,
    format_percent,
    format_time,
)
from app.core.text.parsing import parse_tr_date, parse_tr_datetime, parse_tr_number
from app.core.text.sorting import compare, sort_key
from app.core.text.suffixes import Case, suffix, with_suffix

__all__ = [
    "Case",
    "clean",
    "compare",
    "excerpt",
    "fold",
    "format_date",
    "format_datetime",
    "format_long_date",
    "format_money",
    "format_number",
    "format_percent",
    "format_time",
    "initials",
    "parse_tr_date",
    "parse_tr_datetime",
    "parse_tr_number",
    "similarity",
    "sort_key",
    "suffix",
    "tr_capitalize",
    "tr_lower",
    "tr_title",
    "tr_upper",
    "with_suffix",
]
