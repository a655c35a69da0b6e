"""The town and its mail server alone, for rehearsals and tests that run `dansinh` in another process.

    python -m pipeline.demo.serve --out DIR --now 2026-11-16T07:00

writes DIR/config.yaml, in which everything is approved automatically, prints "ready DIR/config.yaml" and
serves until it is ended. The town's clock stands still at --now; mails come to lie in DIR/mails.
"""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from pipeline.clock import LOCAL
from pipeline.demo.mailbox import Mailbox
from pipeline.demo.office import write_config
from pipeline.demo.server import NowFunction, TownServers
from pipeline.demo.town import Town, load_town


@contextmanager
def serving(
    folder: Path,
    now: NowFunction,
    *,
    auto: bool = False,
    town: Town | None = None,
    refuse: Sequence[str] = (),
) -> Iterator[tuple[Path, TownServers, Mailbox]]:
    """Town, mail server and the config.yaml in `folder` that names them, for the length of the block."""
    town = town or load_town()
    folder.mkdir(parents=True, exist_ok=True)
    with TownServers(town, now) as servers, Mailbox(folder / "mails", refuse) as mailbox:
        yield write_config(folder, town, servers.bases, mailbox.port, auto=auto), servers, mailbox


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.option("--now", "moment", required=True, help="what the town's clock shows: 2026-11-16T07:00")
def main(out: Path, moment: str) -> None:
    """Serve the demo's town until this process is ended."""
    now = datetime.fromisoformat(moment)
    now = now if now.tzinfo else now.replace(tzinfo=LOCAL)
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: ended.set())
    with serving(out, lambda: now, auto=True) as (config, _, _):
        click.echo(f"ready {config.resolve()}")
        ended.wait()


if __name__ == "__main__":
    main()
