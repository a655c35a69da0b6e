"""A feed, from its address to stored articles."""

from datetime import UTC, datetime, timedelta

from tests.integration.crawler.conftest import NOW, RSS, SENTENCES, TODAY, Office, Site, article_page, rss

TITLE = "Bến Đò mất nước sạch"


def feed_of(office: Office, site: Site, *links: str, summary: str = "Tóm tắt", **options: object) -> str:
    return site.put(
        "/rss", rss([(link, TITLE, summary, TODAY) for link in links]), content_type=RSS, **options
    )


def reading(feed: str, **options: object) -> dict[str, object]:
    return {"sources": [{"kind": "feed", "url": feed, **options}]}


def test_a_feed_becomes_articles(office: Office, site: Site) -> None:
    links = [site.put(f"/tin/ben-do-mat-nuoc-{n}.html", article_page(f"{TITLE} {n}")) for n in range(3)]
    summary = office.crawl(office.settings(reading(feed_of(office, site, *links))))

    assert summary.failures == []
    assert summary.counts == {"sources_polled": 1, "links_new": 3, "pages_read": 3, "articles_new": 3}
    article = office.articles()[f"{TITLE} 1"]
    assert (article.outlet_key, article.outlet_name, article.url) == ("song-moi", "Sông Mới", links[1])
    assert article.published_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert article.first_seen_at == NOW
    assert article.published_known
    assert article.lead is not None
    assert article.lead.startswith("Khu dân cư Bến Đò")
    assert article.body is not None
    assert article.lead not in article.body
    assert {link.state for link in office.links().values()} == {"stored"}


