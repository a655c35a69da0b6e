"""What a program at the agency may want to know of a letter without reading its words."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Document:
    number: int
    symbol: str
    day: date
    """on which it was issued"""
    subject: str
    place: str
    """place of issue"""
    signer_post: str
    agency_key: str
    agency_name: str
    agency_organ_id: str | None
    due: datetime | None
    """the programme's clock"""
