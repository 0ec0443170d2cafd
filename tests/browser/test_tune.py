"""The what-if page in Chromium: for every reader, on every screen, in any colours, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from icp_sync.profile import templates
from tests.browser.browser import (
    LOOKS,
    Look,
    Opened,
    open_page,
    reachable,
    sideways,
    small_targets,
    tab_stops,
    violations,
)
from tests.web.conftest import Serving, open_workbench, profile_and_state
from tests.web.deals import save_deals

pytestmark = pytest.mark.slow
PLAIN = Look(1440, "light")
expect.set_options(timeout=30_000)
MOVED = "?criteria.employees.weight=30&tiers.tier_1.capacity=2&hold=60"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SaaS template, and the state after a run on 300 companies and some of their deals."""
    folder = profile_and_state(tmp_path_factory.mktemp("tune"), templates.template_text("s2-saas"), companies=300)
    save_deals(folder, copies=25, tier="tier_3")
    return folder


@pytest.fixture
def pages() -> Iterator[Serving]:
    running = Serving()
    yield running
    running.end()


@pytest.fixture
def address(pages: Serving, folder: Path) -> str:
    return pages.serve(open_workbench(folder)).server.guard.address


def settled(page: Page, says: str) -> None:
    expect(page.locator("#said")).to_contain_text(says)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_the_page_asks_for_nothing_and_nothing_sticks_out(
    browser: Browser, address: str, look: Look
) -> None:
    with open_page(browser, address + MOVED, look) as opened:
        settled(opened.page, "change")
        expect(opened.page.get_by_role("columnheader", name="Deals won")).to_be_visible()
        assert violations(opened.page) == []
        assert sideways(opened.page) <= 0
        assert small_targets(opened.page) == []
        assert (opened.console, foreign(opened, address)) == ([], [])


def test_the_review_is_as_good_to_read(browser: Browser, address: str) -> None:
    with open_page(browser, address + MOVED, Look(320, "light")) as opened:
        opened.page.get_by_role("button", name="Review and save").click()
        expect(opened.page.get_by_role("heading", name="What would be saved")).to_be_focused()
        assert violations(opened.page) == []
        assert sideways(opened.page) <= 0
        assert (opened.console, foreign(opened, address)) == ([], [])


def test_the_tab_key_reaches_every_control_and_shows_where_it_is(browser: Browser, address: str) -> None:
    with open_page(browser, address + MOVED, PLAIN) as opened:
        stops = tab_stops(opened.page)
        assert [stop["name"] for stop in stops if not stop["outlined"]] == []
        assert set(reachable(opened.page)) <= {stop["index"] for stop in stops}


WEIGHT = "Weight of fewer than 100 employees"


def test_the_keyboard_alone_moves_undoes_and_redoes(browser: Browser, address: str) -> None:
    home = address.partition("open/")[0]
    with open_page(browser, address, PLAIN) as opened:
        page = opened.page
        settled(page, "Nothing is moved yet")
        raise_weight(page)
        expect(page).to_have_url(home + "?criteria.employees.weight=16")
        press(page, "Undo")
        settled(page, "Nothing is moved yet")
        expect(page).to_have_url(home)
        expect(page.get_by_label(WEIGHT)).to_have_value("15")
        expect(page.get_by_role("button", name="Undo")).to_be_focused()
        press(page, "Redo")
        expect(page.get_by_label(WEIGHT)).to_have_value("16")
        press(page, "Reset")
        settled(page, "Nothing is moved yet")
        press(page, "Close")
        expect(page.get_by_role("heading", name="Closed")).to_be_visible()
        assert (opened.console, foreign(opened, address)) == ([], [])


def test_the_keyboard_alone_makes_tests_expect_what_comes_out_and_saves(
    browser: Browser, address: str, folder: Path
) -> None:
    file = folder / "icp.yaml"
    before = file.read_text()
    with open_page(browser, address, PLAIN) as opened:
        page = opened.page
        raise_weight(page)
        settled(page, "fail")
        while page.get_by_role("checkbox", name="expected").count():
            left = page.get_by_role("checkbox", name="expected").count()
            page.get_by_role("checkbox", name="expected").first.press("Space")
            expect(page.get_by_role("checkbox", name="expected")).not_to_have_count(left)
        press(page, "Review and save")
        expect(page.get_by_role("heading", name="What would be saved")).to_be_focused()
        assert file.read_text() == before
        press(page, f"Save {file}")
        expect(page.get_by_role("heading", name="Saved")).to_be_visible()
        settled(page, "Nothing is moved yet")
        assert "weight: 16" in file.read_text()
        assert (opened.console, foreign(opened, address)) == ([], [])
    file.write_text(before)


