"""One article at many addresses, in many versions, until it is taken down."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crawler.extraction import Extracted
from crawler.frontier import Frontier, Setback
from crawler.polling import Hints
from crawler.reading import ReadPage, SavedPage
from crawler.troubles import OUT_OF_TIME, of_status
from store import Store
from store.models import Article, Event, Finding, Issue, IssueArticle
from store.queries.articles import forget_told_before
from store.queries.links import NewLink, PendingLink, known_addresses
from store.queries.told import retell_thin
from tests.integration.crawler.conftest import NOW, SENTENCES
from tests.integration.crawler.memory import BODY, DAY, HOUR, SITE, Memory, named, page, settings

AT = "/tin/mat-nuoc-1.html"
MOVED = "/tin/nuoc-sach/mat-nuoc-1.html"
VARIANTS = {
    "tracking": AT + "?utm_source=rss&fbclid=x",
    "http": "http://song-moi.example" + AT,
    "www": "https://www.song-moi.example" + AT,
    "mobile": "https://m.song-moi.example" + AT,
    "amp": AT + "/amp",
    "amp in the query": AT + "?amp=1",
}
LONGER = BODY + "\nĐến 14 giờ cùng ngày, một nửa số hộ đã có nước trở lại."


@pytest.fixture
def memory(store: Store) -> Memory:
    return Memory(store)


@pytest.fixture
def quick(sqlite_store: Store) -> Memory:
    """Where it is not the database that matters."""
    return Memory(sqlite_store)


# Many addresses


@pytest.mark.parametrize("other", VARIANTS.values(), ids=VARIANTS)
def test_a_variant_of_an_address_is_no_new_one(quick: Memory, other: str) -> None:
    quick.take(AT)
    assert quick.name(named(other)).pending == []


def test_a_print_page_is_the_article_that_it_names(memory: Memory) -> None:
    memory.take(AT)
    printed = page(canonical_url=SITE + AT, body=LONGER)
    assert memory.take("/in/mat-nuoc-1.html", printed) == "duplicate"
    assert memory.article().body == BODY
    assert memory.links()["/in/mat-nuoc-1.html"].article_id == memory.article().id
    assert memory.links()["/in/mat-nuoc-1.html"].visit_at is None


def test_two_addresses_of_one_article_in_one_batch(memory: Memory) -> None:
    links = memory.name(AT, "/in/mat-nuoc-1.html").pending
    assert memory.read(links, page(canonical_url=SITE + AT)) == ["new", "duplicate"]
    assert len({link.article_id for link in memory.links().values()}) == 1


STRANGERS = {"another outlet's": "https://bao-khac.example/tin/mat-nuoc-1.html", "the home page": SITE + "/"}


@pytest.mark.parametrize("canonical", STRANGERS.values(), ids=STRANGERS)
def test_a_page_cannot_be_at_any_address_it_likes(quick: Memory, canonical: str) -> None:
    for number in range(2):
        titled = page(f"Mất nước lần {number}", canonical_url=canonical)
        assert quick.take(f"/tin/mat-nuoc-{number}.html", titled) == "new"
    assert [article.canonical_url for article in quick.articles()] == [
        f"{SITE}/tin/mat-nuoc-{number}.html" for number in range(2)
    ]


def test_a_redirect_gives_the_article_its_address(memory: Memory) -> None:
    (link,) = memory.name(AT).pending
    memory.read([link], page(), url=SITE + MOVED)
    assert memory.article().canonical_url == SITE + MOVED
    assert memory.name(MOVED).pending == []


def test_an_article_that_moves_keeps_its_old_address(memory: Memory) -> None:
    memory.take(AT)
    assert memory.after(4 * HOUR).visit(page(), url=SITE + MOVED) == "unchanged"
    article = memory.article()
    assert (article.canonical_url, article.url) == (SITE + MOVED, SITE + MOVED)
    assert memory.links()[AT].article_id == article.id
    assert memory.name(AT, MOVED).pending == []


def test_a_feed_that_names_the_new_address_first_makes_no_second_article(memory: Memory) -> None:
    memory.take(AT)
    assert memory.after(HOUR).take(MOVED) == "duplicate"
    assert memory.links()[MOVED].article_id == memory.article().id


TWINS = {
    "another day": (page(), {"published": NOW - 3 * DAY}),
    "another text": (page(), {"body": LONGER}),
    "three lines": (page(body="Xem tập tin đính kèm."), {}),
}


@pytest.mark.parametrize(("first", "changes"), TWINS.values(), ids=TWINS)
def test_what_only_resembles_an_article_is_another(
    quick: Memory, first: Extracted, changes: dict[str, object]
) -> None:
    quick.take(AT, first)
    second = replace(first, **changes)  # type: ignore[arg-type]
    if first.body != BODY:
        second = replace(second, title="Thông báo tháng sau")
    assert quick.take(MOVED, second) == "new"


def test_a_redirect_to_another_article_ends_the_visits(memory: Memory) -> None:
    memory.take(AT)
    memory.take("/tin/khac-2.html", page("Một vấn đề khác", "Một nội dung khác hẳn. " * 20))
    memory.after(4 * HOUR)
    (first, *_) = [link for link in memory.frontier.visits() if link.url == SITE + AT]
    assert memory.read([first], page(), url=SITE + "/tin/khac-2.html") == ["duplicate"]
    assert len(memory.articles()) == 2
    assert memory.links()[AT].visit_at is None


def other(number: int) -> Extracted:
    body = f"Nội dung của riêng việc thứ {number}. " * 20
    return page(f"Việc thứ {number} ở phường", body, lead=f"Tóm tắt việc thứ {number}.")


def test_one_canonical_address_on_all_pages_is_not_believed(memory: Memory) -> None:
    def shown(number: int) -> Extracted:
        return replace(other(number), canonical_url=SITE + "/chi-tiet")

    assert [memory.take(f"/chi-tiet?id={number}", shown(number)) for number in range(3)] == ["new"] * 3
    assert {one.title for one in memory.articles()} == {other(number).title for number in range(3)}
    assert {one.canonical_url.removeprefix(SITE) for one in memory.articles()} == {
        "/chi-tiet",
        "/chi-tiet?id=1",
        "/chi-tiet?id=2",
    }
    memory.after(4 * HOUR)
    visits = memory.frontier.visits()
    seen = [memory.read([link], shown(int(link.url[-1]))) for link in visits]
    assert seen == [["unchanged"]] * 3


@pytest.mark.parametrize("how", ["no copy", "expired"])
def test_nor_is_it_where_a_text_is_not_kept(memory: Memory, how: str) -> None:
    for number in range(2):
        shown = replace(other(number), canonical_url=SITE + "/chi-tiet", no_archive=how == "no copy")
        assert memory.take(f"/chi-tiet?id={number}", shown) == "new"
        if how == "expired":
            expire(memory)
    assert {one.title for one in memory.articles()} == {other(number).title for number in range(2)}


STOCK = "\n".join(f"{line} Cơ quan trả lời theo mẫu chung của cổng, không thêm gì." for line in SENTENCES)


@pytest.mark.parametrize("titled", ["Hỏi về đường số {}", "Hỏi đáp"], ids=["own titles", "one title"])
def test_pages_of_one_canonical_address_that_share_stock_lines_are_not_one(
    quick: Memory, titled: str
) -> None:
    def shown(number: int) -> Extracted:
        # A third of the whole; where it is less, the titles must tell.
        lines = 2 if "{}" in titled else 6
        body = "".join(f"Ý thứ {line} của câu hỏi số {number} về đường liên xã. " for line in range(lines))
        return page(titled.format(number), f"{body}\n{STOCK}", lead=None, canonical_url=SITE + "/chi-tiet")

    assert [quick.take(f"/chi-tiet?id={number}", shown(number)) for number in range(3)] == ["new"] * 3
    assert len(quick.articles()) == 3


STOCK_ALONE = {
    "in both": ("Cảm ơn công dân đã gửi câu hỏi, phòng sẽ trả lời theo quy định.",) * 2,
    "after one with a question": (f"{BODY}\n{STOCK}", STOCK),
    "before one with a question": (STOCK, f"{BODY}\n{STOCK}"),
    "a line of a whole article": (f"{BODY}\nXem thêm tại đây.", "Xem thêm tại đây."),
}


@pytest.mark.parametrize("bodies", STOCK_ALONE.values(), ids=STOCK_ALONE)
def test_a_page_of_stock_lines_alone_is_no_other_under_another_title(
    quick: Memory, bodies: tuple[str, str]
) -> None:
    said = [
        quick.take(
            f"/chi-tiet?id={number}",
            page(f"Hỏi về đường số {number}", body, lead=None, canonical_url=SITE + "/chi-tiet"),
        )
        for number, body in enumerate(bodies)
    ]
    assert said == ["new", "new"]


SHOWN_ELSEWHERE = {
    "as it is": page(),
    "parted into other lines": page(body=BODY.replace("\n", " ")),
    "with more below": page(body=LONGER),
    "under another title": page("Bến Đò: nước sạch mất nhiều ngày"),
    "with a part left out": page(body="\n".join(SENTENCES[:3])),
}


@pytest.mark.parametrize("shown", SHOWN_ELSEWHERE.values(), ids=SHOWN_ELSEWHERE)
def test_another_showing_of_an_article_is_the_article(quick: Memory, shown: Extracted) -> None:
    quick.take(AT)
    assert quick.take("/in/mat-nuoc-1.html", replace(shown, canonical_url=SITE + AT)) == "duplicate"


# What only a source has told

ODD = "/?p=123"


def told_at(memory: Memory, path: str, title: str = "Bến Đò mất nước sạch") -> PendingLink:
    """An article known from its feed: its page could not be read at once."""
    (link,) = memory.name(named(path, title, summary="Tóm tắt")).pending
    assert memory.frontier.set_back([Setback(link, OUT_OF_TIME)]) == [link]
    return link


@pytest.mark.parametrize("how", ["named", "found", "same text"])
def test_what_a_feed_told_of_an_article_that_is_known_is_joined_to_it(memory: Memory, how: str) -> None:
    memory.take(AT)
    known = memory.article()
    link = told_at(memory, ODD)
    shown = page(canonical_url=SITE + AT) if how == "named" else page()
    options = {"url": SITE + AT} if how == "found" else {}
    assert memory.read([link], shown, **options) == ["duplicate"]
    assert memory.article().id == known.id
    assert {row.article_id for row in memory.links().values()} == {known.id}


def test_two_articles_that_only_feeds_have_told_of_are_one_when_the_page_says_so(memory: Memory) -> None:
    told_at(memory, AT)
    link = told_at(memory, ODD)
    assert memory.read([link], page(canonical_url=SITE + AT)) == ["updated"]
    assert (memory.article().canonical_url, memory.article().body) == (SITE + AT, BODY)
    assert {row.article_id for row in memory.links().values()} == {memory.article().id}


def test_two_articles_that_feeds_have_told_of_stay_two_though_the_page_names_the_others_address(
    quick: Memory,
) -> None:
    told_at(quick, AT, "Cầu treo thôn Hạ xuống cấp")
    link = told_at(quick, ODD)
    assert quick.read([link], page(canonical_url=SITE + AT)) == ["updated"]
    assert [article.title for article in quick.articles()] == [
        "Cầu treo thôn Hạ xuống cấp",
        "Bến Đò mất nước sạch",
    ]


def test_what_a_feed_told_under_a_title_of_its_own_is_not_given_to_another_article(memory: Memory) -> None:
    memory.take(AT)
    known = memory.article()
    link = told_at(memory, ODD, "Cầu treo thôn Hạ xuống cấp")
    thin = memory.articles()[1]
    issue = place(memory, thin)
    assert memory.read([link], page(), url=SITE + AT) == ["duplicate"]
    assert [article.id for article in memory.articles()] == [known.id, thin.id]
    assert places(memory) == [(issue, thin.id, "report", None)]


def test_pages_of_one_batch_find_what_another_of_them_has_joined(memory: Memory) -> None:
    memory.take(AT)
    forbidden = memory.name(named("/b/1.html"), named("/b/2.html")).pending
    named_alike = [
        page(canonical_url=f"{SITE}/b/2.html", no_archive=True, body=None),
        page(canonical_url=SITE + AT),
    ]
    reads = [ReadPage(link, one, link.url) for link, one in zip(forbidden, named_alike, strict=True)]
    assert memory.frontier.keep(reads) == ["new", "duplicate"]
    assert {row.article_id for row in memory.links().values()} == {memory.article().id}


def place(memory: Memory, article: Article, role: str = "report", **columns: Any) -> int:
    """Puts it into an issue; a new one, unless `issue_id` says which."""
    with memory.store.begin() as session:
        if "issue_id" not in columns:
            times = dict.fromkeys(("first_seen_at", "last_seen_at", "detected_at"), NOW)
            issue = Issue(
                title="Mất nước",
                topic="water",
                urgency=2,
                score=0.9,
                commune_candidates=[],
                edited=[],
                **times,
            )
            session.add(issue)
            session.flush()
            columns["issue_id"] = issue.id
        found = {"kind": "concern", "score": 0.9, "urgency": 2, "topics": [], "places": [], "evidence": []}
        made = {"text_hash": article.text_hash, "tagger": "thử", "tagged_at": NOW, "grouped_at": NOW}
        session.add(Finding(article_id=article.id, **found, **made))
        session.add(IssueArticle(article_id=article.id, role=role, similarity=1.0, joined_at=NOW, **columns))
        return int(columns["issue_id"])


def places(memory: Memory) -> list[tuple[int, int, str, int | None]]:
    with memory.store.read() as session:
        rows = session.scalars(select(IssueArticle).order_by(IssueArticle.id))
        return [(row.issue_id, row.article_id, row.role, row.reprint_of_id) for row in rows]


def test_its_place_in_an_issue_goes_with_it(memory: Memory) -> None:
    memory.take(AT)
    known = memory.article()
    link = told_at(memory, ODD)
    issue = place(memory, memory.articles()[1])
    assert memory.read([link], page(canonical_url=SITE + AT)) == ["duplicate"]
    assert places(memory) == [(issue, known.id, "report", None)]
    with memory.store.read() as session:
        (event,) = session.scalars(select(Event))
        assert (event.entity_id, event.action, event.after) == (
            issue,
            "joined",
            {"article": known.id, "role": "report"},
        )
        assert session.scalars(select(Finding)).all() == []


def test_where_both_are_in_one_issue_one_stays_in_the_others_role(memory: Memory) -> None:
    memory.take(AT)
    known = memory.article()
    link = told_at(memory, ODD)
    thin = memory.articles()[1]
    issue = place(memory, thin)
    place(memory, known, "reprint", issue_id=issue, reprint_of_id=thin.id)
    memory.read([link], page(canonical_url=SITE + AT))
    assert places(memory) == [(issue, known.id, "report", None)]


def test_where_each_has_an_issue_of_its_own_both_stay(memory: Memory) -> None:
    memory.take(AT)
    link = told_at(memory, ODD)
    known, thin = memory.articles()
    issues = [place(memory, known), place(memory, thin)]
    assert memory.read([link], page(canonical_url=SITE + AT)) == ["duplicate"]
    assert places(memory) == [(issues[0], known.id, "report", None), (issues[1], thin.id, "report", None)]


# Many versions


def test_a_page_is_visited_after_the_hours_that_the_configuration_says(memory: Memory) -> None:
    memory.take(AT)
    seen = []
    for _ in range(100):
        if memory.frontier.visits():
            seen.append((memory.clock.now - NOW) / HOUR)
            assert memory.visit(page(), etag='"1"') == "unchanged"
        memory.after(HOUR)
    assert seen == [3, 24, 72]


def test_a_visit_asks_by_the_mark_of_the_last(memory: Memory) -> None:
    (link,) = memory.name(AT).pending
    memory.read([link], page(), etag='"1"', last_modified="Fri, 20 Nov 2026 01:00:00 GMT")
    (visit,) = memory.after(4 * HOUR).frontier.visits()
    assert (visit.visit, visit.etag, visit.last_modified) == (True, '"1"', "Fri, 20 Nov 2026 01:00:00 GMT")
    memory.frontier.page_unchanged([visit])
    assert memory.frontier.visits() == []
    assert memory.after(DAY).frontier.visits()[0].etag == '"1"'


def test_a_changed_text_is_a_new_version(memory: Memory) -> None:
    memory.take(AT)
    before = memory.article()
    assert memory.after(4 * HOUR).visit(page("Bến Đò có nước trở lại", LONGER)) == "changed"
    article = memory.article()
    assert (article.id, article.title, article.body) == (before.id, "Bến Đò có nước trở lại", LONGER)
    assert article.changed_at == memory.clock.now
    assert article.text_hash != before.text_hash
    assert article.published_at == before.published_at
    (old,) = article.versions
    assert (old.title, old.lead, old.body) == (before.title, before.lead, before.body)
    assert (old.text_hash, old.seen_at, old.replaced_at) == (before.text_hash, NOW, memory.clock.now)

    changed = memory.clock.now
    memory.after(DAY).visit(page("Bến Đò có nước trở lại", BODY))
    assert [(version.seen_at, version.replaced_at) for version in memory.article().versions] == [
        (NOW, changed),
        (changed, memory.clock.now),
    ]


SAME = {
    "spaces": page("Bến Đò  mất nước sạch ", BODY.replace(" ", "\u00a0").replace("\n", "\n\n")),
    "dashes and quotes": page(body=BODY.replace("Bến Đò", "“Bến Đò” – ")),
    "the lead in the text": page(lead=None, body=f"{page().lead}\n{BODY}"),
}


@pytest.mark.parametrize("again", SAME.values(), ids=SAME)
def test_typography_makes_no_version(quick: Memory, again: Extracted) -> None:
    first = page(body=BODY.replace("Bến Đò", '"Bến Đò" - ')) if "–" in (again.body or "") else page()
    quick.take(AT, first)
    before = quick.article().text_hash
    assert quick.after(4 * HOUR).visit(again) == "unchanged"
    assert quick.article().text_hash == before
    assert quick.article().versions == []


GARBAGE = {
    "a fraction of the text": page(body=SENTENCES[0]),
    "another text under another title": page(
        "Xác nhận bạn không phải là máy", "Hãy chờ giây lát. " * 40, lead=None
    ),
}


@pytest.mark.parametrize("shown", GARBAGE.values(), ids=GARBAGE)
def test_a_good_text_is_never_overwritten_by_what_is_none(quick: Memory, shown: Extracted) -> None:
    quick.take(AT)
    assert quick.after(4 * HOUR).visit(shown, etag='"garbage"') == "curtailed"
    assert quick.article().body == BODY
    assert quick.links()[AT].etag is None


def test_a_visited_page_that_is_no_article_leaves_it_as_it_is(memory: Memory) -> None:
    memory.take(AT)
    (visit,) = memory.after(4 * HOUR).frontier.visits()
    memory.frontier.refuse([(visit, "not an article")])
    assert (memory.article().body, memory.links()[AT].state) == (BODY, "stored")
    assert memory.frontier.visits() == []
    assert len(memory.after(DAY).frontier.visits()) == 1


def test_a_visit_that_fails_is_made_up_for_by_the_next(memory: Memory) -> None:
    memory.take(AT)
    (visit,) = memory.after(4 * HOUR).frontier.visits()
    memory.frontier.set_back([Setback(visit, of_status(500))])
    assert (memory.article().body, memory.links()[AT].state) == (BODY, "stored")
    assert memory.frontier.visits() == []
    assert memory.after(DAY).frontier.visits() != []


def test_an_expired_text_does_not_come_back(memory: Memory) -> None:
    memory.take(AT)
    expire(memory)
    assert memory.after(4 * HOUR).visit(page(body=LONGER)) == "settled"
    assert memory.article().body is None


def test_an_expired_text_does_not_come_back_from_a_second_address(memory: Memory) -> None:
    memory.take(AT)
    expire(memory)
    assert memory.after(4 * HOUR).take(MOVED, page(canonical_url=SITE + AT)) == "duplicate"
    assert (memory.article().lead, memory.article().body) == (None, None)


def test_an_expired_text_is_not_told_again_by_its_feed(memory: Memory) -> None:
    links = memory.name(named(AT, "Bến Đò mất nước", summary="Tóm tắt")).pending
    memory.frontier.set_back([Setback(links[0], of_status(410))])
    # Asked beforehand, as by a run during which the text expires.
    news = NewLink(links[0].url, links[0].canonical_url, "Bến Đò có nước", "Tóm tắt mới", None)
    expire(memory)
    again = named(AT, "Bến Đò có nước", summary="Tóm tắt mới")
    assert memory.after(HOUR).name(again).retold == 0
    with memory.store.begin() as session:
        (known,) = known_addresses(session, [links[0].canonical_url]).values()
        assert known is not None
        assert not known.thin
        assert retell_thin(session, {links[0].id: news}, memory.clock.now) == 0
    assert (memory.article().title, memory.article().lead) == ("Bến Đò mất nước", None)


def expire(memory: Memory) -> None:
    with memory.store.begin() as session:
        for article in session.scalars(select(Article)):
            article.lead = article.body = None
            article.text_expired_at = memory.clock.now


# The source tells otherwise


def test_a_new_title_in_the_feed_asks_for_a_visit_at_once(memory: Memory) -> None:
    memory.read(memory.name(named(AT, "Bến Đò mất nước")).pending, page())
    again = memory.after(2 * HOUR).name(named(AT, "Bến Đò: gọi 0912345678"))
    (link,) = again.pending
    assert link.visit
    assert memory.links()[AT].title == "Bến Đò: gọi [số điện thoại]"
    assert memory.name(named(AT, "Bến Đò: gọi 0912345678")).pending == []
    assert [link.id for link in memory.frontier.visits()] == [link.id]


def test_a_later_change_in_the_sitemap_asks_for_a_visit(memory: Memory) -> None:
    memory.take(AT)
    changed = memory.after(2 * HOUR).clock.now
    assert memory.name(named(AT, changed=NOW - HOUR)).pending == []
    (link,) = memory.name(named(AT, changed=changed)).pending
    assert link.visit


def test_a_source_that_always_calls_its_pages_changed_is_not_believed_for_ever(quick: Memory) -> None:
    quick.settings = settings(visit_hours=[])
    quick.take(AT)
    visits = 0
    for _ in range(20):
        quick.after(timedelta(minutes=30))
        for link in quick.name(named(AT, changed=quick.clock.now)).pending:
            visits += 1
            quick.read([link], page())
    assert visits == 3


def test_a_source_that_calls_all_its_pages_changed_at_once_is_not_believed(quick: Memory) -> None:
    paths = [f"/tin/mat-nuoc-{number}.html" for number in range(20)]
    links = quick.name(*paths).pending
    for number, link in enumerate(links):
        quick.read([link], page(f"Mất nước {number}"))
    quick.after(2 * HOUR)
    assert quick.name(*(named(path, changed=quick.clock.now) for path in paths)).pending == []
    assert len(quick.name(*(named(path, changed=quick.clock.now) for path in paths[:4])).pending) == 4


def test_a_second_feed_with_other_titles_asks_for_nothing(quick: Memory) -> None:
    quick.settings = settings(sources=2)
    quick.read(quick.name(named(AT, "Bến Đò mất nước")).pending, page())
    quick.after(2 * HOUR)
    assert quick.name(named(AT, "Bạn đọc: Bến Đò mất nước"), source=1).pending == []


# Taken down


def test_a_page_is_gone_when_two_visits_have_not_found_it(memory: Memory) -> None:
    memory.take(AT)
    (visit,) = memory.after(4 * HOUR).frontier.visits()
    memory.frontier.gone([visit])
    assert memory.article().gone_at is None
    assert memory.frontier.visits() == []
    (visit,) = memory.after(HOUR).frontier.visits()
    memory.frontier.gone([visit])
    article = memory.article()
    assert article.gone_at == memory.clock.now
    assert article.body == BODY


def test_a_page_that_was_missing_once_is_not_gone(memory: Memory) -> None:
    memory.take(AT)
    for _ in range(3):
        (visit,) = memory.after(3 * DAY).frontier.visits()
        memory.frontier.gone([visit])
        (visit,) = memory.after(HOUR).frontier.visits()
        memory.frontier.page_unchanged([visit])
        if not memory.links()[AT].visit_at:
            break
    assert memory.article().gone_at is None


LOOKS = {
    "taken down": ("gone gone", True, True),
    "forbidden": ("kept_not kept_not", False, False),
    "forbidden after it was not found": ("gone kept_not", False, True),
    "not found after it was forbidden": ("kept_not gone", False, True),
    "forbidden twice after it was not found": ("gone kept_not kept_not", False, False),
    "taken down after it was forbidden": ("kept_not gone gone", True, True),
    "a failure between": ("gone failed gone", False, True),
}


@pytest.mark.parametrize(("looks", "gone", "text"), LOOKS.values(), ids=LOOKS)
def test_two_visits_in_a_row_must_say_the_same(quick: Memory, looks: str, gone: bool, text: bool) -> None:
    quick.take(AT)
    for look in looks.split():
        (visit,) = quick.after(DAY).frontier.visits()
        if look == "failed":
            quick.frontier.set_back([Setback(visit, of_status(500))])
        else:
            {"gone": quick.frontier.gone, "kept_not": quick.frontier.not_to_be_kept}[look]([visit])
    article = quick.article()
    assert (article.gone_at is not None, article.body is not None) == (gone, text)


def test_a_page_that_says_something_else_each_time_is_not_looked_at_for_ever(quick: Memory) -> None:
    quick.take(AT)
    looks = 0
    while (due := quick.after(3 * DAY).frontier.visits()) and looks < 50:
        looks += 1
        (quick.frontier.gone if looks % 2 else quick.frontier.not_to_be_kept)(due)
    assert looks == 6
    assert (quick.article().gone_at, quick.article().body) == (None, BODY)


@pytest.mark.parametrize("how", ["read", "unchanged"])
def test_a_page_that_comes_back_is_there_again(memory: Memory, how: str) -> None:
    memory.take(AT)
    for _ in range(2):
        (visit,) = memory.after(4 * HOUR).frontier.visits()
        memory.frontier.gone([visit])
    assert memory.article().gone_at
    (visit,) = memory.after(DAY).frontier.visits()
    if how == "read":
        memory.read([visit], page())
    else:
        memory.frontier.page_unchanged([visit])
    assert memory.article().gone_at is None


def test_an_article_taken_down_here_and_put_up_there_has_moved(memory: Memory) -> None:
    memory.take(AT)
    for _ in range(2):
        (visit,) = memory.after(4 * HOUR).frontier.visits()
        memory.frontier.gone([visit])
    assert memory.take(MOVED) == "duplicate"
    article = memory.article()
    assert (article.gone_at, article.canonical_url) == (None, SITE + MOVED)


def test_an_old_address_that_is_gone_says_nothing_of_the_article(memory: Memory) -> None:
    memory.take(AT)
    memory.after(4 * HOUR).visit(page(), url=SITE + MOVED)
    for _ in range(2):
        (visit,) = memory.after(DAY).frontier.visits()
        memory.frontier.gone([visit])
    assert memory.article().gone_at is None


def test_a_page_is_gone_also_where_it_prefers_another_name(memory: Memory) -> None:
    memory.take("/?p=123", page(canonical_url=SITE + AT))
    for _ in range(2):
        (visit,) = memory.after(DAY).frontier.visits()
        memory.frontier.gone([visit])
    assert memory.article().gone_at == memory.clock.now


# What may not be kept


def test_a_page_that_forbids_copies_is_kept_without_its_text(memory: Memory) -> None:
    told = named(AT, "Bến Đò mất nước", summary="Tóm tắt của nguồn")
    assert memory.read(memory.name(told).pending, page(no_archive=True)) == ["new"]
    article = memory.article()
    assert (article.title, article.lead, article.body) == (
        "Bến Đò mất nước sạch",
        "Tóm tắt của nguồn",
        None,
    )


def test_a_page_that_forbids_copies_later_loses_its_text_and_its_versions(memory: Memory) -> None:
    memory.take(AT)
    memory.after(4 * HOUR).visit(page(body=LONGER))
    assert memory.after(DAY).visit(page(no_archive=True)) == "changed"
    article = memory.article()
    assert (article.lead, article.body) == (None, None)
    assert [(version.lead, version.body) for version in article.versions] == [(None, None)]


def test_a_page_that_is_not_to_be_indexed_any_more_loses_its_lead_too(quick: Memory) -> None:
    quick.read(quick.name(named(AT, "Bến Đò mất nước", summary="Tóm tắt của nguồn")).pending, page())
    assert quick.after(4 * HOUR).visit(page(no_index=True)) == "changed"
    assert (quick.article().lead, quick.article().body) == (None, None)
    assert quick.after(DAY).visit(page(no_index=True)) == "unchanged"


@pytest.mark.parametrize("led_there", [False, True])
def test_a_page_that_forbids_copies_loses_its_text_though_it_names_another_article(
    memory: Memory, led_there: bool
) -> None:
    memory.take(AT)
    memory.take("/b/2.html", page(body=f"{LONGER} Việc sửa chữa còn kéo dài."))
    due = memory.after(4 * HOUR).frontier.visits()
    (visit,) = [link for link in due if link.url == SITE + "/b/2.html"]
    forbidden = page(canonical_url=SITE + AT, no_index=True)
    # Where it leads to the other, it is the other's page that forbids them.
    url = {"url": SITE + AT} if led_there else {}
    assert memory.read([visit], forbidden, **url) == ["duplicate" if led_there else "changed"]
    first, second = memory.articles()
    assert (first.body, second.body is None, second.lead is None) == (BODY, not led_there, not led_there)


def test_a_page_of_which_nothing_is_to_be_kept_any_more_loses_its_text_and_its_versions(
    memory: Memory,
) -> None:
    memory.take(AT)
    memory.after(4 * HOUR).visit(page(body=LONGER), etag='"1"')
    for wait, kept in ((DAY, LONGER), (HOUR, None)):
        assert memory.article().body == LONGER
        (visit,) = memory.after(wait).frontier.visits()
        memory.frontier.not_to_be_kept([visit])
        assert memory.article().body == kept
    article = memory.article()
    assert (article.title, article.lead, article.gone_at) == ("Bến Đò mất nước sạch", None, None)
    assert [(version.lead, version.body) for version in article.versions] == [(None, None)]
    assert memory.links()[AT].etag is None


def test_a_wall_that_passes_takes_no_text(quick: Memory) -> None:
    quick.take(AT)
    for _ in range(2):
        (visit,) = quick.after(DAY).frontier.visits()
        quick.frontier.not_to_be_kept([visit])
        assert quick.after(HOUR).visit(page()) == "unchanged"
    assert quick.article().body == BODY


def test_a_wall_at_the_last_visits_takes_no_text_for_good(memory: Memory) -> None:
    memory.settings = settings(visit_hours=[3])
    memory.take(AT)
    for wait, body in ((4 * HOUR, BODY), (HOUR, None)):
        (visit,) = memory.after(wait).frontier.visits()
        memory.frontier.not_to_be_kept([visit])
        assert memory.article().body == body
    assert memory.after(HOUR).frontier.visits() == []
    assert memory.after(DAY).visit(page()) == "changed"
    assert memory.article().body == BODY
    assert memory.after(DAY).frontier.visits() == []


def test_a_wall_that_stays_is_not_looked_at_for_ever(quick: Memory) -> None:
    quick.take(AT)
    looks = 0
    while (due := quick.after(3 * DAY).frontier.visits()) and looks < 50:
        looks += 1
        quick.frontier.not_to_be_kept(due)
    assert (looks, quick.article().body) == (4, None)


# What an office has already


def test_saved_articles_are_kept_with_their_links_once(memory: Memory) -> None:
    source = memory.configured[0]
    saved = [SavedPage(f"{SITE}/cu/bai-{number}.html", page(f"Bài cũ {number}")) for number in range(3)]
    assert memory.frontier.keep_saved(source, saved) == ["new", "new", "new"]
    assert memory.frontier.keep_saved(source, saved) == ["unchanged", "unchanged", "unchanged"]
    assert {link.state for link in memory.links().values()} == {"stored"}
    assert memory.frontier.pending() == memory.after(4 * DAY).frontier.visits() == []

    mended = SavedPage(saved[1].url, page("Bài cũ 1", LONGER))
    assert memory.frontier.keep_saved(source, [mended]) == ["changed"]
    assert [len(article.versions) for article in memory.articles()] == [0, 1, 0]


def test_a_folder_keeps_its_mark_and_its_pace(memory: Memory) -> None:
    frontier, source = memory.frontier, memory.configured[0]
    frontier.keep_saved(source, [SavedPage(f"{SITE}/cu/{n}.html", page(f"Bài cũ {n}")) for n in range(3)])
    frontier.record(source, (), Hints(etag="3 files"))
    kept = memory.source()
    assert (kept.etag, kept.items_named, kept.items_new) == ("3 files", 3, 3)


def test_what_was_read_from_the_web_is_not_overwritten_by_a_copy(memory: Memory) -> None:
    memory.settings = settings(sources=2)
    memory.take(AT)
    copy = SavedPage("http://www.song-moi.example" + AT + "?utm_source=x", page(body=LONGER))
    assert memory.frontier.keep_saved(memory.configured[1], [copy]) == ["duplicate"]
    assert memory.article().body == BODY
    assert len(memory.after(4 * HOUR).frontier.visits()) == 1


def test_a_copy_spares_the_reading_of_a_page(memory: Memory) -> None:
    memory.settings = settings(sources=2)
    memory.name(AT)
    assert memory.frontier.keep_saved(memory.configured[1], [SavedPage(SITE + AT, page())]) == ["new"]
    assert memory.frontier.pending() == []


def test_an_address_that_is_none_is_settled(quick: Memory) -> None:
    assert quick.frontier.keep_saved(quick.configured[0], [SavedPage("không có", page())]) == ["settled"]


# Sources that are configured otherwise


def edited(memory: Memory) -> Memory:
    """The address of its source has been changed."""
    home = memory.settings.outlets[0]
    source = home.sources[0].model_copy(update={"url": f"{SITE}/rss/moi"})
    outlet = home.model_copy(update={"sources": (source,)})
    memory.settings = memory.settings.model_copy(update={"outlets": (outlet,)})
    return memory


def test_what_an_edited_source_names_is_read_by_its_new_address(memory: Memory) -> None:
    (link,) = memory.name(AT).pending
    memory.frontier.set_back([Setback(link, of_status(503))])
    assert edited(memory).frontier.pending() == []
    assert memory.name(AT).pending == []  # it is not its time
    (again,) = memory.after(DAY).frontier.pending()
    assert memory.read([again], page()) == ["new"]
    assert memory.source(1).url == f"{SITE}/rss/moi"
    assert memory.links()[AT].source_id == memory.source(1).id


def test_an_adopted_link_is_read_at_once_when_it_is_due(quick: Memory) -> None:
    (link,) = quick.name(AT).pending
    assert [one.id for one in edited(quick).name(AT).pending] == [link.id]
    assert edited(quick).name(AT).pending == []


def test_a_link_of_a_configured_source_stays_with_it(quick: Memory) -> None:
    quick.settings = settings(2)
    quick.name(AT)
    only_second = Frontier(quick.store, quick.settings, quick.clock, str, quick.configured[1:])
    assert only_second.record(quick.configured[1], [named(AT)]).pending == []
    quick.after(200 * DAY)
    assert only_second.pending() == []
    assert quick.links()[AT].state == "pending"


def test_what_a_removed_source_told_does_not_stay(memory: Memory) -> None:
    memory.name(named(AT, "Bến Đò mất nước", summary="Tóm tắt"))
    memory.settings = memory.settings.model_copy(update={"outlets": ()})
    memory.after(DAY).frontier.pending()
    assert memory.links()[AT].state == "pending"
    memory.after(200 * DAY).frontier.pending()
    assert memory.links()[AT].state == "failed"
    with memory.store.begin() as session:
        assert forget_told_before(session, memory.clock.now - 90 * DAY, 500) == 1
    assert (memory.links()[AT].title, memory.links()[AT].summary) == (None, None)


def test_what_was_never_tried_is_known_as_its_feed_tells_it(memory: Memory) -> None:
    memory.name(named(AT, "Bến Đò mất nước", summary="Tóm tắt"))
    assert memory.after(30 * DAY).frontier.pending() == []
    article, link = memory.article(), memory.links()[AT]
    assert (article.title, article.lead, article.body) == ("Bến Đò mất nước", "Tóm tắt", None)
    assert (link.state, link.article_id) == ("failed", article.id)


def test_a_copy_brings_what_the_web_refused(memory: Memory) -> None:
    memory.settings = settings(sources=2)
    memory.frontier.refuse([(link, "too old") for link in memory.name(AT).pending])
    copy = SavedPage(SITE + AT, page(body=LONGER))
    assert memory.frontier.keep_saved(memory.configured[1], [copy]) == ["new"]
    assert memory.article().body == LONGER
