"""axe in the page: nothing serious may be found."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def lay_everything_out(page: Page) -> None:
    """Lay the questions out that are not in sight: what is not there cannot be wrong."""
    page.evaluate(
        "document.querySelectorAll('.item').forEach("
        "(one) => { one.style.contentVisibility = 'visible'; })"
    )


def serious_findings(page: Page) -> list[str]:
    """One line a finding of impact serious or critical, with the elements."""
    lay_everything_out(page)
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
