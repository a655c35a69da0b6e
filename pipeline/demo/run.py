"""`dansinh demo`: a working week of the invented town, from its outlets to digest, letters and mails."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path

import click

from pipeline.clock import LOCAL, Clock
from pipeline.config import DATABASE_URL, load_settings, open_store
from pipeline.demo.analyst import Analyst
from pipeline.demo.mailbox import Mailbox
from pipeline.demo.serve import serving
from pipeline.demo.town import load_town
from pipeline.settings import Settings
from pipeline.stages import crawl, deliver, digest, group, refer, tag
from pipeline.stages.sequence import run_stage
from pipeline.stages.summary import Summary
from store import Store

Say = Callable[[str], None]

MORNINGS = tuple(datetime(2026, 11, day, 6, 50, tzinfo=LOCAL) for day in (12, 13, 16, 18, 20))
"""Working days; 24/11, the next holiday, lies behind them."""
UNTIL_LETTERS_LEAVE = timedelta(minutes=12)
"""longer than an approval can be undone"""
UNTIL_THE_DIGEST = timedelta(minutes=13)
LAST_LOOK = 3
"""On the last morning the analyst gets only as far as this urgency: the desk opens with a queue."""
MARK = ".dansinh-demo"
DONE, FINISHED_WITH_FAILURES, WRONG_USE = 0, 1, 2


def run_demo(out: Path, desk: bool, progress: Say) -> int:
    """Plays the week into `out`, which is made, or made anew where the demo itself has made it.

    Returns the exit status of the command. With `desk` it returns when the desk is ended.
    """
    if not _fresh(out):
        progress(f"{out} holds something that is not of the demo: name another folder with --out")
        return WRONG_USE
    town = load_town()
    now = MovableClock(MORNINGS[0])
    started = time.monotonic()
    with _own_database(), serving(out, now, town=town) as (config, _, mailbox):
        settings = load_settings(config)
        store = open_store(settings)
        progress(f"A town of {len(town.outlets)} outlets and {len(town.articles)} articles, all invented.")
        failures = []
        for morning in MORNINGS:
            failures += Morning(store, settings, now, Analyst(store, settings, now, town), progress).play(
                morning
            )
        lines = _prepare(store, settings, now.clock)
        _tell(out, settings, mailbox, lines, config, now, time.monotonic() - started, progress)
        store.close()
        for failure in failures:
            progress(f"FAILED {failure}")
        if desk:
            _open_desk(config, now())
        else:
            check = _command("check", config)
            progress(f"\nOutlets and mail server are off now; to check the rest: {check} --offline")
    return FINISHED_WITH_FAILURES if failures else DONE


class MovableClock:
    """The clock of town and analyst: set to each morning in turn."""

    def __init__(self, moment: datetime) -> None:
        self.set(moment)

    def set(self, moment: datetime) -> None:
        self.clock = Clock.starting_at(moment)

    def __call__(self) -> datetime:
        return self.clock()


class Morning:
    """One morning of the office: the stages in their order, the analyst between them."""

    def __init__(
        self, store: Store, settings: Settings, now: MovableClock, analyst: Analyst, progress: Say
    ) -> None:
        self._store = store
        self._settings = settings
        self._now = now
        self._analyst = analyst
        self._progress = progress
        self._failures: list[str] = []

    def play(self, morning: datetime) -> list[str]:
        """Returns what failed, in words."""
        self._now.set(morning)
        crawled = self._run("crawl", crawl.run)
        self._run("tag", tag.run)
        grouped = self._run("group", group.run)
        decided = self._analyst.work(least_urgency=LAST_LOOK if morning == MORNINGS[-1] else 0)
        self._now.set(morning + UNTIL_LETTERS_LEAVE)
        self._run("refer", refer.run)
        sent = self._run("deliver", deliver.run)
        self._now.set(morning + UNTIL_THE_DIGEST)
        self._run("digest", digest.run)
        self._run("deliver", deliver.run)
        self._progress(
            f"{morning:%d/%m/%Y}: {crawled.counts.get('articles_new', 0)} new articles, "
            f"{grouped.counts.get('issues_opened', 0)} new issues; the analyst confirmed "
            f"{decided['confirmed']}, dismissed {decided['dismissed']}, recorded "
            f"{decided['answered']} answers of agencies; "
            f"{sent.counts.get('sent', 0)} letters sent"
        )
        return self._failures

    def _run(self, name: str, stage: Callable[..., Summary]) -> Summary:
        summary = run_stage(name, stage, self._store, self._settings, self._now.clock, _silent)
        self._failures += [f"{name}: {f.what}: {f.why} ({f.remedy})" for f in summary.failures]
        return summary


def _silent(_text: str) -> None:
    """The demo has its own lines."""


def _fresh(out: Path) -> bool:
    """Makes `out` anew; False where it is not the demo's to remove."""
    if out.exists():
        if not (out / MARK).is_file() and (not out.is_dir() or any(out.iterdir())):
            return False
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / MARK).write_text("Made by `dansinh demo`, which removes this folder when it is run again.\n")
    return True


@contextmanager
def _own_database() -> Iterator[None]:
    """An office's real database, named in the environment, must not meet the town."""
    kept = os.environ.pop(DATABASE_URL, None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ[DATABASE_URL] = kept


def _prepare(store: Store, settings: Settings, clock: Clock) -> list[str]:
    """What rooms above add, such as accounts for the desk; the lines to print about it."""
    return [
        line for point in entry_points(group="dansinh.demo") for line in point.load()(store, settings, clock)
    ]


def _tell(
    out: Path,
    settings: Settings,
    mailbox: Mailbox,
    lines: list[str],
    config: Path,
    now: MovableClock,
    seconds: float,
    progress: Say,
) -> None:
    last = digest.folder(settings.data_dir, now().date())
    letters = sorted(settings.data_dir.glob("letters/*/*.docx"))
    progress(f"\nDone in {seconds:.0f} seconds. Everything lies in {out.resolve()}:")
    for name in ("ban-tin.html", "ban-tin.docx", "ban-tin.json"):
        progress(f"  digest   {last / name}")
    if letters:
        progress(f"  letters  {letters[0].parent}  ({len(letters)} DOCX)")
    progress(f"  mails    {mailbox.folder.resolve()}  ({len(mailbox.messages())} .eml)")
    progress(f"\nThe desk: {_command('desk', config)} --now {now():%Y-%m-%dT%H:%M}")
    for line in lines:
        progress(f"  {line}")


def _command(name: str, config: Path) -> str:
    """As it was called, so that the line can be pasted though .venv/bin is on no PATH."""
    return f"{sys.argv[0]} {name} --config {config}"


def _open_desk(config: Path, moment: datetime) -> None:
    """Serves until Ctrl-C; the town stays up, so that the desk's links to articles lead somewhere."""
    for point in entry_points(group="dansinh.commands", name="desk"):
        command = point.load()
        assert isinstance(command, click.Command)  # noqa: S101 - pyproject.toml
        command.main(["--config", str(config), "--now", moment.isoformat()], standalone_mode=False)
