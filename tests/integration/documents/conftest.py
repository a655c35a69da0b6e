"""An invented office with an invented small press, on a real SQLite file."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL
from pipeline.documents.issuing import Head
from pipeline.documents.report import Period
from pipeline.settings import Settings
from store import Store
from store.history import record
from store.models import Article, Finding, Issue, IssueArticle, Referral, Reply, Source

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=LOCAL)
DAY = date(2026, 11, 20)
SINCE = NOW - timedelta(hours=24)
HEAD = Head(
    layout="state",
    parent="Thành ủy Sông Mẫu",
    office="Ban Tuyên giáo và Dân vận Thành ủy Sông Mẫu",
    number="Số: 7/BT-BTGDV",
    place="Sông Mẫu",
    day=DAY,
    signer_post="Trưởng ban",
    copies=("- Lưu: VT, Phòng Nghiệp vụ.",),
)
OUTLETS = {"song-mau": "Báo Sông Mẫu", "ben-cau": "Tin Bến Cầu"}
BODY = (
    "Con đường vào xóm dài gần một cây số. Ổ gà nối nhau suốt ba tháng nay. "
    "Bà con đã nhiều lần kiến nghị mà chưa được giải quyết. Trời mưa thì không ai dám đi. "
    "Trường học ở ngay cuối đường."
)


def evidence_of(body: str, *phrases: str) -> list[dict[str, Any]]:
    return [
        {
            "field": "body",
            "start": body.index(phrase),
            "end": body.index(phrase) + len(phrase),
            "text": phrase,
            "why": f"dấu hiệu kiến nghị: {phrase}",
        }
        for phrase in phrases
    ]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": tmp_path,
            "office": {
                "name": "Ban Tuyên giáo và Dân vận Thành ủy Sông Mẫu",
                "parent": "Thành ủy Sông Mẫu",
                "place": "Sông Mẫu",
                "province": "01",
                "symbol": "PC-BTGDV",
                "signer_post": "Trưởng ban",
                "contact_unit": "Phòng Nghiệp vụ",
                "telephone": "024 0000 0000",
                "email": "nghiepvu@ban.example.vn",
            },
            "crawler": {
                "contact": "nghiepvu@ban.example.vn",
                "outlets": [
                    {
                        "key": key,
                        "name": name,
                        "kind": "newspaper",
                        "home": f"https://{key}.example.vn",
                        "sources": [{"kind": "feed", "url": f"https://{key}.example.vn/rss"}],
                    }
                    for key, name in OUTLETS.items()
                ],
            },
            "programmes": [
                {
                    "key": "ct-2026",
                    "kind": "chương trình",
                    "name": "Chương trình phối hợp giai đoạn 2026-2030",
                    "number": "05-CTr/BTGDV",
                    "basis": ["Quyết định 238-QĐ/TW ngày 30/9/2020"],
                    "parties": ["Ban Tuyên giáo và Dân vận", "Ủy ban nhân dân"],
                    "contents": [
                        {"number": 1, "text": "Thông tin về chủ trương và kết quả"},
                        {
                            "number": 3,
                            "text": "Tham mưu giải quyết vấn đề nổi lên được dư luận quan tâm",
                            "covers_referrals": True,
                        },
                    ],
                    "deadlines": {2: 5, 3: 3, 4: 1},
                    "valid_from": "2026-01-01",
                }
            ],
            "agencies": [
                {
                    "key": "xay-dung",
                    "name": "Sở Xây dựng",
                    "leader_post": "Giám đốc Sở",
                    "contact_unit": "Văn phòng Sở Xây dựng",
                    "email": "soxd@so.example.vn",
                    "valid_from": "2025-07-01",
                }
            ],
            "communes": {"email": "ubnd-{code}@xa.example.vn"},
            "routes": [
                {"topic": "traffic", "lead": "xay-dung", "co": ["commune"], "valid_from": "2025-07-01"}
            ],
            "mail": {
                "host": "127.0.0.1",
                "port": 2525,
                "sender": "dansinh@ban.example.vn",
                "sender_name": "Ban Tuyên giáo và Dân vận",
            },
            "digest": {"recipients": ["lanhdao@ban.example.vn"]},
        }
    )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once; a copy of the file is much faster than another migration."""
    folder = tmp_path_factory.mktemp("migrated")
    store = Store("sqlite:///dansinh.db", folder)
    store.migrate()
    store.close()
    return folder / "dansinh.db"


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Iterator[Store]:
    shutil.copy(empty_database, tmp_path / "dansinh.db")
    store = Store("sqlite:///dansinh.db", tmp_path)
    yield store
    store.close()


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.begin() as session:
        yield session


def days_from(start: date, end: date) -> Period:
    return Period("days", "days", "từ ngày đến ngày", start, end)


