"""A request is known to be whole, however it arrives."""

from collections.abc import Callable, Iterator

import pytest

from trustsurvey import gathering
from trustsurvey.gathering import Gathering

HEAD = b"POST /s/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
NEXT = b"GET / HTTP/1.1\r\n"


Gathered = Callable[[bytes, int], Gathering]


@pytest.fixture
def gathered() -> Iterator[Gathered]:
    """Let bytes arrive a few at a time."""
    made: list[Gathering] = []

    def gather(content: bytes, step: int) -> Gathering:
        request = Gathering()
        made.append(request)
        for begin in range(0, len(content), step):
            assert not request.whole
            request.add(content[begin : begin + step])
        return request

    yield gather
    for request in made:
        request.forget()


@pytest.mark.parametrize("step", [1, 3, 4, 7, 1000])
def test_it_is_whole_with_its_last_byte(gathered: Gathered, step: int) -> None:
    request = gathered(HEAD + b"abcde", step)
    assert request.whole
    assert b"".join(request.content()) == HEAD + b"abcde"
    assert request.surplus == b""


@pytest.mark.parametrize("missing", [1, 5, 6, 40])
def test_it_is_not_whole_before(gathered: Gathered, missing: int) -> None:
    request = gathered((HEAD + b"abcde")[:-missing], 1000)
    assert not request.whole
    assert request.begun


def test_what_follows_belongs_to_the_next_request(gathered: Gathered) -> None:
    request = gathered(HEAD + b"abcde" + NEXT, 1000)
    assert request.whole
    assert b"".join(request.content()) == HEAD + b"abcde"
    assert request.surplus == NEXT


def test_a_request_without_a_body_ends_with_its_head(gathered: Gathered) -> None:
    request = gathered(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 5)
    assert request.whole


def test_a_large_body_comes_back_from_the_file_it_was_kept_in(
    gathered: Gathered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "IN_MEMORY", 1_000)
    body = bytes(range(256)) * 1_000
    head = f"POST / HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    request = gathered(head + body, 10_000)
    assert b"".join(request.content()) == head + body


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 120000001\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 65_536, 431),
    ],
)
def test_what_is_not_gathered_is_refused(
    gathered: Gathered, content: bytes, status: int
) -> None:
    request = gathered(content, 1000)
    assert request.refused == status
    assert not request.whole


def test_who_waits_to_be_told_to_continue_is_seen(gathered: Gathered) -> None:
    request = gathered(HEAD.replace(b"Host: a", b"Expect: 100-continue"), 1000)
    assert request.expects
    assert not request.whole
