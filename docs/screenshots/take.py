"""Take the screenshots of the README from a running demo site.

    make run                                # in another terminal
    .venv/bin/python docs/screenshots/take.py [--site http://127.0.0.1:8000]

Needs Chromium and the development tools (`make install-dev`); for Chinese pages a font
with Chinese on this machine.
"""

import argparse
import os
import re
import shutil
from itertools import product
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EMAIL = "demo@example.org"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
TREND = {("en", 1280, "light"), ("zh-hans", 360, "light")}
# titles of the demo's surveys, in either language
BRAND = re.compile("Do customers trust|顾客信任")
PULSE = re.compile("How we trust each other|员工信任脉搏")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    site = parser.parse_args().site
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for language, width, scheme in product(LOCALES, (1280, 360), SCHEMES):
            pulse = signed_in(browser, site, language, width, scheme)
            open_pulse(pulse)
            take(pulse, f"pulse-{language}-{width}-{scheme}", height=2600)
            section = pulse.locator("#trend")
            section.scroll_into_view_if_needed()
            pulse.wait_for_timeout(500)
            if (language, width, scheme) in TREND:
                path = HERE / f"trend-{language}-{width}.png"
                section.screenshot(path=path)
                make_small(path)
        for language, width in (("en", 1280), ("zh-hans", 360)):
            report = signed_in(browser, site, language, width)
            survey = open_demo(report)
            take(report, f"report-{language}-{width}", height=1500)
            report.goto("/library/")
            report.locator("#needs summary").first.click()
            take(report, f"library-{language}-{width}", height=1200)
            answering = enter(browser, site, language, width)
            answering.goto(survey)
            for item, point in (("TBE.T1", 6), ("TBE.T2", 4)):
                radio = f'input[name="{item}"][value="{point}"]'
                answering.locator("label", has=answering.locator(radio)).click()
            answering.evaluate("scrollTo(0, 0)")
            take(answering, f"respondent-{language}-{width}", height=1100)
        browser.close()


def enter(
    browser: Browser, site: str, language: str, width: int, scheme: Scheme = "light"
) -> Page:
    context = browser.new_context(
        color_scheme=scheme,
        base_url=site,
        viewport={"width": width, "height": 900},
        locale=LOCALES[language],
        device_scale_factor=1.5,
    )
    return context.new_page()


def signed_in(
    browser: Browser, site: str, language: str, width: int, scheme: Scheme = "light"
) -> Page:
    var = Path(os.environ.get("TRUSTSURVEY_VAR") or ROOT / "var")
    page = enter(browser, site, language, width, scheme)
    page.goto("/sign-in/")
    page.locator('input[type="email"]').fill(EMAIL)
    page.locator('input[type="password"]').fill((var / "demo_password").read_text())
    page.locator("main form button").click()
    page.wait_for_url("**/")
    return page


def open_demo(page: Page) -> str:
    """Open the report of the demo's first wave; return the address of the open one."""
    page.get_by_role("link", name=BRAND).first.click()
    link = page.locator("#link").input_value()
    page.locator("a[href$='/report/'], a[href*='/analyses/']").last.click()
    page.locator("figure[data-drawn]").first.wait_for()
    page.wait_for_timeout(500)
    return link


def open_pulse(page: Page) -> None:
    """Open the report of the pulse's last wave, with its charts drawn."""
    page.get_by_role("link", name=PULSE).first.click()
    page.locator("a[href$='/report/']").first.click()
    page.locator("figure[data-drawn]").first.wait_for()
    page.wait_for_timeout(1500)


def take(page: Page, name: str, *, height: int) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 1280
    page.screenshot(
        path=HERE / f"{name}.png",
        clip={"x": 0, "y": 0, "width": width, "height": height},
        full_page=True,
    )
    make_small(HERE / f"{name}.png")


def make_small(path: Path) -> None:
    """Keep 256 colours: a page has no more that matter."""
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(256).save(path, optimize=True)
    print(path)


if __name__ == "__main__":
    main()
