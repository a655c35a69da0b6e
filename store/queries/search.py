"""Lists of issues by what is asked for: words, unit, topic, agency, outlet, time, state."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session, subqueryload

from store.models import Article, Issue, IssueArticle, IssueWords, Referral
from store.wording import Term, forms, outlet_word, terms

MOST = 1_000
"""issues of a list; who is told that there are more narrows the question down"""
COMMON = 5_000
"""issues that have a word: from then on it is a common one"""
MOST_ARTICLES = 5
"""of one issue, looked through for the one that fits the question"""
HAS_IT_NOT = ("withdrawn",)
"""states of a referral by which an agency no longer has, nor ever answered for, an issue"""
_SEARCH = table("issue_search", column("rowid"), column("issue_search"))


@dataclass(frozen=True)
class IssueFilter:
    """None: whatever it is. `states` empty: every state."""

    question: str = ""
    states: tuple[str, ...] = ()
    topic: str | None = None
    commune_codes: tuple[str, ...] | None = None
    """any of them"""
    agency_key: str | None = None
    outlet_key: str | None = None
    since: datetime | None = None
    """written of at that time or later"""
    before: datetime | None = None
    """first written of before that time"""
    best_first: bool = False
    """what has the words side by side goes first; else, and among these, what was told of last"""


class Hit(NamedTuple):
    id: int
    title: str


@dataclass(frozen=True)
class Hits:
    rows: Sequence[Hit]
    """MOST at most"""
    more: bool
    terms: tuple[Term, ...]
    """by which they were found"""
    marks_left_out: bool = False
    """nothing has the words as they were written, with their marks"""


def search(session: Session, wanted: IssueFilter, most: int = MOST) -> Hits:
    asked = terms(wanted.question)
    found = _hits(session, wanted, asked, most)
    plain = terms(wanted.question, marks=False)
    if not found and plain != asked:
        return _ordered(
            session, _hits(session, wanted, plain, most), plain, wanted, most, marks_left_out=True
        )
    return _ordered(session, found, asked, wanted, most)


def _hits(session: Session, wanted: IssueFilter, asked: Sequence[Term], most: int) -> list[Hit]:
    query = _filtered(select(Issue.id, Issue.title), wanted)
    if demanded := [*asked, *([(outlet_word(wanted.outlet_key),)] if wanted.outlet_key else [])]:
        query = query.where(_has_words(session, demanded))
    rows = session.execute(query.order_by(Issue.last_seen_at.desc(), Issue.id.desc()).limit(most + 1))
    return [Hit(*row) for row in rows]


def _filtered(query: Select[int, str], wanted: IssueFilter) -> Select[int, str]:
    if wanted.states:
        query = query.where(Issue.state.in_(wanted.states))
    if wanted.topic is not None:
        query = query.where(Issue.topic == wanted.topic)
    if wanted.commune_codes is not None:
        query = query.where(_in_communes(wanted.commune_codes))
    if wanted.agency_key is not None:
        theirs = select(Referral.issue_id).where(
            Referral.agency_key == wanted.agency_key, Referral.state.not_in(HAS_IT_NOT)
        )
        query = query.where(Issue.id.in_(theirs))
    if wanted.since is not None:
        query = query.where(Issue.last_seen_at >= wanted.since)
    if wanted.before is not None:
        query = query.where(Issue.first_seen_at < wanted.before)
    return query


def _in_communes(codes: Sequence[str]) -> ColumnElement[bool]:
    """Those that a text names by an old name too, which may mean one of them."""
    candidates = cast(Issue.commune_candidates, Text)
    may_be = or_(false(), *(candidates.contains(f'"{code}"', autoescape=True) for code in codes))
    return or_(Issue.commune_code.in_(codes), and_(Issue.commune_code.is_(None), may_be))


def _has_words(session: Session, demanded: Iterable[Term]) -> ColumnElement[bool]:
    """Of letters and digits in quotation marks: whatever was asked for, it is no syntax."""
    if session.get_bind().dialect.name == "postgresql":
        sides = (" <-> ".join(f"'{word}'" for word in term) for term in demanded)
        asked = cast(literal(" & ".join(f"({side})" for side in sides)), TSQUERY)
        return Issue.id.in_(select(IssueWords.issue_id).where(IssueWords.words.bool_op("@@")(asked)))
    match = " AND ".join(f'"{" ".join(term)}"' for term in demanded)
    theirs = select(_SEARCH.c.rowid).where(_SEARCH.c.issue_search.match(match))
    many = session.scalar(select(func.count()).select_from(theirs.limit(COMMON).subquery()))
    # SQLite cannot know how many there are. What most issues have is looked for along the list, newest first;
    # "+ 0" keeps it from going by number.
    return (Issue.id + 0 if many == COMMON else Issue.id).in_(theirs)


def _ordered(
    session: Session,
    found: list[Hit],
    asked: tuple[Term, ...],
    wanted: IssueFilter,
    most: int,
    *,
    marks_left_out: bool = False,
) -> Hits:
    rows, more = found[:most], len(found) > most
    if wanted.best_first and len(asked) > 1:
        together = _hits(session, wanted, [tuple(word for term in asked for word in term)], most)[:most]
        first = {hit.id for hit in together}
        rows = [*together, *(hit for hit in rows if hit.id not in first)][:most]
    return Hits(rows, more, asked, marks_left_out)


def fit(said: str, asked: Collection[Term]) -> int:
    """How many of the words stand in a text."""
    return len({word for term in asked for word in term} & forms(said))


def has_all(said: str, asked: Collection[Term]) -> bool:
    return fit(said, asked) == len({word for term in asked for word in term})


def with_agencies(session: Session, issue_ids: Sequence[int]) -> list[Issue]:
    """Issues as lists show them, in the order of their numbers given."""
    query = (
        select(Issue)
        .where(Issue.id.in_(issue_ids))
        .options(
            subqueryload(Issue.referrals).load_only(
                Referral.issue_id, Referral.agency_name, Referral.role, Referral.state
            )
        )
    )
    by_id = {issue.id: issue for issue in session.scalars(query)}
    return [by_id[number] for number in issue_ids if number in by_id]


class Told(NamedTuple):
    """What an article says, for a list."""

    title: str
    lead: str | None
    outlet_name: str
    published_at: datetime


def fitting_articles(session: Session, issue_ids: Sequence[int], asked: Collection[Term]) -> dict[int, Told]:
    """Of each issue the article with most of the words, the newest of them; none where none has any."""
    if not asked:
        return {}
    place = func.row_number().over(partition_by=IssueArticle.issue_id, order_by=IssueArticle.id.desc())
    newest = (
        select(IssueArticle.issue_id, IssueArticle.article_id, place.label("place"))
        .where(IssueArticle.issue_id.in_(issue_ids))
        .subquery()
    )
    query = (
        select(newest.c.issue_id, Article.title, Article.lead, Article.outlet_name, Article.published_at)
        .join(Article, Article.id == newest.c.article_id)
        .where(newest.c.place <= MOST_ARTICLES)
        .order_by(newest.c.issue_id, newest.c.place)
    )
    best: dict[int, tuple[int, Told]] = {}
    for row in session.execute(query):
        issue_id, told = row[0], Told(*row[1:])
        fits = fit(f"{told.title} {told.lead or ''}", asked)
        if fits > best.get(issue_id, (0, told))[0]:
            best[issue_id] = fits, told
    return {issue_id: told for issue_id, (_, told) in best.items()}


def articles_of(session: Session, issue_ids: Iterable[int]) -> dict[int, int]:
    """How many articles each issue has."""
    query = (
        select(IssueArticle.issue_id, func.count())
        .where(IssueArticle.issue_id.in_(list(issue_ids)))
        .group_by(IssueArticle.issue_id)
    )
    return dict(session.execute(query).all())


def exists(session: Session, issue_id: int) -> bool:
    return session.scalar(select(Issue.id).where(Issue.id == issue_id)) is not None
