"""How long to wait before a source is asked again: pure functions, a reason beside each number.

See docs/decisions/0013-each-source-at-its-own-pace.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_POLLS_A_GAP = 12
"""Polls between two new items, where a poll without news costs a 304 of a few hundred bytes: one in twelve
then brings a body, which leaves room for busy sources (one in three, every five minutes) and for hosts that
give no mark, and fewer than 15 in 100 of all polls bring one. News waits a twenty-fourth of its usual gap."""
_FULL_POLLS_A_GAP = 2
"""The same where every answer is the whole list, because the host gives no mark to ask by: every second one
is in vain, not eleven of twelve. News waits a quarter of its usual gap."""
_MEMORY = 2
"""New items that what was known of the pace weighs as much as. One would let chance decide, four would take
a day to notice that a source has woken up; two take a few polls. Silence of t lengthens the gap by t / 2."""
_RECENT = 10
"""Items by whose times a first answer tells the pace: fewer are chance, more are the month before last."""
_A_BURST = 3
"""New items from which on their own times tell a pace: two may be one event in two pieces."""
_FIRST_GUESS = timedelta(hours=6)
"""For a list without times: half an hour between two polls, if it can be asked by a mark. Too long for a
newspaper and too short for a village, and mended after a few polls."""
_AFTER_OVERFLOW = 4
"""Every item of the list is new, so others may have come and gone: the next list is a quarter as old."""

_GIVES_UP_AFTER = 8
"""Failed polls in a row, for by then they are half a day apart and more …"""
_GIVES_UP_WITHIN = timedelta(days=3)
"""… over more than a weekend, in which nobody mends a server."""
WHILE_PAUSED = timedelta(days=7)
"""A week costs the host 52 questions a year, and a source that comes back still heals by itself."""


@dataclass(frozen=True)
class Hints:
    """What an answer says of when to ask again, and by which mark."""

    etag: str | None = None
    last_modified: str | None = None
    max_age: timedelta | None = None
    """Cache-Control: max-age, or Expires"""
    retry_after: timedelta | None = None
    """of 429 or 503"""
    ttl: timedelta | None = None
    """<ttl> of RSS"""
    skip_hours: frozenset[int] = frozenset()
    """hours in UTC, <skipHours> of RSS"""
    skip_days: frozenset[int] = frozenset()
    """Monday = 0, <skipDays> of RSS"""

    @property
    def marked(self) -> bool:
        return self.etag is not None or self.last_modified is not None


NO_HINTS = Hints()


@dataclass(frozen=True)
class Bounds:
    shortest: timedelta
    longest: timedelta

    def hold(self, wait: timedelta) -> timedelta:
        return min(self.longest, max(self.shortest, wait))


@dataclass(frozen=True)
class Polled:
    """What one poll has told, an answer "unchanged" included."""

    named: int
    new: int
    since_last: timedelta | None
    """the time since the last answer; None: this is the first"""
    ages: Sequence[timedelta] = ()
    """of the new items, as far as they bear a time; in the first answer all are new"""
    left_over: bool = False
    """more was new than may be taken up at once: the next answer is to bring the rest"""

    @property
    def overflowed(self) -> bool:
        """Whether items may have come and gone between two polls."""
        return self.since_last is not None and self.named > 1 and self.new >= self.named


def next_gap(gap: timedelta | None, polled: Polled) -> timedelta:
    """The time between two new items, as known so far (`gap`) and as this poll tells."""
    if polled.since_last is None or gap is None:
        return _gap_by_times(polled.ages) or gap or _FIRST_GUESS
    told = (_MEMORY * gap + polled.since_last) / (_MEMORY + polled.new)
    if polled.new >= _A_BURST and (by_times := _gap_by_times(polled.ages)) is not None:
        # Half believed: what comes in a burst may end with it.
        told = min(told, 2 * by_times)
    return told


def next_wait(gap: timedelta, polled: Polled, hints: Hints, now: datetime, bounds: Bounds) -> timedelta:
    """How long to wait after an answer; never longer than `bounds` say, whatever the answer asks for."""
    wait = gap / (_POLLS_A_GAP if hints.marked else _FULL_POLLS_A_GAP)
    if polled.left_over:
        wait = bounds.shortest
    elif polled.overflowed and polled.since_last is not None:
        wait = min(wait, polled.since_last / _AFTER_OVERFLOW)
    # An office looks every few minutes: an interval that ends between two looks is not kept.
    wait -= wait % bounds.shortest
    asked_for = (hints.max_age, hints.ttl, hints.retry_after)
    wait = bounds.hold(max(wait, *(least for least in asked_for if least is not None), timedelta(0)))
    return min(bounds.longest, _next_allowed(now + wait, hints) - now)


def longest_gap(bounds: Bounds) -> timedelta:
    """Beyond it nothing more is to be learnt: a source is asked at the longest distance anyway."""
    return _POLLS_A_GAP * bounds.longest


def wait_after_failure(failures: int, hints: Hints, bounds: Bounds) -> timedelta:
    """Doubled at each failure in a row, from twice the shortest wait on."""
    wait = bounds.shortest * (1 << min(failures, 12))
    return bounds.hold(max(wait, hints.retry_after or timedelta(0)))


def gives_up(failures: int, failing_for: timedelta) -> bool:
    """Whether a source is to be paused."""
    return failures >= _GIVES_UP_AFTER and failing_for >= _GIVES_UP_WITHIN


def _gap_by_times(ages: Sequence[timedelta]) -> timedelta | None:
    newest = sorted(max(age, timedelta(0)) for age in ages)[:_RECENT]
    return newest[-1] / len(newest) if newest else None


def _next_allowed(moment: datetime, hints: Hints) -> datetime:
    """`moment`, or the beginning of the next hour in which the outlet may publish."""
    if len(hints.skip_hours) >= 24 or len(hints.skip_days) >= 7:
        # It would be asked never: what is said so carelessly is not meant.
        return moment
    allowed = moment
    while allowed.hour in hints.skip_hours or allowed.weekday() in hints.skip_days:
        allowed = allowed.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return allowed
