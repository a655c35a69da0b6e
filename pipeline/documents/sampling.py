"""Invented contents of every kind of document, full and as empty as they may be, to try a template with."""

import types
import typing
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from docxtpl import RichText

from pipeline.clock import LOCAL

DAY = date(2026, 11, 20)
MOMENT = datetime(2026, 11, 20, 7, 0, tzinfo=LOCAL)
PLAIN: dict[Any, Any] = {
    str: "chữ",
    int: 1,
    float: 1.5,
    bool: True,
    date: DAY,
    datetime: MOMENT,
}


def sample(annotation: Any, *, full: bool) -> Any:
    """A value of the type; without `full` every list is empty and what may be missing is."""
    if annotation in PLAIN:
        return PLAIN[annotation]
    if is_dataclass(annotation):
        return _filled(typing.cast("type", annotation), full=full)
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return parts[0]
    if origin is tuple:
        return (sample(parts[0], full=full),) * 2 if full else ()
    if origin in (types.UnionType, typing.Union):
        return sample(next(part for part in parts if part is not type(None)), full=full) if full else None
    return RichText("chữ")


def _filled(kind: type, *, full: bool) -> Any:
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: sample(hints[field.name], full=full) for field in fields(kind)})
