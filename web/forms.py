"""What a form's fields mean. Raises NotAllowed with a sentence for the official who filled them in."""

import unicodedata
from datetime import date, datetime

from starlette.datastructures import FormData

from pipeline.states import NotAllowed
from store.texts import keepable
from web.formats import read_date, read_moment

MAX_DIGITS = 9
"""below what a database's integer holds"""
FORM_WRONG = "Biểu mẫu không đúng. Hãy tải lại trang và làm lại."
NOT_SEEN = ("C", "M", "Z")
"""categories of Unicode of which nothing is seen where nothing else stands beside them"""
BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Hangul's fillers and the Braille pattern without dots: letters and signs by their category, yet blank"""


def text(form: FormData, name: str) -> str:
    """Nothing where nothing of it would be seen: a field full of invisible characters is an empty one."""
    value = form.get(name, "")
    kept = keepable(value).strip() if isinstance(value, str) else ""
    return kept if any(map(_is_seen, kept)) else ""


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] not in NOT_SEEN and character not in BLANK_LETTERS


def number(form: FormData, name: str, otherwise: str = FORM_WRONG) -> int | None:
    """`otherwise`: what is said where something else was written."""
    value = text(form, name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS):
        raise NotAllowed(otherwise)
    return int(value)


def numbers(form: FormData, name: str) -> list[int]:
    """Of a field that may be given several times."""
    return [found for one in form.getlist(name) if (found := number(FormData({name: one}), name)) is not None]


def moment(form: FormData, name: str, label: str) -> datetime:
    try:
        return read_moment(text(form, name))
    except ValueError as error:
        raise NotAllowed(f"{label}: hãy ghi đủ ngày và giờ, ví dụ 22/11/2026 07:05.") from error


def day(form: FormData, name: str, label: str) -> date | None:
    value = text(form, name)
    try:
        return read_date(value) if value else None
    except ValueError as error:
        raise NotAllowed(f"{label}: hãy ghi ngày, ví dụ 22/11/2026.") from error
