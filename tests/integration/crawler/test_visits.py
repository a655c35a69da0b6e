"""Pages are looked at again: by their mark, until they are gone."""

from datetime import timedelta

import pytest

from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, rss, wait_until

TITLE = "Bãi rác bốc cháy"
PAGE = "/tin/bai-rac-boc-chay-1.html"


@pytest.fixture
def feed(site: Site) -> str:
    link = site.put(PAGE, article_page(TITLE), conditional=True)
    return site.put("/rss", rss([(link, TITLE, "Tóm tắt", TODAY)]), content_type=RSS, conditional=True)


def visit(office: Office, feed: str) -> dict[str, int]:
    return office.crawl(
        office.settings({"sources": [{"kind": "feed", "url": feed}]}, visit_hours=[3, 6, 9])
    ).counts


def test_a_page_that_is_as_it_was_is_asked_for_by_its_mark(office: Office, site: Site, feed: str) -> None:
    assert visit(office, feed)["articles_new"] == 1
    office.clock.now += timedelta(hours=4)
    counts = visit(office, feed)
    assert (counts["visits_unchanged"], counts.get("pages_read")) == (1, None)
    asked = [head for path, head in site.asked if path == PAGE]
    assert [head.get("if-none-match") for head in asked] == [None, site.pages[PAGE].etag]


def test_a_page_that_has_changed_is_read_again(office: Office, site: Site, feed: str) -> None:
    visit(office, feed)
    site.put(PAGE, article_page(TITLE, extra="<p>Đến tối cùng ngày, đám cháy đã được dập tắt hoàn toàn.</p>"))
    office.clock.now += timedelta(hours=4)
    assert visit(office, feed)["articles_changed"] == 1
    article = office.articles()[TITLE]
    assert "dập tắt hoàn toàn" in (article.body or "")
    assert article.changed_at == office.clock.now


def test_a_page_that_is_gone_is_marked(office: Office, site: Site, feed: str) -> None:
    visit(office, feed)
    del site.pages[PAGE]
    for _ in range(2):
        office.clock.now += timedelta(hours=4)
        assert visit(office, feed)["visits_gone"] == 1
    assert office.articles()[TITLE].gone_at == office.clock.now


@pytest.mark.parametrize("mark", [False, True])
def test_a_page_that_leads_to_the_home_page_is_gone(
    office: Office, site: Site, feed: str, mark: bool
) -> None:
    """Also where the home page answers "unchanged" to the article's mark."""
    visit(office, feed)
    article = site.pages[PAGE]
    site.put("/", article.body if mark else "<h1>Trang chủ</h1>", conditional=True)
    site.put(PAGE, "", status=301, headers={"Location": "/"})
    for gone in (False, True):
        office.clock.now += timedelta(hours=4)
        assert visit(office, feed)["visits_gone"] == 1
        assert (office.articles()[TITLE].gone_at is not None) is gone
    assert office.articles()[TITLE].body is not None

    site.pages[PAGE] = article
    office.clock.now += timedelta(hours=4)
    visit(office, feed)
    assert office.articles()[TITLE].gone_at is None


@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_page_that_leads_to_a_home_page_out_of_order_is_not_gone(
    office: Office, site: Site, feed: str, status: int
) -> None:
    visit(office, feed)
    site.put("/", "<h1>Đang bảo trì</h1>", status=status)
    site.put(PAGE, "", status=302, headers={"Location": "/"})
    for _ in range(2):
        office.clock.now += timedelta(hours=4)
        counts = visit(office, feed)
        assert (counts.get("visits_gone"), counts["pages_failed"]) == (None, 1)
    assert office.articles()[TITLE].gone_at is None


def test_a_visit_that_fails_changes_nothing(office: Office, site: Site, feed: str) -> None:
    visit(office, feed)
    site.put(PAGE, "", status=500)
    office.clock.now += timedelta(hours=4)
    assert visit(office, feed)["pages_failed"] == 1
    article = office.articles()[TITLE]
    assert (article.gone_at, article.changed_at, article.body is None) == (None, None, False)


def test_a_known_page_that_is_refused_now_is_told_of_once(office: Office, site: Site, feed: str) -> None:
    visit(office, feed)
    site.put(PAGE, "", status=403)
    settings = office.settings({"sources": [{"kind": "feed", "url": feed}]}, visit_hours=[3, 6, 9])
    told = []
    for _ in range(3):
        office.clock.now += timedelta(hours=4)
        summary = office.crawl(settings)
        told.append((len(summary.failures), summary.counts["pages_failed"]))
    assert told == [(1, 1), (0, 1), (0, 1)]


def test_a_refusal_at_a_visit_is_told_where_the_visit_before_it_was_a_good_one(
    office: Office, site: Site, feed: str
) -> None:
    hours = [3, 6, 9, 12, 15]
    settings = office.settings({"sources": [{"kind": "feed", "url": feed}]}, visit_hours=hours)
    office.crawl(settings)
    article = site.pages[PAGE]
    told = []
    for status in (200, 403, 403, 200, 403):
        site.pages[PAGE] = article
        if status != 200:
            site.put(PAGE, "", status=status)
        office.clock.now += timedelta(hours=4)
        told.append(len(office.crawl(settings).failures))
    assert told == [0, 1, 0, 0, 1]


def test_a_page_that_is_due_and_told_anew_is_visited_once(office: Office, site: Site, feed: str) -> None:
    visit(office, feed)
    site.put("/rss", rss([(site.url + PAGE, f"{TITLE} suốt đêm", "", TODAY)]), content_type=RSS)
    # The visit is under way while the feed is recorded.
    site.pages[PAGE].before = lambda: wait_until(lambda: any("1 named" in line for line in office.lines))
    office.clock.now += timedelta(hours=4)
    site.asked.clear()
    office.lines.clear()
    visit(office, feed)
    assert (site.times("/rss"), site.times(PAGE)) == (1, 1)


def test_a_page_that_asks_not_to_be_indexed_any_more_loses_its_text(
    office: Office, site: Site, feed: str
) -> None:
    visit(office, feed)
    site.put(PAGE, article_page(TITLE, head='<meta name="robots" content="noindex">'))
    office.clock.now += timedelta(hours=4)
    assert visit(office, feed)["refused_noindex"] == 1
    assert office.articles()[TITLE].body is None


def test_a_page_that_is_no_article_any_more_and_asks_not_to_be_indexed_takes_its_text_with_it(
    office: Office, site: Site, feed: str
) -> None:
    visit(office, feed)
    head = '<meta name="robots" content="noindex, nofollow">'
    site.put(PAGE, f"<html><head><title>Bài không còn</title>{head}</head><body><p>Đã gỡ.</p></body></html>")
    for hours in (4, 1):
        assert office.articles()[TITLE].body is not None
        office.clock.now += timedelta(hours=hours)
        assert visit(office, feed)["refused_noindex"] == 1
    assert office.articles()[TITLE].body is None
