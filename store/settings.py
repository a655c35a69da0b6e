"""What config.yaml says about the store."""

from pydantic import BaseModel, ConfigDict, Field


class StoreSettings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(
        default="sqlite:///dansinh.db",
        description="SQLAlchemy URL, a relative file lies in data_dir; DANSINH_DATABASE_URL overrides it",
    )
    keep_text_days: int = Field(
        default=365,
        ge=1,
        description="after this a text is dropped, so are files that came with replies; title, address and "
        "finding stay, and what a reply says",
    )
