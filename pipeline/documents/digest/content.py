"""What the daily digest says, before any layout; `to_dict` is the JSON that is kept and published."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import TypeAdapter

from crawler.health import HealthState
from pipeline.documents.citation import Citation
from pipeline.documents.printable import printable

Routed = Literal["referred", "drafted", "proposed", "problem"]


@dataclass(frozen=True)
class Agency:
    """Who must answer: referred to, drafted for, proposed by the rules, or why nobody could be told."""

    routed: Routed
    text: str


@dataclass(frozen=True)
class Deadline:
    """The programme's clock only; `until` is None where nothing has been sent."""

    until: datetime | None
    standing: Literal["overdue", "due_soon", "running", "answered", "none"]
    text: str


@dataclass(frozen=True)
class Line:
    """One issue, once."""

    issue_id: int
    title: str
    place: str
    topic: str
    topic_name: str
    urgency: int
    urgency_in_words: str
    state: str
    state_in_words: str
    is_new: bool
    changes: tuple[str, ...]
    """what happened since the previous digest, in words; empty for a new issue"""
    agency: Agency | None
    """None for a good example: it is referred to nobody"""
    deadline: Deadline | None
    """None for a good example and for what is closed"""
    articles: int
    outlets: int
    reprints: int
    sources: tuple[Citation, ...]
    """the first few; `more_sources` says how many were left out"""
    more_sources: int
    quotation: str | None
    quoted_outlet: str | None
    reasons: tuple[str, ...]
    """why it was flagged"""
    note: str | None
    """the answer; None elsewhere"""
    growth: str | None = None
    """how it grows, in words and with a curve of a sign a day; None where nothing was added of late"""
    projects: tuple[str, ...] = ()
    """projects under watch in the same place"""


@dataclass(frozen=True)
class Mention:
    """An article that belongs to no issue of the office and is named all the same, so that nothing is dropped
    unseen."""

    place: str
    urgency: int
    source: Citation


@dataclass(frozen=True)
class TopicLines:
    topic: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Waiting:
    """What only a person can move on."""

    unconfirmed: int
    routing_problems: int
    without_referral: int
    """open issues with neither a referral under way nor a routing problem that says why"""
    drafted_referrals: int
    unjudged_replies: int
    restricted: tuple[Line, ...]
    """not yet confirmed or dismissed; named and cited, never quoted"""
    unrouted: tuple[Line, ...]
    """issues without an agency that stand in no list above"""
    unreferred: tuple[Line, ...]
    """of those without a referral, those that stand in no list above"""
    contested: int = 0
    """of the issues without an agency, those that agencies pass between them"""
    proposed_replies: int = 0
    """messages that may be replies and that nobody has looked at"""
    time_requests: int = 0
    late_claims: int = 0
    """claims whose public answer was asked for by a day that has passed"""

    @property
    def lines(self) -> tuple[Line, ...]:
        return (*self.restricted, *self.unrouted, *self.unreferred)


@dataclass(frozen=True)
class StuckDelivery:
    delivery_id: int
    recipient: str
    subject: str
    state: str
    state_in_words: str
    attempts: int
    queued_at: datetime
    last_error: str | None


@dataclass(frozen=True)
class SourceTrouble:
    outlet: str
    url: str
    trouble: HealthState
    text: str


@dataclass(frozen=True)
class MailboxTrouble:
    """A mailbox of the office that cannot be read: answers of agencies may lie in it unseen."""

    mailbox: str
    failing_since: datetime
    last_read: datetime | None


@dataclass(frozen=True)
class SourceHealth:
    """Sources of the configuration: all, read since the previous digest, failed at the last poll."""

    configured: int
    read: int
    failed: int
    troubles: tuple[SourceTrouble, ...]
    mailboxes: tuple[MailboxTrouble, ...] = ()


@dataclass(frozen=True)
class Counts:
    """Articles, outlets and issues are counted apart: one issue may be in many articles."""

    articles: int
    outlets: int
    concern_articles: int
    """of the articles, those that carry an issue"""
    concern_outlets: int
    new_issues: int
    changed_issues: int
    urgent: int
    overdue: int
    """open issues with a referral whose deadline has passed without an answer; a returned one is none"""
    due_soon: int
    """of the others, those with such a deadline close at hand, whatever list they stand in"""


@dataclass(frozen=True)
class DigestContent:
    office: str
    parent: str
    place: str
    day: date
    made_at: datetime
    since: datetime
    since_previous: bool
    """False: there is no earlier digest and `since` lies 24 hours back"""
    counts: Counts
    urgent: tuple[Line, ...]
    topics: tuple[TopicLines, ...]
    developing: tuple[Line, ...]
    answered: tuple[Line, ...]
    overdue: tuple[Line, ...]
    due_soon: tuple[Line, ...]
    good_examples: tuple[Line, ...]
    waiting: Waiting
    handled: tuple[Mention, ...]
    """answers in the press to problems that the office does not follow"""
    elsewhere: tuple[Mention, ...]
    """concerns of other provinces, the most urgent first"""
    stuck: tuple[StuckDelivery, ...]
    health: SourceHealth
    version: int = field(default=2)
    """of this shape; raised when a key changes its meaning"""

    @property
    def is_empty(self) -> bool:
        """Nothing to read in any list of issues."""
        lists = (self.urgent, self.topics, self.developing, self.answered, self.overdue, self.due_soon)
        return not any((*lists, self.good_examples, self.waiting.lines))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: times as ISO 8601 with zone, days as YYYY-MM-DD."""
        plain = _plain(asdict(printable(self)))
        assert isinstance(plain, dict)  # noqa: S101 - asdict gives a dict
        return plain

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Self:
        """What `to_dict` gave. Raises ValueError where `plain` has another version's shape."""
        return TypeAdapter(cls).validate_python(plain)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
