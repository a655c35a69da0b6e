"""Events in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.formats import vn_date
from pipeline.names import OUTCOME_IN_WORDS, URGENCY_IN_WORDS
from pipeline.states import IN_WORDS, TABLES
from store.models import Event
from web import words
from web.formats import vn_moment

Table = Mapping[Any, str]

IN_TABLES: dict[str, Table] = {
    "state": IN_WORDS,
    "urgency": URGENCY_IN_WORDS,
    "outcome": OUTCOME_IN_WORDS,
    "role": words.REFERRAL_ROLE | words.ARTICLE_ROLE,
}

SAID_WHOLE = ("user", "session")
"""Things whose name stands in the words of the act."""


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    """empty: there was nothing before"""
    after: str


def who(actor: str, posts: Mapping[str, str]) -> str:
    """The post, stage or agency behind an event's actor."""
    kind, _, name = actor.partition(":")
    if kind == "stage":
        return f"Hệ thống ({words.STAGE.get(name, name)})"
    if kind in words.ACTOR:
        return words.ACTOR[kind]
    return posts.get(actor) or posts.get(name) or f"{words.ROLE.get(kind, kind)} ({name})"


def what(event: Event) -> str:
    return act(event.entity, event.action)


def act(entity: str, action: str) -> str:
    done = words.EVENT.get((entity, action)) or IN_WORDS.get(action, action)
    if entity in SAID_WHOLE:
        return done[:1].upper() + done[1:]
    return f"{words.ENTITY.get(entity, entity)}: {done}"


def acts() -> dict[str, list[str]]:
    """What can be done with each kind of thing."""
    found: dict[str, set[str]] = {entity: set() for entity in words.ENTITY}
    for entity, action in words.EVENT:
        found.setdefault(entity, set()).add(action)
    for entity, table in TABLES.values():
        found[entity].update(state for state in table if any(state in after for after in table.values()))
    return {entity: sorted(some, key=lambda one: act(entity, one)) for entity, some in found.items()}


def changes(event: Event, topics: Mapping[str, str], agencies: Mapping[str, str]) -> list[Change]:
    """Fields that an official knows by name; the columns' own names and codes stay in the store."""
    tables = IN_TABLES | {"topic": topics, "agency": agencies, "way": words.WAY}
    if event.entity == "user":
        tables["role"] = words.ROLE
    found = []
    labels = words.FIELD | (words.FIELD_OF_USER if event.entity == "user" else {})
    for key, label in labels.items():
        before, after = event.before.get(key), event.after.get(key)
        if key in event.after and before != after:
            was = _in_words(key, before, tables) if before is not None else ""
            found.append(Change(label, was, _in_words(key, after, tables)))
    return found


def _in_words(key: str, value: Any, tables: Mapping[str, Table]) -> str:
    if value is None or value == "None":
        return "–"
    if key in tables:
        return tables[key].get(value, str(value))
    return _time_in_words(str(value)) if key.endswith(("_at", "_date")) else str(value)


def _time_in_words(value: str) -> str:
    """ISO 8601, as events hold moments and days."""
    try:
        return vn_date(date.fromisoformat(value))
    except ValueError:
        pass
    try:
        return vn_moment(datetime.fromisoformat(value))
    except ValueError:
        return value
