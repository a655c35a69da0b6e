"""Pieces of words, as the encoder knows them: the likeliest split of each word (unigram language model)."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from nlp.text import normalise

BEGIN_OF_WORD = "\u2581"
UNKNOWN_PENALTY = 10.0
"""An unknown character costs so much more than the rarest piece."""
LONGEST_WORD = 60
"""Characters: what is longer is no word; it is split no further than here, so that no input takes long."""


class Pieces:
    def __init__(self, pieces: Sequence[str], scores: Sequence[float], unknown: int) -> None:
        self._scored = {
            piece: (score, n) for n, (piece, score) in enumerate(zip(pieces, scores, strict=True))
        }
        self._longest = max(map(len, pieces))
        self._unknown = unknown
        self._no_piece = min(scores) - UNKNOWN_PENALTY
        self.of_word = lru_cache(maxsize=20_000)(self._of_word)

    def numbers(self, text: str) -> list[int]:
        """The numbers of the pieces of `text`, word by word."""
        words = unicodedata.normalize("NFKC", normalise(text)).split()
        return [number for word in words for number in self.of_word(word[:LONGEST_WORD])]

    def _of_word(self, word: str) -> tuple[int, ...]:
        """Viterbi: the best way to each place in the word, then back along it."""
        marked = BEGIN_OF_WORD + word
        best = [0.0] + [float("-inf")] * len(marked)
        step: list[tuple[int, int]] = [(0, 0)] * (len(marked) + 1)
        """to each place: from where, by which piece"""
        for start in range(len(marked)):
            for end in range(start + 1, min(start + self._longest, len(marked)) + 1):
                score, number = self._scored.get(marked[start:end], (None, 0))
                if score is None:
                    if end > start + 1:
                        continue
                    score, number = self._no_piece, self._unknown
                if best[start] + score > best[end]:
                    best[end], step[end] = best[start] + score, (start, number)
        numbers = []
        place = len(marked)
        while place:
            place, number = step[place]
            numbers.append(number)
        return tuple(reversed(numbers))
