"""The `dansinh` command: one module a command; rooms above add theirs by entry point."""

import os
from importlib.metadata import entry_points

import click

from pipeline.cli import (
    check,
    demo,
    filters,
    judgements,
    learn,
    report,
    schedule,
    sources,
    stages,
    tag,
    templates,
    units,
)


class Commands(click.Group):
    """Adds the commands of entry point group `dansinh.commands`, loaded only when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *entry_points(group="dansinh.commands").names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for point in entry_points(group="dansinh.commands", name=cmd_name):
            command = point.load()
            assert isinstance(command, click.Command)  # noqa: S101 - pyproject.toml
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dansinh")
def main() -> None:
    """Dân Sinh: finds what residents urgently need an answer to and follows it until the answer is in.

    Exit status: 0 done, 1 finished with failures (listed), 2 wrong use or configuration.
    """
    # Read when numpy is first loaded, by whatever module: for one item its threads only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


stages.add_stages(main)
for command in (
    stages.run,
    schedule.schedule,
    report.report,
    check.check,
    sources.sources,
    units.units,
    templates.templates,
    demo.demo,
    tag.tag,
    learn.learn,
    judgements.judgements,
    filters.group,
    filters.extract,
    filters.places,
    filters.mask,
):
    main.add_command(command)
