"""What the scripted analyst enters in the registers, morning by morning."""

from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from pipeline.review import Review
from pipeline.review.registers import EntryContent


def enter_of(
    morning: str, review: Review, issue_of: Callable[[str], int | None], actor: str
) -> Iterator[int]:
    """The ids of the entries made; `issue_of` finds the issue of an event."""
    for told in _entries():
        if told["morning"] == morning:
            yield review.enter(told["register"], _content(told, issue_of), actor)


def _content(told: Mapping[str, Any], issue_of: Callable[[str], int | None]) -> EntryContent:
    columns = {name: value for name, value in told.items() if name not in ("morning", "register", "event")}
    columns["unit_codes"] = tuple(columns.get("unit_codes", ()))
    return EntryContent(**columns, issue_id=issue_of(told["event"]) if "event" in told else None)


def _entries() -> list[dict[str, Any]]:
    text = (resources.files("pipeline.demo") / "town" / "registers.yaml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(text)
    return entries
