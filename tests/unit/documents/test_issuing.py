"""Numbers and symbols as the State's rule and the Party's write them."""

from datetime import date

import pytest

from pipeline.documents.issuing import Kind, number_and_symbol, number_line, numbering_year
from pipeline.settings import Office
from tests.office import OFFICE

STATE = Office.model_validate(OFFICE["office"])
PARTY = Office.model_validate(
    OFFICE["office"]
    | {"layout": "party", "symbol": "PC/BTGDVTU", "term_starts": ["2025-10-16", "2020-10-12"]}
    | {"symbols": {"digest": "BTin/BTGDVTU"}}
)


@pytest.mark.parametrize(
    ("office", "kind", "number", "written"),
    [
        (STATE, "letter", 5, "Số: 5/PC-BTG"),
        (STATE, "report", 12, "Số: 12/BC-BTG"),
        (STATE, "digest", 3, "Số: 3/BT-BTG"),
        (STATE, "covering", 7, "Số: 7/BTG"),
        (STATE, "reminder", 7, "Số: 7/BTG"),
        (STATE, "report", None, "Số:       /BC-BTG"),
        (PARTY, "letter", 5, "Số 05-PC/BTGDVTU"),
        (PARTY, "letter", 123, "Số 123-PC/BTGDVTU"),
        (PARTY, "report", 10, "Số 10-BC/BTGDVTU"),
        (PARTY, "covering", 9, "Số 09-CV/BTGDVTU"),
        (PARTY, "digest", 1, "Số 01-BTin/BTGDVTU"),
        (PARTY, "report", None, "Số       -BC/BTGDVTU"),
    ],
    ids=lambda value: getattr(value, "layout", str(value)),
)
def test_the_line_of_the_number(office: Office, kind: Kind, number: int | None, written: str) -> None:
    assert number_line(office, kind, number) == written
    assert written.endswith(number_and_symbol(office, kind, number))


@pytest.mark.parametrize(
    ("office", "day", "year"),
    [
        (STATE, date(2026, 1, 1), 2026),
        (PARTY, date(2026, 12, 31), 2025),
        (PARTY, date(2030, 1, 1), 2025),
        (PARTY, date(2025, 10, 16), 2025),
        (PARTY, date(2025, 10, 15), 2020),
        (PARTY, date(2019, 1, 1), 2020),
    ],
    ids=lambda value: getattr(value, "layout", str(value)),
)
def test_whose_numbers_run(office: Office, day: date, year: int) -> None:
    assert numbering_year(office, day) == year


def test_the_party_s_layout_needs_a_term() -> None:
    with pytest.raises(ValueError, match="needs term_starts"):
        Office.model_validate(OFFICE["office"] | {"layout": "party"})
