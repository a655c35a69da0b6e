"""One mail that reminds an address of all it is to be reminded of that day."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipeline.documents.issuing import Head
from pipeline.documents.printable import printable
from pipeline.documents.rendering import render
from pipeline.documents.stable import stable_docx
from pipeline.documents.templating import filled
from pipeline.formats import vn_date


@dataclass(frozen=True)
class Owed:
    """A referral that waits for its answer."""

    number: str
    day: date
    subject: str
    until: str
    """in words, which also say where it was extended"""
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


@dataclass(frozen=True)
class ShownOwed:
    number: str
    day: str
    subject: str
    until: str
    standing: str


@dataclass(frozen=True)
class ReminderContext:
    """What a template of the reminder (công văn đôn đốc) may name."""

    head: Head
    reminder: Reminder
    owed: tuple[ShownOwed, ...]


def reminder_docx(reminder: Reminder, head: Head, template: Path, made_at: datetime) -> bytes:
    """The same content and template always give the same bytes. Raises TemplateMistake."""
    reminder, head = printable(reminder), printable(head)
    owed = tuple(
        ShownOwed(one.number, vn_date(one.day), one.subject, one.until, one.standing) for one in reminder.owed
    )
    document = filled(template, lambda _: ReminderContext(head, reminder, owed))
    return stable_docx(document, title="Công văn đôn đốc", author=head.office, made_at=made_at)


def reminder_text(reminder: Reminder) -> str:
    return render("reminder.txt.j2", reminder=printable(reminder))


def reminder_html(reminder: Reminder) -> str:
    return render("reminder.html.j2", reminder=printable(reminder))
