"""How good findings are against labelled items: the figures that decide whether a model is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from nlp.labels import KINDS
from nlp.tagger import Finding

GRAVE = 3
"""Degrees of urgency from which an overlooked concern is grave."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """Each 0..1; one that nothing could be measured by is 0."""

    flag_f1: float
    flag_precision: float
    flag_recall: float
    average_precision: float
    kind_macro_f1: float
    topic_of_flagged: float
    urgency_within_1: float
    urgent_recall: float
    evidence: float

    def to_dict(self) -> dict[str, float]:
        return {one.name: round(getattr(self, one.name), 4) for one in fields(self)}


def measure(rows: Sequence[Row], findings: Sequence[Finding]) -> Figures:
    """`rows`: labelled items as in the labelled files, in the order of `findings`."""
    pairs = list(zip(rows, findings, strict=True))
    concerns = [(row, said) for row, said in pairs if row["kind"] == "concern"]
    flagged = [(row, said) for row, said in pairs if said.kind == "concern"]
    found = [(row, said) for row, said in concerns if said.kind == "concern"]
    grave = [(row, said) for row, said in concerns if int(row["urgency"]) >= GRAVE]
    precision, recall = _share(len(found), len(flagged)), _share(len(found), len(concerns))
    return Figures(
        flag_f1=_f1(len(found), len(flagged), len(concerns)),
        flag_precision=precision,
        flag_recall=recall,
        average_precision=average_precision(pairs),
        kind_macro_f1=sum(_f1_of(kind, pairs) for kind in KINDS) / len(KINDS),
        topic_of_flagged=_share(sum(said.topic == row["topic"] for row, said in found), len(found)),
        urgency_within_1=_share(
            sum(abs(said.urgency - int(row["urgency"])) <= 1 for row, said in concerns), len(concerns)
        ),
        urgent_recall=_share(
            sum(said.kind == "concern" and said.urgency >= GRAVE for _, said in grave), len(grave)
        ),
        evidence=_share(sum(bool(said.evidence) for _, said in flagged), len(flagged)),
    )


def average_precision(pairs: Sequence[tuple[Row, Finding]]) -> float:
    """Mean precision at each concern, items taken by falling score; equal scores by id."""
    ranked = sorted(pairs, key=lambda pair: (-pair[1].score, str(pair[0]["id"])))
    hits, total = 0, 0.0
    for rank, (row, _) in enumerate(ranked, 1):
        if row["kind"] == "concern":
            hits += 1
            total += hits / rank
    return _share(total, hits)


def _f1_of(kind: str, pairs: Sequence[tuple[Row, Finding]]) -> float:
    return _f1(
        sum(row["kind"] == kind == said.kind for row, said in pairs),
        sum(said.kind == kind for _, said in pairs),
        sum(row["kind"] == kind for row, _ in pairs),
    )


def _f1(right: int, said: int, meant: int) -> float:
    return _share(2 * right, said + meant)


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0
