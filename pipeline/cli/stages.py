"""`run` and the single stages."""

import sys
from typing import Any

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, Invocation, common_options

STAGES = {
    "crawl": "Poll the sources that are due and keep their articles.",
    "collect": "Read the office's mailboxes: mail that came back, replies to be looked at.",
    "refer": "Draft referrals of confirmed issues; write the letters of approved ones.",
    "remind": "Queue the day's reminders of deadlines, one to an address, where config.yaml has reminders.",
    "deliver": "Send what waits in the outbox.",
    "digest": "Make today's digest, where there is none yet, and queue it for its readers.",
}


def add_stages(group: click.Group) -> None:
    for name, text in STAGES.items():
        group.add_command(_stage_command(name, text))


def _stage_command(name: str, text: str) -> click.Command:
    @click.command(name, help=text)
    @common_options
    def command(invocation: Invocation) -> None:
        run_stages(invocation, [name])

    return command


@click.command()
@common_options
def run(invocation: Invocation) -> None:
    """Do everything that is due, once: what cron calls every five minutes."""
    run_stages(invocation, None)


def run_stages(invocation: Invocation, only: list[str] | None) -> None:
    """Runs the named stages, or all that are due, unless another runner is at it."""
    from store.lock import Busy, only_runner

    store = invocation.store
    try:
        with only_runner(store), invocation.working():
            summaries = _run(invocation, only)
    except Busy as busy:
        invocation.complain(f"{busy}: nothing to do here, leaving")
        invocation.give({"busy": True, "stages": []})
        return
    finally:
        store.close()
    report(invocation, summaries)


def _run(invocation: Invocation, only: list[str] | None) -> list[Any]:
    from pipeline.stages import sequence

    arguments = (invocation.store, invocation.settings, invocation.clock, invocation.progress)
    if only is None:
        return sequence.run_due(*arguments)
    stages = dict(sequence.DAILY_FLOW)
    return [sequence.run_stage(name, stages[name], *arguments) for name in only]


def report(invocation: Invocation, summaries: list[Any]) -> None:
    """Prints what each stage did and ends with 1 where something failed."""
    for summary in summaries:
        counts = ", ".join(f"{name} {number}" for name, number in summary.counts.items()) or "nothing to do"
        invocation.say(f"{summary.stage}: {counts}")
        for failure in summary.failures:
            invocation.say(f"  ! {failure.what}: {failure.why}\n    → {failure.remedy}")
        for notice in summary.notices:
            invocation.say(f"  · {notice.what}: {notice.why}\n    → {notice.remedy}")
    invocation.give({"busy": False, "stages": [summary.to_dict() for summary in summaries]})
    if any(summary.failures for summary in summaries):
        sys.exit(FINISHED_WITH_FAILURES)
