"""Killing `dansinh run` at random moments loses nothing and sends no mail twice.

The real command runs over the demo's invented town, with real HTTP and SMTP servers in this process, and
is killed with SIGKILL again and again. What the store holds when a run at last comes to its end must be
what an undisturbed run leaves. DANSINH_KILL_SEED picks other moments.
"""

import email
import email.policy
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.demo.serve import serving
from store import Store
from store.models import Article, Delivery, Digest, Event, Finding, Issue, IssueArticle, Link, Referral
from tests.office import at

KILLS = 50
NOW = "2026-11-16 07:30"
MOST_STARTS = 400
"""A run that never comes to its end is a failure, not an endless test."""

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]


@dataclass
class Office:
    """A folder with its own config.yaml and store, reading the one town."""

    folder: Path
    mails: Path
    began: float
    """time.monotonic() when its clock showed NOW"""

    def start(self) -> subprocess.Popen[bytes]:
        command = "from pipeline.cli import main; main()"
        now = at(NOW) + timedelta(seconds=time.monotonic() - self.began)
        arguments = ["run", "--config", str(self.folder / "config.yaml"), "--now", now.isoformat()]
        return subprocess.Popen(
            [sys.executable, "-c", command, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
        )

    def run_to_the_end(self) -> None:
        with self.start() as process:
            assert process.wait(timeout=120) == 0

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
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The folder with the town's config.yaml, and where its mail server keeps what it gets."""
    folder = tmp_path_factory.mktemp("town")
    with serving(folder, lambda: at(NOW), auto=True) as (config, _, mailbox):
        yield config, mailbox.folder


def office(town: tuple[Path, Path], folder: Path) -> Office:
    config, mails = town
    folder.mkdir()
    shutil.copy(config, folder / "config.yaml")
    return Office(folder, mails, time.monotonic())


def mails_of(office: Office, message_ids: list[str]) -> dict[str, set[bytes]]:
    """The different bodies of message that arrived under each identity."""
    kept: dict[str, set[bytes]] = {message_id: set() for message_id in message_ids}
    for path in office.mails.glob("*.eml"):
        content = path.read_bytes()
        message_id = email.message_from_bytes(content, policy=email.policy.default)["Message-ID"].strip()
        if message_id in kept:
            kept[message_id].add(content)
    return kept


def kill_until_done(office: Office, moments: random.Random, seconds: float, most: int) -> int:
    """Starts the run and kills it, up to `most` times, until one comes to its end; how many were killed."""
    killed = 0
    for _ in range(MOST_STARTS):
        with office.start() as process:
            if killed < most:
                try:
                    process.wait(timeout=moments.uniform(0.4, seconds))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    killed += 1
                    continue
            assert process.wait(timeout=120) == 0
            return killed
    pytest.fail(f"not done after {MOST_STARTS} starts")


def test_fifty_kills_change_nothing(town: tuple[Path, Path], tmp_path: Path) -> None:
    seed = int(os.environ.get("DANSINH_KILL_SEED", "20261122"))
    moments = random.Random(seed)
    undisturbed = office(town, tmp_path / "undisturbed")
    started = time.monotonic()
    undisturbed.run_to_the_end()
    seconds = time.monotonic() - started
    expected = undisturbed.state()
    assert expected["referrals"], "the town must give the run something to send"
    identities = expected.pop("message_ids")
    assert all(len(kept) == 1 for kept in mails_of(undisturbed, identities).values())

    killed = rounds = 0
    while killed < KILLS:
        rounds += 1
        disturbed = office(town, tmp_path / f"disturbed-{rounds}")
        killed += kill_until_done(disturbed, moments, 0.5 * seconds, KILLS - killed)
        found = disturbed.state()
        identities = found.pop("message_ids")
        for name, value in expected.items():
            assert difference(found[name], value) == [], f"{name} differ (seed {seed}, round {rounds})"
        kept = mails_of(disturbed, identities)
        assert all(len(bodies) == 1 for bodies in kept.values()), f"mail lost or changed (seed {seed})"
    print(f"{killed} kills in {rounds} rounds, seed {seed}")  # noqa: T201 - shown with -s
