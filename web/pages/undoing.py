"""Taking decisions back: one, or all of those approved together."""

from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.review.undo import TOO_LATE
from pipeline.states import NotAllowed
from store.models import Referral, Undoable
from web.forms import numbers
from web.pages.referrals import AT_ONCE
from web.permissions import Action, may
from web.visits import Visit, for_signed_in


@dataclass(frozen=True)
class TakenBack:
    referral_id: int | None
    name: str
    problem: str | None
    """why it stands; None: it was taken back"""


def undo(visit: Visit) -> None:
    _undo(visit, visit.id)


def _undo(visit: Visit, decision_id: int) -> None:
    """By whoever may take the decision that is undone."""
    with visit.desk.store.read() as session:
        taken = session.get(Undoable, decision_id)
    if taken is None:
        raise NotAllowed(TOO_LATE)
    if not may(visit.user.role, Action(taken.action)):
        raise HTTPException(403)
    visit.desk.review.undo(decision_id, visit.user.actor)


def undo_all(visit: Visit) -> Response:
    """Each by itself: what cannot be taken back any more holds up none of the others."""
    asked = list(dict.fromkeys(numbers(visit.form, "lan")))[:AT_ONCE]
    told = [_one_of_all(visit, number) for number in asked]
    return visit.render(
        "referrals_undone.html",
        undone=[one for one in told if one.problem is None],
        stand=[one for one in told if one.problem is not None],
    )


def _one_of_all(visit: Visit, decision_id: int) -> TakenBack:
    problem = None
    try:
        _undo(visit, decision_id)
    except NotAllowed as refusal:
        problem = str(refusal)
    with visit.desk.store.read() as session:
        referral = _referral_of(session, decision_id)
        if referral is None:
            return TakenBack(None, f"Quyết định {decision_id}", problem)
        return TakenBack(referral.id, f"{referral.agency_name}: {referral.issue.title}", problem)


def _referral_of(session: Session, decision_id: int) -> Referral | None:
    taken = session.get(Undoable, decision_id)
    return session.get(Referral, taken.referral_id) if taken and taken.referral_id else None


def _board(visit: Visit) -> Response:
    """Whoever opens the form's address comes to what may be approved."""
    return RedirectResponse(f"{visit.request.app.url_path_for('referrals')}?tinh-trang=drafted", 303)


def routes() -> list[Route]:
    return [
        Route("/hoan-tac", for_signed_in(undo_all, Action.UNDO), methods=["POST"], name="undo_all"),
        Route("/hoan-tac", for_signed_in(_board, Action.VIEW_BOARD), methods=["GET"]),
    ]
