"""Codes of invitations: derived, never stored; the database holds their digests.

A link code proves to the issuer who is asking; a printed code is drawn by hand and is
itself the right to answer. Both come from the installation's secret, so that preparing a
wave twice gives the same codes.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from uuid import UUID

# Crockford's alphabet: no letter that is read as a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_PRINTED_LETTERS = 16


def link_codes(secret: str, wave: UUID, cell: UUID, number: int) -> Iterator[str]:
    """Yield `number` codes of 128 bits, 22 characters of base64url each."""
    for drawn in _derived(secret, b"link", wave, cell, number):
        yield base64.urlsafe_b64encode(drawn[:16]).decode().rstrip("=")


def printed_codes(secret: str, wave: UUID, cell: UUID, number: int) -> Iterator[str]:
    """Yield `number` codes of 80 bits to be typed, in four groups of four letters."""
    for drawn in _derived(secret, b"printed", wave, cell, number):
        value = int.from_bytes(drawn[:10], "big")
        letters = [_ALPHABET[value >> 5 * i & 31] for i in range(_PRINTED_LETTERS)]
        groups = ["".join(letters[i : i + 4]) for i in range(0, _PRINTED_LETTERS, 4)]
        yield "-".join(groups)


def code_digest(code: str) -> bytes:
    """Sha256 under which the database knows a link code."""
    return hashlib.sha256(code.encode()).digest()


def printed_digest(typed: str) -> bytes:
    """Sha256 of a printed code as somebody typed it: case, O, I and L forgiven."""
    return hashlib.sha256(printed_secret(typed)).digest()


def printed_secret(typed: str) -> bytes:
    """A printed code as it was meant, which is stored nowhere."""
    return typed.strip().upper().translate(_READ_AS).encode()


def _derived(
    secret: str, kind: bytes, wave: UUID, cell: UUID, number: int
) -> Iterator[bytes]:
    key = hashlib.sha256(b"trustsurvey invitation codes" + secret.encode()).digest()
    for index in range(number):
        content = kind + wave.bytes + cell.bytes + index.to_bytes(4, "big")
        yield hmac.new(key, content, hashlib.sha256).digest()
