"""Bản tin as it was sent, and letters as files."""

from datetime import date
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

from pipeline.documents.mail import DOCX
from store.models import Digest
from store.queries import desk as queries
from web.desk import Desk
from web.headers import STORED_HTML
from web.linkless import without_answer_link
from web.paging import paging
from web.visits import Visit

ROWS = 50
"""days of a page"""


def digests(visit: Visit) -> Response:
    with visit.desk.store.read() as session:
        written = visit.request.query_params.get("trang", "")
        part = paging(written, queries.count_of_digests(session), ROWS)
        return visit.render("digests.html", digests=queries.digests(session, part.span), paging=part)


def digest(visit: Visit) -> Response:
    return visit.render("digest.html", digest=_digest(visit))


def digest_as_sent(visit: Visit) -> Response:
    return HTMLResponse(_digest(visit).html, headers=STORED_HTML)


def _digest(visit: Visit) -> Digest:
    try:
        day = date.fromisoformat(visit.request.path_params["day"])
    except ValueError as error:
        raise HTTPException(404) from error
    with visit.desk.store.read() as session:
        found = queries.digest(session, day)
        if found is None:
            raise HTTPException(404)
        session.expunge(found)
        return found


def letter(visit: Visit) -> Response:
    with visit.desk.store.read() as session:
        path = _letter(visit.desk, queries.letter_path(session, visit.id))
    headers = {"Content-Disposition": f'attachment; filename="phieu-chuyen-{visit.id}.docx"'}
    return Response(without_answer_link(path), media_type=DOCX, headers=headers)


def letter_file(desk: Desk, referral_id: int, stored: str | None) -> Response:
    """For the agency itself: the whole letter, its link included."""
    path = _letter(desk, stored)
    return FileResponse(path, media_type=DOCX, filename=f"phieu-chuyen-{referral_id}.docx")


def _letter(desk: Desk, stored: str | None) -> Path:
    """`stored`: as the referral has it; None: its letter is not written yet."""
    if stored is None:
        raise HTTPException(404)
    root = desk.settings.data_dir.resolve()
    path = (root / stored).resolve()
    # The path comes from the store; still, nothing but a letter below data_dir may leave by this door.
    if not path.is_relative_to(root) or path.suffix != ".docx" or not path.is_file():
        raise HTTPException(404)
    return path
