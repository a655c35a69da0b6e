"""`dansinh learn`: the weights anew from labelled items, taken only if they are not worse."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, WRONG_USE, Invocation, common_options

if TYPE_CHECKING:
    from nlp.judgements import Judgement

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("labelled", nargs=-1, required=True, type=_FILE)
@click.option(
    "--desk",
    is_flag=True,
    help="Learn too from what the desk of the office has decided, except of restricted issues.",
)
@click.option(
    "--judgements",
    multiple=True,
    type=_FILE,
    help="Learn too from what a desk elsewhere has decided, as `dansinh judgements` prints it.",
)
@click.option("--unlabelled", type=_FILE, help="Many items without labels, as JSON Lines; may be .gz.")
@click.option(
    "--fixed", multiple=True, type=_FILE, help="Labelled items that are measured by, never learned from."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("model.tsv.gz"),
    show_default=True,
    help="Where the weights go; name the file as nlp.model in config.yaml.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the curve of costs, the reliability of scores and a table of figures there.",
)
@common_options
def learn(
    invocation: Invocation,
    labelled: tuple[Path, ...],
    desk: bool,
    judgements: tuple[Path, ...],
    unlabelled: Path | None,
    fixed: tuple[Path, ...],
    out: Path,
    report: Path | None,
) -> None:
    """Learn the weights from LABELLED files; the same files give the same bits.

    Needs scikit-learn. A model that falls below a floor on a fixed file is not written.
    """
    if find_spec("sklearn") is None:
        invocation.complain("learning needs what reading does not: pip install scikit-learn")
        raise SystemExit(WRONG_USE)
    from pipeline.learning import Files, learn_anew

    try:
        with invocation.working():
            learned = learn_anew(
                Files(labelled, judgements, unlabelled, fixed),
                _decided(invocation) if desk else (),
                out,
                report,
                invocation.progress,
            )
    except (KeyError, ValueError) as error:
        invocation.complain(f"an item cannot be learned from: {error!r}")
        raise SystemExit(WRONG_USE) from error
    for name, one in learned.figures.items():
        invocation.say(f"{name}: " + ", ".join(f"{key} {value:.3f}" for key, value in one.to_dict().items()))
    for path in learned.written:
        invocation.say(f"wrote {path}")
    invocation.give(learned.to_dict())
    if learned.below:
        invocation.complain("\n".join(["not taken, for it is worse than it may be:", *learned.below]))
        raise SystemExit(FINISHED_WITH_FAILURES)


def _decided(invocation: Invocation) -> Iterator["Judgement"]:
    from pipeline.judgements import judgements

    try:
        yield from judgements(invocation.store)
    finally:
        invocation.store.close()
