"""What an issue is by the articles it carries: its times, urgency, place; and each article's role in it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pipeline.locating import locate
from pipeline.titles import title_for, title_of
from store.models import Article, Finding, Issue, IssueArticle
from store.queries.placing import titles_of_parted

FOLLOWS_AFTER = timedelta(hours=24)
"""A report of the same day tells the same news; a later one follows the matter up."""
NO_TOPIC = "administration"
"""Commendations need not have a topic; the column does."""
_OF_TIME = ("first_seen_at", "last_seen_at", "score")


def role_of(article: Article, *, is_reprint: bool, first_seen_at: datetime) -> str:
    if article.finding is not None and article.finding.kind == "answer":
        return "answer"
    if is_reprint:
        return "reprint"
    return "followup" if article.published_at - first_seen_at > FOLLOWS_AFTER else "report"


def opened_by(articles: Sequence[Article]) -> dict[str, Any]:
    """The columns of an issue of these articles, as if they had been grouped in order of publication.

    There must be one with a finding.
    """
    ordered = _by_time(articles)
    told = [(one, one.finding) for one in ordered if one.finding is not None]
    concerns = [(one, found) for one, found in told if found.kind == "concern"] or told
    _, first = concerns[0]
    return {
        "topic": first.topic or NO_TOPIC,
        "urgency": max(found.urgency for _, found in concerns),
        "restricted": any(found.restricted for _, found in told),
        "score": max(found.score for _, found in concerns),
        "first_seen_at": ordered[0].published_at,
        "last_seen_at": ordered[-1].published_at,
        **_place(concerns),
    }


def new_issue(articles: Sequence[Article], *, kind: str, at: datetime, unlike: Collection[str] = ()) -> Issue:
    """Of these articles, to be confirmed; `unlike`: titles that its own must be told from."""
    columns = opened_by(articles)
    title = title_of(
        _by_time(articles),
        kind=kind,
        topic=columns["topic"],
        place=columns["place_name"],
        unlike=unlike,
    )
    return Issue(title=title, kind=kind, state="detected", detected_at=at, edited=[], **columns)


def _by_time(articles: Iterable[Article]) -> list[Article]:
    return sorted(articles, key=lambda one: (one.published_at, one.canonical_url))


def _place(told: Sequence[tuple[Article, Finding]]) -> dict[str, Any]:
    """Where the first article says, or the first that names one commune."""
    found = [locate(article, finding) for article, finding in told]
    where = next((one for one in found if one.commune), found[0])
    return {
        "province_code": where.province,
        "commune_code": where.commune,
        "commune_candidates": [] if where.commune else list(where.candidates),
        "place_name": where.name,
    }


def gather(session: Session, issue: Issue) -> tuple[dict[str, Any], dict[str, Any]]:
    """Brings an issue to what its articles say, once a person has given it some or taken some; what changed,
    before and after.

    What people have set stays. What they have confirmed stays too, letters may have gone out on it: then only
    times and score follow, and it becomes restricted but not free.
    """
    if not any(member.article.finding for member in issue.articles):
        return {}, {}
    columns = opened_by([member.article for member in issue.articles])
    if issue.state != "detected":
        restricted = issue.restricted or columns["restricted"]
        columns = {name: columns[name] for name in _OF_TIME} | {"restricted": restricted}
    columns = {name: value for name, value in columns.items() if name not in issue.edited}
    told = [name for name in (*columns, "title") if name not in _OF_TIME]
    before = values_of(issue, told)
    for name, value in columns.items():
        setattr(issue, name, value)
    _give_roles(issue)
    if issue.state == "detected":
        name_anew(session, issue)
    return changes_since(issue, before)


def values_of(issue: Issue, columns: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(issue, name) for name in columns}


def changes_since(issue: Issue, before: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs of these columns: as it was, and as it is."""
    changed = [name for name, value in before.items() if getattr(issue, name) != value]
    return {name: before[name] for name in changed}, values_of(issue, changed)


def name_anew(session: Session, issue: Issue) -> None:
    """A title that a person has written stays."""
    if "title" not in issue.edited and issue.articles:
        issue.title = own_title(session, issue)


def own_title(session: Session, issue: Issue) -> str:
    """Made of its articles, and not that of an issue from which a person has parted it, where they can tell
    the two apart."""
    return title_for(issue, titles_of_parted(session, issue.id))


def _give_roles(issue: Issue) -> None:
    here = {member.article_id for member in issue.articles}
    for member in issue.articles:
        if member.placed:
            member.role = _role_here(member, here, issue.first_seen_at)


def _role_here(member: IssueArticle, here: set[int], first_seen_at: datetime) -> str:
    """A reprint whose original stands elsewhere speaks for itself."""
    return role_of(member.article, is_reprint=member.reprint_of_id in here, first_seen_at=first_seen_at)
