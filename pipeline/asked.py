"""Whom an issue has been brought to in its present round: who leads, who has refused, who is done."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from pipeline.states import OUT
from store.models import Issue, Referral
from store.queries.placing import referrals_of_merged

LIVE = ("drafted", "approved", "sent", "acknowledged", "answered", "accepted", "returned")
"""What an agency has before it or has dealt with in this round; refused and withdrawn ones are over."""
UNDER_WAY = ("approved", "answered", *OUT)
"""A letter that stands and is not done with."""


def lead_of(issue: Issue) -> str | None:
    """The agency that has the issue as its lead in this round, the last one asked."""
    lead = lead_referral(issue)
    return lead.agency_key if lead else None


def lead_referral(issue: Issue) -> Referral | None:
    return _lead(issue, LIVE)


def leading(issue: Issue) -> Referral | None:
    """The lead's letter of this round that has been approved and is not done with."""
    return _lead(issue, UNDER_WAY)


def _lead(issue: Issue, states: Collection[str]) -> Referral | None:
    leads = (one for one in reversed(of_round(issue, states)) if one.role == "lead")
    return next(leads, None)


def of_round(issue: Issue, states: Collection[str]) -> list[Referral]:
    """The issue's own, of its present round, in one of the states."""
    return [one for one in issue.referrals if one.state in states and one.round == issue.round]


def agencies_with(issue: Issue, states: Collection[str]) -> set[str]:
    return {referral.agency_key for referral in of_round(issue, states)}


def refusing(session: Session, issue: Issue) -> set[str]:
    """Agencies that have refused the issue in its round, or one that was merged into it."""
    return agencies_with(issue, ("refused",)) | _before_a_merge(session, issue, "refused")


def done_before_a_merge(session: Session, issue: Issue) -> set[str]:
    """Agencies whose answer to an issue that was merged into this one has been accepted."""
    return _before_a_merge(session, issue, "accepted")


def settled_before_a_merge(session: Session, issue: Issue) -> set[str]:
    """Agencies that have refused or dealt with what was merged into the issue in its round."""
    return _before_a_merge(session, issue, "refused", "accepted")


def _before_a_merge(session: Session, issue: Issue, *states: str) -> set[str]:
    return {one.agency_key for one in referrals_of_merged(session, issue) if one.state in states}


def has_it(issue: Issue, agency_key: str) -> bool:
    """Whether that agency leads in this round by more than a draft, or has answered beside the lead."""
    return any(
        referral.agency_key == agency_key
        and referral.state != "drafted"
        and (referral.role == "lead" or referral.state in ("answered", "accepted"))
        for referral in of_round(issue, LIVE)
    )
