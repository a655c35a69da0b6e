"""`dansinh sources` as an operator calls it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from crawler.fetching.guard import place_of
from crawler.fetching.memory import HostMemory
from crawler.finding.outlets import OutletWords
from pipeline.cli import main
from pipeline.cli.sources.area import area_of
from pipeline.config import load_settings, open_store
from store.models import Source
from store.queries.sources import states
from tests.integration.crawler.conftest import RSS, Site, article_page, rss, serving

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TITLE = "Cầu treo thôn Hạ xuống cấp"
TODAY = "Fri, 20 Nov 2026 08:00:00 +0700"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as pages:
        yield pages


def write(path: Path, outlets: list[dict[str, Any]]) -> Path:
    """The shipped office with these outlets: no test asks a stranger's server for anything."""
    yaml = YAML()
    office = yaml.load(ROOT / "config.yaml")
    office["crawler"] |= {"outlets": outlets, "per_host_delay_seconds": 0, "timeout_seconds": 3}
    path.mkdir(exist_ok=True)
    yaml.dump(office, path / "config.yaml")
    return path / "config.yaml"


def call(*arguments: str | Path) -> Result:
    now = ("--now", "2026-11-20T10:00")
    return CliRunner().invoke(main, ["sources", *map(str, arguments), *now])


def outlet(site: Site, *sources: dict[str, Any], **more: Any) -> dict[str, Any]:
    usual = {"key": "song-moi", "name": "Sông Mới", "kind": "newspaper", "home": site.url}
    return usual | {"sources": list(sources)} | more


# Hosts that have asked for patience


def asked_for_patience(config: Path, url: str, *, now: datetime = NOW) -> None:
    """As a crawl would have kept it."""
    store = open_store(load_settings(config))
    hosts = HostMemory(store, lambda: now)
    hosts.wait(place_of(url), timedelta(hours=2))
    hosts.flush()
    store.close()


@pytest.mark.parametrize("command", ["find", "test"])
def test_a_host_that_has_asked_a_crawl_for_patience_is_left_alone(
    site: Site, tmp_path: Path, command: str
) -> None:
    feed = site.put("/rss", rss([(f"{site.url}/a", "A", "", TODAY)]), content_type=RSS)
    config = write(tmp_path, [outlet(site, {"kind": "feed", "url": feed})])
    asked_for_patience(config, feed)
    result = call(command, feed, "--config", config)
    assert result.exit_code == 1
    assert "is left alone until 2026-11-20 12:00: its host has asked for patience" in result.output
    assert "→ ask again after 2026-11-20 12:00" in result.output
    assert site.asked == []


def test_a_host_may_be_asked_when_its_time_has_come(site: Site, tmp_path: Path) -> None:
    link = site.put("/tin/cau-treo-thon-ha-1.html", article_page(TITLE))
    feed = site.put("/rss", rss([(link, TITLE, "", TODAY)]), content_type=RSS)
    config = write(tmp_path, [outlet(site, {"kind": "feed", "url": feed})])
    asked_for_patience(config, feed, now=NOW - timedelta(hours=3))
    assert call("test", feed, "--config", config).exit_code == 0


def test_no_database_is_made_to_try_an_address(site: Site, tmp_path: Path) -> None:
    link = site.put("/tin/cau-treo-thon-ha-1.html", article_page(TITLE))
    feed = site.put("/rss", rss([(link, TITLE, "", TODAY)]), content_type=RSS)
    config = write(tmp_path, [outlet(site, {"kind": "feed", "url": feed})])
    assert call("test", feed, "--config", config).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


# find


