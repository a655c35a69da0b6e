"""Whether two readings of a page say the same."""

import re
import unicodedata
from collections import Counter
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
_ONE, _ONE_UNDER_ANOTHER_TITLE = 0.8, 0.95
"""share of a text, in characters of whole sentences, that two showings of one article have in common: print
and mobile pages nearly all of it. Under one title it is a share of the shorter text, for a part may be left
out. Under another of the longer: a stock answer alone is part of every page with that answer."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n")


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


def is_one(new: Text, old: Text) -> bool:
    """Whether two pages that give themselves one address show one article; stricter than for one page at two
    times: on badly built sites all pages name one address, or have one title."""
    same_title = plain(new.title) == plain(old.title)
    if new.body is None or old.body is None:
        return same_title
    one, other = _sentences(new), _sentences(old)
    shared, (shorter, longer) = _size(one & other), sorted((_size(one), _size(other)))
    if same_title:
        return shared >= _ONE * shorter
    return shorter >= _SHORTEST_BODY and shared >= _ONE_UNDER_ANOTHER_TITLE * longer


def _sentences(text: Text) -> Counter[str]:
    """However they are parted into lines, and each as often as it stands there."""
    return Counter(plain(one) for part in text[1:] for one in _SENTENCE_END.split(part or ""))


def _size(sentences: Counter[str]) -> int:
    return sum(len(sentence) * times for sentence, times in sentences.items())


def _running(text: Text) -> str:
    return plain(f"{text.lead or ''}{text.body or ''}")


def _lines(text: Text) -> set[str]:
    return {plain(line) for part in text[1:] for line in (part or "").splitlines()} - {""}
