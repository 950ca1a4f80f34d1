"""The figures of RFC 9474, appendix A.1, and what a browser must be given to meet them."""

import base64
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa

from surveys.credentials import SigningKey

FILE = Path(__file__).resolve().parent / "rfc9474_appendix_a1.json"


def vector() -> dict[str, bytes]:
    figures = json.loads(FILE.read_text())
    return {n: bytes.fromhex(v) for n, v in figures.items() if n != "source"}


def number(name: str) -> int:
    return int.from_bytes(vector()[name], "big")


def published_key() -> SigningKey:
    """The key of the appendix."""
    p, q, e, d = (number(name) for name in "pqed")
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(e, p * q),
    )
    return SigningKey(numbers.private_key())


def chances(salt: bytes | None = None) -> list[str]:
    """What the appendix drew by chance, in the order in which the browser draws it.

    Message, prefix and salt are published; r is the inverse of the published `inv`.
    """
    figures = vector()
    r = pow(number("inv"), -1, number("p") * number("q"))
    drawn = (
        figures["msg"],
        figures["msg_prefix"],
        salt or figures["salt"],
        r.to_bytes(len(figures["inv"]), "big"),
    )
    return [text(one) for one in drawn]


def blinding() -> dict[str, str]:
    """The task for the browser's worker: blind a message."""
    return {"step": "blind", "key": text(published_key().verifying.to_der())}


def blinded() -> dict[str, str]:
    """What the worker must answer, all bytes."""
    names = {"prepared": "prepared_msg", "blinded": "blinded_msg", "inverse": "inv"}
    return {ours: text(vector()[theirs]) for ours, theirs in names.items()}


def unblinding(signed: bytes | None = None) -> dict[str, Any]:
    """The task: take the blinding off the published signature, or off `signed`."""
    figures = vector()
    return {
        **blinding(),
        "step": "unblind",
        "prepared": text(figures["prepared_msg"]),
        "inverse": text(figures["inv"]),
        "signed": text(signed or figures["blind_sig"]),
    }


def text(raw: bytes) -> str:
    """base64url without padding, as browser and worker write bytes."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))
