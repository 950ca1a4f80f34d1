"""Signing keys at rest: sealed with a key derived from the installation's secret."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class NotOurs(Exception):
    """Sealed with another secret, for another place, or damaged since."""


def seal(plain: bytes, *, secret: str, place: bytes) -> bytes:
    """Encrypt `plain` for `place` (a wave and cell), so that it opens nowhere else."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher(secret).encrypt(nonce, plain, place)


def unseal(sealed: bytes, *, secret: str, place: bytes) -> bytes:
    """Decrypt what `seal` made; NotOurs where secret, place or bytes differ."""
    try:
        return _cipher(secret).decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
    except (InvalidTag, ValueError) as problem:
        raise NotOurs from problem


def _cipher(secret: str) -> AESGCM:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"trustsurvey issuer keys")
    return AESGCM(derived.derive(secret.encode()))
