"""`make bench`: every figure, or one part of them, in one table."""

from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from bench import end_to_end, extraction, grouping, memory, replay, understanding
from bench.desk import measuring as desk
from bench.table import Line, show

PARTS = ("extraction", "crawl", "memory", "day", "nlp", "group", "desk")


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    extracted: int
    rounds: int
    crawled: int
    read_by_rivals: int
    held: int
    sources: int
    hours: replay.Hours
    feed_items: int
    articles: int
    archived: int
    open: int
    placed: int
    issues: int
    at_desk: desk.Visits


_WHOLE_DAY = (-2, 0, 24)
_WHOLE_ARCHIVE = 100_000
USUAL = Size(
    extracted=40, rounds=5, crawled=3000, read_by_rivals=300, held=20_000, sources=200, hours=(4, 6, 12),
    feed_items=2000, articles=300, archived=10_000,
    open=100_000, placed=500, issues=100_000, at_desk=desk.Visits(5, 1.0),
)  # fmt: skip
TINY = Size(
    extracted=5, rounds=1, crawled=20, read_by_rivals=10, held=40, sources=4, hours=(9, 9.1, 9.2),
    feed_items=20, articles=2, archived=500,
    open=200, placed=20, issues=100, at_desk=desk.Visits(1, 0.0, ("SQLite",), users=3),
)  # fmt: skip


@click.command()
@click.option("--only", type=click.Choice(PARTS), help="One part of it.")
@click.option(
    "--pages",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of saved pages (*.html) to be read too, measured apart.",
)
@click.option("--whole-day", is_flag=True, help="Replay 0:00 to 24:00, not 6:00 to 12:00.")
@click.option(
    "--texts",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Items, as for `dansinh tag -`, to be tagged too, measured apart.",
)
@click.option("--whole-archive", is_flag=True, help="Read 100,000 stored items anew, not 10,000.")
@click.option("--tiny", is_flag=True, help="A size at which the figures mean nothing: does it run at all?")
@click.option("--rivals/--no-rivals", default=True, help="Whether other projects are installed and measured.")
def main(
    only: str | None,
    pages: Path | None,
    texts: Path | None,
    *,
    whole_day: bool,
    whole_archive: bool,
    tiny: bool,
    rivals: bool,
) -> None:
    """Measures crawler, tagger, grouping, desk; each figure is a ratio of two things measured in this run."""
    size = TINY if tiny else USUAL
    hours = _WHOLE_DAY if whole_day else size.hours
    archived = _WHOLE_ARCHIVE if whole_archive else size.archived
    progress = Console(stderr=True).print
    lines: list[Line] = []
    for part in PARTS if only is None else (only,):
        if part == "extraction":
            lines += extraction.measure(size.extracted, size.rounds, pages, progress)
        elif part == "crawl":
            lines += end_to_end.measure(size.crawled, size.read_by_rivals, progress, against_rivals=rivals)
        elif part == "memory":
            lines += memory.measure(size.held, progress)
        elif part == "day":
            lines += replay.measure(size.sources, hours, progress)
        elif part == "group":
            lines += grouping.measure(size.open, size.placed, progress)
        elif part == "desk":
            lines += desk.measure(size.issues, size.at_desk, progress)
        else:
            lines += understanding.measure(
                size.feed_items, size.articles, archived, size.rounds, texts, progress
            )
    show(lines)


if __name__ == "__main__":
    main()
