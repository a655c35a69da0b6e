"""Where new articles are placed among open groups and each other; every text is invented."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nlp.similarity import similarity, vector
from pipeline import grouping
from pipeline.grouping import Grouper, Placement, Text, group_all
from tests.office import at

RUBBISH = (
    "Bãi rác sau chợ Bến Cá bốc mùi",
    "Người dân quanh chợ Bến Cá nhiều lần kiến nghị mà bãi rác vẫn chưa được dọn.",
)
STILL = (
    "Chợ Bến Cá vẫn chưa dọn bãi rác",
    "Một tuần sau kiến nghị của người dân, bãi rác ở chợ Bến Cá tiếp tục bốc mùi.",
)
AGAIN = (
    "Bãi rác chợ Bến Cá vẫn chưa được dọn",
    "Bãi rác ở chợ tiếp tục bốc mùi, một tuần sau khi người dân kiến nghị.",
)
SCHOOL = ("Phụ huynh trường Hoa Gạo phản đối quỹ lớp", "Khoản thu tự nguyện đầu năm lên tới hai triệu đồng.")
HERE, NEXT = frozenset({"00001"}), frozenset({"00002"})
DAY = timedelta(days=1)


def text(key: str, words: tuple[str, str], **told: Any) -> Text:
    return Text(key, vector(*words, None), **told)


def holding(*put: tuple[str, Text], **options: Any) -> Grouper:
    grouper = Grouper(**options)
    grouper.add(put)
    return grouper


def place_one(grouper: Grouper, one: Text) -> Placement:
    (placement,) = grouper.place([one])
    return placement


def test_nothing_is_found_where_nothing_is_held() -> None:
    assert Grouper().place([]) == []
    assert place_one(Grouper(), text("a", RUBBISH)) == Placement(None, 0, 1.0, None)


def test_the_nearest_group_is_joined_and_the_figure_is_the_mean_over_its_members() -> None:
    grouper = holding(
        ("school", text("a", SCHOOL)), ("rubbish", text("b", RUBBISH)), ("rubbish", text("c", SCHOOL))
    )
    placement = place_one(grouper, text("d", STILL))
    mean = sum(similarity(vector(*STILL, None), vector(*other, None)) for other in (RUBBISH, SCHOOL)) / 2
    assert (placement.group, placement.reprint_of) == ("rubbish", None)
    assert placement.similarity == pytest.approx(mean, abs=1e-3)


@pytest.mark.parametrize(
    ("there", "joined"),
    [
        (frozenset(), "there"),
        (HERE, "there"),
        (NEXT, "here"),  # the nearest words, but of another commune
    ],
)
def test_the_nearest_group_that_place_allows_is_joined(there: frozenset[str], joined: str) -> None:
    grouper = holding(
        ("here", text("a", RUBBISH, communes=HERE)), ("there", text("b", STILL, communes=there))
    )
    assert place_one(grouper, text("c", AGAIN, communes=HERE)).group == joined


def test_a_reprint_is_known_among_many_groups_whatever_place_it_names() -> None:
    grouper = holding(*((f"{number}", text(f"{number}", SCHOOL)) for number in range(1030)))
    grouper.add([("rubbish", text("first", RUBBISH, communes=HERE))])
    again = text("again", (RUBBISH[0].upper(), RUBBISH[1]), communes=NEXT)
    placement = place_one(grouper, again)
    assert (placement.group, placement.reprint_of) == ("rubbish", "first")


def placed(grouper: Grouper, *texts: Text) -> list[tuple[object, int, object]]:
    return [(one.group, one.first, one.reprint_of) for one in grouper.place(texts)]


def test_new_ones_that_come_together_share_a_group_and_reprints_of_them_are_known() -> None:
    found = placed(Grouper(), text("a", RUBBISH), text("b", SCHOOL), text("c", STILL), text("d", RUBBISH))
    assert found == [(None, 0, None), (None, 1, None), (None, 0, None), (None, 0, "a")]


def test_new_ones_of_two_communes_stay_two() -> None:
    found = placed(Grouper(), text("a", RUBBISH, communes=HERE), text("b", STILL, communes=NEXT))
    assert [first for _, first, _ in found] == [0, 1]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_one_of_another_commune_does_not_follow_through_one_that_names_none(order: tuple[int, int]) -> None:
    """`b` names no place and would go with either: `c` must not come to `a` with it."""
    a, b, c = text("a", RUBBISH, communes=HERE), text("b", STILL), text("c", AGAIN, communes=NEXT)
    later = [b, c]
    placements = holding(("a", a)).place([later[number] for number in order])
    by_key = {later[number].key: placement.group for number, placement in zip(order, placements, strict=True)}
    assert by_key["c"] != "a"


def test_what_people_have_put_together_keeps_no_later_one_apart() -> None:
    both = HERE | NEXT
    grouper = holding(("a", text("a", RUBBISH, communes=both)))
    asked = text("b", STILL, communes=HERE), text("c", AGAIN, communes=NEXT)
    assert [group for group, _, _ in placed(grouper, *asked)].count("a") == 1
    grouper.together.add("a")
    assert [group for group, _, _ in placed(grouper, *asked)] == ["a", "a"]


@pytest.mark.parametrize(
    ("silent", "told", "joined"),
    [
        (20, {}, True),
        (22, {}, False),
        (60, {"communes": HERE}, False),  # the topic is not known
        (60, {"communes": HERE, "topic": "environment"}, True),
        (181, {"communes": HERE, "topic": "environment"}, False),
    ],
    ids=["within the window", "after it", "same place", "same place and topic", "far too late"],
)
def test_after_silence_place_and_topic_must_agree(silent: int, told: dict[str, Any], joined: bool) -> None:
    first = at("2026-01-01 07:00")
    grouper = holding(
        ("a", text("a", RUBBISH, published_at=first, **told)), window=21 * DAY, longest=180 * DAY
    )
    later = text("b", STILL, published_at=first + silent * DAY, **told)
    assert (place_one(grouper, later).group == "a") is joined


def test_where_place_and_topic_agree_less_suffices(monkeypatch: pytest.MonkeyPatch) -> None:
    near = similarity(vector(*STILL, None), vector(*RUBBISH, None))
    monkeypatch.setattr(grouping, "SAME_EVENT", near * 1.2)
    told = {"communes": HERE, "topic": "environment"}
    assert place_one(holding(("a", text("a", RUBBISH))), text("b", STILL)).group is None
    assert place_one(holding(("a", text("a", RUBBISH, **told))), text("b", STILL, **told)).group == "a"


def test_in_a_crowd_more_is_asked_for() -> None:
    """Six groups of one kind: what would be enough for one of them alone joins none of them."""
    crowd = [
        (f"{number}", text(f"{number}", (f"Chợ Bến Cá có {number} bãi rác bốc mùi", STILL[1])))
        for number in range(6)
    ]
    threshold = 0.9 * max(similarity(vector(*AGAIN, None), one.vector) for _, one in crowd)
    asked = text("asked", AGAIN)
    assert place_one(holding(crowd[0], threshold=threshold), asked).group is not None
    assert place_one(holding(*crowd, threshold=threshold), asked).group is None


@pytest.mark.parametrize("together", [1, 2, 100])
def test_groups_do_not_depend_on_how_many_are_placed_at_once(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "MOST_TOGETHER", together)
    texts = [text("a", RUBBISH), text("b", SCHOOL), text("c", STILL), text("d", SCHOOL)]
    assert list(group_all(texts)) == [("a", "a"), ("b", "b"), ("c", "a"), ("d", "b")]


def test_texts_without_a_date_are_near_in_time() -> None:
    dated: datetime = at("2026-01-01 07:00")
    grouper = holding(("a", text("a", RUBBISH, published_at=dated)), window=DAY)
    assert place_one(grouper, text("b", STILL)).group == "a"
