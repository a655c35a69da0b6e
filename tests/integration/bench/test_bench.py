"""`make bench` runs: each part at a size at which its figures mean nothing."""

import json
import socket
from pathlib import Path
from statistics import mean

import pytest
from click.testing import CliRunner

from bench import rivals
from bench.__main__ import PARTS, main
from bench.end_to_end import downloaded
from bench.extraction import measure
from bench.invented.news import BODY_CHARS, Newsroom
from bench.newspapers import Newspapers
from bench.serving import Server, addresses
from bench.table import Absence, Figure, show
from bench.understanding import of_texts

pytestmark = [pytest.mark.timeout(300), pytest.mark.no_cover]  # it measures time

LINES = {
    "extraction": ["extraction, layout declared", "extraction, layout not declared"],
    "crawl": [
        "whole crawl, layouts declared",
        "whole crawl, layouts not declared",
        "the local server itself",
    ],
    "memory": ["memory of all crawl processes after 40 pages"],
    "day": ["polls that transfer a body", "articles stored within poll interval + 30 s"],
    "nlp": [
        "tagging feed items",
        "places",
        "tagging articles of 2,500 characters",
        "500 stored items read anew",
        "read twice or left out after a kill -9",
        "memory of the largest worker",
    ],
    "group": [
        "placing 20 articles among 200",
        "memory with 220 open articles",
        "kept vectors taken into memory",
    ],
    "desk": ["SQLite, /van-de/{id:int}", "SQLite, /tim-kiem", "SQLite, all pages"],
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_prints_its_lines(part: str) -> None:
    result = CliRunner().invoke(main, ["--tiny", "--no-rivals", "--only", part], catch_exceptions=False)
    assert result.exit_code == 0
    assert [line for line in LINES[part] if line not in result.stdout] == []


def test_saved_pages_are_measured_apart(tmp_path: Path) -> None:
    (tmp_path / "bai.html").write_text("<html><body><h1>Tin</h1><p>Nước ngập sân trường.</p></body></html>")
    lines = measure(1, 1, tmp_path, print)
    assert [line.what for line in lines] == [
        "extraction, layout declared",
        "extraction, layout not declared",
        f"extraction, layout not declared, pages of {tmp_path.name}/",
    ]


def test_a_folder_without_pages_is_told(tmp_path: Path) -> None:
    assert [type(line) for line in measure(1, 1, tmp_path, print)] == [Figure, Figure, Absence]


def test_pages_are_the_same_each_time_and_no_two_alike() -> None:
    one, other = Newspapers(per_host=30), Newspapers(per_host=30)
    pages = [one.body(f"127.0.0.{host}:80", number) for host in (2, 3, 7) for number in range(30)]
    assert pages == [other.body(f"127.0.0.{host}:80", number) for host in (2, 3, 7) for number in range(30)]
    assert len(set(pages)) == 90


def test_a_download_that_misses_pages_is_no_figure() -> None:
    with Server(Newspapers(per_host=1), addresses(1)) as server:
        there = Newspapers(per_host=1).urls(server.hosts)
        assert downloaded(there).pages == 1
    with pytest.raises(RuntimeError, match="0 of 1 pages"):
        downloaded(there)


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("a", "b", 2.0, 2.0), "pass"),
        (Figure("a", "b", 1.9, 2.0), "falls short"),
        (Figure("a", "b", 0.1, 0.15, "less", percent=True), "pass"),
        (Figure("a", "b", 0.2, 0.15, "less", percent=True), "falls short"),
    ],
)
def test_a_figure_is_judged_by_its_goal(
    figure: Figure, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show([figure])
    shown = capsys.readouterr().out
    assert [word for word in ("pass", "falls short") if word in shown] == [verdict]


def test_rivals_that_cannot_be_installed_are_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements-bench.lock"
    lock.write_text("")
    monkeypatch.setattr(rivals, "_FOLDER", tmp_path / "venv")
    monkeypatch.setattr(rivals, "_LOCK", lock)
    monkeypatch.setattr(rivals, "_run", lambda command: "no network" if "pip" in command else None)
    assert rivals.python("news-please", print) == "could not be installed: no network"


def test_servers_listen_on_this_machine_only() -> None:
    assert all(address.startswith("127.") for address in addresses(300))
    assert len(set(addresses(300))) == 300
    with Server(Newspapers(per_host=1), addresses(3)) as server:
        port = int(server.hosts[0].partition(":")[2])
        with socket.socket() as elsewhere:
            assert elsewhere.connect_ex(("127.0.0.1", port)) != 0


def test_invented_news_are_the_same_each_time_and_about_as_long_as_real_ones() -> None:
    one, other = Newsroom(seed=1), Newsroom(seed=1)
    items = [one.feed_item() for _ in range(500)]
    assert items == [other.feed_item() for _ in range(500)]
    assert len({item["title"] for item in items}) > 400
    assert 50 < mean(len(item["title"]) for item in items) < 75
    assert 130 < mean(len(item["summary"]) for item in items) < 200
    assert len(one.article()["body"]) == BODY_CHARS


def test_given_texts_are_measured_apart(tmp_path: Path) -> None:
    path = tmp_path / "tin.jsonl"
    given = [{"id": "1", "title": "Tin", "summary": "Nước ngập sân trường."}, {"id": "2", "title": "Bài"}]
    path.write_text("\n".join(json.dumps(row) for row in given), encoding="utf-8")
    lines = of_texts(path, 5, 5, 1, print)
    assert [(type(line), line.what) for line in lines] == [
        (Figure, "tagging feed items, texts of tin.jsonl"),
        (Figure, "places, texts of tin.jsonl"),
        (Absence, "tagging articles, texts of tin.jsonl"),
    ]
