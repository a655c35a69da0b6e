"""What a feed says of its pace, and when its times are not in the zone that they name."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.kinds.feeds import parse_feed
from crawler.kinds.pace import Pace, read_pace

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 10:00 in Vietnam
SYNDICATION = "<sy:updatePeriod> {} </sy:updatePeriod><sy:updateFrequency>{}</sy:updateFrequency>"


@pytest.mark.parametrize(
    ("channel", "pace"),
    [
        ("<ttl>60</ttl>", Pace(timedelta(hours=1))),
        ("<ttl><![CDATA[ 30 ]]></ttl>", Pace(timedelta(minutes=30))),
        ("<ttl>0</ttl>", Pace()),
        ("<ttl>99999999999</ttl><ttl/>", Pace()),
        (SYNDICATION.format("hourly", 2), Pace(timedelta(minutes=30))),
        (SYNDICATION.format("daily", 0), Pace(timedelta(days=1))),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", Pace(timedelta(weeks=1))),
        (SYNDICATION.format("sometimes", 1), Pace()),
        ("<ttl>5</ttl>" + SYNDICATION.format("daily", 1), Pace(timedelta(minutes=5))),
        (
            "<skipHours><hour>0</hour><hour> 24 </hour><hour>17</hour><hour>x</hour></skipHours>",
            Pace(skip_hours=frozenset({0, 17})),
        ),
        (
            "<skipDays><day>Sunday</day><day>saturday</day><day>Chủ nhật</day></skipDays>",
            Pace(skip_days=frozenset({5, 6})),
        ),
        ("<skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours>", Pace()),
        ("<skipHours>" + "<hour>" * 10_000, Pace()),
    ],
)
def test_the_pace_that_a_feed_names(channel: str, pace: Pace) -> None:
    assert read_pace(channel) == pace
    item = "<item><title>T</title><link>/a</link><ttl>9</ttl></item>"
    feed = '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/"><channel>{}</channel></rss>'
    if channel.count("<hour>") < 100:
        assert parse_feed(feed.format(channel + item).encode(), "https://song.vn/rss").pace == pace
        assert parse_feed(feed.format(item + channel).encode(), "https://song.vn/rss").pace == pace


def feed_of(built: str | None, *dates: str) -> bytes:
    head = f"<lastBuildDate>{built}</lastBuildDate>" if built else ""
    items = "".join(
        f"<item><title>T</title><link>/{number}</link><pubDate>{date}</pubDate></item>"
        for number, date in enumerate(dates)
    )
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


# what it says: (built, items, the first item's true time in Vietnam)
FEEDS = {
    "all is right": (
        "Fri, 20 Nov 2026 03:00:00 GMT",
        ["Fri, 20 Nov 2026 02:30:00 GMT", "Thu, 19 Nov 2026 23:00:00 GMT"],
        "09:30",
    ),
    "right, and written seven hours ago in local time by a file that says so": (
        "Fri, 20 Nov 2026 03:00:00 +0700",
        ["Fri, 20 Nov 2026 02:30:00 +0700"],
        "02:30",
    ),
    "local called GMT, told by the time of making": (
        "Fri, 20 Nov 2026 09:59:00 GMT",
        ["Fri, 20 Nov 2026 09:30:00 GMT", "Thu, 19 Nov 2026 20:00:00 GMT"],
        "09:30",
    ),
    "local called Z, told by several items to come": (
        None,
        ["2026-11-20T09:30:00Z", "2026-11-20T09:10:00Z", "2026-11-20T08:00:00Z", "2026-11-19T20:00:00Z"],
        "09:30",
    ),
    "one item to come is a notice dated ahead": (
        None,
        ["2026-11-20T09:30:00Z", "2026-11-20T02:10:00Z", "2026-11-20T01:00:00Z"],
        "16:30",
    ),
    "several items to come, but made now by a clock that is right": (
        "Fri, 20 Nov 2026 03:00:30 GMT",
        ["2026-11-20T09:30:00Z", "2026-11-20T09:10:00Z", "2026-11-20T08:00:00Z"],
        "16:30",
    ),
    "an item of tomorrow contradicts": (
        "Fri, 20 Nov 2026 09:59:00 GMT",
        ["Sat, 21 Nov 2026 09:30:00 GMT", "Fri, 20 Nov 2026 09:30:00 GMT"],
        "16:30",
    ),
    "UTC called +0700, told by the time of making": (
        "Fri, 20 Nov 2026 03:01:00 +0700",
        ["Fri, 20 Nov 2026 02:30:00 +0700", "Thu, 19 Nov 2026 20:00:00 +0700"],
        "09:30",
    ),
    "UTC without a zone": ("2026-11-20 03:01", ["2026-11-20 02:30"], "09:30"),
    "made eight hours ago": (
        "Fri, 20 Nov 2026 02:00:00 +0700",
        ["Fri, 20 Nov 2026 01:30:00 +0700"],
        "01:30",
    ),
    "an item after the making contradicts": (
        "Fri, 20 Nov 2026 03:00:00 +0700",
        ["Fri, 20 Nov 2026 09:30:00 +0700"],
        "09:30",
    ),
    "only the items with that label are moved": (
        "Fri, 20 Nov 2026 09:59:00 GMT",
        ["Fri, 20 Nov 2026 09:30:00 +0700", "Fri, 20 Nov 2026 09:30:00 GMT"],
        "09:30",
    ),
}


@pytest.mark.parametrize("name", FEEDS)
def test_false_zones(name: str) -> None:
    built, dates, true = FEEDS[name]
    written = NOW - timedelta(hours=7) if "file" in name else None
    feed = parse_feed(feed_of(built, *dates), "https://song.vn/rss", now=NOW, last_modified=written)
    published = feed.items[0].published
    assert published is not None
    assert f"{published + timedelta(hours=7) - (published.utcoffset() or timedelta()):%H:%M}" == true
    assert bool(feed.notices) == (name.startswith(("local", "UTC", "only")))


def test_the_time_of_making_may_be_called_publication() -> None:
    built, dates, _ = FEEDS["UTC called +0700, told by the time of making"]
    content = feed_of(built, *dates).replace(b"lastBuildDate", b"pubDate")
    (item, *_) = parse_feed(content, "https://song.vn/rss", now=NOW).items
    assert item.published == datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def test_without_a_clock_nothing_is_moved() -> None:
    built, dates, _ = FEEDS["local called GMT, told by the time of making"]
    (item, *_) = parse_feed(feed_of(built, *dates), "https://song.vn/rss").items
    assert item.published == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_atoms_time_of_making_may_be_that_of_its_newest_entry() -> None:
    """One entry dated ahead, and the feed's own time made of it: no proof of anything."""
    entry = "<entry><title>T</title><link href='/a'/><updated>2026-11-20T09:30:00Z</updated></entry>"
    text = f'<feed xmlns="http://www.w3.org/2005/Atom"><updated>2026-11-20T09:30:00Z</updated>{entry}</feed>'
    (item,) = parse_feed(text.encode(), "https://song.vn/rss", now=NOW).items
    assert item.published == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
