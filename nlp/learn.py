"""Learns nlp/data/model.tsv: `python -m nlp.learn LABELLED.jsonl… [--out FILE]`. Needs scikit-learn (dev only)."""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.features import weighted
from nlp.model import Model, dump
from nlp.reading import Item, read
from nlp.taxonomy import TOPICS, TermFinder, load_taxonomy

VERSION = "1"
KINDS = ("concern", "answer", "commendation", "none")
LEAST_SEEN = 3
MOST_FEATURES = 22_000
STRENGTH = {"kind": 10.0, "topic": 10.0, "urgency": 3.0}
"""Inverse regularisation, fitted by cross-validation on the training items."""
LEAST_WEIGHT = {"kind": 0.02, "topic": 0.05, "urgency": 0.05}

Vector = dict[str, float]


def spots(rows: Sequence[dict[str, Any]]) -> list[set[str]]:
    finder = TermFinder(load_taxonomy())
    return [set(read(item(row), finder).features.spots) for row in rows]


def item(row: dict[str, Any]) -> Item:
    published = datetime.fromisoformat(row["published"]) if row.get("published") else None
    return Item(row["id"], row["title"], row.get("summary"), row.get("body"), published, row.get("outlet"))


def _idf(seen: Sequence[set[str]], keep: set[str] | None = None) -> dict[str, float]:
    counts = Counter(name for names in seen for name in names)
    return {
        name: round(math.log(len(seen) / count) + 1, 2)
        for name, count in sorted(counts.items())
        if count >= LEAST_SEEN and (keep is None or name in keep)
    }


def _matrix(vectors: Sequence[Vector], columns: dict[str, int]) -> csr_matrix:
    rows, cols, values = [], [], []
    for row, vector in enumerate(vectors):
        for name in sorted(vector):
            rows.append(row)
            cols.append(columns[name])
            values.append(vector[name])
    return csr_matrix((values, (rows, cols)), shape=(len(vectors), len(columns)))


def _fit(matrix: Any, labels: Sequence[str], classes: Sequence[str], strength: float) -> tuple[Any, Any]:
    """Weights (class, feature) and biases in the order of `classes`."""
    learner = LogisticRegression(C=strength, max_iter=400, tol=1e-4)
    learner.fit(matrix, [classes.index(label) for label in labels])
    weights = np.zeros((len(classes), matrix.shape[1]))
    bias = np.full(len(classes), -20.0)
    weights[learner.classes_], bias[learner.classes_] = learner.coef_, learner.intercept_
    return weights, bias


def _choose(rows: Sequence[dict[str, Any]], seen: Sequence[set[str]]) -> dict[str, float]:
    """The features that weigh most for the kind in a first model of all."""
    idf = _idf(seen)
    columns = {name: i for i, name in enumerate(idf)}
    matrix = _matrix([weighted(dict.fromkeys(names), idf) for names in seen], columns)
    weights, _ = _fit(matrix, [row["kind"] for row in rows], KINDS, STRENGTH["kind"])
    strength = np.abs(weights).max(axis=0)
    order = sorted(columns, key=lambda name: (-strength[columns[name]], name))
    return _idf(seen, set(order[:MOST_FEATURES]))


def learn(rows: Sequence[dict[str, Any]], seen: Sequence[set[str]]) -> Model:
    idf = _choose(rows, seen)
    columns = {name: i for i, name in enumerate(idf)}
    vectors = [weighted(dict.fromkeys(names), idf) for names in seen]
    tasks = {
        "kind": (KINDS, [row["kind"] for row in rows]),
        "topic": (TOPICS, [row["topic"] if row["kind"] in ("concern", "answer") else None for row in rows]),
        "urgency": (
            tuple("1234"),
            [str(row["urgency"]) if row["kind"] == "concern" else None for row in rows],
        ),
    }
    table: dict[str, dict[str, dict[int, float]]] = {}
    bias: dict[str, tuple[float, ...]] = {}
    for group, (classes, labels) in tasks.items():
        chosen = [i for i, label in enumerate(labels) if label in classes]
        matrix = _matrix([vectors[i] for i in chosen], columns)
        weights, biases = _fit(matrix, [str(labels[i]) for i in chosen], classes, STRENGTH[group])
        bias[group] = tuple(round(float(b), 2) for b in biases)
        table[group] = _sparse(weights, list(columns), LEAST_WEIGHT[group])
    return Model(VERSION, {g: tuple(classes) for g, (classes, _) in tasks.items()}, idf, table, bias)


def _sparse(weights: Any, names: list[str], least: float) -> dict[str, dict[int, float]]:
    table = {}
    for column, name in enumerate(names):
        kept = {i: round(float(w), 2) for i, w in enumerate(weights[:, column]) if abs(w) >= least}
        if kept:
            table[name] = kept
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "model.tsv")
    options = parser.parse_args()
    rows = [json.loads(line) for path in options.labelled for line in path.open(encoding="utf-8")]
    model = learn(rows, spots(rows))
    options.out.write_text(dump(model), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} items, {len(model.idf)} features, {options.out.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
