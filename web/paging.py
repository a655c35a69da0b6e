"""Which part of a long list an address asks for."""

from dataclasses import dataclass

MAX_DIGITS = 9


@dataclass(frozen=True)
class Paging:
    page: int
    """from 1 on"""
    pages: int
    span: slice
    """of the list's rows"""


def paging(written: str, total: int, rows: int) -> Paging:
    """`written` as in an address; what is no page is the first, what is beyond the last is the last."""
    is_number = written.isascii() and written.isdigit() and len(written) <= MAX_DIGITS
    pages = max(1, -(-total // rows))
    page = max(1, min(int(written), pages)) if is_number else 1
    return Paging(page, pages, slice((page - 1) * rows, page * rows))
