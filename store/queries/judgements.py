"""What people at the desk have decided, with the texts they decided on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from store.models import Article, ArticleVersion, Event, Issue, IssueArticle
from store.queries.undone import stands

ACTIONS = ("confirmed", "dismissed", "edited")
BATCH = 500
_OWN_TEXT = ("report", "followup")
"""Reprints say the same once more; answers were not what was decided on."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on one article. Who decided is not asked for."""

    url: str
    """the article's canonical one: the same wherever the judgement is carried"""
    title: str
    lead: str | None
    body: str | None
    """None too where the text has expired"""
    published_at: datetime | None
    action: str
    """confirmed | dismissed | edited: given another topic or urgency"""
    topic: str
    """of the issue after the decision; so urgency"""
    urgency: int
    why: str | None
    at: datetime


def decided(session: Session) -> Iterator[Decided]:
    """Of concerns, in the order of the decisions; what a stage did by itself is no judgement.

    An article stands as it was read at the time, and only where it belonged to the issue by then: what people
    have moved or merged was not meant by what was decided before on the issue it came to. Restricted
    issues are left out with all their articles: judgements are carried out of the office.
    """
    for row in session.execute(_QUERY.execution_options(yield_per=BATCH)):
        event, earlier = row.Event, row.ArticleVersion
        if event.action == "edited" and not _corrects(event):
            continue
        text = earlier or row.Article
        yield Decided(
            url=row.Article.canonical_url,
            title=text.title,
            lead=text.lead,
            body=text.body,
            published_at=row.Article.published_at if row.Article.published_known else None,
            action=event.action,
            # Events from before they told it are read with the issue as it is now.
            topic=event.after.get("topic", row.Issue.topic),
            urgency=event.after.get("urgency", row.Issue.urgency),
            why=event.why,
            at=event.at,
        )


_AS_READ_THEN = (
    select(func.min(ArticleVersion.id))
    .where(ArticleVersion.article_id == Article.id, ArticleVersion.replaced_at > Event.at)
    .correlate(Article, Event)
    .scalar_subquery()
)
_STOOD_THERE = or_(
    and_(
        IssueArticle.issue_id == Issue.id,
        func.coalesce(IssueArticle.merged_at, IssueArticle.joined_at) <= Event.at,
    ),
    and_(IssueArticle.merged_from_id == Issue.id, IssueArticle.joined_at <= Event.at),
)
_QUERY = (
    select(Event, Issue, Article, ArticleVersion)
    .join(Issue, Issue.id == Event.entity_id)
    .join(IssueArticle, _STOOD_THERE)
    .join(Article, Article.id == IssueArticle.article_id)
    .outerjoin(ArticleVersion, ArticleVersion.id == _AS_READ_THEN)
    .where(
        Event.entity == "issue",
        Event.action.in_(ACTIONS),
        Event.actor.not_like("stage:%"),
        stands(),
        Issue.kind == "concern",
        Issue.restricted.is_(False),
        IssueArticle.role.in_(_OWN_TEXT),
    )
    .order_by(Event.id, IssueArticle.id)
)


def _corrects(event: Event) -> bool:
    return any(event.before.get(name) != event.after.get(name) for name in ("topic", "urgency"))
