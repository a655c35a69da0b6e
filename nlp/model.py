"""The learned linear model: weights of features for kind, topic and urgency, in nlp/data/model.tsv.gz."""

import gzip
import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

SCALE = 100
"""Weights stand in the file as whole hundredths: short lines, the same bits everywhere."""


@dataclass(frozen=True, slots=True)
class Model:
    version: str
    groups: dict[str, tuple[str, ...]]
    """"kind", "topic", "urgency": their classes in order"""
    idf: dict[str, float]
    weights: dict[str, dict[str, dict[int, float]]]
    """group, feature, class index: weight; what is not there is nought"""
    bias: dict[str, tuple[float, ...]]


def dump(model: Model) -> str:
    lines = [f"#version\t{model.version}"]
    for group, classes in model.groups.items():
        biases = " ".join(str(round(bias * SCALE)) for bias in model.bias[group])
        lines.append(f"#group\t{group}\t{' '.join(classes)}\t{biases}")
    for name in sorted(model.idf):
        cells = [
            " ".join(
                f"{index}:{round(w * SCALE)}" for index, w in sorted(model.weights[g].get(name, {}).items())
            )
            for g in model.groups
        ]
        lines.append("\t".join([name, str(round(model.idf[name] * SCALE)), *cells]).rstrip("\t"))
    return "\n".join(lines) + "\n"


def parse(text: str) -> Model:
    version = ""
    groups: dict[str, tuple[str, ...]] = {}
    bias: dict[str, tuple[float, ...]] = {}
    idf: dict[str, float] = {}
    weights: dict[str, dict[str, dict[int, float]]] = {}
    for line in text.splitlines():
        cells = line.split("\t")
        if cells[0] == "#version":
            version = cells[1]
        elif cells[0] == "#group":
            groups[cells[1]] = tuple(cells[2].split())
            bias[cells[1]] = tuple(int(b) / SCALE for b in cells[3].split())
            weights[cells[1]] = {}
        else:
            idf[cells[0]] = int(cells[1]) / SCALE
            for group, cell in zip(groups, cells[2:], strict=False):
                if cell:
                    weights[group][cells[0]] = _weights(cell)
    return Model(version, groups, idf, weights, bias)


def _weights(cell: str) -> dict[int, float]:
    pairs = (pair.split(":") for pair in cell.split())
    return {int(index): int(weight) / SCALE for index, weight in pairs}


class ModelError(ValueError):
    """A file that holds no model; the message names the file and what to mend."""


@lru_cache(maxsize=4)
def load_model(path: Path | None = None) -> Model:
    """The one at `path`, or the one that ships here. Raises ModelError."""
    if path is None:
        packed = resources.files("nlp").joinpath("data/model.tsv.gz").read_bytes()
        return parse(gzip.decompress(packed).decode("utf-8"))
    try:
        model = parse(gzip.decompress(path.read_bytes()).decode("utf-8"))
        return _whole(model)
    except (OSError, EOFError, zlib.error, ValueError, IndexError, KeyError) as error:
        raise ModelError(
            f"{path}: holds no weights ({error}); write it with `dansinh learn --out {path.name}`"
        ) from error


def _whole(model: Model) -> Model:
    if set(model.groups) != {"kind", "topic", "urgency"} or not model.idf:
        raise ValueError("kinds, topics or degrees are missing")
    return model
