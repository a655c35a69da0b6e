"""What the learned weights say of a text: the rows of its features, added up at once."""

import math
from collections.abc import Mapping

from nlp.model import Model

Scores = list[float]
"""Of every class of every group."""


class Scorer:
    def __init__(self, model: Model) -> None:
        # Not where the module is loaded: who only reads texts needs no numpy.
        import numpy as np

        self._array = np.array
        self._add = np.add.reduce
        self._groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        """Group to its first column and its classes."""
        columns = 0
        for group, classes in model.groups.items():
            self._groups[group] = columns, classes
            columns += len(classes)
        self._rows = {name: row for row, name in enumerate(model.idf, start=1)}
        """Feature to its row; the first row are the biases."""
        self._weights = np.zeros((len(self._rows) + 1, columns))
        self._weights[0] = [bias for group in model.groups for bias in model.bias[group]]
        for group, (first, _) in self._groups.items():
            for name, weights in model.weights[group].items():
                for index, weight in weights.items():
                    self._weights[self._rows[name], first + index] = weight

    def scores(self, vector: Mapping[str, float]) -> Scores:
        # Added up in one order, that of the names: the same bits of the same text.
        names = sorted(vector)
        terms = self._weights.take([0, *(self._rows[name] for name in names)], axis=0)
        terms *= self._array([1.0, *(vector[name] for name in names)])[:, None]
        said: Scores = self._add(terms, axis=0).tolist()
        return said

    def probabilities(self, group: str, scores: Scores) -> dict[str, float]:
        first, classes = self._groups[group]
        own = scores[first : first + len(classes)]
        top = max(own)
        powers = [math.exp(score - top) for score in own]
        total = sum(powers)
        return {name: power / total for name, power in zip(classes, powers, strict=True)}

    def push(self, group: str, name: str, label: str) -> float:
        """How far a feature speaks for a label against the mean of the others."""
        first, classes = self._groups[group]
        weights: Scores = self._weights[self._rows[name], first : first + len(classes)].tolist()
        own = weights.pop(classes.index(label))
        return own - sum(weights) / len(weights)
