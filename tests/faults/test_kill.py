"""Killing `dansinh run` at random moments loses nothing and sends no mail twice.

The real command runs over the demo's invented town, with real HTTP and SMTP servers in this process, and
is killed with SIGKILL again and again: some lives begin with loading the program, the others in a process
that has loaded it. What the store holds when a run at last comes to its end must be
what an undisturbed run leaves. DANSINH_KILL_SEED picks other moments.
"""

import email
import email.policy
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.demo.mailbox import Mailbox
from pipeline.demo.office import write_config
from pipeline.demo.server import TownServers
from pipeline.demo.town import load_town
from store import Store
from store.models import Article, Delivery, Digest, Event, Finding, Issue, IssueArticle, Link, Referral
from tests.office import at

KILLS = 50
NOW = "2026-11-16 07:30"
SHORT = (0.02, 0.6)
"""seconds; most lives end within one stage, the others may last for two fifths of an undisturbed run"""
TO_THE_END = 120.0
"""seconds; a run that never comes to its end is a failure, not an endless test"""

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]


@dataclass
class Office:
    """A folder with its own config.yaml, store and mail server, reading the one town."""

    folder: Path
    mailbox: Mailbox
    began: float
    """time.monotonic() when its clock showed NOW"""

    def arguments(self) -> list[str]:
        now = at(NOW) + timedelta(seconds=time.monotonic() - self.began)
        return ["run", "--config", str(self.folder / "config.yaml"), "--now", now.isoformat()]

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", "from pipeline.cli import main; main()", *self.arguments()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
        )

    def run_to_the_end(self) -> None:
        with self.start() as process:
            assert process.wait(timeout=TO_THE_END) == 0

    def state(self) -> dict[str, Any]:
        """All that must be equal; ids and random identities are left out."""
        store = Store("sqlite:///dansinh.db", self.folder / "var")
        with store.read() as session:
            state = {
                "links": sorted(session.execute(select(Link.canonical_url, Link.state)).all()),
                "articles": sorted(
                    session.execute(
                        select(
                            Article.canonical_url, Article.text_hash, Article.title, Article.published_known
                        )
                    ).all()
                ),
                "findings": sorted(
                    session.execute(
                        select(Article.canonical_url, Finding.kind, Finding.urgency, Finding.score)
                        .join(Finding.article)
                        .where(Finding.grouped_at.is_not(None))
                    ).all()
                ),
                "issues": sorted(
                    session.execute(
                        select(
                            Issue.title, Issue.state, Issue.urgency, Article.canonical_url, IssueArticle.role
                        )
                        .join(IssueArticle, IssueArticle.issue_id == Issue.id)
                        .join(Article, IssueArticle.article_id == Article.id)
                    ).all()
                ),
                "referrals": sorted(
                    session.execute(
                        select(
                            Referral.number,
                            Issue.title,
                            Referral.agency_key,
                            Referral.role,
                            Referral.state,
                            Referral.deadline_at,
                            Referral.letter_path,
                        ).join(Referral.issue)
                    ).all()
                ),
                "deliveries": sorted(
                    session.execute(select(Delivery.recipient, Delivery.subject, Delivery.state)).all()
                ),
                "digests": [sections(digest.content) for digest in session.scalars(select(Digest))],
                "events": Counter(session.execute(select(Event.entity, Event.entity_id, Event.action)).all()),
            }
            state["message_ids"] = sorted(session.scalars(select(Delivery.message_id)))
        store.close()
        return state


def difference(found: Any, expected: Any) -> list[Any]:
    """Only what differs, for the message of a failed test."""
    if isinstance(expected, Counter):
        return [*(found - expected).items(), *(expected - found).items()]
    return [row for row in [*found, *expected] if (row in found) != (row in expected)]


def sections(content: dict[str, Any]) -> dict[str, Any]:
    """What a digest lists, without the moments at which it was made."""
    lists = ("urgent", "developing", "answered", "overdue", "due_soon", "good_examples")
    return {name: [line["title"] for line in content[name]] for name in lists}


