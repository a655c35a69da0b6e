"""Every item here is invented; kinds and degrees as the labelling guide defines them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.settings import NlpSettings
from nlp.tagger import POSSIBLE_FROM, Finding, Item, Tagger
from nlp.taxonomy import TOPICS, load_taxonomy

DAY = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(NlpSettings())


CONCERNS = [
    ("Người dân kêu cứu vì bãi rác tự phát",
     "Bãi rác tự phát bốc mùi hôi thối, nhiều lần phản ánh chưa được giải quyết.", "environment"),
    ("Đường ngập sâu sau mưa lớn, dân bì bõm",
     "Nhiều tuyến đường ngập nặng, nước tràn vào nhà, xe chết máy hàng loạt.", "water"),
    ("Sạt lở đất vùi lấp 3 căn nhà, 5 người mất tích",
     "Mưa lũ gây sạt lở, nhiều bản bị cô lập, phải sơ tán khẩn cấp.", "disaster"),
    ("Tỉnh lộ chi chít ổ gà, người dân bức xúc",
     "Mặt đường hư hỏng nặng, nhiều người té ngã, đi lại khó khăn nhiều năm nay.", "traffic"),
    ("40 học sinh nhập viện nghi ngộ độc sau bữa ăn bán trú",
     "Các em đau bụng, nôn ói, đang được cấp cứu tại bệnh viện.", "health"),
]  # fmt: skip
OTHERS = [
    ("Đội tuyển thắng 3-0 ở bán kết World Cup", "Tiền đạo lập cú đúp, HLV hài lòng với các cầu thủ."),
    ("Vịnh biển thành điểm nóng du lịch mùa hè", "Khách sạn cháy phòng, du khách thích thú với bãi tắm đẹp."),
    (
        "Cháy rừng lan rộng ở Mỹ, hàng nghìn người sơ tán",
        "Thống đốc bang California ban bố tình trạng khẩn cấp.",
    ),
    ("Sập nhà bốn tầng ở Brazil, 9 người thiệt mạng", "Nhiều người mất tích, cư dân phải sơ tán khẩn cấp."),
    ("Ca sĩ ra mắt album mới", "Nữ ca sĩ kể về ca khúc chủ đề và dàn nghệ sĩ khách mời."),
    ("Khuyến mãi lớn, giảm giá căn hộ mở bán đợt cuối", "Ưu đãi đến 10% cho khách đặt mua trong tuần."),
]
ITEMS = [Item("c", t, s, published=DAY) for t, s, _ in CONCERNS] + [
    Item("n", t, s, published=DAY) for t, s in OTHERS
]


@pytest.mark.parametrize(("title", "summary", "topic"), CONCERNS)
def test_concerns_and_their_topics(tagger: Tagger, title: str, summary: str, topic: str) -> None:
    finding = tagger.tag(Item("1", title, summary, published=DAY))
    assert (finding.kind, finding.topic) == ("concern", topic)
    assert finding.score >= 0.5
    assert finding.evidence


@pytest.mark.parametrize(("title", "summary"), OTHERS)
def test_what_is_no_concern(tagger: Tagger, title: str, summary: str) -> None:
    finding = tagger.tag(Item("1", title, summary, published=DAY))
    assert (finding.kind, finding.urgency) == ("none", 0)
    assert finding.evidence == []


def test_what_may_be_a_concern_after_all_tells_its_topic() -> None:
    careful = Tagger(NlpSettings(threshold=1.0))
    finding = careful.tag(Item("1", "Voi rừng về phá rẫy, dân bản mất ăn mất ngủ", "Hoa màu bị giẫm nát."))
    assert POSSIBLE_FROM < finding.score < 1
    assert (finding.kind, finding.urgency) == ("none", 0)
    assert finding.topic is not None


def test_an_answer_names_the_body_it_comes_from(tagger: Tagger) -> None:
    finding = tagger.tag(
        Item(
            "1",
            "Phạt đơn vị cung cấp suất ăn khiến 60 công nhân ngộ độc",
            "Thanh tra Sở Y tế đã xử phạt cơ sở 150 triệu đồng và buộc khắc phục.",
            published=DAY,
        )
    )
    assert finding.kind == "answer"
    named = [e for e in finding.evidence if e.why.startswith("cơ quan trả lời")]
    assert [e.text for e in named] == ["Thanh tra Sở Y tế"]


@pytest.mark.parametrize(
    ("title",
     "summary", "kind"),
    [
        ("Thông xe trở lại quốc lộ sau sự cố sụt lún",
         "Đơn vị quản lý đã khắc phục xong, giao thông trở lại bình thường.", "answer"),
        ("Xử phạt cơ sở xả thải gây ô nhiễm 200 triệu đồng",
         "UBND tỉnh ra quyết định xử phạt, buộc cơ sở khắc phục hậu quả.", "answer"),
        ("Khen thưởng hai thanh niên dũng cảm cứu người đuối nước",
         "Chủ tịch xã trao giấy khen cho hành động dũng cảm.", "commendation"),
    ],
)  # fmt: skip
def test_answers_and_commendations(tagger: Tagger, title: str, summary: str, kind: str) -> None:
    finding = tagger.tag(Item("1", title, summary, published=DAY))
    assert finding.kind == kind
    assert finding.urgency == 0
    assert finding.evidence


def test_danger_to_life_is_more_urgent_than_a_nuisance(tagger: Tagger) -> None:
    grave = tagger.tag(
        Item("1", "Sạt lở vùi lấp nhà dân, 4 người tử vong", "Nhiều người mất tích, hàng trăm hộ bị cô lập.")
    )
    mild = tagger.tag(
        Item("2", "Loa kẹo kéo gây ồn, người dân phản ánh", "Tiếng ồn kéo dài mỗi tối ở khu dân cư.")
    )
    assert grave.urgency == 4
    assert mild.urgency <= 2


def _check_evidence(finding: Finding, item: Item) -> None:
    for evidence in finding.evidence:
        given_text = {"title": item.title, "summary": item.summary, "body": item.body}[evidence.field]
        assert given_text is not None
        assert given_text[evidence.start : evidence.end] == evidence.text
        assert evidence.text
        assert evidence.why


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.title[:20])
def test_evidence_points_at_its_text(tagger: Tagger, item: Item) -> None:
    _check_evidence(tagger.tag(item), item)


def test_evidence_says_why_in_vietnamese(tagger: Tagger) -> None:
    whys = [e.why for e in tagger.tag(ITEMS[0]).evidence]
    assert any(
        why.startswith("từ khóa chủ đề Môi trường") and why.endswith(": bãi rác tự phát") for why in whys
    )
    assert not any(why.endswith(": bãi rác") for why in whys), "a term inside a longer one is not told again"
    assert len(whys) == len(set(whys))


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        (
            "Kè sông ở phường Ba Đình nứt toác, 40 hộ dân vẫn chưa được di dời",
            "Nhiều đoạn kè đã đổ sập, đến nay người dân vẫn nơm nớp lo mỗi đêm mưa lớn.",
        ),
        (
            "Hố sụt giữa đường khiến ba người đi xe máy bị ngã",
            "Mặt đường bong tróc nhiều tháng nay chưa ai sửa.",
        ),
    ],
)
def test_the_models_evidence_is_whole_words_that_tell(tagger: Tagger, title: str, summary: str) -> None:
    learned = [
        e.why.removeprefix("mô hình: ")
        for e in tagger.tag(Item("1", title, summary, published=DAY)).evidence
        if e.why.startswith("mô hình")
    ]
    assert 1 <= len(learned) <= 3
    assert all(len(phrase.split()) >= 2 for phrase in learned)
    syllables = {syllable for phrase in learned for syllable in phrase.split()}
    assert not syllables & {"chưa", "vẫn", "khiến", "nhiều", "40", "ba", "đình", "đến", "nay"}


def test_few_words_are_shown_and_none_twice(tagger: Tagger) -> None:
    summary = "Bãi rác, rác thải, ô nhiễm, mùi hôi thối, nước thải, khói bụi, cá chết, xả trộm, bức xúc."
    evidence = tagger.tag(Item("1", "Bãi rác tự phát gây ô nhiễm", summary, published=DAY)).evidence
    assert 1 <= len(evidence) <= 5
    assert len({e.text.lower() for e in evidence}) == len(evidence)


def test_cues_move_the_score_whatever_the_model_says(tmp_path: Path) -> None:
    """Cues are of the office's own list; one that the model has never seen weighs too."""
    shipped = load_taxonomy().model_dump()
    item = Item("1", "Xyzq ở phường nọ", "Bà con blorp rồi.", published=DAY)

    further = Item("1", item.title, "Chuyện ở phường nọ.", "Bà con blorp rồi.", DAY)

    def score(name: str, item: Item = item, **lists: list[str]) -> float:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(shipped | lists), encoding="utf-8")
        return Tagger(NlpSettings(taxonomy=path)).tag(item).score

    plain = score("plain")
    assert score("frame", concern_frames=["blorp"]) > plain
    assert score("answer", answer_cues=["blorp"]) < plain
    assert score("body", further, concern_frames=["blorp"]) > score("plain body", further)


