"""Asking for one address as an operator's command does."""

from crawler.fetching.fetcher import CannotFetch, Fetcher
from crawler.settings import CrawlerSettings


def complaint(url: str, settings: CrawlerSettings) -> str | None:
    """What is wrong with an address that was typed; None: it can be read."""
    try:
        Fetcher(settings, named=(url,)).get(url)
    except CannotFetch as error:
        return str(error)
    return None
