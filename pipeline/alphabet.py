"""The order of Vietnamese names: letters first, tones only where these are the same."""

import unicodedata

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"
"""grave, hook, tilde, acute, dot: as dictionaries order them, after no tone at all"""


def in_alphabet(name: str) -> tuple[list[int], list[int]]:
    """To sort by."""
    letters, tones = [], []
    for one in unicodedata.normalize("NFC", name.casefold()):
        marks = unicodedata.normalize("NFD", one)
        tone = next((mark for mark in marks if mark in TONES), "")
        letter = unicodedata.normalize("NFC", marks.replace(tone, "") if tone else marks)
        letters.append(LETTERS.index(letter) + 1 if letter in LETTERS else 0)
        tones.append(TONES.index(tone) + 1 if tone else 0)
    return letters, tones
