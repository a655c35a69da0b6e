"""`dansinh report`: the account of a period."""

import sys
from datetime import timedelta

import click

from pipeline.cli.invocation import WRONG_USE, Invocation, common_options


@click.command()
@click.option(
    "--period",
    metavar="PERIOD",
    help="2026-W47, 2026-11, 2026-Q4, 2026, a window as 2026-KEY, a programme's key, or days as "
    "2026-01-05..2026-03-20; without it the week that has ended.",
)
@click.option(
    "--issue",
    is_flag=True,
    help="Give the report and a covering letter the next numbers; they keep them whenever written again.",
)
@common_options
def report(invocation: Invocation, period: str | None, issue: bool) -> None:
    """Write the report of a week, month, quarter, year, window or term as DOCX, XLSX and CSV."""
    from pipeline.clock import local
    from pipeline.documents.report import last_week, parse_period
    from pipeline.documents.templating import TemplateMistake
    from pipeline.reporting import issue_report, write_report

    today = local(invocation.clock()).date()
    try:
        wanted = parse_period(period, invocation.settings, today) if period else last_week(today)
    except ValueError as error:
        invocation.complain(str(error))
        sys.exit(WRONG_USE)
    store, settings, now = invocation.store, invocation.settings, invocation.clock()
    if issue and wanted.end >= today:
        invocation.complain(
            f"{wanted.key} has not ended: what is issued must not change; name the days until yesterday, "
            f"as {wanted.start}..{today - timedelta(days=1)}"
        )
        sys.exit(WRONG_USE)
    if issue:
        issue_report(store, settings, wanted, now)
    try:
        content, files = write_report(store, settings, wanted, now)
    except TemplateMistake as error:
        invocation.complain(str(error))
        sys.exit(WRONG_USE)
    invocation.say("\n".join(str(path) for path in files))
    invocation.give(content.to_dict() | {"files": [str(path) for path in files]})
    invocation.store.close()
