"""What a stage says when it has run."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from store import Store
from store.models import StageRun

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Failure:
    """One thing that did not work: what it was about, why, and what to mend."""

    what: str
    why: str
    remedy: str


@dataclass
class Summary:
    stage: str
    counts: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    notices: list[Failure] = field(default_factory=list)
    """odd but survived: a page without a date, a broken encoding"""

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def fail(self, what: str, why: str, remedy: str) -> None:
        self.failures.append(Failure(what, why, remedy))
        self.count("failed")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def keep(store: Store, summary: Summary, started_at: datetime, finished_at: datetime) -> None:
    """Keeps the summary, for the digest to tell of health; a run that had nothing to do leaves no row."""
    if not any(summary.counts.values()) and not summary.failures:
        return
    with store.begin() as session:
        session.add(
            StageRun(
                stage=summary.stage,
                started_at=started_at,
                finished_at=finished_at,
                counts=summary.counts,
                failures=[asdict(failure) for failure in summary.failures],
            )
        )
