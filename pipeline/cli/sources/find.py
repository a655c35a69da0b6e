"""`dansinh sources find`: what a site offers, as an entry for config.yaml."""

import io
import re
import sys
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, Invocation, common_options


@click.command("find")
@click.argument("url")
@common_options
def find(invocation: Invocation, url: str) -> None:
    """Ask the site at URL what it offers and print it as an entry for crawler.outlets."""
    from crawler.discovery import find_sources
    from crawler.fetching.fetcher import CannotFetch
    from pipeline.cli.sources.area import area_of
    from pipeline.cli.sources.settings import crawler_settings, waits_until

    try:
        with invocation.working():
            found = find_sources(
                url,
                crawler_settings(invocation),
                invocation.clock(),
                invocation.progress,
                waits_until(invocation),
            )
    except CannotFetch as error:
        remedy = f"\n  → {error.remedy}" if error.remedy else ""
        invocation.complain(f"{url} {error}{remedy}")
        sys.exit(FINISHED_WITH_FAILURES)
    area = area_of(found.words)
    good = [one for one in found.offered if one.doubt is None]
    invocation.say(_as_yaml(_entry(found, area), area, found.offered))
    invocation.give(_entry(found, area) | {"sources": [_as_json(one) for one in found.offered]})
    if not good:
        invocation.complain(f"{url} names no feed, no sitemap, no board and no article that is worth reading")
        sys.exit(FINISHED_WITH_FAILURES)


def _entry(found: Any, area: Any) -> dict[str, Any]:
    host = urlsplit(found.home).hostname or found.home
    entry = {
        "key": re.sub(r"[^a-z0-9]+", "-", host.removeprefix("www.")).strip("-"),
        "name": found.words.name or host,
        "kind": found.outlet_kind,
        "home": found.home,
    }
    return entry | ({"area": area.code} if area and area.certain else {})


def _as_json(one: Any) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "url": one.url,
        "title": one.title,
        "items": one.items,
        "newest": one.newest.isoformat() if one.newest else None,
        "doubt": one.doubt,
    }


def _as_yaml(entry: dict[str, Any], area: Any, offered: list[Any]) -> str:
    """Ready to be pasted; what was seen stands beside each source, and what is doubtful is commented out."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    listed = CommentedSeq()
    for number, one in enumerate(one for one in offered if one.doubt is None):
        listed.append(_row(one))
        listed.yaml_add_eol_comment(_seen(one.title, one.items, one.newest), number)
    tree = CommentedMap(entry)
    if "area" in tree:
        tree["area"] = DoubleQuotedScalarString(tree["area"])
        tree.yaml_add_eol_comment(area.name, "area")
    elif area is not None:
        tree.yaml_add_eol_comment(f'area: "{area.code}" if it writes about {area.name} only', "home")
    tree["sources"] = listed
    text = io.StringIO()
    yaml = YAML()
    yaml.width = 1000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump([tree], text)
    doubtful = [_commented_out(one) for one in offered if one.doubt is not None]
    return "\n".join([text.getvalue().rstrip(), *doubtful])


def _row(one: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap

    row = CommentedMap({"kind": one.kind, "url": one.url})
    row.fa.set_flow_style()
    return row


def _commented_out(one: Any) -> str:
    seen = _seen(one.title, one.items, one.newest) if one.items else ""
    return f"      # - {{ kind: {one.kind}, url: {one.url} }} # {one.doubt}{'; ' + seen if seen else ''}"


def _seen(title: str | None, items: int, newest: datetime | None) -> str:
    when = f", newest {newest:%d/%m/%Y %H:%M}" if newest else ""
    return f"{title + ': ' if title else ''}{items} items{when}"
