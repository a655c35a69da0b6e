"""Groups as articles arrive; every text is invented."""

import pytest

from nlp.similarity import similarity, vector
from pipeline.grouping import Grouper, Text

RUBBISH = (
    "Bãi rác sau chợ Bến Cá bốc mùi",
    "Người dân quanh chợ Bến Cá nhiều lần kiến nghị mà bãi rác vẫn chưa được dọn.",
)
STILL = (
    "Chợ Bến Cá vẫn chưa dọn bãi rác",
    "Một tuần sau kiến nghị của người dân, bãi rác ở chợ Bến Cá tiếp tục bốc mùi.",
)
SCHOOL = ("Phụ huynh trường Hoa Gạo phản đối quỹ lớp", "Khoản thu tự nguyện đầu năm lên tới hai triệu đồng.")


def text(key: str, words: tuple[str, str], **place: frozenset[str]) -> Text:
    return Text(key, vector(*words, None), **place)


def test_nothing_is_found_where_nothing_is_held() -> None:
    assert Grouper().find(text("a", RUBBISH)) is None


def test_the_nearest_group_is_joined_and_the_figure_is_the_mean_over_its_members() -> None:
    grouper = Grouper()
    grouper.add("school", text("a", SCHOOL))
    grouper.add("rubbish", text("b", RUBBISH))
    grouper.add("rubbish", text("c", SCHOOL))
    match = grouper.find(text("d", STILL))
    assert match is not None
    mean = sum(similarity(vector(*STILL, None), vector(*other, None)) for other in (RUBBISH, SCHOOL)) / 2
    assert (match.group.key, match.reprint_of) == ("rubbish", None)
    assert match.similarity == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize(
    ("there", "joined"),
    [
        (frozenset(), "there"),
        (frozenset({"00001"}), "there"),
        (frozenset({"00002"}), "here"),  # the nearest words, but of another commune
    ],
)
def test_the_nearest_group_that_place_allows_is_joined(there: frozenset[str], joined: str) -> None:
    grouper = Grouper()
    grouper.add("here", text("a", RUBBISH, communes=frozenset({"00001"})))
    grouper.add("there", text("b", STILL, communes=there))
    again = (
        "Bãi rác chợ Bến Cá vẫn chưa được dọn",
        "Bãi rác ở chợ tiếp tục bốc mùi, một tuần sau khi người dân kiến nghị.",
    )
    match = grouper.find(text("c", again, communes=frozenset({"00001"})))
    assert match is not None
    assert (match.group.key, match.reprint_of) == (joined, None)


def test_a_reprint_is_known_among_many_groups() -> None:
    grouper = Grouper()
    for number in range(1030):  # past the room that is taken at first
        grouper.add(f"{number}", text(f"{number}", SCHOOL))
    grouper.add("rubbish", text("first", RUBBISH))
    match = grouper.find(text("again", (RUBBISH[0].upper(), RUBBISH[1])))
    assert match is not None
    assert match.reprint_of is not None
    assert (match.group.key, match.reprint_of.key) == ("rubbish", "first")
