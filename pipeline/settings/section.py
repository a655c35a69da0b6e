"""What every section of config.yaml is: whole, and never changed once it is read."""

from datetime import date

from pydantic import BaseModel, ConfigDict, model_validator


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(Section):
    """Something that holds from one day to another, both included."""

    valid_from: date
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Term":
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        return self

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
