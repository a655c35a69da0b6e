"""The one table of allowed changes, and the event each change writes."""

import itertools

import pytest

from pipeline.states import DELIVERY, IN_WORDS, ISSUE, REFERRAL, allowed
from store.models import Issue

DESIGN = {
    ("detected", "confirmed"),
    ("detected", "dismissed"),
    ("detected", "merged"),
    ("confirmed", "referred"),
    ("referred", "closed"),
    ("closed", "reopened"),
    ("reopened", "referred"),
}


def test_every_change_of_the_design_is_allowed() -> None:
    assert {(before, after) for before, after in DESIGN if after in ISSUE[before]} == DESIGN


@pytest.mark.parametrize(
    ("before", "after"),
    [("detected", "referred"), ("detected", "closed"), ("closed", "referred"), ("closed", "merged")],
)
def test_shortcuts_are_not(before: str, after: str) -> None:
    assert not allowed(Issue(state=before), after)


@pytest.mark.parametrize("table", [ISSUE, REFERRAL, DELIVERY])
def test_every_state_has_a_row_and_a_vietnamese_name(table: dict[str, tuple[str, ...]]) -> None:
    named = set(table) | set(itertools.chain.from_iterable(table.values()))
    assert named == set(table)
    assert named <= set(IN_WORDS)
