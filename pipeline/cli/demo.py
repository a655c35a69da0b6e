"""`dansinh demo`: a small town on this machine, end to end, offline."""

import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo-out"),
    show_default=True,
    help="Where the digest, letters and mails are put.",
)
@click.option("--desk", is_flag=True, help="End with the desk running.")
def demo(out: Path, desk: bool) -> None:
    """Show a working week of an invented town: crawl, digest, letters, replies; needs no network."""
    from pipeline.demo.run import run_demo

    sys.exit(run_demo(out, desk, click.echo))
