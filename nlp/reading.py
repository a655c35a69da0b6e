"""An item as the tagger and its learning read it: one place, so that both see the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nlp.abroad import speaks_of_abroad
from nlp.features import Features, Field, features, read_field
from nlp.places import Place, places_among
from nlp.taxonomy import Hit, TermFinder
from nlp.text import Joined, next_line, tokens

TITLE_CHARS = 2_000
SUMMARY_CHARS = 5_000
LEAD_CHARS = 350
"""Of a body only its head is read, about a summary's length: news says at once what it is about, and the
model has learned from summaries."""
PLACE_CHARS = 1_200
"""How far into a body a place is looked for."""

CUE_CHARS = 4_000
"""How far into a body cues of concern, religion, politics and protest are looked for."""
ABROAD_FURTHER_ON = 0.5


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
    abroad: float
    """how far it speaks of another country: 0 not, 1 at its head, less where only further on"""
    body_hits: list[Hit]
    """terms and cues of the body, which otherwise is not read beyond its head"""
    restricted: bool


def read(item: Item, finder: TermFinder, home_province: str | None = None) -> Reading:
    """Title and summary; of a body the head, and that only where there is no summary."""
    limits = {"title": TITLE_CHARS, "summary": SUMMARY_CHARS}
    if not (item.summary or "").strip():
        limits["body"] = LEAD_CHARS
    fields = [
        read_field(n, text, size, finder) for n, size in limits.items() if (text := getattr(item, n) or "")
    ]
    places = _places(item, fields, home_province)
    body_hits = finder.find(Joined((item.body or "")[:CUE_CHARS]))
    return Reading(
        fields,
        places,
        features(fields, (place.level for place in places)),
        0.0 if places else _abroad(fields),
        body_hits,
        _restricted([hit for one in fields for hit in one.hits], body_hits),
    )


def _abroad(fields: list[Field]) -> float:
    if not speaks_of_abroad([token for one in fields for token in one.joined.tokens]):
        return 0.0
    return 1.0 if speaks_of_abroad(fields[0].joined.tokens) else ABROAD_FURTHER_ON


def _restricted(hits: Sequence[Hit], body_hits: Sequence[Hit]) -> bool:
    """A body that names the people of a region has not them for its matter; the other families wait."""
    further = (hit for hit in body_hits if hit.key != "ethnicity")
    return any(hit.group == "restricted" for hit in (*hits, *further))


def _places(item: Item, fields: Sequence[Field], home_province: str | None) -> list[Place]:
    """Those of title and summary; where these name no place below a province, also of the body's head."""
    on = item.published.date() if item.published else None
    read = {one.name: one.joined.tokens for one in fields}
    title, summary = item.title[:TITLE_CHARS], (item.summary or "")[:SUMMARY_CHARS]
    head, found = f"{title}\n{summary}", next_line(read.get("title", []), title, read.get("summary", []))
    told = places_among(head, found, on, home_province)
    if not item.body or any(place.level != "province" for place in told):
        return told
    provinces = {place.province_code for place in told}
    body = item.body[:PLACE_CHARS]
    more = places_among(f"{head}\n{body}", next_line(found, head, tokens(body)), on, home_province)
    return [place for place in more if not provinces or place.province_code in provinces] or told
