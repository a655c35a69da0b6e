"""From what was read of a page, or told by a source, to what is to be stored of an article."""

from dataclasses import dataclass
from datetime import datetime

from crawler.addresses import canonical_address, is_home, same_site
from crawler.extraction import Extracted
from crawler.extraction.leads import lead_as_told
from crawler.plain import one_line
from crawler.settings import OutletSettings
from crawler.times import most_exact
from store.queries.article_texts import ArticleText
from store.queries.links import PendingLink


@dataclass(frozen=True)
class ReadPage:
    """A page that was read and is an article; its texts are masked."""

    link: PendingLink
    page: Extracted
    url: str
    """after redirects"""
    etag: str | None = None
    last_modified: str | None = None

    @property
    def found_at(self) -> str:
        """The address at which it was found in the end; a page of another site has the link's."""
        there = canonical_address(self.url) if same_site(self.url, self.link.url) else None
        return there or self.link.canonical_url

    @property
    def no_copy(self) -> bool:
        """Its outlet asks that no copy of the text be kept."""
        return self.page.no_archive or self.page.no_index


@dataclass(frozen=True)
class SavedPage:
    """An article from a folder; its texts are masked."""

    url: str
    page: Extracted


def text_of_page(read: ReadPage, outlet: OutletSettings, now: datetime) -> ArticleText:
    page, link = read.page, read.link
    lead, body = page.lead, page.body.splitlines() if page.body else []
    if read.no_copy:
        # It may be named and linked; what its source tells in public stands for the text, unless it is not
        # to be found at all.
        lead, body = None if page.no_index else link.summary, []
    elif lead is None:
        lead, body = lead_as_told(link.summary, body)
    return _article(
        outlet,
        url=read.url,
        canonical_url=_own_address(read),
        title=page.title or "",
        lead=lead,
        body="\n".join(body) or None,
        published=_published(link, page, now),
        first_seen=link.discovered_at,
        now=now,
    )


def text_of_saved(saved: SavedPage, canonical_url: str, outlet: OutletSettings, now: datetime) -> ArticleText:
    page = saved.page
    return _article(
        outlet,
        url=saved.url,
        canonical_url=canonical_url,
        title=page.title or "",
        lead=page.lead,
        body=page.body,
        published=page.published,
        first_seen=now,
        now=now,
    )


def text_as_told(link: PendingLink, outlet: OutletSettings, now: datetime) -> ArticleText | None:
    """What a source alone tells of a page; None where it tells no title."""
    title = one_line(link.title)
    if title is None:
        return None
    return _article(
        outlet,
        url=link.url,
        canonical_url=link.canonical_url,
        title=title,
        lead=link.summary,
        body=None,
        published=link.published_at,
        first_seen=link.discovered_at,
        now=now,
    )


def _own_address(read: ReadPage) -> str:
    """The address that the page gives itself, else the one at which it was found in the end.

    Believed only within its site: a page must not take the place of another outlet's article. And not the
    home page, which badly built sites name on every page.
    """
    named = read.page.canonical_url
    if named and same_site(named, read.url) and not is_home(named):
        return canonical_address(named) or read.link.canonical_url
    return read.found_at


def _article(
    outlet: OutletSettings,
    *,
    url: str,
    canonical_url: str,
    title: str,
    lead: str | None,
    body: str | None,
    published: datetime | None,
    first_seen: datetime,
    now: datetime,
) -> ArticleText:
    return ArticleText(
        url=url,
        canonical_url=canonical_url,
        outlet_key=outlet.key,
        outlet_name=outlet.name,
        outlet_area=outlet.area,
        title=title,
        lead=lead,
        body=body,
        # A clock that runs ahead, or a local time called GMT, must not put news into tomorrow's digest.
        published_at=min(published, now) if published else first_seen,
        published_known=published is not None,
    )


def _published(link: PendingLink, page: Extracted, now: datetime) -> datetime | None:
    """What the source says before what the page says, unless that is still to come or names no hour."""
    times = (link.published_at, page.published)
    return most_exact(*(time for time in times if time and time <= now)) or most_exact(*times)
