"""What it takes to hold many open articles and to place new ones among them."""

import json
import subprocess
import sys

from bench.table import Figure, Line, Progress

SECONDS, MEGABYTES = 5.0, 1000.0
"""issue 5: 100,000 open articles in less than this, and 500 more in less than that on one core"""
START_GOAL = 10.0
"""of this project's own choosing"""


def measure(held: int, added: int, progress: Progress) -> list[Line]:
    progress(f"placing {added:,} articles among {held:,}")
    done = subprocess.run(
        [sys.executable, "-m", "bench.placing", str(held), str(added)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seen: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return [
        Figure(
            f"placing {added:,} articles among {held:,} open ones",
            f"{SECONDS:.0f} s of one core",
            seen["place"] / SECONDS,
            1.0,
            "less",
            seen=f"{seen['place']:.1f} s",
        ),
        Figure(
            f"memory with {held + added:,} open articles",
            "1 GB",
            seen["megabytes"] / MEGABYTES,
            1.0,
            "less",
            seen=f"{seen['megabytes']:.0f} MB, {seen['idle']:.0f} MB of it with none",
        ),
        Figure(
            "kept vectors taken into memory",
            "made anew from the texts",
            seen["make"] / seen["keep"],
            START_GOAL,
            seen=f"{1000 * seen['keep']:.2f} and {1000 * seen['make']:.2f} ms an article",
        ),
    ]
