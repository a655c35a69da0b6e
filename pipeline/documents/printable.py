"""Texts as a document can hold them."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from store.texts import keepable

T = TypeVar("T")


def printable(content: T) -> T:
    """`content`, of which no text holds a character that would break DOCX, HTML or a mail.

    New texts come into the store without them; what older rows or JSON columns hold may not be so.
    Takes a text or a frozen content: a dataclass of texts, tuples and other such dataclasses.
    """
    return cast("T", _printable(content))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, tuple):
        return tuple(_printable(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: _printable(getattr(value, field.name)) for field in fields(value)}
        )
    return value
