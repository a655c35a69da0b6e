"""Articles as they are read: new ones, those known already, those that have changed, moved or gone.

Each function works in the caller's transaction. See docs/decisions/0014-one-article-many-versions.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from store.models import Article, Link
from store.queries import links as link_queries
from store.queries.article_texts import ArticleText, new_article, rewrite, say, text_hash, withdraw
from store.queries.joining import join
from store.queries.links import NewLink
from store.queries.visits import NextVisit
from store.same_text import Text, is_kin, is_much_less, is_one, plain

StoreOutcome = Literal["new", "updated", "changed", "duplicate", "unchanged", "curtailed", "settled"]
"""updated: what only its source had told has its page's text now; changed: a new version;
curtailed: the page shows far less than it did, or another text: what is stored stays;
settled: another run has dealt with the link"""
_SAME_DAY = timedelta(days=1)
_LONG_ENOUGH = 200
"""characters of body from which on two equal texts of an outlet are one article: notices of three lines
("see the attachment") come again each month"""


@dataclass(frozen=True)
class PageText:
    """What was read at a link."""

    link_id: int
    text: ArticleText
    visit: bool
    found_at: str | None = None
    """the canonical form of the address at which it was found, whatever the page calls its own"""
    no_archive: bool = False
    """no copy of the text may be kept, and `text` has none"""
    etag: str | None = None
    last_modified: str | None = None


def store_pages(
    session: Session, pages: Sequence[PageText], now: datetime, next_visit: NextVisit
) -> list[StoreOutcome]:
    """Stores what was read, in place of what sources alone told, and settles the links; an outcome a page."""
    found = _Known.of(session, pages)
    keeping = _Keeping(session, found, now)
    outcomes = [keeping.take(page) for page in pages]
    session.flush()
    keeping.settle(next_visit)
    return outcomes


def store_saved(
    session: Session, source_id: int, texts: Mapping[str, ArticleText], now: datetime
) -> dict[str, StoreOutcome]:
    """Stores texts that an office has already, by address, with the links that name them."""
    addresses = [
        NewLink(text.url, address, text.title, None, text.published_at if text.published_known else None)
        for address, text in texts.items()
    ]
    link_queries.add_links(session, source_id, addresses, now)
    known = link_queries.known_addresses(session, list(texts))
    ids = {entry.link.id: address for address, entry in known.items() if entry is not None}
    outcomes: dict[str, StoreOutcome] = dict.fromkeys(texts, "duplicate")
    rows = link_queries.rows(session, ids)
    for link in rows.values():
        if link.state in {"refused", "failed"} and link.article_id is None:
            # What could not be had from the web, or was too old for news, the office has all the same.
            link.state = "pending"
    pages = [
        PageText(link.id, texts[ids[link.id]], visit=link.state == "stored")
        for link in rows.values()
        # What has been read from the web is newer than a copy of it.
        if link.source_id == source_id or link.state == "pending"
    ]
    stored = store_pages(session, pages, now, _never)
    return outcomes | {page.text.canonical_url: said for page, said in zip(pages, stored, strict=True)}


def _never(_visits: int) -> None:
    """Nobody visits a file."""


def _is_thin(article: Article) -> bool:
    """Whether its text has not been read, or may not be kept."""
    return article.body is None and article.text_expired_at is None


class _Known:
    """The articles that a batch of pages may be; asked for in a fixed number of questions."""

    def __init__(self, links: dict[int, Link], articles: Iterable[Article], moved: Mapping[str, int]) -> None:
        self.links = links
        self.by_id: dict[int, Article] = {}
        self._by_address: dict[str, Article] = {}
        self._by_text: dict[tuple[str, str], list[Article]] = {}
        for article in articles:
            self.by_id[article.id] = article
            self.add(article)
        self._named = moved
        for address, article_id in moved.items():
            self._by_address.setdefault(address, self.by_id[article_id])

    @classmethod
    def of(cls, session: Session, pages: Sequence[PageText]) -> "_Known":
        links = link_queries.rows(session, {page.link_id for page in pages})
        addresses = {page.text.canonical_url for page in pages} | {
            link.canonical_url for link in links.values()
        }
        addresses |= {page.found_at for page in pages if page.found_at}
        named = session.execute(
            select(Link.canonical_url, Link.article_id).where(Link.canonical_url.in_(addresses))
        )
        moved = {address: article_id for address, article_id in named if article_id is not None}
        hashes = {text_hash(*page.text.said) for page in pages if not page.visit}
        articles = session.scalars(
            select(Article).where(
                or_(
                    Article.canonical_url.in_(addresses),
                    Article.id.in_(set(moved.values())),
                    and_(Article.text_hash.in_(hashes), Article.body.is_not(None)),
                )
            )
        )
        return cls(links, articles, moved)

    def add(self, article: Article) -> None:
        self._by_address[article.canonical_url] = article
        self._by_text.setdefault((article.outlet_key, article.text_hash), []).append(article)

    def replace(self, article: Article, by: Article) -> None:
        """The article is no more."""
        self.by_id[article.id] = by
        self._by_address = {
            address: by if one is article else one for address, one in self._by_address.items()
        }
        self._by_text = {
            text: [by if one is article else one for one in some] for text, some in self._by_text.items()
        }

    def at(self, address: str) -> Article | None:
        return self._by_address.get(address)

    def is_named(self, article: Article) -> bool:
        """Whether a source has named the article's address."""
        return self._named.get(article.canonical_url) == article.id

    def with_text(self, text: ArticleText) -> Article | None:
        """The same text of the same outlet on the same day: its address has changed."""
        if len(text.body or "") < _LONG_ENOUGH:
            return None
        alike = self._by_text.get((text.outlet_key, text_hash(*text.said)), ())
        return next((one for one in alike if abs(one.published_at - text.published_at) < _SAME_DAY), None)


