"""Vietnamese text: one spelling of every syllable, tokens that know where they stood, sentences, words."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MAX_CHARS = 200_000
"""Longer inputs are read up to here: the gist of a news text stands at its head; no call may take long."""

MAX_SEGMENTED = 60_000
"""underthesea reads about 150,000 characters a second; `words` must stay well under a second."""

# Zero-width characters and the soft hyphen: invisible, yet they would tear a syllable apart.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_INVISIBLE_TABLE = dict.fromkeys(map(ord, _INVISIBLE))
_MARKS = "\u0300-\u036f"
_TOKEN = re.compile(rf"(?:[^\W_][{_MARKS}{_INVISIBLE}]*)+")
_BREAKS = frozenset('.,;:!?…"“”()[]\n/|–—')
_BREAK = re.compile(f"[{re.escape(''.join(sorted(_BREAKS)))}]")

_TONED_SECOND = {"o": "àáảãạèéẻẽẹ", "u": "ỳýỷỹỵ"}
_TONED_FIRST = {"o": "òóỏõọòóỏõọ", "u": "ùúủũụ"}
_PLAIN_SECOND = {"o": "aaaaaeeeee", "u": "yyyyy"}


def _tone_pairs() -> dict[str, str]:
    pairs = {}
    for first, second in _TONED_SECOND.items():
        for toned, moved, plain in zip(second, _TONED_FIRST[first], _PLAIN_SECOND[first], strict=True):
            for old in (first + toned, first.upper() + toned, first.upper() + toned.upper()):
                vowel = moved.upper() if old[0].isupper() else moved
                pairs[old] = vowel + (plain.upper() if old[1].isupper() else plain)
    return pairs


_TONES = _tone_pairs()
# Only at the end of a syllable ("toàn" has one spelling), and "quý" bears its tone on y in every spelling.
_TONE = re.compile("(?<![qQ])(?:" + "|".join(_TONES) + r")(?![^\W\d_])")
_SPACE = re.compile(r"\s+")


def normalise(text: str) -> str:
    """NFC, no invisible characters, runs of whitespace as one space, and "hoà" written "hòa".

    The tone stands on the first vowel of open "oa", "oe", "uy": the spelling of the state's conversion table.
    """
    composed = unicodedata.normalize("NFC", text.translate(_INVISIBLE_TABLE))
    return _SPACE.sub(" ", _TONE.sub(lambda match: _TONES[match[0]], composed)).strip()


def fold(text: str) -> str:
    """Lower case without diacritics, "đ" as "d": how people type names into a search box."""
    decomposed = unicodedata.normalize("NFD", normalise(text).lower().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text as given: text[start:end]."""

    start: int
    end: int


@lru_cache(maxsize=50_000)
def _syllable(written: str) -> str:
    return normalise(written).lower()


@lru_cache(maxsize=50_000)
def folded_syllable(written: str) -> str:
    return fold(written)


class Token(NamedTuple):
    """One syllable or number: in normal spelling and lower case, as written, and where it stood."""

    norm: str
    written: str
    start: int
    end: int
    broken: bool
    """punctuation stands between this token and the one before"""


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    before = 0
    for match in _TOKEN.finditer(text, 0, MAX_CHARS):
        start, end = match.span()
        # Mostly one space stands between two; a search costs several times the look at one character.
        if start - before > 1:
            broken = _BREAK.search(text, before, start) is not None
        else:
            broken = start > before > 0 and text[before] in _BREAKS
        written = match[0]
        found.append(Token(_syllable(written), written, start, end, broken))
        before = end
    return found


def capitalised(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Runs of tokens with a capital side by side, unbroken, as [first, last)."""
    index = 0
    while index < len(found):
        last = index
        while (
            last < len(found)
            and found[last].written[0].isupper()
            and not (last > index and found[last].broken)
        ):
            last += 1
        if last > index:
            yield index, last
        index = max(last, index + 1)


class Joined:
    """Tokens as one string " a b | c ", so that whole syllables are found by " term ", with the way back."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        parts: list[str] = []
        self._starts: list[int] = []
        position = 1
        for token in self.tokens:
            if token.broken:
                parts.append("|")
                position += 2
            self._starts.append(position)
            parts.append(token.norm)
            position += len(token.norm) + 1
        self.string = " " + " ".join(parts) + " "

    def token_at(self, position: int) -> int:
        """Index of the token that covers this position of `string`."""
        return max(bisect_right(self._starts, position) - 1, 0)

    def span(self, start: int, end: int) -> Span:
        """Where string[start:end] stood in the text as given."""
        first, last = self.token_at(start), self.token_at(end - 1)
        return Span(self.tokens[first].start, self.tokens[last].end)


_SENTENCE_END = re.compile(r"(?:[.!?…]+[\"”'’)\]]*(?=\s|$)|\n+)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(,])(?:TP|Tp|Q|P|H|X|TX|TT|KP|ThS|TS|PGS|GS|BS|ThS\.BS|Th|Tr|St|Dr|Mr|Mrs|Ms|No|[A-ZĐ])\.$"
)


def sentences(text: str) -> list[Span]:
    """Sentences without the space around them; an abbreviation ("TP. Vinh") ends none."""
    spans: list[Span] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[match.start()] == "." and _ABBREVIATION.search(
            text[max(start, match.end() - 12) : match.end()]
        ):
            continue
        spans += _stripped(text, start, match.end())
        start = match.end()
    return spans + _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> list[Span]:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    return [Span(left, right)] if left < right else []


def words(text: str) -> list[str]:
    """Words as underthesea segments them: "bãi rác" is one."""
    # Its model takes a moment to load and most callers of this module need no words.
    from underthesea import word_tokenize

    readable = normalise(text[:MAX_SEGMENTED]).encode("utf-8", "ignore").decode()
    return [str(word) for word in word_tokenize(readable)] if readable else []


def segments(text: str, found: Sequence[Token]) -> list[tuple[int, int]]:
    """The words of `text` as [first, last) of its tokens; a token alone where the two readings part."""
    spans: list[tuple[int, int]] = []
    at = 0
    for word in words(text):
        norms = [token.norm for token in tokens(word)]
        last = at + len(norms)
        if [token.norm for token in found[at:last]] != norms:
            break
        if norms:
            spans.append((at, last))
            at = last
    return spans + [(index, index + 1) for index in range(at, len(found))]
