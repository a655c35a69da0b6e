"""Every topic, commune and day of the coming year: for which of them do the rules not name one agency?"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.checks.spans import Span, spans_of, stretches
from pipeline.names import topics
from pipeline.routing import matching_rules, programme_on
from pipeline.settings import Settings


@dataclass(frozen=True)
class Gap:
    """Topics of which, in some places and on some days, no rule or several equal ones name the agency."""

    span: Span
    leads: tuple[str, ...]
    """of the equal rules; empty where there is none"""
    places: tuple[str | None, ...]
    """communes with rules of their own, or None for all where none of these says otherwise"""
    topics: tuple[str, ...]


def gaps(settings: Settings, today: date) -> list[Gap]:
    """Over every topic, every commune and every day of the coming year; what is alike is one.

    Communes without rules of their own are alike, and so are the days between two changes: so many need
    not be walked one by one.
    """
    found = [
        (span, rules, place, topic)
        for topic in topics(settings)
        for place in _places(settings, topic)
        for rules, span in _undecided(settings, topic, place, today)
    ]
    by_place: dict[tuple[Span, tuple[str, ...], str], list[str | None]] = defaultdict(list)
    for span, rules, place, topic in found:
        by_place[span, rules, topic].append(place)
    by_topic: dict[tuple[Span, tuple[str, ...], tuple[str | None, ...]], list[str]] = defaultdict(list)
    for (span, rules, topic), places in by_place.items():
        by_topic[span, rules, tuple(places)].append(topic)
    return [Gap(*alike, tuple(named)) for alike, named in by_topic.items()]


def _undecided(
    settings: Settings, topic: str, place: str | None, today: date
) -> Iterator[tuple[tuple[str, ...], Span]]:
    def leads(day: date) -> tuple[str, ...] | None:
        """None: one rule, no programme (told elsewhere), or what holds everywhere holds here too."""
        rules = matching_rules(settings, topic, place, day)
        if len(rules) == 1 or programme_on(settings, day) is None:
            return None
        if place and rules == matching_rules(settings, topic, None, day):
            return None
        return tuple(rule.lead for rule in rules)

    for found, span in stretches(spans_of(settings, today), leads):
        if found is not None:
            yield found, span


def _places(settings: Settings, topic: str) -> list[str | None]:
    """The communes that have rules of their own, and None for all the others."""
    own = {route.place for route in settings.routes if route.topic == topic}
    return [None, *sorted(place for place in own - {None, settings.office.province} if place)]