class _Keeping:
    """Decides on one page after the other; a later page of a batch sees what an earlier one has brought."""

    def __init__(self, session: Session, known: _Known, now: datetime) -> None:
        self._session = session
        self._known = known
        self._now = now
        self._read: list[tuple[Link, Article | None, PageText, StoreOutcome]] = []

    def take(self, page: PageText) -> StoreOutcome:
        link = self._known.links.get(page.link_id)
        if link is None or link.state != ("stored" if page.visit else "pending"):
            return "settled"
        article, outcome = self._visited(link, page) if page.visit else self._read_first(link, page)
        self._read.append((link, article, page, outcome))
        return outcome

    def settle(self, next_visit: NextVisit) -> None:
        """Once the new articles have their ids."""
        for link, article, page, outcome in self._read:
            link.article_id = article.id if article else None
            link.read_at = self._now
            # The mark of a page that is not believed would let the next visit be answered "unchanged".
            believed = outcome != "curtailed"
            link.etag = page.etag if believed else None
            link.last_modified = page.last_modified if believed else None
            if outcome in {"duplicate", "settled"}:
                link.visit_at = None
                continue
            link.visits = link.visits + 1 if page.visit else 0
            link.visit_at = next_visit(link.visits)
            link.attempts, link.reason = 0, None

    def _read_first(self, link: Link, page: PageText) -> tuple[Article, StoreOutcome]:
        own = self._known.at(link.canonical_url)
        text = self._at_its_own_address(page, own)
        same = self._known.at(text.canonical_url) or own
        if same is None or (same is own and _is_thin(own)):
            # It may have been read at another address.
            same = self._known.with_text(text) or same
        if own is not None and same is not None:
            self._join(own, same, text)
        link.next_attempt_at = None
        if same is None:
            link.state, link.reason = "stored", None
            return self._new(link.source_id, text), "new"
        if _is_thin(same):
            link.state, link.reason = "stored", None
            rewrite(same, text)
            self._known.add(same)
            return same, "updated"
        if same.gone_at is not None:
            # Taken down there, it is back here.
            same.gone_at = None
            self._move(same, text)
        link.state, link.reason = "refused", f"duplicate: the article is known as {same.canonical_url}"
        return same, "duplicate"

    def _at_its_own_address(self, page: PageText, own: Article | None) -> ArticleText:
        """Badly built sites name one canonical address on all their pages: no page is another's article."""
        text = page.text
        there = self._known.at(text.canonical_url)
        if there is None or there is own or page.found_at in {None, text.canonical_url}:
            return text
        return replace(text, canonical_url=page.found_at) if self._is_another(there, text, own) else text

    def _is_another(self, article: Article, text: ArticleText, own: Article | None) -> bool:
        if article.body is not None:
            return not is_one(text.said, Text(article.title, article.lead, article.body))
        # What a feed tells at this very address is the page's article, under whatever title; but not where it
        # tells of another at the page's own.
        named = self._known.is_named(article) and own is None
        titles = {plain(text.title), plain(own.title) if own else ""}
        return not named and plain(article.title) not in titles

    def _join(self, own: Article, same: Article, text: ArticleText) -> None:
        """What a source has told of the page is known as another article. Under a title that neither has it
        stays: it would be deleted, and an address may have been given to another article since."""
        alike = plain(own.title) in {plain(text.title), plain(same.title)}
        if own is not same and alike and _is_thin(own) and join(self._session, own, same, self._now):
            self._known.replace(own, same)
            self._read = [
                (link, same if one is own else one, page, said) for link, one, page, said in self._read
            ]

    def _new(self, source_id: int, text: ArticleText) -> Article:
        article = new_article(source_id, text, self._now)
        self._session.add(article)
        self._known.add(article)
        return article

    def _visited(self, link: Link, page: PageText) -> tuple[Article | None, StoreOutcome]:
        article = self._known.by_id.get(link.article_id or 0)
        if article is None or article.text_expired_at is not None:
            return article, "settled"
        text = self._at_its_own_address(page, article)
        there = self._known.at(text.canonical_url) or article
        # What forbids copies where the article is read is obeyed, whatever article the page calls itself.
        leads_there = page.found_at is None or self._known.at(page.found_at) is there
        if page.no_archive and (there is article or not leads_there):
            return article, "changed" if withdraw(article, text.lead) else "unchanged"
        if there is not article:
            return article, "duplicate"
        before = Text(article.title, article.lead, article.body)
        if is_much_less(text.said, before) or not is_kin(text.said, before):
            return article, "curtailed"
        article.gone_at = None
        self._move(article, text)
        return article, self._revise(article, text)

    def _move(self, article: Article, text: ArticleText) -> None:
        if article.canonical_url != text.canonical_url:
            article.url, article.canonical_url = text.url, text.canonical_url
            self._known.add(article)

    def _revise(self, article: Article, text: ArticleText) -> StoreOutcome:
        if not article.published_known and text.published_known:
            article.published_at, article.published_known = text.published_at, True
        return "changed" if say(self._session, article, text.said, self._now) else "unchanged"
