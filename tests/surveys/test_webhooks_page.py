"""docs/webhooks.md keeps its word: its lines check a real delivery, its numbers hold."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from surveys.models import EventKind
from surveys.promise import OUTCOMES
from surveys.webhooks import endpoints, sending
from tests.factories import make_organization
from tests.surveys.test_webhooks import happened, make_endpoint, road

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture
def is_ours() -> Any:
    """The function that the page shows, as somebody would copy it."""
    (snippet,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    known: dict[str, Any] = {}
    exec(snippet, known)
    return known["is_ours"]


def test_the_lines_of_the_page_check_a_real_delivery(
    database: None, tmp_path: Path, is_ours: Any
) -> None:
    organization = make_organization()
    endpoint, former = make_endpoint(organization.pk)
    happened(organization.pk)
    with road(tmp_path) as way:
        way.run()
        ((headers, body),) = way.server.got
        now = way.now.timestamp()
    assert is_ours(headers, body, former, now)
    assert is_ours(headers, body, former, now + 300)
    assert not is_ours(headers, body, former, now + 301)
    assert not is_ours(headers, body + b" ", former, now)
    assert not is_ours(headers, body, "whsec_" + "A" * 43 + "=", now)
    later = headers | {"webhook-timestamp": str(int(now) + 1)}
    assert not is_ours(later, body, former, now)
    assert endpoint.url not in body.decode()


def test_the_page_names_every_event_and_its_numbers() -> None:
    for kind in EventKind:
        assert f"`{kind}`" in PAGE
    assert " ".join(OUTCOMES.en.split()) in " ".join(PAGE.split())
    minutes = [int(one / timedelta(minutes=1)) for one in sending.PAUSES]
    assert minutes == [1, 5, 20, 60, 180, 420, 720]
    assert int(sum(sending.PAUSES, timedelta()) / timedelta(hours=1)) == 23
    assert timedelta(hours=24) == endpoints.OVERLAP
    assert sending.KEPT.days == 30
