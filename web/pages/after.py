"""Where the browser goes after a step, and what it or a script is told of it."""

from datetime import datetime

from store.models import Issue
from store.queries import undone
from web.done import UNCHANGED, Done
from web.forms import text
from web.permissions import Action, may
from web.visits import Visit

CORRECTIONS = (Action.SET_TITLE, Action.SET_TOPIC, Action.SET_URGENCY, Action.SET_PLACE)
"""what may be sent as it stood already"""


def from_today(visit: Visit) -> bool:
    return text(visit.form, "from") == "today"


def page_after(visit: Visit, issue_id: int | None) -> str:
    path = visit.request.app.url_path_for
    return str(path("today") if issue_id is None else path("issue", id=issue_id))


def place_after(done: Done) -> str:
    """Where on the page one goes on: what was done is told there."""
    return "#xong" if done.then else ""


def done_with(visit: Visit, action: Action, issue_id: object, began: datetime) -> Done:
    taken = None
    if action != Action.UNDO:
        with visit.desk.store.read() as session:
            taken = undone.latest(session, visit.user.actor, began)
    then = text(visit.form, "then") if from_today(visit) else ""
    number = issue_id if isinstance(issue_id, int) else None
    decision_id = taken.id if taken and taken.action == action.value else None
    if action in CORRECTIONS and number is not None and not _changed(visit, number, began):
        return Done(UNCHANGED, number, None, then)
    return Done(action.value, number, decision_id, then)


def _changed(visit: Visit, issue_id: int, began: datetime) -> bool:
    with visit.desk.store.read() as session:
        return undone.has_acted(session, visit.user.actor, issue_id, began)


def told_of(visit: Visit, done: Done) -> dict[str, object]:
    """What a script needs to write the line that stands for what was decided."""
    path = visit.request.app.url_path_for
    told: dict[str, object] = {"done": done.words, "issue": done.issue_id}
    if done.decision_id is not None and may(visit.user.role, Action.UNDO):
        told["undo"] = str(path("undo", id=done.decision_id))
    if done.issue_id is not None:
        with visit.desk.store.read() as session:
            issue = session.get_one(Issue, done.issue_id)
            told |= {"address": str(path("issue", id=issue.id)), "version": issue.version}
    return told
