"""`dansinh desk` as a process, serving with one or with several."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.office import OFFICE


@pytest.mark.parametrize("workers", [1, 2])
def test_the_desk_serves_until_it_is_ended(tmp_path: Path, blank: Path, workers: int) -> None:
    config = tmp_path / "config.yaml"
    url = f"sqlite:///{blank}"
    office = OFFICE | {"data_dir": str(tmp_path), "store": {"url": url}, "desk": {"workers": workers}}
    config.write_text(json.dumps(office, default=str), encoding="utf-8")
    command = "from pipeline.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "desk", "--config", str(config), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        address = re.search(r"http://\S+/", process.stderr.readline())
        assert address
        with urllib.request.urlopen(f"{address[0]}dang-nhap", timeout=60) as answer:  # noqa: S310
            assert "Đăng nhập" in answer.read().decode()
        children = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        process.wait(60)
    assert (len(children) >= workers) == (workers > 1)
    _, left = psutil.wait_procs(children, timeout=30)
    assert left == []
