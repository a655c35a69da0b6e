from typing import Any

import pytest

from nlp.text import sentences
from pipeline.documents.quotation import MAX_CHARS, quotation, reasons
from store.models import Article, Finding

BODY = "Câu đầu tả cảnh. Ống nước vỡ hai tháng. Dân kêu nhiều lần mà chưa sửa. Câu cuối nói chuyện khác."


def article(body: str | None, evidence: list[dict[str, Any]], lead: str | None = None) -> Article:
    return Article(title="Tên bài", lead=lead, body=body, finding=Finding(evidence=evidence))


def mark(text: str, phrase: str, field: str = "body", ground: str = "dấu hiệu") -> dict[str, Any]:
    start = text.index(phrase)
    return {
        "field": field,
        "start": start,
        "end": start + len(phrase),
        "text": phrase,
        "why": f"{ground}: {phrase}",
    }


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (["chưa sửa"], "Dân kêu nhiều lần mà chưa sửa."),
        (["vỡ", "chưa sửa"], "Ống nước vỡ hai tháng. Dân kêu nhiều lần mà chưa sửa."),
        (
            ["Câu đầu", "vỡ", "hai tháng", "chưa sửa", "chuyện khác"],
            "Ống nước vỡ hai tháng. Dân kêu nhiều lần mà chưa sửa.",
        ),
        (["Câu đầu"], "Câu đầu tả cảnh."),
        (["chuyện khác"], "Câu cuối nói chuyện khác."),
    ],
)
def test_the_sentences_around_the_strongest_evidence(phrases: list[str], expected: str) -> None:
    assert quotation(article(BODY, [mark(BODY, phrase) for phrase in phrases])) == expected


def test_never_more_than_two_sentences() -> None:
    text = " ".join(f"Câu {number} kêu cứu." for number in range(30))
    evidence = [mark(text, f"Câu {number} kêu cứu") for number in range(30)]
    quoted = quotation(article(text, evidence))
    assert quoted is not None
    assert len(sentences(quoted)) == 2


def test_an_endless_sentence_is_cut_at_a_word() -> None:
    text = "Đường hỏng " + "rất lâu " * 200 + "vẫn thế."
    quoted = quotation(article(text, [mark(text, "Đường hỏng")]))
    assert quoted is not None
    assert len(quoted) <= MAX_CHARS + 1
    assert quoted.endswith(("lâu…", "rất…"))


@pytest.mark.parametrize(
    ("body", "lead", "expected"),
    [
        (None, "Sa-pô một. Sa-pô hai.", "Sa-pô một."),
        ("Thân bài một. Hai.", None, "Thân bài một."),
        (None, None, None),
        ("", "", None),
    ],
)
def test_without_evidence_in_the_text_the_opening_is_quoted(
    body: str | None, lead: str | None, expected: str | None
) -> None:
    title = mark("Tên bài", "Tên", field="title")
    assert quotation(article(body, [title], lead)) == expected


def test_the_lead_is_quoted_where_the_text_has_expired() -> None:
    lead = "Một câu. Nước đen tràn vào nhà."
    quoted = quotation(article(None, [mark(BODY, "vỡ"), mark(lead, "Nước đen", "lead")], lead))
    assert quoted == "Nước đen tràn vào nhà."


def test_a_written_cue_outweighs_two_learned_words() -> None:
    evidence = [
        mark(BODY, "đầu", ground="mô hình"),
        mark(BODY, "cảnh", ground="mô hình"),
        mark(BODY, "chuyện khác"),
    ]
    assert quotation(article(BODY, evidence)) == "Câu cuối nói chuyện khác."


def test_the_lead_is_quoted_where_it_says_as_much() -> None:
    lead = "Ống nước vỡ ở ngõ chợ."
    assert quotation(article(BODY, [mark(BODY, "vỡ"), mark(lead, "vỡ", "lead")], lead)) == lead
    more = [mark(BODY, "vỡ"), mark(BODY, "hai tháng"), mark(lead, "vỡ", "lead")]
    assert quotation(article(BODY, more, lead)) == "Ống nước vỡ hai tháng."


@pytest.mark.parametrize(
    ("marked", "told"),
    [
        ([("vỡ", "dấu hiệu"), ("vỡ", "dấu hiệu")], ("dấu hiệu: vỡ",)),
        (
            [("vỡ", "từ khóa"), ("chưa sửa", "dấu hiệu"), ("Ống nước", "từ khóa")],
            ("từ khóa: vỡ, Ống nước", "dấu hiệu: chưa sửa"),
        ),
        ([("vỡ", "dấu hiệu"), ("cảnh", "mô hình")], ("dấu hiệu: vỡ",)),
        ([("cảnh", "mô hình")], ("cách nói thường gặp ở tin phản ánh: cảnh",)),
        ([], ()),
    ],
)
def test_reasons_are_gathered_by_ground(marked: list[tuple[str, str]], told: tuple[str, ...]) -> None:
    evidence = [mark(BODY, phrase, ground=ground) for phrase, ground in marked]
    assert reasons(article(BODY, evidence)) == told


def test_without_a_finding_nothing_is_quoted_or_given_as_a_reason() -> None:
    bare = Article(title="Không có kết quả", body=BODY)
    assert quotation(bare) is None
    assert reasons(bare) == ()