def test_a_term_in_the_title_weighs_for_its_topic(tagger: Tagger) -> None:
    item = Item("1", "Cột điện nghiêng, dây điện sà xuống đường", "Học sinh và phụ huynh phải đi vòng.")
    assert tagger.tag(item).topics[0].topic == "power"


def test_places_and_the_line_of_the_filter(tagger: Tagger) -> None:
    item = Item(
        "1", "Ngập nặng ở phường Ba Đình, Hà Nội", "Người dân bức xúc vì nước tràn vào nhà.", published=DAY
    )
    line = tagger.tag(item).to_dict()
    assert set(line) == {"kind", "score", "topic", "topics", "urgency", "places", "evidence", "restricted"}
    assert line["places"] == [
        {
            "code": "00004",
            "province_code": "01",
            "name": "Phường Ba Đình",
            "level": "commune",
            "as_written": "phường Ba Đình",
        }
    ]
    assert set(line["evidence"][0]) == {"field", "start", "end", "text", "why"}
    assert line["topics"][0]["topic"] == line["topic"]
    assert all(entry["topic"] in TOPICS for entry in line["topics"])


def test_the_body_names_the_place_where_the_head_does_not(tagger: Tagger) -> None:
    item = Item("1", "Bãi rác ùn ứ", "Người dân bức xúc.", "Bãi rác ở phường Ba Đình, Hà Nội bốc mùi.", DAY)
    assert [place.code for place in tagger.tag(item).places] == ["00004"]


