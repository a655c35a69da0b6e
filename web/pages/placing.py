"""Forms on which articles are one issue, and what it is called."""

import re

from starlette.datastructures import FormData

from pipeline.states import NotAllowed
from web.forms import number, numbers, text
from web.visits import Visit

BEFORE_NUMBER = re.compile(r"^(?:vấn đề)?\s*(?:số)?\s*#?\s*", re.IGNORECASE)
"""What a number is written with on the desk's own pages and in letters."""
LONGEST_SAID = 40
"""in characters, of what was written instead of a number"""


def set_title(visit: Visit) -> None:
    visit.desk.review.set_title(
        visit.id, text(visit.form, "title"), visit.user.actor, seen_version=_seen(visit)
    )


def merge(visit: Visit) -> int:
    return visit.desk.review.merge(
        visit.id, _other(visit), visit.user.actor, text(visit.form, "why"), seen_version=_seen(visit)
    )


def unmerge(visit: Visit) -> int:
    return visit.desk.review.unmerge(
        visit.id, visit.user.actor, text(visit.form, "why"), seen_version=_seen(visit)
    )


def split(visit: Visit) -> int:
    return visit.desk.review.split(
        visit.id,
        numbers(visit.form, "article"),
        visit.user.actor,
        text(visit.form, "why"),
        seen_version=_seen(visit),
    )


def move(visit: Visit) -> int:
    return visit.desk.review.move(
        visit.id,
        numbers(visit.form, "article"),
        _other(visit),
        visit.user.actor,
        text(visit.form, "why"),
        seen_version=_seen(visit),
    )


def _seen(visit: Visit) -> int | None:
    return number(visit.form, "seen_version")


def _other(visit: Visit) -> int:
    """A number that was written goes before what was chosen from the list."""
    typed = text(visit.form, "other_number")
    written = FormData({"other_number": BEFORE_NUMBER.sub("", typed)})
    no_number = f"“{typed[:LONGEST_SAID]}” không phải là số của một vấn đề; hãy chỉ ghi số, ví dụ 25."
    other = number(written, "other_number", no_number) or number(visit.form, "other")
    if other is None:
        raise NotAllowed("Hãy chọn vấn đề hoặc ghi số của nó.")
    return other
