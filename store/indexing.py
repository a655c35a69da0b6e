"""Keeps what issues are found by in step with their texts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from sqlalchemy import bindparam, cast, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.models import Article, ChangedWords, Issue, IssueArticle, IssueWords
from store.wording import GAP, indexed, pair

PORTION = 200
MOST_TEXTS = 400
"""of one issue; what hundreds of articles say after that has been said"""
LONGEST_TEXT = 4_000
"""letters; a lead that is longer is none"""
_MOST_BYTES = 800_000
"""PostgreSQL takes 1,048,575 of a text search's words with their places; what is beyond is not found"""
_MOST_POSITIONS = 16_383
"""of PostgreSQL's text search; phrases after that are not found, words are"""


def index_changed(session: Session) -> None:
    """To be called before a transaction ends."""
    if not _changed(session):
        return
    if session.get_bind().dialect.name == "postgresql":
        # One after the other: each must see what the one before it has changed.
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("dansinh words"))))
    while changed := _changed(session):
        _index(session, sorted({issue_id for _, issue_id in changed}))
        session.execute(delete(ChangedWords).where(ChangedWords.id.in_([number for number, _ in changed])))


def _changed(session: Session) -> list[tuple[int, int]]:
    query = select(ChangedWords.id, ChangedWords.issue_id).order_by(ChangedWords.id).limit(PORTION)
    return [(number, issue_id) for number, issue_id in session.execute(query)]


def _index(session: Session, issue_ids: Sequence[int]) -> None:
    rows = [{"issue_id": issue_id, "words": said} for issue_id, said in _words(session, issue_ids)]
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        rows = [row | {"words": _vector(str(row["words"]))} for row in rows]
        new = postgresql.insert(IssueWords).values(
            issue_id=bindparam("issue_id"), words=cast(bindparam("words"), postgresql.TSVECTOR)
        )
        # Not deleted and inserted: a new row would wait for whoever holds its issue.
        session.execute(
            new.on_conflict_do_update(index_elements=["issue_id"], set_={"words": new.excluded.words}), rows
        )
    else:
        other = sqlite.insert(IssueWords)
        session.execute(
            other.on_conflict_do_update(index_elements=["issue_id"], set_={"words": other.excluded.words}),
            rows,
        )


def _words(session: Session, issue_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    issues = session.execute(
        select(Issue.id, Issue.title, Issue.place_name).where(Issue.id.in_(issue_ids)).order_by(Issue.id)
    ).all()
    articles = session.execute(
        select(IssueArticle.issue_id, Article.title, Article.lead, Article.outlet_key)
        .join(Article, Article.id == IssueArticle.article_id)
        .where(IssueArticle.issue_id.in_(issue_ids))
        .order_by(IssueArticle.issue_id, Article.id)
    )
    texts: dict[int, dict[str, None]] = defaultdict(dict)
    outlets: dict[int, set[str]] = defaultdict(set)
    for issue_id, title, lead, outlet_key in articles:
        texts[issue_id] |= dict.fromkeys(text[:LONGEST_TEXT] for text in (title, lead) if text)
        outlets[issue_id].add(outlet_key)
    for issue_id, title, place in issues:
        own = [title, place] if place else [title]
        yield issue_id, indexed([*own, *islice(texts[issue_id], MOST_TEXTS)], sorted(outlets[issue_id]))


def _vector(said: str) -> str:
    """As PostgreSQL reads a tsvector: by no parser of its own.

    With each pair of neighbours, too: for words side by side it would else read every issue that has both,
    for two common ones among 100,000 issues a second long.
    """
    written = said.split()
    positions: dict[str, list[str]] = defaultdict(list)
    for number, word in enumerate(written, 1):
        positions[word].append(str(min(number, _MOST_POSITIONS)))
    positions.pop(GAP, None)
    pairs = dict.fromkeys(pair(*two) for two in pairwise(written) if GAP not in two)
    kept, left = [], _MOST_BYTES
    for word, where in [*positions.items(), *((two, []) for two in pairs)]:
        # A place takes two bytes; their number, and what aligns them, four at most.
        left -= len(word.encode()) + 2 * len(where[:255]) + 4
        if left < 0:
            break
        kept.append(f"'{word}':{','.join(where[:255])}" if where else f"'{word}'")
    return " ".join(kept)
