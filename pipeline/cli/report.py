"""`dansinh report`: the account of a period."""

import sys

import click

from pipeline.cli.invocation import WRONG_USE, Invocation, common_options


@click.command()
@click.option(
    "--period",
    metavar="PERIOD",
    help="2026-W47, 2026-11, 2026-Q4 or 2026; without it the week that has ended.",
)
@common_options
def report(invocation: Invocation, period: str | None) -> None:
    """Write the report of a week, month, quarter or year as DOCX, XLSX and CSV."""
    from pipeline.clock import local
    from pipeline.documents.report import parse_period
    from pipeline.reporting import write_report
    from pipeline.stages.report import last_week

    period = period or last_week(local(invocation.clock()).date())
    try:
        start, end = parse_period(period)
    except ValueError as error:
        invocation.complain(str(error))
        sys.exit(WRONG_USE)
    content, files = write_report(
        invocation.store, invocation.settings, period, start, end, invocation.clock()
    )
    invocation.say("\n".join(str(path) for path in files))
    invocation.give(content.to_dict() | {"files": [str(path) for path in files]})
    invocation.store.close()
