"""Writing a plan's companies: who is written, who is left, what a snapshot is to hold of them, and how many calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from icp_sync.errors import PortalError, StateUnusable
from icp_sync.plan.plan import Plan
from icp_sync.runs.apply.write_companies import WriteStats, write_companies
from icp_sync.runs.ledger_records import run_begin_record
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.sandbox import SandboxPortal
from icp_sync.state.ledger.journal import Journal
from tests.marks import with_slow
from tests.portal.instant import InstantClock
from tests.read_ledger import recorded_runs

READ = "POST /crm/objects/companies/batch/read"
UPDATE = "POST /crm/objects/companies/batch/update"
MODIFIED = "hs_lastmodifieddate"


def dates(portal: SandboxPortal) -> dict[int, str]:
    return dict(portal.companies_frame(MODIFIED).iter_rows())


def begin(profile_run: ProfileRun, plan: Plan) -> Journal:
    row_id = profile_run.store.runs.save(run_begin_record(profile_run, plan))
    return profile_run.store.journal(row_id, None, profile_run.current_time)


def write(profile_run: ProfileRun, plan: Plan, modified: dict[int, str] | None = None) -> WriteStats:
    tally = WriteStats()
    write_companies(profile_run, plan, begin(profile_run, plan), modified or {}, tally)
    return tally


def calls_of(profile_run: ProfileRun, writing: Callable[[], WriteStats]) -> tuple[WriteStats, dict[str, int]]:
    """What came of it, and the calls it took by route."""
    before = profile_run.connection.calls.by_route
    tally = writing()
    after = profile_run.connection.calls.by_route
    return tally, {route: n - before.get(route, 0) for route, n in after.items() if n != before.get(route, 0)}


def results(profile_run: ProfileRun) -> dict[int, str]:
    """Company id → what the ledger says became of it."""
    return {each.id: each.result for recorded in recorded_runs(profile_run.store.path) for each in recorded.results}


# What a snapshot is to hold


def landed(tally: WriteStats) -> dict[int, dict[str, str | None]]:
    """Company id → what a snapshot is to hold of it, by property."""
    texts_by_id: dict[int, dict[str, str | None]] = {}
    for company, name, value in tally.writes.frame().iter_rows():
        texts_by_id.setdefault(company, {})[name] = value
    return texts_by_id


@pytest.mark.slow
def test_who_landed_is_held_with_the_texts_and_the_date_of_the_reply(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal
) -> None:
    tally = write(profile_run, drawn, dates(portal))
    assert landed(tally)[1][MODIFIED] == portal.company(1)[MODIFIED]
    assert landed(tally)[1]["icp_fit_outcome"] == "tiered"
    assert set(landed(tally)) == {1, 2, 3}


@pytest.mark.slow
def test_a_value_that_was_cleared_is_held_as_empty(profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal) -> None:
    clearing = drawn.changes.with_columns(pl.lit("").alias("after.icp_fit_reasons"))
    tally = write(profile_run, replace(drawn, changes=clearing), dates(portal))
    assert landed(tally)[1]["icp_fit_reasons"] is None


@pytest.mark.slow
def test_who_was_edited_since_the_plan_has_to_be_read_again(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal
) -> None:
    modified = dates(portal)
    portal.edit_company(2, {"city": "Bonn"})
    tally = write(profile_run, drawn, modified)
    assert tally.written == 3
    assert {one: texts[MODIFIED] is None for one, texts in landed(tally).items()} == {1: False, 2: True, 3: False}


def test_where_no_date_is_known_everybody_has_to_be_read_again(profile_run: ProfileRun, drawn: Plan) -> None:
    assert {texts[MODIFIED] for texts in landed(write(profile_run, drawn)).values()} == {None}


@pytest.mark.slow
def test_who_stands_as_wanted_already_is_held_so_but_for_what_somebody_may_have_set(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal
) -> None:
    write(profile_run, drawn)
    modified = {**dates(portal), 2: "another"}
    tally = write(profile_run, drawn, modified)
    assert (tally.unchanged, tally.written, tally.unwritten) == (3, 0, set())
    tier = {"hs_ideal_customer_profile": "tier_2"}
    assert landed(tally)[1] == {**landed(tally)[2], **tier, MODIFIED: modified[1]}
    assert landed(tally)[2][MODIFIED] is None
    assert not tier.keys() & landed(tally)[2].keys()


def test_who_drifted_or_is_gone_has_to_be_read_again(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal
) -> None:
    modified = dates(portal)
    portal.edit_company(1, {"icp_fit_score": "3"})
    portal.archive(2)
    tally = write(profile_run, drawn, modified)
    assert (landed(tally)[1], landed(tally)[2], tally.unwritten) == ({MODIFIED: None}, {MODIFIED: None}, {1, 2})
    assert results(profile_run) == {1: "skipped", 2: "skipped", 3: "written"}


# Answers that got lost


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["drop_after", "truncated", "half_json"])
def test_a_write_whose_answer_got_lost_is_counted_once_and_not_repeated(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal, kind: str
) -> None:
    portal.faults.add(kind, times=1, route=UPDATE)
    tally, calls = calls_of(profile_run, lambda: write(profile_run, drawn, dates(portal)))
    assert (tally.written, tally.unwritten, calls) == (3, set(), {READ: 2, UPDATE: 1})
    assert {texts[MODIFIED] for texts in landed(tally).values()} == {None}


@pytest.mark.slow
def test_an_edit_made_while_a_write_is_tried_again_is_not_overwritten(
    profile_run: ProfileRun,
    drawn: Plan,
    portal: SandboxPortal,
    clock: InstantClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    portal.faults.add("503", times=1, route=UPDATE)
    wait = clock.wait

    def wait_while_somebody_edits(seconds: float) -> None:
        if profile_run.connection.calls.by_route.get(UPDATE) and portal.company(1).get("icp_fit_score") != "7":
            portal.edit_company(1, {"icp_fit_score": "7"})
        wait(seconds)

    monkeypatch.setattr(clock, "wait", wait_while_somebody_edits)
    tally = write(profile_run, drawn, dates(portal))
    assert (tally.written, [one.id for one in tally.skipped]) == (2, ["1"])
    assert portal.company(1)["icp_fit_score"] == "7"


def test_whoever_drifted_is_left_with_the_tier_that_stands_there(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal
) -> None:
    portal.edit_company(1, {"hs_ideal_customer_profile": "tier_3"})
    tally = write(profile_run, drawn, dates(portal))
    assert [(one.id, one.tier) for one in tally.skipped] == [("1", "tier_3")]


@pytest.mark.slow
def test_a_company_merged_away_while_it_is_written_is_skipped_not_refused(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Journal.announce_batch

    def merging(self: Journal, *about: Any) -> None:
        whole(self, *about)
        portal.merge(1, 2)

    monkeypatch.setattr(Journal, "announce_batch", merging)
    tally = write(profile_run, drawn, dates(portal))
    assert (tally.written, tally.rejected, tally.rejected_alone) == (2, [], [])
    assert [(one.id, one.reason[:43]) for one in tally.skipped] == [
        ("2", "no longer in the portal (merged or archived")
    ]
    assert results(profile_run) == {1: "written", 2: "skipped", 3: "written"}


@pytest.mark.slow
@pytest.mark.parametrize("size", [250], indirect=True)
def test_a_lock_for_too_many_writes_loses_nobody(profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal) -> None:
    portal.faults.add("423", times=3, route=UPDATE)
    assert write(profile_run, drawn, dates(portal)).written == 250


# What ends it early


def test_a_batch_that_cannot_be_announced_is_not_sent(
    profile_run: ProfileRun, drawn: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StateUnusable("the disk is full")

    monkeypatch.setattr(Journal, "announce_batch", full)
    tally, calls = calls_of(profile_run, lambda: write(profile_run, drawn))
    assert (tally.fault is not None, tally.written, calls) == (True, 0, {READ: 1})


@pytest.mark.slow
def test_a_batch_whose_answer_cannot_be_journalled_is_counted_and_ends_the_run(
    profile_run: ProfileRun, drawn: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StateUnusable("the disk is full")

    monkeypatch.setattr(Journal, "answer_batch", full)
    tally = write(profile_run, drawn)
    assert (isinstance(tally.fault, StateUnusable), tally.written) == (True, 3)


@pytest.mark.slow
def test_a_batch_that_a_fault_of_the_portal_ended_is_unknown_and_has_to_be_read_again(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal
) -> None:
    portal.faults.add("429_daily", route=UPDATE)
    tally = write(profile_run, drawn, dates(portal))
    assert isinstance(tally.fault, PortalError)
    assert set(results(profile_run).values()) == {"unknown"}
    assert landed(tally) == {one: {MODIFIED: None} for one in (1, 2, 3)}


# What refusals cost


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("size", with_slow([500], [5_000]), indirect=True)
def test_one_bad_record_in_each_batch_costs_nobody_else_anything(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal, size: int
) -> None:
    batches, bad = size // 100, range(37, size, 100)
    for company in bad:
        portal.faults.reject_company(company)
    tally, calls = calls_of(profile_run, lambda: write(profile_run, drawn, dates(portal)))
    assert (tally.written, {one.id for one in tally.rejected_alone}, tally.fault) == (size - batches, set(bad), None)
    assert calls == {READ: batches, UPDATE: batches}


@pytest.mark.slow
@pytest.mark.parametrize("size", [2_000], indirect=True)
def test_a_refusal_of_everything_costs_at_most_two_batches(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal
) -> None:
    portal.faults.refuse_batch_naming_no_record(10_000)
    tally, calls = calls_of(profile_run, lambda: write(profile_run, drawn, dates(portal)))
    assert isinstance(tally.fault, PortalError)
    assert (len(tally.rejected), tally.rejected_alone, tally.written) == (200, [], 0)
    assert calls == {READ: 2, UPDATE: 2 * 199}


@pytest.mark.parametrize("size", [2_000], indirect=True)
@pytest.mark.slow
def test_a_refusal_of_everything_that_begins_with_batches_in_flight_costs_no_more(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal
) -> None:
    def refuse_from_the_third_on(_: int, route: str, phase: str) -> None:
        if (route, phase) == (UPDATE, "before") and portal.calls.count_received(UPDATE) == 3:
            portal.faults.refuse_batch_naming_no_record(10_000)

    portal.add_call_hook(refuse_from_the_third_on)
    tally, calls = calls_of(profile_run, lambda: write(profile_run, drawn, dates(portal)))
    assert isinstance(tally.fault, PortalError)
    assert (tally.written, tally.rejected_alone) == (200, [])
    assert calls[UPDATE] <= 2 + 2 * 199 + profile_run.connection.in_flight
    assert list(results(profile_run).values()).count("rejected") == len(tally.rejected)


# Everything at once

KINDS = (
    "429_secondly", "429_ten_secondly", "423", "500", "503", "502_html", "drop_before", "drop_after", "truncated",
    "half_json", "empty_2xx",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", with_slow([0], range(1, 10)))
@pytest.mark.parametrize("size", [1_500], indirect=True)
def test_with_one_call_in_five_failing_every_company_is_written_and_counted_once(
    profile_run: ProfileRun, drawn: Plan, portal: SandboxPortal, seed: int
) -> None:
    for n, kind in enumerate(KINDS):
        portal.faults.add(kind, rate=0.2 / len(KINDS), seed=seed * 100 + n)
    tally = write(profile_run, drawn, dates(portal))
    portal.faults.clear()
    assert (tally.fault, tally.skipped, tally.rejected) == (None, [], [])
    assert (tally.written, tally.unchanged, tally.unwritten) == (1_500, 0, set())
    assert portal.companies_frame("icp_fit_outcome")["icp_fit_outcome"].to_list() == ["tiered"] * 1_500
    assert set(results(profile_run).values()) == {"written"}
    known = {one: texts[MODIFIED] for one, texts in landed(tally).items() if texts[MODIFIED] is not None}
    assert known.items() <= dates(portal).items()
