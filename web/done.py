"""What has just been done, carried by the address that the browser is sent to: no cookie, no memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from pipeline.formats import vn_date
from web import words
from web.permissions import Action

MAX_DIGITS = 9
UNCHANGED = "khong-doi"
"""in the place of an action: it was so already"""
TOLD = ("xong", "so", "lan", "tiep", "den", "viec")
"""What of an address tells of it."""


@dataclass(frozen=True)
class Done:
    action: str = ""
    """empty: nothing was done"""
    issue_id: int | None = None
    """what it was done to, or where it led"""
    decision_id: int | None = None
    """to be undone by this number; None: it cannot be"""
    then: str = ""
    """the item of the page that comes next"""
    until: date | None = None
    """the day to which it moved a deadline"""
    undone: str = ""
    """the action that was taken back"""

    @property
    def words(self) -> str:
        if self.action == UNCHANGED:
            return words.UNCHANGED
        if self.action not in words.DONE:
            return ""
        action = Action(self.action)
        if action == Action.UNDO and self.undone in words.TAKEN:
            return f"Đã hoàn tác: {words.TAKEN[Action(self.undone)]}."
        if self.until and action in words.DONE_UNTIL:
            return words.DONE_UNTIL[action].format(day=vn_date(self.until))
        return " ".join(filter(None, (words.DONE[action], words.FOR_GOOD.get(action))))

    def query(self) -> str:
        values = (
            self.action,
            self.issue_id,
            self.decision_id,
            self.then,
            self.until and self.until.isoformat(),
            self.undone,
        )
        return urlencode({name: value for name, value in zip(TOLD, values, strict=True) if value})


def done_of(query: Mapping[str, str]) -> Done:
    """Of whatever an address says: anybody may have written it, so nothing of it but numbers is shown."""
    return Done(
        query.get("xong", ""),
        _number(query, "so"),
        _number(query, "lan"),
        query.get("tiep", ""),
        _day(query.get("den", "")),
        query.get("viec", ""),
    )


def _number(query: Mapping[str, str], name: str) -> int | None:
    asked = query.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MAX_DIGITS else None


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None
