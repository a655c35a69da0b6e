"""Of what kind a trouble is, by which officials are told of it."""

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, ResponseDataLossError

from crawler.fetching.guard import NotAWebAddress
from crawler.trouble_kinds import TroubleKind
from crawler.troubles import BadCertificate, CannotConnect, HostDown, RobotsForbid, of_error, of_status

STATUSES: dict[int, TroubleKind] = {
    401: "forbidden",
    403: "forbidden",
    451: "forbidden",
    404: "gone",
    410: "gone",
    429: "overloaded",
    503: "overloaded",
    500: "server",
    599: "server",
    418: "status",
    204: "status",
}


@pytest.mark.parametrize("status", STATUSES)
def test_the_kind_of_an_answer(status: int) -> None:
    assert of_status(status).kind == STATUSES[status]


def down() -> HostDown:
    error = HostDown()
    error.__cause__ = BadCertificate("expired")
    return error


ERRORS: dict[TroubleKind, Exception] = {
    "name": CannotResolveHostError(),
    "connection": CannotConnect("no route"),
    "timeout": DownloadTimeoutError(),
    "broken": ResponseDataLossError(),
    "robots": RobotsForbid(),
    "address": NotAWebAddress("it is none"),
    "certificate": down(),
    "own": ZeroDivisionError(),
}


@pytest.mark.parametrize("kind", ERRORS)
def test_the_kind_of_an_error(kind: TroubleKind) -> None:
    assert of_error(ERRORS[kind]).kind == kind
