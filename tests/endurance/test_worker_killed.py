"""R2: the web worker killed with -9 at each step of taking an answer.

Whoever gets no reply sends the same again. In the end there is one row, whatever the
step; only the one killed after COMMIT had stored it.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from random import Random

import pytest

from tests.endurance.conftest import Say
from tests.endurance.rights import WAYS, Right, Way, make_rights, once, stored
from tests.endurance.steps import HEADER, STEPS
from tests.endurance.web import Reply, Web, gunicorn

LOST = (OSError, HTTPException)


@pytest.fixture(scope="module")
def dying(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    said = tmp_path_factory.mktemp("dying") / "output"
    with gunicorn(said, application="tests.endurance.dying:application") as web:
        yield web


def killed(web: Web, right: Right, step: str) -> bool:
    """Send once; tells whether the worker died of it."""
    request = right.request()
    request.headers[HEADER] = step
    try:
        web.ask(request)
    except LOST:
        return True
    return False


def repeated(web: Web, right: Right) -> Reply:
    """Send until there is a reply, as a browser does."""
    for _ in range(200):
        try:
            return web.ask(right.request())
        except LOST:
            continue
    raise AssertionError("Nobody replied.")


@pytest.mark.parametrize("way", WAYS)
def test_killed_at_each_step_and_repeated_is_one_row(
    database: None, dying: Web, way: Way, say: Say
) -> None:
    rights = make_rights(way, len(STEPS))
    for step, right in zip(STEPS, rights, strict=True):
        before = stored(right.wave)[0]
        assert killed(dying, right, step), f"the worker outlived {step}"
        kept = stored(right.wave)[0] - before
        assert kept == (step == "after COMMIT"), step
        assert repeated(dying, right).status == (200 if kept else 201), step
        assert repeated(dying, right).status == 200
        assert stored(right.wave) == once(right, before + 1)
    say(f"{way}: killed at {len(STEPS)} steps, {len(rights)} rows")


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_workers_killed_under_eight_writers(
    database: None, dying: Web, way: Way, say: Say
) -> None:
    rights = make_rights(way, 400)
    steps = Random(2).choices((*STEPS, "never"), k=len(rights))

    def send(number: int) -> tuple[str, int, int]:
        dead = killed(dying, rights[number], steps[number])
        return steps[number], dead, repeated(dying, rights[number]).status

    with ThreadPoolExecutor(8) as writers:
        seen = list(writers.map(send, range(len(rights))))
    assert stored(rights[0].wave) == once(rights[0], len(rights))
    assert {status for _, _, status in seen} == {200, 201}
    deaths = sum(dead for _, dead, _ in seen)
    asked = sum(step != "never" for step in steps)
    assert deaths >= asked  # others in the same worker lose their reply too
    say(
        f"{way}: {asked} workers killed, {deaths} replies lost, {len(rights)} rows of"
        f" {len(rights)} people; {dict(Counter(status for _, _, status in seen))}"
    )
