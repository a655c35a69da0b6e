"""`dansinh tag`: the stage, the filter, the archive read anew, and what another taxonomy would change."""

from pathlib import Path
from typing import IO, Any

import click

from pipeline.cli.filters import Line, Lines, each, moment
from pipeline.cli.invocation import WRONG_USE, Invocation, common_options
from pipeline.cli.stages import report, run_stages

DIFFERENCES = {
    "gained": "newly flagged",
    "lost": "no longer flagged",
    "moved": "flagged in another topic",
    "held": "newly restricted: would wait for a person",
}


@click.command()
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--again", is_flag=True, help="Read the archive anew where another version made the findings.")
@click.option(
    "--explain",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="TAXONOMY",
    help="Show what this taxonomy file would change in the last 30 days; nothing is kept.",
)
@common_options
def tag(invocation: Invocation, file: IO[bytes] | None, again: bool, explain: Path | None) -> None:
    """Read new articles: kind, topic, urgency, places, evidence.

    With FILE (or - for standard input) it is a filter: JSON Lines with id, title, summary?, body?,
    published?, outlet? in, one finding a line out.
    """
    if sum((file is not None, again, explain is not None)) > 1:
        raise click.UsageError("FILE, --again and --explain are three different things; give one")
    if file is not None:
        _filter(invocation, file)
    elif again:
        _read_again(invocation)
    elif explain is not None:
        _explain(invocation, explain)
    else:
        run_stages(invocation, ["tag"])


def _filter(invocation: Invocation, file: IO[bytes]) -> None:
    from nlp.settings import NlpSettings
    from nlp.tagger import Item, Tagger

    # The office's, where --config names a file that is there; else the defaults, for no store is needed.
    tagger = Tagger(invocation.settings.nlp if invocation.config.exists() else NlpSettings())

    def transform(line: Line) -> Line:
        item = Item(
            id=str(line["id"]),
            title=line["title"],
            summary=line.get("summary"),
            body=line.get("body"),
            published=moment(line.get("published")),
            outlet=line.get("outlet"),
        )
        return tagger.tag(item).to_dict()

    each(Lines(file, ["id", "title"]), transform)


def _read_again(invocation: Invocation) -> None:
    from pipeline.rereading import read_again
    from store.lock import Busy, only_runner

    store = invocation.store
    try:
        with only_runner(store), invocation.working():
            summary = read_again(store, invocation.settings.nlp, invocation.clock, invocation.progress)
    except Busy as busy:
        invocation.complain(f"{busy}: nothing to do here, leaving")
        invocation.give({"busy": True, "stages": []})
        return
    finally:
        store.close()
    report(invocation, [summary])


def _explain(invocation: Invocation, taxonomy: Path) -> None:
    from nlp.taxonomy import TaxonomyError
    from pipeline.explaining import explain

    today = invocation.settings.nlp
    store = invocation.store
    try:
        with invocation.working():
            said = explain(
                store,
                today,
                today.model_copy(update={"taxonomy": taxonomy}),
                invocation.clock(),
                invocation.progress,
            ).to_dict()
    except TaxonomyError as error:
        invocation.complain(str(error))
        raise SystemExit(WRONG_USE) from error
    finally:
        store.close()
    _say(invocation, said)
    invocation.give(said)


def _say(invocation: Invocation, said: dict[str, Any]) -> None:
    invocation.say(
        f"{said['articles']:,} articles of the last 30 days: "
        f"{said['flagged_before']:,} flagged today, {said['flagged_after']:,} with the new taxonomy"
    )
    for name, words in DIFFERENCES.items():
        difference = said[name]
        topics = ", ".join(f"{topic} {count}" for topic, count in difference["topics"].items())
        invocation.say(f"{words}: {difference['count']:,}" + (f" ({topics})" if topics else ""))
        for example in difference["examples"]:
            invocation.say(f"  {example['before']:.2f} → {example['after']:.2f}  {example['title']}")
            invocation.say(f"      {'; '.join(example['why'])}")
