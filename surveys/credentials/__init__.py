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
from surveys.credentials.codes import (
    code_digest,
    link_codes,
    printed_codes,
    printed_digest,
    printed_secret,
)
from surveys.credentials.fingerprint import fingerprint
from surveys.credentials.sealing import NotOurs, seal, unseal

__all__ = [
    "BITS",
    "SALT_BYTES",
    "BlindingRefused",
    "NotOurs",
    "SigningKey",
    "VerifyingKey",
    "code_digest",
    "fingerprint",
    "link_codes",
    "printed_codes",
    "printed_digest",
    "printed_secret",
    "seal",
    "unseal",
]