@pytest.fixture(scope="module")
def servers() -> Iterator[TownServers]:
    """One for all offices: the addresses of the articles, ports among them, are compared."""
    with TownServers(load_town(), lambda: at(NOW)) as servers:
        yield servers


@contextmanager
def office(servers: TownServers, folder: Path) -> Iterator[Office]:
    folder.mkdir()
    with Mailbox(folder / "mails") as mailbox:
        write_config(folder, servers.town, servers.bases, mailbox.port, auto=True)
        yield Office(folder, mailbox, time.monotonic())


def check_mails(office: Office, state: dict[str, Any]) -> None:
    """Each delivery came, nothing else came, and what came twice came as the same message."""
    bodies: dict[str, set[bytes]] = {}
    addressed: dict[str, tuple[str, str]] = {}
    for path in office.mailbox.messages():
        content = path.read_bytes()
        mail = email.message_from_bytes(content, policy=email.policy.default)
        message_id = mail["Message-ID"].strip()
        bodies.setdefault(message_id, set()).add(content)
        addressed[message_id] = (mail["To"].addresses[0].addr_spec, str(mail["Subject"]))
    assert sorted(bodies) == state["message_ids"], "mail lost, or sent under an identity of its own"
    sent = sorted((recipient, subject) for recipient, subject, _ in state["deliveries"])
    assert sorted(addressed.values()) == sent
    assert [message_id for message_id, kept in bodies.items() if len(kept) != 1] == []


@contextmanager
def starter() -> Iterator["subprocess.Popen[str]"]:
    """tests.faults.starting; what it forks has nothing left to load."""
    command = [sys.executable, "-W", "ignore", "-c", "from tests.faults.starting import main; main()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert answer(process) == "ready"
        yield process
        assert process.stdin is not None
        process.stdin.close()


def answer(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def live(office: Office, starter: "subprocess.Popen[str]", seconds: float) -> bool:
    """Whether the run was killed after so many seconds; else it has come to its end."""
    assert starter.stdin is not None
    starter.stdin.write(json.dumps([seconds, *office.arguments()]) + "\n")
    starter.stdin.flush()
    ended = answer(starter)
    assert ended in {"killed", "0"}
    return ended == "killed"


def live_from_the_start(office: Office, seconds: float) -> bool:
    with office.start() as process:
        try:
            assert process.wait(timeout=seconds) == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return True
    return False


def kill_until_done(
    office: Office, starter: "subprocess.Popen[str]", moments: random.Random, longest: float, most: int
) -> int:
    """Starts the run and kills it, up to `most` times, until one comes to its end; how many were killed."""
    for killed in range(most):
        if killed % 10 == 0:
            was_killed = live_from_the_start(office, moments.uniform(0.4, longest))
        else:
            lives = SHORT if moments.random() < 0.6 else (SHORT[1], longest)
            was_killed = live(office, starter, moments.uniform(*lives))
        if not was_killed:
            return killed
    assert not live(office, starter, TO_THE_END)
    return most


def test_fifty_kills_change_nothing(servers: TownServers, tmp_path: Path) -> None:
    seed = int(os.environ.get("DANSINH_KILL_SEED", "20261122"))
    moments = random.Random(seed)
    with office(servers, tmp_path / "undisturbed") as undisturbed:
        started = time.monotonic()
        undisturbed.run_to_the_end()
        seconds = time.monotonic() - started
        expected = undisturbed.state()
        assert expected["referrals"], "the town must give the run something to send"
        check_mails(undisturbed, expected)
    del expected["message_ids"]

    killed = rounds = 0
    with starter() as process:
        while killed < KILLS:
            rounds += 1
            with office(servers, tmp_path / f"disturbed-{rounds}") as disturbed:
                killed += kill_until_done(disturbed, process, moments, 0.4 * seconds, KILLS - killed)
                found = disturbed.state()
                for name, value in expected.items():
                    assert difference(found[name], value) == [], (
                        f"{name} differ (seed {seed}, round {rounds})"
                    )
                check_mails(disturbed, found)
    print(f"{killed} kills in {rounds} rounds, seed {seed}")  # noqa: T201 - shown with -s
