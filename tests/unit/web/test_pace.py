"""Counting what may be asked so often, in several processes at once."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.requests import Request

from web.callers import caller
from web.pace import FILE, WINDOW, Pace

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_so_many_are_admitted_in_a_window_and_no_more(tmp_path: Path) -> None:
    pace = Pace(tmp_path, "forms", 3)
    moments = [NOW + timedelta(minutes=minutes) for minutes in (0, 5, 10, 14)]
    assert [pace.admits("a", moment) for moment in moments] == [True, True, True, False]
    assert pace.admits("b", NOW)
    assert Pace(tmp_path, "views", 3).admits("a", NOW)
    assert pace.admits("a", NOW + WINDOW), "the first is forgotten"
    assert not pace.admits("a", NOW + WINDOW), "the others are not"


def test_processes_count_together(tmp_path: Path) -> None:
    """Each call has a connection of its own, as another process has."""
    admitted: list[bool] = []

    def ask() -> None:
        admitted.extend(Pace(tmp_path, "forms", 20).admits("a", NOW) for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(admitted), sum(admitted)) == (40, 20)


def test_what_another_clock_counted_shuts_nobody_out(tmp_path: Path) -> None:
    pace = Pace(tmp_path, "forms", 1)
    assert pace.admits("a", NOW + timedelta(days=40))
    assert pace.admits("a", NOW)


def test_nobody_is_named_in_the_file(tmp_path: Path) -> None:
    Pace(tmp_path, "open311", 3).admits("203.0.113.7", NOW)
    assert b"203.0.113.7" not in (tmp_path / FILE).read_bytes()
    with sqlite3.connect(tmp_path / FILE) as kept:
        assert kept.execute("SELECT times FROM seen").fetchall() == [(1,)]
    kept.close()


def test_a_torn_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"torn" * 2000)
    pace = Pace(tmp_path, "forms", 1)
    assert [pace.admits("a", NOW) for _ in range(3)] == [True, True, False]


def test_where_nothing_can_be_counted_the_page_goes_on(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert Pace(tmp_path, "forms", 0).admits("a", NOW)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("testclient", "", False),
    ],
)
def test_an_ipv6_line_is_one_caller_whatever_address_it_takes(one: str, other: str, same: bool) -> None:
    asking = [Request({"type": "http", "client": (host, 1) if host else None}) for host in (one, other)]
    first, second = map(caller, asking)
    assert (first == second) == same
