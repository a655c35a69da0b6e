"""From an article to a finding: kind, topic, urgency, places, and the words that say so."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nlp.encoder import encoder_version, load_encoder
from nlp.evidence import Evidence, Witness
from nlp.features import Field, weighted
from nlp.model import Model, load_model
from nlp.places import Place
from nlp.reading import Item, Reading, read
from nlp.scorer import Scorer, Scores
from nlp.settings import NlpSettings
from nlp.taxonomy import Hit, TermFinder, covers, load_taxonomy
from nlp.units import load_units

__all__ = ["Evidence", "Finding", "Item", "Tagger", "TopicScore"]

TOPIC_FROM = 0.1
"""A topic is listed from this probability on; the strongest always is."""
MOST_TOPICS = 3
TITLE_TERM, OTHER_TERM, MOST_SYLLABLES = 0.3, 0.1, 5
"""How far each syllable of a topic's terms adds to the log of its score, and up to how many of a field;
fitted by cross-validation on the training items."""
DANGER_FROM = 0.35
"""Degree 4 from this probability on: the mean alone draws the gravest items down among the merely serious."""
POSSIBLE_FROM = 0.05
"""From this probability of concern on a topic is told of an unflagged item: an analyst may flag it."""
RARE_ODDS = {"answer": 2.0, "commendation": 2.0}
"""Answers and commendations are rare, and one missed costs more than one too many."""
CUE_LOG_ODDS = {
    ("frame", "frame"): (0.38, 3),
    ("urgency", "2"): (0.28, 2),
    ("answer", "answer"): (-0.83, 2),
    ("commendation", "commendation"): (-0.28, 2),
}
"""What each cue adds to the log of the odds for concern, and how many of them count; fitted on the
fifth kept apart over what a model that had not seen it said."""
TOPIC_LOG_ODDS = 0.24
"""Likewise a term of any topic in the title."""
BODY_FRAME = 0.38
"""Likewise a way of complaining further down in the body: as much as in its head; two count."""
DOUBTFUL = (0.05, 0.9)
"""Between these probabilities of concern the encoder is asked: of a real month's items, one in twenty."""
SECOND_SHARE = 0.6
"""Weight of its log-odds beside the linear model's, fitted on items that neither had learned from."""
TINY = 1e-9
ABROAD_ODDS = 100.0
"""Of 660 items that name another country in the title and nothing Vietnamese, 9 were of any kind but none."""


