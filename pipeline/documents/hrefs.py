"""Addresses that come from outside."""

from urllib.parse import urlsplit


def safe_href(url: str) -> str | None:
    """`url` if a browser may be sent there: http or https with a host; anything else is shown as text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None
