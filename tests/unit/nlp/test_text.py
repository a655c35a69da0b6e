"""Every sentence here is invented."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.text import Joined, Kept, fold, next_line, normalise, segments, sentences, tokens, words


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("hoà bình", "hòa bình"),
        ("Hoà Khánh", "Hòa Khánh"),
        ("THUỶ LỢI", "THỦY LỢI"),
        ("khoẻ", "khỏe"),
        ("quý", "quý"),
        ("toàn quốc", "toàn quốc"),
        ("huỳnh", "huỳnh"),
        ("  hai \t\n dòng ", "hai dòng"),
        ("ngập\u200b úng", "ngập úng"),
        (unicodedata.normalize("NFD", "đường ngập"), "đường ngập"),
        ("\u00d0iện, \u00f0iện", "Điện, điện"),
    ],
)
def test_one_spelling(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đống Đa", "dong da"),
        ("\u00d0ống \u00f0a", "dong da"),
        ("Hoà Khánh", "hoa khanh"),
        ("Ý Yên", "y yen"),
        ("ƯƠNG", "uong"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_normal_text_is_normal(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert fold(fold(text)) == fold(text)


def test_sentences_keep_their_offsets_and_abbreviations() -> None:
    text = "Dân TP. Sông Hàn kêu ngập. Bao giờ hết?\nChưa ai trả lời…  "
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "Dân TP. Sông Hàn kêu ngập.",
        "Bao giờ hết?",
        "Chưa ai trả lời…",
    ]


def test_words_are_segmented() -> None:
    assert "hôi thối" in words("Hồ nước bốc mùi hôi thối.")
    assert words(" \n") == []
    assert words("\ud800") == []


def test_words_as_tokens() -> None:
    text = "Hồ nước bốc mùi hôi thối."
    found = tokens(text)
    spans = segments(text, found)
    assert [found[n] for first, last in spans for n in range(first, last)] == found
    assert (4, 6) in spans


def test_tokens_point_at_the_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "Bãi rác, hoà lẫn nước")
    found = tokens(text)
    assert [t.norm for t in found] == ["bãi", "rác", "hòa", "lẫn", "nước"]
    assert [text[t.start : t.end] for t in found] == [t.written for t in found]
    assert [t.broken for t in found] == [False, False, True, False, False]


LETTERS = st.text(st.sampled_from("aẠđ1_. \n,\u0301\u200b(-–\"'") | st.characters(), max_size=30)


@given(LETTERS, LETTERS)
@settings(max_examples=150, deadline=None)
def test_two_texts_read_apart_are_read_as_two_lines(first: str, second: str) -> None:
    assert next_line(tokens(first), first, tokens(second)) == tokens(first + "\n" + second)


def test_what_is_kept_of_syllables_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.text.MOST_KEPT", 3)
    kept = Kept(str.upper)
    assert [kept[letter] for letter in "abcab"] == ["A", "B", "C", "A", "B"]
    assert kept["d"] == "D"
    assert len(kept) <= 3


@given(st.text(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_text_is_read(text: str) -> None:
    joined = Joined(text)
    assert all(text[t.start : t.end] == t.written for t in joined.tokens)
    for span in sentences(text):
        assert text[span.start : span.end].strip() == text[span.start : span.end]
    words(text)
    spans = segments(text, joined.tokens)
    assert [n for first, last in spans for n in range(first, last)] == list(range(len(joined.tokens)))
