"""What config.yaml says about outlets and how to read them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

OutletKind = Literal["newspaper", "broadcaster", "portal"]
SourceKind = Literal["feed", "sitemap", "listing"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceSettings(_Section):
    kind: SourceKind
    url: HttpUrl
    article_links: str | None = Field(
        default=None, description="CSS selector of links to articles on a listing page"
    )
    full_text: bool = Field(default=True, description="false: keep what the feed says, do not fetch the page")


class OutletSettings(_Section):
    key: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    kind: OutletKind
    home: HttpUrl
    area: str | None = Field(
        default=None, description="code of the province or commune it writes about; none: the whole country"
    )
    sources: tuple[SourceSettings, ...] = Field(
        default=(),
        description="none: the home page is read as a listing until `dansinh sources find` names better",
    )


class CrawlerSettings(_Section):
    user_agent: str = Field(
        default="DanSinh/0.1 (+{contact})", description="{contact} is replaced by the contact below"
    )
    contact: str = Field(description="address or page at which a publisher reaches the office")
    per_host_delay_seconds: float = Field(default=2.0, ge=0)
    timeout_seconds: float = Field(default=20.0, gt=0)
    max_page_bytes: int = Field(default=5_000_000, ge=10_000)
    max_items_per_source: int = Field(default=200, ge=1)
    max_age_days: int = Field(default=7, ge=1, description="older items of a source are not fetched")
    poll_minutes: int = Field(default=10, ge=1)
    max_run_seconds: int = Field(default=480, ge=1, description="a crawl stops asking for more after this")
    attempts: int = Field(default=5, ge=1, description="tries for one page before it is given up")
    outlets: tuple[OutletSettings, ...]

    @property
    def agent(self) -> str:
        """How the crawler names itself to every host."""
        return self.user_agent.replace("{contact}", self.contact)

    @model_validator(mode="after")
    def _keys_are_unique(self) -> "CrawlerSettings":
        keys = [outlet.key for outlet in self.outlets]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        if doubled:
            raise ValueError(f"two outlets have the key {doubled[0]!r}; give each its own")
        return self
