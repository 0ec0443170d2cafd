"""The report of a run in Chromium: for every reader, on every screen, in any colours, by keyboard and on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from icp_sync.plan.document.report_document import ReportDocument
from icp_sync.views.html.report_page import SECTIONS, backtest_page, report_page
from tests.browser.browser import (
    LOOKS,
    Look,
    open_page,
    paper_pages,
    reachable,
    sideways,
    small_targets,
    tab_stops,
    violations,
)
from tests.plan.report_documents import night, night_before, night_held
from tests.views import backtests

pytestmark = pytest.mark.slow
PLAIN = Look(1440, "light")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A night with movement, one that is held, each knowing the night before and the deals; and a backtest alone."""
    folder = tmp_path_factory.mktemp("reports")
    written = {name: write(folder / f"{name}.html", document) for name, document in documents().items()}
    deals = folder / "deals.html"
    deals.write_text(backtest_page(backtests.plain()), encoding="utf-8")
    return {**written, "deals": deals}


def documents() -> dict[str, ReportDocument]:
    return {"night": night(), "held": night_held()}


def write(path: Path, document: ReportDocument) -> Path:
    path.write_text(report_page(document, [night_before()], backtests.plain()), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "look"),
    [
        *(("night", look) for look in LOOKS),
        *((name, look) for name in ("held", "deals") for look in (Look(320, "dark"), Look(1440, "light"))),
    ],
)
def test_axe_finds_nothing_the_page_asks_for_nothing_and_nothing_sticks_out(
    browser: Browser, pages: dict[str, Path], name: str, look: Look
) -> None:
    with open_page(browser, pages[name], look) as opened:
        assert violations(opened.page) == []
        assert sideways(opened.page) <= 0
        assert small_targets(opened.page) == []
        assert (opened.console, opened.requests) == ([], [])


def test_it_reads_at_four_hundred_percent_without_sideways_scroll(browser: Browser, pages: dict[str, Path]) -> None:
    with open_page(browser, pages["night"], Look(320, "light"), zoom=4) as opened:
        assert sideways(opened.page) <= 0


def test_the_tab_key_reaches_every_link_and_region_in_order_and_shows_where_it_is(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with open_page(browser, pages["night"], PLAIN) as opened:
        wanted = reachable(opened.page)
        stops = tab_stops(opened.page)
        assert [stop["index"] for stop in stops] == wanted
        assert [stop["name"] for stop in stops if not stop["outlined"]] == []


def test_the_skip_link_leads_past_the_contents(browser: Browser, pages: dict[str, Path]) -> None:
    with open_page(browser, pages["night"], PLAIN) as opened:
        opened.page.keyboard.press("Tab")
        opened.page.keyboard.press("Enter")
        assert opened.page.evaluate("document.activeElement.id") == "main"


def test_a_table_of_numbers_opens_by_keyboard_and_stands_open_on_paper(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with open_page(browser, pages["night"], PLAIN) as opened:
        table = opened.page.locator("details table").first
        assert not table.is_visible()
        summary = opened.page.get_by_text("The same numbers as a table").first
        summary.press("Enter")
        assert table.is_visible()
        summary.press("Enter")
        opened.page.emulate_media(media="print")
        assert opened.page.evaluate("document.querySelector('details table').checkVisibility()")


def test_it_prints_on_ten_pages_and_cuts_no_row(browser: Browser, pages: dict[str, Path]) -> None:
    with open_page(browser, pages["night"], PLAIN) as opened:
        assert paper_pages(opened.page) <= 10
        opened.page.emulate_media(media="print")
        breaks = "[...new Set([...document.querySelectorAll('tr')].map(row => getComputedStyle(row).breakInside))]"
        assert opened.page.evaluate(breaks) == ["avoid"]


def test_no_panel_of_the_page_is_empty(browser: Browser, pages: dict[str, Path]) -> None:
    """So that what the other tests look at is every panel there is, with all it can hold."""
    with open_page(browser, pages["night"], PLAIN) as opened:
        assert opened.page.locator("section.panel").count() == len(SECTIONS)
        assert opened.page.locator("section.panel:not(:has(.finding + *))").all_inner_texts() == []


def test_every_picture_is_named_by_its_caption(browser: Browser, pages: dict[str, Path]) -> None:
    with open_page(browser, pages["night"], PLAIN) as opened:
        captions = opened.page.locator("figure:has([role=img]) figcaption").all_inner_texts()
        assert len(captions) == 4
        for caption in captions:
            assert opened.page.get_by_role("img", name=caption, exact=True).count() == 1


def test_on_a_phone_a_table_that_goes_on_has_a_shade_at_its_edge(browser: Browser, pages: dict[str, Path]) -> None:
    with open_page(browser, pages["night"], Look(390, "light")) as opened:
        table = opened.page.get_by_role("region", name="Each guardrail and its limit")
        assert table.evaluate("one => one.scrollWidth > one.clientWidth"), "else there is nothing to show"
        shade = "one => getComputedStyle(one).backgroundImage.split('linear-gradient').length - 1"
        assert table.evaluate(shade) == 4
