"""When each source is due, and what its answers mean for when it is due again."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crawler import polling
from crawler.habit import usual_silence
from crawler.polling import Bounds, Hints, Polled
from crawler.settings import CrawlerSettings
from crawler.trouble_kinds import TroubleKind
from store.queries import sources
from store.queries.sources import GoodPoll, SourceState

SOON = timedelta(minutes=1)
"""What falls due within it is due: a poll every five minutes, called by cron every five minutes, would else
be a second too early each second time."""


@dataclass
class _SoFar:
    """What a source has told in this run, in all answers that its poll took: an index has children."""

    named: int = 0
    new: int = 0
    ages: list[timedelta] = field(default_factory=list)
    left_over: bool = False


class Polls:
    def __init__(
        self,
        settings: CrawlerSettings,
        clock: Callable[[], datetime],
        states: Mapping[str, SourceState],
        always: Collection[str] = (),
    ) -> None:
        """`always`: keys of sources whose pace is all the same, for asking them disturbs nobody."""
        self._bounds = Bounds(
            timedelta(minutes=settings.shortest_poll_minutes),
            timedelta(minutes=settings.longest_poll_minutes),
        )
        self._clock = clock
        self._states = states
        self._always = always
        self._so_far: dict[str, _SoFar] = {}

    def due(self) -> Iterator[SourceState]:
        soon = self._clock() + SOON
        for state in self._states.values():
            if state.next_poll_at is None or state.next_poll_at <= soon:
                yield state

    def unchanged(self, session: Session, key: str, hints: Hints) -> None:
        """The marks of an answer "unchanged" are those by which it was asked, unless it gives newer ones."""
        state = self._states[key]
        kept = hints if hints.marked else replace(hints, etag=state.etag, last_modified=state.last_modified)
        self._note(session, state, _SoFar(), kept, answered=False)

    def answered(
        self,
        session: Session,
        key: str,
        hints: Hints,
        *,
        named: int,
        published: Sequence[datetime | None],
        newest_known_at: datetime | None,
        left_over: bool,
    ) -> None:
        """`published`: of the new items, as far as the source tells. `left_over`: not all were taken up."""
        so_far = self.brought(key, named, published)
        so_far.left_over = so_far.left_over or left_over
        self._note(session, self._states[key], so_far, hints, answered=True, newest_known_at=newest_known_at)

    def brought(self, key: str, named: int, published: Sequence[datetime | None]) -> _SoFar:
        """A part of what a poll brings, whose end is still to come."""
        now = self._clock()
        so_far = self._so_far.setdefault(key, _SoFar())
        so_far.named += named
        so_far.new += len(published)
        so_far.ages += [now - time for time in published if time is not None]
        return so_far

    def failed(self, session: Session, key: str, error: str, kind: TroubleKind, hints: Hints) -> None:
        state, now = self._states[key], self._clock()
        failures = state.failures + 1
        paused = polling.gives_up(failures, now - (state.failing_since or now))
        wait = polling.wait_after_failure(failures, hints, self._bounds)
        sources.record_poll_failure(
            session,
            state.id,
            now=now,
            next_poll_at=now + (polling.WHILE_PAUSED if paused else wait),
            error=error,
            kind=kind,
            paused=paused,
        )

    def _note(
        self,
        session: Session,
        state: SourceState,
        so_far: _SoFar,
        hints: Hints,
        *,
        answered: bool,
        newest_known_at: datetime | None = None,
    ) -> None:
        now = self._clock()
        polled = Polled(
            named=so_far.named,
            new=so_far.new,
            since_last=now - state.last_ok_at if state.last_ok_at else None,
            ages=so_far.ages,
            left_over=so_far.left_over,
        )
        gap = min(polling.next_gap(state.gap, polled), polling.longest_gap(self._bounds))
        # A habit changes with what is new; most polls bring nothing.
        stays = state.usual_silence is not None and not so_far.new
        wait = polling.next_wait(gap, polled, hints, now, self._bounds)
        sources.record_poll(
            session,
            state.id,
            GoodPoll(
                at=now,
                next_at=now + (self._bounds.shortest if state.key in self._always else wait),
                etag=hints.etag,
                last_modified=hints.last_modified,
                gap=gap,
                usual_silence=state.usual_silence if stays else usual_silence(session, state.id, now),
                named=so_far.named if answered else None,
                new=so_far.new if answered else None,
            ),
            newest_known_at,
        )
