"""Looks at a page as people do: in widths and colour schemes, by keyboard, on paper, with axe's eyes.

A page under test is a file or the address of a server on loopback; whatever it asks for and says is recorded.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

MISSING: Final = "Chromium is not installed (Debian: chromium)"
WIDTHS: Final = (320, 768, 1440)
SCHEMES: Final = ("light", "dark", "forced")
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_RULES: Final = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_PDF_PAGE: Final = re.compile(rb"/Type\s*/Page\b")
_STOPS: Final = """() => { const active = document.activeElement;
  if (!active || active === document.body) return null;
  const style = getComputedStyle(active);
  return {tag: active.tagName.toLowerCase(), name: active.getAttribute('aria-label') || active.textContent.trim(),
          outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
          index: [...document.querySelectorAll('*')].indexOf(active)}; }"""


@dataclass(frozen=True, slots=True)
class Look:
    """A way to look at a page: its width in CSS pixels and the colours the reader asked for."""

    width: int
    scheme: str

    def __str__(self) -> str:
        return f"{self.width}px-{self.scheme}"


LOOKS: Final = tuple(Look(width, scheme) for width in WIDTHS for scheme in SCHEMES)


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that is open, all it wrote to the console, and all it asked for beside itself."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the block. Without Chromium the test is skipped, in CI it fails."""
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, address: str | Path, look: Look, zoom: float = 1) -> Iterator[Opened]:
    """The page at an address or in a file, seen that way; `zoom` is how much larger its pixels are."""
    url = address.as_uri() if isinstance(address, Path) else address
    context = browser.new_context(
        viewport={"width": look.width, "height": 800},
        device_scale_factor=zoom,
        color_scheme="light" if look.scheme == "light" else "dark",
        forced_colors="active" if look.scheme == "forced" else "none",
    )
    opened = Opened(context.new_page())
    opened.page.on("console", lambda message: opened.console.append(message.text))
    opened.page.on("pageerror", lambda error: opened.console.append(str(error)))
    opened.page.on("request", lambda request: opened.requests.append(request.url) if request.url != url else None)
    opened.page.goto(url, wait_until="networkidle")
    yield opened
    context.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong: the rule, and the first places where it is broken."""
    response: dict[str, Any] = Axe().run(page, options=_RULES).response
    return [f"{broken['id']}: {[node['target'] for node in broken['nodes'][:3]]}" for broken in response["violations"]]


def sideways(page: Page) -> int:
    """CSS pixels that the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def small_targets(page: Page) -> list[str]:
    """Links and controls of less than 24 by 24 CSS pixels, other than links within a sentence."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll('a, summary, button, input, select')]
            .filter(node => node.getClientRects().length && !node.classList.contains('skip'))
            .filter(node => getComputedStyle(node).display !== 'inline')
            .filter(node => node.getBoundingClientRect().height < 24 || node.getBoundingClientRect().width < 24)
            .map(node => node.outerHTML.slice(0, 80))""")
    )


def tab_stops(page: Page, limit: int = 1_000) -> list[dict[str, Any]]:
    """Everything the Tab key reaches from the top, in order, until it leaves the page."""
    stops: list[dict[str, Any]] = []
    while len(stops) < limit:
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOPS)
        if stop is None or (stops and stop["index"] == stops[0]["index"]):
            break
        stops.append(stop)
    return stops


def reachable(page: Page) -> list[int]:
    """Where, of all elements, those stand that a keyboard must reach: links, controls and regions that scroll."""
    return list(
        page.evaluate("""() => [...document.querySelectorAll('*')]
            .map((node, n) => [node, n])
            .filter(([node]) => node.checkVisibility())
            .filter(([node]) => node.matches('a[href], summary, button, input, select, textarea, [tabindex="0"]'))
            .map(([node, n]) => n)""")
    )


def paper_pages(page: Page) -> int:
    """How many A4 pages the page is when printed."""
    return len(_PDF_PAGE.findall(page.pdf(format="A4", prefer_css_page_size=True)))
