"""`dansinh sources`: finds what a site offers to be read."""

import re
import sys
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, Invocation, common_options


@click.group()
def sources() -> None:
    """Find feeds, sitemaps and listing pages of a site."""


@sources.command("find")
@click.argument("url")
@common_options
def find(invocation: Invocation, url: str) -> None:
    """Ask the site at URL what it offers and print it as an entry for crawler.outlets."""
    from crawler.discovery import find_sources
    from crawler.fetching.fetcher import CannotFetch
    from crawler.settings import CrawlerSettings

    default = CrawlerSettings(contact="https://example.vn", outlets=())
    settings = invocation.settings.crawler if invocation.config.exists() else default
    try:
        with invocation.working():
            found = find_sources(url, settings)
    except CannotFetch as error:
        invocation.complain(f"{url} {error}")
        sys.exit(FINISHED_WITH_FAILURES)
    offered = [*found.feeds, *found.sitemaps] or found.listings
    entry = _entry(found.home, found.outlet_name, offered)
    invocation.say(_as_yaml(entry, offered))
    invocation.give(entry)
    if not offered:
        invocation.complain(f"{url} names no feed, no sitemap and no article")
        sys.exit(FINISHED_WITH_FAILURES)


def _entry(home: str, name: str | None, offered: list[Any]) -> dict[str, Any]:
    host = urlsplit(home).hostname or home
    return {
        "key": re.sub(r"[^a-z0-9]+", "-", host.removeprefix("www.")).strip("-"),
        "name": name or host,
        "kind": "newspaper",
        "home": home,
        "sources": [{"kind": source.kind, "url": source.url} for source in offered],
    }


def _as_yaml(entry: dict[str, Any], offered: list[Any]) -> str:
    """Ready to be pasted; what was seen stands beside each source so that a person can choose."""
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    listed = CommentedSeq()
    for number, source in enumerate(offered):
        row = CommentedMap({"kind": source.kind, "url": source.url})
        row.fa.set_flow_style()
        listed.append(row)
        listed.yaml_add_eol_comment(_seen(source.title, source.items, source.newest), number)
    text = io.StringIO()
    yaml = YAML()
    yaml.width = 1000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump([CommentedMap(entry | {"sources": listed})], text)
    return text.getvalue().rstrip()


def _seen(title: str | None, items: int, newest: datetime | None) -> str:
    when = f", newest {newest:%d/%m/%Y %H:%M}" if newest else ""
    return f"{title + ': ' if title else ''}{items} items{when}"
