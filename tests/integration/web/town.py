"""A desk over a small invented store: two problems, one with evidence, accounts for every role."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from pydantic import create_model
from starlette.applications import Starlette

from crawler.settings import OutletSettings
from pipeline.settings import Settings
from store import Store
from store.models import (
    Article,
    ArticleVersion,
    Delivery,
    Digest,
    Finding,
    Issue,
    IssueArticle,
    Referral,
    Reply,
    Source,
)
from tests.office import OFFICE, at
from web.accounts import add_user
from web.app import create_app
from web.permissions import AGENCY, ROLES
from web.settings import DeskSettings

DATABASE = "desk.db"
NOW = at("2026-11-20 09:00")
PASSWORD = "mat-khau-thu-nghiem"
OWN_AGENCY = "so-nnmt"
"""whose account has role agency"""
POST = {role: f"Chức danh thử {role}" for role in ROLES}
LANDFILL = "Bãi rác bốc mùi ở phường thử nghiệm (tin bịa để kiểm thử)"
BODY = "Theo cư dân, mùi hôi kéo dài.\nHọ đã nhiều lần kiến nghị nhưng chưa ai trả lời.\nĐây là bài bịa."


def desk_settings(data_dir: Path, **desk: Any) -> Settings:
    model = create_model("OfficeSettings", __base__=Settings, desk=(DeskSettings, DeskSettings()))
    return model.model_validate(OFFICE | {"data_dir": data_dir, "desk": desk})


@dataclass
class MovableClock:
    """Stands still until a test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Town:
    store: Store
    settings: Settings
    clock: Any = field(default_factory=MovableClock)
    _serial: int = 0

    @property
    def app(self) -> Starlette:
        return create_app(self.store, self.settings, self.clock)

    def add_accounts(self) -> None:
        for role in ROLES:
            agency = OWN_AGENCY if role == AGENCY else None
            add_user(self.store, self.clock, f"tai-khoan-{role}", POST[role], role, PASSWORD, agency)

    def serial(self) -> int:
        self._serial += 1
        return self._serial

    def issue(self, *, title: str = LANDFILL, articles: int = 1, **columns: Any) -> int:
        """A detected issue with its articles and findings."""
        defaults: dict[str, Any] = {
            "title": title,
            "topic": "environment",
            "urgency": 3,
            "province_code": "31",
            "commune_code": None,
            "commune_candidates": [],
            "place_name": "Thành phố Hải Phòng",
            "score": 0.9,
            "first_seen_at": NOW - timedelta(hours=3),
            "last_seen_at": NOW - timedelta(hours=1),
            "detected_at": NOW - timedelta(hours=1),
            "edited": [],
        }
        with self.store.begin() as session:
            issue = Issue(**(defaults | columns))
            session.add(issue)
            source = self._source()
            session.add(source)
            session.flush()
            for _ in range(articles):
                article = self._article(source.id)
                article.finding = _finding(article)
                session.add(article)
                session.flush()
                session.add(
                    IssueArticle(
                        issue_id=issue.id, article_id=article.id, role="report", similarity=1.0, joined_at=NOW
                    )
                )
            return issue.id

    def article(self, issue_id: int, **columns: Any) -> None:
        """Changes the first article of an issue."""
        with self.store.begin() as session:
            issue = session.get_one(Issue, issue_id)
            article = issue.articles[0].article
            for name, value in columns.items():
                setattr(article, name, value)
            article.finding = _finding(article) if article.finding is None else article.finding

    def version(self, title: str) -> ArticleVersion:
        """What an article said before; to be given to one."""
        before = NOW - timedelta(hours=2)
        return ArticleVersion(
            title=title, published_at=before, text_hash="x", seen_at=before, replaced_at=NOW
        )

    def referral(self, issue_id: int, **columns: Any) -> int:
        defaults: dict[str, Any] = {
            "issue_id": issue_id,
            "agency_key": f"so-{self.serial()}",
            "agency_name": "Sở Nông nghiệp và Môi trường",
            "role": "lead",
            "programme_key": "ct-2026",
            "rule": "Môi trường, toàn địa bàn",
            "request": "Đề nghị kiểm tra, trả lời.",
            "basis": "Chương trình phối hợp thử nghiệm",
            "statutory": [],
            "drafted_at": NOW,
        }
        with self.store.begin() as session:
            referral = Referral(**(defaults | columns))
            session.add(referral)
            session.flush()
            return referral.id

    def sent_referral(self, issue_id: int, **columns: Any) -> int:
        sent = {
            "state": "sent",
            "number": self.serial(),
            "number_year": 2026,
            "approved_at": NOW - timedelta(days=3),
            "sent_at": NOW - timedelta(days=3),
            "deadline_at": NOW + timedelta(days=10),
        }
        return self.referral(issue_id, **(sent | columns))

    def delivery(self, referral_id: int | None, **columns: Any) -> int:
        n = self.serial()
        defaults: dict[str, Any] = {
            "key": f"thu {n}",
            "kind": "referral",
            "referral_id": referral_id,
            "recipient": "so-nnmt@example.vn",
            "subject": f"Phiếu chuyển thử {n}",
            "message_id": f"<{n}@example.vn>",
            "message": b"x" * 100,
            "queued_at": NOW,
            "next_attempt_at": NOW,
        }
        with self.store.begin() as session:
            delivery = Delivery(**(defaults | columns))
            session.add(delivery)
            session.flush()
            return delivery.id

    def reply(self, referral_id: int, text: str) -> int:
        with self.store.begin() as session:
            reply = Reply(referral_id=referral_id, received_at=NOW, recorded_at=NOW, text=text)
            session.add(reply)
            session.flush()
            return reply.id

    def source(self, name: str = "Báo Thử Nghiệm", path: str = "", **columns: Any) -> None:
        """A source that the configuration names, while the desk is running: its settings are else frozen."""
        n = self.serial()
        url = f"http://127.0.0.1/{path}{n}.xml"
        outlet = {"key": f"bao-{n}", "name": name, "kind": "newspaper", "home": "http://127.0.0.1/"}
        added = OutletSettings.model_validate(outlet | {"sources": [{"kind": "feed", "url": url}]})
        crawler = self.settings.crawler
        crawler.__dict__["outlets"] = (*crawler.outlets, added)
        with self.store.begin() as session:
            source = self._source()
            for column, value in ({"url": url, "key": f"bao-{n} feed {url}"} | columns).items():
                setattr(source, column, value)
            session.add(source)

    def digest(self, html: str = "<h1>Bản tin thử</h1>") -> None:
        with self.store.begin() as session:
            session.add(Digest(day=NOW.date(), made_at=NOW, content={}, html=html))

    def get(self, model: type[Any], key: int) -> Any:
        with self.store.read() as session:
            row = session.get_one(model, key)
            session.expunge(row)
            return row

    def _source(self) -> Source:
        n = self.serial()
        return Source(
            key=f"bao-thu-{n} feed",
            outlet_key="bao-thu",
            outlet_name="Báo Thử Nghiệm",
            kind="feed",
            url=f"http://127.0.0.1/{n}.xml",
            last_polled_at=NOW,
            last_ok_at=NOW,
            last_new_at=NOW,
        )

    def _article(self, source_id: int) -> Article:
        n = self.serial()
        return Article(
            canonical_url=f"http://bao.example.vn/{n}",
            url=f"http://bao.example.vn/{n}?tu=rss",
            source_id=source_id,
            outlet_key="bao-thu",
            outlet_name="Báo Thử Nghiệm",
            title=f"Tin bịa số {n} về mùi hôi",
            lead="Tóm tắt bịa để kiểm thử.",
            body=BODY,
            published_at=NOW - timedelta(hours=2),
            first_seen_at=NOW - timedelta(hours=1),
            text_hash=hashlib.sha256(BODY.encode()).hexdigest(),
        )


def _finding(article: Article) -> Finding:
    words = "nhiều lần kiến nghị"
    start = (article.body or "").find(words)
    span = {"field": "body", "start": start, "end": start + len(words), "text": words, "why": "kiến nghị lâu"}
    return Finding(
        kind="concern",
        score=0.9,
        topic="environment",
        topics=[],
        urgency=3,
        places=[],
        evidence=[span] if start >= 0 else [],
        text_hash=article.text_hash,
        tagger="thử",
        tagged_at=NOW,
    )


@contextmanager
def open_town(data_dir: Path, blank: Path | None = None, **desk: Any) -> Iterator[Town]:
    """A town in `data_dir`; `blank` is a database with the accounts in it, to be copied."""
    if blank:
        copyfile(blank, data_dir / DATABASE)
    store = Store(f"sqlite:///{DATABASE}", data_dir)
    town = Town(store, desk_settings(data_dir, **desk))
    try:
        if not blank:
            store.migrate()
            town.add_accounts()
        yield town
    finally:
        store.close()
