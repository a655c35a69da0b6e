"""The sources that a configuration names."""

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.settings import CrawlerSettings, OutletSettings, SourceKind, SourceSettings


@dataclass(frozen=True)
class ConfiguredSource:
    outlet: OutletSettings
    kind: SourceKind
    url: str
    article_links: str | None = None
    full_text: bool = True

    @property
    def key(self) -> str:
        """By which it is remembered: "song-han-moi feed http://…"."""
        return f"{self.outlet.key} {self.kind} {self.url}"


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
        yield ConfiguredSource(outlet, source.kind, str(source.url), source.article_links, source.full_text)
