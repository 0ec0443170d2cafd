"""Runs stand in the ledger in the order in which they were saved, and are found by the beginning of their id."""

from __future__ import annotations

import datetime as dt

import pytest

from icp_sync.errors import UnknownRun
from icp_sync.plan.change_frame import Change
from icp_sync.state.ledger.journal import Journal, WriteResult, WriteStatus
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.runs import RunStore, latest_portal
from tests.state.ledger.conftest import NIGHT, PORTAL, record


def test_a_run_comes_back_as_it_was_saved(runs: RunStore) -> None:
    saved = record(
        ended_at=NIGHT + dt.timedelta(minutes=4), because="the import was meant", fingerprint="f", plan_of="p",
        undoes="u", read=9, scored=8, changes=7, written=6, already=1, skipped=2, rejected=3, complete=True,
        of_some=True, exit_code=5, error="partly_applied", guardrails=({"name": "changed", "share": 0.1},),
        allowed=("changed",), causes={"data": 7}, calls={"GET /crm": 3}, seconds=240.5, epoch=12,
    )  # fmt: skip
    runs.save(saved)
    assert runs.last() == saved


def test_a_run_that_ends_keeps_its_row(runs: RunStore) -> None:
    begun = runs.save(record())
    ended = record(ended_at=NIGHT, exit_code=0)
    assert (runs.save(ended), runs.newest()) == (begun, (ended,))


def test_a_run_that_died_is_closed_by_the_next_one(runs: RunStore) -> None:
    runs.close_interrupted(runs.save(record()), NIGHT)
    assert runs.newest() == (record(ended_at=NIGHT, error="interrupted"),)


def test_a_run_that_died_has_the_numbers_of_what_came_of_its_companies(runs: RunStore, ledger: Ledger) -> None:
    row_id = runs.save(record(changes=5))
    answers: tuple[WriteStatus, ...] = ("written", "written", "already", "rejected", "unknown")
    results = dict(enumerate(answers))
    changes = {company: Change(company, "data", {}, {}) for company in results}
    journal = Journal(ledger, row_id, None, lambda: NIGHT)
    journal.announce_batch(0, changes.values())
    journal.answer_batch(0, [WriteResult(company, result) for company, result in results.items()], changes)
    runs.close_interrupted(row_id, NIGHT)
    died = record(ended_at=NIGHT, error="interrupted", changes=5, written=2, already=1, rejected=1)
    assert runs.newest() == (died,)


def test_the_newest_is_the_last_one_saved_whatever_its_clock(runs: RunStore) -> None:
    runs.save(record("a", started_at=NIGHT))
    runs.save(record("b", started_at=NIGHT - dt.timedelta(days=900)))
    assert [run.run_id for run in runs.newest()] == ["b", "a"]
    assert [run.run_id for run in runs.newest(limit=1)] == ["b"]


def test_runs_of_other_profiles_and_portals_are_apart(runs: RunStore, ledger: Ledger) -> None:
    runs.save(record("mine"))
    RunStore(ledger, PORTAL, "other").save(record("theirs", profile="other"))
    RunStore(ledger, 99, runs.profile).save(record("far", portal_id=99))
    assert [run.run_id for run in runs.newest()] == ["mine"]
    assert latest_portal(ledger) == 99


def test_a_run_is_found_by_the_beginning_of_its_id(runs: RunStore) -> None:
    runs.save(record("20261103T020000Z-abc123"))
    runs.save(record("20261104T020000Z-def456"))
    assert runs.find("20261103").run_id == "20261103T020000Z-abc123"
    assert runs.find("last").run_id == "20261104T020000Z-def456"


@pytest.mark.parametrize(
    ("run_id", "message"),
    [
        ("202611", "several runs begin with 202611: 20261104-b, 20261103-a; write more of it"),
        ("2025", "the ledger knows no run 2025; icp-sync history lists them"),
        ("%", "the ledger knows no run %; icp-sync history lists them"),
        ("theirs", "run theirs is one of profile other on portal 1234567; name that profile and use its token"),
    ],
)
def test_an_id_that_names_no_run_or_several_is_refused(runs: RunStore, run_id: str, message: str) -> None:
    runs.save(record("20261103-a"))
    runs.save(record("20261104-b"))
    RunStore(runs.ledger, PORTAL, "other").save(record("theirs", profile="other"))
    with pytest.raises(UnknownRun) as refused:
        runs.find(run_id)
    assert refused.value.message == message


def test_last_of_a_ledger_without_runs_is_refused(runs: RunStore) -> None:
    with pytest.raises(UnknownRun, match="no run of profile devops-dach on portal 1234567 yet"):
        runs.find("last")
    assert runs.last() is None


def test_the_last_complete_run_tells_what_was_read_and_for_which_day(runs: RunStore) -> None:
    assert runs.last_complete() is None
    runs.save(record("a", complete=True, read=100, as_of=dt.date(2026, 11, 2)))
    runs.save(record("b", complete=False, read=3))
    complete = runs.last_complete()
    assert complete is not None
    assert (complete.run_id, complete.read, complete.as_of) == ("a", 100, dt.date(2026, 11, 2))


def test_later_runs_and_undos_come_the_oldest_first(runs: RunStore, ledger: Ledger) -> None:
    first = runs.save(record("a"))
    for run_id, undoes in [("b", "a"), ("c", None), ("d", "b")]:
        runs.save(record(run_id, undoes=undoes))
    RunStore(ledger, PORTAL, "other").save(record("e", profile="other", undoes="d"))
    assert [run.run_id for run in runs.runs_after(first)] == ["b", "c", "d"]
    assert [run.run_id for run in runs.undo_runs()] == ["b", "d"]


def test_every_digest_a_run_stood_for_is_known(runs: RunStore) -> None:
    runs.save(record("a", digest="d1"))
    runs.save(record("b", digest="d2"))
    RunStore(runs.ledger, PORTAL, "other").save(record("c", profile="other", digest="d3"))
    assert runs.profile_digests() == {"d1", "d2"}


def test_active_profiles_are_those_with_a_run_since_the_first_of_this_one(runs: RunStore) -> None:
    assert runs.active_profiles() == {runs.profile}
    for run_id, profile in [("a", "retired"), ("b", runs.profile), ("c", "other")]:
        RunStore(runs.ledger, PORTAL, profile).save(record(run_id, profile=profile, ended_at=NIGHT))
    assert runs.active_profiles() == {runs.profile, "other"}
