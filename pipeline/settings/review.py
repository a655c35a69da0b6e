"""What people at the desk decide, and what is decided without them."""

from pydantic import Field

from pipeline.settings.programme import Urgency
from pipeline.settings.section import Section


class AutoReview(Section):
    topic: str = Field(description='a topic, or "*" for every topic')
    min_urgency: Urgency


class Review(Section):
    """What leaves the office without a person's approval: nothing, unless named here."""

    auto: tuple[AutoReview, ...] = ()
    two_person: bool = Field(
        default=True, description="who approves a letter is another account than who prepared it"
    )
    undo_minutes: int = Field(
        default=10,
        ge=0,
        le=60,
        description="a decision can be undone for so long, and an approved letter waits for it; 0: never",
    )
