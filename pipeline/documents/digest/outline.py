"""The order of the lists and the words of a line: the same in mail, text and DOCX."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.documents.digest.content import DigestContent, Line, MailboxTrouble, Mention
from pipeline.formats import vn_datetime, vn_number

SHOWN_MENTIONS = 15
"""What lies outside the office's work must not bury what lies inside; the JSON has all."""
AGENCY_LABELS = {
    "referred": "Cơ quan",
    "drafted": "Cơ quan",
    "proposed": "Cơ quan dự kiến",
    "problem": "Chưa rõ cơ quan",
}


@dataclass(frozen=True)
class Part:
    """One list; `heading` is the topic where lists stand by topic."""

    key: str
    name: str
    groups: tuple[tuple[str | None, tuple[Line, ...]], ...]

    @property
    def count(self) -> int:
        return sum(len(lines) for _, lines in self.groups)


def parts(content: DigestContent) -> list[Part]:
    """Every list in the order of reading, empty ones too."""
    return [
        _part("urgent", "Việc khẩn", content.urgent),
        Part("topics", "Theo lĩnh vực", tuple((topic.name, topic.lines) for topic in content.topics)),
        _part("developing", "Đang diễn biến", content.developing),
        _part("answered", "Đã có trả lời hoặc báo đưa tin đã xử lý", content.answered),
        _part("overdue", "Quá hạn trả lời", content.overdue),
        _part("due_soon", "Sắp đến hạn", content.due_soon),
        _part("good_examples", "Gương tốt", content.good_examples),
        _part("waiting", "Chờ người xem", content.waiting.lines),
    ]


def _part(key: str, name: str, lines: tuple[Line, ...]) -> Part:
    return Part(key, name, ((None, lines),) if lines else ())


def facts(line: Line) -> Iterator[tuple[str, str]]:
    """What a line says, as label and words."""
    yield "Địa bàn", line.place
    if line.agency is not None:
        yield "Mức độ", f"{line.urgency_in_words} ({line.urgency}/4)"
        yield AGENCY_LABELS[line.agency.routed], line.agency.text
    if line.deadline is not None:
        yield "Thời hạn", line.deadline.text
    # What brought the issue into its state is not said twice.
    changes = [change for change in line.changes if not line.state_in_words.startswith(change)]
    yield "Tình trạng", "; ".join([line.state_in_words, *changes])
    if line.growth:
        yield "Diễn biến", line.growth
    if line.projects:
        yield "Cùng địa bàn với dự án", "; ".join(line.projects)
    if line.note:
        yield "Kết quả", line.note
    if line.reasons:
        yield "Vì sao nêu", "; ".join(line.reasons)


def coverage(line: Line) -> str:
    """How widely it is told: articles and outlets apart, reprints named."""
    words = f"{vn_number(line.articles)} tin, bài của {vn_number(line.outlets)} cơ quan báo chí"
    return f"{words}, trong đó {vn_number(line.reprints)} bài đăng lại" if line.reprints else words


def period(content: DigestContent) -> str:
    origin = "từ bản tin trước" if content.since_previous else "24 giờ qua"
    return f"Từ {vn_datetime(content.since)} đến {vn_datetime(content.made_at)} ({origin})"


def read_in_words(content: DigestContent) -> str:
    """Articles and outlets, apart."""
    counts = content.counts
    return (
        f"Đã đọc {vn_number(counts.articles)} tin, bài mới của {vn_number(counts.outlets)} cơ quan báo chí; "
        f"trong đó {vn_number(counts.concern_articles)} tin, bài của {vn_number(counts.concern_outlets)} "
        "cơ quan nêu vấn đề."
    )


def issue_counts(content: DigestContent) -> list[tuple[int, str]]:
    """Issues, as the lists show them; the desk counts the letters of which an issue may have several."""
    counts = content.counts
    return [
        (counts.new_issues, "vấn đề mới"),
        (counts.changed_issues, "vấn đề có thay đổi"),
        (counts.urgent, "vấn đề khẩn"),
        (counts.overdue, "vấn đề quá hạn"),
        (counts.due_soon, "vấn đề sắp đến hạn"),
    ]


def health_in_words(content: DigestContent) -> str:
    health = content.health
    sources = (
        f"Nguồn tin: theo dõi {vn_number(health.configured)} nguồn, đọc được {vn_number(health.read)}, "
        f"lỗi {vn_number(health.failed)}."
    )
    return " ".join([sources, *(_unread(mailbox) for mailbox in health.mailboxes)])


def _unread(trouble: MailboxTrouble) -> str:
    read = trouble.last_read
    last = f"lần đọc được gần nhất {vn_datetime(read)}" if read else "chưa lần nào đọc được"
    return (
        f"Không đọc được hộp thư {trouble.mailbox} từ {vn_datetime(trouble.failing_since)} ({last}): trả lời "
        "gửi qua thư có thể chưa được thấy."
    )


def summary(content: DigestContent) -> list[str]:
    issues = "; ".join(f"{vn_number(count)} {name}" for count, name in issue_counts(content))
    return [read_in_words(content), f"{issues}.", health_in_words(content)]


def waiting_words(content: DigestContent) -> str | None:
    """What waits for a person, in numbers; None where nothing does."""
    waiting = content.waiting
    numbers = [
        (waiting.unconfirmed, "vấn đề chờ xác nhận"),
        (waiting.routing_problems, "vấn đề vướng nơi chuyển"),
        (waiting.contested, "vấn đề các cơ quan chưa thống nhất thẩm quyền, cần ban chỉ đạo quyết định"),
        (waiting.without_referral, "vấn đề đã xác nhận nhưng chưa có phiếu chuyển"),
        (waiting.drafted_referrals, "phiếu chuyển chờ duyệt"),
        (waiting.unjudged_replies, "văn bản trả lời chờ đánh giá"),
        (waiting.proposed_replies, "thư có thể là trả lời chờ xem"),
        (waiting.time_requests, "đề nghị gia hạn chờ quyết định"),
        (waiting.late_claims, "thông tin cần trả lời công khai đã quá ngày đề nghị"),
        (len(waiting.restricted), "vấn đề nhạy cảm chờ người xem (không trích dẫn)"),
    ]
    return "; ".join(f"{vn_number(number)} {what}" for number, what in numbers if number) or None


@dataclass(frozen=True)
class Shortlist:
    """Articles that are named but not treated; the first few, and how many more there are."""

    name: str
    shown: tuple[Mention, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


def shortlists(content: DigestContent) -> list[Shortlist]:
    """Lists with something in them."""
    named = (
        ("Báo đưa tin đã xử lý (ngoài các vấn đề đang theo dõi)", content.handled),
        ("Ở địa phương khác (để biết)", content.elsewhere),
    )
    return [Shortlist(name, all_[:SHOWN_MENTIONS], len(all_)) for name, all_ in named if all_]


def empty_names(content: DigestContent) -> str | None:
    """Lists with nothing in them, named so that silence is not taken for an omission."""
    names = [part.name.lower() for part in parts(content) if not part.count and part.key != "waiting"]
    return ", ".join(names) or None
