"""`dansinh check` as a whole: sources over real HTTP, what has piled up in the store, the command itself."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.fetching.guard import place_of
from crawler.fetching.memory import HostMemory
from nlp.taxonomy import load_taxonomy
from pipeline.check import check
from pipeline.checks.problem import Problem
from pipeline.checks.work import check_work
from pipeline.cli import main
from pipeline.clock import Clock
from store import Store
from store.models import Delivery, Source, StageRun, User
from tests.office import at, settings

NOW = at("2026-11-22 09:00")


class Site(BaseHTTPRequestHandler):
    """A publisher that answers at /feed, forbids /closed and knows nothing else."""

    def do_GET(self) -> None:
        pages = {"/robots.txt": "User-agent: *\nDisallow: /closed", "/feed": "<rss/>", "/": "<html></html>"}
        body = pages.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def outlet(site: str, *paths: str) -> dict[str, Any]:
    sources = [{"kind": "feed", "url": site + path} for path in paths]
    return {"key": "to-bao", "name": "Tờ báo thử", "kind": "newspaper", "home": site, "sources": sources}


def crawler(*outlets: dict[str, Any]) -> dict[str, Any]:
    return {"outlets": list(outlets), "per_host_delay_seconds": 0, "timeout_seconds": 5}


def complete(**sections: Any) -> dict[str, Any]:
    """Sections of an office that lacks nothing, but for the ones given."""
    routes = [
        {"topic": topic, "lead": "so-nnmt", "valid_from": "2025-07-01"}
        for topic in load_taxonomy(None).topics
    ]
    rest: dict[str, Any] = {
        "routes": routes,
        "nlp": {"home_province": "31"},
        "calendar": {"extra_days_off": ["2026-01-02", "2027-01-02"]},
    }
    return rest | sections


def checked(store: Store | None, /, *, network: bool = True, **sections: Any) -> list[Problem]:
    folder = {"data_dir": store.data_dir} if store else {}
    office = settings(**complete(**folder, **sections))
    return check(office, store, Clock.starting_at(NOW), {}, lambda _text: None, network=network)


def about(problems: list[Problem], words: str) -> Problem:
    (found,) = [problem for problem in problems if words in problem.what]
    return found


def add(store: Store, row: Any) -> None:
    with store.begin() as session:
        session.add(row)


def account() -> User:
    return User(name="phong-nghiep-vu", post="Chuyên viên", role="analyst", password_hash="x", created_at=NOW)


def test_an_office_with_nothing_to_mend(sqlite_store: Store, site: str) -> None:
    add(sqlite_store, account())
    problems = checked(sqlite_store, crawler=crawler(outlet(site, "/feed")))
    assert [problem for problem in problems if "mail server" not in problem.what] == []


def test_sources_that_cannot_be_read(sqlite_store: Store, site: str) -> None:
    problems = checked(sqlite_store, crawler=crawler(outlet(site, "/feed", "/gone", "/closed")))
    gone, closed = about(problems, f"{site}/gone"), about(problems, f"{site}/closed")
    assert (gone.severity, gone.what) == ("error", f"source {site}/gone of Tờ báo thử answers 404 Not Found")
    assert closed.what.endswith("is closed to crawlers by robots.txt")
    assert f"dansinh sources find {site}" in gone.remedy
    assert not [problem for problem in problems if f"{site}/feed" in problem.what]


def test_a_host_that_has_asked_a_crawl_for_patience_is_left_alone(sqlite_store: Store, site: str) -> None:
    hosts = HostMemory(sqlite_store, lambda: NOW)
    hosts.wait(place_of(site), timedelta(hours=2))
    hosts.flush()
    problems = checked(sqlite_store, crawler=crawler(outlet(site, "/feed", "/gone")))
    why = "is left alone until 2026-11-22 11:00: its host has asked for patience"
    for path in ("/feed", "/gone"):
        left = about(problems, f"{site}{path}")
        assert (left.severity, left.what) == ("warning", f"source {site}{path} of Tờ báo thử {why}")
        assert left.remedy == "ask again after 2026-11-22 11:00"


def test_sources_that_are_not_what_they_are_called(sqlite_store: Store, site: str, tmp_path: Path) -> None:
    sources = [
        {"kind": "sitemap", "url": f"{site}/feed"},
        {"kind": "listing", "url": f"{site}/"},
        {"kind": "folder", "path": str(tmp_path)},
        {"kind": "folder", "path": str(tmp_path / "khong-co")},
    ]
    problems = checked(sqlite_store, crawler=crawler(outlet(site) | {"sources": sources}))
    wrong = [problem for problem in problems if problem.what.startswith("source ")]
    assert [problem.what.partition(" of Tờ báo thử ")[2].partition(":")[0] for problem in wrong] == [
        "is not a sitemap",
        "names no articles",
        "cannot be read",
    ]
    assert all("config.yaml" in problem.remedy for problem in wrong)


def test_an_outlet_without_sources(sqlite_store: Store, site: str) -> None:
    problem = about(checked(sqlite_store, crawler=crawler(outlet(site))), "has no sources")
    assert problem.severity == "warning"
    assert "crawler.outlets[0]" in problem.remedy


def test_errors_come_first(sqlite_store: Store) -> None:
    problems = checked(sqlite_store, crawler=crawler(outlet("http://127.0.0.1:1")))
    places = [problems.index(about(problems, words)) for words in ("source http", "has no sources")]
    assert places == sorted(places)


def test_offline_asks_nobody(sqlite_store: Store) -> None:
    nowhere = "http://127.0.0.1:1"
    problems = checked(sqlite_store, network=False, crawler=crawler(outlet(nowhere, "/feed")))
    assert not [problem for problem in problems if nowhere in problem.what or "mail server" in problem.what]
    about(checked(sqlite_store, crawler=crawler(outlet(nowhere, "/feed"))), f"{nowhere}/feed")


def test_without_a_store_it_opens_one_and_says_what_hinders_it(tmp_path: Path) -> None:
    problems = checked(None, network=False, data_dir=tmp_path)
    about(problems, "the desk has no account")
    broken = checked(None, network=False, data_dir=tmp_path, store={"url": "sqlite:////dev/null/x.db"})
    assert about(broken, "cannot be used").severity == "error"
    assert broken[0].severity == "error"


def test_who_checks_first_has_a_closed_office_too(tmp_path: Path) -> None:
    """A folder of dropped letters is looked at before the office's own, in which it lies."""
    office = tmp_path / "var"
    communes = {"channel": "folder"}
    checked(None, network=False, data_dir=office, drop_folder=office / "dropped", communes=communes)
    assert (office / "dropped").is_dir()
    assert office.stat().st_mode & 0o777 == 0o700


