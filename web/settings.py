"""What config.yaml says about the desk."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Open311(BaseModel):
    """A service that anybody may read: issues without personal data."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    jurisdiction_id: str = Field(min_length=1, description="as the standard has it: haiphong.gov.vn")
    page_size: int = Field(default=100, ge=1, le=1000)


def is_loopback(host: str | None) -> bool:
    return host in ("127.0.0.1", "localhost", "::1")


class SingleSignOn(BaseModel):
    """OpenID Connect: whom the provider knows may enter, where an account has been made for him."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(pattern=r"^https?://[^\s?#]+$", description="as the provider writes it itself")
    client_id: str = Field(min_length=1)
    secret_env: str = Field(
        default="DANSINH_OIDC_SECRET",
        description="environment variable with the client's secret; never the secret itself",
    )
    name_claim: Literal["preferred_username", "email", "sub"] = Field(
        default="preferred_username", description="what names the account; an e-mail must be verified"
    )
    same_names: bool = Field(
        default=False,
        description="an account that has no name of its own there is called there as here; only where nobody "
        "but the office gives out names: whoever comes first under an account's name gets the account",
    )
    second_factor: Literal["desk", "provider"] = Field(
        default="desk", description="provider: it asks for one itself, and the desk does not ask again"
    )
    timeout_seconds: float = Field(default=10, gt=0, le=60)

    @model_validator(mode="after")
    def _not_in_the_open(self) -> "SingleSignOn":
        if not (self.issuer.startswith("https://") or is_loopback(urlsplit(self.issuer).hostname)):
            raise ValueError("issuer must begin with https://, unless the provider is on this machine")
        return self


Role = Literal["reader", "analyst", "lead", "operator", "agency"]


class DeskSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    base_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/\s]+/?$",
        description="address in the browser when a proxy stands in front; https:// makes cookies Secure",
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=16,
        description="processes that serve; two where the machine has two cores and many work at once",
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=("127.0.0.1", "::1"),
        description="addresses of the proxy in front (with base_url), whose X-Forwarded-For is believed",
    )
    session_hours: int = Field(default=10, ge=1, le=72, description="a sign-in ends after this")
    idle_minutes: int = Field(
        default=120, ge=10, le=1440, description="a sign-in that is not used ends after this"
    )
    totp_required: tuple[Role, ...] = Field(
        default=(), description="roles that must sign in with a code from the telephone, too"
    )

    open311: Open311 | None = Field(default=None, description="without it there is no such service")
    oidc: SingleSignOn | None = Field(default=None, description="without it there is no single sign-on")

    @model_validator(mode="after")
    def _knows_its_address(self) -> "DeskSettings":
        if self.oidc is not None and self.base_url is None:
            raise ValueError("oidc needs base_url: the provider sends browsers back to it")
        return self

    @property
    def https(self) -> bool:
        return self.base_url is not None and self.base_url.startswith("https://")
