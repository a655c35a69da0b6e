"""Learns the weights; needs scikit-learn. `dansinh learn` is how people call it.

A first model of the labelled items reads unlabelled ones; those of which it is sure are learned from too,
with less weight: they know words that the labelled items do not, and in the shares of a real day.
"""

import gzip
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from nlp.features import weighted
from nlp.labels import KINDS, mark_of, shipped
from nlp.model import SCALE, Model, dump
from nlp.reading import Item, read
from nlp.rows import Row
from nlp.settings import NlpSettings
from nlp.tagger import Finding, Tagger
from nlp.taxonomy import TOPICS, TermFinder, load_taxonomy

VERSION = "3"
URGENCIES = ("1", "2", "3", "4")
LEAST_SEEN = 3
MOST_FEATURES = 40_000
"""Keeps the file well under 2 MB; more gain nothing measurable."""
STRENGTH = {"kind": 10.0, "topic": 30.0, "urgency": 3.0}
"""Inverse regularisation, fitted by cross-validation on the training items."""
LEAST_WEIGHT = {"kind": 0.02, "topic": 0.1, "urgency": 0.1}
UNLABELLED = 24_000
SURE = 0.85
SELF_WEIGHT = 0.5
FOLDS = 5

Vector = dict[str, float]


@dataclass(frozen=True)
class Examples:
    seen: list[set[str]]
    """the features of each item"""
    kinds: list[str]
    weights: list[float]


def item(row: Row) -> Item:
    published = datetime.fromisoformat(row["published"]) if row.get("published") else None
    return Item(
        row.get("id", ""), row["title"], row.get("summary"), row.get("body"), published, row.get("outlet")
    )


def features_of(rows: Sequence[Row]) -> list[set[str]]:
    finder = TermFinder(load_taxonomy())
    return [set(read(item(row), finder).features.spots) for row in rows]


def _idf(seen: Sequence[set[str]], keep: set[str] | None = None) -> dict[str, float]:
    counts = Counter(name for names in seen for name in names)
    return {
        name: round(math.log(len(seen) / count) + 1, 2)
        for name, count in sorted(counts.items())
        if count >= LEAST_SEEN and (keep is None or name in keep)
    }


def _matrix(seen: Sequence[set[str]], idf: dict[str, float]) -> Any:
    columns = {name: column for column, name in enumerate(idf)}
    rows: list[int] = []
    cols: list[int] = []
    values: list[float] = []
    for row, names in enumerate(seen):
        vector = weighted(dict.fromkeys(sorted(names)), idf)
        rows += [row] * len(vector)
        cols += [columns[name] for name in vector]
        values += vector.values()
    return csr_matrix((values, (rows, cols)), shape=(len(seen), len(columns)))


def _fit(
    matrix: Any,
    labels: Sequence[str],
    classes: Sequence[str],
    strength: float,
    weights: Sequence[float] | None = None,
) -> LogisticRegression:
    learner = LogisticRegression(C=strength, max_iter=400)
    return learner.fit(matrix, [classes.index(label) for label in labels], sample_weight=weights)


def with_unlabelled(examples: Examples, unlabelled: Sequence[Row]) -> Examples:
    idf = _idf(examples.seen)
    first = _fit(_matrix(examples.seen, idf), examples.kinds, KINDS, STRENGTH["kind"], examples.weights)
    seen = features_of(unlabelled)
    said = first.predict_proba(_matrix(seen, idf))
    sure = [n for n in range(len(seen)) if said[n].max() > SURE]
    return Examples(
        examples.seen + [seen[n] for n in sure],
        examples.kinds + [KINDS[int(said[n].argmax())] for n in sure],
        examples.weights + [SELF_WEIGHT] * len(sure),
    )


def _vocabulary(examples: Examples) -> dict[str, float]:
    """The features that weigh most for the kind in a model of all of them."""
    idf = _idf(examples.seen)
    learner = _fit(_matrix(examples.seen, idf), examples.kinds, KINDS, STRENGTH["kind"], examples.weights)
    strength = np.abs(learner.coef_).max(axis=0)
    order = sorted(zip(strength, idf, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return _idf(examples.seen, {name for _, name in order[:MOST_FEATURES]})


def learn(rows: Sequence[Row], unlabelled: Sequence[Row]) -> Model:
    labelled = Examples(features_of(rows), [row["kind"] for row in rows], [1.0] * len(rows))
    examples = with_unlabelled(labelled, unlabelled) if unlabelled else labelled
    idf = _vocabulary(examples)
    matrix = _matrix(labelled.seen, idf)
    located = [n for n, row in enumerate(rows) if row["topic"] in TOPICS]
    concerns = [
        n for n, row in enumerate(rows) if row["kind"] == "concern" and str(row["urgency"]) in URGENCIES
    ]
    learners = {
        "kind": _fit(_matrix(examples.seen, idf), examples.kinds, KINDS, STRENGTH["kind"], examples.weights),
        "topic": _fit(matrix[located], [rows[n]["topic"] for n in located], TOPICS, STRENGTH["topic"]),
        "urgency": _fit(
            matrix[concerns], [str(rows[n]["urgency"]) for n in concerns], URGENCIES, STRENGTH["urgency"]
        ),
    }
    return Model(
        VERSION,
        {"kind": KINDS, "topic": TOPICS, "urgency": URGENCIES},
        idf,
        {group: _sparse(learner, list(idf), LEAST_WEIGHT[group]) for group, learner in learners.items()},
        {group: tuple(round(float(b), 2) for b in learner.intercept_) for group, learner in learners.items()},
    )


def _sparse(learner: LogisticRegression, names: list[str], least: float) -> dict[str, dict[int, float]]:
    table = {}
    for column, name in enumerate(names):
        weights = (round(float(w) * SCALE) / SCALE for w in learner.coef_[:, column])
        kept = {index: weight for index, weight in enumerate(weights) if abs(weight) >= least}
        if kept:
            table[name] = kept
    return table


def spread(rows: Sequence[Row], known: set[str]) -> list[Row]:
    """Unlabelled items to learn from: evenly from the whole, for every season is there; no known title."""
    unknown = [row for row in rows if row["title"] not in known]
    return unknown[:: max(len(unknown) // UNLABELLED, 1)]


def kept_apart(rows: Sequence[Row]) -> set[int]:
    """Indexes of the labelled items that are measured by: those which the encoder never saw.

    nlp/data/labels.tsv.gz marks them, a fifth of what it learned from; of other items, which it never saw,
    any fifth, all kinds in their shares.
    """
    labels = shipped()
    marks = [mark_of(row) for row in rows]
    if marked := {n for n, mark in enumerate(marks) if mark in labels and labels[mark].apart}:
        return marked
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=7)
    _, apart = next(split.split(np.zeros(len(rows)), [row["kind"] for row in rows]))
    return set(map(int, apart))


def not_learned_from(
    rows: Sequence[Row], judged: Sequence[Row], unlabelled: Sequence[Row]
) -> list[tuple[Row, Finding]]:
    """The fifth kept apart, with what a model says that has learned from all the others only."""
    apart = kept_apart(rows)
    model = learn([row for n, row in enumerate(rows) if n not in apart] + list(judged), unlabelled)
    tagger = Tagger(NlpSettings(), model)
    return [(rows[n], tagger.tag(item(rows[n]))) for n in sorted(apart)]


def pack(model: Model) -> bytes:
    """The file's bytes: the same for the same model."""
    return gzip.compress(dump(model).encode(), mtime=0)