def test_what_is_found_can_be_pasted(site: Site, tmp_path: Path) -> None:
    site.put("/tin.rss", rss([(f"{site.url}/a", "A", "", TODAY)], 'Tin: "mới" # 1'), content_type=RSS)
    site.put(
        "/cu.rss", rss([(f"{site.url}/b", "B", "", "Fri, 02 Oct 2026 08:00:00 +0700")]), content_type=RSS
    )
    links = "".join(f'<link rel="alternate" type="{RSS}" href="/{name}.rss">' for name in ("cu", "tin"))
    name = '<meta property="og:site_name" content="Đài Phát thanh và Truyền hình Lâm Đồng: thử">'
    home = site.put("/", f"<html><head>{name}{links}</head></html>")
    config = write(tmp_path, [])
    result = call("find", home, "--config", config)
    assert result.exit_code == 0, result.output
    pasted = "\n".join("    " + line for line in result.stdout.splitlines())
    text = config.read_text(encoding="utf-8").replace("\n    []\n", f"\n{pasted}\n")
    config.write_text(text, encoding="utf-8")
    (found,) = load_settings(config).crawler.outlets
    assert (found.name, found.kind, found.area) == (
        "Đài Phát thanh và Truyền hình Lâm Đồng: thử",
        "broadcaster",
        "68",
    )
    assert [str(source.url) for source in found.sources] == [f"{site.url}/tin.rss"]
    assert f"# - {{ kind: feed, url: {site.url}/cu.rss }} # nothing new since 02/10/2026" in result.stdout
    assert "# Tỉnh Lâm Đồng" in result.stdout


def test_a_site_that_offers_nothing_ends_with_1(site: Site, tmp_path: Path) -> None:
    home = site.put("/", "<title>Trống</title>")
    result = call("find", home, "--json", "--config", write(tmp_path, []))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["sources"] == []
    assert "names no feed, no sitemap, no board and no article" in result.stderr


def test_a_site_that_cannot_be_asked_ends_with_1() -> None:
    result = call("find", "http://127.0.0.1:1/", "--config", "khong-co.yaml")
    assert (result.exit_code, "refuses connections" in result.stderr) == (1, True)


AREAS = {
    # name, title, description, addresses: code, certain
    "a province": (("Báo Lâm Đồng", None, None, ()), ("68", True)),
    "a province of the past": (("Báo Bình Thuận", None, None, ()), ("68", True)),
    "in the title": ((None, "Trang chủ - Cổng thông tin điện tử tỉnh Nghệ An", None, ()), ("40", True)),
    "a commune": (("Xã Đức Trọng", "UBND xã Đức Trọng, tỉnh Lâm Đồng", None, ()), ("24958", True)),
    "two provinces": (("Tin Hà Nội, Nghệ An", None, None, ()), None),
    "a seat alone": (("Báo Nhân Dân", None, None, ("Số 71 Hàng Trống, Hà Nội",)), None),
    "a description": (("Hànộimới", None, "Cơ quan của Thành ủy Hà Nội", ()), ("01", False)),
    "nothing": ((None, None, None, ()), None),
}  # fmt: skip


@pytest.mark.parametrize("how", AREAS)
def test_the_area_where_the_page_leaves_no_doubt(how: str) -> None:
    words, expected = AREAS[how]
    area = area_of(OutletWords(*words))
    assert (area and (area.code, area.certain)) == expected


# test


def test_a_source_shows_what_would_be_stored(site: Site, tmp_path: Path) -> None:
    link = site.put(
        "/cau.html", article_page(TITLE, lead="Dân gọi 0912345678 nhiều lần nhưng chưa ai đến sửa cầu.")
    )
    site.put("/rss", rss([(link, TITLE, "Tóm tắt 0912345678", TODAY)]), content_type=RSS)
    config = write(tmp_path, [outlet(site, {"kind": "feed", "url": f"{site.url}/rss"}, area="31")])
    for name in ("song-moi", f"{site.url}/rss", f"song-moi feed {site.url}/rss"):
        result = call("test", name, "--json", "--config", config)
        assert result.exit_code == 0, result.output
        (told,) = json.loads(result.stdout)
        assert (told["kind"], told["reading"]["items"], told["reading"]["newest"]) == (
            "feed",
            1,
            "2026-11-20T08:00+07:00",
        )
        article = told["article"]
        assert (article["title"], article["outlet"], article["area"]) == (TITLE, "Sông Mới", "31")
        assert article["published"] == "2026-11-20T08:00+07:00"
        assert "0912345678" not in result.stdout
        assert article["canonical_url"] == link
    shown = call("test", "song-moi", "--config", config).stdout
    for words in (f"title: {TITLE}", "body: ", "paragraphs", "names 1 pages, 1 with a time", "layout: "):
        assert words in shown


