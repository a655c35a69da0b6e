"""What has just been done, carried by the address that the browser is sent to: no cookie, no memory."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from web import words
from web.permissions import Action

MAX_DIGITS = 9
UNCHANGED = "khong-doi"
"""in the place of an action: it was so already"""


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

    @property
    def words(self) -> str:
        if self.action == UNCHANGED:
            return words.UNCHANGED
        return words.DONE[Action(self.action)] if self.action in words.DONE else ""

    def query(self) -> str:
        told = {"xong": self.action, "so": self.issue_id, "lan": self.decision_id, "tiep": self.then}
        return urlencode({name: value for name, value in told.items() if value})

    def without_undo(self) -> "Done":
        return replace(self, decision_id=None)


def done_of(query: Mapping[str, str]) -> Done:
    """Of whatever an address says: anybody may have written it, so nothing of it but numbers is shown."""
    return Done(query.get("xong", ""), _number(query, "so"), _number(query, "lan"), query.get("tiep", ""))


def _number(query: Mapping[str, str], name: str) -> int | None:
    asked = query.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= MAX_DIGITS else None
