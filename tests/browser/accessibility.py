"""axe in the page: nothing serious may be found.

With SCREENSHOTS=FOLDER every page that axe looks at is kept as a picture, to be looked at.
"""

import os
import re
from itertools import count
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PICTURES = os.environ.get("SCREENSHOTS")
_numbers = count(1)


def lay_everything_out(page: Page) -> None:
    """Lay the questions out that are not in sight: what is not there cannot be wrong."""
    page.evaluate(
        "document.querySelectorAll('.item').forEach("
        "(one) => { one.style.contentVisibility = 'visible'; })"
    )


def keep_picture(page: Page, name: str) -> None:
    """Keep the whole page under this name, where pictures are wanted."""
    if PICTURES:
        plain = re.sub(r"[^\w-]+", "_", name).strip("_")
        page.screenshot(path=Path(PICTURES) / f"{plain}.png", full_page=True)


def serious_findings(page: Page, *, name: str = "") -> list[str]:
    """One line a finding of impact serious or critical, with the elements."""
    lay_everything_out(page)
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("/")[2]
    keep_picture(page, name or f"{test.removesuffix('(call)')} {next(_numbers)}")
    result = Axe().run(page)
    return [
        f"{finding['id']}: {[node['target'] for node in finding['nodes']][:4]}"
        for finding in result.response["violations"]
        if finding["impact"] in {"serious", "critical"}
    ]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window, once it is there."""
    page.wait_for_load_state()
    lay_everything_out(page)
    return int(
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )
