"""When articles tell of one issue, and when an issue grows."""

from pydantic import Field

from pipeline.settings.section import Section


class Grouping(Section):
    similarity: float | None = Field(
        default=None, gt=0, lt=1, description="from this on two texts tell of one event; none: nlp's own"
    )
    window_days: int = Field(
        default=21, ge=1, description="an issue silent for longer is joined only where place and topic agree"
    )
    longest_days: int = Field(
        default=180, ge=1, description="an issue silent for longer is not joined at all: it is another one"
    )


class GrowthSettings(Section):
    """When an issue is developing: the test is described in pipeline/growth.py."""

    recent_days: int = Field(default=3, ge=1, description="the last days, today among them")
    before_days: int = Field(default=14, ge=1, description="the days before, which these are held against")
    significance: float = Field(
        default=0.05, gt=0, lt=1, description="so unlikely must it be by chance that there are so many"
    )
    curve_days: int = Field(default=28, ge=2, le=90, description="days that the curve shows at most")