def test_an_address_is_tried_as_what_it_is(site: Site, tmp_path: Path) -> None:
    config = write(tmp_path, [])
    page = article_page(TITLE, published=None)
    article = site.put("/tin/cau-treo-thon-ha-12345.html", page)
    feed = site.put("/rss", rss([(article, TITLE, "", TODAY)]))
    sitemap = site.put("/s.xml", f"<urlset><url><loc>{article}</loc></url></urlset>")
    index = site.put("/i.xml", f"<sitemapindex><sitemap><loc>{sitemap}</loc></sitemap></sitemapindex>")
    listing = site.put("/muc", f'<h2><a href="{article}">{TITLE}</a></h2>')
    for address, kind in ((feed, "feed"), (sitemap, "sitemap"), (index, "sitemap"), (listing, "listing")):
        result = call("test", address, "--json", "--config", config)
        (told,) = json.loads(result.stdout)
        assert (told["kind"], told["article"]["title"]) == (kind, TITLE)
    result = call("test", article, "--config", config)
    assert result.exit_code == 0
    assert "(article)" in result.stdout
    assert (
        "names no time: when it was first seen stands for it\n    → declare where its time" in result.stdout
    )


@pytest.mark.parametrize(
    ("path", "arguments", "said"),
    [
        ("/gone", (), "answers 404 Not Found"),
        ("/kin", (), "is closed to crawlers by robots.txt"),
        ("/trang", ("--kind", "feed"), "is not a feed: the answer is an HTML page"),
        ("/trang", (), "names no articles: no link on the page looks like one"),
        ("/trang", ("--kind", "article"), "is not an article"),
        ("/an", (), "asks not to be kept (noindex)"),
        ("/rong", (), "nothing would be stored"),
        ("/anh.png", (), "names no articles"),
    ],
)
def test_what_would_store_nothing_ends_with_1(
    site: Site, tmp_path: Path, path: str, arguments: tuple[str, ...], said: str
) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /kin", content_type="text/plain")
    site.put("/kin", article_page(TITLE))
    site.put("/trang", "<html><p>Trang này không có gì.</p></html>")
    hidden = site.put(
        "/tin/an-12345.html", article_page(TITLE, head='<meta name="robots" content="noindex">')
    )
    site.put("/an", rss([(hidden, TITLE, "", TODAY)]), content_type=RSS)
    site.put("/rong", rss([]), content_type=RSS)
    site.put("/anh.png", b"\x89PNG\r\n\x00\xff", content_type="image/png")
    result = call("test", site.url + path, *arguments, "--config", write(tmp_path, []))
    assert (result.exit_code, said in result.stdout) == (1, True), result.output


def test_a_page_of_which_no_copy_may_be_kept(site: Site, tmp_path: Path) -> None:
    head = '<meta name="robots" content="noarchive">'
    article = site.put("/tin/cau-treo-12345.html", article_page(TITLE, head=head))
    result = call("test", article, "--json", "--config", write(tmp_path, []))
    (told,) = json.loads(result.stdout)
    assert (result.exit_code, told["article"]["title"], told["article"]["body"]) == (0, TITLE, None)
    assert [one["what"] for one in told["problems"]] == ["asks that no copy be kept (noarchive)"]


