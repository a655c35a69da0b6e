"""Bodies that refusals name, and agencies that pass an issue between them."""

import pytest

from pipeline.competence import contested, named_body
from store.models import Referral
from tests.office import OFFICE, on, settings

TODAY = on("2026-11-20")


@pytest.mark.parametrize(
    ("refusals", "passing"),
    [
        ([], ()),
        ([("A", "B")], ()),
        ([("A", "B"), ("B", "C")], ()),
        ([("A", "B"), ("B", "A")], ("A", "B")),
        ([("A", "b "), ("B", "a")], ("A", "B")),
        ([("A", "B"), ("B", "C"), ("C", "A")], ("A", "B", "C")),
        ([("A", "B"), ("B", "C"), ("C", "B")], ("B", "C")),
        ([("A", "X"), ("A", "Y")], ("A",)),
        ([("A", "A")], ("A",)),
        ([("A", None), ("B", "A")], ()),
    ],
)
def test_agencies_that_pass_an_issue_between_them(
    refusals: list[tuple[str, str | None]], passing: tuple[str, ...]
) -> None:
    referrals = [Referral(agency_name=one, proposed_agency=body, state="refused") for one, body in refusals]
    referrals.append(Referral(agency_name="B", proposed_agency="A", state="sent"))
    assert contested(referrals) == passing


@pytest.mark.parametrize(
    ("named", "key"),
    [
        ("Sở Xây dựng", "so-xay-dung"),
        ("  sở  XÂY DỰNG", "so-xay-dung"),
        ("So\u031b\u0309 Xây dựng", "so-xay-dung"),
        ("UBND phường Gia Viên", "commune:11359"),
        ("UBND phường Không Có", None),
        ("Sở", None),
        ("", None),
    ],
    ids=["plain", "spaces and capitals", "decomposed", "commune", "unknown commune", "part", "nothing"],
)
def test_a_body_is_found_by_its_name(named: str, key: str | None) -> None:
    found = named_body(settings(), named, TODAY)
    assert (found and found.key) == key


def test_an_agency_that_is_no_more_is_not_found() -> None:
    ended = [agency | {"valid_to": "2026-06-30"} for agency in OFFICE["agencies"]]
    assert named_body(settings(agencies=ended), "Sở Xây dựng", TODAY) is None
