"""Pages that were saved from a browser, or by another program."""

import re
from pathlib import Path

from crawler.addresses import is_home, named_address
from crawler.encoding import decode
from crawler.extraction.tree import parse_page
from crawler.kinds.naming import Notice
from crawler.kinds.saved_texts import SavedText

PAGE_ENDINGS = (".html", ".htm")
SIDECAR = ".url"
"""page.html.url: a file with the page's address, where the page itself does not tell it"""
_LARGEST = 20_000_000
"""bytes; browsers save pictures into pages"""
# "saved from url=(0042)https://…" is the mark of the web that browsers write; SingleFile writes "url: https://…".
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)\s*(\S+)|<!--\s*Page saved with SingleFile\s+url:\s*(\S+)")


def read_page(path: Path, name: str) -> SavedText | Notice:
    """Raises OSError. `name` stands for the file in what is told."""
    if path.stat().st_size > _LARGEST:
        return Notice(
            f"holds {name}, which is larger than {_LARGEST:,} bytes", "save the page without its pictures"
        )
    html = path.read_bytes()
    url = _told_beside(path) or _told_within(decode(html).text)
    if url is None:
        return Notice(
            f"holds {name}, which does not tell its address", f"put its address into a file {name}{SIDECAR}"
        )
    return SavedText(url=url, origin=name, html=html)


def _told_beside(path: Path) -> str | None:
    """The first address in the sidecar: alone in a line, or as Windows writes it, URL=https://…"""
    try:
        lines = path.with_name(path.name + SIDECAR).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return None
    stated = (line.strip().removeprefix("URL=") for line in lines.splitlines()[:20])
    return next((address for text in stated if (address := _absolute(text))), None)


def _told_within(text: str) -> str | None:
    page = parse_page(text)
    links = (link.get("href") for link in page.iter("link") if _says(link.get("rel"), "canonical"))
    metas = (meta.get("content") for meta in page.iter("meta") if _says(meta.get("property"), "og:url"))
    comments = (found[1] or found[2] for found in _SAVED_FROM.finditer(text[:10_000]))
    candidates = (str(stated or "") for stated in (*links, *metas, *comments))
    # A broken template names the home page on every page.
    return next((url for text in candidates if (url := _absolute(text)) and not is_home(url)), None)


def _says(attribute: str | None, word: str) -> bool:
    return (attribute or "").strip().lower() == word


def _absolute(text: str) -> str | None:
    return named_address(text.strip(), text.strip()) if text.strip() else None
