"""The crawler's settings and memory for commands that also work before there is a config.yaml."""

from typing import Any

from pipeline.cli.invocation import Invocation


def crawler_settings(invocation: Invocation) -> Any:
    """crawler.settings.CrawlerSettings of the office, or the usual ones without any outlet."""
    from crawler.settings import CrawlerSettings

    if invocation.config.exists():
        return invocation.settings.crawler
    return CrawlerSettings(contact="https://example.vn", outlets=())


def waits_until(invocation: Invocation) -> Any:
    """Tells of a host until when it has asked a crawl for patience; None where no crawl can have been."""
    from crawler.fetching.memory import HostMemory
    from pipeline.checks.machine import open_checked
    from pipeline.checks.problem import Problem

    if not invocation.config.exists() or not _has_store(invocation.settings):
        return None
    opened = open_checked(invocation.settings)
    if isinstance(opened, Problem):
        invocation.progress(f"{opened.what}; which hosts have asked for patience is not known")
        return None
    return HostMemory(opened, invocation.clock).waits_until


def _has_store(settings: Any) -> bool:
    """Whether there is a database already: none is made to try an address."""
    from sqlalchemy import make_url

    from pipeline.config import database_url

    url = make_url(database_url(settings))
    return url.get_backend_name() != "sqlite" or (settings.data_dir / (url.database or "")).is_file()


def chosen(settings: Any, name: str) -> list[Any]:
    """The configured sources that NAME means: an outlet's key, a source's key, address or folder."""
    from crawler.sources import configured_sources

    found = configured_sources(settings)
    of_outlet = [source for source in found if source.outlet.key == name]
    if of_outlet:
        return of_outlet
    return [source for source in found if name.rstrip("/") in _names(source)]


def _names(source: Any) -> set[str]:
    names = {source.key, source.url.rstrip("/")}
    return names | {str(source.path)} if source.path else names


def nearest(settings: Any, name: str) -> str:
    """What may have been meant, as the end of a sentence; empty where nothing is near."""
    import difflib

    from crawler.sources import configured_sources

    names = [name for source in configured_sources(settings) for name in (source.outlet.key, source.url)]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else "; `dansinh sources list` names all"
