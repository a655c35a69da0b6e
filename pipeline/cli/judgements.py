"""`dansinh judgements`: what the desk decided, to be carried to where learning is done."""

import json
from typing import IO

import click

from pipeline.cli.invocation import Invocation, common_options


@click.command()
@click.option(
    "--out",
    type=click.File("w", encoding="utf-8", atomic=True),
    default="-",
    help="Where the lines go; standard output where it is not given.",
)
@common_options
def judgements(invocation: Invocation, out: IO[str]) -> None:
    """Print every confirmation, dismissal and correction of the desk, a JSON object a line.

    Each has the article's masked texts and what was decided, never who decided; `dansinh learn
    --judgements FILE` learns from it.
    """
    from pipeline.judgements import as_line, judgements

    store = invocation.store
    count = 0
    try:
        for count, one in enumerate(judgements(store), start=1):  # noqa: B007 - told below
            out.write(json.dumps(as_line(one), ensure_ascii=False) + "\n")
    finally:
        store.close()
    invocation.progress(f"{count:,} judgements")
