"""Filters over JSON Lines: standard input (or a file) to standard output, no store needed.

The same code as the stages; also how quality is measured. A line that is no JSON or lacks its keys is
named on standard error and skipped; the filter then ends with 1.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, Invocation, common_options

Line = dict[str, Any]
MOST_COMPLAINTS = 20
"""A wrong file is known after so many of its lines."""


class Lines:
    """Reads JSON Lines, remembering what could not be used."""

    def __init__(self, file: IO[bytes], required: Iterable[str]) -> None:
        self._file = file
        self._required = tuple(required)
        self.rejected = 0

    def __iter__(self) -> Iterator[Line]:
        for number, raw in enumerate(self._file, 1):
            if not raw.strip():
                continue
            try:
                line = json.loads(raw)
                missing = [key for key in self._required if line.get(key) is None]
            except (ValueError, AttributeError) as error:
                self.reject(number, f"is no JSON object: {error}")
                continue
            if missing:
                self.reject(number, f"lacks {', '.join(missing)}")
                continue
            yield line

    def reject(self, where: object, why: str) -> None:
        self.rejected += 1
        if self.rejected <= MOST_COMPLAINTS:
            click.echo(f"line {where}: {why}", err=True)


def each(lines: Lines, transform: Callable[[Line], Line]) -> None:
    for line in lines:
        try:
            said = transform(line)
        except (ValueError, OSError, TypeError) as error:
            lines.reject(line["id"], str(error))
            continue
        _print(line["id"], said)
    _end(lines)


def _print(key: object, said: Line) -> None:
    click.echo(json.dumps({"id": key} | said, ensure_ascii=False))


def _end(lines: Lines) -> None:
    sys.stdout.flush()
    if lines.rejected > MOST_COMPLAINTS:
        click.echo(f"{lines.rejected} lines in all could not be used", err=True)
    if lines.rejected:
        sys.exit(FINISHED_WITH_FAILURES)


def moment(value: str | None) -> datetime | None:
    from pipeline.clock import LOCAL

    if not value:
        return None
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=LOCAL)


def day(value: str | None) -> date | None:
    parsed = moment(value)
    return parsed.date() if parsed else None


@click.command()
@click.argument("file", type=click.File("rb"), required=False)
@common_options
def group(invocation: Invocation, file: IO[bytes] | None) -> None:
    """Put new articles into the issues they tell of.

    With FILE (or - for standard input) it is a filter: articles in, {"id", "group"} out; the whole input is
    read first and articles are taken in order of publication.
    """
    if file is None:
        from pipeline.cli.stages import run_stages

        run_stages(invocation, ["group"])
        return
    from nlp.similarity import vector
    from pipeline.grouping import Text, group_all

    lines = Lines(file, ["id", "title"])
    articles = list(lines)
    ordered = sorted(articles, key=lambda line: (line.get("published") or "", str(line["id"])))
    texts = [
        Text(str(line["id"]), vector(line["title"], line.get("summary"), line.get("body")))
        for line in ordered
    ]
    group_of = dict(group_all(texts))
    for line in articles:
        _print(line["id"], {"group": group_of[str(line["id"])]})
    _end(lines)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--undeclared", is_flag=True, help="Without the known layouts: as a stranger's pages are read.")
@common_options
def extract(_invocation: Invocation, file: IO[bytes], undeclared: bool) -> None:
    """Read saved pages: {"id", "url", "html_path"} in, title, time, lead and body out."""
    from crawler.extraction import extract as extract_page

    layouts = () if undeclared else None

    def transform(line: Line) -> Line:
        return extract_page(Path(line["html_path"]).read_bytes(), line["url"], layouts=layouts).to_dict()

    each(Lines(file, ["id", "url", "html_path"]), transform)


@click.command()
@click.argument("file", type=click.File("rb"))
@common_options
def places(_invocation: Invocation, file: IO[bytes]) -> None:
    """Find places: {"id", "text", "date"?} in, the codes of today's communes and provinces out."""
    from nlp.places import place_codes

    def transform(line: Line) -> Line:
        communes, provinces = place_codes(line["text"], day(line.get("date")))
        return {"codes": communes, "province_codes": provinces}

    each(Lines(file, ["id", "text"]), transform)


@click.command()
@click.argument("file", type=click.File("rb"))
@common_options
def mask(_invocation: Invocation, file: IO[bytes]) -> None:
    """Mask personal data: {"id", "text"} in, the masked text and what was masked where out."""
    from nlp.privacy import mask as mask_personal_data

    def transform(line: Line) -> Line:
        masked = mask_personal_data(line["text"])
        spans = [{"kind": span.kind, "start": span.start, "end": span.end} for span in masked.spans]
        return {"text": masked.text, "masked": spans}

    each(Lines(file, ["id", "text"]), transform)