@dataclass(frozen=True, slots=True)
class TopicScore:
    topic: str
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    score: float
    """probability of `concern`"""
    topic: str | None
    topics: list[TopicScore]
    urgency: int
    """1 to 4 of a concern, else 0"""
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
    def __init__(self, settings: NlpSettings, model: Model | None = None) -> None:
        """`model`: instead of the one that the settings name, to try one that is not written yet."""
        self._settings = settings
        self._taxonomy = load_taxonomy(settings.taxonomy)
        self._finder = TermFinder(self._taxonomy)
        self._model = model or load_model(settings.model)
        self._scorer = Scorer(self._model)
        self._witness = Witness(self._taxonomy, self._scorer)
        self.version = (
            f"terms {self._taxonomy.edition}, model {self._model.version}, encoder {encoder_version()}, "
            f"units {load_units().version}"
        )

    def tag(self, item: Item) -> Finding:
        reading = read(item, self._finder, self._home(item))
        vector = weighted(reading.features.names(), self._model.idf)
        scores = self._scorer.scores(vector)
        kinds = self._read_twice(reading, self._kinds(reading, scores))
        score = round(kinds["concern"], 4)
        kind = self._kind(kinds) if reading.fields else "none"
        topics = self._topics(reading.fields, scores)
        told = kind != "none" or score >= POSSIBLE_FROM
        topic = topics[0].topic if told else None
        return Finding(
            kind=kind,
            score=score,
            topic=topic,
            topics=topics if told else [],
            urgency=self._degree(kind, scores),
            places=reading.places,
            evidence=self._witness.evidence(reading, kind, topic, vector) if kind != "none" else [],
            restricted=reading.restricted,
        )

    def _home(self, item: Item) -> str | None:
        """The outlet's own area, else the office's: where a bare name most likely lies."""
        if item.outlet_area:
            for unit in load_units().find_name(item.outlet_area):
                return unit.province_code
        return self._settings.home_province

    def _kinds(self, reading: Reading, scores: Scores) -> dict[str, float]:
        kinds = self._scorer.probabilities("kind", scores)
        factors = {
            "concern": math.exp(_spoken_for(reading)),
            "none": ABROAD_ODDS**reading.abroad,
        }
        odds = {kind: p * factors.get(kind, 1.0) for kind, p in kinds.items()}
        total = sum(odds.values())
        return {kind: value / total for kind, value in odds.items()}

    def _read_twice(self, reading: Reading, kinds: dict[str, float]) -> dict[str, float]:
        """By the encoder too, which is slow, where it may change the decision."""
        if not reading.fields or not DOUBTFUL[0] < kinds["concern"] < DOUBTFUL[1]:
            return kinds
        title, *rest = (one.text[: one.read] for one in reading.fields)
        return _mixed(kinds, load_encoder().kinds(title, " ".join(rest)))

    def _kind(self, kinds: dict[str, float]) -> str:
        done = max(kinds["answer"], kinds["commendation"])
        if kinds["concern"] >= self._settings.threshold and kinds["concern"] >= done:
            return "concern"
        odds = {kind: p * RARE_ODDS.get(kind, 1.0) for kind, p in kinds.items() if kind != "concern"}
        return max(odds, key=lambda kind: odds[kind])

    def _topics(self, fields: Sequence[Field], said: Scores) -> list[TopicScore]:
        scores = self._scorer.probabilities("topic", said)
        for one in fields:
            weight = TITLE_TERM if one.name == "title" else OTHER_TERM
            for topic, syllables in _told(one.hits).items():
                scores[topic] *= math.exp(weight * min(syllables, MOST_SYLLABLES))
        total = sum(scores.values())
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TOPICS]
        listed = [TopicScore(topic, round(score / total, 4)) for topic, score in ranked]
        return [one for n, one in enumerate(listed) if n == 0 or one.score >= TOPIC_FROM]

    def _degree(self, kind: str, scores: Scores) -> int:
        """1 to 4 of a concern, else 0."""
        if kind != "concern":
            return 0
        degrees = self._scorer.probabilities("urgency", scores)
        if degrees["4"] >= DANGER_FROM:
            return 4
        return max(1, min(3, round(sum(int(degree) * p for degree, p in degrees.items()))))


def _mixed(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """The weighted geometric mean: a mean of log-odds."""
    mixed = {
        name: max(p, TINY) ** (1 - SECOND_SHARE) * max(second[name], TINY) ** SECOND_SHARE
        for name, p in first.items()
    }
    total = sum(mixed.values())
    return {name: value / total for name, value in mixed.items()}


def _spoken_for(reading: Reading) -> float:
    """What terms and cues add to the log of the odds for concern."""
    hits = [hit for one in reading.fields for hit in one.hits]
    counts = Counter((group, key) for group, key, _ in {(hit.group, hit.key, hit.term) for hit in hits})
    said = sum(weight * min(counts[cue], most) for cue, (weight, most) in CUE_LOG_ODDS.items())
    frames = {hit.term for hit in reading.body_hits if hit.group == "frame"} - {hit.term for hit in hits}
    in_title = any(_told(one.hits) for one in reading.fields if one.name == "title")
    return said + BODY_FRAME * min(len(frames), 2) + (TOPIC_LOG_ODDS if in_title else 0.0)


def _told(hits: Sequence[Hit]) -> dict[str, int]:
    """Syllables of each topic's terms, those inside a longer one left out."""
    topical = [hit for hit in hits if hit.group == "topic"]
    told: dict[str, int] = {}
    for hit in topical:
        if not any(covers(other, hit) and other.key == hit.key for other in topical):
            told[hit.key] = told.get(hit.key, 0) + hit.last - hit.first
    return told
