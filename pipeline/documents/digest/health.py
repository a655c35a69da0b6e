"""Which sources were read, and which fell silent or failed: silence must not pass for calm."""

from collections.abc import Sequence
from datetime import datetime

from crawler.health import SourceHealth as Health
from crawler.health import ailing
from pipeline.documents.digest.content import SourceHealth, SourceTrouble
from pipeline.watching import in_words


def source_health(watched: Sequence[Health], since: datetime) -> SourceHealth:
    """Of the sources that the configuration names today."""
    rows = [health.row for health in watched if health.row is not None]
    troubles = [_trouble(health) for health in ailing(watched)]
    return SourceHealth(
        configured=len(watched),
        read=sum(row.last_ok_at is not None and row.last_ok_at > since for row in rows),
        failed=sum(row.failures > 0 for row in rows),
        troubles=tuple(sorted(troubles, key=lambda trouble: (trouble.outlet, trouble.url))),
    )


def _trouble(health: Health) -> SourceTrouble:
    source = health.source
    return SourceTrouble(source.outlet.name, source.url, health.state, in_words(health))
