"""Blind RSA signatures: RSABSSA-SHA384-PSS-Randomized of RFC 9474.

The issuer signs a number that tells it nothing; the browser turns the result into an
ordinary RSA-PSS signature over a message the issuer never saw. Keys come from
`cryptography`, powers in constant time from GMP.
"""

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BITS = 3072
SALT_BYTES = 48  # as long as the hash: RFC 9474, section 5
_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=SALT_BYTES)


class BlindingRefused(ValueError):
    """The blinded message is no number below the modulus, or has another length."""


@dataclass(frozen=True)
class VerifyingKey:
    """The public half, known to browser and collector."""

    public: rsa.RSAPublicKey

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Read a SubjectPublicKeyInfo.

        Raises
        ------
        ValueError
            It is none, or not of an RSA key.
        """
        public = serialization.load_der_public_key(der)
        if not isinstance(public, rsa.RSAPublicKey):
            raise ValueError("This is no RSA key.")
        return cls(public)

    def to_der(self) -> bytes:
        """SubjectPublicKeyInfo, which WebCrypto imports as ``spki``."""
        return self.public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether `signature` (RSA-PSS, SHA-384) is one over `message`.

        `message` is the prepared one: 32 random bytes before the token.
        """
        try:
            self.public.verify(signature, message, _PSS, hashes.SHA384())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """The private half, held by the issuer until the wave is closed."""

    private: rsa.RSAPrivateKey

    @classmethod
    def generate(cls, bits: int = BITS) -> Self:
        """Make a key; about 0.2 s at 3072 bits."""
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=bits))

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Read a PKCS #8 key that is not encrypted; ValueError where it is none."""
        private = serialization.load_der_private_key(der, None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise ValueError("This is no RSA key.")
        return cls(private)

    def to_der(self) -> bytes:
        """PKCS #8, not encrypted: the caller seals it before it is stored."""
        return self.private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    @cached_property
    def verifying(self) -> VerifyingKey:
        return VerifyingKey(self.private.public_key())

    def sign(self, blinded: bytes) -> bytes:
        """Sign a blinded message; the same message gives the same bytes again.

        Parameters
        ----------
        blinded : bytes
            Big-endian, exactly as long as the modulus.

        Raises
        ------
        BlindingRefused
            Another length, or no number in 1 .. n - 1.
        ArithmeticError
            The result does not verify (RFC 9474, section 4.3): a fault, nothing leaves.
        """
        numbers = self._numbers
        message = int.from_bytes(blinded, "big")
        if len(blinded) != numbers.length or not 0 < message < numbers.n:
            raise BlindingRefused(f"A blinded message has {numbers.length} bytes.")
        # a random factor, so that the time taken depends on nothing that was sent
        factor = secrets.randbelow(int(numbers.n) - 2) + 2
        hidden = message * gmpy2.powmod(factor, numbers.e, numbers.n) % numbers.n
        signature = numbers.power(hidden) * gmpy2.invert(factor, numbers.n) % numbers.n
        if gmpy2.powmod(signature, numbers.e, numbers.n) != message:
            raise ArithmeticError("A signature did not verify; it was thrown away.")
        return int(signature).to_bytes(numbers.length, "big")

    @cached_property
    def _numbers(self) -> "_Numbers":
        private = self.private.private_numbers()
        public = private.public_numbers
        return _Numbers(
            n=gmpy2.mpz(public.n),
            e=gmpy2.mpz(public.e),
            p=gmpy2.mpz(private.p),
            q=gmpy2.mpz(private.q),
            dp=gmpy2.mpz(private.dmp1),
            dq=gmpy2.mpz(private.dmq1),
            q_inverse=gmpy2.mpz(private.iqmp),
            length=(public.n.bit_length() + 7) // 8,
        )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The key as GMP integers, with what the Chinese remainder theorem needs."""

    n: gmpy2.mpz
    e: gmpy2.mpz
    p: gmpy2.mpz
    q: gmpy2.mpz
    dp: gmpy2.mpz
    dq: gmpy2.mpz
    q_inverse: gmpy2.mpz
    length: int

    def power(self, message: gmpy2.mpz) -> gmpy2.mpz:
        """`message` to the private exponent, modulo n, in constant time."""
        at_p = gmpy2.powmod_sec(message % self.p, self.dp, self.p)
        at_q = gmpy2.powmod_sec(message % self.q, self.dq, self.q)
        return at_q + self.q * (self.q_inverse * (at_p - at_q) % self.p)
