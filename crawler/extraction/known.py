"""Layouts that come with the crawler, by host."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawler.settings import LayoutSettings


class KnownOutlet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = Field(
        min_length=1, description="with all hosts below them: www., m., a province's"
    )
    system: str | None = Field(default=None, description="the publishing system whose layouts it has")
    layouts: tuple[LayoutSettings, ...] = Field(default=(), description="its own, before those of its system")
    seen: Literal["page", "code"] = Field(description="on a saved page, or in programs that read it")
    year: int = Field(ge=2010, le=2100, description="of the page or program")


class KnownLayouts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    systems: dict[str, tuple[LayoutSettings, ...]]
    outlets: tuple[KnownOutlet, ...]

    @model_validator(mode="after")
    def _systems_are_known(self) -> "KnownLayouts":
        for outlet in self.outlets:
            if outlet.system is not None and outlet.system not in self.systems:
                raise ValueError(f"{outlet.hosts[0]}: no system {outlet.system!r}")
            if outlet.system is None and not outlet.layouts:
                raise ValueError(f"{outlet.hosts[0]}: neither system nor layouts")
        return self

    @model_validator(mode="after")
    def _hosts_are_unique(self) -> "KnownLayouts":
        hosts = [host for outlet in self.outlets for host in outlet.hosts]
        if doubled := sorted({host for host in hosts if hosts.count(host) > 1}):
            raise ValueError(f"named twice: {', '.join(doubled)}")
        return self

    def by_host(self) -> dict[str, tuple[LayoutSettings, ...]]:
        # The newest last, as in config.yaml: the own ones are the exception from the system's.
        return {
            host: (*(self.systems[outlet.system] if outlet.system else ()), *outlet.layouts)
            for outlet in self.outlets
            for host in outlet.hosts
        }


def read_known(document: Any) -> KnownLayouts:
    return KnownLayouts.model_validate(document)


@cache
def shipped() -> KnownLayouts:
    # Imported here: a process that reads no page by a known layout needs it not.
    from ruamel.yaml import YAML

    text = files("crawler.extraction").joinpath("data/layouts.yaml").read_text(encoding="utf-8")
    return read_known(YAML(typ="safe").load(text))


@cache
def _by_host() -> Mapping[str, tuple[LayoutSettings, ...]]:
    return shipped().by_host()


def known_layouts(url: str) -> tuple[LayoutSettings, ...]:
    """What is known of the address's host, or of the nearest host above it; none for a stranger."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ()
    while "." in host:
        if found := _by_host().get(host):
            return found
        host = host.partition(".")[2]
    return ()
