"""A mail server that catches everything, and fails in every way a test asks for."""

import asyncio
import datetime
import email
import ipaddress
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# What a conversation may end in; the mail has arrived in the last two.
REFUSED = "connection refused"
BUSY = "421 before the greeting"
TLS = "TLS breaks off"
RECIPIENT_LATER = "451 for the recipient"
MAIL_LATER = "452 after the text"
MAIL_REFUSED = "554 after the text"
CUT = "cut after the text, before the reply"
SLOW = "slow"
WAYS = (
    REFUSED,
    BUSY,
    TLS,
    RECIPIENT_LATER,
    MAIL_LATER,
    MAIL_REFUSED,
    CUT,
    SLOW,
)
OF_CONNECTIONS = (REFUSED, BUSY, TLS)
SLOWLY = 0.2  # seconds


@dataclass(frozen=True)
class Caught:
    to: str
    message_id: str
    content: EmailMessage


class Catcher:
    """What arrived, and how the server fails.

    Attributes
    ----------
    fails : callable
        Asked wherever it may fail, with the ways that fit there; "" for not at all.
    nowhere : set of str
        Addresses that are refused for good.
    """

    def __init__(self) -> None:
        self.mails: list[Caught] = []
        self.failures: Counter[str] = Counter()
        self.connections = 0
        self.fails: Callable[[tuple[str, ...]], str] = lambda among: ""
        self.nowhere: set[str] = set()
        self.host, self.port = "localhost", 0
        self.lock = threading.Lock()

    def fail(self, *among: str) -> str:
        """Draw a way to fail; counted where it is one of those that fit here."""
        way = self.fails(among)
        if way not in among:
            return ""
        with self.lock:
            self.failures[way] += 1
        return way

    def number_of(self) -> Counter[str]:
        return Counter(one.to for one in self.mails)

    # ---- hooks of aiosmtpd

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.nowhere:
            return "550 5.1.1 No such user"
        if self.fail(RECIPIENT_LATER):
            return "451 4.7.1 Greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        way = self.fail(MAIL_LATER, MAIL_REFUSED, CUT, SLOW)
        if way == MAIL_LATER:
            return "452 4.3.1 Insufficient system storage"
        if way == MAIL_REFUSED:
            return "554 5.7.1 Looks like spam today"
        if way == SLOW:
            await asyncio.sleep(SLOWLY)
        read = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(read, EmailMessage)
        with self.lock:
            self.mails += [
                Caught(one, str(read["Message-ID"]), read) for one in envelope.rcpt_tos
            ]
        if way == CUT:
            server.transport.abort()
        return "250 OK"


class _Failing(SMTP):
    catcher: Catcher

    def connection_made(self, transport: Any) -> None:
        self.catcher.connections += self.session is None
        if self.session is None:
            way = self.catcher.fail(REFUSED, BUSY)
            if way:
                if way == BUSY:
                    transport.write(b"421 4.3.2 Too busy\r\n")
                    transport.close()
                else:
                    transport.abort()
                return
        super().connection_made(transport)

    def connection_lost(self, error: Any) -> None:
        if self.session is not None:
            super().connection_lost(error)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if self.catcher.fail(TLS):
            await self.push("220 Ready to start TLS")
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
            return
        await super().smtp_STARTTLS(arg)


@contextmanager
def catching(tls: ssl.SSLContext | None = None) -> Iterator[Catcher]:
    """Run the server inside the block, on a port of its own, in a thread."""
    catcher = Catcher()

    def made() -> SMTP:
        protocol = _Failing(
            catcher, hostname="localhost", tls_context=tls, timeout=30, loop=loop
        )
        protocol.catcher = catcher
        return protocol

    loop = asyncio.new_event_loop()
    # all in its thread: where a browser is driven, this one has a loop already
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listening = loop.create_server(made, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(10)
    catcher.port = server.sockets[0].getsockname()[1]
    try:
        yield catcher
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def make_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """Certificate of localhost that nobody else trusts, and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "localhost.pem", folder / "localhost.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return certificate, context
