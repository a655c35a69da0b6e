"""From an article to a finding: kind, topic, urgency, places, and the words that say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp.features import Field, Spot, weighted
from nlp.model import Model, load_model
from nlp.places import Place
from nlp.reading import Item, Reading, read
from nlp.settings import NlpSettings
from nlp.taxonomy import Hit, TermFinder, load_taxonomy
from nlp.units import load_units

__all__ = ["Evidence", "Finding", "Item", "Tagger", "TopicScore"]

TOPIC_FROM = 0.1
"""A topic is listed from this probability on; the strongest always is."""
MOST_TOPICS = 3
MOST_EVIDENCE = 8
LEARNED_EVIDENCE = 3
"""At most so many stretches come from the model: terms and cues read better."""
POSSIBLE_FROM = 0.1
"""From this probability of concern on a topic is told of an unflagged item: an analyst may flag it."""
RARE_ODDS = {"answer": 3.0, "commendation": 3.0}
"""Answers and commendations are rare, and one missed costs more than one too many."""
BODY_ODDS = 1.6
"""A body's head says less in as many words than a summary, from which the model has learned."""
ABROAD_ODDS = 100.0
"""Of 660 items that name another country in the title and nothing Vietnamese, 9 were of concern here."""

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
class TopicScore:
    topic: str
    score: float


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
class Finding:
    kind: str
    score: float
    """probability of `concern`"""
    topic: str | None
    topics: list[TopicScore]
    urgency: int
    places: list[Place]
    evidence: list[Evidence]
    restricted: bool = field(default=False)

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "score": self.score,
            "topic": self.topic,
            "topics": [{"topic": t.topic, "score": t.score} for t in self.topics],
            "urgency": self.urgency,
            "places": [place.to_dict() for place in self.places],
            "evidence": [
                {"field": e.field, "start": e.start, "end": e.end, "text": e.text, "why": e.why}
                for e in self.evidence
            ],
            "restricted": self.restricted,
        }


class Tagger:
    def __init__(self, settings: NlpSettings) -> None:
        self._settings = settings
        self._taxonomy = load_taxonomy(settings.taxonomy)
        self._finder = TermFinder(self._taxonomy)
        self._model: Model = load_model()
        self.version = (
            f"terms {self._taxonomy.version}, model {self._model.version}, units {load_units().version}"
        )

    def tag(self, item: Item) -> Finding:
        reading = read(item, self._finder, self._home(item))
        vector = weighted(reading.features.spots, self._model.idf)
        kinds = self._kinds(reading, vector)
        score = round(kinds["concern"], 4)
        kind = self._kind(kinds) if reading.fields else "none"
        topics = self._topics(vector)
        told = kind != "none" or score >= POSSIBLE_FROM
        topic = topics[0].topic if told else None
        return Finding(
            kind=kind,
            score=score,
            topic=topic,
            topics=topics if told else [],
            urgency=self._urgency(vector) if kind == "concern" else 0,
            places=reading.places,
            evidence=self._evidence(reading, kind, topic, vector) if kind != "none" else [],
            restricted=reading.restricted,
        )

    def _home(self, item: Item) -> str | None:
        """The outlet's own area, else the office's: where a bare name most likely lies."""
        if item.outlet_area:
            for unit in load_units().find_name(item.outlet_area):
                return unit.province_code
        return self._settings.home_province

    def _kinds(self, reading: Reading, vector: dict[str, float]) -> dict[str, float]:
        kinds = self._model.probabilities("kind", vector)
        from_body = any(one.name == "body" for one in reading.fields)
        factors = {
            "concern": BODY_ODDS if from_body else 1.0,
            "none": ABROAD_ODDS**reading.abroad,
        }
        odds = {kind: p * factors.get(kind, 1.0) for kind, p in kinds.items()}
        total = sum(odds.values())
        return {kind: value / total for kind, value in odds.items()}

    def _kind(self, kinds: dict[str, float]) -> str:
        if kinds["concern"] >= self._settings.threshold:
            return "concern"
        odds = {kind: p * RARE_ODDS.get(kind, 1.0) for kind, p in kinds.items() if kind != "concern"}
        return max(odds, key=lambda kind: odds[kind])

    def _topics(self, vector: dict[str, float]) -> list[TopicScore]:
        scores = self._model.probabilities("topic", vector)
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TOPICS]
        return [TopicScore(t, round(s, 4)) for n, (t, s) in enumerate(ranked) if n == 0 or s >= TOPIC_FROM]

    def _urgency(self, vector: dict[str, float]) -> int:
        degrees = self._model.probabilities("urgency", vector)
        return max(1, min(4, round(sum(int(degree) * p for degree, p in degrees.items()))))

    def _evidence(
        self, reading: Reading, kind: str, topic: str | None, vector: dict[str, float]
    ) -> list[Evidence]:
        said = list(self._terms(reading.fields, kind, topic))
        learned = self._learned(reading, kind, vector, said)
        kept = said[: MOST_EVIDENCE - len(learned)] + learned
        order = {one.name: n for n, one in enumerate(reading.fields)}
        return sorted(kept, key=lambda e: (order[e.field], e.start, e.end, e.why))

    def _terms(self, fields: Sequence[Field], kind: str, topic: str | None) -> Iterator[Evidence]:
        """The longest terms and cues that speak for the kind and topic, each where it stands first."""
        told: set[str] = set()
        for one in fields:
            hits = [(hit, why) for hit in one.hits if (why := self._why(hit, kind, topic))]
            for hit, why in hits:
                inside = any(_covers(other, hit) and other.group == hit.group for other, _ in hits)
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
        self, reading: Reading, kind: str, vector: dict[str, float], said: Sequence[Evidence]
    ) -> list[Evidence]:
        """The stretches that push the model most towards the kind and that no term has named already."""
        pushes = [
            (self._model.push("kind", name, kind) * vector[name], name, spot)
            for name, spot in reading.features.spots.items()
            if spot is not None
            and not name.startswith("@")
            and name in vector
            and (not said or _telling(spot))
        ]
        pushes.sort(key=lambda push: (-push[0], push[1]))
        chosen: list[Evidence] = []
        for push, _, spot in pushes:
            if len(chosen) == LEARNED_EVIDENCE or (push <= 0 and (chosen or said)):
                break
            found = _evidence(spot, f"mô hình: {_read_as(spot)}")
            if not any(_overlap(found, other) for other in (*said, *chosen)):
                chosen.append(found)
        return chosen or ([] if said else self._anything(reading))

    def _anything(self, reading: Reading) -> list[Evidence]:
        """A flagged item whose every word is new to the model still shows what was read."""
        one = reading.fields[0]
        if not one.joined.tokens:
            return []
        return [_evidence(Spot(one, 0, len(one.joined.tokens)), "mô hình: toàn bộ đoạn")]


def _telling(spot: Spot) -> bool:
    """A single syllable tells a reader little: it is shown only where there is nothing else."""
    return spot.last - spot.first > 1


def _read_as(spot: Spot) -> str:
    return " ".join(token.norm for token in spot.field.joined.tokens[spot.first : spot.last])


def _covers(outer: Hit, inner: Hit) -> bool:
    longer = outer.last - outer.first > inner.last - inner.first
    return longer and outer.first <= inner.first and inner.last <= outer.last


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.field == other.field and one.start < other.end and other.start < one.end


def _evidence(spot: Spot, why: str) -> Evidence:
    tokens = spot.field.joined.tokens
    start, end = tokens[spot.first].start, tokens[spot.last - 1].end
    return Evidence(spot.field.name, start, end, spot.field.text[start:end], why)
