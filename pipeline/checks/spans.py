"""The coming year cut at every day on which programmes, agencies or routes change."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from pipeline.settings import Settings, Term

HORIZON_DAYS = 365
ONE_DAY = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True)
class Span:
    """Days, both included, on which the same rules hold."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"from {self.first} to {self.last}" if self.first != self.last else f"on {self.first}"


def spans(terms: Iterable[Term], today: date) -> Iterator[Span]:
    end = today + timedelta(days=HORIZON_DAYS)
    changes = {term.valid_from for term in terms}
    changes |= {term.valid_to + ONE_DAY for term in terms if term.valid_to is not None}
    starts = [today, *sorted(day for day in changes if today < day <= end)]
    for start, following in zip(starts, [*starts[1:], end + ONE_DAY], strict=True):
        yield Span(start, following - ONE_DAY)


def spans_of(settings: Settings, today: date) -> list[Span]:
    return list(spans([*settings.programmes, *settings.agencies, *settings.routes], today))


def stretches(all_spans: Iterable[Span], state_on: Callable[[date], T]) -> list[tuple[T, Span]]:
    """What `state_on` says of each span; neighbours that say the same are one."""
    found: list[tuple[T, Span]] = []
    for span in all_spans:
        state = state_on(span.first)
        if found and found[-1][0] == state:
            found[-1] = (state, replace(found[-1][1], last=span.last))
        else:
            found.append((state, span))
    return found
