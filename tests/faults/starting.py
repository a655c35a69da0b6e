"""A process that begins `dansinh` anew at once, to be killed.

It loads everything once and forks a child for each line on standard input: how many seconds it may live,
and the command's arguments, as a list in JSON. It answers "killed" or the child's exit status.
"""

import json
import os
import select
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

# What `run` loads by and by: a life is for work.
import docxtpl  # noqa: F401
import pandas as pd  # noqa: F401
import xlsxwriter  # noqa: F401

from nlp.settings import NlpSettings
from nlp.tagger import Item, Tagger
from pipeline.cli import main as dansinh
from pipeline.documents import letter  # noqa: F401


def main() -> None:
    Tagger(NlpSettings()).tag(Item(id="1", title="Bãi rác bốc mùi ở phường Gia Viên", summary="", body=""))
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        seconds, *arguments = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(arguments)
        ended, _, _ = select.select([os.pidfd_open(child)], [], [], seconds)
        if not ended:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), flush=True)  # noqa: T201


def _run(arguments: Sequence[str]) -> NoReturn:
    status = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)
        dansinh(arguments)
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    finally:
        os._exit(status)
