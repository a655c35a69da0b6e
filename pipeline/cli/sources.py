"""`dansinh sources`: finds what a site offers to be read."""


import click


@click.group()
def sources() -> None:
    """Find feeds, sitemaps and listing pages of a site."""
