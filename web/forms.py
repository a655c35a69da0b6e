"""What a form's fields mean. Raises NotAllowed with a sentence for the official who filled them in."""

from datetime import date, datetime

from starlette.datastructures import FormData

from pipeline.states import NotAllowed
from store.texts import keepable
from web.formats import read_date, read_moment

MAX_DIGITS = 9
"""below what a database's integer holds"""


def text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return keepable(value).strip() if isinstance(value, str) else ""


def number(form: FormData, name: str) -> int | None:
    value = text(form, name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS):
        raise NotAllowed("Biểu mẫu không đúng. Hãy tải lại trang và làm lại.")
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
