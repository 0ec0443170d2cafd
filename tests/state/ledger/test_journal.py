"""A batch stands in the ledger before it is sent, and what came of it after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import Connection

from icp_sync.errors import StateUnusable
from icp_sync.plan.change_frame import Change
from icp_sync.plan.run_record import CompanyResult, ListChangeRecord
from icp_sync.state.ledger import sent_texts, written_changes
from icp_sync.state.ledger.journal import Journal, WriteResult, WriteStatus
from icp_sync.state.ledger.ledger import Ledger
from icp_sync.state.ledger.runs import RunStore
from icp_sync.state.ledger.sent_texts import SentText
from tests.state.ledger.conftest import NIGHT, PORTAL, PROFILE, record

PROMOTED = Change(
    17, "data changed", {"icp_tier": "tier_2", "icp_score": "71"}, {"icp_tier": "tier_1", "icp_score": "84"}
)
SCORED = Change(18, "first score", {"icp_score": ""}, {"icp_score": "12"})
CHANGES = {change.id: change for change in (PROMOTED, SCORED)}


def journal_of(ledger: Ledger, run_id: str = "a") -> Journal:
    return Journal(ledger, RunStore(ledger, PORTAL, PROFILE).save(record(run_id)), "icp_tier", lambda: NIGHT)


def test_an_announced_batch_holds_every_value_before_and_after(ledger: Ledger) -> None:
    journal = journal_of(ledger)
    journal.announce_batch(1, CHANGES.values())
    (batch,) = written_changes.read_batches(ledger, journal.run)
    assert (batch.number, batch.sent_at, batch.answered_at, batch.changes) == (1, NIGHT, None, (PROMOTED, SCORED))
    assert batch.why == {17: {"cause": "data changed"}, 18: {"cause": "first score"}}


def test_the_ledger_may_be_written_while_batches_are_read(ledger: Ledger) -> None:
    journal = journal_of(ledger)
    for number in (1, 2):
        journal.announce_batch(number, [PROMOTED])
    for batch in written_changes.read_batches(ledger, journal.run):
        journal.answer_batch(batch.number, [], CHANGES)
    assert all(batch.answered_at for batch in written_changes.read_batches(ledger, journal.run))


def test_an_answered_batch_tells_what_came_of_each_company(ledger: Ledger) -> None:
    journal = journal_of(ledger)
    journal.announce_batch(1, CHANGES.values())
    journal.answer_batch(
        1, [WriteResult(17, "written"), WriteResult(18, "rejected", "PROPERTY: no such option")], CHANGES
    )
    assert [batch.answered_at for batch in written_changes.read_batches(ledger, journal.run)] == [NIGHT]
    assert written_changes.read_results(ledger, journal.run) == (
        CompanyResult(17, 1, "data changed", "written", "tier_2", "tier_1", None),
        CompanyResult(18, 1, "first score", "rejected", None, None, "PROPERTY: no such option"),
    )


def test_written_are_those_that_arrived_or_may_have(ledger: Ledger) -> None:
    journal = journal_of(ledger)
    journal.announce_batch(1, CHANGES.values())
    assert written_changes.read_written_changes(ledger, journal.run) == (PROMOTED, SCORED)
    journal.answer_batch(1, [WriteResult(17, "unknown"), WriteResult(18, "rejected", "no such option")], CHANGES)
    assert written_changes.read_written_changes(ledger, journal.run) == (PROMOTED,)
    assert written_changes.read_written_changes(ledger, journal.run, confirmed=True) == ()
    journal.answer_batch(1, [WriteResult(17, "written"), WriteResult(18, "skipped", "gone")], CHANGES)
    for confirmed in (False, True):
        assert written_changes.read_written_changes(ledger, journal.run, confirmed=confirmed) == (PROMOTED,)


def test_of_texts_sent_those_of_the_later_run_count_whatever_the_hosts_clocks_say(ledger: Ledger) -> None:
    earlier, later = journal_of(ledger), replace(journal_of(ledger, "b"), clock=lambda: NIGHT - dt.timedelta(seconds=1))
    later.announce_batch(1, [Change(17, "data changed", {"icp_tier": "tier_1"}, {"icp_tier": "tier_3"})])
    earlier.announce_batch(1, [PROMOTED])
    sent = sent_texts.last_values_sent(ledger, PORTAL, PROFILE, NIGHT - dt.timedelta(seconds=3), ["icp_tier"])
    assert sent == {(17, "icp_tier"): SentText("tier_3", "tier_1")}


@pytest.mark.parametrize("result", ["written", "unknown", "rejected"])
def test_what_stood_before_a_text_is_told_until_its_arrival_is_confirmed(ledger: Ledger, result: WriteStatus) -> None:
    journal = journal_of(ledger)
    journal.announce_batch(1, [PROMOTED])
    journal.answer_batch(1, [WriteResult(17, result)], CHANGES)
    before = None if result == "written" else PROMOTED.before["icp_tier"]
    sent = sent_texts.last_values_sent(ledger, PORTAL, PROFILE, NIGHT, ["icp_tier"])
    assert sent == {(17, "icp_tier"): SentText(PROMOTED.after["icp_tier"], before)}


def test_a_late_answer_of_who_sent_a_batch_replaces_what_another_run_found(ledger: Ledger) -> None:
    journal = journal_of(ledger)
    journal.announce_batch(1, [PROMOTED])
    journal.answer_batch(1, [WriteResult(17, "unknown")], CHANGES)
    journal.answer_batch(1, [WriteResult(17, "written")], CHANGES)
    assert [result.result for result in written_changes.read_results(ledger, journal.run)] == ["written"]


def test_companies_left_alone_stand_there_though_nothing_was_sent(ledger: Ledger) -> None:
    journal = journal_of(ledger)
    journal.answer_batch(1, [WriteResult(17, "skipped", "changed by somebody since the plan: icp_tier")], CHANGES)
    assert [result.result for result in written_changes.read_results(ledger, journal.run)] == ["skipped"]
    assert list(written_changes.read_batches(ledger, journal.run)) == []


def test_what_is_behind_the_fence_is_not_announced(ledger: Ledger) -> None:
    def closed(_: Connection) -> None:
        raise StateUnusable("the lease is lost")

    journal = journal_of(ledger)
    fenced = Journal(ledger, journal.run, None, lambda: NIGHT, closed)
    with pytest.raises(StateUnusable, match="the lease is lost"):
        fenced.announce_batch(1, [PROMOTED])
    with pytest.raises(StateUnusable, match="the lease is lost"):
        fenced.announce_list("Tier 1", "7", [17], [])
    assert list(written_changes.read_batches(ledger, journal.run)) == []
    assert written_changes.read_list_changes(ledger, journal.run) == ()


def test_a_text_no_database_keeps_stands_with_a_replacement(ledger: Ledger) -> None:
    journal = journal_of(ledger)
    journal.answer_batch(1, [WriteResult(17, "rejected", "a\0b\ud800c\u202e=1+1")], CHANGES)
    assert [result.reason for result in written_changes.read_results(ledger, journal.run)] == ["a\ufffdb?c\u202e=1+1"]


def test_a_list_change_holds_who_joins_and_leaves_and_how_it_ended(ledger: Ledger) -> None:
    journal = journal_of(ledger)
    journal.announce_list("Tier 1", None, (), ())
    journal.answer_list("Tier 1", "7")
    journal.announce_list("Tier 1", "7", [18, 17], [16])
    journal.answer_list("Tier 2", "8", "the list is gone")
    assert written_changes.read_list_changes(ledger, journal.run) == (
        ListChangeRecord("Tier 1", "7", NIGHT, NIGHT, (), (), None),
        ListChangeRecord("Tier 1", "7", NIGHT, None, (17, 18), (16,), None),
        ListChangeRecord("Tier 2", "8", NIGHT, NIGHT, (), (), "the list is gone"),
    )


def test_a_companys_timeline_runs_over_all_runs_newest_first(ledger: Ledger) -> None:
    for run_id, change in [
        ("a", PROMOTED),
        ("b", Change(17, "profile changed", {"icp_tier": "tier_1"}, {"icp_tier": ""})),
    ]:
        journal_of(ledger, run_id).answer_batch(1, [WriteResult(17, "written")], {17: change})
    other = RunStore(ledger, PORTAL, "other").save(record("c", profile="other"))
    Journal(ledger, other, None, lambda: NIGHT).answer_batch(1, [WriteResult(17, "written")], {17: PROMOTED})
    moves = [
        (entry.run_id, entry.at, entry.change.tier_before, entry.change.tier_after)
        for entry in written_changes.read_company_timeline(ledger, PORTAL, PROFILE, 17)
    ]
    assert moves == [("b", NIGHT, "tier_1", ""), ("a", NIGHT, "tier_2", "tier_1")]
    assert written_changes.read_company_timeline(ledger, PORTAL, PROFILE, 999) == ()


def test_a_run_that_died_is_found_with_the_batches_nobody_answered(ledger: Ledger) -> None:
    runs = RunStore(ledger, PORTAL, PROFILE)
    assert written_changes.find_unfinished_run(ledger, PORTAL, PROFILE) is None
    journal = journal_of(ledger)
    for number, change in zip(count(1), CHANGES.values(), strict=False):
        journal.announce_batch(number, [change])
    journal.answer_batch(1, [WriteResult(17, "written")], CHANGES)
    assert written_changes.find_unfinished_run(ledger, PORTAL, PROFILE) == written_changes.UnfinishedRun(
        journal.run, "a", 2, {2: (SCORED,)}
    )
    runs.save(record("b", ended_at=NIGHT))
    assert written_changes.find_unfinished_run(ledger, PORTAL, PROFILE) is None
