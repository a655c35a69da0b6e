"""What config.yaml says about reading texts."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class NlpSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    taxonomy: Path | None = Field(
        default=None,
        description="the office's own topics and terms (JSON); none: the one that ships in nlp/data",
    )
    model: Path | None = Field(
        default=None,
        description="weights of its own, written by `dansinh learn`; none: those that ship in nlp/data",
    )
    threshold: float = Field(
        default=0.25,
        ge=0,
        le=1,
        description="flagged from this probability on; 0.25: one overlooked costs three false alarms",
    )
    home_province: str | None = Field(
        default=None, description="code of the office's province: a hint for names found in several provinces"
    )
