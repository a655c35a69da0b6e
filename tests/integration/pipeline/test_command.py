"""The `dansinh` command as an operator calls it: help, exit status, --json, plain lines in a pipe."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from crawler.settings import CrawlerSettings
from pipeline.cli import main
from pipeline.config import load_settings, open_store
from store.lock import only_runner

ROOT = Path(__file__).parents[3]
DESIGN = {
    *("run", "crawl", "tag", "group", "refer", "deliver", "digest", "report"),
    *("schedule", "desk", "demo", "check", "sources", "extract", "places", "mask"),
}


def call(*arguments: str, **given: Any) -> Result:
    return CliRunner().invoke(main, list(arguments), **given)


@pytest.fixture
def config(tmp_path: Path) -> str:
    """The shipped office without its outlets: no test asks a stranger's server for anything."""
    yaml = YAML()
    office = yaml.load(ROOT / "config.yaml")
    office["crawler"]["outlets"] = []
    path = tmp_path / "config.yaml"
    yaml.dump(office, path)
    return str(path)


@pytest.mark.parametrize("command", sorted(DESIGN))
def test_every_command_of_the_design_has_help(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")


def test_the_documentation_names_every_command() -> None:
    guide = (ROOT / "docs" / "running-an-office.md").read_text(encoding="utf-8")
    commands = main.list_commands(main.make_context("dansinh", [], resilient_parsing=True))
    assert [name for name in commands if f"dansinh {name}" not in guide] == []


@pytest.mark.parametrize("page", ["README.md", "README.vi.md", "docs/running-an-office.md"])
def test_cron_and_the_scheduler_look_as_often_as_a_source_may_be_polled(page: str) -> None:
    every = CrawlerSettings.model_fields["shortest_poll_minutes"].default
    assert f"*/{every} * * * *" in (ROOT / page).read_text(encoding="utf-8")
    assert f"default: {every};" in call("schedule", "--help").stdout


def test_a_wrong_configuration_ends_with_2_and_says_line_and_remedy(config: str) -> None:
    path = Path(config)
    path.write_text(path.read_text(encoding="utf-8").replace("recipients:", "recipient:"), encoding="utf-8")
    result = call("digest", "--config", config)
    assert result.exit_code == 2
    assert "unknown key; did you mean 'recipients'?" in result.stderr
    assert f"{config}, line " in result.stderr


def test_a_missing_configuration_ends_with_2(tmp_path: Path) -> None:
    result = call("run", "--config", str(tmp_path / "none.yaml"))
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr


def test_a_folder_for_a_configuration_ends_with_2(tmp_path: Path) -> None:
    result = call("tag", "--config", str(tmp_path))
    assert result.exit_code == 2
    assert "Is a directory" in result.stderr


def test_a_taxonomy_that_is_not_there_ends_with_2(config: str) -> None:
    yaml = YAML()
    office = yaml.load(Path(config))
    office["nlp"]["taxonomy"] = "nope.json"
    yaml.dump(office, Path(config))
    result = call("tag", "--config", config)
    assert result.exit_code == 2
    assert "nope.json: cannot be read" in result.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////proc/none/dansinh.db", "unable to open database file"),
        ("mysql://dansinh:hunter2@127.0.0.1/dansinh", "No module named 'MySQLdb'"),
        ("postgresql://dansinh:hunter2@127.0.0.1:1/dansinh", "refused"),
        ("nothing at all", "store.url is no database address"),
    ],
)
def test_a_database_that_cannot_be_opened_ends_with_2(
    config: str, monkeypatch: pytest.MonkeyPatch, url: str, said: str
) -> None:
    monkeypatch.setenv("DANSINH_DATABASE_URL", url)
    result = call("tag", "--config", config)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "correct store.url in config.yaml or DANSINH_DATABASE_URL" in result.stderr
    assert "hunter2" not in result.stderr


def test_a_database_of_a_newer_version_ends_with_2(config: str) -> None:
    store = open_store(load_settings(Path(config)))
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    result = call("tag", "--config", config)
    assert result.exit_code == 2
    assert "was made by another version of dansinh" in result.stderr
    assert "install the newest dansinh" in result.stderr


def test_a_wrong_time_ends_with_2(config: str) -> None:
    result = call("run", "--config", config, "--now", "yesterday")
    assert result.exit_code == 2
    assert "write it as 2026-11-20T07:00" in result.stderr


def test_a_run_with_nothing_to_do_says_so(config: str) -> None:
    result = call("run", "--config", config, "--now", "2026-11-20T06:00")
    assert result.exit_code == 0, result.stderr
    assert "tag: nothing to do" in result.stdout
    assert "digest" not in result.stdout  # not before 07:00