def test_who_signs_and_saves_in_one_breath_has_saved(browser: Browser, address: str, folder: Path) -> None:
    file = folder / "icp.yaml"
    before = file.read_text()
    with open_page(browser, address + "?tiers.tier_1.capacity=200", PLAIN) as opened:
        page = opened.page
        press(page, "Review and save")
        page.get_by_label("Reviewed by").fill("RevOps")
        press(page, f"Save {file}")
        expect(page.get_by_role("heading", name="Saved")).to_be_visible()
        settled(page, "Nothing is moved yet")
        assert 'by: "RevOps"' in file.read_text()
        assert (opened.console, foreign(opened, address)) == ([], [])
    file.write_text(before)


def test_the_keyboard_alone_asks_how_tier_1_holds_so_many_and_moves_the_lines(browser: Browser, address: str) -> None:
    home = address.partition("open/")[0]
    with open_page(browser, address, PLAIN) as opened:
        page = opened.page
        hold = page.get_by_label("Make Tier 1 hold about so many companies")
        hold.focus()
        page.keyboard.type("60")
        settled(page, "Tier 1 would hold ")
        expect(hold).to_be_focused()
        expect(page).to_have_url(home + "?hold=60")
        press(page, "Move the lines so")
        settled(page, "Tier 1 holds ")
        expect(hold).to_be_focused()
        # The address follows the answer.
        expect(page).to_have_url(re.compile(r"tiers\.tier_1\.enter=.*&hold=60$"))
        press(page, "Undo")
        settled(page, "Nothing is moved yet: Tier 1 has")
        expect(page).to_have_url(home + "?hold=60")
        press(page, "Undo")
        expect(hold).to_have_value("")
        assert (opened.console, foreign(opened, address)) == ([], [])


def test_what_a_change_breaks_is_one_link_away(browser: Browser, address: str) -> None:
    with open_page(browser, address, PLAIN) as opened:
        raise_weight(opened.page)
        settled(opened.page, "fail")
        link = opened.page.get_by_role("link", name="that passed fail")
        link.press("Enter")
        expect(opened.page.get_by_role("heading", name="Tests of the profile")).to_be_in_viewport()
        assert opened.console == []


def raise_weight(page: Page) -> None:
    """From 15 to 16, as the arrow key does."""
    page.get_by_label(WEIGHT).press("ArrowUp")
    settled(page, "Tier 1:")


def test_a_file_changed_underneath_is_loaded_with_what_was_moved(browser: Browser, address: str, folder: Path) -> None:
    file = folder / "icp.yaml"
    before = file.read_text()
    with open_page(browser, address + "?criteria.employees.weight=30", PLAIN) as opened:
        file.write_text(before.replace("enter: 60", "enter: 61"))
        expect(opened.page.get_by_text("The file changed since this page read it.")).to_be_visible(timeout=10_000)
        press(opened.page, "Load it again")
        expect(opened.page.get_by_label("Tier 2: entered from")).to_have_value("61")
        expect(opened.page.get_by_label(WEIGHT)).to_have_value("30")
    file.write_text(before)


def test_a_value_that_cannot_be_is_said_and_the_last_figures_stay(browser: Browser, address: str) -> None:
    with open_page(browser, address, PLAIN) as opened:
        opened.page.get_by_label(WEIGHT).fill("0")
        expect(opened.page.get_by_role("alert")).to_contain_text("write a number more than 0")
        opened.page.get_by_label(WEIGHT).fill("20")
        expect(opened.page.get_by_role("alert")).to_be_empty()
        assert opened.console == []


def press(page: Page, name: str) -> None:
    """Presses the button as a keyboard does."""
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def foreign(opened: Opened, address: str) -> list[str]:
    """What the page asked of anybody else."""
    own = address.partition("open/")[0]
    return [url for url in opened.requests if not url.startswith(own)]


def test_on_a_phone_the_line_under_the_answer_keeps_off_the_buttons(browser: Browser, address: str) -> None:
    with open_page(browser, address, Look(390, "light")) as opened:
        answer, buttons = (opened.page.locator(place).bounding_box() for place in ("#said", ".desk .buttons"))
        assert answer
        assert buttons
        assert buttons["y"] - (answer["y"] + answer["height"]) >= 8
