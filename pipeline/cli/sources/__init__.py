"""`dansinh sources`: finds what a site offers to be read, tries it, and tells how each source is."""

import click

from pipeline.cli.sources.find import find
from pipeline.cli.sources.listing import list_sources
from pipeline.cli.sources.resume import resume
from pipeline.cli.sources.trying import try_out


@click.group()
def sources() -> None:
    """Find, try, list and resume sources: feeds, sitemaps, listing pages, boards, folders."""


for command in (find, try_out, list_sources, resume):
    sources.add_command(command)