def test_report_writes_the_period_or_says_how_to_name_one(config: str) -> None:
    result = call("report", "--period", "2026-Q4", "--config", config)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[0].endswith("reports/2026-Q4/bao-cao.docx")
    assert all(Path(line).is_file() for line in result.stdout.splitlines())
    wrong = call("report", "--period", "last summer", "--config", config)
    assert wrong.exit_code == 2
    assert "2026-W47" in wrong.stderr


def test_json_is_one_document(config: str) -> None:
    result = call("tag", "--config", config, "--json")
    said = json.loads(result.stdout)
    assert said["busy"] is False
    assert [stage["stage"] for stage in said["stages"]] == ["tag"]


def test_the_second_of_two_runs_says_so_and_leaves(config: str) -> None:
    store = open_store(load_settings(Path(config)))
    with only_runner(store):
        result = call("run", "--config", config)
        as_json = call("run", "--config", config, "--json")
    store.close()
    assert result.exit_code == 0
    assert "nothing to do here, leaving" in result.stderr
    assert json.loads(as_json.stdout) == {"busy": True, "stages": []}


def test_units_finds_codes_without_diacritics() -> None:
    assert "01  Thành phố Hà Nội" in call("units", "ha noi").stdout
    assert call("units", "Atlantis").exit_code == 1


FILTERS = {
    "tag": {"title": "Bãi rác tự phát bốc mùi, người dân nhiều lần kiến nghị"},
    "group": {"title": "Bãi rác tự phát bốc mùi"},
    "places": {"text": "Người dân phường Hồng Bàng, Hải Phòng bức xúc."},
    "mask": {"text": "Gọi ông Nguyễn Văn Tám theo số 0912 345 678."},
}
KEYS = {
    "tag": {"id", "kind", "score", "topic", "topics", "urgency", "places", "evidence"},
    "group": {"id", "group"},
    "places": {"id", "codes", "province_codes"},
    "mask": {"id", "text", "masked"},
    "extract": {"id", "article", "title", "published", "body"},
}


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_a_filter_reads_and_writes_json_lines(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # no config.yaml, no store needed
    lines = [{"id": f"x{number}"} | FILTERS[name] for number in range(3)]
    result = call(name, "-", input="\n".join(map(json.dumps, lines)))
    assert result.exit_code == 0, result.stderr
    said = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in said] == ["x0", "x1", "x2"]
    assert KEYS[name] <= said[0].keys()
    assert not list(tmp_path.iterdir())


def test_extract_reads_saved_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.html").write_text("<html><title>Chuyên mục</title><a href=/a>Tin</a></html>", encoding="utf-8")
    lines = [
        {"id": 1, "url": "http://a.vn/muc", "html_path": "page.html"},
        {"id": 2, "url": "http://a.vn/x", "html_path": "missing.html"},
    ]
    result = call("extract", "-", input="\n".join(map(json.dumps, lines)))
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["id"], said["article"]) == (1, False)
    assert KEYS["extract"] <= said.keys()
    assert "line 2: " in result.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("no json", "line 2: is no JSON object"),
        ('["a list"]', "line 2: is no JSON object"),
        ('{"id": "x"}', "line 2: lacks text"),
        ('{"id": "x", "text": "y", "date": "someday"}', "line x: "),
    ],
)
def test_a_filter_names_a_line_it_cannot_use_and_goes_on(line: str, says: str) -> None:
    good = json.dumps({"id": "good", "text": "phường Hồng Bàng"})
    result = call("places", "-", input=f"{good}\n{line}\n{good}\n")
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stdout.splitlines()) == 2


def test_in_a_pipe_progress_is_plain_lines(config: str) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()"]
    result = subprocess.run(
        [*command, "run", "--config", config, "--now", "2026-11-20T06:00"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "tag: started" in result.stderr.splitlines()
    assert "\x1b" not in result.stderr


def test_the_installed_command_runs() -> None:
    command = shutil.which("dansinh", path=str(Path(sys.executable).parent))
    assert command is not None
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("dansinh, version ")


THREADS = """
import json, sys
from pipeline.cli import main

try:
    main(["tag", "-"])
except SystemExit:
    import underthesea
    from nlp.encoder import load_encoder
    from threadpoolctl import threadpool_info

    load_encoder()
    print([pool["num_threads"] for pool in threadpool_info() if pool["internal_api"] == "openblas"])
"""
"""The order in which a flagged item and then a doubtful one would have them loaded."""


def test_numpy_works_on_one_item_with_one_thread_whoever_loads_it() -> None:
    environment = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", THREADS], input="", capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "[1]\n"
