"""How agencies answer, and what may come with an answer."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from pipeline.settings.section import Section


class AgencyPage(Section):
    """Where an agency answers without an account, by the signed link in its letter."""

    base_url: str = Field(
        pattern=r"^https?://[^/\s]+/?$",
        description="address of the desk as agencies reach it; the link in a letter begins with it",
    )
    secret_env: str = Field(
        default="DANSINH_LINK_SECRET",
        description="environment variable with the key that signs links; never the secret itself",
    )
    secret_file: Path | None = Field(
        default=None, description="file with the key, in place of the variable; from config.yaml's folder"
    )
    days: int = Field(default=90, ge=1, le=730, description="a link is good for so long")


FileType = Literal["pdf", "docx", "xlsx", "pptx", "odt", "ods", "jpg", "png", "tif"]


class Attachments(Section):
    """Files that come with replies. What one is, its content says, not its name."""

    max_bytes: int = Field(default=20_000_000, ge=1, le=100_000_000, description="of one file")
    max_files: int = Field(default=5, ge=0, le=20, description="with one reply")
    types: tuple[FileType, ...] = ("pdf", "docx", "xlsx", "odt", "jpg", "png")