def test_one_bad_source_of_an_outlet_leaves_the_others(site: Site, tmp_path: Path) -> None:
    site.put("/tin", article_page(TITLE))
    site.put("/rss", rss([(f"{site.url}/tin", TITLE, "", TODAY)]), content_type=RSS)
    folder = tmp_path / "luu"
    folder.mkdir()
    (folder / "tin.jsonl").write_text(f'{{"url": "{site.url}/x", "title": "{TITLE}", "body": "Dài."}}\n')
    sources = [
        {"kind": "feed", "url": f"{site.url}/gone"},
        {"kind": "feed", "url": f"{site.url}/rss"},
        {"kind": "folder", "path": "luu"},
        {"kind": "folder", "path": "khong-co"},
    ]
    result = call("test", "song-moi", "--json", "--config", write(tmp_path, [outlet(site, *sources)]))
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [bool(one["article"]) for one in told] == [False, True, True, False]
    assert "there is no folder" in told[3]["problems"][0]["what"]


def test_a_name_that_is_none_ends_with_2(site: Site, tmp_path: Path) -> None:
    result = call("test", "song-mio", "--config", write(tmp_path, [outlet(site)]))
    assert result.exit_code == 2
    assert "no outlet or source 'song-mio' is configured; did you mean song-moi?" in result.stderr


# list and resume


def remember(config: Path, **changes: Any) -> None:
    settings = load_settings(config)
    store = open_store(settings)
    url = str(settings.crawler.outlets[0].sources[0].url)
    row: dict[str, Any] = {
        "key": f"song-moi feed {url}", "outlet_key": "song-moi", "outlet_name": "Sông Mới", "kind": "feed",
        "url": url, "last_polled_at": NOW, "last_ok_at": NOW, "last_new_at": NOW, "items_named": 20,
        "items_new": 3, "next_poll_at": NOW + timedelta(minutes=25),
    }  # fmt: skip
    with store.begin() as session:
        session.add(Source(**row | changes))
    store.close()


STATES = {
    "ok": {},
    "failing": {"failures": 4, "last_error": "answers 500"},
    "paused": {"failures": 9, "paused_at": NOW, "last_error": "answers 500"},
    "silent": {"last_new_at": NOW - timedelta(days=9)},
    "layout changed": {"layout_changed_at": NOW},
}


@pytest.mark.parametrize("state", [*STATES, "never read"])
def test_the_list_tells_how_a_source_is(site: Site, tmp_path: Path, state: str) -> None:
    config = write(tmp_path, [outlet(site, {"kind": "feed", "url": f"{site.url}/rss"})])
    if state in STATES:
        remember(config, **STATES[state])
    result = call("list", "--json", "--config", config)
    (row,) = json.loads(result.stdout)
    assert (row["outlet"], row["kind"], row["address"], row["state"]) == (
        "song-moi", "feed", f"{site.url}/rss", state,
    )  # fmt: skip
    assert result.exit_code == (0 if state == "ok" else 1)
    shown = call("list", "--config", config).stdout
    assert state in shown
    if state == "ok":
        assert (row["interval_minutes"], row["items"], row["new_items"]) == (25, 20, 3)
        assert row["next_poll"] == "2026-11-20T10:25+07:00"
        assert "20/11 10:25" in shown
        assert "20 (3 new)" in shown
    if state == "failing":
        assert "→ answers 500" in shown


@pytest.mark.parametrize("by", ["key", "address"])
def test_a_paused_source_is_resumed(site: Site, tmp_path: Path, by: str) -> None:
    address = f"{site.url}/rss"
    config = write(tmp_path, [outlet(site, {"kind": "feed", "url": address})])
    remember(config, **STATES["paused"])
    result = call("resume", "song-moi" if by == "key" else address, "--config", config)
    assert (result.exit_code, address in result.stdout) == (0, True), result.output
    store = open_store(load_settings(config))
    with store.read() as session:
        (row,) = states(session, [f"song-moi feed {address}"]).values()
    store.close()
    assert (row.paused_at, row.next_poll_at) == (None, None)
    assert call("resume", "khong-co", "--config", config).exit_code == 2


def test_every_command_is_documented() -> None:
    guide = (ROOT / "docs" / "running-an-office.md").read_text(encoding="utf-8")
    group = main.commands["sources"]
    assert [name for name in group.commands if f"`dansinh sources {name}" not in guide] == []  # type: ignore[attr-defined]
