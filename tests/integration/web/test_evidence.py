"""Evidence marked in a text."""

from typing import Any

import pytest

from store.models import Article, Finding, Issue
from web.evidence import Piece, headline, marked, own_headline, passage

TEXT = "Rác tồn nhiều ngày, dân nhiều lần kiến nghị."


def span(text: str, why: str = "vì", field: str = "body", within: str = TEXT) -> dict[str, Any]:
    start = within.find(text)
    return {"field": field, "start": start, "end": start + len(text), "text": text, "why": why}


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], [(TEXT, "")]),
        ([span("Rác")], [("Rác", "vì"), (TEXT[3:], "")]),
        (
            [span("kiến nghị", "b"), span("Rác", "a")],
            [("Rác", "a"), (TEXT[3:34], ""), ("kiến nghị", "b"), (".", "")],
        ),
        (
            [span("nhiều lần", "a"), span("lần kiến nghị", "b")],
            [(TEXT[:24], ""), (TEXT[24:43], "a; b"), (".", "")],
        ),
        ([span("nhiều lần", "a"), span("lần", "a")], [(TEXT[:24], ""), (TEXT[24:33], "a"), (TEXT[33:], "")]),
        ([span("Rác", field="title")], [(TEXT, "")]),
        ([span("Rác") | {"text": "khác"}], [(TEXT, "")]),
        ([span("Rác") | {"end": 999}], [(TEXT, "")]),
        ([{"field": "body", "start": 3, "end": 3, "text": "", "why": "vì"}], [(TEXT, "")]),
    ],
)
def test_marked(evidence: list[dict[str, Any]], expected: list[tuple[str, str]]) -> None:
    pieces = marked(TEXT, evidence, "body")
    assert pieces == [Piece(*piece) for piece in expected]
    assert "".join(piece.text for piece in pieces) == TEXT


def article(body: str | None, evidence: list[dict[str, Any]]) -> Article:
    finding = Finding(evidence=evidence)
    return Article(title="Tiêu đề", lead="Tóm tắt", body=body, finding=finding)


def test_a_passage_is_cut_at_words_around_the_evidence() -> None:
    body = f"{'trước ' * 50}{TEXT} {'sau ' * 50}"
    pieces = passage(article(body, [span("nhiều lần kiến nghị", within=body)]), around=30)
    assert [piece.text for piece in pieces if piece.why] == ["nhiều lần kiến nghị"]
    line = "".join(piece.text for piece in pieces)
    assert line.startswith("… ")
    assert line.endswith(" …")
    words = set(line.split()) - {"…"}
    assert words <= set(body.split())
    assert len(line) < 90


def test_a_passage_without_spaces_still_holds_the_evidence() -> None:
    body = "x" * 300 + "kêu" + "y" * 300
    assert Piece("kêu", "vì") in passage(article(body, [span("kêu", within=body)]))


def test_a_passage_is_where_most_of_the_evidence_stands() -> None:
    body = f"Một chỗ kêu đơn lẻ. {'xa ' * 100} {TEXT}"
    evidence = [span(words, within=body) for words in ("đơn lẻ", "Rác tồn", "nhiều ngày", "kiến nghị")]
    marks = [piece.text for piece in passage(article(body, evidence)) if piece.why]
    assert marks == ["Rác tồn", "nhiều ngày", "kiến nghị"]


@pytest.mark.parametrize("evidence", [[], [span("Tiêu", field="title", within="Tiêu đề")]])
@pytest.mark.parametrize("body", [None, "Không có dấu hiệu."])
def test_without_evidence_in_the_text_the_lead_stands_in(
    body: str | None, evidence: list[dict[str, Any]]
) -> None:
    assert passage(article(body, evidence)) == [Piece("Tóm tắt")]


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Tiêu đề", [Piece("Tiêu", "vì"), Piece(" đề")]), ("Tên khác", [Piece("Tên khác")])],
)
def test_evidence_is_marked_in_an_issues_title_where_it_is_the_articles(
    title: str, expected: list[Piece]
) -> None:
    speaking = article(None, [span("Tiêu", field="title", within="Tiêu đề")])
    assert headline(Issue(title=title), speaking) == expected
    assert headline(Issue(title=title), None) == [Piece(title)]


@pytest.mark.parametrize(("title", "told"), [("Rác tồn đọng – phường Thử", TEXT), (TEXT, "")])
def test_the_headline_stands_beside_the_issues_own_title(title: str, told: str) -> None:
    source = Article(title=TEXT, finding=Finding(evidence=[span("Rác", field="title")]))
    pieces = own_headline(Issue(title=title), source)
    assert "".join(piece.text for piece in pieces) == told
    assert [piece.text for piece in pieces if piece.why] == (["Rác"] if told else [])
