"""Lists of issues by what is asked for: words, unit, topic, agency, outlet, time, state."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    any_,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.functions import aggregate_strings

from store.models import Article, Issue, IssueArticle, IssueWords, Referral
from store.wording import Term, forms, outlet_word, pair, terms

MOST = 1_000
"""issues of a list; who is told that there are more narrows the question down"""
COMMON = 5_000
"""issues that have a word, or that an agency has: from then on it is a common one"""
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
    kind: str | None = None
    topic: str | None = None
    commune_codes: tuple[str, ...] | None = None
    """any of them"""
    sure_of_commune: bool = False
    """without what may only lie in one of them"""
    agency_key: str | None = None
    outlet_key: str | None = None
    since: datetime | None = None
    """written of at that time or later"""
    before: datetime | None = None
    """first written of before that time"""
    detected_since: datetime | None = None
    best_first: bool = False
    """what has the words side by side goes first; else, and among these, what was told of last"""


@dataclass(frozen=True)
class Hits:
    ids: Sequence[int]
    """MOST at most"""
    more: bool
    terms: tuple[Term, ...]
    """by which they were found"""
    marks_left_out: bool = False
    """nothing has the words as they were written, with their marks"""


def search(session: Session, wanted: IssueFilter, most: int = MOST) -> Hits:
    asked = terms(wanted.question)
    plain = terms(wanted.question, marks=False)
    if asked or wanted.outlet_key or wanted.agency_key:
        _keep_to_indexes(session)
    base = _but_for_words(session, wanted)
    found = _found(session, base, wanted, asked, most + 1)
    marks_left_out = not found and plain != asked
    if marks_left_out:
        asked, found = plain, _found(session, base, wanted, plain, most + 1)
    return Hits(found[:most], len(found) > most, asked, marks_left_out)


class Lacking(NamedTuple):
    """Why nothing is found."""

    unknown: tuple[Term, ...] = ()
    """what no issue has, whatever else is asked for"""
    instead: tuple[tuple[Term, ...], ...] = ()
    """fewer words by which, with all else that is asked for, something is found"""


def lacking(session: Session, wanted: IssueFilter, asked: tuple[Term, ...]) -> Lacking:
    """Of a question that finds nothing."""
    _keep_to_indexes(session)
    known = _have_any(session, [_with_words(session, [term]) for term in asked])
    rest = tuple(term for term, is_known in zip(asked, known, strict=True) if is_known)
    unknown = tuple(term for term in asked if term not in rest)
    fewer = [tuple(term for term in rest if term != left) for left in rest] if len(rest) > 1 else []
    if unknown and rest:
        fewer.insert(0, rest)
    base = _but_for_words(session, wanted)
    among = (_with_words(session, _demanded(wanted, one)) for one in fewer)
    found = _have_any(session, [base.where(Issue.id.in_(theirs)) for theirs in among])
    instead = [one for one, has_any in zip(fewer, found, strict=True) if has_any]
    return Lacking(unknown, (rest,) if rest in instead else tuple(instead))


def _have_any(session: Session, queries: Sequence[Select[int]]) -> list[bool]:
    """Of each query; one question for all."""
    return list(session.execute(select(*(query.exists() for query in queries))).one()) if queries else []


def _found(
    session: Session, base: Select[int], wanted: IssueFilter, asked: tuple[Term, ...], most: int
) -> Sequence[int]:
    """In their order."""

    def newest(among: Select[int], theirs: Select[int], *, along: bool) -> Sequence[int]:
        query = among.where(_among(session, theirs, along=along))
        return _newest(session, query, most, sorts=along and _of_few_states(session, wanted))

    if not (demanded := _demanded(wanted, asked)):
        return _newest(session, base, most, sorts=bool(wanted.agency_key) and _of_few_states(session, wanted))
    theirs = _with_words(session, demanded)
    if not (wanted.best_first and len(asked) > 1):
        return newest(base, theirs, along=_is_common(session, theirs))
    phrase = _with_words(session, _demanded(wanted, [_phrase(asked)]))
    phrase_is_common = _is_common(session, phrase)
    if phrase_is_common or _is_common(session, theirs):
        # Older ones, too, that have them side by side. Where these fill the list no other is asked for.
        together = newest(base, phrase, along=phrase_is_common)
        if len(together) == most:
            return together
        return _joined(together, newest(base, theirs, along=True), most)
    found = newest(base, theirs, along=False)
    among = base if len(found) == most else select(Issue.id).where(_one_of(session, Issue.id, found))
    return _joined(newest(among, phrase, along=False), found, most) if len(found) > 1 else found


def _joined(first: Sequence[int], others: Sequence[int], most: int) -> Sequence[int]:
    return list(dict.fromkeys([*first, *others]))[:most]


def _newest(session: Session, query: Select[int], most: int, *, sorts: bool) -> Sequence[int]:
    last = Issue.last_seen_at.op("+")(text("interval '0'")) if sorts else Issue.last_seen_at
    return session.scalars(query.order_by(last.desc(), Issue.id.desc()).limit(most)).all()


def _of_few_states(session: Session, wanted: IssueFilter) -> bool:
    """Of several states no index is in the list's order, and few issues are open.

    PostgreSQL would read the whole list for these; sorting, it takes them from the index of states.
    """
    return _is_postgresql(session) and len(wanted.states) > 1 and "closed" not in wanted.states


def _demanded(wanted: IssueFilter, asked: Sequence[Term]) -> list[Term]:
    return [*asked, *([(outlet_word(wanted.outlet_key),)] if wanted.outlet_key else [])]


def _but_for_words(session: Session, wanted: IssueFilter) -> Select[int]:
    query = _filtered(select(Issue.id), wanted)
    if wanted.agency_key is None:
        return query
    theirs = select(Referral.issue_id).where(
        Referral.agency_key == wanted.agency_key, Referral.state.not_in(HAS_IT_NOT)
    )
    has_words = terms(wanted.question) or wanted.outlet_key
    along = not (has_words and _is_postgresql(session)) and _is_common(session, theirs)
    return query.where(_among(session, theirs, along=along))


def _filtered(query: Select[int], wanted: IssueFilter) -> Select[int]:
    # Merged into none: its splitting off was taken back, and there is nothing in it.
    query = query.where(or_(Issue.state != "merged", Issue.merged_into_id.is_not(None)))
    if wanted.states:
        query = query.where(Issue.state.in_(wanted.states))
    if wanted.kind is not None:
        query = query.where(Issue.kind == wanted.kind)
    if wanted.topic is not None:
        query = query.where(Issue.topic == wanted.topic)
    if wanted.commune_codes is not None:
        known = Issue.commune_code.in_(wanted.commune_codes)
        query = query.where(known if wanted.sure_of_commune else _in_communes(wanted.commune_codes))
    if wanted.since is not None:
        query = query.where(Issue.last_seen_at >= wanted.since)
    if wanted.before is not None:
        query = query.where(Issue.first_seen_at < wanted.before)
    if wanted.detected_since is not None:
        query = query.where(Issue.detected_at >= wanted.detected_since)
    return query


def _in_communes(codes: Sequence[str]) -> ColumnElement[bool]:
    """Those that a text names by an old name too, which may mean one of them."""
    candidates = cast(Issue.commune_candidates, Text)
    may_be = or_(false(), *(candidates.contains(f'"{code}"', autoescape=True) for code in codes))
    return or_(Issue.commune_code.in_(codes), and_(Issue.commune_code.is_(None), may_be))


def _keep_to_indexes(session: Session) -> None:
    """PostgreSQL counts pages and not what unpacking an issue's words costs.

    For a word that most of them have it would unpack all, in a second. With room for the numbers of millions,
    and a plan for these words: one for any words would expect few issues to have them.
    """
    if _is_postgresql(session):
        session.execute(
            text(
                "SELECT set_config('enable_seqscan', 'off', true), set_config('work_mem', '64MB', true), "
                "set_config('plan_cache_mode', 'force_custom_plan', true)"
            )
        )


def _is_common(session: Session, theirs: Select[int]) -> bool:
    """Neither database knows how many there are."""
    return session.scalar(select(func.count()).select_from(theirs.limit(COMMON).subquery())) == COMMON


def _among(session: Session, theirs: Select[int], *, along: bool) -> ColumnElement[bool]:
    """`along` the list, newest first, what most issues have is looked for: so written, not by number."""
    if _is_postgresql(session):
        # All of them at once; along the list row by row their words would be unpacked.
        numbers = select(theirs.cte().prefix_with("MATERIALIZED"))
        return Issue.id.in_(numbers).is_(True) if along else Issue.id.in_(numbers)
    return (Issue.id + 0 if along else Issue.id).in_(theirs)


def _with_words(session: Session, demanded: Iterable[Term]) -> Select[int]:
    """Issues by number. Of letters and digits in quotation marks: whatever was asked, it is no syntax."""
    if _is_postgresql(session):
        return select(IssueWords.issue_id).where(_says(demanded))
    match = " AND ".join(f'"{" ".join(term)}"' for term in demanded)
    return select(_SEARCH.c.rowid).where(_SEARCH.c.issue_search.match(match))


def _says(demanded: Iterable[Term]) -> ColumnElement[bool]:
    asked = cast(literal(" & ".join(map(_lexemes, demanded))), TSQUERY)
    return IssueWords.words.bool_op("@@")(asked)


def _lexemes(term: Term) -> str:
    """Of words side by side each pair, which the index has; of more than two their order is looked at too."""
    together = [f"'{pair(*two)}'" for two in pairwise(term)]
    written = " <-> ".join(f"'{word}'" for word in term)
    return " & ".join(together if len(term) == 2 else [*together, f"({written})"])


def _one_of(
    session: Session, number: InstrumentedAttribute[int], numbers: Sequence[int]
) -> ColumnElement[bool]:
    """PostgreSQL takes a thousand as one value; written one by one, they took longer than what they ask."""
    if _is_postgresql(session):
        return number == any_(literal(list(numbers), ARRAY(Integer)))
    return number.in_(numbers)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _phrase(asked: Iterable[Term]) -> Term:
    return tuple(word for term in asked for word in term)


def fit(said: str, asked: Collection[Term]) -> int:
    """How many of the words stand in a text."""
    return len({word for term in asked for word in term} & forms(said))


def has_all(said: str, asked: Collection[Term]) -> bool:
    return fit(said, asked) == len({word for term in asked for word in term})


class Listed(NamedTuple):
    """An issue as lists show it."""

    id: int
    title: str
    kind: str
    topic: str
    urgency: int
    place_name: str | None
    state: str
    outcome: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int
    """how many"""
    leads: tuple[str, ...]
    """names of the agencies that have it, or had it, as lead"""


def listed(session: Session, issue_ids: Sequence[int]) -> list[Listed]:
    """In the order of their numbers given."""
    articles = (
        select(func.count()).where(IssueArticle.issue_id == Issue.id).correlate(Issue).scalar_subquery()
    )
    columns = (getattr(Issue, name) for name in Listed._fields[:-2])
    rows = session.execute(select(*columns, articles).where(_one_of(session, Issue.id, issue_ids))).all()
    leads = _leads(session, issue_ids)
    by_id = {row[0]: Listed(*row, leads=tuple(leads.get(row[0], ()))) for row in rows}
    return [by_id[number] for number in issue_ids if number in by_id]


def _leads(session: Session, issue_ids: Sequence[int]) -> dict[int, dict[str, None]]:
    """Names of each issue's lead agencies in the order of their letters."""
    query = (
        select(Referral.issue_id, Referral.agency_name)
        .where(
            _one_of(session, Referral.issue_id, issue_ids),
            Referral.role == "lead",
            Referral.state.not_in(HAS_IT_NOT),
        )
        .order_by(Referral.id)
    )
    found: dict[int, dict[str, None]] = {}
    for issue_id, name in session.execute(query):
        found.setdefault(issue_id, {})[name] = None
    return found


