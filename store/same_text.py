"""Whether two readings of a page say the same."""

import re
import unicodedata
from typing import NamedTuple

_TYPOGRAPHY = str.maketrans(
    {mark: plain for plain, marks in {'"': "“”„«»‟", "'": "‘’‚‛`´", "-": "‐‑‒–—―−"}.items() for mark in marks}
    | {"…": "...", "\u00ad": "", "\u200b": "", "\ufeff": ""}
)
_SPACE = re.compile(r"\s+")
_SHORTEST_BODY = 300
"""characters: of less, half is a sentence more or less"""
_KIN = 0.2
"""share of the old lines that a text keeps when an editor rewrites it; another text keeps none"""


class Text(NamedTuple):
    title: str
    lead: str | None
    body: str | None


def plain(text: str) -> str:
    """Without spaces, quotes and dashes evened out: what an editor's program changes by itself."""
    return _SPACE.sub("", unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY))


def says_the_same(one: Text, other: Text) -> bool:
    """Whether they differ in spaces and typography alone; where the lead ends does not matter either."""
    return one == other or (plain(one.title) == plain(other.title) and _running(one) == _running(other))


def is_much_less(new: Text, old: Text) -> bool:
    """Whether a page that told a whole article shows a fraction of it: a consent page, a paywall."""
    before = _running(old)
    return len(before) >= _SHORTEST_BODY and len(_running(new)) < len(before) / 2


def is_kin(new: Text, old: Text) -> bool:
    """Whether it is the same article, rewritten perhaps: its title, or some of its lines."""
    if plain(new.title) == plain(old.title) or old.body is None:
        return True
    before, after = _lines(old), _lines(new)
    return len(before & after) >= _KIN * len(before)


def _running(text: Text) -> str:
    return plain(f"{text.lead or ''}{text.body or ''}")


def _lines(text: Text) -> set[str]:
    return {plain(line) for part in text[1:] for line in (part or "").splitlines()} - {""}
