"""What an item of a feed tells, of whatever format, made into an address with what is said of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.addresses import canonical_address, named_address
from crawler.kinds.naming import Named
from crawler.plain import plain_text

LONGEST_TITLE = 500
LONGEST_SUMMARY = 20_000
"""characters: some feeds carry whole articles"""
_LONGEST_MARKUP = 100_000


@dataclass(frozen=True)
class ToldItem:
    """In the feed's own writing. Who wrote it and who comments on it is not read."""

    addresses: tuple[str | None, ...]
    """the best first; an identifier counts if it is a web address"""
    title: str | None
    summary: str | None
    published: datetime | None
    changed: datetime | None = None


def name_items(items: Iterable[ToldItem], base: str) -> list[Named]:
    """Each address once, as first told; items without any are left out."""
    named: dict[str, Named] = {}
    for item in items:
        address = next((found for text in item.addresses if (found := named_address(base, text))), None)
        key = canonical_address(address) if address else None
        if address and key and key not in named:
            named[key] = Named(
                url=address,
                title=short(item.title, LONGEST_TITLE),
                summary=short(item.summary, LONGEST_SUMMARY),
                published=item.published,
                changed=item.changed,
            )
    return list(named.values())


def short(markup: str | None, longest: int) -> str | None:
    text = plain_text(markup[:_LONGEST_MARKUP]) if markup else None
    if text is None or len(text) <= longest:
        return text
    return text[:longest].rpartition(" ")[0] + " …"


def shifted(items: list[Named], offset: timedelta, shift: timedelta) -> list[Named]:
    """With `shift` added to the times that are labelled with `offset`."""

    def moved(time: datetime | None) -> datetime | None:
        return time + shift if time and time.utcoffset() == offset else time

    return [replace(item, published=moved(item.published), changed=moved(item.changed)) for item in items]
