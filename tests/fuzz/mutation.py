"""Mutations of whole inputs: what wires, editors, templates and cut-off connections do to them, and worse."""

import random
from collections.abc import Callable, Sequence

_ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1258", "latin-1", "utf-7")
ODD: tuple[bytes, ...] = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x1a", b"\x1f\x8b\x08", b"\x80",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [<!ENTITY a '&b;&b;'><!ENTITY b 'bbbbbbbbb'>]>", b"&a;",
    b"<?xml version='1.0' encoding='utf-16'?>", b"<meta charset=x-bad>", b"&#0;", b"&#xD800;", b"&#1114112;",
    b"&#99999999999999999999;", b"<script>", b"</script>", b"<style>", b"<svg><title>", b"<template>", b"<base href=//>",
    b"<a href='http://[::1'>", b"<a href='http://x:99999/'>", b"http://a:b@c/", b"//", b"javascript:", b"data:,", b"\\",
    b"</html>", b"</body>", b"<body>", b"<table><tr><td>", b"<plaintext>", b"<xmp>", b"<noscript>", b"{", b"[", b'"',
    b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"31/02/2026 25:61", b"2026-11-20T08:00:00+99:99",
    b"-1", b"1e999", b"NaN", b"99999999999999999999", b"null", b"true", b"\xe2\x80\xae", b"\xcc\x81" * 40, b" " * 400,
    b"<meta property='article:published_time' content='0001-01-01T00:00:00+14:00'>", b"<h1>", b"\r", b"\x0b",
    b'<script type="application/ld+json">{"@graph":[[[[', b"<div itemprop=articleBody>", b"<article class=comment>",
    b"<link rel=canonical href='http://[x]/'>", b"<time datetime=''>", b"<img srcset='a 1x, ,'>", b"<input type=hidden>",
)  # fmt: skip


def flip(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    for _ in range(chance.randint(1, 12)):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def garble(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    for _ in range(chance.randint(1, 12)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return data


def cut_off(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    return data[: chance.randrange(len(data) + 1)]


def begin_late(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    return data[chance.randrange(len(data) + 1) :]


def drop(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    begin, end = _span(data, chance)
    return data[:begin] + data[end:]


def double(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    begin, end = _span(data, chance)
    times = chance.choice((1, 2, 5, 40)) if end - begin < 300 else 1
    return data[:end] + data[begin:end] * times + data[end:]


def move(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    begin, end = _span(data, chance)
    piece, rest = data[begin:end], data[:begin] + data[end:]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + piece + rest[place:]


def splice(data: bytearray, chance: random.Random, pool: Sequence[bytes]) -> bytearray:
    """The begin of this and the end of another."""
    other = chance.choice(pool)
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def insert_odd(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data) + 1)
        data = data[:place] + chance.choice(ODD) + data[place:]
    return data


def replace_word(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    """An attribute's value, or what stands between two tags."""
    mark = chance.choice((b'"', b">"))
    begin = data.find(mark, chance.randrange(len(data) + 1)) + 1
    end = data.find(b'"' if mark == b'"' else b"<", begin)
    if begin <= 0 or end < 0:
        return data
    return data[:begin] + chance.choice(ODD) + data[end:]


def mangle_tags(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    """Tag soup: closing tags gone, opening ones doubled."""
    old, new = chance.choice(
        ((b"</", b"<"), (b"<", b"<<"), (b">", b""), (b"</", b"</x"), (b"=", b"= "), (b'"', b"'"))
    )
    return bytearray(bytes(data).replace(old, new, chance.randint(1, 30)))


def nest(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    depth = chance.choice((3, 30, 300, 3000))
    opening = chance.choice(
        (b"<div>", b"<ul><li>", b"<table><tr><td>", b"<b>", b"<item>", b"[", b'{"a":', b"<p><a href=x>")
    )
    place = chance.randrange(len(data) + 1)
    return data[:place] + opening * depth + data[place:]


def recode(data: bytearray, chance: random.Random, _pool: Sequence[bytes]) -> bytearray:
    text = bytes(data).decode(chance.choice(("utf-8", "cp1258", "latin-1")), "replace")
    return bytearray(text.encode(chance.choice(_ENCODINGS), "replace"))


Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], bytearray]
MUTATIONS: tuple[Mutation, ...] = (
    flip, garble, cut_off, begin_late, drop, double, move, splice, insert_odd, insert_odd, replace_word, replace_word,
    mangle_tags, nest, recode,
)  # fmt: skip
LONGEST = 60_000


def mutated(pool: Sequence[bytes], seed: int) -> bytes:
    """The input of this seed: one of the pool, changed in one to six ways."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(pool))
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        data = chance.choice(MUTATIONS)(data, chance, pool)[:LONGEST]
    return bytes(data)


def _span(data: bytearray, chance: random.Random) -> tuple[int, int]:
    begin = chance.randrange(len(data) + 1)
    return begin, min(len(data), begin + chance.choice((1, 8, 60, 400, 3000)))
