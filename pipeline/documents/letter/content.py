"""What a referral letter says, before any layout."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.documents.citation import Citation
from pipeline.documents.issuing import Head


@dataclass(frozen=True)
class Limit:
    """One clock: until when, and on what ground. Clocks of different ground are never joined."""

    text: str
    until: datetime | None
    basis: str


@dataclass(frozen=True)
class AnswerAt:
    """Where the agency answers without an account, and the last day on which it may."""

    url: str
    until: date


@dataclass(frozen=True)
class Letter:
    """A phiếu chuyển. Posts and units are named, persons never."""

    head: Head
    """a draft's has room for the number"""
    made_at: datetime
    title: str
    """the issue's"""
    subject: str
    addressee: str
    summary: str
    area: str
    sources: tuple[Citation, ...]
    """the first few; `more_sources` says how many were left out"""
    more_sources: int
    quotation: str | None
    quoted: Citation | None
    """the source of the quotation"""
    programme: str
    """the programme in force, with what it rests on"""
    contents: tuple[str, ...]
    """those of its contents that the referral falls under"""
    request: str
    limit: Limit
    """the programme's clock"""
    statutory: tuple[Limit, ...]
    """limits set by law, each with its basis; empty where no trigger is recorded"""
    contact: str
    addressee_contact: str | None
    """post that leads and unit that is the contact at the addressee"""
    answer_at: AnswerAt | None = None
    """None: the office has no such page"""
