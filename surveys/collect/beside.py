"""What comes beside the answers: pseudonym, duration, device. Never a reason to refuse."""

import base64
import binascii

from surveys.models.answers import Device, Duration

PSEUDONYM_BYTES = 32


def pseudonym(text: object) -> bytes | None:
    """The pseudonym that a device derived; None where it is none."""
    if not isinstance(text, str) or not text:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        found = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == PSEUDONYM_BYTES else None


def duration(text: str) -> int | None:
    """The band in which a browser says that answering took."""
    return int(text) if text in _known(Duration.values) else None


def device(text: str) -> int | None:
    return int(text) if text in _known(Device.values) else None


def _known(values: list[int]) -> set[str]:
    return {str(value) for value in values}
