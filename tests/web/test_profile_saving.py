"""Saving what was moved: shown, written whole, and never over somebody else's edit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from icp_sync.profile.load import parse_profile
from tests.cli.conftest import PROFILES
from tests.web.conftest import Browser, Reply, Serving, open_workbench, profile_and_state

WEIGHT = {"criteria.country.weight": "70"}
FAILING = {"tiers.tier_1.enter": "95", "criteria.employees.match.at_least": "900"}
"""The test of the profile expects 100 points, and gets 60."""


@pytest.fixture
def tab(pages: Serving, folder: Path) -> Browser:
    """A page of the test's own, let in."""
    browser = pages.serve(open_workbench(folder))
    browser.enter()
    return browser


def shown(reply: Reply) -> dict[str, str]:
    """The key of what the review showed."""
    return {"seen": re.findall(r'name="seen" value="([^"]*)"', reply.text)[0]}


def save(browser: Browser, moved: dict[str, str], **more: str) -> Reply:
    fields = moved | more
    return browser.post("/save", fields | shown(browser.post("/review", fields)))


def test_a_review_shows_the_diff_and_writes_nothing(tab: Browser, profile: Path) -> None:
    before = profile.read_bytes()
    reply = tab.post("/review", WEIGHT)
    assert '<span class="removed">-  - {id: country, label: Germany, trait: geography, weight: 60' in reply.text
    assert '<span class="added">+  - {id: country, label: Germany, trait: geography, weight: 70' in reply.text
    assert profile.read_bytes() == before


@pytest.mark.slow
def test_saving_changes_the_value_and_nothing_else(tab: Browser, profile: Path) -> None:
    profile.chmod(0o644)
    before = profile.read_text()
    tab.get("/")
    reply = save(tab, WEIGHT)
    assert "is written. Next:" in reply.text
    assert reply.headers["hx-trigger"] == "saved"
    assert profile.read_text() == before.replace("weight: 60", "weight: 70")
    assert profile.stat().st_mode & 0o777 == 0o644
    # The page goes on from the file as saved.
    assert 'data-query=""' in reply.text
    assert 'name="criteria.country.weight" value="70"' in reply.text
    assert tab.get("/file?known=" + re.findall(r'name="known" value="(\w+)"', reply.text)[0]).status == 204


@pytest.mark.slow
def test_what_was_not_shown_is_not_saved(tab: Browser, profile: Path) -> None:
    before = profile.read_bytes()
    seen = shown(tab.post("/review", WEIGHT))
    for fields in (WEIGHT, {"criteria.country.weight": "71"} | seen):
        assert "not what was shown any more" in tab.post("/save", fields).text
    assert profile.read_bytes() == before


@pytest.mark.slow
def test_failing_tests_take_a_second_named_click(tab: Browser, profile: Path) -> None:
    before = profile.read_bytes()
    first = save(tab, FAILING)
    assert profile.read_bytes() == before
    assert "Save although 1 test fails" in first.text

    assert "although" not in tab.post("/review", FAILING).text
    assert "is written" in save(tab, FAILING, although="1").text
    assert "at_least: 900" in profile.read_text()


@pytest.mark.slow
def test_a_test_can_be_made_to_expect_what_comes_out(tab: Browser, profile: Path) -> None:
    page = tab.post("/answer", FAILING).text
    boxes = dict(re.findall(r'type="checkbox" id="at-tests[^"]*" name="([^"]*)" value="([^"]*)"', page))
    boxes = {name.replace("&#34;", '"'): value for name, value in boxes.items()}
    assert boxes == {
        'tests["a large German company"].expect.score': "60",
        'tests["a large German company"].expect.tier': "tier_2",
    }
    assert "expect tier tier_2 from now on" in page

    assert "is written" in save(tab, FAILING | boxes).text
    assert "expect: {tier: tier_2, score: 60}" in profile.read_text()


@pytest.mark.slow
def test_a_criterion_taken_out_is_left_as_a_comment(tab: Browser, profile: Path) -> None:
    assert "is written" in save(tab, {"criteria.employees": ""}).text
    assert "  # - {id: employees, label: 100 or more employees" in profile.read_text()


@pytest.mark.slow
def test_the_second_of_two_pages_is_refused(pages: Serving, folder: Path, profile: Path) -> None:
    first, second = (pages.serve(open_workbench(folder)) for _ in range(2))
    first.enter()
    second.enter()
    known = re.findall(r'name="known" value="(\w+)"', second.get("/").text)[0]
    assert "is written" in save(first, WEIGHT).text
    saved = profile.read_bytes()
    reply = second.post("/review", {"criteria.country.weight": "80", "known": known})
    assert "the file changed since this page read it; load it again first" in reply.text
    assert 'name="seen"' not in reply.text
    assert profile.read_bytes() == saved


@pytest.mark.slow
def test_an_edit_underneath_is_said_and_can_be_loaded_or_left(tab: Browser, profile: Path) -> None:
    known = re.findall(r'name="known" value="(\w+)"', tab.get("/").text)[0]
    assert tab.get(f"/file?known={known}").status == 204
    profile.write_text(profile.read_text().replace("weight: 40", "weight: 41"))
    notice = tab.get(f"/file?known={known}")
    assert notice.status == 286  # htmx asks no more
    assert "Load it again, with what I moved" in notice.text
    assert "Keep mine" in notice.text

    kept = tab.post("/answer", WEIGHT | {"known": known})
    assert 'data-query="criteria.country.weight=70"' in kept.text
    loaded = tab.get("/?criteria.country.weight=70").text
    assert 'name="criteria.employees.weight" value="41"' in loaded
    assert 'name="criteria.country.weight" value="70"' in loaded


