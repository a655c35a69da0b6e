"""Why the account that looks may not approve a letter, said before a button is offered."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from pipeline.review.approval import TWO_PERSONS
from store.models import Referral
from web.permissions import Action, may
from web.visits import Visit


def hindrances(visit: Visit, session: Session, referrals: Collection[Referral]) -> dict[int, str]:
    """A sentence by the id of each draft that the rule of two persons leaves to another account."""
    drafts = [one for one in referrals if one.state == "drafted"]
    if not may(visit.user.role, Action.APPROVE):
        return {}
    return dict.fromkeys(visit.desk.review.prepared_by(session, drafts, visit.user.actor), TWO_PERSONS)
