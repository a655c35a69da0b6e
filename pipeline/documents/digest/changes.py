"""What happened to an issue since the previous digest, in words."""

from collections.abc import Iterator

from pipeline.documents.digest.moment import Moment
from pipeline.formats import vn_number
from pipeline.names import OUTCOME_IN_WORDS
from store.models import Event, Issue, IssueArticle, Reply

ISSUE_EVENTS = {
    "confirmed": "đã xác nhận",
    "reopened": "mở lại",
    "edited": "đã sửa thông tin",
}
REFERRAL_EVENTS = {
    "sent": "đã gửi phiếu chuyển tới {agency}",
    "acknowledged": "{agency} đã tiếp nhận",
    "refused": "{agency} từ chối, cho là không thuộc thẩm quyền",
    "returned": "đã trả lại văn bản trả lời của {agency}",
}


def new_members(issue: Issue, moment: Moment) -> list[IssueArticle]:
    return [member for member in issue.articles if member.joined_at > moment.since]


def changes(issue: Issue, moment: Moment) -> tuple[str, ...]:
    """Empty where nothing did. A new issue's own detection is no change."""
    return tuple(dict.fromkeys([*_new_articles(issue, moment), *_events(issue, moment)]))


def _new_articles(issue: Issue, moment: Moment) -> Iterator[str]:
    if not moment.is_new(issue) and (joined := len(new_members(issue, moment))):
        yield f"thêm {vn_number(joined)} tin, bài"


def _events(issue: Issue, moment: Moment) -> Iterator[str]:
    agencies = {referral.id: referral.agency_name for referral in issue.referrals}
    for event in moment.events.get(issue.id, ()):
        words = _in_words(event)
        if words:
            yield words.format(agency=agencies.get(event.entity_id, ""))


def _in_words(event: Event) -> str | None:
    table = ISSUE_EVENTS if event.entity == "issue" else REFERRAL_EVENTS
    return table.get(event.action)


def was_answered(issue: Issue, moment: Moment) -> bool:
    """An agency answered, the press reported it handled, or it was closed."""
    return bool(_new_replies(issue, moment)) or _reported(issue, moment) or _closed(issue, moment)


def _new_replies(issue: Issue, moment: Moment) -> list[tuple[str, Reply]]:
    return [
        (referral.agency_name, reply)
        for referral in issue.referrals
        for reply in referral.replies
        if reply.recorded_at > moment.since
    ]


def _reported(issue: Issue, moment: Moment) -> bool:
    return any(member.role == "answer" for member in new_members(issue, moment))


def _closed(issue: Issue, moment: Moment) -> bool:
    return issue.state == "closed" and any(
        event.entity == "issue" and event.action == "closed" for event in moment.events.get(issue.id, ())
    )


def answer_note(issue: Issue, moment: Moment) -> str | None:
    """Who answered what, where the press reports it, how it was closed."""
    parts = [
        f"{agency} trả lời"
        + (f" tại văn bản {reply.document_number}" if reply.document_number else "")
        + f": “{_shortened(reply.text).rstrip('.')}”"
        for agency, reply in _new_replies(issue, moment)
    ]
    parts += [
        f"{member.article.outlet_name} đưa tin đã xử lý: “{member.article.title}”"
        for member in new_members(issue, moment)
        if member.role == "answer"
    ]
    if _closed(issue, moment) and issue.outcome:
        parts.append(f"Kết thúc: {OUTCOME_IN_WORDS[issue.outcome]}")
    return "; ".join(parts) or None


def _shortened(text: str, limit: int = 240) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
