"""No link of the documentation leads nowhere, and no page is out of reach."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, README, ROOT, anchors, links, name_of


def leads(page: Path, link: str) -> bool:
    """Whether there is something at the end of a link; addresses elsewhere are not asked."""
    if "://" in link:
        return True
    file, _, anchor = link.partition("#")
    target = page.parent / file if file else page
    return target.exists() and (not anchor or anchor in anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not leads(page, link)] == []


@pytest.mark.parametrize(
    ("link", "led"),
    [
        ("docs/README.md", True),
        ("docs/README.md#guides", True),
        ("#a-bad-night", True),
        ("docs/nowhere.md", False),
        ("docs/README.md#nothing", False),
        ("#nothing", False),
    ],
)
def test_what_counts_as_a_link_that_leads_somewhere(link: str, led: bool) -> None:
    assert leads(README, link) is led


def test_every_page_is_reached_from_the_readme() -> None:
    seen, waiting = set(), [README]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        ways = ((page.parent / link.partition("#")[0]).resolve() for link in links(page) if "://" not in link)
        waiting += [way for way in ways if way.suffix == ".md" and way.exists() and way not in seen]
    assert [name_of(page) for page in PAGES if page not in seen] == []


def test_every_picture_is_shown() -> None:
    shown = {
        (page.parent / link).resolve() for page in PAGES for link in links(page) if link.endswith((".png", ".svg"))
    }
    assert set((ROOT / "docs" / "img").glob("*")) == shown


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "img").glob("*.svg")), ids=name_of)
def test_a_picture_is_whole_and_asks_for_nothing_elsewhere(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8")
    assert (text.startswith("<svg "), text.rstrip().endswith("</svg>")) == (True, True)
    assert re.findall(r"url\([^#)]|href=|@import", text) == []


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "img").glob("*.png")), ids=name_of)
def test_a_screenshot_is_whole_and_not_large(picture: Path) -> None:
    content = picture.read_bytes()
    assert (content[:8], content[-8:-4]) == (b"\x89PNG\r\n\x1a\n", b"IEND")
    assert len(content) < 250_000
