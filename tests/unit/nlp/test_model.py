"""What the model reads of a text, and its file."""

import pytest

from nlp.features import features, read_field, weighted
from nlp.model import dump, load_model, parse
from nlp.taxonomy import TermFinder, load_taxonomy

FINDER = TermFinder(load_taxonomy())


def test_runs_end_at_punctuation_and_titles_count_apart() -> None:
    spots = features([read_field("title", "Rác ùn ứ, dân khổ 25 ngày", 100, FINDER)], ["commune"]).spots
    assert {"rác", "rác ùn", "rác ùn ứ", "t:rác", "khổ 0", "@place:commune"} <= spots.keys()
    assert not {"ứ dân", "25"} & spots.keys()


def test_restricted_phrases_are_not_read() -> None:
    spots = features([read_field("title", "Dân biểu tình vì rác", 100, FINDER)]).spots
    assert not [name for name in spots if "biểu" in name or "tình" in name or "restricted" in name]
    assert "vì rác" in spots


def test_vectors_have_length_one() -> None:
    model = load_model()
    spots = features([read_field("title", "Người dân phản ánh bãi rác bốc mùi hôi thối", 100, FINDER)]).spots
    vector = weighted(spots, model.idf)
    assert sum(value * value for value in vector.values()) == pytest.approx(1.0)
    assert weighted({"khôngcótrongtừđiển": None}, model.idf) == {}
    assert sum(model.probabilities("topic", vector).values()) == pytest.approx(1.0)


def test_the_file_says_what_the_model_is() -> None:
    model = load_model()
    assert parse(dump(model)) == model
    assert model.groups["kind"] == ("concern", "answer", "commendation", "none")
