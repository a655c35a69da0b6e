"""What agencies have sent by themselves: taken, set aside, granted, declined; and the files with it."""

from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from pipeline.answering.attachments import path_of
from pipeline.states import NotAllowed
from store.models import Attachment
from web.forms import day, text
from web.visits import Visit


def take_reply(visit: Visit) -> None:
    visit.desk.review.take_reply(visit.id, visit.user.actor)


def set_reply_aside(visit: Visit) -> None:
    visit.desk.review.set_reply_aside(visit.id, visit.user.actor, text(visit.form, "why"))


def extend(visit: Visit) -> date:
    until = day(visit.form, "until", "Gia hạn đến")
    if until is None:
        raise NotAllowed("Hãy ghi ngày gia hạn đến.")
    visit.desk.review.extend(visit.id, until, visit.user.actor, text(visit.form, "why"))
    return until


def grant_time(visit: Visit) -> date:
    return visit.desk.review.grant_time(visit.id, visit.user.actor, day(visit.form, "until", "Gia hạn đến"))


def decline_time(visit: Visit) -> None:
    visit.desk.review.decline_time(visit.id, visit.user.actor, text(visit.form, "why"))


def replace_link(visit: Visit) -> None:
    visit.desk.review.replace_link(visit.id, visit.user.actor, text(visit.form, "why"))


def attachment(visit: Visit) -> Response:
    """Always a download, never shown or run by the browser, whatever is in it."""
    with visit.desk.store.read() as session:
        found = session.get(Attachment, visit.id)
        if found is None or found.expired_at is not None:
            raise HTTPException(404)
        path, name = path_of(visit.desk.settings.data_dir, found.sha256), found.name
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(
        path,
        media_type="application/octet-stream",
        filename=name,
        content_disposition_type="attachment",
        headers={"Content-Security-Policy": "sandbox; default-src 'none'"},
    )
