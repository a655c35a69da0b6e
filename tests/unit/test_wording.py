"""Words as they are looked for."""

import unicodedata

import pytest

from store.wording import GAP, MAX_LETTERS, MAX_WORDS, Term, as_typed, indexed, terms, words


@pytest.mark.parametrize(
    ("written", "plain", "exact"),
    [
        ("rác", "rac", "zracs"),
        ("RÁC", "rac", "zracs"),
        ("nhiễm", "nhiem", "znhieemx"),
        ("đường", "duong", "zdduwowngf"),
        ("Đ", "d", "zdd"),
        ("\u00d0iện", "dien", "zddieenj"),
        ("\u00f0iện", "dien", "zddieenj"),
        ("ba", "ba", "ba"),
        ("237", "237", "237"),
        ("2a", "2a", "2a"),
    ],
)
def test_a_word_without_its_marks_and_as_it_stands(written: str, plain: str, exact: str) -> None:
    assert [found.word for found in words(written)] == [(plain, exact)]


@pytest.mark.parametrize(("one", "other"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("quý", "qúy")])
def test_where_the_tone_is_set_makes_no_difference(one: str, other: str) -> None:
    assert terms(one) == terms(other) == terms(unicodedata.normalize("NFD", other))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", ()),
        ("  ?!… ", ()),
        ('"', ()),
        ('""', ()),
        ("bai rac", (("bai",), ("rac",))),
        ("bai  bai", (("bai",),)),
        ("bãi rac", (("zbaix",), ("rac",))),
        ('"bai rac" ngap', (("bai", "rac"), ("ngap",))),
        ("“bãi rac” ngập", (("zbaix", "rac"), ("zngaapj",))),
        ("bai* OR NEAR(rac, 2) -x:y'\\", (("bai",), ("or",), ("near",), ("rac",), ("2",), ("x",), ("y",))),
    ],
)
def test_what_a_question_asks_for(question: str, found: tuple[tuple[str, ...], ...]) -> None:
    assert terms(question) == found


def test_a_question_is_bounded() -> None:
    assert len(terms(" ".join(map(str, range(100))))) == MAX_WORDS
    assert terms(f'"{" ".join(map(str, range(100)))}" a')[0] == tuple(map(str, range(MAX_WORDS)))


def test_a_question_may_be_asked_without_its_marks() -> None:
    assert terms('bãi "rác ở"', marks=False) == (("rac", "o"), ("bai",))


def test_everything_that_may_be_asked_for_is_there() -> None:
    said = indexed(["Bãi rác", "khu 2"], ["bao-thu"]).split(f" {GAP} ")
    assert said == ["bai rac", "khu 2", "zbaix zracs", "zobaoxthu"]


def test_a_word_has_an_end() -> None:
    assert [len(found.word.plain) for found in words("x" * 5_000)] == [MAX_LETTERS]


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ('Ô "bãi  rác", Tràng', {("o",): "Ô", ("bai", "rac"): '"bãi  rác"', ("trang",): "Tràng"}),
        ("“rác” đường", {("rac",): "“rác”", ("duong",): "đường"}),
        ('?! ""', {}),
    ],
)
def test_it_is_known_what_was_typed_for_a_term(question: str, typed: dict[Term, str]) -> None:
    assert list(as_typed(question).items()) == list(typed.items())
    assert set(typed) == set(terms(question, marks=False))
