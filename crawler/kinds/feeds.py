"""RSS and Atom."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feedparser

from crawler.addresses import resolve
from crawler.encoding import decode
from crawler.kinds.naming import Named, UnreadableSource
from crawler.plain import plain_text
from crawler.times import parse_time

_DATES = ("published", "updated", "created", "date")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class NotAFeed(UnreadableSource):
    """What came is neither RSS nor Atom."""


@dataclass(frozen=True)
class Feed:
    title: str | None
    items: tuple[Named, ...]
    broken_encoding: bool = False


def parse_feed(content: bytes, url: str, content_type: str | None = None) -> Feed:
    """Reads RSS or Atom of any version, forgiving about all but its being a feed; raises NotAFeed."""
    decoded = decode(_declared_in_html_words(content), content_type)
    # Decoded here, the encoding that the document names is no longer true; sanitizing is plain_text's work.
    text = _XML_DECLARATION.sub("", decoded.text, count=1).lstrip()
    if not text:
        raise _not_a_feed(text)
    parsed = feedparser.parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.version and not parsed.entries:
        raise _not_a_feed(text)
    items = (_item(entry, url) for entry in parsed.entries)
    return Feed(
        title=plain_text(parsed.feed.get("title")),
        items=tuple(item for item in items if item is not None),
        broken_encoding=decoded.broken,
    )


def _declared_in_html_words(content: bytes) -> bytes:
    """Lets the HTML rules of finding an encoding see an XML declaration that follows blank lines."""
    return content.lstrip() if content[:1].isspace() else content


def _not_a_feed(text: str) -> NotAFeed:
    return NotAFeed(
        f"is not a feed: {_beginning(text)}",
        "open the address in a browser; `dansinh sources find` with the outlet's home page finds feeds",
    )


def _beginning(text: str) -> str:
    kind = (
        "an HTML page" if re.match(r"(?i)<(!doctype html|html)", text) else "a text that is not RSS or Atom"
    )
    return f"the answer is {kind}" if text else "the answer is empty"


def _item(entry: Any, feed_url: str) -> Named | None:
    address = resolve(feed_url, entry.get("link") or _address_as_id(entry))
    if address is None:
        return None
    return Named(
        url=address,
        title=plain_text(entry.get("title")),
        summary=plain_text(_summary(entry)),
        published=_published(entry),
    )


def _address_as_id(entry: Any) -> str | None:
    identifier = str(entry.get("id") or "")
    return identifier if identifier.startswith(("http://", "https://")) else None


def _summary(entry: Any) -> str | None:
    if summary := entry.get("summary"):
        return str(summary)
    contents = entry.get("content") or []
    return str(contents[0].get("value") or "") if contents else None


def _published(entry: Any) -> datetime | None:
    # feedparser's own reading takes a time without a zone for UTC; outlets here mean local time.
    for name in _DATES:
        if time := parse_time(entry.get(name)):
            return time
    return None
