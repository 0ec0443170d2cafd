"""Bad nights on one host, each as the guide tells it: name of a block → what stands in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

from icp_sync.sandbox.store.history_sources import SOURCES, person_source
from tests.docs.nights.office import TIER, Office

Night = Callable[[Office], Iterator[tuple[str, str]]]
LIST = "ICP Tier 1"
REP, MANAGER = person_source(12), person_source(31)


def industry_vanishes_and_returns(office: Office) -> Iterator[tuple[str, str]]:
    """On half of all companies, for three days."""
    before = office.tiers()
    half = sorted(before)[::2]
    texts = {company: {"industry": office.portal.company(company)["industry"]} for company in half}
    office.portal.edit_companies({company: {"industry": ""} for company in half}, SOURCES["import"])
    assert office.types("run") == 0
    office.hears()
    for _ in range(2):
        office.sleeps()
        assert office.runs() == 0
        assert not office.inbox.requests
        assert office.tiers() == before
    yield "outage", office.taken()
    for company, text in texts.items():
        office.portal.edit_company(company, dict(text), SOURCES["import"])
    office.sleeps()
    assert office.types("run") == 0
    office.hears()
    assert office.tiers() == before
    yield "outage_over", office.taken()


def industry_vanishes_for_good(office: Office) -> Iterator[tuple[str, str]]:
    """On one company in twenty, and a fortnight later on an eighth of tier 1."""
    before = office.tiers()
    ids = sorted(before)
    lost = ids[:2] + ids[58:63] + ids[160:173]
    office.portal.edit_companies({company: {"industry": ""} for company in lost}, SOURCES["import"])
    assert office.runs() == 0
    assert office.types("overrides", shown=4) == 0
    office.sleeps(13)
    assert office.runs() == 0
    assert office.tiers() == before
    yield "lost", office.taken()
    office.sleeps(2)
    assert office.types("run") == 0
    assert office.types("history", "--company", str(ids[0])) == 0
    assert {company for company, tier in office.tiers().items() if tier != before[company]} == {*lost[:7]}
    yield "lost_ends", office.taken()
    before = office.tiers()
    office.portal.edit_companies({company: {"industry": ""} for company in ids[10:15]}, SOURCES["import"])
    assert office.runs() == 0
    office.sleeps(15)
    assert office.types("run") == 4
    assert office.tiers() == before
    yield "lost_held", office.taken()


def a_threshold_is_mistyped(office: Office) -> Iterator[tuple[str, str]]:
    """70 for 90."""
    before = office.tiers()
    office.edits_profile("enter: 90", "enter: 70")
    assert office.types("run") == 4
    yield "threshold", office.taken()
    office.hears()
    yield "threshold_message", office.taken()
    assert office.types("show", "last", shown=17) == 0
    yield "threshold_shown", office.taken()
    office.edits_profile("enter: 70", "enter: 90")
    assert office.types("run") == 0
    office.hears()
    assert office.tiers() == before
    yield "threshold_mended", office.taken()


def others_set_tiers(office: Office) -> Iterator[tuple[str, str]]:
    """A rep, a manager and a workflow."""
    set_by_rep, emptied, set_by_workflow = sorted(office.tiers())[:3]
    office.portal.edit_company(set_by_rep, {TIER: "tier_3"}, REP)
    office.portal.edit_company(emptied, {TIER: ""}, MANAGER)
    office.portal.edit_company(set_by_workflow, {TIER: "tier_2"}, SOURCES["workflow"])
    expected = office.tiers()
    for _ in range(2):
        assert office.runs() == 0
        office.sleeps()
        assert office.tiers() == expected
    office.hears()
    assert office.types("overrides") == 0
    yield "overrides", office.taken()
    reasons = office.portal.company(set_by_rep)["icp_fit_reasons"]
    yield "overrides_reasons", reasons
    office.portal.edit_company(set_by_rep, {TIER: ""}, REP)
    assert office.types("release", "--company", str(set_by_workflow), "--yes") == 0
    assert office.types("run") == 0
    assert office.types("overrides") == 0
    office.given_back = {set_by_rep, set_by_workflow}
    assert [office.tiers()[company] for company in (set_by_rep, emptied, set_by_workflow)] == ["tier_1", None, "tier_1"]
    yield "overrides_given_back", office.taken()


def members_are_moved(office: Office) -> Iterator[tuple[str, str]]:
    """A person puts a company on a list, and takes another off."""
    ids = sorted(office.tiers())
    taken_off, put_on = ids[0], ids[50]
    office.portal.change_list_members(LIST, [put_on], [taken_off])
    expected = office.portal.list_members(LIST)
    for _ in range(2):
        assert office.runs() == 0
        office.sleeps()
        assert office.portal.list_members(LIST) == expected
    assert office.types("overrides") == 0
    yield "pins", office.taken()
    assert office.types("release", "--pins", LIST, "--yes") == 0
    assert office.runs() == 0
    assert office.portal.list_members(LIST) == ids[:40]
    yield "pins_released", office.taken()


def the_disk_is_lost(office: Office) -> Iterator[tuple[str, str]]:
    """On a day on which a rep set a tier."""
    edited = min(office.tiers())
    office.portal.edit_company(edited, {TIER: "tier_3"}, REP)
    before, lists = office.tiers(), len(office.portal.lists.undeleted(office.portal.now()))
    shutil.rmtree(office.folder / "state")
    assert office.types("run") == 0
    assert office.types("overrides") == 0
    assert office.tiers() == before
    assert len(office.portal.lists.undeleted(office.portal.now())) == lists
    office.sleeps()
    assert office.document("run")["applied"]["companies"] == 0
    yield "lost_disk", office.taken()


def a_run_is_undone(office: Office) -> Iterator[tuple[str, str]]:
    """A profile that lets retailers in, approved by mistake."""
    before = office.tiers()
    office.edits_profile("[MACHINERY]", "[MACHINERY, RETAIL]")
    assert office.runs("--allow", "entering_tier_1", "--because", "retail is in") == 0
    edited = sorted(before)[40]
    office.portal.edit_company(edited, {TIER: "tier_3"}, REP)
    allowed = ("--allow", "leaving_tier_1", "--allow", "list_shrink", "--allow", "leaving_tiers")
    assert office.types("undo", "last", "--yes", *allowed, "--because", "retail was never agreed", shown=6) == 0
    assert office.tiers() == before | {edited: "tier_3"}
    yield "undo", office.taken()
    office.sleeps()
    assert office.types("run") == 4
    assert office.tiers() == before | {edited: "tier_3"}
    yield "undo_next_night", office.taken()
    assert office.types("history") == 0
    undone = office.document("history")["runs"][1]["run_id"]
    office.inbox.requests.clear()
    assert office.types("undo", undone, "--yes", "--allow", "entering_tier_1", shown=3) == 0
    assert office.types("run") == 0
    assert office.tiers()[sorted(before)[41]] == "tier_1"
    assert office.tiers()[edited] == "tier_3"
    yield "undo_undone", office.taken()


NIGHTS: dict[str, Night] = {
    night.__name__: night
    for night in (
        industry_vanishes_and_returns,
        industry_vanishes_for_good,
        a_threshold_is_mistyped,
        others_set_tiers,
        members_are_moved,
        the_disk_is_lost,
        a_run_is_undone,
    )
}
