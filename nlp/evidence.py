"""The words that say why an item was flagged: terms and cues first, then whole phrases the model leans on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from nlp.bodies import answering_body
from nlp.features import Field, Spot
from nlp.reading import Reading
from nlp.scorer import Scorer
from nlp.taxonomy import Hit, Taxonomy, covers
from nlp.text import Token, normalise, segments, tokens

MOST_SAID = 4
MOST_LEARNED = 3
"""Stretches from the model where no term speaks; beside terms fewer: they read better."""
LONGEST_PHRASE = 6
LEAST_PUSH = 0.08
"""A stretch that pushes less is not worth a reader's glance where something else is shown."""

_URGENCY_WORDS = {
    "4": "dấu hiệu nguy hiểm đến tính mạng",
    "3": "dấu hiệu nghiêm trọng, kéo dài",
    "2": "dấu hiệu bức xúc",
    "1": "dấu hiệu kiến nghị",
}
_GROUP_WORDS = {
    "frame": "cách nói phản ánh của người dân",
    "answer": "dấu hiệu đã trả lời, xử lý",
    "commendation": "dấu hiệu gương tốt",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    field: str
    """title | summary | body"""
    start: int
    end: int
    text: str
    """exactly the field's text[start:end]"""
    why: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    push: float
    spot: Spot


class Witness:
    """Finds the evidence of findings."""

    def __init__(self, taxonomy: Taxonomy, scorer: Scorer) -> None:
        self._taxonomy = taxonomy
        self._scorer = scorer

    def evidence(
        self, reading: Reading, kind: str, topic: str | None, vector: Mapping[str, float]
    ) -> list[Evidence]:
        order = {one.name: n for n, one in enumerate(reading.fields)}
        terms = sorted(
            self._terms(reading.fields, kind, topic),
            key=lambda e: (order[e.field] > 0, e.start - e.end, order[e.field], e.start),
        )
        said = _apart(terms)[:MOST_SAID]
        learned = self._learned(reading, kind, vector, said)
        learned += _answered_by(reading) if kind == "answer" else []
        return sorted(said + learned, key=lambda e: (order[e.field], e.start, e.end, e.why))

    def _terms(self, fields: Sequence[Field], kind: str, topic: str | None) -> Iterator[Evidence]:
        """The longest terms and cues that speak for the kind and topic, each where it stands first."""
        told: set[str] = set()
        for one in fields:
            hits = [(hit, why) for hit in one.hits if (why := self._why(hit, kind, topic))]
            for hit, why in hits:
                inside = any(covers(other, hit) and other.group == hit.group for other, _ in hits)
                if not inside and why not in told:
                    told.add(why)
                    yield _evidence(Spot(one, hit.first, hit.last), why)

    def _why(self, hit: Hit, kind: str, topic: str | None) -> str | None:
        if hit.group == "topic" and hit.key == topic:
            return f"từ khóa chủ đề {self._taxonomy.topic_name(hit.key)}: {hit.term}"
        if hit.group == "urgency" and kind == "concern":
            return f"{_URGENCY_WORDS[hit.key]}: {hit.term}"
        if hit.group == {"concern": "frame"}.get(kind, kind):
            return f"{_GROUP_WORDS[hit.group]}: {hit.term}"
        return None

    def _learned(
        self, reading: Reading, kind: str, vector: Mapping[str, float], said: Sequence[Evidence]
    ) -> list[Evidence]:
        """The phrases that push the model most towards the kind and that no term has named already."""
        pushes = self._pushes(reading, kind, vector)
        barred = _place_words(reading)
        phrases = [p for one in reading.fields for p in _phrases(one, pushes[one.name], barred)]
        phrases.sort(key=lambda p: -p.push)
        room = max(MOST_LEARNED - len(said), 1)
        chosen: list[Evidence] = []
        for phrase in phrases:
            if len(chosen) == room or (phrase.push < LEAST_PUSH and (said or chosen)):
                break
            found = _evidence(phrase.spot, f"mô hình: {_read_as(phrase.spot)}")
            if not any(_overlap(found, other) or _same_words(found, other) for other in (*said, *chosen)):
                chosen.append(found)
        return chosen or ([] if said else _anything(reading))

    def _pushes(self, reading: Reading, kind: str, vector: Mapping[str, float]) -> dict[str, list[float]]:
        """Per field and token: its share of what every run that holds it says for the kind."""
        pushes = {one.name: [0.0] * len(one.joined.tokens) for one in reading.fields}
        for name, spot in reading.features.spots.items():
            if spot is None or name not in vector or name.startswith("@"):
                continue
            share = self._scorer.push("kind", name, kind) * vector[name] / (spot.last - spot.first)
            for index in range(spot.first, spot.last):
                pushes[spot.field.name][index] += share
        return pushes


def _answered_by(reading: Reading) -> list[Evidence]:
    spot = answering_body(reading.fields)
    if spot is None:
        return []
    found = _evidence(spot, "")
    return [replace(found, why=f"cơ quan trả lời: {found.text}")]


def _phrases(one: Field, pushes: Sequence[float], barred: set[str]) -> Iterator[_Phrase]:
    """Runs of telling words that stand together, none cut in two."""
    run: list[tuple[int, int]] = []
    for first, last in segments(one.text[: one.read], one.joined.tokens):
        telling = sum(pushes[first:last]) > 0 and _tells(one.joined.tokens[first:last], barred)
        if run and (not telling or one.joined.tokens[first].broken or last - run[0][0] > LONGEST_PHRASE):
            yield from _phrase(one, run, pushes)
            run = []
        if telling:
            run.append((first, last))
    yield from _phrase(one, run, pushes)


def _phrase(one: Field, run: Sequence[tuple[int, int]], pushes: Sequence[float]) -> Iterator[_Phrase]:
    """A single syllable tells a reader little, and so do function words that were taken apart."""
    if run and run[-1][1] - run[0][0] > 1:
        spot = Spot(one, run[0][0], run[-1][1])
        if _read_as(spot) not in _function_words():
            yield _Phrase(sum(pushes[spot.first : spot.last]), spot)


def _tells(word: Sequence[Token], barred: set[str]) -> bool:
    function = _function_words()
    if " ".join(token.norm for token in word) in function:
        return False
    if all(token.norm in function or token.norm.isdigit() for token in word):
        return False
    if any(token.norm in barred and token.written[0].isupper() for token in word):
        return False
    # In the midst of a sentence a capital begins a name.
    begins = word[0].broken or word[0].start == 0
    return not any(token.written[0].isupper() for token in (word[1:] if begins else word))


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    """Syllables and words that tell an analyst nothing, however much they weigh in the model."""
    text = resources.files("nlp").joinpath("data/function_words.txt").read_text(encoding="utf-8")
    return frozenset(text.splitlines())


def _place_words(reading: Reading) -> set[str]:
    return {token.norm for place in reading.places for token in tokens(place.as_written)}


def _anything(reading: Reading) -> list[Evidence]:
    """A flagged item whose every word is new to the model still shows what was read: its first clause."""
    one = reading.fields[0]
    found = one.joined.tokens
    if not found:
        return []
    end = next((n for n, token in enumerate(found) if n and token.broken), len(found))
    return [_evidence(Spot(one, 0, end), "mô hình: cả câu")]


def _read_as(spot: Spot) -> str:
    return " ".join(token.norm for token in spot.field.joined.tokens[spot.first : spot.last])


def _apart(evidence: Sequence[Evidence]) -> list[Evidence]:
    """In the order given, without what lies wholly inside another kept before."""
    kept: list[Evidence] = []
    for one in evidence:
        if not any(k.field == one.field and k.start <= one.start and one.end <= k.end for k in kept):
            kept.append(one)
    return kept


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _same_words(one: Evidence, other: Evidence) -> bool:
    return normalise(one.text).lower() in normalise(other.text).lower()


def _evidence(spot: Spot, why: str) -> Evidence:
    found = spot.field.joined.tokens
    start, end = found[spot.first].start, found[spot.last - 1].end
    return Evidence(spot.field.name, start, end, spot.field.text[start:end], why)
