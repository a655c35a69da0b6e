"""Vietnamese text: one spelling of every syllable, tokens that know where they stood, sentences, words."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import accumulate
from typing import NamedTuple, TypeVar

MAX_CHARS = 200_000
"""Longer inputs are read up to here: the gist of a news text stands at its head; no call may take long."""

MAX_SEGMENTED = 60_000
"""underthesea reads about 150,000 characters a second; `words` must stay well under a second."""

MOST_KEPT = 50_000

Known = TypeVar("Known")

# Zero-width characters and the soft hyphen: invisible, yet they would tear a syllable apart.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
# Texts converted from old fonts bear the Icelandic letter, which looks the same.
_SPELLED = {**dict.fromkeys(map(ord, _INVISIBLE)), 0xD0: "Đ", 0xF0: "đ"}
_MARKS = "\u0300-\u036f"
_TOKEN = re.compile(rf"([^\W_]+(?:[{_MARKS}{_INVISIBLE}]+[^\W_]*)*)")
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
    """NFC, no invisible characters, "Đ" as such, runs of whitespace as one space, and "hoà" written "hòa".

    The tone stands on the first vowel of open "oa", "oe", "uy": the spelling of the state's conversion table.
    """
    composed = unicodedata.normalize("NFC", text.translate(_SPELLED))
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


class Kept(dict[str, Known]):
    """What a function says of a syllable, kept: a look-up costs a third of a call that is cached.

    Begun anew when it is full: the syllables of Vietnamese are some thousands.
    """

    def __init__(self, say: Callable[[str], Known]) -> None:
        self._say = say

    def __missing__(self, written: str) -> Known:
        if len(self) >= MOST_KEPT:
            self.clear()
        said = self[written] = self._say(written)
        return said


def _syllable(written: str) -> str:
    return normalise(written).lower()


_NORMS = Kept(_syllable)


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


# A third of the time of Token(…), which goes through a function of Python.
_token: Callable[[tuple[str, str, int, int, bool]], Token] = partial(tuple.__new__, Token)


def tokens(text: str) -> list[Token]:
    # Gaps and syllables in turn, put together without a step of Python for each: half the time.
    pieces = _TOKEN.split(text[:MAX_CHARS])
    ends = list(accumulate(map(len, pieces)))
    written = pieces[1::2]
    # Mostly a gap is one space.
    broken = [gap != " " and _BREAK.search(gap) is not None for gap in pieces[:-1:2]]
    if broken and ends[0] == 1:
        # One sign at the head of a text parts it from nothing.
        broken[0] = False
    norms = map(_NORMS.__getitem__, written)
    return list(map(_token, zip(norms, written, ends[:-1:2], ends[1::2], broken, strict=True)))


def next_line(found: list[Token], text: str, more: Sequence[Token]) -> list[Token]:
    """The tokens of text + "\\n" + another text, from those of both."""
    shift = len(text) + 1
    moved = [
        _token((norm, written, start + shift, end + shift, broken))
        for norm, written, start, end, broken in more
    ]
    if moved:
        moved[0] = moved[0]._replace(broken=moved[0].start > 1)
    return found + moved


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
        parts = [f"| {norm}" if broken else norm for norm, _, _, _, broken in self.tokens]
        self.string = f" {' '.join(parts)} "

    @cached_property
    def _starts(self) -> list[int]:
        starts: list[int] = []
        position = 1
        for token in self.tokens:
            position += 2 * token.broken
            starts.append(position)
            position += len(token.norm) + 1
        return starts

    def token_at(self, position: int) -> int:
        """Index of the token that covers this position of `string`."""
        return max(bisect_right(self._starts, position) - 1, 0)


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


@lru_cache(maxsize=MOST_KEPT)
def _norms(word: str) -> list[str]:
    return [token.norm for token in tokens(word)]


def segments(text: str, found: Sequence[Token]) -> list[tuple[int, int]]:
    """The words of `text` as [first, last) of its tokens; a token alone where the two readings part."""
    spans: list[tuple[int, int]] = []
    at = 0
    for word in words(text):
        norms = _norms(word)
        last = at + len(norms)
        if [token.norm for token in found[at:last]] != norms:
            break
        if norms:
            spans.append((at, last))
            at = last
    return spans + [(index, index + 1) for index in range(at, len(found))]
