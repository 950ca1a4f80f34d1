"""The right to answer once, which nobody can trace: blind signatures (RFC 9474).

PURE: no Django, no tables, no clock. The browser's half is surveys/client/credential.ts.
"""

from surveys.credentials.blind import (
    BITS,
    SALT_BYTES,
    BlindingRefused,
    SigningKey,
    VerifyingKey,
)

__all__ = ["BITS", "SALT_BYTES", "BlindingRefused", "SigningKey", "VerifyingKey"]
