"""The one table that `make bench` prints."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table

Better = Literal["more", "less"]


@dataclass(frozen=True)
class Figure:
    """One line: two things measured in the same run, one against the other."""

    what: str
    against: str
    value: float
    goal: float | None = None
    better: Better = "more"
    percent: bool = False
    seen: str = ""
    """the two absolute numbers, which mean little on another machine"""

    @property
    def passes(self) -> bool | None:
        """None: no goal was set for it."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.better == "more" else self.value <= self.goal

    def shown(self, value: float) -> str:
        return f"{value:.1%}" if self.percent else f"{value:.2f} x"

    @property
    def shown_goal(self) -> str:
        if self.goal is None:
            return "none set"
        return f"{'at least' if self.better == 'more' else 'at most'} {self.shown(self.goal)}"


@dataclass(frozen=True)
class Absence:
    """A line that could not be measured, and why."""

    what: str
    why: str


Line = Figure | Absence
Progress = Callable[[str], None]

_NARROWEST = 170
_VERDICT = {True: "[green]pass[/]", False: "[red]falls short[/]", None: ""}


def show(lines: list[Line]) -> None:
    table = Table(title="Dân Sinh, measured on this machine in one run", title_justify="left")
    for name in ("what", "against", "figure", "goal", "", "seen"):
        table.add_column(name, justify="right" if name == "figure" else "left")
    for line in lines:
        if isinstance(line, Absence):
            table.add_row(line.what, "", "-", "", "[yellow]not measured[/]", line.why)
        else:
            verdict = _VERDICT[line.passes]
            table.add_row(
                line.what, line.against, line.shown(line.value), line.shown_goal, verdict, line.seen
            )
    terminal = Console()
    # A log has no width of its own: the lines are kept whole.
    Console(width=max(terminal.width, _NARROWEST)).print(table)
