"""`learn`: new weights from labelled items and the desk's judgements, taken only if they are not worse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from nlp.floors import below, load_floors
from nlp.judgements import Judgement, judgements_of
from nlp.judgements import labelled as as_labelled
from nlp.labels import learnable
from nlp.learn import item, learn, not_learned_from, pack, spread
from nlp.learn_report import write_report
from nlp.measure import Figures, measure
from nlp.model import Model
from nlp.rows import rows_of
from nlp.settings import NlpSettings
from nlp.tagger import Tagger
from pipeline.stages.summary import Progress


@dataclass(frozen=True, slots=True)
class Files:
    labelled: Sequence[Path]
    judgements: Sequence[Path]
    """what desks decided, as `dansinh judgements` prints it"""
    unlabelled: Path | None
    fixed: Sequence[Path]
    """measured by, never learned from"""


@dataclass(frozen=True, slots=True)
class Learned:
    features: int
    figures: dict[str, Figures]
    """by fixed file's stem"""
    below: list[str]
    """what falls below its floor; where there is anything, nothing was written"""
    written: list[Path] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        return {
            "features": self.features,
            "figures": {name: one.to_dict() for name, one in self.figures.items()},
            "below": self.below,
            "written": list(map(str, self.written)),
        }


@dataclass(frozen=True, slots=True)
class _Material:
    labelled: list[dict[str, Any]]
    judged: list[dict[str, Any]]
    unlabelled: list[dict[str, Any]]


def learn_anew(
    files: Files, desk: Iterable[Judgement], out: Path, report: Path | None, progress: Progress
) -> Learned:
    """Writes the weights to `out` unless they fall short, and the report in any case.

    `desk`: judgements beside those of files.
    """
    material = _read(files, desk)
    rows = material.labelled + material.judged
    progress(
        f"learning from {len(material.labelled):,} labelled, {len(material.judged):,} judged "
        f"and {len(material.unlabelled):,} unlabelled items"
    )
    model = learn(rows, material.unlabelled)
    figures = {path.stem: _figures(path, model) for path in files.fixed}
    floors = load_floors()
    short = [line for name, one in figures.items() for line in below(floors, name, one)]
    learned = Learned(len(model.idf), figures, short)
    if report is not None:
        progress("learning once more without a fifth of the items, for the report")
        learned.written.extend(_report(report, material, figures))
    if not short:
        out.write_bytes(pack(model))
        learned.written.append(out)
    return learned


def _read(files: Files, desk: Iterable[Judgement]) -> _Material:
    """No title that a fixed file measures by is among what is learned from."""
    apart = {row["title"] for path in files.fixed for row in rows_of(path)}
    labelled = [row for path in files.labelled for row in rows_of(path) if row["title"] not in apart]
    carried = (one for path in files.judgements for one in judgements_of(rows_of(path)))
    judged = [row for row in as_labelled(chain(carried, desk)) if row["title"] not in apart]
    others = list(rows_of(files.unlabelled)) if files.unlabelled else []
    labelled = learnable(labelled, others, apart)
    known = apart | {row["title"] for row in labelled + judged}
    unlabelled = spread(others, known)
    return _Material(labelled, judged, unlabelled)


def _figures(path: Path, model: Model) -> Figures:
    tagger = Tagger(NlpSettings(), model)
    rows = list(rows_of(path))
    return measure(rows, [tagger.tag(item(row)) for row in rows])


def _report(folder: Path, material: _Material, figures: dict[str, Figures]) -> list[Path]:
    pairs = not_learned_from(material.labelled, material.judged, material.unlabelled)
    told = [(said.score, row["kind"] == "concern") for row, said in pairs]
    unseen = measure([row for row, _ in pairs], [said for _, said in pairs])
    return write_report(folder, told, {"a fifth kept apart": unseen} | figures)
