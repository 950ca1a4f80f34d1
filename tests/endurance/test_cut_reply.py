"""R4: the reply lost on the line, after COMMIT. The client sends again: 200, one row."""

from collections.abc import Iterator
from http.client import HTTPException

import pytest

from tests.endurance.conftest import Say
from tests.endurance.cutting import CuttingLine, cutting_line
from tests.endurance.rights import WAYS, Way, make_rights, once, stored
from tests.endurance.web import Web


@pytest.fixture
def line(web: Web) -> Iterator[CuttingLine]:
    with cutting_line(web.port) as made:
        yield made


@pytest.mark.parametrize("way", WAYS)
def test_a_reply_lost_three_times_is_one_answer(
    database: None, web: Web, line: CuttingLine, way: Way, say: Say
) -> None:
    (right,) = make_rights(way, 1)
    line.cut = 3
    for _ in range(3):
        with pytest.raises((OSError, HTTPException)):
            web.ask(right.request(), port=line.port)
        assert stored(right.wave) == once(right)
    reply = web.ask(right.request(), port=line.port)
    assert reply.status == 200
    assert line.lost == [b"HTTP/1.1 201", b"HTTP/1.1 200", b"HTTP/1.1 200"]
    assert stored(right.wave) == once(right)
    say(f"{way}: 3 replies lost after COMMIT, then 200; one row")


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_two_hundred_people_lose_every_first_reply(
    database: None, web: Web, line: CuttingLine, way: Way, say: Say
) -> None:
    rights = make_rights(way, 200)
    for right in rights:
        line.cut = 1
        with pytest.raises((OSError, HTTPException)):
            web.ask(right.request(), port=line.port)
        assert web.ask(right.request(), port=line.port).status == 200
    assert line.lost == [b"HTTP/1.1 201"] * len(rights)
    assert stored(rights[0].wave) == once(rights[0], len(rights))
    say(f"{way}: {len(rights)} replies lost, {len(rights)} rows")