def test_what_is_read_is_not_asked_for_again(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    settings = office.settings(reading(feed_of(office, site, link, conditional=True)))
    office.crawl(settings)
    assert office.crawl(settings).counts == {}

    office.clock.now += timedelta(minutes=10)
    assert office.crawl(settings).counts == {"sources_polled": 1, "sources_unchanged": 1}
    assert site.times("/tin/ben-do-mat-nuoc-1.html") == 1
    assert site.asked[-1][1]["if-none-match"] == site.pages["/rss"].etag
    assert office.source().last_ok_at == office.clock.now
    assert office.source().last_new_at == NOW


def test_variants_of_an_address_are_one_article(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    feed = feed_of(office, site, link, f"{link}?utm_source=rss&fbclid=x", f"{link}#binh-luan")
    assert office.crawl(office.settings(reading(feed))).counts["links_new"] == 1
    assert len(office.articles()) == 1


def test_the_address_that_a_page_prefers_counts(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    head = f'<link rel="canonical" href="{link}">'
    other = site.put("/in/ben-do-mat-nuoc-1.html", article_page(TITLE, head=head))
    office.crawl(office.settings(reading(feed_of(office, site, link))))

    office.clock.now += timedelta(hours=1)
    summary = office.crawl(office.settings(reading(feed_of(office, site, other))))
    assert summary.counts["refused_duplicate"] == 1
    assert len(office.articles()) == 1
    assert office.links()[other].reason == f"duplicate: the article is known as {link}"


def test_pages_that_fail_are_kept_from_their_feed(office: Office, site: Site) -> None:
    lasting, passing = ("stored", 0), ("pending", 1)
    outcomes = dict.fromkeys((400, 410, 451), lasting) | dict.fromkeys((401, 403, 404, 500, 503), passing)
    links = {status: site.put(f"/tin/ben-do-{status}.html", "", status=status) for status in outcomes}
    items = [(link, str(status), "<b>Tóm</b> tắt", TODAY) for status, link in links.items()]
    summary = office.crawl(office.settings(reading(site.put("/rss", rss(items), content_type=RSS))))

    assert (summary.counts["articles_new"], summary.counts["articles_thin"]) == (8, 8)
    assert sorted(failure.what[:11] for failure in summary.failures) == [
        f"answers {status}" for status in sorted(outcomes)
    ]
    for article in office.articles().values():
        assert (article.lead, article.body) == ("Tóm tắt", None)
        assert article.published_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    kept = office.links()
    assert {s: (kept[link].state, kept[link].attempts) for s, link in links.items()} == outcomes


def test_a_page_whose_host_asks_for_patience_is_kept_from_its_feed(office: Office, site: Site) -> None:
    """By itself: such a host is asked for no other page."""
    link = site.put("/tin/ben-do-mat-nuoc-1.html", "", status=429)
    summary = office.crawl(office.settings(reading(feed_of(office, site, link))))
    assert summary.counts["articles_thin"] == 1
    assert [failure.what[:11] for failure in summary.failures] == ["answers 429"]
    assert (office.articles()[TITLE].lead, office.articles()[TITLE].body) == ("Tóm tắt", None)
    assert (office.links()[link].state, office.links()[link].attempts) == ("pending", 1)


def test_the_full_text_takes_the_place_of_the_thin_one(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", "", status=500)
    settings = office.settings(reading(feed_of(office, site, link, conditional=True)))
    office.crawl(settings)
    thin = office.articles()[TITLE]

    site.put("/tin/ben-do-mat-nuoc-1.html", article_page("Bến Đò mất nước sạch đã nhiều ngày"))
    office.clock.now += timedelta(hours=1)
    assert office.crawl(settings).counts["articles_updated"] == 1
    (full,) = office.articles().values()
    assert full.id == thin.id
    assert full.text_hash != thin.text_hash
    assert full.title == "Bến Đò mất nước sạch đã nhiều ngày"
    assert full.body
    assert full.first_seen_at == NOW


def test_a_page_that_is_refused_once_is_read_later(office: Office, site: Site) -> None:
    refused = (401, 403, 404)
    links = [site.put(f"/tin/ben-do-{status}.html", "", status=status) for status in refused]
    items = [(link, f"{TITLE} {link[-8:-5]}", "", TODAY) for link in links]
    settings = office.settings(reading(site.put("/rss", rss(items), content_type=RSS, conditional=True)))
    office.crawl(settings)
    for status in refused:
        site.put(f"/tin/ben-do-{status}.html", article_page(f"{TITLE} {status}"))
    office.clock.now += timedelta(hours=1)
    assert office.crawl(settings).counts["pages_read"] == 3
    assert {link.state for link in office.links().values()} == {"stored"}


def test_a_page_that_is_refused_is_told_of_once_and_counted_each_time(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", "", status=403)
    settings = office.settings(reading(feed_of(office, site, link, conditional=True)))
    told = []
    for _ in range(5):
        summary = office.crawl(settings)
        told.append((len(summary.failures), summary.counts["pages_failed"]))
        office.clock.now += timedelta(hours=30)
    assert told == [(1, 1), (0, 1), (0, 1), (0, 1), (0, 1)]
    assert office.links()[link].state == "failed"


def test_a_refusal_after_another_trouble_is_told(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", "")
    settings = office.settings(reading(feed_of(office, site, link, conditional=True)))
    told = []
    for status in (500, 403, 403, 404):
        site.put("/tin/ben-do-mat-nuoc-1.html", "", status=status)
        told.append(len(office.crawl(settings).failures))
        office.clock.now += timedelta(hours=30)
    assert told == [1, 1, 0, 1]


def test_a_page_is_given_up_after_the_tries_it_has(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", "", status=500)
    settings = office.settings(reading(feed_of(office, site, link, conditional=True)), attempts=2)
    for _ in range(3):
        office.crawl(settings)
        office.clock.now += timedelta(hours=3)
    assert office.links()[link].state == "failed"
    assert site.times("/tin/ben-do-mat-nuoc-1.html") == 2
    assert len(office.articles()) == 1


def test_hosts_that_do_not_resolve_cost_no_time_and_no_news(office: Office, site: Site) -> None:
    links = [f"https://khong-co-{n % 2}.invalid/tin-{n}.html" for n in range(300)]
    feed = site.put("/rss", rss([(link, link, "Tóm tắt", TODAY) for link in links]), content_type=RSS)
    summary = office.crawl(office.settings(reading(feed), max_items_per_source=300))
    assert len(office.articles()) == 300
    assert summary.counts["articles_thin"] == 300
    assert sum(link.attempts for link in office.links().values()) < 20
    assert [failure.what for failure in summary.failures] == [
        "cannot be reached: its host's name is unknown (and 299 more pages)"
    ]


def test_a_source_may_be_read_without_its_pages(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    feed = feed_of(office, site, link)
    summary = office.crawl(office.settings(reading(feed, full_text=False)))
    assert summary.counts == {"sources_polled": 1, "links_new": 1, "articles_new": 1, "articles_thin": 1}
    assert site.times("/tin/ben-do-mat-nuoc-1.html") == 0
    assert office.links()[link].state == "stored"


def test_old_items_are_not_fetched(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    feed = site.put("/rss", rss([(link, TITLE, "", "Mon, 02 Nov 2026 08:00:00 +0700")]), content_type=RSS)
    assert office.crawl(office.settings(reading(feed))).counts == {"sources_polled": 1, "refused_too_old": 1}
    assert office.links()[link].state == "refused"


def test_what_is_beyond_the_limit_is_taken_up_by_the_next_poll(office: Office, site: Site) -> None:
    links = [site.put(f"/tin/ben-do-mat-nuoc-{n}.html", article_page(f"{TITLE} {n}")) for n in range(5)]
    settings = office.settings(
        reading(feed_of(office, site, *links, conditional=True)), max_items_per_source=3
    )
    first = office.crawl(settings)
    assert first.counts["articles_new"] == 3
    assert "beyond max_items_per_source" in first.notices[0].what
    office.clock.now += timedelta(minutes=10)
    assert office.crawl(settings).counts["articles_new"] == 2


def test_a_page_that_is_no_article_is_refused(office: Office, site: Site) -> None:
    teasers = "".join(f'<h3><a href="/tin/{n}">Một đầu đề khác {n}</a></h3>' for n in range(20))
    link = site.put("/tin/chuyen-muc-do-thi-1.html", f"<html><h1>Đô thị</h1>{teasers}</html>")
    summary = office.crawl(office.settings(reading(feed_of(office, site, link))))
    assert summary.counts["refused_not_article"] == 1
    assert office.articles() == {}


TIMES = {
    "the source's before the page's": (TODAY, "2026-11-19T08:30:00+07:00", "2026-11-20T08:00+07:00"),
    "the one with its hour": ("2026-11-20", "2026-11-20T06:30:00+07:00", "2026-11-20T06:30+07:00"),
    "a day": ("2026-11-20", None, "2026-11-20T00:00+07:00"),
    "local time called GMT": (
        "Fri, 20 Nov 2026 11:00:00 GMT",
        "2026-11-20T09:00:00+07:00",
        "2026-11-20T09:00+07:00",
    ),
    "a time to come is now": ("", "2026-11-20T17:00:00+07:00", "2026-11-20T10:00+07:00"),
    "so is the source's": ("Fri, 20 Nov 2026 11:00:00 GMT", None, "2026-11-20T10:00+07:00"),
}
"""what the source tells, what the page tells, what is stored"""


def test_the_time_of_an_article(office: Office, site: Site) -> None:
    items = []
    for number, (title, (told, published, _)) in enumerate(TIMES.items()):
        bar = '<div class="ngay">Hôm nay, 20/11/2026</div><nav>'
        page = article_page(title, published=published).replace("<nav>", bar)
        items.append((site.put(f"/tin/ben-do-mat-nuoc-{number}.html", page), title, "", told))
    office.crawl(office.settings(reading(site.put("/rss", rss(items), content_type=RSS))))
    stored = {title: article.published_at for title, article in office.articles().items()}
    assert stored == {title: datetime.fromisoformat(time) for title, (_, _, time) in TIMES.items()}
    assert all(article.published_known for article in office.articles().values())


def test_the_feeds_summary_is_the_lead_of_a_page_without_one(office: Office, site: Site) -> None:
    own = "Cả tổ dân phố Bến Đò chờ nước."
    summaries = {"đầu bài": SENTENCES[0], "cắt ngắn": f"{SENTENCES[0][:70]}...", "riêng": own}
    items = []
    for number, (title, summary) in enumerate(summaries.items()):
        page = article_page(title).replace('name="description"', "").replace('class="sapo"', 'class="author"')
        link = site.put(f"/tin/ben-do-mat-nuoc-{number}.html", page)
        items.append((link, title, summary, TODAY))
    office.crawl(office.settings(reading(site.put("/rss", rss(items), content_type=RSS))))
    articles = office.articles()
    leads = {title: article.lead for title, article in articles.items()}
    assert leads == {"đầu bài": SENTENCES[0], "cắt ngắn": SENTENCES[0], "riêng": own}
    assert articles["đầu bài"].body == articles["cắt ngắn"].body == "\n".join(SENTENCES[1:])
    assert articles["riêng"].body == "\n".join(SENTENCES)


def test_a_feed_that_names_what_another_has_named_is_not_silent(office: Office, site: Site) -> None:
    links = [site.put(f"/tin/ben-do-mat-nuoc-{n}.html", article_page(f"{TITLE} {n}")) for n in range(3)]
    items = [(link, TITLE, "", TODAY) for link in links]
    feeds = [site.put(path, rss(items[:2]), content_type=RSS) for path in ("/rss", "/rss/ban-doc")]
    settings = office.settings({"sources": [{"kind": "feed", "url": url} for url in feeds]})
    office.crawl(settings)
    assert office.newest() == dict.fromkeys(feeds, NOW)

    site.put("/rss", rss(items), content_type=RSS)
    office.clock.now += timedelta(hours=50)
    office.crawl(settings)
    assert office.newest() == {feeds[0]: office.clock.now, feeds[1]: NOW}


def test_what_a_feed_corrects_is_corrected(office: Office, site: Site) -> None:
    links = [f"{site.url}/tin/ben-do-mat-nuoc-{n}.html" for n in range(2)]
    feed = feed_of(office, site, *links)
    settings = office.settings(reading(feed, full_text=False))
    office.crawl(settings)
    before = office.articles()[TITLE].text_hash

    items = [(links[0], "Bến Đò đã có nước", "Gọi 0912345678", TODAY), (links[1], TITLE, "Tóm tắt", TODAY)]
    site.put("/rss", rss(items), content_type=RSS)
    office.clock.now += timedelta(minutes=10)
    assert office.crawl(settings).counts == {"sources_polled": 1, "articles_updated": 1}
    articles = office.articles()
    changed, same = articles["Bến Đò đã có nước"], articles[TITLE]
    assert (changed.lead, changed.body) == ("Gọi [số điện thoại]", None)
    assert changed.text_hash != before
    assert same.text_hash == before
    assert changed.first_seen_at == NOW

    office.clock.now += timedelta(minutes=10)
    assert office.crawl(settings).counts == {"sources_polled": 1}


def test_what_is_read_from_its_page_is_not_retold(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    settings = office.settings(reading(feed_of(office, site, link)))
    office.crawl(settings)
    site.put("/rss", rss([(link, "Tên khác", "Tóm tắt khác", TODAY)]), content_type=RSS)
    office.clock.now += timedelta(minutes=10)
    assert office.crawl(settings).counts == {"sources_polled": 1}
    assert list(office.articles()) == [TITLE]


NAMES = ("Trần Văn Viết", "Ngô Thị Phím", "phạm văn bút", "Đỗ Thị Ảnh")
PEOPLE = """
<p style="text-align:right"><strong>phạm văn bút</strong></p><p><i>Thực hiện: Đỗ Thị Ảnh</i></p>
<div class="tac-gia">Đỗ Thị Ảnh (từ phường)</div><p>Nguồn: Trần Văn Viết</p>
<div class="binh-luan"><p><b>Ngô Thị Phím</b>: mong phường xem xét.</p></div>
<div id="fb-comments"><span>Ngô Thị Phím</span> mong phường xem xét.</div>
<h4>Ý kiến bạn đọc (1)</h4><blockquote><cite>Ngô Thị Phím</cite>: mong phường xem xét.</blockquote>
"""


def test_personal_data_and_bylines_never_reach_the_store(office: Office, site: Site) -> None:
    number = "0912345678"
    page = article_page(
        f"Gọi {number}",
        lead=f"Gọi {number} để hỏi về nước sạch ở khu Bến Đò hôm nay.",
        extra=f"<p>{number}</p><p>Trần Văn Viết</p>{PEOPLE}",
    )
    full = site.put("/tin/ben-do-mat-nuoc-1.html", page)
    thin = site.put("/tin/ben-do-mat-nuoc-2.html", "", status=500)
    generic = page.replace('class="article-body"', 'class="noi-dung"').replace(f"Gọi {number}", "Bến Đò")
    plain = site.put("/tin/ben-do-mat-nuoc-3.html", generic)
    refused = "http://127.0.0.1:9/tin/xem-tin-cu-o-ben-do.html"
    items = [
        (full, number, number, TODAY),
        (thin, number, number, TODAY),
        (plain, number, number, TODAY),
        (refused, number, number, "2026-01-02"),
    ]
    office.crawl(office.settings(reading(site.put("/rss", rss(items), content_type=RSS))))

    office.store.close()
    for path in office.data_dir.glob("dansinh.db*"):
        assert number.encode() not in path.read_bytes()
        assert not [name for name in NAMES if name.encode() in path.read_bytes()]
    titles = sorted(office.articles())
    assert titles == ["Bến Đò", "Gọi [số điện thoại]", "[số điện thoại]"]
