"""Nothing that a host may send breaks a reader: no crash, no hang, no growth, nothing that cannot be stored.

At least 20,000 mutated inputs at each run, always the same ones; DANSINH_FUZZ_SEED=n tries others, and
DANSINH_FUZZ_FACTOR=10 ten times as many. An input that fails is kept in .fuzz/, and `test_replay` reads what
DANSINH_FUZZ_INPUT=.fuzz/feed-123 names once more.
"""

import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psutil
import pytest

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS, check

FIRST_SEED = int(os.environ.get("DANSINH_FUZZ_SEED", "1")) * 10_000_000
FACTOR = int(os.environ.get("DANSINH_FUZZ_FACTOR", "1"))
SECONDS = 2.0
"""of this process's own time, for one input; a machine busy with other work makes nothing slower"""
GROWTH = 40_000_000
"""bytes by which a process may grow while it reads a thousand inputs, after the first two hundred"""
AT_ONCE = 1000
WARMING = 200
# Counting lines takes longer than reading: what a reader takes by itself is limited here.
pytestmark = pytest.mark.no_cover

FAILED = Path(__file__).resolve().parents[2] / ".fuzz"


class TooSlow(BaseException):
    """No Exception: a reader that catches everything must not catch this."""


@contextmanager
def limited() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"took more than {SECONDS} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def try_one(name: str, content: bytes) -> None:
    with limited():
        check(TARGETS[name].read(content))


def try_seed(name: str, seed: int) -> None:
    content = mutated(TARGETS[name].pool, seed)
    try:
        try_one(name, content)
    except BaseException as error:
        FAILED.mkdir(exist_ok=True)
        kept = FAILED / f"{name}-{seed}"
        kept.write_bytes(content)
        pytest.fail(f"{type(error).__name__}: {error}; input of seed {seed} kept in {kept}")


def batches() -> Iterator[tuple[str, int]]:
    for name, target in TARGETS.items():
        for begin in range(0, target.inputs * FACTOR, AT_ONCE):
            yield name, begin


def test_twenty_thousand_inputs_at_least() -> None:
    assert sum(target.inputs for target in TARGETS.values()) >= 20_000


@pytest.mark.parametrize(("name", "begin"), list(batches()))
def test_mutated_inputs(name: str, begin: int) -> None:
    end = min(begin + AT_ONCE, TARGETS[name].inputs * FACTOR)
    held = 0
    for number in range(begin, end):
        if number - begin == WARMING:
            held = memory()
        try_seed(name, FIRST_SEED + number)
    grown = memory() - held
    assert not held or grown < GROWTH, f"grew by {grown / 1e6:.0f} MB over {end - begin - WARMING} inputs"


def memory() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss


@pytest.mark.skipif("DANSINH_FUZZ_INPUT" not in os.environ, reason="names no input to be read once more")
def test_replay() -> None:
    kept = Path(os.environ["DANSINH_FUZZ_INPUT"])
    try_one(kept.name.rpartition("-")[0], kept.read_bytes())