def test_a_file_that_breaks_underneath_is_said_and_mended(tab: Browser, profile: Path) -> None:
    good = profile.read_text()
    profile.write_text("schema: [")
    reply = tab.get("/")
    assert reply.status == 422
    assert "not valid YAML" in reply.text
    profile.unlink()
    assert "cannot be read" in tab.get("/").text
    profile.write_text(good)
    assert tab.get("/").status == 200


def test_a_property_the_reading_lacks_asks_for_a_plan(tab: Browser, profile: Path) -> None:
    profile.write_text(profile.read_text().replace("property: numberofemployees", "property: annualrevenue"))
    assert "run icp-sync plan once" in tab.get("/").text


@pytest.mark.slow
def test_another_file_is_written_beside(pages: Serving, folder: Path, profile: Path) -> None:
    out, before = folder / "tried.yaml", profile.read_text()
    browser = pages.serve(open_workbench(folder, out))
    browser.enter()
    assert "tried.yaml is written" in save(browser, WEIGHT).text
    assert out.read_text() == before.replace("weight: 60", "weight: 70")
    assert profile.read_text() == before
    assert out.stat().st_mode & 0o777 == 0o644
    assert "is written" in save(browser, {"criteria.country.weight": "75"}).text  # its own file, again
    assert "weight: 75" in out.read_text()


@pytest.mark.slow
def test_a_file_that_cannot_be_written_is_as_it_was(pages: Serving, folder: Path) -> None:
    out = folder / "nowhere" / "tried.yaml"
    browser = pages.serve(open_workbench(folder, out))
    browser.enter()
    assert "cannot be written" in save(browser, WEIGHT).text
    assert not out.parent.exists()


@pytest.mark.slow
def test_a_program_may_save_too(tab: Browser, profile: Path) -> None:
    diff = tab.post("/review", WEIGHT, accept="application/json").document
    assert diff["saved"] is False
    assert "+  - {id: country" in diff["diff"]
    seen = shown(tab.post("/review", WEIGHT))
    assert tab.post("/save", WEIGHT | seen, accept="application/json").document["saved"] is True
    assert "weight: 70" in profile.read_text()


@pytest.mark.slow
def test_the_page_ends_when_it_is_closed(tab: Browser, pages: Serving) -> None:
    assert "icp-sync tune has ended" in tab.post("/close").text
    assert pages.wait(tab)


def test_the_page_ends_when_nobody_asks_anything(pages: Serving, folder: Path) -> None:
    assert pages.wait(pages.serve(open_workbench(folder), idle_s=0.05))


def test_a_fault_of_our_own_shows_no_value_of_a_company(
    tab: Browser, pages: Serving, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("icp_sync.web.whatif_session.compare_verdicts", lambda *_: 1 / 0)
    reply = tab.get("/answer?criteria.country.weight=1")
    assert (reply.status, reply.text) == (500, "a fault of our own")
    assert [type(failure) for failure in pages.failures] == [ZeroDivisionError]
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.slow
def test_who_signs_adds_a_review_of_the_day(tab: Browser, profile: Path) -> None:
    reply = save(tab, WEIGHT, reviewer=" Anna ", note="heavier: deals say so")
    assert "is written" in reply.text
    (review,) = parse_profile(profile.read_bytes(), "icp.yaml").profile.profile.reviews
    assert (review.by, review.note) == ("Anna", "heavier: deals say so")
    assert "weight: 70" in profile.read_text()


@pytest.mark.slow
def test_a_profile_that_stays_as_it_is_can_be_signed_too(tab: Browser, profile: Path) -> None:
    before = profile.read_text().splitlines()
    assert "Nothing is moved. Where you went through the profile" in tab.post("/review").text
    assert "is written" in save(tab, {}, reviewer="Anna").text
    after = profile.read_text().splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert 'by: "Anna"' in changed[0][1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fields", "problem"),
    [({"note": "fine"}, "a note needs who reviewed the profile"), ({"reviewer": "x" * 501}, "at most 500 characters")],
)
def test_a_review_nobody_can_have_meant_is_refused(
    tab: Browser, profile: Path, fields: dict[str, str], problem: str
) -> None:
    before = profile.read_bytes()
    assert problem in save(tab, WEIGHT, **fields).text
    assert profile.read_bytes() == before


@pytest.mark.slow
def test_nothing_moved_and_nobody_signed_is_nothing_to_save(tab: Browser, profile: Path) -> None:
    before = profile.read_bytes()
    assert "Write who went through it." in save(tab, {}).text
    assert profile.read_bytes() == before


@pytest.mark.slow
def test_the_reviewer_stays_while_failing_tests_are_asked_about(tab: Browser, profile: Path) -> None:
    assert 'name="reviewer" maxlength="500" value="Anna"' in save(tab, FAILING, reviewer="Anna").text
    assert "is written" in save(tab, FAILING, reviewer="Anna", although="1").text
    assert parse_profile(profile.read_bytes(), "icp.yaml").profile.profile.reviews


def test_a_problem_is_at_a_tier_by_its_name(browser: Browser) -> None:
    text = browser.post("/answer", {"tiers.tier_1.leave": "95"}).text
    assert "tier_1&#39;s `leave`" in text
    assert "tiers[0]" not in text


def test_a_review_says_what_would_hold_the_next_run(pages: Serving, tmp_path: Path) -> None:
    text = (PROFILES / "small.yaml").read_text()
    tab = pages.serve(open_workbench(profile_and_state(tmp_path, text, 200)))
    tab.enter()
    moved = {"tiers.tier_1.enter": "61"}
    for path in ("/answer", "/review"):
        assert "The next run would be held" in tab.post(path, moved).text
    assert "Lists may hold it too; they are not counted here." in tab.post("/answer", moved).text
    assert "The next run would be held" not in tab.post("/review", {"coverage.minimum": "0.5"}).text
