"""`dansinh sources resume`: a source that was given up is asked at the next crawl."""

import sys

import click

from pipeline.cli.invocation import WRONG_USE, Invocation, common_options


@click.command("resume")
@click.argument("names", nargs=-1, required=True, metavar="KEY|URL...")
@common_options
def resume(invocation: Invocation, names: tuple[str, ...]) -> None:
    """Make sources due at once, paused or not: KEY is an outlet's, URL one source's."""
    from pipeline.cli.sources.settings import chosen, nearest
    from store.queries.sources import resume as make_due

    settings = invocation.settings.crawler
    found = {}
    for name in names:
        sources = chosen(settings, name)
        if not sources:
            invocation.complain(f"no outlet or source {name!r} is configured{nearest(settings, name)}")
            sys.exit(WRONG_USE)
        found.update({source.key: source for source in sources})
    with invocation.store.begin() as session:
        make_due(session, list(found))
    for source in found.values():
        invocation.say(f"{source.outlet.name}: {source.path or source.url} is due at the next crawl")
    invocation.give({"resumed": sorted(found)})
