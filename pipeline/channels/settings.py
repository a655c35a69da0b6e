"""What config.yaml says of how messages reach an agency."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def _endpoint(value: str) -> str:
    parts = urlsplit(value)
    try:
        usable = value.isascii() and value.isprintable() and " " not in value and parts.port != 0
    except ValueError:
        usable = False
    plain_is_safe = parts.hostname in THIS_MACHINE
    if not usable or not parts.hostname or parts.username or parts.fragment:
        raise ValueError(
            f"{value!r} is no address of a web service; write one like https://so.example.vn/nhan"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and plain_is_safe):
        raise ValueError(f"{value!r} would send letters unencrypted; write an https:// address")
    return value


Endpoint = Annotated[str, AfterValidator(_endpoint)]
OrganId = Annotated[str, Field(pattern=r"^[A-Z0-9]{3}(\.[A-Z0-9]{2}){2}\.[A-Z][A-Z0-9]{2}$")]
"""An identifier of a body by QCVN 102:2016/BTTTT: 000.00.05.H31."""


class AgencyDelivery(BaseModel):
    """mail: to its email; folder: files in a folder of its own; edxml: the same with the letter as one edXML
    file; webhook: signed, to a system of the agency's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: Literal["mail", "folder", "edxml", "webhook"] = "mail"
    organ_id: OrganId | None = Field(default=None, description="for edxml: 000.00.05.H31")
    url: Endpoint | None = Field(default=None, description="for webhook")
    secret_env: str = Field(
        default="DANSINH_WEBHOOK_SECRET", description="environment variable, never the secret"
    )
    secret_file: Path | None = Field(default=None, description="file whose first line is the secret, instead")

    @model_validator(mode="after")
    def _has_what_its_channel_needs(self) -> "AgencyDelivery":
        if self.channel == "webhook" and self.url is None:
            raise ValueError("channel webhook needs url")
        if self.channel == "edxml" and self.organ_id is None:
            raise ValueError("channel edxml needs organ_id, the agency's identifier")
        return self
