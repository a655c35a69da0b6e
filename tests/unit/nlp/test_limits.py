"""A megabyte of anything is answered at once, and importing a module loads no model."""

import subprocess
import sys
import unicodedata
from collections.abc import Callable
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.places import find_places
from nlp.privacy import mask
from nlp.settings import NlpSettings
from nlp.similarity import vector
from nlp.tagger import Item, Tagger
from nlp.text import fold, normalise, sentences, words

pytestmark = pytest.mark.no_cover  # they measure time

MEGABYTE = 1_000_000
GENEROUS_SECONDS = 6.0
"""Of processor time. Measured at about one or less each; an endless search of a pattern takes far more."""

TEXTS = [
    "a" * MEGABYTE,
    "0" * MEGABYTE,
    "ông A B C, " * 90_000,
    "xã Hòa An, " * 90_000,
    "<p>ngập</p>\n" * 80_000,
]
PIECES = [
    "ông ", "Bà ", "Trần ", "Nguyễn Văn Tèo", "0912345678", " ", ", ", ".", "số ", "12/3", "CCCD ", "a@",
    "@", "-", "29A-1", " (45 tuổi)", "đường ", "\n", "N.", "H'", "TK ", "1 ", "xã ", "P.", "Q.", "Hòa ",
    "Tân ", "(", "huyện ", "tỉnh ", "A", "ngõ ", "và ", "\u0301", "\u200b", "\U0001f600", "TP", "sông ",
    "(cũ) ", "thuộc ", "fb.com/",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=["letters", "digits", "names", "places", "tags"])
@pytest.mark.parametrize(
    "read",
    [normalise, fold, sentences, words, find_places, mask, lambda text: vector(text, text, text)],
    ids=["normalise", "fold", "sentences", "words", "places", "mask", "vector"],
)
def test_a_megabyte(read: Callable[[str], object], text: str) -> None:
    start = process_time()
    read(text)
    assert process_time() - start < GENEROUS_SECONDS


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join))
@settings(max_examples=4, deadline=None)
@example("0 ")
@example("A.")
@example("Q.-")
@example("tài khoản a ")
def test_a_megabyte_of_one_thing_again_and_again(piece: str) -> None:
    text = (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]
    start = process_time()
    mask(text)
    find_places(text)
    assert process_time() - start < GENEROUS_SECONDS


ODD_TEXTS = {
    "letters": TEXTS[0],
    "names": TEXTS[2],
    "places": TEXTS[3],
    "HTML left over": TEXTS[4],
    "decomposed letters": unicodedata.normalize("NFD", "người dân phản ánh ngập nước ") * 40_000,
    "zero-width spaces": "ng\u200bập " * 150_000,
    "emoji": "😡🔥" * 500_000,
}


@pytest.mark.parametrize("name", ODD_TEXTS)
def test_a_megabyte_is_tagged_within_a_second(name: str) -> None:
    text = ODD_TEXTS[name]
    tagger = Tagger(NlpSettings())
    # What is loaded once, the segmenter and the encoder, is no cost of a text.
    tagger.tag(Item("1", "Chợ tiền tỉ bỏ không, dân kêu cứu", "Tiểu thương tràn ra lòng đường."))
    for item in (Item("1", text, text, text), Item("1", text, None, text), Item("1", "Dân kêu", None, text)):
        start = process_time()
        tagger.tag(item)
        assert process_time() - start < 1.0


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys, nlp.text, nlp.tagger, nlp.privacy, nlp.similarity, nlp.places;"
        "heavy = {'underthesea', 'sklearn', 'scipy', 'torch', 'numpy'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
