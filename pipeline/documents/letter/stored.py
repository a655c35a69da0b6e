"""A letter's words as a referral keeps them from its approval on."""

from typing import Any

from pydantic import TypeAdapter

from pipeline.documents.letter.content import Letter

_LETTERS = TypeAdapter(Letter)


def as_stored(letter: Letter) -> dict[str, Any]:
    stored: dict[str, Any] = _LETTERS.dump_python(letter, mode="json", exclude={"answer_at"})
    return stored


def from_stored(stored: dict[str, Any]) -> Letter:
    """Raises pydantic.ValidationError for what `as_stored` has not made."""
    return _LETTERS.validate_python(stored)
