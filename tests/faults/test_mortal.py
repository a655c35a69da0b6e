"""Killed two hundred times while it approves, writes, sends and collects; two runners and a desk at once.

Real SMTP and IMAP servers, SQLite and PostgreSQL. At the end each letter was delivered under one identity,
each reply is kept once, numbers have no gap, and the history tells all. DANSINH_KILL_SEED picks other
moments.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import collect, deliver, refer
from pipeline.stages.sequence import run_stage
from store import Store
from store.models import Delivery, Event, ProposedReply, ReceivedMail, Referral
from tests.imap_server import PASSWORD, USER, Letterbox, letterbox
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.mails import reply
from tests.office import OFFICE, at, settings
from tests.post import Post, post_office

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

SHORT, LONG = (0.002, 0.15), (0.15, 0.6)
"""Seconds. Most lives end in their first step; some are long enough for a letter on a slow machine."""


@dataclass
class Office:
    store: Store
    settings: Settings
    post: Post
    box: Letterbox
    described: Path
    """office.json, for tests.faults.mortal"""
    town: Town
    issues: int = 0

    def add(self, number: int) -> None:
        """Confirmed issues, each with drafts to two agencies."""
        review = Review(self.store, self.settings, Watch("2026-11-20 08:00"))
        for _ in range(number):
            self.issues += 1
            review.confirm(self.town.issue(f"Bãi rác số {self.issues}"), "analyst:a")

    @contextmanager
    def mortal(self) -> Iterator["subprocess.Popen[str]"]:
        command = [sys.executable, "-W", "ignore", "-m", "tests.faults.mortal", str(self.described)]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DANSINH_IMAP_PASSWORD": PASSWORD},
        ) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            assert process.stdout.readline() == "ready\n"
            yield process
            process.stdin.close()


def tell(process: "subprocess.Popen[str]", order: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{order}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def slow_to_say_yes(command: str, _recipient: str) -> None:
    """So that kills fall also where the message has been taken and the answer has not been heard."""
    if command == "DATA":
        time.sleep(0.03)


def life(moments: random.Random) -> float:
    return moments.uniform(*(SHORT if moments.random() < 0.7 else LONG))


class Answering(list[tuple[str, bytes]]):
    """What the mail server takes; each message is answered once, by mail, also where it comes again."""

    def __init__(self, box: Letterbox) -> None:
        self._box = box
        self._answered: set[bytes] = set()

    def append(self, item: tuple[str, bytes]) -> None:
        super().append(item)
        sender, message = item
        if message not in self._answered:
            self._answered.add(message)
            own = f"<tra-loi-{len(self._answered)}@so.example.vn>"
            self._box.put(
                reply(message_id_of(message), sender=sender, message_id=own), at("2026-11-20 09:30")
            )


def message_id_of(message: bytes) -> str:
    return message.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()


@contextmanager
def office(store: Store, folder: Path, issues: int) -> Iterator[Office]:
    """Its agencies answer each letter by mail at once."""
    with post_office(slow_to_say_yes) as post, letterbox(folder / "imap") as box:
        sections: dict[str, Any] = {
            "mail": OFFICE["mail"] | {"port": post.port, "max_attempts": 1000},
            "inboxes": [{"host": "127.0.0.1", "port": box.port, "security": "none", "username": USER}],
        }
        described = folder / "office.json"
        plain = OFFICE | sections
        described.write_text(
            json.dumps({"url": store.url, "data_dir": str(store.data_dir), "settings": plain}),
            encoding="utf-8",
        )
        made = settings(**sections)
        post.taken = Answering(box)
        opened = Office(store, made, post, box, described, Town(store))
        opened.add(issues)
        yield opened


def check(office: Office, *, tried_once: bool = True) -> int:
    """All that must hold, whatever happened; how many messages came more than once."""
    letters = 2 * office.issues
    with office.store.read() as session:
        deliveries = list(session.scalars(select(Delivery)))
        referrals = list(session.scalars(select(Referral).order_by(Referral.number)))
        assert [referral.number for referral in referrals] == list(range(1, letters + 1))
        assert {referral.state for referral in referrals} == {"sent"}
        assert Counter(one.state for one in deliveries) == {"sent": letters}
        copies: dict[str, set[bytes]] = {}
        for _recipient, message in office.post.taken:
            copies.setdefault(message_id_of(message), set()).add(message)
        assert sorted(copies) == sorted(one.message_id for one in deliveries), "lost, or under two identities"
        assert all(len(kept) == 1 for kept in copies.values()), "one identity, two messages"
        assert sorted(session.scalars(select(ProposedReply.referral_id))) == [
            one.id for one in sorted(referrals, key=lambda one: one.id)
        ]
        assert Counter(session.scalars(select(ReceivedMail.kind))) == {"reply": letters}
        _check_history(session, referrals, deliveries, tried_once=tried_once)
    _check_that_nobody_changes_it(office.store)
    for referral in referrals:
        assert referral.letter_path is not None
        assert (office.store.data_dir / referral.letter_path).is_file()
    return len(office.post.taken) - len(copies)


def _check_history(
    session: Session, referrals: list[Referral], deliveries: list[Delivery], *, tried_once: bool
) -> None:
    told = Counter(session.execute(select(Event.entity, Event.entity_id, Event.action)).all())
    for referral in referrals:
        for action in ("drafted", "approved", "sent", "reply_proposed"):
            assert told["referral", referral.id, action] == 1, action
    for delivery in deliveries:
        for action in ("queued", "sending", "sent") if tried_once else ("queued", "sent"):
            assert told["delivery", delivery.id, action] == 1, action


def _check_that_nobody_changes_it(store: Store) -> None:
    for statement in (update(Event).values(actor="x"), delete(Event)):
        with pytest.raises(DBAPIError, match="append-only"), store.begin() as session:
            session.execute(statement)


@pytest.mark.parametrize(("database", "kills", "issues"), [("sqlite", 200, 4), ("postgres", 40, 2)])
def test_kills(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, kills: int, issues: int
) -> None:
    store: Store = request.getfixturevalue(f"{database}_store")
    seed = int(os.environ.get("DANSINH_KILL_SEED", "20261122"))
    moments = random.Random(seed)
    killed = 0
    with office(store, tmp_path, issues) as made, made.mortal() as process:
        while killed < kills:
            if tell(process, f"work {life(moments)}") == "killed":
                killed += 1
            else:
                made.add(2)  # all was done: a kill of one that is idle would prove nothing
        for _ in range(4):  # written, sent, answered, collected: in whichever order stages come
            assert tell(process, "work") == "0"
        twice = check(made)
    print(f"{killed} kills over {2 * made.issues} letters; {twice} came again as they were; seed {seed}")  # noqa: T201


def test_two_runners_and_a_desk_at_once(store: Store, tmp_path: Path) -> None:
    """While both run, the desk approves, judges and asks for what is stuck; nothing goes out twice."""
    with office(store, tmp_path, 4) as made, made.mortal() as one, made.mortal() as other:
        runners = [Runner(one), Runner(other)]
        for runner in runners:
            runner.start()
        review = Review(store, made.settings, Watch("2026-11-20 08:30"))
        with store.read() as session:
            drafted = list(session.scalars(select(Referral.id).order_by(Referral.id)))
        for referral_id in drafted:
            review.approve(referral_id, "lead:b")
        until = time.monotonic() + 60
        while time.monotonic() < until and not _all_answered(store, len(drafted)):
            time.sleep(0.05)
        for runner in runners:
            runner.finish()
        assert {status for runner in runners for status in runner.statuses} == {"0"}
        assert check(made) == 0, "nobody was killed: each message once"


class Runner(threading.Thread):
    """Calls for runs, one after the other, until it is told to finish."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        super().__init__(daemon=True)
        self._process = process
        self._go_on = True
        self.statuses: list[str] = []

    def run(self) -> None:
        while self._go_on:
            self.statuses.append(tell(self._process, "run"))

    def finish(self) -> None:
        self._go_on = False
        self.join(30)


