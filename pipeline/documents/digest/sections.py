"""Which list an issue stands in: one, the first that fits.

An official reads from the top, so what is most pressing wins: a missed deadline, an answer that came in,
danger, then what is new, due, developing, and at last any other change. An answer of one agency does not
hide that another is late.
"""

from collections.abc import Iterable
from typing import Literal

from pipeline.documents.digest.changes import changes, was_answered
from pipeline.documents.digest.moment import Moment
from store.models import Issue

Section = Literal[
    "restricted",
    "good_examples",
    "answered",
    "overdue",
    "urgent",
    "topics",
    "due_soon",
    "developing",
    "unrouted",
    "unreferred",
]
URGENT = 3


def sort_out(issues: Iterable[Issue], moment: Moment) -> dict[Section, list[Issue]]:
    """Each issue in at most one list, in the order given."""
    lists: dict[Section, list[Issue]] = {}
    for issue in issues:
        if section := section_of(issue, moment):
            lists.setdefault(section, []).append(issue)
    return lists


def section_of(issue: Issue, moment: Moment) -> Section | None:
    """None where there is nothing to say of the issue today."""
    changed = moment.is_new(issue) or bool(changes(issue, moment))
    if issue.restricted and issue.state == "detected":
        return "restricted"
    if issue.kind == "commendation":
        return "good_examples" if changed else None
    if moment.worst_due(issue) == "overdue":
        return "overdue"
    if was_answered(issue, moment):
        return "answered"
    if issue.state == "closed":
        return None
    return _open_section(issue, moment, changed)


def _open_section(issue: Issue, moment: Moment, changed: bool) -> Section | None:
    if changed and issue.urgency >= URGENT:
        return "urgent"
    if moment.is_new(issue):
        return "topics"
    if moment.worst_due(issue) == "due_soon":
        return "due_soon"
    if changed and _is_developing(issue, moment):
        return "developing"
    if changed:
        return "topics"
    if issue.routing_problem:
        return "unrouted"
    return "unreferred" if issue.id in moment.unreferred else None


def _is_developing(issue: Issue, moment: Moment) -> bool:
    """Reopened, or told of faster than before."""
    reopened = any(
        event.entity == "issue" and event.action == "reopened" for event in moment.events.get(issue.id, ())
    )
    if reopened:
        return True
    growth = moment.growth(issue)
    return growth is not None and growth.developing
