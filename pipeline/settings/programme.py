"""What was agreed between whom, who answers for what, and by when."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from pipeline.addresses import CommuneEmail, CommunePattern, Email
from pipeline.channels.settings import AgencyDelivery
from pipeline.settings.section import Section, Term

Urgency = Annotated[int, Field(ge=0, le=4)]


class Content(Section):
    number: int = Field(ge=1)
    text: str
    covers_referrals: bool = Field(
        default=False, description="a letter to an agency names this content as its ground"
    )


class Programme(Term):
    key: str
    kind: Literal["chương trình", "kế hoạch", "quy chế"]
    name: str
    number: str | None = None
    basis: tuple[str, ...]
    parties: tuple[str, ...] = Field(min_length=2)
    contents: tuple[Content, ...]
    deadlines: dict[Urgency, Annotated[int, Field(ge=1)]] = Field(
        description="working days to answer, by urgency"
    )


class Agency(Term):
    key: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    leader_post: str
    contact_unit: str
    email: Email | None = None
    delivery: AgencyDelivery = AgencyDelivery()


class CommuneAgencies(Section):
    """The People's Committee of every commune of the province; {name} and {code} are the commune's."""

    name: CommunePattern = "UBND {name}"
    leader_post: CommunePattern = "Chủ tịch UBND {name}"
    contact_unit: CommunePattern = "Văn phòng HĐND và UBND {name}"
    email: CommuneEmail | None = None
    channel: Literal["mail", "folder"] = "mail"


class Route(Term):
    """Who answers for a topic. `lead` and `co` name agencies; "commune" is the commune the issue lies in."""

    topic: str
    place: str | None = Field(default=None, description="unit code; none: everywhere in the province")
    programme: str | None = Field(default=None, description="key of a programme; none: under any in force")
    lead: str
    co: tuple[str, ...] = ()


class StatutoryClock(Section):
    """A limit set by law, running only from its own trigger (domain.md §3)."""

    key: str
    trigger: str
    text: str
    basis: str
    working_days: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    hours: int | None = Field(default=None, ge=1)
    working_hours: int | None = Field(default=None, ge=1, description="counted while the office is open")

    @model_validator(mode="after")
    def _one_unit(self) -> "StatutoryClock":
        units = (self.working_days, self.days, self.hours, self.working_hours)
        if sum(unit is not None for unit in units) != 1:
            raise ValueError("give exactly one of working_days, days, hours, working_hours")
        return self
