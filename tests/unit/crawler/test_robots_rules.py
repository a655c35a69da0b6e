"""What robots.txt says to this crawler."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetching.robots import LONGEST, LONGEST_DELAY, Rules, text_of

URL = "https://bao.example.vn/tin/1.html"


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        (None, 0),
        ("", 0),
        ("User-agent: *\nCrawl-delay: 5", 5),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: 999999999", LONGEST_DELAY),
        ("User-agent: *\nCrawl-delay: inf", 0),
        ("User-agent: *\nCrawl-delay: -3", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: khac\nCrawl-delay: 5", 0),
        ("User-agent: DanSinh\nCrawl-delay: 3\n\nUser-agent: *\nCrawl-delay: 30", 3),
        ("User-agent: *\nRequest-rate: 1/10", 10),
        ("User-agent: *\nRequest-rate: 30/1m 0800-1700", 2),
        ("User-agent: *\nRequest-rate: 0/10", 0),
        ("User-agent: *\nRequest-rate: 1/10\nCrawl-delay: 12", 12),
    ],
)
def test_the_delay_it_asks_for(text: str | None, delay: float) -> None:
    assert Rules(text, "DanSinh").delay == delay


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /tin", False),
        ("User-agent: *\nDisallow: /tin\nAllow: /tin/1", True),
        ("User-agent: *\nDisallow: /*.html$", False),
        ("User-agent: *\nDisallow: /*.htm$", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: DANSINH\nDisallow: /", False),
        ("User-agent: DanSinh/2.0\nDisallow: /", True),
        # The contact in the crawler's full name is no name of its own.
        ("User-agent: phong\nDisallow: /", True),
        ("Disallow: /", True),
        ("User-agent: *\r\nDisallow: /\r\n", False),
        ("User-agent: *\rDisallow: /\r", False),
    ],
)
def test_what_it_allows(text: str, allowed: bool) -> None:
    assert Rules(text, "DanSinh").allow(URL) == allowed


def test_only_whole_lines_within_the_limit_are_read() -> None:
    assert text_of(b"\xef\xbb\xbfA\0B") == "AB"
    assert text_of(b" \n<!doctype html>User-agent: *\nDisallow: /") == ""
    short = b"x" * (LONGEST - 1) + b"\n"
    assert len(text_of(short)) == LONGEST
    assert text_of(b"Disallow: /a\n" + b"x" * LONGEST) == "Disallow: /a\n"
    assert text_of(b"x" * (LONGEST + 1)) == ""


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\x85", "\u2028"])
def test_what_it_says_to_people_is_not_kept(end: str) -> None:
    said = f"# Hoi anh An, 0900 000 000{end}User-agent: * # moi nguoi{end}Disallow: /tin#{end}"
    kept = text_of(said.encode())
    assert kept == f"{end}User-agent: * {end}Disallow: /tin{end}"
    assert not Rules(kept, "DanSinh").allow(URL)


@given(st.binary(max_size=200))
def test_whatever_it_holds_is_survived(body: bytes) -> None:
    rules = Rules(text_of(body), "DanSinh")
    rules.allow(URL)
    assert 0 <= rules.delay <= LONGEST_DELAY
