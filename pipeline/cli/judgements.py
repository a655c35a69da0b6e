"""`dansinh judgements`: what the desk decided, to be carried to where learning is done."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli.invocation import WRONG_USE, Invocation, common_options

STANDARD_OUTPUT = Path("-")


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default=STANDARD_OUTPUT,
    help="Where the lines go; standard output where it is not given.",
)
@common_options
def judgements(invocation: Invocation, out: Path) -> None:
    """Print every confirmation, dismissal and correction of the desk, a JSON object a line.

    Each has the article's masked texts and what was decided, never who decided; `dansinh learn
    --judgements FILE` learns from it. Restricted issues are left out. A file that is there already is
    replaced once all is read.
    """
    count = _print(invocation) if out == STANDARD_OUTPUT else _write(invocation, out)
    invocation.progress(f"{count:,} judgements")


def _print(invocation: Invocation) -> int:
    with click.open_file(str(STANDARD_OUTPUT), "w", encoding="utf-8") as out:
        return sum(1 for line in _lines(invocation) if out.write(line))


def _write(invocation: Invocation, out: Path) -> int:
    from store.files import write_whole

    lines = [line.encode() for line in _lines(invocation)]
    try:
        write_whole(out, b"".join(lines))
    except OSError as error:
        invocation.complain(f"{out} cannot be written: {error}")
        raise SystemExit(WRONG_USE) from error
    return len(lines)


def _lines(invocation: Invocation) -> Iterator[str]:
    from pipeline.judgements import as_line, judgements

    try:
        for one in judgements(invocation.store):
            yield json.dumps(as_line(one), ensure_ascii=False) + "\n"
    finally:
        invocation.store.close()
