"""One mail with a new link for an agency, in place of the one that is void."""

from dataclasses import dataclass
from datetime import date

from pipeline.documents.printable import printable
from pipeline.documents.rendering import render


@dataclass(frozen=True)
class NewLink:
    office: str
    agency: str
    """with its contact unit"""
    number: str
    """of the referral's letter"""
    subject: str
    url: str
    until: date
    contact: str


def link_text(new: NewLink) -> str:
    return render("link.txt.j2", new=printable(new))


def link_html(new: NewLink) -> str:
    return render("link.html.j2", new=printable(new))
