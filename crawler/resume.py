"""Sources that were given up are asked again."""

from crawler.settings import CrawlerSettings
from crawler.sources import ConfiguredSource, configured_sources
from store import Store
from store.queries import sources as queries


def resume(store: Store, settings: CrawlerSettings, which: str) -> list[ConfiguredSource]:
    """Makes sources due at once, paused or not; those found. `which`: an outlet's key, a source's address."""
    found = [
        source
        for source in configured_sources(settings)
        if which in {source.outlet.key, source.url, source.key}
    ]
    with store.begin() as session:
        queries.resume(session, {source.key for source in found})
    return found
