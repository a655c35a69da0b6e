"""An item as the tagger and its learning read it: one place, so that both see the same."""

from dataclasses import dataclass
from datetime import datetime

from nlp.features import LEAD_CHARS, Features, Field, features, read_field
from nlp.places import Place, find_places
from nlp.taxonomy import TermFinder

TITLE_CHARS = 2_000
SUMMARY_CHARS = 5_000


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    title: str
    summary: str | None = None
    body: str | None = None
    published: datetime | None = None
    outlet: str | None = None
    outlet_area: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    fields: list[Field]
    places: list[Place]
    features: Features


def read(item: Item, finder: TermFinder, home_province: str | None = None) -> Reading:
    """Title and summary; of a body the head, and that only where there is no summary."""
    limits = {"title": TITLE_CHARS, "summary": SUMMARY_CHARS}
    if not (item.summary or "").strip():
        limits["body"] = LEAD_CHARS
    fields = [
        read_field(n, text, size, finder) for n, size in limits.items() if (text := getattr(item, n) or "")
    ]
    places = _places(item, home_province)
    return Reading(fields, places, features(fields, (place.level for place in places)))


def _places(item: Item, home_province: str | None) -> list[Place]:
    head = "\n".join(
        part for part in (item.title[:TITLE_CHARS], (item.summary or "")[:SUMMARY_CHARS]) if part
    )
    text = head + "\n" + (item.body or "")[: 0 if item.summary else LEAD_CHARS]
    return find_places(text, item.published.date() if item.published else None, home_province)
