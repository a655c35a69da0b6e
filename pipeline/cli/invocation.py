"""What every command shares: the office's configuration, store, clock, and how to speak to the caller."""

import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.status import Status

from pipeline.clock import Clock

DONE, FINISHED_WITH_FAILURES, WRONG_USE = 0, 1, 2


class Invocation:
    """One call of `dansinh`; configuration and store are opened when first asked for."""

    def __init__(self, config: Path, clock: Clock, *, json: bool) -> None:
        self.config = config
        self.clock = clock
        self.json = json
        self._status: Status | None = None
        self._stderr = Console(stderr=True)

    @cached_property
    def settings(self) -> Any:
        """pipeline.settings.Settings; a wrong config.yaml ends the command with status 2."""
        from pipeline.config import ConfigError, load_settings

        try:
            return load_settings(self.config)
        except ConfigError as error:
            self.complain(str(error))
            sys.exit(WRONG_USE)

    @cached_property
    def store(self) -> Any:
        """store.Store at the newest schema; a database that cannot be opened ends the command with 2."""
        from pipeline.checks.machine import open_checked
        from pipeline.checks.problem import Problem

        opened = open_checked(self.settings)
        if isinstance(opened, Problem):
            self.complain(f"{opened.what}\n  → {opened.remedy}")
            sys.exit(WRONG_USE)
        return opened

    @contextmanager
    def working(self) -> Iterator[None]:
        """A spinner on a terminal while the block runs; in a pipe `progress` prints plain lines instead."""
        if not self._stderr.is_terminal:
            yield
            return
        with self._stderr.status("…") as self._status:
            yield
        self._status = None

    def progress(self, text: str) -> None:
        if self._status is not None:
            self._status.update(text)
        else:
            click.echo(text, err=True)

    def complain(self, text: str) -> None:
        click.echo(text, err=True)

    def say(self, text: str) -> None:
        """For people; with --json nothing but JSON goes to standard output."""
        if not self.json:
            click.echo(text)

    def give(self, value: Any) -> None:
        """For programs: one JSON document on standard output."""
        if self.json:
            click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _clock(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Clock:
    if value is None:
        return Clock()
    try:
        return Clock.starting_at(datetime.fromisoformat(value))
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no time; write it as 2026-11-20T07:00") from error


def common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--config, --now and --json; the command gets an Invocation as its first argument."""

    @click.option(
        "--config",
        type=click.Path(path_type=Path),
        default=Path("config.yaml"),
        show_default=True,
        help="The office's configuration.",
    )
    @click.option(
        "--now",
        "clock",
        callback=_clock,
        metavar="TIME",
        help="Work as if it were TIME (2026-11-20T07:00, local): for rehearsals.",
    )
    @click.option("--json", is_flag=True, help="Print one JSON document for a program to read.")
    @functools.wraps(command)
    def with_invocation(config: Path, clock: Clock, json: bool, **rest: Any) -> Any:
        return command(Invocation(config, clock, json=json), **rest)

    return with_invocation
