"""The environment of the projects that the crawler is compared with: .venv-bench, apart from this one's.

Their dependencies may not agree with this project's, and must not come to it.
"""

import subprocess
import sys
from pathlib import Path

from bench.table import Progress

_ROOT = Path(__file__).resolve().parent.parent
_FOLDER = _ROOT / ".venv-bench"
_LOCK = _ROOT / "requirements-bench.lock"
_MODULES = {"newspaper4k": "newspaper", "news-please": "newsplease"}


def python(rival: str, progress: Progress) -> Path | str:
    """The interpreter that has it; or why there is none."""
    interpreter = _FOLDER / "bin" / "python"
    mark = _FOLDER / ".installed"
    if not mark.exists() or mark.stat().st_mtime < _LOCK.stat().st_mtime:
        progress("setting up .venv-bench from requirements-bench.lock")
        if trouble := _install(interpreter):
            return trouble
        mark.touch()
    found = _run([str(interpreter), "-W", "ignore", "-c", f"import {_MODULES[rival]}"])
    return interpreter if found is None else f"{rival} cannot be loaded: {found}"


def _install(interpreter: Path) -> str | None:
    steps = [
        [sys.executable, "-m", "venv", str(_FOLDER)],
        [str(interpreter), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(_LOCK)],
    ]
    for step in steps:
        if trouble := _run(step):
            return f"could not be installed: {trouble}"
    return None


def _run(command: list[str]) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no message"])[-1]
