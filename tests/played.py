"""The demo's week, played once for all test processes: it takes half a minute."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.config import DATABASE_URL
from pipeline.demo.run import run_demo

NOT_THE_DEMOS = "sqlite:////nonexistent/of-the-real-office.db"


@dataclass(frozen=True)
class Played:
    out: Path
    """to be read only; who changes something takes a copy"""
    status: int
    said: str
    database_url: str
    """what the environment named afterwards"""


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    told = folder / "demo.json"
    with FileLock(folder / "demo.lock"), pytest.MonkeyPatch.context() as patch:
        if not told.exists():
            patch.setenv(DATABASE_URL, NOT_THE_DEMOS)
            lines = list[str]()
            status = run_demo(folder / "demo", False, lines.append)
            told.write_text(
                json.dumps([status, "\n".join(lines), os.environ[DATABASE_URL]]), encoding="utf-8"
            )
    return Played(folder / "demo", *json.loads(told.read_text(encoding="utf-8")))
