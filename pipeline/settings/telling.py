"""What the office writes by itself: digests, reports, reminders, and on whose templates."""

from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pipeline.addresses import Email
from pipeline.settings.section import Section


class DigestSettings(Section):
    at: time = time(7, 0)
    recipients: tuple[Email, ...] = Field(min_length=1)
    due_soon_working_days: int = Field(default=2, ge=1)
    silent_hours: int = Field(
        default=48,
        ge=1,
        description="a source without news for so long is shown as silent, while its own habit is not known",
    )


class Reminders(Section):
    """When agencies are reminded by themselves, in working days around the programme's deadline."""

    at: time = time(8, 0)
    days_before: tuple[Annotated[int, Field(ge=1)], ...] = (1,)
    days_after: tuple[Annotated[int, Field(ge=1)], ...] = (1,)
    leader_after: int = Field(
        default=5, ge=1, description="from this day after the deadline the leader is asked, named by post"
    )


def _a_day_of_every_year(written: str) -> str:
    """29 February is none."""
    date.fromisoformat(f"2026-{written}")
    return written


MonthDay = Annotated[str, Field(pattern=r"^\d{2}-\d{2}$"), AfterValidator(_a_day_of_every_year)]


class Window(Section):
    """A stretch of every year, both days included; where it starts later than it ends, in the year before."""

    key: str = Field(pattern=r"^[a-z]{2}[a-z0-9-]*$", description="asked for as 2026-KEY")
    name: str = Field(description="as the title tells it before the year: sáu tháng đầu")
    starts: MonthDay
    ends: MonthDay


class Reports(Section):
    """Which periods are told of, and how their tables are written for other programs."""

    written: tuple[Literal["week", "month", "quarter", "year"], ...] = Field(
        default=("week",), description="written by themselves when they have ended, and every window too"
    )
    year_starts: MonthDay = Field(
        default="01-01", description="12-15: the year 2026 is told of from 15/12/2025 to 14/12/2026"
    )
    windows: tuple[Window, ...] = ()
    csv_separator: Literal[";", ","] = Field(default=";", description="what Excel set to Vietnamese expects")
    csv_decimal: Literal[",", "."] = ","

    @model_validator(mode="after")
    def _told_apart(self) -> "Reports":
        if self.csv_separator == self.csv_decimal:
            raise ValueError("csv_separator and csv_decimal must differ")
        keys = [window.key for window in self.windows]
        if len(set(keys)) < len(keys):
            raise ValueError("two windows have the same key")
        return self


class Documents(Section):
    templates: Path | None = Field(
        default=None,
        description="folder of the office's own letter.docx, covering.docx, reminder.docx, digest.docx and "
        "report.docx; what is not there is taken from those that ship",
    )
