"""The sources that a configuration names."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.settings import CrawlerSettings, LayoutSettings, OutletSettings, SourceKind, SourceSettings

_DIGEST = 16
"""hexadecimal digits: what is told apart is one source's settings yesterday and today"""


@dataclass(frozen=True)
class ConfiguredSource:
    outlet: OutletSettings
    kind: SourceKind
    url: str
    """of a folder: its file:// address, which names it and is never asked for"""
    article_links: str | None = None
    next_page: str | None = None
    max_pages: int = 1
    """of a board; every other kind has one"""
    full_text: bool = True
    path: Path | None = None
    """of a folder, absolute"""

    @property
    def key(self) -> str:
        """By which it is remembered: "song-han-moi feed http://…"."""
        return f"{self.outlet.key} {self.kind} {self.url}"

    @property
    def settings_digest(self) -> str | None:
        """Of what decides which pages an answer names; None where nothing is declared.

        Not of what decides how these are read: the mark of a list tells nothing of its pages.
        """
        declared = (self.article_links, self.next_page, self.max_pages)
        if declared == (None, None, 1):
            return None
        return hashlib.sha256(repr(declared).encode()).hexdigest()[:_DIGEST]

    @property
    def layouts(self) -> tuple[LayoutSettings, ...]:
        """What the configuration declares of the outlet's pages, the newest last."""
        return self.outlet.layouts


def configured_sources(settings: CrawlerSettings, only: str | None = None) -> list[ConfiguredSource]:
    """Every source once; `only`: those of the outlet with this key."""
    sources: dict[str, ConfiguredSource] = {}
    for outlet in settings.outlets:
        if only is None or outlet.key == only:
            for source in _of(outlet):
                sources.setdefault(source.key, source)
    return list(sources.values())


def _of(outlet: OutletSettings) -> Iterator[ConfiguredSource]:
    for source in outlet.sources or (SourceSettings(kind="listing", url=outlet.home),):
        yield ConfiguredSource(
            outlet=outlet,
            kind=source.kind,
            url=source.path.absolute().as_uri() if source.path else str(source.url),
            article_links=source.article_links,
            next_page=source.next_page,
            max_pages=source.max_pages if source.kind == "board" else 1,
            full_text=source.full_text,
            path=source.path.absolute() if source.path else None,
        )