def _all_answered(store: Store, letters: int) -> bool:
    with store.read() as session:
        return len(session.scalars(select(ProposedReply.id)).all()) == letters


def test_a_clock_that_jumps(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine's clock that is set forth and back by years loses no letter and no reply."""
    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", PASSWORD)
    jumps = random.Random(5)

    def clock() -> datetime:
        return at("2026-11-20 09:00") + timedelta(days=jumps.uniform(-700, 700))

    with office(sqlite_store, tmp_path, 2) as made:
        review = Review(sqlite_store, made.settings, Watch("2026-11-20 08:30"))
        with sqlite_store.read() as session:
            drafted = list(session.scalars(select(Referral.id)))
        for referral_id in drafted:
            review.approve(referral_id, "lead:b")
        away = made.settings.model_copy(update={"mail": made.settings.mail.model_copy(update={"port": 9})})
        for attempt in range(12):
            for stage in (refer, deliver, collect):
                stage.run(sqlite_store, away if attempt < 4 else made.settings, clock, quiet)
        check(made, tried_once=False)


def test_a_disk_that_fills(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database may grow no more, by SQLite's own limit: stages say so, and go on once there is room."""
    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", PASSWORD)
    clock: Any = Watch("2026-11-20 09:00")
    with office(sqlite_store, tmp_path, 3) as made:
        review = Review(sqlite_store, made.settings, clock)
        with sqlite_store.read() as session:
            drafted = list(session.scalars(select(Referral.id)))
        for referral_id in drafted:
            review.approve(referral_id, "lead:b")
        failed = set()
        for spare_pages in (0, 20, 40, 60, 80, 100, 1_000_000):
            with room_for(sqlite_store, spare_pages):
                for name, stage in (("refer", refer.run), ("deliver", deliver.run), ("collect", collect.run)):
                    summary = run_stage(name, stage, sqlite_store, made.settings, clock, quiet)
                    failed |= {(name, failure.remedy[:10]) for failure in summary.failures}
        for _ in range(2):
            for stage in (refer, deliver, collect):
                stage.run(sqlite_store, made.settings, clock, quiet)
        check(made, tried_once=False)
        assert ("refer", "free space") in failed
        assert {name for name, _ in failed} > {"refer"}, "the disk was full at more than one place"


@contextmanager
def room_for(store: Store, pages: int) -> Iterator[None]:
    """So many more pages than now."""
    store.engine.dispose()

    def limit(connection: Any, _record: Any) -> None:
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {used + pages}")

    event.listen(store.engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(store.engine, "connect", limit)
        store.engine.dispose()
