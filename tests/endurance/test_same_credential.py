"""R3: one credential in fifty requests at once, with the same answers and with others."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.endurance.conftest import Say
from tests.endurance.rights import WAYS, Request, Right, Way, make_rights, once, stored
from tests.endurance.web import Reply, Web

TIMES = 50
RECEIVED = "/received/"
DIFFERS = "/received/?before=other"


def all_at_once(web: Web, requests: list[Request]) -> list[Reply]:
    """Send every request on a connection of its own, none before all are ready."""
    ready = Barrier(len(requests))

    def send(request: Request) -> Reply:
        ready.wait()
        return web.ask(request)

    with ThreadPoolExecutor(len(requests)) as senders:
        return list(senders.map(send, requests))


def one(way: Way) -> Right:
    (right,) = make_rights(way, 1)
    return right


@pytest.mark.parametrize("way", WAYS)
def test_the_same_answers_fifty_times_are_one_answer(
    database: None, web: Web, way: Way, say: Say
) -> None:
    right = one(way)
    replies = all_at_once(web, [right.request()] * TIMES)
    assert Counter(reply.status for reply in replies) == {201: 1, 200: TIMES - 1}
    assert stored(right.wave) == once(right)
    say(f"{way}: {TIMES} at once, one row")


@pytest.mark.parametrize("way", WAYS)
def test_fifty_different_answers_under_one_right_are_one_answer(
    database: None, web: Web, way: Way, say: Say
) -> None:
    """Two bodies in turn: the first one stays, its repetitions are no other answer."""
    right = one(way)
    requests = [right.request(2), right.request(4)] * (TIMES // 2)
    replies = all_at_once(web, requests)
    statuses = [reply.status for reply in replies]
    (first,) = [n for n, status in enumerate(statuses) if status == 201]
    same = {n for n in range(TIMES) if n % 2 == first % 2} - {first}
    assert {n for n, status in enumerate(statuses) if status == 200} == same
    assert statuses.count(409) == TIMES // 2
    assert stored(right.wave) == once(right)
    say(f"{way}: {TIMES} at once with two bodies, one row")


@pytest.mark.parametrize("way", ["open", "typed"])
def test_a_page_without_javascript_says_that_other_answers_were_kept(
    database: None, web: Web, way: Way
) -> None:
    right = one(way)
    requests = [right.request(point, plain=True) for point in (2, 4)] * 5
    replies = all_at_once(web, requests)
    assert {reply.status for reply in replies} == {303}
    led = Counter(reply.headers["Location"].partition("/en")[2] for reply in replies)
    assert led == {RECEIVED: 5, DIFFERS: 5}
    assert stored(right.wave) == once(right)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_twenty_people_send_fifty_times_each(
    database: None, web: Web, way: Way, say: Say
) -> None:
    rights = make_rights(way, 20)
    for right in rights:
        requests = [right.request(2), right.request(4)] * (TIMES // 2)
        seen = Counter(reply.status for reply in all_at_once(web, requests))
        assert seen == {201: 1, 200: TIMES // 2 - 1, 409: TIMES // 2}
    assert stored(rights[0].wave) == once(rights[0], len(rights))
    say(f"{way}: {len(rights)} people, {len(rights) * TIMES} requests, one row each")