class Press:
    """Puts invented articles, issues and what happened to them into the store."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numbers = count(1)
        self.source = self.add_source("song-mau", "Báo Sông Mẫu")

    def add_source(self, outlet_key: str, outlet_name: str, **columns: Any) -> Source:
        url = columns.pop("url", f"https://{outlet_key}.example.vn/rss")
        columns = {"last_ok_at": NOW, "last_new_at": NOW, "failures": 0} | columns
        return self._add(
            Source(
                key=f"{outlet_key} feed {url}",
                outlet_key=outlet_key,
                outlet_name=outlet_name,
                kind="feed",
                url=url,
                **columns,
            )
        )

    def add_article(self, seen_at: datetime = NOW - timedelta(hours=2), **columns: Any) -> Article:
        number = next(self._numbers)
        outlet_key = columns.pop("outlet_key", "song-mau")
        found = {"kind": "concern", "score": 0.9, "topic": "traffic", "urgency": 2, "restricted": False}
        found |= columns.pop("finding", {})
        body = columns.pop("body", BODY)
        evidence = evidence_of(body, "nhiều lần kiến nghị") if body == BODY else []
        article = self._add(
            Article(
                canonical_url=f"https://{outlet_key}.example.vn/{number}",
                url=f"https://{outlet_key}.example.vn/{number}",
                source_id=self.source.id,
                outlet_key=outlet_key,
                outlet_name=OUTLETS[outlet_key],
                title=columns.pop("title", f"Đường xóm {number} hỏng ba tháng chưa sửa"),
                body=body,
                published_at=columns.pop("published_at", seen_at),
                first_seen_at=seen_at,
                text_hash=str(number),
                **columns,
            )
        )
        finding = {"topics": [], "places": [], "evidence": evidence, "text_hash": str(number), "tagger": "t"}
        self._add(Finding(article_id=article.id, tagged_at=seen_at, **(finding | found)))
        return article

    def add_issue(
        self, articles: int = 1, detected_at: datetime = NOW - timedelta(hours=2), **columns: Any
    ) -> Issue:
        """An issue with `articles` articles of one outlet, all seen when it was detected."""
        columns = {"kind": "concern", "topic": "traffic", "urgency": 2, "state": "detected"} | columns
        place = {"province_code": "01", "commune_code": "00004", "place_name": "Phường Ba Đình"}
        issue = self._add(
            Issue(
                title=columns.pop("title", f"Vấn đề số {next(self._numbers)}"),
                commune_candidates=columns.pop("commune_candidates", []),
                score=0.9,
                first_seen_at=detected_at,
                last_seen_at=detected_at,
                detected_at=detected_at,
                edited=[],
                **(place | columns),
            )
        )
        for _ in range(articles):
            self.join(issue, self.add_article(detected_at), at=detected_at)
        return issue

    def join(
        self, issue: Issue, article: Article, *, role: str = "report", at: datetime = NOW - timedelta(hours=1)
    ) -> None:
        self._add(
            IssueArticle(issue_id=issue.id, article_id=article.id, role=role, similarity=0.9, joined_at=at)
        )
        self.session.refresh(issue)

    def refer(self, issue: Issue, **columns: Any) -> Referral:
        sent_at = columns.get("sent_at", NOW - timedelta(days=1))
        columns = {
            "round": 1,
            "agency_key": "xay-dung",
            "agency_name": "Sở Xây dựng",
            "role": "lead",
            "state": "sent",
            "number": next(self._numbers),
            "number_year": 2026,
            "deadline_at": NOW + timedelta(days=30),
            "statutory": [],
            "approved_at": sent_at,
            "sent_at": sent_at,
        } | columns
        referral = self._add(
            Referral(
                issue_id=issue.id,
                programme_key="ct-2026",
                rule="Giao thông, toàn địa bàn: Sở Xây dựng chủ trì",
                request="Đề nghị kiểm tra, xử lý và trả lời bằng văn bản.",
                basis="Chương trình số 05-CTr/BTGDV “Chương trình phối hợp giai đoạn 2026-2030”",
                drafted_at=sent_at,
                **columns,
            )
        )
        self.session.refresh(issue)
        return referral

    def reply(self, referral: Referral, *, at: datetime = NOW - timedelta(hours=1)) -> Reply:
        reply = self._add(
            Reply(
                referral_id=referral.id,
                received_at=at,
                recorded_at=at,
                document_number="77/SXD-QLĐB",
                text="Sẽ vá mặt đường trước ngày 30/11/2026.",
            )
        )
        referral.state = "answered"
        self.session.flush()
        self.session.refresh(referral)
        return reply

    def give_back(self, reply: Reply) -> None:
        """The analyst returns the reply: it is no answer."""
        reply.judgement, reply.referral.state = "returned", "returned"
        self.session.flush()

    def event(
        self,
        thing: Issue | Referral,
        action: str,
        at: datetime = NOW - timedelta(hours=1),
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        entity = "issue" if isinstance(thing, Issue) else "referral"
        record(
            self.session, at=at, actor="t", entity=entity, entity_id=thing.id, action=action,
            before=before, after=after,
        )  # fmt: skip
        self.session.flush()

    def become(self, issue: Issue, state: str, at: datetime = NOW - timedelta(hours=1)) -> None:
        """A change of state, told as the history tells it."""
        before, issue.state = {"state": issue.state}, state
        self.event(issue, state, at, before=before, after={"state": state})

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row


@pytest.fixture
def press(session: Session) -> Press:
    return Press(session)
