"""Two articles that turn out to be one.

Each function works in the caller's transaction.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store.history import record
from store.models import Article, ArticleVersion, Finding, IssueArticle, Link
from store.queries.issues import locked

ACTOR = "stage:crawl"


def join(session: Session, thin: Article, known: Article, now: datetime) -> bool:
    """Lets what a source alone told be the article that its page is now known to be: its addresses, and its
    place in an issue, are that article's.

    False, and nothing is changed, where each has its place in another issue: people may have decided on both.
    """
    session.flush()
    ours, theirs = _place(session, thin), _place(session, known)
    if ours is not None and theirs is not None and ours.issue_id != theirs.issue_id:
        return False
    if ours is not None:
        _give_place(session, ours, theirs, known, now)
    for column in (IssueArticle.reprint_of_id, Link.article_id):
        session.execute(update(column.class_).where(column == thin.id).values({column: known.id}))
    for table in (Finding, ArticleVersion):
        session.execute(delete(table).where(table.article_id == thin.id))
    session.execute(delete(Article).where(Article.id == thin.id))
    return True


def _place(session: Session, article: Article) -> IssueArticle | None:
    return session.scalar(select(IssueArticle).where(IssueArticle.article_id == article.id))


def _give_place(
    session: Session, ours: IssueArticle, theirs: IssueArticle | None, known: Article, now: datetime
) -> None:
    issue = locked(session, ours.issue_id)
    thin_id = ours.article_id
    role = "report" if ours.reprint_of_id == known.id else ours.role
    reprint_of_id = None if ours.reprint_of_id == known.id else ours.reprint_of_id
    if theirs is None:
        ours.article_id, ours.role, ours.reprint_of_id = known.id, role, reprint_of_id
        # What it says is still to be taken into the issue.
        session.execute(update(Finding).where(Finding.article_id == known.id).values(grouped_at=None))
    else:
        theirs.placed = theirs.placed or ours.placed
        if theirs.reprint_of_id == thin_id:
            theirs.role, theirs.reprint_of_id = role, reprint_of_id
        session.delete(ours)
    record(
        session,
        at=now,
        actor=ACTOR,
        entity="issue",
        entity_id=issue.id,
        action="joined",
        before={"article": thin_id},
        after={"article": known.id, "role": role},
    )
    session.flush()
