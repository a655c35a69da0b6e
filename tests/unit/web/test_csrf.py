"""A form's token in a page: never the same letters, and nothing but what was given out is taken."""

import base64
import secrets

import pytest

from web import csrf

TOKEN = "ma-bia-de-kiem-thu_0123456789"


def test_no_two_pages_show_the_same_and_all_of_them_are_taken() -> None:
    pages = [csrf.masked(TOKEN) for _ in range(20)]
    assert len(set(pages)) == 20
    assert len({page[:8] for page in pages}) == len({page[-8:] for page in pages}) == 20
    assert all(csrf.is_of(TOKEN, page) for page in pages)
    assert not any(csrf.is_of(secrets.token_urlsafe(len(TOKEN)), page) for page in pages)


@pytest.mark.parametrize("token", ["a", "mật khẩu", "x" * 100])
def test_any_token_comes_back(token: str) -> None:
    assert csrf.is_of(token, csrf.masked(token))


def bare(own: bytes) -> str:
    return base64.urlsafe_b64encode(own).decode()


SHOWN = csrf.masked(TOKEN)
ODD: dict[str, object] = {
    "none": None,
    "number": 7,
    "empty": "",
    "the token itself": TOKEN,
    "the token unmasked": bare(TOKEN.encode()),
    "cut": SHOWN[:-4],
    "cut within four letters": SHOWN[:-1],
    "halved": SHOWN[: len(SHOWN) // 2],
    "one letter other": ("A" if SHOWN[0] != "A" else "B") + SHOWN[1:],
    "longer": SHOWN + "AAAA",
    "doubled": SHOWN + SHOWN,
    "with a line's end": SHOWN + "\n",
    "odd bytes": bare(b"x" * (2 * len(TOKEN) + 1)),
    "of nothing but noughts": bare(bytes(2 * len(TOKEN))),
    "no letters of ours": "ă" * len(SHOWN),
    "half a sign": "\ud800" + SHOWN[1:],
}


@pytest.mark.parametrize("sent", ODD.values(), ids=list(ODD))
def test_what_is_forged_cut_or_odd_is_refused(sent: object) -> None:
    assert not csrf.is_of(TOKEN, sent)
