"""A feed's document before it is parsed: without what stands around it, no longer than is worth reading."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.kinds.naming import MAX_ITEMS
from crawler.times import parse_time

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,20}:)?(?:rss|feed|rdf|channel)(?=[\s/>])", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[A-Za-z][\w.-]{0,20}:)?(item|entry)(?=[\s>])", re.IGNORECASE)
_DATE = re.compile(
    r"<(?:[A-Za-z]\w{0,20}:)?(?:pubDate|published|updated|date|modified|issued)\b[^>]{0,100}>([^<]{1,80})<"
    r"|<(?:pubDate|published|updated)>\s*<!\[CDATA\[([^\]]{1,80})\]",
    re.IGNORECASE,
)
_LONGEST_ITEM = 100_000
"""characters; a whole article with its markup has some 20,000"""
_LONGEST_RUN = 30_000
"""characters of one text within an item that is too long: what follows it is to be read as well"""
_RUN = re.compile(
    rf"<!\[CDATA\[(?P<data>.{{{_LONGEST_RUN},}}?)\]\]>|(?P<words>[^<]{{{_LONGEST_RUN},}})", re.DOTALL
)
_MOST_TAGS = 40_000
"""over all items; the parser reads some 30,000 a second, an item has a dozen"""
_BEGINNING_OF_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class FeedText:
    text: str
    """one document, from its root element on"""
    channel: str
    """what it says of itself: without its items"""
    left_out: int
    """items beyond what is read, the oldest"""
    shortened: int
    """items of which something is left out"""


def feed_text(text: str) -> FeedText | None:
    """`text` from its root element on; None where it has none.

    What stands before the root goes: warnings of a program, blank lines, a declaration of an encoding in
    which it no longer is, and a document type, whose entities could unfold without end or name files.
    """
    root = _ROOT.search(text)
    if root is None:
        return None
    text = text[root.start() :]
    starts = [found.start() for found in _ITEM.finditer(text)]
    if not starts:
        return FeedText(text[:_LONGEST_ITEM], text[:_LONGEST_ITEM], 0, 0)
    head = text[: starts[0]][:_LONGEST_ITEM]
    items = [text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
    items[-1], tail = _last(items[-1])
    shortened = sum(len(item) > _LONGEST_ITEM for item in items)
    kept = _newest([_short(item) for item in items])
    return FeedText(head + "".join(kept) + tail, head + tail, len(items) - len(kept), shortened)


def _last(item: str) -> tuple[str, str]:
    """The last item, and what follows it: RSS may say of the channel there what it did not before."""
    ends = list(re.finditer(r"</(?:[A-Za-z][\w.-]{0,20}:)?(?:item|entry)\s*>", item, re.IGNORECASE))
    if ends:
        return item[: ends[-1].end()], item[ends[-1].end() :][:_LONGEST_ITEM]
    # The document is cut off: half an address would name another page.
    whole = max((found.end() for found in re.finditer(r"</[\w.:-]{1,40}\s*>|/>", item)), default=0)
    return item[:whole], ""


def _short(item: str) -> str:
    if len(item) <= _LONGEST_ITEM:
        return item
    return _RUN.sub(_cut, item)[:_LONGEST_ITEM]


def _cut(run: re.Match[str]) -> str:
    if run["data"] is not None:
        return f"<![CDATA[{run['data'][:_LONGEST_RUN]}]]>"
    # An entity that is cut in two would spoil the document.
    return re.sub(r"&[^;\s]{0,30}$", "", run["words"][:_LONGEST_RUN])


def _newest(items: list[str]) -> list[str]:
    """Those that are read, in the feed's order; among items of one time the order tells which is newer."""
    if len(items) <= MAX_ITEMS and sum(map(_tags, items)) <= _MOST_TAGS:
        return items
    by_age = sorted(range(len(items)), key=lambda number: (-_time(items[number]).timestamp(), number))
    kept: list[int] = []
    tags = 0
    for number in by_age[:MAX_ITEMS]:
        tags += _tags(items[number])
        if tags > _MOST_TAGS:
            break
        kept.append(number)
    return [items[number] for number in sorted(kept or by_age[:1])]


def _tags(item: str) -> int:
    return re.sub(r"<!\[CDATA\[.*?\]\]>", "", item, flags=re.DOTALL).count("<")


def _time(item: str) -> datetime:
    found = _DATE.search(item)
    return (found and parse_time(found[1] or found[2])) or _BEGINNING_OF_TIME
