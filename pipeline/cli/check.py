"""`dansinh check`: what an operator would get wrong."""

import os
import sys
from dataclasses import asdict

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, Invocation, common_options


@click.command()
@click.option("--offline", is_flag=True, help="Leave out sources and the mail server.")
@common_options
def check(invocation: Invocation, offline: bool) -> None:
    """Check configuration, sources, mail, database and routing for the coming year; say what to mend."""
    from pipeline.check import check as find_problems

    with invocation.working():
        problems = find_problems(
            invocation.settings,
            None,
            invocation.clock,
            os.environ,
            invocation.progress,
            network=not offline,
        )
    for problem in problems:
        invocation.say(f"{problem.severity}: {problem.what}\n  → {problem.remedy}")
    if not problems:
        invocation.say("nothing to mend")
    invocation.give([asdict(problem) for problem in problems])
    if any(problem.severity == "error" for problem in problems):
        sys.exit(FINISHED_WITH_FAILURES)
