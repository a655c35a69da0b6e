"""What an issue is called. Every headline is invented."""

import re
from datetime import timedelta
from importlib import resources

import pytest

from nlp.privacy import mask_text
from nlp.taxonomy import TOPICS
from pipeline.titles import title_for, title_of
from pipeline.titles.landmark import landmark
from store.models import Article, Issue, IssueArticle
from tests.office import at

WARD = "Phường Cầu Gỗ"


def article(title: str, lead: str = "", number: int = 1) -> Article:
    return Article(
        id=number,
        title=title,
        lead=lead,
        canonical_url=f"http://s.vn/{number}",
        published_at=at("2026-11-12 06:00") + timedelta(hours=number),
    )


@pytest.mark.parametrize(
    ("topic", "headline", "title"),
    [
        (
            "environment",
            "Dân kêu trời vì bãi rác tự phát bốc mùi kinh hoàng",
            "Bãi rác tự phát – phường Cầu Gỗ",
        ),
        (
            "water",
            "Khốn khổ vì mất nước cả tuần ở chung cư Bến Đò",
            "Mất nước, thiếu nước sinh hoạt tại chung cư Bến Đò – phường Cầu Gỗ",
        ),
        (
            "traffic",
            "Ám ảnh ổ gà, ổ voi trên đường Hàng Thử",
            "Mặt đường có ổ gà, ổ voi trên đường Hàng Thử – phường Cầu Gỗ",
        ),
        (
            "market",
            "Chợ Bến Thử xuống cấp, tiểu thương khóc ròng",
            "Chợ xuống cấp: chợ Bến Thử – phường Cầu Gỗ",
        ),
        (
            "traffic",
            "Ùn tắc triền miên trên quốc lộ 37",
            "Ùn tắc giao thông trên quốc lộ 37 – phường Cầu Gỗ",
        ),
        # The longer term says more, whatever stands first.
        (
            "labour",
            "Công nhân bị nợ lương, chủ bỏ trốn",
            "Nợ lương, chậm trả lương – phường Cầu Gỗ",
        ),
        # What is vague is said only where nothing else is.
        (
            "education",
            "Phụ huynh bức xúc vì 11 khoản thu ở nhà trường",
            "Các khoản thu đầu năm học – phường Cầu Gỗ",
        ),
        ("education", "Phụ huynh bức xúc", "Hoạt động của nhà trường – phường Cầu Gỗ"),
        # A headline tells of what can be seen even where the topic is another.
        ("administration", "Cả khu phố mất điện ba ngày", "Mất điện – phường Cầu Gỗ"),
        # A hospital is where somebody was brought to.
        ("traffic", "Tai nạn giao thông gần bệnh viện Hòa Thử", "Tai nạn giao thông – phường Cầu Gỗ"),
        ("health", "Bệnh viện Hòa Thử quá tải", "Bệnh viện quá tải: bệnh viện Hòa Thử – phường Cầu Gỗ"),
        # It says no more than the article: whose land it is, that nothing is allowed there.
        ("land", "Một gia đình kêu cứu vì bị chiếm đất", "Lấn chiếm đất – phường Cầu Gỗ"),
        ("land", "Hàng rào lấn chiếm đất công", "Lấn chiếm đất công – phường Cầu Gỗ"),
        ("traffic", "Phường nói gì về bãi xe", "Dừng, đỗ xe và bãi giữ xe – phường Cầu Gỗ"),
        (
            "traffic",
            "Bãi giữ xe trái phép mọc lên",
            "Dừng, đỗ xe và bãi giữ xe trái phép – phường Cầu Gỗ",
        ),
        # Nothing known: the headline, which is masked.
        ("culture", "Điều kỳ lạ ở phía cuối con dốc", "Điều kỳ lạ ở phía cuối con dốc"),
    ],
)
def test_titles(topic: str, headline: str, title: str) -> None:
    assert title_of([article(headline)], kind="concern", topic=topic, place=WARD) == title


def test_what_the_headline_leaves_out_the_lead_tells() -> None:
    told = article("Sống khổ nhiều tháng trời", "Cả xóm mất nước, phải mua từng can ở đường Hàng Thử.")
    made = title_of([told], kind="concern", topic="water", place="Xã Thử")
    assert made == "Mất nước, thiếu nước sinh hoạt trên đường Hàng Thử – xã Thử"


