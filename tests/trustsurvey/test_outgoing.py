"""A file goes out in pieces, and no thread waits for whoever takes it."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from trustsurvey.outgoing import AT_A_TURN, CHUNK, Outgoing

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
CONTENT = os.urandom(5 * CHUNK + 17)


class Told:
    """A file that wants to know how much of it was sent."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.sent: list[int] = []

    def fileno(self) -> int:
        return self._file.fileno()

    def hand_over(self) -> Callable[[int], None]:
        return self.sent.append

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def ends() -> Iterator[tuple[Outgoing, socket.socket]]:
    ours, theirs = socket.socketpair()
    outgoing = Outgoing(ours, lambda told: told())
    yield outgoing, theirs
    outgoing.close()
    theirs.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Told]:
    path = tmp_path / "export"
    path.write_bytes(CONTENT)
    told = Told(path)
    yield told
    told.close()


def taken(outgoing: Outgoing, theirs: socket.socket) -> bytes:
    """Take everything, as a client does that reads fast."""
    theirs.settimeout(0.5)
    got = bytearray()
    while not outgoing.flush():
        got += theirs.recv(16 * CHUNK)
    outgoing.shutdown(socket.SHUT_WR)
    while data := theirs.recv(16 * CHUNK):
        got += data
    return bytes(got)


@pytest.mark.parametrize(("first", "count"), [(0, len(CONTENT)), (7, 100), (CHUNK, 0)])
def test_head_and_piece_arrive_in_order_and_are_counted(
    ends: tuple[Outgoing, socket.socket], file: Told, first: int, count: int
) -> None:
    outgoing, theirs = ends
    outgoing.sendall(HEAD)
    outgoing.sendfile(file, first, count)
    file.close()
    assert taken(outgoing, theirs) == HEAD + CONTENT[first : first + count]
    assert file.sent == [count]


def test_who_reads_nothing_holds_nobody_and_is_told_of_at_the_end(
    ends: tuple[Outgoing, socket.socket], file: Told, tmp_path: Path
) -> None:
    outgoing, _theirs = ends
    large = tmp_path / "large"
    with large.open("wb") as made:
        made.truncate(1 << 30)
    told = Told(large)
    outgoing.sendfile(told, 0, 1 << 30)
    told.close()
    for _ in range(AT_A_TURN):
        assert not outgoing.flush()
    assert len(outgoing.waiting) <= CHUNK
    assert told.sent == []
    outgoing.close()
    assert 0 < told.sent[0] < 4_000_000


def test_a_fast_client_gets_one_turn_at_a_time(
    ends: tuple[Outgoing, socket.socket], tmp_path: Path
) -> None:
    """However fast one client reads, the loop comes back to the others."""
    outgoing, theirs = ends
    large = tmp_path / "large"
    with large.open("wb") as made:
        made.truncate(3 * AT_A_TURN * CHUNK)
    told = Told(large)
    outgoing.sendfile(told, 0, 3 * AT_A_TURN * CHUNK)
    reader = Thread(target=_read_all, args=(theirs,))
    reader.start()
    turns = 1
    while not outgoing.flush():
        turns += 1
    outgoing.shutdown(socket.SHUT_WR)
    reader.join()
    told.close()
    assert turns > 3
    assert told.sent == [3 * AT_A_TURN * CHUNK]


def _read_all(line: socket.socket) -> None:
    while line.recv(16 * CHUNK):
        pass


def test_a_file_that_became_shorter_breaks_the_line(
    ends: tuple[Outgoing, socket.socket], file: Told, tmp_path: Path
) -> None:
    """The client was promised more, and must not take the next reply for the rest."""
    outgoing, _theirs = ends
    outgoing.sendfile(file, len(CONTENT) - 10, 20)
    with pytest.raises(BrokenPipeError):
        outgoing.flush()


def test_a_file_without_a_wish_is_sent_as_well(
    ends: tuple[Outgoing, socket.socket], tmp_path: Path
) -> None:
    outgoing, theirs = ends
    path = tmp_path / "style.css"
    path.write_bytes(CONTENT)
    with path.open("rb") as plain:
        outgoing.sendfile(plain)
    assert taken(outgoing, theirs) == CONTENT


def test_what_follows_a_file_waits_for_it(
    ends: tuple[Outgoing, socket.socket], file: Any
) -> None:
    outgoing, theirs = ends
    outgoing.sendfile(file, 0, 10)
    outgoing.sendall(b"!")
    assert taken(outgoing, theirs) == CONTENT[:10] + b"!"
