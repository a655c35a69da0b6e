"""Events in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipeline.formats import vn_date
from pipeline.names import OUTCOME_IN_WORDS, URGENCY_IN_WORDS
from pipeline.states import IN_WORDS
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
    entity = words.ENTITY.get(event.entity, event.entity)
    done = words.EVENT.get((event.entity, event.action)) or IN_WORDS.get(event.action, event.action)
    return f"{entity}: {done}"


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
            was = _in_words(key, before, tables) if key in event.before else ""
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
