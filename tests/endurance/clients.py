"""Browsers that send until the server has the answers, many of them at a time.

As surveys/client/retry.ts does: a pause after each attempt that failed, drawn
around a length that doubles.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Self, TypeVar

from django.conf import settings

from tests.endurance.rights import Request

PATIENCE = 30.0  # seconds before a silent server counts as out of reach (send.ts)
RECEIVED = (200, 201)
NO_REPLY = 0
BUSY = 503


@dataclass(frozen=True)
class Pauses:
    """Seconds."""

    first: float
    longest: float

    @classmethod
    def of_the_browser(cls) -> Self:
        """Read them from the client's source."""
        source = Path(settings.BASE_DIR, "surveys/client/retry.ts").read_text()
        found = dict(re.findall(r"const (\w+)_PAUSE = ([\d_]+);", source))
        return cls(*(int(found[name]) / 1000 for name in ("FIRST", "LONGEST")))


@dataclass
class Told:
    """What the clients were told, together."""

    statuses: Counter[int] = field(default_factory=Counter)
    received: int = 0
    without_retry_after: int = 0

    def hear(self, status: int, head: str) -> bool:
        """Whether the answers arrived; a status nobody may be told is an error."""
        assert status in (*RECEIVED, BUSY, NO_REPLY), (status, head)
        self.statuses[status] += 1
        self.received += status in RECEIVED
        if status == BUSY and not re.search(r"(?mi)^Retry-After: \d+\r?$", head):
            self.without_retry_after += 1
        return status in RECEIVED


async def attempt(port: int, request: Request) -> tuple[int, str]:
    """Send once; status (0 where no reply came) and head of the reply."""
    headers = {
        **request.headers,
        "Host": "localhost",
        "Connection": "close",
        "Accept": "application/json",
        "Content-Length": str(len(request.body)),
    }
    lines = [
        f"POST {request.path} HTTP/1.1",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write("\r\n".join([*lines, "", ""]).encode() + request.body)
                await writer.drain()
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
            finally:
                writer.close()
    except (OSError, EOFError, TimeoutError):
        return NO_REPLY, ""
    return int(head.split()[1]), head


async def deliver(
    port: int, request: Request, *, pauses: Pauses, random: Random, told: Told
) -> None:
    """Send until it arrived."""
    pause = pauses.first
    while not told.hear(*await attempt(port, request)):
        await asyncio.sleep(pause * (0.5 + random.random()))
        pause = min(2 * pause, pauses.longest)


async def deliver_all(
    port: int, requests: Iterable[Request], *, pauses: Pauses, told: Told
) -> None:
    random = Random(6)
    await asyncio.gather(
        *(deliver(port, r, pauses=pauses, random=random, told=told) for r in requests)
    )


Found = TypeVar("Found")


def finished(work: Coroutine[Any, Any, Found], *, within: float = 240.0) -> Found:
    """Run `work` to its end in a thread of its own: Playwright keeps a loop in this one.

    Raises
    ------
    TimeoutError
        It takes longer than `within` seconds: the site did not come back.
    """
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, asyncio.wait_for(work, within)).result()
