"""JSON Lines: an article a line, as another program of the office tells it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from crawler.addresses import named_address
from crawler.kinds.feed_items import LONGEST_SUMMARY, LONGEST_TITLE, short
from crawler.kinds.naming import Notice
from crawler.kinds.saved_texts import SavedText
from crawler.plain import plain_text
from crawler.times import parse_time

KEYS = ("url", "title", "summary", "body", "published", "html")
_LONGEST_LINE = 20_000_000
"""bytes"""
_MOST_BYTES = 2_000_000_000
"""of a file unpacked: a few kilobytes may unpack to any length"""
_MOST_COMPLAINTS = 10
"""of one file; the rest are counted"""


@dataclass
class Place:
    """How far a file has been read."""

    lines: int = 0
    bytes: int = 0
    """of the file unpacked"""


class _Lines(Protocol):
    def readline(self, size: int, /) -> bytes: ...


class _BadLine(Exception):
    """Why a line cannot be read."""


def read_lines(lines: _Lines, name: str, place: Place) -> Iterator[SavedText | Notice]:
    """The articles; what is wrong with the others, with file and line; which keys were passed over.

    `place`: where `lines` stands; it moves on with each line.
    """
    unknown: set[str] = set()
    complaints = 0
    while line := lines.readline(_LONGEST_LINE):
        place.lines += 1
        place.bytes += len(line)
        origin = f"{name}:{place.lines}"
        if (len(line) == _LONGEST_LINE and not line.endswith(b"\n")) or place.bytes > _MOST_BYTES:
            yield _complaint(origin, "a line, or the file unpacked, is far too long to be articles")
            break
        if not line.strip():
            continue
        try:
            item = _parsed(line)
            unknown |= item.keys() - set(KEYS)
            yield _saved(item, origin)
        except _BadLine as error:
            complaints += 1
            if complaints <= _MOST_COMPLAINTS:
                yield _complaint(origin, str(error))
    if complaints > _MOST_COMPLAINTS:
        yield _complaint(name, f"holds {complaints - _MOST_COMPLAINTS} more lines that cannot be read")
    if unknown:
        keys = ", ".join(repr(key[:40]) for key in sorted(unknown)[:10])
        yield Notice(f"holds {name} with keys that are not read: {keys}", f"known are {', '.join(KEYS)}")


def _complaint(where: str, why: str) -> Notice:
    return Notice(
        f"holds {where}, which is left out: {why}",
        'a line is, in UTF-8, {"url": "https://…", "title": "…", "body": "…", "published": "…"}',
    )


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        item = json.loads(line.decode("utf-8-sig"), strict=False)
    except UnicodeDecodeError as error:
        raise _BadLine("it is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        cut = "" if line.endswith(b"\n") else "; it seems to be cut off"
        raise _BadLine(f"it is no JSON{cut}") from error
    if not isinstance(item, dict):
        raise _BadLine("it is no JSON object")
    return item


def _saved(item: dict[str, Any], origin: str) -> SavedText:
    for key in KEYS:
        if not isinstance(item.get(key), str | None):
            raise _BadLine(f"{key!r} is no text")
    told = (item.get("url") or "").strip()
    url = named_address(told, told)
    if url is None:
        raise _BadLine("'url' is missing or no web address")
    title, html = short(item.get("title"), LONGEST_TITLE), item.get("html")
    if title is None and not html:
        raise _BadLine("'title' is missing")
    paragraphs = map(plain_text, (item.get("body") or "").splitlines())
    return SavedText(
        url=url,
        origin=origin,
        html=html.encode(errors="replace") if html else None,
        title=title,
        summary=short(item.get("summary"), LONGEST_SUMMARY),
        body="\n".join(paragraph for paragraph in paragraphs if paragraph) or None,
        published=parse_time(item.get("published")),
    )
