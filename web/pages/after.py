"""Where the browser goes after a step, and what it or a script is told of it."""

from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from store.models import Issue, Undoable
from store.queries import undone
from web.done import TOLD, UNCHANGED, Done
from web.forms import text
from web.permissions import Action, may
from web.visits import Visit, own_path

CORRECTIONS = (Action.SET_TITLE, Action.SET_TOPIC, Action.SET_URGENCY, Action.SET_PLACE)
"""what may be sent as it stood already"""


def from_today(visit: Visit) -> bool:
    return text(visit.form, "from") == "today"


def page_after(visit: Visit, issue_id: int | None) -> str:
    """The desk's own page on which the step was taken, else the issue's."""
    path = visit.request.app.url_path_for
    if from_today(visit):
        return str(path("today"))
    return taken_on(visit) or str(path("today") if issue_id is None else path("issue", id=issue_id))


def address_after(page: str, done: Done) -> str:
    """`page`, telling what was done, and on it the place where one goes on."""
    parts = urlsplit(page)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in TOLD]
    query = "&".join(filter(None, (urlencode(kept), done.query())))
    return f"{parts.path}?{query}{'#xong' if done.then else ''}"


def taken_on(visit: Visit) -> str | None:
    """An own page only: anybody may have written the form."""
    back = text(visit.form, "back")
    return own_path(visit.request, back) if back else None


def done_with(
    visit: Visit, action: Action, issue_id: object, began: datetime, until: date | None = None
) -> Done:
    """`until`: the day to which a deadline was moved."""
    taken, taken_back = None, ""
    with visit.desk.store.read() as session:
        if action == Action.UNDO:
            taken_back = session.get_one(Undoable, visit.id).action
        else:
            taken = undone.latest(session, visit.user.actor, began)
    then = text(visit.form, "then") if from_today(visit) else ""
    number = issue_id if isinstance(issue_id, int) else None
    decision_id = taken.id if taken and taken.action == action.value else None
    if action in CORRECTIONS and number is not None and not _changed(visit, number, began):
        return Done(UNCHANGED, number, None, then)
    return Done(action.value, number, decision_id, then, until, taken_back)


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
