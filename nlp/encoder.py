"""A small trained encoder for doubtful items: reads the whole sentence where single words do not decide.

Twelve layers of a transformer, in numpy; weights of eight bits in nlp/data/encoder.npz. It costs some
fifty times what the linear model does, so the tagger asks it only where its answer can change the decision.
"""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from nlp.pieces import Pieces

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

MOST_PIECES = 110
"""Of title and summary together; training saw no more."""
HEADS = 12
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Layer:
    qkv: "Array"
    qkv_bias: "Array"
    out: "Array"
    out_bias: "Array"
    first_norm: tuple["Array", "Array"]
    up: "Array"
    up_bias: "Array"
    down: "Array"
    down_bias: "Array"
    second_norm: tuple["Array", "Array"]


@dataclass(frozen=True, slots=True)
class Head:
    classes: list[str]
    weights: "Array"
    bias: "Array"

    def probabilities(self, mean: "Array") -> dict[str, float]:
        scores = (self.weights @ mean + self.bias).tolist()
        powers = [math.exp(score - max(scores)) for score in scores]
        return {name: power / sum(powers) for name, power in zip(self.classes, powers, strict=True)}


class Encoder:
    def __init__(self, arrays: Mapping[str, "Array"]) -> None:
        names = _text(arrays["pieces"]).split("\n")
        begin, self._end, unknown = (int(n) for n in arrays["special"])
        self._pieces = Pieces(names, arrays["scores"].tolist(), unknown)
        self._start = [begin, *self._pieces.numbers("query:")]
        self._words = arrays["words"], arrays["words_scale"]
        self._positions = arrays["positions"].astype("float32")
        self._norm = arrays["norm.w"], arrays["norm.b"]
        self._layers = [_layer(arrays, n) for n in range(int(arrays["layers"]))]
        self._kinds = Head(_text(arrays["kinds"]).split(), arrays["kind.w"], arrays["kind.b"])

    def kinds(self, title: str, text: str) -> dict[str, float]:
        """The probability of each kind."""
        return self._kinds.probabilities(self._mean(self._numbers(title, text)))

    def _numbers(self, title: str, text: str) -> list[int]:
        found = self._start + self._pieces.numbers(title) + self._pieces.numbers(". " + text)
        return [*found[: MOST_PIECES - 1], self._end]

    def _mean(self, numbers: list[int]) -> "Array":
        words, scale = self._words
        states = words[numbers] * scale[numbers, None] + self._positions[: len(numbers)]
        states = _normed(states, self._norm)
        for layer in self._layers:
            states = _normed(states + _attention(states, layer), layer.first_norm)
            up = _gelu(states @ layer.up + layer.up_bias)
            states = _normed(states + up @ layer.down + layer.down_bias, layer.second_norm)
        mean: Array = states.mean(axis=0)
        return mean


def _text(letters: "Array") -> str:
    return str(letters.tobytes(), "utf-8")


def _layer(arrays: Mapping[str, "Array"], number: int) -> Layer:
    def matrix(name: str) -> "Array":
        """Transposed for `states @ matrix`, whole in memory as one block."""
        import numpy as np

        key = f"{number}.{name}"
        whole = arrays[key].astype("float32") * arrays[f"{key}_scale"][:, None]
        return np.ascontiguousarray(whole.T)

    def vector(name: str) -> "Array":
        return arrays[f"{number}.{name}"]

    return Layer(
        matrix("qkv"), vector("qkv.b"), matrix("out"), vector("out.b"),
        (vector("norm1.w"), vector("norm1.b")),
        matrix("up"), vector("up.b"), matrix("down"), vector("down.b"),
        (vector("norm2.w"), vector("norm2.b")),
    )  # fmt: skip


def _attention(states: "Array", layer: Layer) -> "Array":
    import numpy as np

    length, width = states.shape
    three = (states @ layer.qkv + layer.qkv_bias).reshape(length, 3, HEADS, width // HEADS)
    query, key, value = three.transpose(1, 2, 0, 3)
    scores = query @ key.transpose(0, 2, 1) * np.float32((width // HEADS) ** -0.5)
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
    attended: Array = mixed.transpose(1, 0, 2).reshape(length, width) @ layer.out + layer.out_bias
    return attended


def _normed(states: "Array", norm: tuple["Array", "Array"]) -> "Array":
    import numpy as np

    centred = states - states.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(TINY))
    result: Array = centred / spread * norm[0] + norm[1]
    return result


def _gelu(values: "Array") -> "Array":
    """By tanh: within a thousandth of the exact one, and numpy has it."""
    import numpy as np

    inner = np.float32(0.7978845608) * (values + np.float32(0.044715) * values * values * values)
    result: Array = np.float32(0.5) * values * (np.float32(1.0) + np.tanh(inner))
    return result


@lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    # One item is too small to share among threads; that they wait for each other costs more than the work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import numpy as np

    with _file().open("rb") as file, np.load(file) as arrays:
        return Encoder({name: arrays[name] for name in arrays.files})


@lru_cache(maxsize=1)
def encoder_version() -> str:
    """Read without loading the weights, or numpy."""
    with _file().open("rb") as file, ZipFile(file) as arrays:
        return arrays.read("version.npy").rpartition(b"\n")[2].decode()


def _file() -> Traversable:
    return resources.files("nlp").joinpath("data/encoder.npz")
