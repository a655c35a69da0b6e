"""What config.yaml says about the desk."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Open311(BaseModel):
    """A service that anybody may read: issues without personal data."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    jurisdiction_id: str = Field(min_length=1, description="as the standard has it: haiphong.gov.vn")
    page_size: int = Field(default=100, ge=1, le=1000)


class DeskSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    base_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s]+/?$",
        description="address in the browser when a proxy stands in front; https:// makes cookies Secure",
    )
    session_hours: int = Field(default=10, ge=1, le=72, description="a sign-in ends after this")

    open311: Open311 | None = Field(default=None, description="without it there is no such service")

    @property
    def https(self) -> bool:
        return self.base_url is not None and self.base_url.startswith("https://")
