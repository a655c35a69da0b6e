"""The hour a digest is made at and what it looks back on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.calendar import WorkingCalendar
from pipeline.clocks import Due, due
from pipeline.settings import Settings
from store.models import Event, Issue, Referral, RegisterEntry


@dataclass(frozen=True)
class Moment:
    settings: Settings
    now: datetime
    since: datetime
    calendar: WorkingCalendar
    events: Mapping[int, Sequence[Event]]
    """what happened to each issue and its referrals since then, by issue id"""
    unreferred: frozenset[int]
    """ids of open issues with neither a referral under way nor a routing problem"""
    extensions: Mapping[int, Event]
    """the last of each referral that was given more time"""
    projects: Sequence[RegisterEntry] = ()
    """under watch: concerns near them are told so"""

    def is_new(self, issue: Issue) -> bool:
        return issue.detected_at > self.since

    def due(self, referral: Referral) -> Due:
        return due(referral, self.now, self.calendar, self.settings.digest.due_soon_working_days)

    def worst_due(self, issue: Issue) -> Due:
        """The standing of the referral that is nearest to or furthest past its deadline."""
        if issue.state == "closed":
            return "none"
        standings = {self.due(referral) for referral in issue.referrals}
        order: tuple[Due, ...] = ("overdue", "due_soon", "running", "answered")
        return next((standing for standing in order if standing in standings), "none")
