"""`dansinh schedule`: the same stages as `run`, from one long-running process."""

import click

from pipeline.cli.invocation import Invocation, common_options


@click.command()
@click.option(
    "--every", type=click.IntRange(1, 1440), default=5, show_default=True, help="Minutes between two runs."
)
@common_options
def schedule(invocation: Invocation, every: int) -> None:
    """Run all stages as they fall due until interrupted, with APScheduler instead of cron."""
    from pipeline.schedule import serve

    settings, store = invocation.settings, invocation.store
    try:
        serve(store, settings, invocation.clock, every, invocation.progress)
    finally:
        store.close()
