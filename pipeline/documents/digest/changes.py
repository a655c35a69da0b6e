"""What happened to an issue since the previous digest, in words."""

from collections.abc import Iterator

from pipeline.documents.digest.moment import Moment
from pipeline.formats import vn_number
from store.models import Issue, IssueArticle, Reply

EVENTS = {
    ("issue", "confirmed"): "đã xác nhận",
    ("issue", "reopened"): "mở lại",
    ("issue", "closed"): "đã kết thúc",
    ("referral", "sent"): "đã gửi phiếu chuyển tới",
    ("referral", "acknowledged"): "đã tiếp nhận:",
    ("referral", "answered"): "đã trả lời:",
    ("referral", "extended"): "đã gia hạn cho",
    ("referral", "time_asked"): "đề nghị gia hạn:",
    ("referral", "refused"): "từ chối, cho là không thuộc thẩm quyền:",
    ("referral", "returned"): "đã trả lại văn bản trả lời của",
}


def new_members(issue: Issue, moment: Moment) -> list[IssueArticle]:
    return [member for member in issue.articles if member.joined_at > moment.since]


def changes(issue: Issue, moment: Moment) -> tuple[str, ...]:
    """Empty where nothing did, and for a new issue: all of it is new."""
    if moment.is_new(issue):
        return ()
    return (*_new_articles(issue, moment), *_events(issue, moment))


def _new_articles(issue: Issue, moment: Moment) -> Iterator[str]:
    if joined := len(new_members(issue, moment)):
        yield f"thêm {vn_number(joined)} tin, bài"


def _events(issue: Issue, moment: Moment) -> Iterator[str]:
    """What happened, each thing once with the agencies it concerns."""
    agencies = {referral.id: referral.agency_name for referral in issue.referrals}
    told: dict[str, list[str]] = {}
    for event in moment.events.get(issue.id, ()):
        if words := EVENTS.get((event.entity, event.action)):
            named = told.setdefault(words, [])
            named += [agencies[event.entity_id]] if event.entity == "referral" else []
    for words, named in told.items():
        yield " ".join([words, ", ".join(dict.fromkeys(named))]).strip()


def was_answered(issue: Issue, moment: Moment) -> bool:
    """An agency gave an answer that was not returned, the press reported it handled, or it was closed."""
    return bool(_new_replies(issue, moment)) or _reported(issue, moment) or _closed(issue, moment)


def _new_replies(issue: Issue, moment: Moment) -> list[tuple[str, Reply]]:
    return [
        (referral.agency_name, reply)
        for referral in issue.referrals
        for reply in referral.replies
        if reply.recorded_at > moment.since and reply.judgement != "returned"
    ]


def _reported(issue: Issue, moment: Moment) -> bool:
    return any(member.role == "answer" for member in new_members(issue, moment))


def _closed(issue: Issue, moment: Moment) -> bool:
    return issue.state == "closed" and any(
        event.entity == "issue" and event.action == "closed" for event in moment.events.get(issue.id, ())
    )


def answer_note(issue: Issue, moment: Moment) -> str | None:
    """Who answered what, and where the press reports it; of a restricted issue only who, not what."""
    parts = [
        f"{agency} trả lời"
        + (f" tại văn bản {reply.document_number}" if reply.document_number else "")
        + ("" if issue.restricted else f": “{_shortened(reply.text).rstrip('.')}”")
        for agency, reply in _new_replies(issue, moment)
    ]
    parts += [
        f"{member.article.outlet_name} đưa tin đã xử lý: “{member.article.title}”"
        for member in new_members(issue, moment)
        if member.role == "answer"
    ]
    return "; ".join(parts) or None


def _shortened(text: str, limit: int = 240) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
