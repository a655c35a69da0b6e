"""Rows of a large office's store, invented: the same for the same number, and quick to make."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bench.invented.news import Newsroom
from nlp.units import load_units

Row = dict[str, Any]
Agency = tuple[str, str]
"""key and name"""

TOPICS = (
    "land", "housing", "traffic", "water", "environment", "power", "education", "health", "labour",
    "security", "disaster", "administration", "justice", "market", "culture", "rural",
)  # fmt: skip
AGENCIES: tuple[Agency, ...] = tuple(
    (f"so-{number}", f"Sở Thử nghiệm số {number}") for number in range(1, 21)
)
YEARS = timedelta(days=730)
KEPT = timedelta(days=365)
"""older texts have expired"""
BODY_CHARS = 1_200
MESSAGE_BYTES = 5_000
OUTLETS = 60
SOURCES = 200
_STATES = (("closed", 80), ("dismissed", 10), ("merged", 2), ("referred", 5), ("confirmed", 1),
           ("detected", 1), ("reopened", 1))  # fmt: skip
_REFERRED = ("referred", "reopened", "closed")
_NIGHT = timedelta(hours=9)
"""in which sources have been silent when an office opens, as every night"""
_PLACED = 0.6
"""share of the articles that stand in issues; most of them in few"""


@dataclass
class Problem:
    """What the rows of one issue have in common."""

    id: int
    topic: str
    urgency: int
    state: str
    commune: str | None
    place: str
    title: str
    first: datetime
    last: datetime
    articles: list[int] = field(default_factory=list)


class Town:
    """So many issues, ten times as many articles, twice as many events."""

    def __init__(
        self, issues: int, now: datetime, province: str, agencies: Sequence[Agency] = AGENCIES
    ) -> None:
        self.issues, self.now, self.province, self.agencies = issues, now, province, agencies
        self.articles = 10 * issues
        self.events = 2 * issues
        self._chance = random.Random(7)
        self._communes = [(unit.code, unit.full_name) for unit in load_units().communes(province)]

    @cached_property
    def _words(self) -> Sequence[tuple[str, str, str]]:
        """Title, summary and text of some thousand news."""
        room = Newsroom(seed=11)
        return [
            (room.feed_item()["title"], room.feed_item()["summary"], room.article()["body"][:BODY_CHARS])
            for _ in range(min(3_000, self.articles))
        ]

    @cached_property
    def problems(self) -> list[Problem]:
        chance = self._chance
        states, weights = zip(*_STATES, strict=True)
        found = []
        for number in range(1, self.issues + 1):
            # The older an issue, the lower its number, as in a store that has grown.
            first = self.now - YEARS * (1 - number / (self.issues + 1))
            last = min(self.now, first + timedelta(days=chance.expovariate(1 / 5)))
            code, place = chance.choice(self._communes)
            # What is open is young.
            state = (
                chance.choices(states, weights)[0] if number < 0.97 * self.issues else chance.choice(states)
            )
            found.append(
                Problem(
                    number, chance.choice(TOPICS), chance.choice((1, 2, 2, 3, 3, 4)), state,
                    None if chance.random() < 0.1 else code, place,
                    f"{place}: {chance.choice(self._words)[0]}", first, last,
                )
            )  # fmt: skip
        return found

    def sources(self) -> Iterator[Row]:
        for number in range(1, SOURCES + 1):
            outlet, url = number % OUTLETS, source_url(number)
            yield {
                "id": number, "key": f"bao-{outlet} feed {url}", "outlet_key": f"bao-{outlet}",
                "outlet_name": outlet_name(outlet), "kind": "feed", "url": url, "last_polled_at": self.now,
                "last_ok_at": self.now, "last_new_at": self.now - _NIGHT, "gap_seconds": 900,
                "usual_silence_seconds": int(_NIGHT.total_seconds()),
            }  # fmt: skip

    def articles_of_issues(self) -> Iterator[tuple[Row, Row, Row, Row | None]]:
        """Article, link, finding and, for some, its place in an issue; few issues have hundreds."""
        placed = int(_PLACED * self.articles)
        for number in range(1, self.articles + 1):
            problem = self._problem(number) if number <= placed else None
            yield self._told(number, problem)

    def _problem(self, number: int) -> Problem:
        # Each has one; of the others one in twenty goes to one of a hundred that all write of.
        if number <= self.issues:
            return self.problems[number - 1]
        few = max(1, self.issues // 1000)
        index = self._chance.randrange(few) if number % 20 == 0 else self._chance.randrange(self.issues)
        return self.problems[-1 - index]

    def _told(self, number: int, problem: Problem | None) -> tuple[Row, Row, Row, Row | None]:
        chance = self._chance
        title, lead, body = chance.choice(self._words)
        outlet = min(int(chance.expovariate(1 / 8)), OUTLETS - 1)
        if problem:
            at = problem.first + (problem.last - problem.first) * chance.random()
            title = f"{problem.place}: {title}"
        else:
            at = self.now - YEARS * chance.random()
        article = _article(number, outlet, at, title, lead, body, expired=at < self.now - KEPT)
        return (
            article,
            _link(article),
            _finding(article, problem),
            _member(article, problem.id) if problem else None,
        )

    def issue_rows(self) -> Iterator[Row]:
        for one in self.problems:
            yield {
                "id": one.id, "title": one.title, "topic": one.topic, "urgency": one.urgency,
                "kind": "commendation" if one.id % 25 == 0 and one.state != "referred" else "concern",
                "province_code": self.province, "commune_code": one.commune, "commune_candidates": [],
                "place_name": one.place, "state": one.state, "score": 0.9, "first_seen_at": one.first,
                "last_seen_at": one.last, "detected_at": one.first, "edited": [],
                "outcome": "fixed" if one.state == "closed" else None,
                "routing_problem": "Chưa rõ nơi chuyển" if one.state == "confirmed" and one.id % 3 else None,
                "merged_into_id": max(1, one.id - 1) if one.state == "merged" else None,
            }  # fmt: skip

    @cached_property
    def referred(self) -> list[Problem]:
        return [
            one
            for one in self.problems
            if one.state in _REFERRED or (one.id % 50 == 0 and one.state == "confirmed")
        ]

    def referrals(self) -> Iterator[Row]:
        for number, one in enumerate(self.referred, 1):
            key, name = self.agencies[int(self._chance.expovariate(1 / 4)) % len(self.agencies)]
            approved = one.first + timedelta(hours=5)
            drafted = one.state == "confirmed"
            yield {
                "id": number, "issue_id": one.id, "agency_key": key, "agency_name": name, "role": "lead",
                "programme_key": "ct-2026", "rule": "Bịa, toàn địa bàn",
                "state": _referral_state(one, number),
                "number": None if drafted else number, "number_year": None if drafted else one.first.year,
                "request": "Đề nghị kiểm tra, trả lời.", "basis": "Chương trình phối hợp bịa",
                "statutory": [],
                "deadline_at": None if drafted else approved + timedelta(days=10), "drafted_at": one.first,
                "approved_at": None if drafted else approved, "sent_at": None if drafted else approved,
            }  # fmt: skip

    def deliveries(self) -> Iterator[Row]:
        for number, one in enumerate(self.referred, 1):
            at = one.first + timedelta(hours=5)
            yield {
                "id": number, "key": f"referral {number}", "kind": "referral", "referral_id": number,
                "recipient": "dau-moi@example.vn", "subject": f"Phiếu chuyển số {number}",
                "message_id": f"<{number}@example.vn>", "message": b"x" * MESSAGE_BYTES,
                "state": "quarantined" if number % 2000 == 0 else "sent", "attempts": 1, "queued_at": at,
                "next_attempt_at": at, "sent_at": at,
            }  # fmt: skip

    def replies(self) -> Iterator[Row]:
        for number, one in enumerate(self.referred, 1):
            if _referral_state(one, number) not in ("answered", "accepted"):
                continue
            at = one.first + timedelta(days=6)
            yield {
                "id": number, "referral_id": number, "received_at": at, "recorded_at": at,
                "document_number": f"{number}/UBND", "text": "Đã kiểm tra và khắc phục (trả lời bịa). " * 8,
                "judgement": "accepted" if one.state == "closed" else None,
            }  # fmt: skip

    def history(self) -> Iterator[Row]:
        for number in range(1, self.events + 1):
            one = self.problems[(number - 1) % self.issues]
            first = number <= self.issues
            yield {
                "id": number, "at": one.first + (timedelta() if first else timedelta(hours=4)),
                "actor": "stage:group" if first else "analyst:chuyen-vien", "entity": "issue",
                "entity_id": one.id,
                "action": "detected" if first else "confirmed",
                "before": {} if first else {"state": "detected"},
                "after": {"state": "detected" if first else "confirmed"},
            }  # fmt: skip

    def digests(self) -> Iterator[Row]:
        for number in range(1, min(500, self.issues) + 1):
            at = self.now - timedelta(days=number)
            yield {"id": number, "day": at.date(), "made_at": at, "content": {"issues": []},
                   "html": "<p>Bản tin bịa</p>" * 1_500}  # fmt: skip

    def entries(self) -> Iterator[Row]:
        """Of the registers."""
        registers = ("good_example", "project", "claim", "publication", "dialogue", "reception")
        for number in range(1, max(6, self.issues // 300) + 1):
            yield {
                "id": number, "register": registers[number % 6], "title": f"Mục bịa số {number}",
                "text": "Nội dung bịa.",
                "topic": "land", "unit_codes": [self._chance.choice(self._communes)[0]], "issue_id": number,
                "agency_name": self.agencies[0][1], "created_at": self.now, "from_day": self.now.date(),
                "state": "open" if number % 3 else "done",
            }  # fmt: skip

    def runs(self) -> Iterator[Row]:
        """Of stages, for a week."""
        stages = ("crawl", "tag", "group", "refer", "deliver")
        for number in range(1, min(10_000, self.issues) + 1):
            at = self.now - timedelta(minutes=number)
            yield {"id": number, "stage": stages[number % 5], "started_at": at, "finished_at": at,
                   "counts": {"read": 3}, "failures": []}  # fmt: skip


def _referral_state(one: Problem, number: int) -> str:
    if one.state == "closed":
        return "accepted"
    return "drafted" if one.state == "confirmed" else ("sent", "acknowledged", "answered")[number % 3]


def source_url(number: int) -> str:
    return f"http://bao-{number % OUTLETS}.example.vn/{number}.xml"


def outlet_name(number: int) -> str:
    return f"Báo Bịa số {number}"


def _article(
    number: int, outlet: int, at: datetime, title: str, lead: str, body: str, *, expired: bool
) -> Row:
    url = f"http://bao-{outlet}.example.vn/tin-bia-{number}.htm"
    return {
        "id": number, "canonical_url": url, "url": url, "source_id": 1 + outlet,
        "outlet_key": f"bao-{outlet}", "outlet_name": outlet_name(outlet), "title": title,
        "lead": None if expired else lead, "body": body if number % 2 and not expired else None,
        "published_at": at, "first_seen_at": at, "text_hash": str(number),
        "text_expired_at": at + KEPT if expired else None,
    }  # fmt: skip


def _link(article: Row) -> Row:
    at = article["first_seen_at"]
    return {name: article[name] for name in ("id", "source_id", "url", "canonical_url")} | {
        "state": "stored", "discovered_at": at, "published_at": at, "read_at": at,
        "article_id": article["id"],
    }  # fmt: skip


def _finding(article: Row, problem: Problem | None) -> Row:
    end = article["title"].find(" ")
    span = {"field": "title", "start": 0, "end": end, "text": article["title"][:end], "why": "bịa"}
    at = article["first_seen_at"]
    return {
        "id": article["id"], "article_id": article["id"], "kind": "concern" if problem else "none",
        "score": 0.9 if problem else 0.1, "topic": problem.topic if problem else None, "topics": [],
        "urgency": problem.urgency if problem else 0, "places": [], "evidence": [span] if problem else [],
        "text_hash": article["text_hash"], "tagger": "bịa", "tagged_at": at, "grouped_at": at,
    }  # fmt: skip


def _member(article: Row, issue_id: int) -> Row:
    return {
        "id": article["id"], "issue_id": issue_id, "article_id": article["id"], "similarity": 0.9,
        "joined_at": article["first_seen_at"], "role": "report" if article["id"] % 3 else "reprint",
    }  # fmt: skip
