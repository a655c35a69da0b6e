"""What the model reads of a text, and its file."""

import pytest

from nlp.features import Spot, features, read_field, weighted
from nlp.model import dump, load_model, parse
from nlp.scorer import Scorer
from nlp.taxonomy import TermFinder, load_taxonomy

FINDER = TermFinder(load_taxonomy())
DUMP = read_field("title", "Người dân phản ánh bãi rác bốc mùi hôi thối", 100, FINDER)


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
    vector = weighted(features([DUMP]).names(), model.idf)
    assert sum(value * value for value in vector.values()) == pytest.approx(1.0)
    assert weighted(["khôngcótrongtừđiển"], model.idf) == {}


def test_every_feature_is_a_stretch_of_the_text_but_where_it_happens() -> None:
    found = features([DUMP], ["commune"])
    assert set(found.names()) == found.spots.keys()
    spots = {name: spot for name, spot in found.spots.items() if spot is not None}
    assert found.spots.keys() - spots.keys() == {"@place:commune"}
    assert spots["rác bốc"] == spots["t:rác bốc"] == Spot(DUMP, 5, 7)


def test_scores_are_the_sum_of_the_weights() -> None:
    model = parse(
        "#version\t1\n#group\tkind\tconcern none\t50 0\n#group\ttopic\tland water\t0 -25\n"
        "rác\t100\t0:300 1:-100\t1:50\nmùi\t200\t1:100\n"
    )
    scorer = Scorer(model)
    scores = scorer.scores({"rác": 0.5, "mùi": 0.25})
    assert scores == [0.5 + 3 * 0.5, -1 * 0.5 + 1 * 0.25, 0.0, -0.25 + 0.5 * 0.5]
    assert scorer.scores({}) == [0.5, 0.0, 0.0, -0.25]
    assert scorer.probabilities("topic", scores) == {"land": 0.5, "water": 0.5}
    assert scorer.push("kind", "rác", "concern") == 4.0
    assert scorer.push("topic", "mùi", "water") == 0.0


def test_probabilities_add_up_to_one() -> None:
    model = load_model()
    scorer = Scorer(model)
    scores = scorer.scores(weighted(features([DUMP]).names(), model.idf))
    for group in model.groups:
        assert sum(scorer.probabilities(group, scores).values()) == pytest.approx(1.0)


def test_the_file_says_what_the_model_is() -> None:
    model = load_model()
    assert parse(dump(model)) == model
    assert model.groups["kind"] == ("concern", "answer", "commendation", "none")
