"""Whose office it is: how it signs, and when it is open."""

from datetime import date, time
from typing import Literal

from pydantic import Field, model_validator

from pipeline.addresses import Email
from pipeline.channels.settings import OrganId
from pipeline.settings.section import Section


class Office(Section):
    name: str = Field(description="the issuing body as it signs: Ban Tuyên giáo và Dân vận Thành ủy Hà Nội")
    parent: str = Field(description="the body above it, first line of a letter")
    place: str = Field(description="place in the date line of a letter: Hà Nội")
    province: str = Field(description="code of its province or city")
    layout: Literal["state", "party"] = Field(
        default="state", description="state: NĐ 30/2020; party: QĐ 399-QĐ/TW and HD 05-HD/VPTW"
    )
    symbol: str = Field(description="what follows the number of a letter: PC-BTGDV")
    symbols: dict[Literal["covering", "reminder", "digest", "report"], str] = Field(
        default={}, description="of other documents, where they are not as the letter's: report: BC-BTGDV"
    )
    term_starts: tuple[date, ...] = Field(
        default=(), description="first days of the committee's terms: party numbers run through a term"
    )
    signer_post: str = Field(description="post that signs: TRƯỞNG BAN")
    contact_unit: str
    telephone: str | None = None
    email: Email
    organ_id: OrganId | None = Field(default=None, description="identifier for edXML: 000.00.01.H31")

    @model_validator(mode="after")
    def _has_a_term(self) -> "Office":
        if self.layout == "party" and not self.term_starts:
            raise ValueError("layout party needs term_starts: its numbers run through a committee's term")
        return self


class Calendar(Section):
    country: str = "VN"
    extra_days_off: tuple[date, ...] = ()
    extra_working_days: tuple[date, ...] = Field(default=(), description="Saturdays worked for a swap")
    day_starts: time = time(8, 0)
    break_starts: time = time(12, 0)
    break_ends: time = time(13, 0)
    day_ends: time = time(17, 0)

    @model_validator(mode="after")
    def _in_order(self) -> "Calendar":
        if not self.day_starts < self.break_starts <= self.break_ends < self.day_ends:
            raise ValueError("give day_starts, break_starts, break_ends and day_ends in the order of the day")
        return self
