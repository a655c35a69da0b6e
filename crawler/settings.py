"""What config.yaml says about outlets and how to read them."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, field_validator, model_validator

from crawler.fetching.networks import host_and_port

OutletKind = Literal["newspaper", "broadcaster", "portal"]
SourceKind = Literal["feed", "sitemap", "listing", "board", "folder"]


def _compiled(selector: str) -> str:
    try:
        # Some of what reads as CSS cannot be asked of a page, such as a namespace that nothing declares.
        etree.XPath(HTMLTranslator().css_to_xpath(selector))(etree.Element("html"))
    except (SelectorError, etree.XPathError) as error:
        raise ValueError(f"{selector!r} is no CSS selector ({error}); `.story h2 a` is an example") from error
    return selector


Selector = Annotated[str, AfterValidator(_compiled)]
"""A CSS selector that can be read: a slip in one would else only show as a source that names nothing."""


def _sendable(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("is empty; write a mail address or the address of a page")
    if not (text.isascii() and text.isprintable()):
        raise ValueError(
            f"{text!r} cannot be sent in a request: only ASCII on one line can; write a mail address or the "
            "address of a page, and names without diacritics"
        )
    return text


Sendable = Annotated[str, AfterValidator(_sendable)]
"""What can stand in a request's header."""


def _names_a_contact(agent: str) -> str:
    if "{contact}" not in agent and "@" not in agent and "http" not in agent:
        raise ValueError("does not say how the office is reached; write {contact} into it")
    return agent


def _names_a_host(entry: str) -> str:
    host_and_port(entry)
    return entry


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LayoutSettings(_Section):
    """Where the parts of an article stand on an outlet's pages; each a CSS selector."""

    title: Selector | None = None
    lead: Selector | None = None
    body: Selector = Field(description="the box of the running text, or its paragraphs")
    time: Selector | None = Field(
        default=None, description="of its attribute datetime or content, else its text"
    )
    drop: tuple[Selector, ...] = Field(default=(), description="what stands in the body and is not its text")
    until: date | None = Field(
        default=None, description="articles published after this day have the next layout"
    )


class SourceSettings(_Section):
    kind: SourceKind
    url: HttpUrl | None = None
    path: Path | None = Field(
        default=None, description="a folder of saved pages or JSON Lines; from the folder of config.yaml"
    )
    article_links: Selector | None = Field(
        default=None, description="CSS selector of links to articles on a listing page or board"
    )
    next_page: Selector | None = Field(
        default=None, description="CSS selector of a board's link to its next page, if it is not found"
    )
    max_pages: int = Field(default=5, ge=1, le=100, description="pages of a board that one poll turns")
    full_text: bool = Field(default=True, description="false: keep what the feed says, do not fetch the page")

    @model_validator(mode="after")
    def _has_its_place(self) -> Self:
        if self.kind == "folder" and (self.path is None or self.url is not None):
            raise ValueError("a folder has a `path` and no `url`; write {kind: folder, path: FOLDER}")
        if self.kind != "folder" and (self.url is None or self.path is not None):
            raise ValueError(
                f"a {self.kind} has a `url` and no `path`; write {{kind: {self.kind}, url: https://…}}"
            )
        if self.next_page is not None and self.kind != "board":
            raise ValueError("only a board has a `next_page`; give it the kind board")
        if self.article_links is not None and self.kind not in {"listing", "board"}:
            raise ValueError("only a listing and a board have `article_links`; give it one of these kinds")
        return self


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
    layouts: tuple[LayoutSettings, ...] = Field(
        default=(), description="the newest last; none: what the crawler knows of this outlet's host, if any"
    )


class CrawlerSettings(_Section):
    user_agent: Annotated[Sendable, AfterValidator(_names_a_contact)] = Field(
        default="DanSinh/0.1 (+{contact})", description="{contact} is replaced by the contact below"
    )
    contact: Sendable = Field(description="address or page at which a publisher reaches the office")
    per_host_delay_seconds: float = Field(default=2.0, ge=0)
    timeout_seconds: float = Field(default=20.0, gt=0)
    max_page_bytes: int = Field(default=5_000_000, ge=10_000)
    max_items_per_source: int = Field(default=200, ge=1)
    max_age_days: int = Field(default=7, ge=1, description="older items of a source are not fetched")
    shortest_poll_minutes: int = Field(default=5, ge=1)
    longest_poll_minutes: int = Field(default=24 * 60, ge=1)
    visit_hours: tuple[int, ...] = Field(
        default=(3, 24, 72),
        description="hours after it was read at which a page is looked at again; empty: never",
    )
    max_run_seconds: int = Field(default=480, ge=1, description="a crawl stops asking for more after this")
    attempts: int = Field(default=5, ge=1, description="tries for one page before it is given up")
    private_hosts: tuple[Annotated[str, AfterValidator(_names_a_host)], ...] = Field(
        default=(),
        description="hosts (name or name:port) that may have an address inside the office's own network",
    )
    outlets: tuple[OutletSettings, ...]

    @property
    def agent(self) -> str:
        """How the crawler names itself to every host."""
        return self.user_agent.replace("{contact}", self.contact)

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        keys = [outlet.key for outlet in self.outlets]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        if doubled:
            raise ValueError(f"two outlets have the key {doubled[0]!r}; give each its own")
        return self

    @model_validator(mode="after")
    def _polls_are_ordered(self) -> Self:
        if self.shortest_poll_minutes > self.longest_poll_minutes:
            raise ValueError("shortest_poll_minutes is more than longest_poll_minutes")
        return self

    @field_validator("visit_hours")
    @classmethod
    def _visits_are_ordered(cls, hours: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise((0, *hours))):
            raise ValueError(
                "the hours must be more than 0, each more than the one before; [3, 24, 72] is an example"
            )
        return hours
