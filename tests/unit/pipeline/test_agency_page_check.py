"""`dansinh check` on the page behind the link in letters."""

import pytest

from pipeline.answering.links import Links, NoEntry
from pipeline.checks.agency_page import check_agency_page
from pipeline.secret import MissingSecret
from pipeline.settings import AgencyPage
from store.models import Referral
from tests.office import at, settings

KEY, OTHER = "a" * 40, "b" * 40
HTTPS = "https://phoihop.example.vn"


@pytest.mark.parametrize(
    ("base_url", "key", "said"),
    [
        (HTTPS, KEY, []),
        (HTTPS, f"{KEY} {OTHER}", []),
        (HTTPS, None, ["environment variable DANSINH_LINK_SECRET is not set"]),
        (HTTPS, "ngan", ["a key of at least 32 characters; make one with: python3"]),
        (HTTPS, f"{KEY} ngan", ["a key of at least 32 characters"]),
        (HTTPS, "   ", ["a key of at least 32 characters"]),
        ("http://phoihop.example.vn", KEY, ["on the way anybody"]),
        ("http://127.0.0.1:8080", KEY, ["opens on this machine only"]),
        ("http://127.0.0.1:8080", None, ["is not set", "opens on this machine only"]),
    ],
)
def test_what_is_told(base_url: str, key: str | None, said: list[str]) -> None:
    office = settings(agency_page={"base_url": base_url})
    env = {} if key is None else {"DANSINH_LINK_SECRET": key}
    problems = list(check_agency_page(office, env))
    assert len(problems) == len(said)
    assert all(words in problem.what for words, problem in zip(said, problems, strict=True))


def test_without_the_section_nothing_is_asked_for() -> None:
    assert not list(check_agency_page(settings(), {}))


def links(keys: str) -> Links:
    return Links(AgencyPage(base_url=HTTPS, days=10), {"DANSINH_LINK_SECRET": keys})


def test_a_key_is_changed_while_old_letters_are_out() -> None:
    now, referral = at("2026-11-20 09:00"), Referral(id=7, link_serial=1)
    old = links(OTHER).address(referral, now).rpartition("/")[2]
    both = links(f"{KEY} {OTHER}")
    assert both.read(old, now).referral_id == 7
    new = both.address(referral, now).rpartition("/")[2]
    assert links(KEY).read(new, now).referral_id == 7
    with pytest.raises(NoEntry, match="forged"):
        links(KEY).read(old, now)


def test_the_same_letter_bears_the_same_link() -> None:
    now, referral = at("2026-11-20 09:00"), Referral(id=7, link_serial=1)
    address = links(KEY).address(referral, now)
    assert address == links(KEY).address(referral, now)
    assert address.startswith(f"{HTTPS}/tra-loi-phieu/")
    assert len(address) < 150


def test_a_missing_key_is_told_before_anything_is_signed() -> None:
    with pytest.raises(MissingSecret, match="is not set"):
        Links(AgencyPage(base_url=HTTPS), {})
