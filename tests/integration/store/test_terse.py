"""No error of the database tells a value: it may be words of a mail."""

import traceback

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store import Store

WORDS = "lời của người gửi"
NUMBER = (
    "INSERT INTO issued_number (series, year, number, key, given_at) VALUES (:words, 1, 1, :words, now())"
)
FAILING = {
    "taken already": f"WITH first AS ({NUMBER} RETURNING id) {NUMBER}",
    "a column without a value": "INSERT INTO stage_run (stage) VALUES (:words)",
    "no number": "SELECT CAST(CAST(:words AS text) AS integer)",
}


def test_an_error_of_postgresql_tells_no_value(postgres_store: Store) -> None:
    for why, statement in FAILING.items():
        with pytest.raises(DBAPIError) as failed, postgres_store.begin() as session:
            session.execute(text(statement), {"words": WORDS})
        error = failed.value
        assert WORDS not in "".join(traceback.format_exception(error)), why
        assert error.orig is not None
        assert error.orig.args[0] in str(error), "what went wrong is still said"
