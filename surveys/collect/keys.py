"""Keys of open links: each stands for one answer, and only the landing page makes them.

A key is random and signed, and says nothing else: no time, no person. What posts without
ever having seen the page holds none. Nothing is stored about keys, so nobody is counted.
"""

from uuid import UUID, uuid4

from django.utils.crypto import constant_time_compare, salted_hmac

LENGTH = 22  # digits of the signature, 88 bits: nobody guesses one over the network
SALT = "surveys.collect.keys"


def fresh(wave_id: UUID) -> str:
    """A key for one answer to this wave, as it stands in the address."""
    return signed(wave_id, uuid4())


def signed(wave_id: UUID, key: UUID) -> str:
    return f"{key}.{_signature(wave_id, key)}"


def read(wave_id: UUID, text: str) -> UUID | None:
    """The random part of a key that was made here; None for anything else."""
    random, _, signature = text.partition(".")
    try:
        key = UUID(random)
    except ValueError:
        return None
    ours = constant_time_compare(signature, _signature(wave_id, key))
    return key if ours and str(key) == random else None


def _signature(wave_id: UUID, key: UUID) -> str:
    digest = salted_hmac(SALT, f"{wave_id} {key}", algorithm="sha256").hexdigest()
    return digest[:LENGTH]