class Told(NamedTuple):
    """What an article says, for a list."""

    title: str
    lead: str | None
    outlet_name: str
    published_at: datetime


def fitting_articles(session: Session, issue_ids: Sequence[int], asked: Collection[Term]) -> dict[int, Told]:
    """Of each issue the article with most of the words, the newest of them; none where none has any."""
    if not (asked and issue_ids):
        return {}
    query = (
        select(IssueArticle.issue_id, Article.title, Article.lead, Article.outlet_name, Article.published_at)
        .join(Article, Article.id == IssueArticle.article_id)
        .where(_one_of(session, IssueArticle.id, _newest_articles(session, issue_ids)))
        .order_by(IssueArticle.id.desc())
    )
    newest: dict[int, list[Told]] = {}
    for row in session.execute(query):
        newest.setdefault(row[0], []).append(Told(*row[1:]))
    found = {issue_id: _most_fitting(articles, asked) for issue_id, articles in newest.items()}
    return {issue_id: told for issue_id, told in found.items() if told is not None}


def _newest_articles(session: Session, issue_ids: Sequence[int]) -> list[int]:
    """MOST_ARTICLES of each issue, by their numbers in it.

    Issue by issue: numbered among all, hundreds of an issue would be read for these few.
    """
    theirs = (
        select(cast(IssueArticle.id, Text).label("number"))
        .where(IssueArticle.issue_id == Issue.id)
        .order_by(IssueArticle.id.desc())
        .limit(MOST_ARTICLES)
        .correlate(Issue)
        .subquery()
    )
    numbers = select(aggregate_strings(theirs.c.number, ",")).scalar_subquery()
    rows = session.scalars(select(numbers).select_from(Issue).where(_one_of(session, Issue.id, issue_ids)))
    return [int(number) for row in rows if row for number in row.split(",")]


def _most_fitting(articles: Iterable[Told], asked: Collection[Term]) -> Told | None:
    """The first of the best."""
    best, most, whole = None, 0, len({word for term in asked for word in term})
    for told in articles:
        fits = fit(f"{told.title} {told.lead or ''}", asked)
        if fits > most:
            best, most = told, fits
        if most == whole:
            break
    return best


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
