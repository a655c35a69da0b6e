"""So much of everything: what waits, what is done, and one issue with all of it."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from pipeline.registers import REGISTERS
from store.models import (
    Article,
    ArticleVersion,
    Attachment,
    Delivery,
    Digest,
    Event,
    Finding,
    Issue,
    IssueArticle,
    Link,
    ProposedReply,
    ReceivedMail,
    Referral,
    RegisterEntry,
    Reply,
    Source,
    TimeRequest,
    Undoable,
    User,
)
from tests.integration.web.town import NOW, OWN_AGENCY, Town

MAIN = 1
"""the issue, and the referral, with so much of everything"""
EARLIER = NOW - timedelta(days=3)
COMMUNE = "11407"


class Filling:
    """Rows by number, so that what is put in a second time goes on where it ended."""

    def __init__(self, session: Session, start: int) -> None:
        self._session = session
        self._serial = count(start)

    def put(self, row: Any) -> int:
        self._session.add(row)
        self._session.flush()
        return int(row.id)

    def issue(self, **columns: Any) -> int:
        usual: dict[str, Any] = {
            "title": f"Vấn đề bịa {next(self._serial)}", "topic": "environment", "urgency": 3,
            "province_code": "31", "commune_code": COMMUNE, "commune_candidates": [], "score": 0.9,
            "place_name": "Phường bịa", "first_seen_at": EARLIER, "last_seen_at": NOW, "detected_at": EARLIER,
            "edited": [],
        }  # fmt: skip
        number = self.put(Issue(**(usual | columns)))
        self.article(number)
        return number

    def article(self, issue_id: int) -> None:
        n = next(self._serial)
        url = f"http://bao.example.vn/{n}"
        article = Article(
            canonical_url=url, url=url, source_id=1, outlet_key="bao-thu", outlet_name=f"Báo {n % 7}",
            title=f"Bài bịa {n}", lead="Tóm tắt bịa.", body="Nội dung bịa, mùi hôi.", published_at=EARLIER,
            first_seen_at=EARLIER, text_hash=str(n),
        )  # fmt: skip
        article.finding = Finding(
            kind="concern", score=0.9, topic="environment", topics=[], urgency=3, places=[], evidence=[
                {"field": "title", "start": 0, "end": 3, "text": "Bài", "why": "bịa"}
            ], text_hash=str(n), tagger="bịa", tagged_at=NOW,
        )  # fmt: skip
        article.versions = [
            ArticleVersion(
                title="Trước", published_at=EARLIER, text_hash="x", seen_at=EARLIER, replaced_at=NOW
            )
        ]
        number = self.put(article)
        self.put(
            IssueArticle(
                issue_id=issue_id, article_id=number, role="report", similarity=1.0, joined_at=EARLIER
            )
        )
        self.put(
            Link(
                source_id=1, url=url, canonical_url=url, discovered_at=NOW, state="stored", article_id=number
            )
        )

    def referral(self, issue_id: int, state: str, **columns: Any) -> int:
        n = next(self._serial)
        gone = {} if state == "drafted" else {"number": n, "number_year": 2026, "approved_at": EARLIER}
        usual: dict[str, Any] = {
            "agency_key": f"so-{n}", "agency_name": f"Sở {n}", "role": "lead", "programme_key": "ct-2026",
            "rule": "Bịa", "request": "Đề nghị trả lời.", "basis": "Bịa", "statutory": [],
            "drafted_at": EARLIER,
            "sent_at": None if state == "drafted" else EARLIER,
            "deadline_at": None if state == "drafted" else NOW - timedelta(hours=5),
        }  # fmt: skip
        return self.put(Referral(issue_id=issue_id, state=state, **(usual | gone | columns)))

    def on_referral(self, referral_id: int) -> None:
        """One of everything that can come of it."""
        n = next(self._serial)
        self.put(
            Delivery(
                key=str(n), kind="referral", referral_id=referral_id, recipient="a@example.vn",
                subject="Phiếu", message_id=str(n), message=b"x", state="quarantined", queued_at=NOW,
                next_attempt_at=NOW,
            )
        )  # fmt: skip
        reply = self.put(Reply(referral_id=referral_id, received_at=NOW, recorded_at=NOW, text="Trả lời bịa"))
        proposed = self.put(
            ProposedReply(
                referral_id=referral_id, channel="mail", external_id=str(n), origin="Bịa", received_at=NOW,
                recorded_at=NOW, text="Thư bịa", left_out=[],
            )
        )  # fmt: skip
        for held in ({"reply_id": reply}, {"proposed_reply_id": proposed}):
            self.put(Attachment(name="tep.pdf", kind="pdf", size=1, sha256=f"{n:064}", **held))
        self.put(
            TimeRequest(
                referral_id=referral_id, until=NOW.date() + timedelta(days=5), why="Bịa", asked_at=NOW
            )
        )
        self.event("referral", referral_id, "sent")
        self.event("reply", reply, "recorded")

    def event(self, entity: str, entity_id: int, action: str) -> None:
        self.put(
            Event(
                at=NOW, actor="analyst:tai-khoan-analyst", entity=entity, entity_id=entity_id, action=action,
                before={"state": "detected"}, after={"state": "confirmed", "topic": "land"}, why="Bịa",
            )
        )  # fmt: skip


def fill(town: Town, times: int) -> None:
    """Adds so much of everything; the first call makes the main issue and its referral."""
    start = town.serial() * 100_000
    with town.store.begin() as session:
        filling = Filling(session, start)
        if session.get(Issue, MAIN) is None:
            _source(filling, 0)
            assert filling.issue(state="referred", title="Vấn đề chính (bịa)") == MAIN
            assert filling.referral(MAIN, "sent", agency_key=OWN_AGENCY) == MAIN
        for n in range(times):
            _waiting(filling)
            _of_main(filling)
            _beside(filling, start + n)


def _source(filling: Filling, n: int) -> None:
    filling.put(
        Source(
            key=f"bao-{n} feed",
            outlet_key="bao-thu",
            outlet_name="Báo",
            kind="feed",
            url=f"http://127.0.0.1/{n}",
        )
    )


def _waiting(filling: Filling) -> None:
    filling.issue()
    unrouted = filling.issue(state="confirmed", routing_problem="Bịa")
    filling.referral(unrouted, "drafted")
    sent = filling.issue(state="referred", topic="traffic")
    filling.on_referral(filling.referral(sent, "sent", agency_key=OWN_AGENCY))
    filling.on_referral(filling.referral(sent, "answered", role="co"))
    filling.issue(state="confirmed", kind="commendation", urgency=0)
    closed = filling.issue(state="closed", outcome="fixed")
    filling.referral(closed, "accepted", agency_key=OWN_AGENCY)
    filling.event("issue", closed, "closed")


def _of_main(filling: Filling) -> None:
    filling.article(MAIN)
    filling.on_referral(MAIN)
    filling.on_referral(filling.referral(MAIN, "refused", proposed_agency="Sở Xây dựng"))
    merged = filling.issue(state="merged", merged_into_id=MAIN)
    filling.referral(merged, "withdrawn")
    filling.event("issue", MAIN, "edited")
    filling.put(
        Undoable(at=NOW, actor="lead:tai-khoan-lead", action="confirm", issue_id=MAIN, changes=[], drafted=[],
                 events=[])
    )  # fmt: skip


def _beside(filling: Filling, n: int) -> None:
    day = NOW.date() - timedelta(days=n % 100_000)
    if not n % 100_000 or n % 100_000 < 400:
        filling.put(
            Digest(day=day - timedelta(days=n // 100_000 * 400), made_at=NOW, content={}, html="<p>Bịa</p>")
        )
    for register in REGISTERS:
        filling.put(
            RegisterEntry(
                register=register, title="Mục bịa", text="Bịa", topic="land", unit_codes=[COMMUNE],
                agency_name="Sở Xây dựng", issue_id=MAIN, from_day=day, created_at=NOW,
            )
        )  # fmt: skip
    filling.put(
        ReceivedMail(identity=str(n), kind="unmatched", subject="Thư bịa", received_at=NOW, read_at=NOW)
    )
    filling.put(
        User(name=f"nguoi-{n}", post="Chức danh bịa", role="analyst", password_hash="", created_at=NOW)
    )
    filling.event("user", 1, "changed")
    filling.event("entry", 1, "corrected")
    _source(filling, n + 1)
