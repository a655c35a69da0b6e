"""What the crawler remembers of hosts, so that it is as polite over many short runs as in one long one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import Host


@dataclass(frozen=True)
class HostState:
    """One row, by its host: "https://example.vn"; what the columns mean stands in store.models.Host."""

    host: str
    robots_text: str | None = None
    robots_read_at: datetime | None = None
    robots_failed_at: datetime | None = None
    wait_until: datetime | None = None
    last_asked_at: datetime | None = None


def host_states(session: Session, hosts: Collection[str]) -> dict[str, HostState]:
    """Those of them that are known."""
    rows = session.scalars(select(Host).where(Host.host.in_(hosts)))
    return {
        row.host: HostState(
            host=row.host,
            robots_text=row.robots_text,
            robots_read_at=row.robots_read_at,
            robots_failed_at=row.robots_failed_at,
            wait_until=row.wait_until,
            last_asked_at=row.last_asked_at,
        )
        for row in rows
    }


def save_host_states(session: Session, states: Iterable[HostState]) -> None:
    """Keeps each as it is told, in place of what was known of its host."""
    for state in states:
        row = session.scalar(select(Host).where(Host.host == state.host))
        if row is None:
            row = Host(host=state.host)
            session.add(row)
        row.robots_text = state.robots_text
        row.robots_read_at = state.robots_read_at
        row.robots_failed_at = state.robots_failed_at
        row.wait_until = state.wait_until
        row.last_asked_at = state.last_asked_at