def test_the_outlets_area_decides_between_names(tagger: Tagger) -> None:
    item = Item("1", "Dân xã Hòa An kêu mất điện", published=DAY, outlet_area="Cao Bằng")
    assert [place.code for place in tagger.tag(item).places] == ["01654"]


@pytest.mark.parametrize(
    "text",
    [
        "giáo dân và linh mục",
        "đồng bào dân tộc thiểu số",
        "thế lực thù địch",
        "biểu tình phản đối",
        "tụ tập đông người",
        "Các hộ dựng lều phản đối",
        "Người dân chặn xe vào bãi",
        "Nhà chùa và các hộ chưa thống nhất",
        "Ngôi chùa có tranh chấp với các hộ",
    ],
)
def test_sensitive_matters_wait_and_weigh_nothing(tagger: Tagger, text: str) -> None:
    plain = tagger.tag(
        Item("1", "Bãi rác tự phát bốc mùi hôi thối", "Người dân nhiều lần phản ánh. ", published=DAY)
    )
    touched = tagger.tag(
        Item("1", "Bãi rác tự phát bốc mùi hôi thối", f"Người dân nhiều lần phản ánh. {text}", published=DAY)
    )
    assert (plain.restricted, touched.restricted) == (False, True)
    assert touched.urgency <= plain.urgency
    assert not any(text in e.why for e in touched.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "Nước lũ bao vây người dân, các hộ dựng lều ở tạm.",
        "Cảnh sát chặn xe quá tải.",
        "Ngập sâu ở ngõ Chùa Liên, tranh cãi với chủ đầu tư chưa dứt vì cống nhỏ, nước tràn vào nhà.",
    ],
)
def test_what_only_sounds_sensitive(tagger: Tagger, text: str) -> None:
    assert not tagger.tag(Item("1", "Đường ngập sâu, dân bì bõm", text, published=DAY)).restricted


