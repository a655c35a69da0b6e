"""An office whose store holds what a test puts there; all texts are invented."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.demo.mailbox import Mailbox
from pipeline.settings import Settings
from store import Store
from store.models import Article, Finding, Issue, IssueArticle, Source
from tests.office import HAI_PHONG, at, settings

WARD = "11329"


class Town:
    """Puts invented articles, findings and issues into a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers = itertools.count(1)
        with store.begin() as session:
            source = Source(key="s", outlet_key="s", outlet_name="Báo S", kind="feed", url="http://s.vn/")
            session.add(source)
            session.flush()
            self._source_id = source.id

    def article(self, title: str, published: str = "2026-11-20 06:00", **columns: Any) -> int:
        number = next(self._numbers)
        values: dict[str, Any] = {
            "canonical_url": f"http://s.vn/{number}",
            "url": f"http://s.vn/{number}",
            "source_id": self._source_id,
            "outlet_key": "s",
            "outlet_name": "Báo S",
            "title": title,
            "published_at": at(published),
            "first_seen_at": at(published),
            "text_hash": f"hash-{number}",
        }
        with self._store.begin() as session:
            article = Article(**values | columns)
            session.add(article)
            session.flush()
            return article.id

    def finding(self, article_id: int, *communes: str, province: str = HAI_PHONG, **columns: Any) -> None:
        places = [
            {"code": code, "province_code": province, "name": code, "level": "commune", "as_written": code}
            for code in communes
        ]
        values: dict[str, Any] = {
            "kind": "concern",
            "score": 0.9,
            "topic": "environment",
            "topics": [],
            "urgency": 2,
            "places": places,
            "evidence": [],
            "text_hash": f"hash-{article_id}",
            "tagger": "test",
            "tagged_at": at("2026-11-20 06:30"),
        }
        with self._store.begin() as session:
            article = session.get_one(Article, article_id)
            session.add(Finding(article=article, **values | columns))

    def issue(self, title: str = "Bãi rác tự phát bốc mùi", **columns: Any) -> int:
        """A detected concern in a ward of Hải Phòng, carried by one article."""
        article_id = self.article(title)
        self.finding(article_id, WARD, grouped_at=at("2026-11-20 06:40"))
        values: dict[str, Any] = {
            "title": title,
            "topic": "environment",
            "urgency": 3,
            "province_code": HAI_PHONG,
            "commune_code": WARD,
            "commune_candidates": [],
            "place_name": "Phường thử nghiệm",
            "score": 0.9,
            "first_seen_at": at("2026-11-20 06:00"),
            "last_seen_at": at("2026-11-20 06:00"),
            "detected_at": at("2026-11-20 06:40"),
            "edited": [],
        }
        with self._store.begin() as session:
            issue = Issue(**values | columns)
            session.add(issue)
            session.flush()
            session.add(
                IssueArticle(
                    issue_id=issue.id,
                    article_id=article_id,
                    role="report",
                    similarity=1.0,
                    joined_at=at("2026-11-20 06:40"),
                )
            )
            return issue.id


@pytest.fixture
def town(sqlite_store: Store) -> Town:
    return Town(sqlite_store)


class Watch:
    """A clock that stands until it is set; stages take it for pipeline.clock.Clock."""

    def __init__(self, text: str = "2026-11-20 07:00") -> None:
        self.set(text)

    def set(self, text: str) -> None:
        self._moment = at(text)

    def __call__(self) -> datetime:
        return self._moment


@pytest.fixture
def clock() -> Watch:
    return Watch()


def quiet(_: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    """A real SMTP server; it refuses nobody@example.vn."""
    with Mailbox(tmp_path / "mails", refuse=["nobody@example.vn"]) as server:
        yield server


@pytest.fixture
def office(mailbox: Mailbox) -> Callable[..., Settings]:
    """The test office, whose mail goes to the mailbox."""

    def with_sections(**sections: Any) -> Settings:
        mail = {"port": mailbox.port} | sections.pop("mail", {})
        return settings(mail=mail, **sections)

    return with_sections
