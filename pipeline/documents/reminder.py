"""One mail that reminds an address of all it is to be reminded of that day."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.documents.printable import printable
from pipeline.documents.rendering import render


@dataclass(frozen=True)
class Owed:
    """A referral that waits for its answer."""

    number: str
    day: date
    subject: str
    until: datetime
    extended: bool
    standing: str


@dataclass(frozen=True)
class Reminder:
    """Of the programme's deadlines only: limits of law have no place in it."""

    office: str
    addressees: tuple[str, ...]
    """contact units, and leaders by their post"""
    leaders: tuple[str, ...]
    """posts that are asked to see to the answer"""
    owed: tuple[Owed, ...]
    contact: str


def reminder_text(reminder: Reminder) -> str:
    return render("reminder.txt.j2", reminder=printable(reminder))


def reminder_html(reminder: Reminder) -> str:
    return render("reminder.html.j2", reminder=printable(reminder))
