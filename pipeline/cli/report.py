"""`dansinh report`: the account of a period."""

import click

from pipeline.cli.invocation import Invocation, common_options


@click.command()
@click.option("--period", required=True, metavar="PERIOD", help="2026-W47, 2026-11, 2026-Q4 or 2026.")
@common_options
def report(invocation: Invocation, period: str) -> None:
    """Write the report of a week, month, quarter or year as DOCX and CSV."""