def delivery(**changes: Any) -> Delivery:
    fields = {
        "key": "referral 1",
        "kind": "referral",
        "recipient": "so@example.vn",
        "subject": "Phiếu chuyển",
        "message_id": "<1@example.vn>",
        "message": b"",
        "queued_at": NOW,
        "next_attempt_at": NOW,
    }
    return Delivery(**(fields | changes))


def source(**changes: Any) -> Source:
    fields = {
        "key": "to-bao feed http://127.0.0.1:1/feed",
        "outlet_key": "to-bao",
        "outlet_name": "Tờ báo thử",
        "kind": "feed",
        "url": "http://127.0.0.1:1/feed",
        "last_polled_at": NOW,
        "last_ok_at": NOW,
        "last_new_at": NOW,
    }
    return Source(**(fields | changes))


def stage_run(finished_at: datetime) -> StageRun:
    return StageRun(stage="crawl", started_at=finished_at, finished_at=finished_at, counts={}, failures=[])


WORK: dict[str, tuple[Callable[[], Any], str | None, str, str]] = {
    "a delivery given up": (
        lambda: delivery(state="quarantined", attempts=10, last_error="550 no such user"),
        "error",
        "delivery 1 to so@example.vn was given up after 10 tries: 550 no such user",
        "send it again at the desk",
    ),
    "a delivery that is tried again": (
        lambda: delivery(state="retry", attempts=3, last_error="421 busy"),
        "warning",
        "delivery 1 to so@example.vn has failed 3 times: 421 busy",
        "the next try is at 2026-11-22 09:00",
    ),
    "a delivery not yet tried": (lambda: delivery(), None, "", ""),
    "a source that fails": (
        lambda: source(failures=3, last_error="404"),
        "warning",
        "source http://127.0.0.1:1/feed of Tờ báo thử has failed 3 times in a row: 404",
        "dansinh sources find",
    ),
    "a source that failed twice": (lambda: source(failures=2), None, "", ""),
    "a source that is silent": (
        lambda: source(last_new_at=NOW - timedelta(hours=49)),
        "warning",
        "has named nothing new since 2026-11-20 08:00",
        "look at http://127.0.0.1:1/feed",
    ),
    "a source that never named anything": (
        lambda: source(last_new_at=None),
        "warning",
        "has named nothing new ever",
        "dansinh sources find",
    ),
    "a source not yet polled": (
        lambda: source(last_new_at=None, last_polled_at=None, last_ok_at=None),
        None,
        "",
        "",
    ),
    "a source given up": (
        lambda: source(failures=9, paused_at=NOW, next_poll_at=NOW + timedelta(days=7), last_error="404"),
        "warning",
        "is paused: it has failed 9 times in a row: 404",
        "`dansinh sources resume http://127.0.0.1:1/feed` asks it now, else it is tried on 2026-11-29 09:00",
    ),
    "a layout that has changed": (
        lambda: source(layout_changed_at=NOW),
        "warning",
        "has a new layout since 2026-11-22 09:00",
        "dansinh sources test http://127.0.0.1:1/feed",
    ),
    "a source no longer configured": (
        lambda: source(url="http://127.0.0.1:1/old", key="old", failures=9),
        None,
        "",
        "",
    ),
    "a cron that stopped": (
        lambda: stage_run(NOW - timedelta(hours=25)),
        "warning",
        "no stage has done anything since 2026-11-21 08:00",
        "cron calls `dansinh run`",
    ),
    "a cron that runs": (lambda: stage_run(NOW - timedelta(hours=23)), None, "", ""),
}


