"""A digest that two people can compare by voice: six pronounceable words.

Proquints (Wilkerson 2009): 16 bits are consonant-vowel-consonant-vowel-consonant, the
same for readers of every language. Six words hold the first 96 bits of a sha256.
"""

import hashlib

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
WORDS = 6


def fingerprint(content: bytes) -> str:
    """Six words of five letters for `content`, such as ``lusab-babad-gutih-...``."""
    head = hashlib.sha256(content).digest()[: 2 * WORDS]
    pairs = (head[i : i + 2] for i in range(0, len(head), 2))
    return "-".join(proquint(int.from_bytes(pair, "big")) for pair in pairs)


def proquint(number: int) -> str:
    """The word for a number of 16 bits."""
    return (
        _CONSONANTS[number >> 12 & 15]
        + _VOWELS[number >> 10 & 3]
        + _CONSONANTS[number >> 6 & 15]
        + _VOWELS[number >> 4 & 3]
        + _CONSONANTS[number & 15]
    )
