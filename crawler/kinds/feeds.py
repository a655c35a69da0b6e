"""Feeds: RSS of every version, Atom, JSON Feed; told apart by what they hold, not by what they are called."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import feedparser

from crawler.addresses import resolve, same_site
from crawler.encoding import decode, sound_references
from crawler.kinds.false_zones import false_zone
from crawler.kinds.feed_items import LONGEST_TITLE, ToldItem, name_items, shifted, short
from crawler.kinds.feed_text import feed_text
from crawler.kinds.json_feeds import read_json_feed
from crawler.kinds.naming import MAX_ITEMS, Named, Notice, UnreadableSource
from crawler.kinds.pace import Pace, read_pace
from crawler.times import parse_time

_BUILT = tuple(
    re.compile(rf"<{name}\b[^>]*>\s*([^<]{{1,80}})<", re.IGNORECASE)
    for name in ("lastBuildDate", "updated", "modified", "pubDate")
)
"""The time of publication of a channel is that of its making with some, of its newest item with others."""
_NO_PACE = Pace()


class NotAFeed(UnreadableSource):
    """What came is neither RSS nor Atom nor JSON Feed."""


@dataclass(frozen=True)
class Feed:
    title: str | None
    items: tuple[Named, ...]
    pace: Pace = _NO_PACE
    broken_encoding: bool = False
    notices: tuple[Notice, ...] = ()


def parse_feed(
    content: bytes,
    url: str,
    content_type: str | None = None,
    now: datetime | None = None,
    last_modified: datetime | None = None,
) -> Feed:
    """Reads a feed of any format, forgiving about all but its being a feed; raises NotAFeed.

    `now`, and the header Last-Modified, serve to recognise times with a false zone.
    """
    decoded = decode(_declared_in_html_words(content), content_type)
    text = decoded.text.lstrip()
    read = _read_json(text, url) if text.startswith("{") else _read_xml(text, url)
    items, notices = read.items, list(read.notices)
    if now is not None:
        offset, shift = false_zone(read.built, [item.published for item in items], now, last_modified)
        if shift:
            items = shifted(items, offset, shift)
            notices.append(_false_label(offset, shift))
    return Feed(read.title, tuple(items), read.pace, decoded.broken, tuple(notices))


def _declared_in_html_words(content: bytes) -> bytes:
    """Lets the HTML rules of finding an encoding see an XML declaration that follows blank lines."""
    return content.lstrip() if content[:1].isspace() else content


def _false_label(offset: timedelta, shift: timedelta) -> Notice:
    label, truth = ("+07:00", "UTC") if offset else ("UTC", "local time")
    hours = round(shift.total_seconds() / 3600)
    return Notice(
        f"labels its times {label} but means {truth}: they were moved by {hours:+d} hours",
        "nothing to do; the outlet would like to know",
    )


@dataclass(frozen=True)
class _Read:
    title: str | None
    items: list[Named]
    pace: Pace = _NO_PACE
    built: datetime | None = None
    notices: tuple[Notice, ...] = ()


def _read_json(text: str, url: str) -> _Read:
    read = read_json_feed(text)
    if read is None:
        raise _not_a_feed("the answer is JSON, but no JSON Feed")
    title, told = read
    told.sort(key=lambda item: item.published.timestamp() if item.published else 0.0, reverse=True)
    left_out = len(told) - MAX_ITEMS
    return _Read(
        title=short(title, LONGEST_TITLE),
        items=name_items(told[:MAX_ITEMS], url),
        notices=tuple(_too_long(left_out, 0)),
    )


def _read_xml(text: str, url: str) -> _Read:
    document = None if _is_html(text) else feed_text(text)
    if document is None:
        raise _not_a_feed(_beginning(text))
    # As a stream: given bytes or a text, feedparser would open a file or an address of that name.
    stream = io.BytesIO(sound_references(document.text).encode(errors="replace"))
    try:
        # Links in texts are not read, and sanitizing is plain_text's work.
        parsed = feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        # Where XML is broken it reads on loosely, and is not made for all that it may then meet.
        raise _not_a_feed("the answer is a feed broken beyond reading") from error
    if not parsed.version and not parsed.entries:
        raise _not_a_feed("the answer is XML, but neither RSS nor Atom")
    built = next((found for name in _BUILT if (found := name.search(document.channel))), None)
    return _Read(
        title=short(parsed.feed.get("title"), LONGEST_TITLE),
        items=name_items(map(_told, parsed.entries), _base(parsed.feed.get("link"), url)),
        pace=read_pace(document.channel),
        built=parse_time(built[1]) if built else None,
        notices=tuple(_too_long(document.left_out, document.shortened)),
    )


def _base(link: str | None, url: str) -> str:
    """What links without a host are relative to: the site's page that the feed stands for."""
    stated = resolve(url, link)
    return stated if stated and same_site(stated, url) else url


def _too_long(left_out: int, shortened: int) -> Iterator[Notice]:
    if left_out > 0:
        yield Notice(
            f"names {left_out} items more than are read at once: the newest were read",
            "nothing to do if it lists an archive; else give the feeds of the outlet's sections",
        )
    if shortened > 0:
        yield Notice(
            f"has {shortened} items of more than 100,000 characters: their texts were cut",
            "nothing to do: the pages themselves are read",
        )


def _is_html(text: str) -> bool:
    return bool(re.match(r"(?i)(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", text[:2000]))


def _beginning(text: str) -> str:
    if not text:
        return "the answer is empty"
    return "the answer is an HTML page" if _is_html(text) else "the answer is a text that is not RSS or Atom"


def _not_a_feed(why: str) -> NotAFeed:
    return NotAFeed(
        f"is not a feed: {why}",
        "open the address in a browser; `dansinh sources find` with the outlet's home page finds feeds",
    )


def _told(entry: Any) -> ToldItem:
    published, updated = _times(entry)
    identifier = str(entry.get("id") or "")
    return ToldItem(
        addresses=(
            # Feedburner puts its own counting address into `link`.
            entry.get("feedburner_origlink"),
            entry.get("link"),
            identifier if identifier.startswith(("http://", "https://")) else None,
            *(link.get("href") for link in entry.get("links") or () if link.get("rel") != "enclosure"),
        ),
        title=entry.get("title"),
        summary=_summary(entry),
        published=published or updated,
        changed=updated,
    )


def _summary(entry: Any) -> str | None:
    if summary := entry.get("summary"):
        return str(summary)
    contents = entry.get("content") or []
    return str(contents[0].get("value") or "") if contents else None


def _times(entry: Any) -> tuple[datetime | None, datetime | None]:
    # feedparser's own reading takes a time without a zone for UTC; outlets here mean local time. As a plain
    # dict: its own access gives one date for another, with a warning.
    published = (parse_time(dict.get(entry, name)) for name in ("published", "created"))
    return next((time for time in published if time), None), parse_time(dict.get(entry, "updated"))