@pytest.mark.parametrize("case", WORK)
def test_what_has_piled_up(sqlite_store: Store, case: str) -> None:
    make, severity, what, remedy = WORK[case]
    add(sqlite_store, account())
    add(sqlite_store, make())
    office = settings(crawler=crawler(outlet("http://127.0.0.1:1", "/feed")))
    with sqlite_store.read() as session:
        problems = list(check_work(session, office, NOW))
    if severity is None:
        assert problems == []
        return
    (problem,) = problems
    assert problem.severity == severity
    assert what in problem.what
    assert remedy in problem.remedy


def test_a_desk_without_an_active_account(sqlite_store: Store) -> None:
    retired = account()
    retired.active = False
    add(sqlite_store, retired)
    with sqlite_store.read() as session:
        (problem,) = check_work(session, settings(), NOW)
    assert "the desk has no account" in problem.what
    assert "dansinh desk --add-user" in problem.remedy


def test_the_command_prints_sentences_and_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DANSINH_DATABASE_URL", raising=False)
    monkeypatch.delenv("DANSINH_SMTP_PASSWORD", raising=False)
    shipped = Path(__file__).parents[3] / "config.yaml"
    config = tmp_path / "config.yaml"
    config.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    call = ["check", "--offline", "--config", str(config), "--now", "2026-11-22T09:00"]

    told = CliRunner().invoke(main, call)
    assert told.exit_code == 1
    assert "DANSINH_SMTP_PASSWORD" in told.stdout
    assert "topics 'housing', 'traffic' are referred to no agency from 2027-03-01" in told.stdout

    given = CliRunner().invoke(main, [*call, "--json"])
    problems = json.loads(given.stdout)
    assert {"severity", "what", "remedy"} == set(problems[0])
    assert {problem["severity"] for problem in problems} == {"error", "warning"}
