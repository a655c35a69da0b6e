"""Where people have put articles, and which issues they hold to be one or two."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session, aliased, selectinload

from store.models import Event, Issue, IssueArticle, Parting, Referral
from store.queries.issues import locked
from store.queries.undone import stands

MERGEABLE = ("detected", "confirmed", "referred", "reopened")


def standing(session: Session, issue_id: int) -> Issue:
    """The issue, or the one it has been merged into at last; locked."""
    issue = locked(session, issue_id)
    while issue.merged_into_id is not None:
        issue = locked(session, issue.merged_into_id)
    return issue


def issue_of(session: Session, article_id: int) -> int | None:
    """The issue that carries the article now, wherever a person has put it since it was read."""
    return session.scalar(select(IssueArticle.issue_id).where(IssueArticle.article_id == article_id))


def placed_communes(issue: Issue, communes: Sequence[Collection[str]]) -> frozenset[str] | None:
    """All communes of an issue whose articles or place a person has set: they are one problem's, though the
    texts may name several or the wrong one. None where each article's own stand.

    `communes` are those that each of its articles may mean.
    """
    corrected = "commune_code" in issue.edited
    if not corrected and not any(member.placed for member in issue.articles):
        return None
    own = {issue.commune_code} if issue.commune_code else set()
    return frozenset(own.union(*communes))


def part(session: Session, one: int, other: int, at: datetime) -> None:
    first, second = sorted((one, other))
    if not are_parted(session, first, second):
        session.add(Parting(first_id=first, second_id=second, parted_at=at))
        session.flush()


def forget_parting(session: Session, one: int, other: int) -> None:
    first, second = sorted((one, other))
    for row in session.scalars(select(Parting).where(Parting.first_id == first, Parting.second_id == second)):
        session.delete(row)
    session.flush()


def are_parted(session: Session, one: int, other: int) -> bool:
    """Whether a person holds the two to be two problems: no stage may merge them."""
    first, second = sorted((one, other))
    return bool(
        session.scalar(select(Parting.id).where(Parting.first_id == first, Parting.second_id == second))
    )


def titles_of_parted(session: Session, issue_id: int) -> set[str]:
    """Of the issues that a person holds to be other problems than this one, and of those that were parted
    from the same."""
    near = _parted_from(session, [issue_id])
    if not near:
        return set()
    others = (near | _parted_from(session, near)) - {issue_id}
    return set(session.scalars(select(Issue.title).where(Issue.id.in_(others))))


def _parted_from(session: Session, ids: Collection[int]) -> set[int]:
    query = union_all(
        select(Parting.second_id).where(Parting.first_id.in_(ids)),
        select(Parting.first_id).where(Parting.second_id.in_(ids)),
    )
    return set(session.scalars(query))


def with_reprints(members: Sequence[IssueArticle], article_ids: Collection[int]) -> list[IssueArticle]:
    """Of an issue's members those asked for, with the reprints of them and reprints of these."""
    wanted = set(article_ids)
    while more := {
        member.article_id
        for member in members
        if member.reprint_of_id in wanted and member.article_id not in wanted
    }:
        wanted |= more
    return [member for member in members if member.article_id in wanted]


def _merged() -> Select[Issue]:
    within = select(Issue.id).where(Issue.merged_into_id == bindparam("into")).cte("within", recursive=True)
    before = aliased(Issue)
    within = within.union(select(before.id).join(within, before.merged_into_id == within.c.id))
    return (
        select(Issue)
        .where(Issue.id.in_(select(within.c.id)))
        .options(selectinload(Issue.referrals).selectinload(Referral.replies))
        .order_by(Issue.id)
    )


_MERGED = _merged()
"""made once: to make it takes longer than to ask it"""


def merged_into(session: Session, issue_id: int) -> Sequence[Issue]:
    """Issues that were merged into this one, and those merged into them before, by id; with their referrals
    and replies."""
    return session.scalars(_MERGED, {"into": issue_id}).all()


def referrals_of_all(session: Session, issue: Issue) -> list[Referral]:
    """Of the issue and of those merged into it, in the order in which they were drafted."""
    return in_order([issue, *merged_into(session, issue.id)])


def referrals_of_merged(session: Session, issue: Issue) -> list[Referral]:
    """Of each issue that was merged into this one in its present round: those of its own last round."""
    own = merged_in_round(session, issue)
    return [one for one in in_order(own) if one.round == one.issue.round]


def merged_in_round(session: Session, issue: Issue) -> Sequence[Issue]:
    """Issues merged into this one, with those merged into them before, since it was last reopened."""
    if issue.round == 1:
        return merged_into(session, issue.id)
    direct = session.scalars(select(Issue).where(Issue.merged_into_id == issue.id)).all()
    reopened = _last_events(session, [issue.id], "reopened").get(issue.id, 0)
    merged = _last_events(session, [one.id for one in direct], "merged")
    since = [one for one in direct if merged.get(one.id, 0) > reopened]
    return [*since, *(far for one in since for far in merged_into(session, one.id))]


def _last_events(session: Session, issue_ids: Collection[int], action: str) -> dict[int, int]:
    """The number of each issue's last event of that name."""
    rows = session.execute(
        select(Event.entity_id, func.max(Event.id))
        .where(Event.entity == "issue", Event.entity_id.in_(issue_ids), Event.action == action, stands())
        .group_by(Event.entity_id)
    )
    return {row[0]: row[1] for row in rows}


def in_order(issues: Collection[Issue]) -> list[Referral]:
    """The issues' referrals in the order in which they were drafted."""
    return sorted((one for issue in issues for one in issue.referrals), key=lambda one: one.id)


def nearby(session: Session, issue: Issue, limit: int) -> list[Issue]:
    """Other issues of the same commune, whatever became of them, the latest first; where the commune is
    unknown, of the same topic in the province."""
    query = select(Issue).where(Issue.id != issue.id, Issue.kind == issue.kind, Issue.state != "merged")
    if issue.commune_code:
        query = query.where(Issue.commune_code == issue.commune_code)
    else:
        query = query.where(Issue.province_code == issue.province_code, Issue.topic == issue.topic)
    return list(session.scalars(query.order_by(Issue.last_seen_at.desc(), Issue.id.desc()).limit(limit)))