def test_a_sensitive_body_waits_too(tagger: Tagger) -> None:
    head = ("Bãi rác tự phát bốc mùi", "Người dân nhiều lần phản ánh.")
    assert tagger.tag(Item("1", *head, "Nhiều người tụ tập phản đối.", DAY)).restricted
    assert not tagger.tag(Item("1", *head, "Nơi này có đồng bào dân tộc sinh sống.", DAY)).restricted


def test_the_same_item_gives_the_same_finding(tagger: Tagger) -> None:
    again = Tagger(NlpSettings())
    assert again.version == tagger.version
    assert [again.tag(i).to_dict() for i in ITEMS] == [tagger.tag(i).to_dict() for i in ITEMS]


def test_the_threshold_is_the_offices(tagger: Tagger) -> None:
    item = ITEMS[0]
    score = tagger.tag(item).score
    assert Tagger(NlpSettings(threshold=min(score + 0.001, 1.0))).tag(item).kind != "concern" or score == 1.0


@pytest.mark.parametrize(
    ("concern", "answer", "commendation", "kind"),
    [
        (0.30, 0.20, 0.05, "concern"),  # missing one costs more than reading three that are none
        (0.30, 0.45, 0.05, "answer"),  # whatever is likelier handled than open is handled
        (0.30, 0.05, 0.45, "commendation"),
        (0.20, 0.05, 0.05, "none"),
        (0.20, 0.30, 0.05, "answer"),
    ],
)
def test_a_likely_concern_is_flagged_unless_it_is_likelier_handled(
    monkeypatch: pytest.MonkeyPatch, concern: float, answer: float, commendation: float, kind: str
) -> None:
    none = 1 - concern - answer - commendation
    kinds = {"concern": concern, "answer": answer, "commendation": commendation, "none": none}
    monkeypatch.setattr(Tagger, "_read_twice", lambda *_: kinds)
    assert Tagger(NlpSettings(threshold=0.25)).tag(ITEMS[0]).kind == kind


@pytest.mark.parametrize("title", ["Zyx qwv", "Ấy", "7"])
def test_a_flagged_item_always_shows_something(monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    monkeypatch.setattr(Tagger, "_kind", lambda *_: "concern")
    assert Tagger(NlpSettings()).tag(Item("1", title)).evidence


_TEXT = st.text(max_size=200) | st.sampled_from(["", " ", "\ud800", "\u0301", "…", "A" * 2000, "ngập " * 300])


@given(title=_TEXT, summary=st.none() | _TEXT, body=st.none() | _TEXT)
@settings(max_examples=80, deadline=None)
def test_any_text_is_tagged(tagger: Tagger, title: str, summary: str | None, body: str | None) -> None:
    item = Item("1", title, summary, body)
    finding = tagger.tag(item)
    assert finding.kind in {"concern", "answer", "commendation", "none"}
    assert 0 <= finding.score <= 1
    assert (finding.urgency > 0) == (finding.kind == "concern")
    _check_evidence(finding, item)