@pytest.mark.parametrize(("kind", "place"), [("commendation", WARD), ("concern", None)])
def test_without_a_place_or_for_praise_the_headline_stays(kind: str, place: str | None) -> None:
    told = article("Bãi rác tự phát thành vườn hoa")
    assert title_of([told], kind=kind, topic="environment", place=place) == told.title


def test_the_first_article_that_tells_what_gives_the_title_in_any_order() -> None:
    issue = Issue(kind="concern", topic="environment", place_name=WARD, edited=[])
    first, second = article("Không thể ngờ"), article("Bãi rác tự phát cạnh chợ Bến Thử", number=2)
    answer = article("Đã dọn bãi rác lộ thiên cạnh đường Hàng Thử", number=0)
    for one, role in ((answer, "answer"), (second, "followup"), (first, "report")):
        issue.articles.append(IssueArticle(article=one, role=role))
    assert title_for(issue) == "Bãi rác tự phát tại chợ Bến Thử – phường Cầu Gỗ"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Đường Hàng Thử ngập sâu", "đường Hàng Thử"),
        ("Ngập ở đường Bến Thử - Cầu Sắt", "đường Bến Thử - Cầu Sắt"),
        ("Mất nước ở khu đô thị Sao Thử, phường X", "khu đô thị Sao Thử"),
        ("Sạt lở ở thôn 3", "thôn 3"),
        ("Sạt lở bờ sông Hồng", "sông Hồng"),
        ("Rác trên sông Tô Lịch", "sông Tô Lịch"),
        ("Rác ở kênh Bến Thử", "kênh Bến Thử"),
        ("Tìm thấy dưới sông Nguyễn Văn Thử", None),  # a person, though it may be a river's name
        ("Tìm thấy ở suối Trần Thị Bịa", None),
        ("Hồ Văn Thử kể chuyện mất nước", None),  # a person
        ("Ngập ở TP Hồ Chí Minh", None),
        ("Ngập ở quận Cầu Giấy", None),
        ("Cháy ở chung cư 25 tầng", None),
        ("Đường phố Hà Nội thành sông", None),
        ("Ngập ở thành phố Huế", None),
        ("Yêu cầu Sở Xây dựng kiểm tra", None),
        ("NGẬP ĐƯỜNG HÀNG THỬ", None),
    ],
)
def test_landmarks(text: str, found: str | None) -> None:
    assert landmark(text, "water") == found


def _subjects() -> list[list[str]]:
    text = resources.files("pipeline.titles").joinpath("subjects.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def test_the_table_is_well_formed_neutral_and_names_nobody() -> None:
    for topic, words, terms in _subjects():
        assert topic in TOPICS
        assert words == mask_text(words)
        assert words.removeprefix("~")[0].isupper()
        assert not words.endswith(".")
        assert len(words) <= 60, words
        assert all(term.strip() for way in terms.split(";") for term in way.split("+")), words
    assert {topic for topic, _, _ in _subjects()} == set(TOPICS)


def test_only_a_term_that_accuses_makes_a_title_that_does() -> None:
    accuses = re.compile("trái phép|không phép|sai phép|chui|tặc|dỏm|vi phạm|vượt tầng|cấm")
    for _, words, terms in _subjects():
        if "trái phép" in words:
            assert [way for way in terms.split(";") if not accuses.search(way)] == [], words


@pytest.mark.parametrize(
    ("told", "title"),
    [
        # By another article, by another place that the same one names; else by its day.
        (
            [
                article("Bãi rác tự phát ở chợ Bến Thử"),
                article("Bãi rác tự phát trên đường Hàng Thử", number=2),
            ],
            "Bãi rác tự phát trên đường Hàng Thử – phường Cầu Gỗ",
        ),
        (
            [article("Bãi rác tự phát ở chợ Bến Thử", "Rác tràn ra đường Hàng Thử.")],
            "Bãi rác tự phát trên đường Hàng Thử – phường Cầu Gỗ",
        ),
        (
            [article("Bãi rác tự phát ở chợ Bến Thử")],
            "Bãi rác tự phát tại chợ Bến Thử – phường Cầu Gỗ (tin ngày 12/11/2026)",
        ),
    ],
    ids=["another article", "another place", "its day"],
)
def test_two_parts_are_told_apart(told: list[Article], title: str) -> None:
    taken = ["Bãi rác tự phát tại chợ Bến Thử – phường Cầu Gỗ"]
    assert title_of(told, kind="concern", topic="environment", place=WARD, unlike=taken) == title
