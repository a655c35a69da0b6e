"""What a check says."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing to mend; an error stops part of the daily work today, a warning will or may."""

    severity: Severity
    what: str
    remedy: str


def since(first_day: date, today: date) -> Severity:
    """How bad a lack is that begins on `first_day`."""
    return "error" if first_day <= today else "warning"
