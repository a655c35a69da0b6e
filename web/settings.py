"""What config.yaml says about the desk."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


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

    @property
    def https(self) -> bool:
        return self.base_url is not None and self.base_url.startswith("https://")
