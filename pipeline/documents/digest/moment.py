"""The hour a digest is made at and what it looks back on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.calendar import WorkingCalendar
from pipeline.clocks import Due, due
from pipeline.growth import Growth, growth_of
from pipeline.settings import Settings
from store.models import Event, Issue, Referral, RegisterEntry


def present(issue: Issue) -> list[Referral]:
    """Those of its round: what an agency answered before the issue was reopened answers nothing now."""
    return [referral for referral in issue.referrals if referral.round == issue.round]


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

    _growths: dict[int, Growth | None] = field(default_factory=dict, compare=False)

    def growth(self, issue: Issue) -> Growth | None:
        """Reckoned once: it places the issue and is told in its line."""
        if issue.id not in self._growths:
            self._growths[issue.id] = growth_of(issue, self.settings.growth, self.now)
        return self._growths[issue.id]

    def is_new(self, issue: Issue) -> bool:
        return issue.detected_at > self.since

    def due(self, referral: Referral) -> Due:
        return due(referral, self.now, self.calendar, self.settings.digest.due_soon_working_days)

    def worst_due(self, issue: Issue) -> Due:
        """The standing of the referral of this round that is nearest to or furthest past its deadline."""
        if issue.state == "closed":
            return "none"
        standings = {self.due(referral) for referral in present(issue)}
        order: tuple[Due, ...] = ("overdue", "due_soon", "running", "answered")
        return next((standing for standing in order if standing in standings), "none")
