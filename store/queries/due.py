"""Whether a crawl has anything to do: one cheap look."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from store.models import Link, Source
from store.queries.links import IS_PENDING, of_sources


def anything_due(
    session: Session, digests: Mapping[str, str | None], visited: Collection[str], until: datetime
) -> bool:
    """Whether by `until` a source with one of these keys is to be polled, a page that it named to be read, or
    one that a source with a key in `visited` named to be looked at again.

    `digests`: of each source's settings; one that is to be read otherwise than before is due.
    """
    columns = (Source.id, Source.key, Source.next_poll_at, Source.settings_digest)
    known = {source.key: source for source in session.execute(select(*columns)) if source.key in digests}
    if any(
        key not in known
        or known[key].next_poll_at is None
        or known[key].next_poll_at <= until
        or known[key].settings_digest != digest
        for key, digest in digests.items()
    ):
        return True
    pending = select(Link.id).where(
        IS_PENDING,
        of_sources([source.id for source in known.values()]),
        or_(Link.next_attempt_at.is_(None), Link.next_attempt_at <= until),
    )
    visits = select(Link.id).where(
        Link.visit_at <= until,
        of_sources([source.id for key, source in known.items() if key in visited]),
    )
    return any(session.scalar(links.limit(1)) is not None for links in (pending, visits))
