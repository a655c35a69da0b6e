"""What was decided so lately that it can still be taken back: found again long after its message is gone."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from pipeline.settings import Settings
from pipeline.undoing import undo_until, undoable_since
from store.queries import undone
from store.queries.undone import Decision
from web import words
from web.done import done_of
from web.permissions import Action, may
from web.visits import Visit

SHOWN = 5
"""on Hôm nay; any other is found on the page of its issue or referral"""
OF_ONE = 50
"""looked at of one issue or of referrals approved together: nobody decides more in the time there is"""


class Lately:
    """Of what the signed-in user may take back, the newest first."""

    def __init__(self, visit: Visit, decisions: Collection[Decision], more: bool = False) -> None:
        role, told = visit.user.role, done_of(visit.request.query_params).decision_id
        self._settings: Settings = visit.desk.settings
        allowed = [one for one in decisions if may(role, Action.UNDO) and may(role, Action(one.action))]
        own = [one for one in allowed if one.actor == visit.user.actor]
        self.own = [one for one in own if one.id != told]
        """the user's own, without the one that the page's message offers already"""
        self.more = more
        """whether there are others"""
        self._approvals = {one.referral_id: one.id for one in allowed if one.action == Action.APPROVE}

    def until(self, one: Decision) -> datetime:
        return undo_until(self._settings, one.at) or one.at

    def approval_of(self, referral_id: int) -> int | None:
        """Whoever approved it: the number to take that back by."""
        return self._approvals.get(referral_id)

    @staticmethod
    def words(one: Decision) -> str:
        done = words.TAKEN[Action(one.action)]
        return f"{done[:1].upper()}{done[1:]}"


def own_lately(visit: Visit, session: Session) -> Lately:
    if not may(visit.user.role, Action.UNDO):
        return Lately(visit, ())
    found = undone.decided(session, _since(visit), SHOWN + 1, actor=visit.user.actor)
    return Lately(visit, found[:SHOWN], len(found) > SHOWN)


def lately_of(
    visit: Visit, session: Session, *, issues: Collection[int] = (), referrals: Collection[int] = ()
) -> Lately:
    if not (issues or referrals):
        return Lately(visit, ())
    return Lately(visit, undone.decided(session, _since(visit), OF_ONE, issues=issues, referrals=referrals))


def _since(visit: Visit) -> datetime:
    return undoable_since(visit.desk.settings, visit.desk.clock())
