"""Words as they are looked for: each as it would be typed without marks, and, marked ones, as it stands.

Both are plain letters and digits, so that no database's own idea of Vietnamese takes part.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

MAX_WORDS = 20
"""of a question; the rest is left out"""
MAX_LETTERS = 100
"""of a word; PostgreSQL refuses some thousand"""
GAP = "·"
"""between two texts: no phrase reaches over it"""
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile('["“”„«»]([^"“”„«»]*)["“”„«»]')
# As on a Vietnamese keyboard (Telex); the tone goes to the end, wherever it was set: "hòa" is "hoà".
_CIRCUMFLEX, _SHAPES = "\u0302", {"\u0306": "w", "\u031b": "w"}
_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
# Texts converted from old fonts bear the Icelandic letter, which looks the same.
_CROSSED_D = "đ\u00f0"


class Word(NamedTuple):
    plain: str
    """without marks, in small letters: "rac" """
    exact: str
    """the same where the word bears no marks, else a word of its own: "zracs" """

    @property
    def marked(self) -> bool:
        return self.plain != self.exact


class Found(NamedTuple):
    start: int
    end: int
    word: Word


Term = tuple[str, ...]
"""words that stand side by side; mostly one"""


def words(text: str) -> Iterator[Found]:
    """Positions are those in `unicodedata.normalize("NFC", text)`."""
    for match in _WORD.finditer(unicodedata.normalize("NFC", text)):
        word = _word(match[0][:MAX_LETTERS])
        if word.plain:
            yield Found(match.start(), match.end(), word)


def places(text: str, wanted: Collection[str]) -> list[tuple[int, int]]:
    """Where its words that are `wanted` stand, in either form; positions as in `words`."""
    return [
        match.span()
        for match in _WORD.finditer(unicodedata.normalize("NFC", text))
        if (word := _word(match[0][:MAX_LETTERS])).plain in wanted or word.exact in wanted
    ]


def forms(text: str) -> set[str]:
    """Its words, each without marks and as it stands."""
    written = set(_WORD.findall(unicodedata.normalize("NFC", text)))
    return {form for one in written for form in _word(one[:MAX_LETTERS]) if form}


@lru_cache(maxsize=50_000)
def _word(written: str) -> Word:
    plain, typed, tone = "", "", ""
    for letter in unicodedata.normalize("NFKD", written.lower()):
        if letter == _CIRCUMFLEX:
            typed += typed[-1:]
        elif letter in _SHAPES:
            typed += _SHAPES[letter]
        elif letter in _TONES:
            tone = _TONES[letter]
        elif letter in _CROSSED_D:
            plain, typed = plain + "d", typed + "dd"
        elif letter.isalnum():
            plain, typed = plain + letter, typed + letter
    # Cut again: one sign may stand for eighteen, or for none.
    plain, typed = plain[:MAX_LETTERS], typed[:MAX_LETTERS] + tone
    return Word(plain, plain if typed == plain else f"z{typed}")


def terms(question: str, *, marks: bool = True) -> tuple[Term, ...]:
    """What must all be there: single words, and what stands in quotation marks as it stands.

    A word with marks means itself alone, one without marks every word that it may stand for; without `marks`
    all do.
    """
    said = unicodedata.normalize("NFC", question)
    phrases = [_phrase(_said(match[1], marks=marks)) for match in _QUOTED.finditer(said)]
    single = [(word.exact,) for word in _said(_QUOTED.sub(" ", said), marks=marks)]
    return _bounded(dict.fromkeys(term for term in [*phrases, *single] if term))


def _said(text: str, *, marks: bool) -> list[Word]:
    return [found.word if marks else Word(found.word.plain, found.word.plain) for found in words(text)]


def _phrase(said: Sequence[Word]) -> Term:
    """Where one word is marked, the others are meant as they are written as well."""
    marked = any(word.marked for word in said)
    return tuple(word.exact if marked else word.plain for word in said)


def _bounded(found: dict[Term, None]) -> tuple[Term, ...]:
    kept: list[Term] = []
    for term in found:
        left = MAX_WORDS - sum(map(len, kept))
        kept += [term[:left]] if left > 0 else []
    return tuple(kept)


def as_typed(question: str) -> dict[Term, str]:
    """By each term without marks what was typed for it, in that order; a phrase with its quotation marks."""
    said = unicodedata.normalize("NFC", question)
    phrases = [
        (match.start(), _phrase(_said(match[1], marks=False)), match[0]) for match in _QUOTED.finditer(said)
    ]
    # As long as before: the places stay.
    rest = _QUOTED.sub(lambda match: " " * len(match[0]), said)
    single = [(found.start, (found.word.plain,), rest[found.start : found.end]) for found in words(rest)]
    return {term: typed for _, term, typed in sorted([*phrases, *single]) if term}


def outlet_word(key: str) -> str:
    """By which an outlet stands among the words."""
    return "zo" + "".join(letter if letter.isascii() and letter.isalnum() else "x" for letter in key.lower())


def pair(first: str, second: str) -> str:
    """By which two words side by side stand among the words; no word has this sign."""
    return f"{first}_{second}"


def indexed(texts: Sequence[str], outlet_keys: Sequence[str]) -> str:
    """Everything that a question may ask for: the texts without marks, then as they stand, then outlets."""
    said = [[found.word for found in words(text)] for text in texts]
    plain = (" ".join(word.plain for word in text) for text in said)
    exact = (" ".join(word.exact for word in text) for text in said if any(word.marked for word in text))
    return f" {GAP} ".join([*plain, *exact, *map(outlet_word, outlet_keys)])
