"""What stands at the head and foot of every document: who issues it, under which number, where, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.formats import date_in_words
from pipeline.settings import Office

Kind = Literal["letter", "covering", "reminder", "digest", "report"]
SERIES: dict[Kind, str] = {
    "letter": "letter",
    "covering": "dispatch",
    "reminder": "dispatch",
    "digest": "digest",
    "report": "report",
}
"""kinds of one series share their numbers: a công văn is a công văn"""
ABBREVIATIONS: dict[Kind, str] = {
    "letter": "PC",
    "covering": "CV",
    "reminder": "CV",
    "digest": "BT",
    "report": "BC",
}
DISPATCHES = ("covering", "reminder")
ROOM = "      "
"""where the registry writes a number by hand"""


@dataclass(frozen=True)
class Head:
    """`number` as printed: "Số: 12/PC-BTGDV" (state) or "Số 05-BC/BTGDVTU" (party)."""

    layout: Literal["state", "party"]
    parent: str
    office: str
    number: str
    place: str
    day: date
    signer_post: str
    copies: tuple[str, ...]

    @property
    def place_and_date(self) -> str:
        return f"{self.place}, {date_in_words(self.day)}"

    @property
    def end(self) -> str:
        """What closes the text."""
        return end_mark(self.layout)


def head_of(office: Office, kind: Kind, number: int | None, day: date, copies: Sequence[str]) -> Head:
    return Head(
        layout=office.layout,
        parent=office.parent,
        office=office.name,
        number=number_line(office, kind, number),
        place=office.place,
        day=day,
        signer_post=office.signer_post,
        copies=(*copies, f"- Lưu: VT, {office.contact_unit}."),
    )


def end_mark(layout: str) -> str:
    return "." if layout == "party" else "./."


def number_line(office: Office, kind: Kind, number: int | None) -> str:
    return f"{'Số' if office.layout == 'party' else 'Số:'} {number_and_symbol(office, kind, number)}"


def number_and_symbol(office: Office, kind: Kind, number: int | None) -> str:
    """12/PC-BTGDV; of the Party 05-PC/BTGDVTU, a number below 10 with a zero before it."""
    if office.layout == "party":
        written = ROOM if number is None else f"{number:02}"
        return f"{written}-{symbol(office, kind)}"
    return f"{ROOM if number is None else number}/{symbol(office, kind)}"


def symbol(office: Office, kind: Kind) -> str:
    """As configured; else that of letters with the kind's abbreviation (a state công văn bears none)."""
    if kind == "letter":
        return office.symbol
    if kind in office.symbols:
        return office.symbols[kind]
    between = "/" if "/" in office.symbol else "-"
    initials = office.symbol.partition(between)[2] or office.symbol
    if office.layout == "state" and kind in DISPATCHES:
        return initials
    return f"{ABBREVIATIONS[kind]}{between}{initials}"


def numbering_year(office: Office, day: date) -> int:
    """Whose numbers run on `day`: the calendar year's, or by the Party's rule those of the committee's term,
    named by the year in which it began."""
    if office.layout == "state":
        return day.year
    begun = [first for first in office.term_starts if first <= day]
    return max(begun, default=min(office.term_starts)).year
