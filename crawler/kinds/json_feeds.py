"""JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1)."""

import json
from typing import Any

from crawler.kinds.feed_items import ToldItem
from crawler.times import parse_time


def read_json_feed(text: str) -> tuple[str | None, list[ToldItem]] | None:
    """Its title and items; None where `text` is no JSON Feed."""
    try:
        document = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or "jsonfeed.org" not in str(document.get("version")):
        return None
    items = document.get("items")
    told = [_told(item) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return _words(document, "title"), told


def _told(item: dict[str, Any]) -> ToldItem:
    identifier = _words(item, "id") or ""
    return ToldItem(
        addresses=(
            _words(item, "url"),
            _words(item, "external_url"),
            identifier if identifier.startswith(("http://", "https://")) else None,
        ),
        title=_words(item, "title"),
        summary=_words(item, "summary", "content_html", "content_text"),
        published=parse_time(_words(item, "date_published", "date_modified")),
        changed=parse_time(_words(item, "date_modified")),
    )


def _words(item: dict[str, Any], *keys: str) -> str | None:
    """The first of the keys that holds a text; others hold numbers or lists in feeds made by hand."""
    return next((value for key in keys if isinstance(value := item.get(key), str) and value.strip()), None)
