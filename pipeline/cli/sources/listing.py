"""`dansinh sources list`: how each source is."""

import sys
from datetime import datetime, timedelta
from typing import Any

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, Invocation, common_options

_STATES = {
    "unread": "never read",
    "ok": "ok",
    "slowed": "slowed",
    "failing": "failing",
    "paused": "paused",
    "layout": "layout changed",
    "unreadable": "no article read",
    "silent": "silent",
}


@click.command("list")
@common_options
def list_sources(invocation: Invocation) -> None:
    """Show every configured source: its state, when it was read, its last news, its pace, what it named."""
    from pipeline.watching import ailing, watched

    with invocation.store.read() as session:
        found = watched(session, invocation.settings, invocation.clock())
        rows = [_row(health) for health in found]
    invocation.say(_table(rows))
    invocation.give(rows)
    if ailing(found):
        sys.exit(FINISHED_WITH_FAILURES)


def _row(health: Any) -> dict[str, Any]:
    source, row = health.source, health.row
    interval = None
    if row and row.next_poll_at and row.last_polled_at:
        interval = round((row.next_poll_at - row.last_polled_at) / timedelta(minutes=1))
    return {
        "outlet": source.outlet.key,
        "kind": source.kind,
        "address": str(source.path or source.url),
        "state": _STATES[health.state],
        "last_read": _iso(row and row.last_ok_at),
        "last_new": _iso(row and row.last_new_at),
        "interval_minutes": interval,
        "items": row.items_named if row else None,
        "new_items": row.items_new if row else None,
        "next_poll": _iso(row and row.next_poll_at),
        "error": row.last_error if row else None,
    }


def _iso(time: datetime | None) -> str | None:
    from pipeline.clock import LOCAL

    return time.astimezone(LOCAL).isoformat(timespec="minutes") if time else None


def _table(rows: list[dict[str, Any]]) -> str:
    """One line a source; what is wrong beneath it."""
    heads = ("outlet", "kind", "state", "last read", "last new", "every", "items", "next poll", "address")
    lines = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads) - 1)]
    table = []
    for number, line in enumerate(lines):
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        table.append("  ".join([*cells, line[-1]]))
        if number and rows[number - 1]["error"]:
            table.append(f"    → {rows[number - 1]['error']}")
    return "\n".join(table)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    every = row["interval_minutes"]
    items = "–" if row["items"] is None else f"{row['items']} ({row['new_items'] or 0} new)"
    return (
        row["outlet"],
        row["kind"],
        row["state"],
        _short(row["last_read"]),
        _short(row["last_new"]),
        "–" if every is None else f"{every} min" if every < 120 else f"{every / 60:.0f} h",
        items,
        _short(row["next_poll"]),
        row["address"],
    )


def _short(time: str | None) -> str:
    return datetime.fromisoformat(time).strftime("%d/%m %H:%M") if time else "–"
