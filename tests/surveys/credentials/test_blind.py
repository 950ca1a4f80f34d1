"""Blind signatures against RFC 9474's own figures: ours, and what the page ships."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.credentials import (
    SALT_BYTES,
    BlindingRefused,
    SigningKey,
    VerifyingKey,
)
from tests.surveys.credentials.rfc9474 import (
    blinded,
    blinding,
    chances,
    published_key,
    raw,
    text,
    unblinding,
    vector,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]


@pytest.fixture(scope="module")
def published() -> SigningKey:
    return published_key()


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate()


def test_the_published_blinded_message_gets_the_published_signature(
    published: SigningKey,
) -> None:
    assert published.sign(vector()["blinded_msg"]) == vector()["blind_sig"]


def test_unblinding_it_gives_the_published_final_signature(
    published: SigningKey,
) -> None:
    """What the browser does with the answer, in one line of arithmetic."""
    n = published.private.public_key().public_numbers().n
    inverse = int.from_bytes(vector()["inv"], "big")
    blind = int.from_bytes(published.sign(vector()["blinded_msg"]), "big")
    assert blind * inverse % n == int.from_bytes(vector()["sig"], "big")


def test_the_published_signature_verifies_and_no_other_does(
    published: SigningKey,
) -> None:
    message, signature = vector()["prepared_msg"], vector()["sig"]
    assert published.verifying.verifies(message, signature)
    assert not published.verifying.verifies(message[:-1] + b"\0", signature)
    assert not published.verifying.verifies(message, signature[:-1] + b"\0")
    assert not published.verifying.verifies(message, b"")
    assert not SigningKey.generate(2048).verifying.verifies(message, signature)


def test_the_same_blinded_message_is_signed_the_same(key: SigningKey) -> None:
    """So that a request whose answer was lost can be repeated."""
    assert key.sign(b"\1" * 384) == key.sign(b"\1" * 384)


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_whatever_is_sent_is_signed_right_or_refused(sent: bytes) -> None:
    numbers = SMALL.private.public_key().public_numbers()
    valid = len(sent) == 256 and 0 < int.from_bytes(sent, "big") < numbers.n
    if not valid:
        with pytest.raises(BlindingRefused, match="256 bytes"):
            SMALL.sign(sent)
        return
    signed = int.from_bytes(SMALL.sign(sent), "big")
    assert pow(signed, numbers.e, numbers.n) == int.from_bytes(sent, "big")


SMALL = SigningKey.generate(2048)


@pytest.mark.parametrize("number", [0, "n"])
def test_numbers_outside_the_modulus_are_refused(
    key: SigningKey, number: int | str
) -> None:
    n = key.private.public_key().public_numbers().n
    value = n if number == "n" else 0
    with pytest.raises(BlindingRefused):
        key.sign(value.to_bytes(384, "big"))


def test_keys_survive_storage(key: SigningKey) -> None:
    again = SigningKey.from_der(key.to_der())
    assert again.sign(b"\1" * 384) == key.sign(b"\1" * 384)
    public = VerifyingKey.from_der(key.verifying.to_der())
    assert public.to_der() == again.verifying.to_der()


def test_a_key_of_another_kind_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(ValueError, match="no RSA key"):
        VerifyingKey.from_der(
            other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        )


def test_a_fault_lets_nothing_leave(key: SigningKey) -> None:
    """A wrong signature would give the key away (RFC 9474, section 4.3)."""
    faulty = SigningKey.from_der(key.to_der())
    object.__setattr__(faulty._numbers, "dp", faulty._numbers.dp + 2)
    with pytest.raises(ArithmeticError, match="did not verify"):
        faulty.sign(b"\1" * 384)


def test_the_browsers_code_meets_the_published_figures(published: SigningKey) -> None:
    """What the page ships, given what the appendix drew by chance: every byte the same."""
    with browser_side() as talk:
        assert talk(blinding(), chances()) == blinded()
        salt = bytes(SALT_BYTES)
        assert talk(blinding(), chances(salt))["blinded"] != blinded()["blinded"]
        signed = published.sign(vector()["blinded_msg"])
        assert talk(unblinding(signed)) == text(vector()["sig"])
        with pytest.raises(ValueError, match="invalid signature"):
            talk(unblinding(signed[:-1] + bytes([signed[-1] ^ 1])))


def test_the_browsers_code_and_we_understand_each_other(key: SigningKey) -> None:
    """Blinded and unblinded by what the page ships, signed by us."""
    public = {"key": text(key.verifying.to_der())}
    with browser_side() as talk:
        hidden = talk({"step": "blind", **public})
        again = talk({"step": "blind", **public})
        signed = {"signed": text(key.sign(raw(hidden.pop("blinded"))))}
        done = talk({"step": "unblind", **public, **hidden, **signed})
    assert len(raw(hidden["prepared"])) == 64
    assert key.verifying.verifies(raw(hidden["prepared"]), raw(done))
    assert again["prepared"] != hidden["prepared"]
    assert again["inverse"] != hidden["inverse"]


class browser_side:
    """Node with the worker of the page, spoken to in lines of JSON."""

    def __enter__(self) -> "browser_side":
        path = f"{ROOT / '.venv' / 'node' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self.node = subprocess.Popen(
            ["node", str(HERE / "browser_side.mjs")],
            cwd=ROOT,
            env={**os.environ, "PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __call__(self, task: dict[str, Any], chances: Sequence[str] = ()) -> Any:
        assert self.node.stdin
        assert self.node.stdout
        line = json.dumps({"task": task, "chances": list(chances)})
        self.node.stdin.write(line + "\n")
        self.node.stdin.flush()
        answer = json.loads(self.node.stdout.readline())
        if "problem" in answer:
            raise ValueError(answer["problem"])
        return answer["result"]

    def __exit__(self, *problem: object) -> None:
        assert self.node.stdin
        assert self.node.stdout
        self.node.stdin.close()
        self.node.wait(timeout=30)
        self.node.stdout.close()
