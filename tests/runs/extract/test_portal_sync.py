"""A run reads what changed and nothing else, loses nobody, and reads everything when in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import polars as pl
import pytest

from icp_sync.errors import DailyLimitReached, PortalUnavailable
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.companies import search as searching
from icp_sync.runs.extract.portal_sync import Extract, PortalSync
from icp_sync.runs.interfaces import NoProgress
from icp_sync.sandbox import SandboxPortal
from icp_sync.state.directory import StateDirectory
from icp_sync.state.snapshot import NoSnapshot, Snapshot, SnapshotStore
from tests.portal.instant import InstantClock
from tests.portal.scripted import Scripted, answering

LIST = "GET /crm/objects/companies"
SEARCH = "POST /crm/objects/companies/search"
READ = "POST /crm/objects/companies/batch/read"
Starting = Callable[..., PortalSync]


def kept(reading: Extract) -> Snapshot:
    """The reading as the next night finds it."""
    return Snapshot(reading.companies, reading.watermark, reading.last_full_at, reading.watermark)


def first(reader: Starting) -> Snapshot:
    return kept(reader().read(NoSnapshot("there is no snapshot yet"), full=False))


def names(reading: Extract) -> dict[int, str]:
    return dict(reading.companies.select("id", "name").iter_rows())


@pytest.fixture
def snapshot(reader: Starting, portal: SandboxPortal, clock: InstantClock) -> Snapshot:
    """A snapshot of last night; a day has passed and nothing was counted since."""
    snapshot = first(reader)
    clock.pass_by(86_400)
    portal.calls.reset()
    return snapshot


def the_same_as_the_portal(reading: Extract, portal: SandboxPortal) -> bool:
    return reading.companies.drop("hs_merged_object_ids").equals(
        portal.companies_frame("name", "country", "hs_lastmodifieddate")
    )


def test_without_a_snapshot_everything_is_read_and_said_so(reader: Starting, portal: SandboxPortal) -> None:
    reading = reader().read(NoSnapshot("there is no snapshot yet"), full=False)
    assert the_same_as_the_portal(reading, portal)
    assert (reading.is_full, reading.notes) == (True, ("there is no snapshot yet; the whole portal was read",))


def test_nothing_changed_takes_three_calls(reader: Starting, portal: SandboxPortal, snapshot: Snapshot) -> None:
    reading = reader().read(snapshot, full=False)
    assert the_same_as_the_portal(reading, portal)
    assert (reading.is_full, reading.fetched) == (False, 0)
    assert dict(portal.calls.by_route) == {SEARCH: 2, LIST: 1}


def test_a_delta_within_the_second_of_the_full_read_is_no_full_read(reader: Starting, snapshot: Snapshot) -> None:
    again = reader()
    assert again.read(replace(snapshot, full_at=again.now), full=False).is_full is False


def test_edited_new_archived_and_merged_companies_are_followed(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot
) -> None:
    portal.edit_company(7, {"name": "Seven"})
    portal.create_company({"name": "New", "country": "AT"})
    portal.archive(8)
    portal.merge(9, 10)
    portal.merge(11, 12, new_id=True)
    reading = reader().read(snapshot, full=False)
    assert the_same_as_the_portal(reading, portal)
    assert not reading.is_full
    assert dict(portal.calls.by_route) == {SEARCH: 2, LIST: 1}


@pytest.fixture
def narrow(snapshot: Snapshot, tmp_path: Path) -> Snapshot:
    """The snapshot of last night as it is loaded from disk, with two columns left there."""
    store = SnapshotStore(StateDirectory.open(tmp_path), 1, "icp")
    store.save(snapshot)
    loaded = store.load(["name", "hs_lastmodifieddate"])
    assert isinstance(loaded, Snapshot)
    return loaded


def test_with_columns_left_on_disk_the_same_is_read(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot, narrow: Snapshot
) -> None:
    portal.edit_company(7, {"name": "Seven"})
    portal.create_company({"name": "New", "country": "AT"})
    portal.archive(8)
    portal.merge(9, 10)
    whole, reading = reader().read(snapshot, full=False), reader().read(narrow, full=False)
    assert dict(portal.calls.by_route) == {SEARCH: 4, LIST: 2}
    assert reading.companies.equals(whole.companies.drop("name", "hs_lastmodifieddate"))
    assert reading.delta is not None
    stored = reading.delta.apply(narrow, reading.companies["id"])
    assert stored is not None
    assert stored.read().equals(whole.companies)
    assert dict(reading.delta.before.filter(pl.col("id") == 7).select("id", "name").iter_rows()) == {7: "C7"}


def test_what_was_read_since_another_snapshot_is_not_put_into_this_one(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot, narrow: Snapshot
) -> None:
    portal.edit_company(7, {"name": "Seven"})
    reading = reader().read(snapshot, full=False)
    assert reading.delta is not None
    older = replace(narrow, read_from=narrow.read_from - dt.timedelta(days=1))
    assert reading.delta.apply(older, reading.companies["id"]) is None


def test_with_a_property_more_all_columns_are_at_hand(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot, narrow: Snapshot
) -> None:
    names = "name", "country", "city"
    whole, reading = reader(*names).read(snapshot, full=False), reader(*names).read(narrow, full=False)
    assert reading.companies.equals(whole.companies)
    assert reading.delta is None
    assert portal.calls.by_route[READ] == 2 * 3


def test_what_the_index_shows_late_is_found_the_night_after(
    reader: Starting, portal: SandboxPortal, clock: InstantClock, snapshot: Snapshot
) -> None:
    portal.change_settings(index_lag=1_800)
    portal.edit_company(7, {"name": "Seven"})
    second = reader().read(snapshot, full=False)
    assert names(second)[7] == "C7"
    clock.pass_by(3_000)
    assert names(reader().read(kept(second), full=False))[7] == "Seven"


def test_our_own_writes_are_not_read_again(reader: Starting, portal: SandboxPortal, snapshot: Snapshot) -> None:
    portal.edit_company(7, {"name": "ours"})
    moment = portal.company(7)["hs_lastmodifieddate"]
    seven = pl.col("id") == 7
    ours = snapshot.companies.with_columns(
        name=pl.when(seven).then(pl.lit("ours")).otherwise("name"),
        hs_lastmodifieddate=pl.when(seven).then(pl.lit(moment)).otherwise("hs_lastmodifieddate"),
    )
    reading = reader().read(Snapshot(ours, snapshot.read_from, snapshot.full_at, snapshot.as_of), full=False)
    assert the_same_as_the_portal(reading, portal)
    assert reading.fetched == 0


def test_a_company_whose_date_is_not_known_is_read_by_its_id(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot
) -> None:
    undated = snapshot.companies.with_columns(
        hs_lastmodifieddate=pl.when(pl.col("id") != 7).then("hs_lastmodifieddate"), name=pl.lit("wrong")
    )
    reading = reader().read(Snapshot(undated, snapshot.read_from, snapshot.full_at, snapshot.as_of), full=False)
    assert names(reading)[7] == "C7"
    assert portal.calls.by_route[READ] == 1


def test_a_property_the_snapshot_lacks_is_read_alone(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot
) -> None:
    reading = reader("name", "country", "city").read(snapshot, full=False)
    assert reading.companies["city"].to_list() == [None] * 300
    assert dict(portal.calls.by_route) == {SEARCH: 2, LIST: 1, READ: 3}


def test_a_property_made_anew_is_read_anew(reader: Starting, portal: SandboxPortal, snapshot: Snapshot) -> None:
    wrong = Snapshot(
        snapshot.companies.with_columns(name=pl.lit("gone")), snapshot.read_from, snapshot.full_at, snapshot.as_of
    )
    reading = reader().read(wrong, columns_to_refetch={"name"}, full=False)
    assert the_same_as_the_portal(reading, portal)


def test_more_properties_than_a_search_may_name_are_read_by_id(
    reader: Starting, portal: SandboxPortal, clock: InstantClock
) -> None:
    many = [f"property_number_{number}_of_many" for number in range(100)]
    for name in many:
        portal.add_property(name)
    snapshot = kept(reader("name", *many).read(NoSnapshot("none"), full=False))
    clock.pass_by(86_400)
    portal.edit_company(7, {many[99]: "new"})
    portal.archive(8)
    portal.calls.reset()
    reading = reader("name", *many).read(snapshot, full=False)
    assert dict(reading.companies.select("id", many[99]).drop_nulls().iter_rows()) == {7: "new"}
    assert 8 not in names(reading)
    assert portal.calls.by_route[READ] == 1


def test_full_reads_all_known_companies_side_by_side_and_the_new(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot
) -> None:
    portal.edit_company(7, {"name": "Seven"})
    portal.create_company({"name": "New"})
    portal.archive(8)
    reading = reader().read(snapshot, full=True)
    assert the_same_as_the_portal(reading, portal)
    assert reading.is_full
    assert portal.calls.by_route[READ] == 4
    assert LIST not in portal.calls.by_route


def test_full_finds_a_company_that_came_back_from_the_recycle_bin(
    reader: Starting, portal: SandboxPortal, clock: InstantClock
) -> None:
    portal.archive(8)
    snapshot = first(reader)
    clock.pass_by(86_400)
    portal.restore(8)
    reading = reader().read(snapshot, full=True)
    assert the_same_as_the_portal(reading, portal)


def test_a_snapshot_that_lost_companies_is_seen_by_the_count_and_mended(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot
) -> None:
    short = Snapshot(snapshot.companies.head(200), snapshot.read_from, snapshot.full_at, snapshot.as_of)
    reading = reader().read(short, full=False)
    assert the_same_as_the_portal(reading, portal)
    assert reading.notes == ("HubSpot counts 300 companies, the snapshot has 200; the whole portal was read",)


def test_a_snapshot_with_companies_too_many_is_mended_too(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot
) -> None:
    others = snapshot.companies.with_columns(pl.col("id") + 1000)
    much = Snapshot(pl.concat([snapshot.companies, others]), snapshot.read_from, snapshot.full_at, snapshot.as_of)
    assert the_same_as_the_portal(reader().read(much, full=False), portal)


def test_a_full_reading_that_is_short_is_refused(clock: InstantClock) -> None:
    def answer(body: bytes) -> Scripted:
        record = {"id": "1", "properties": {"name": "A", "hs_lastmodifieddate": "2026-01-01T00:00:00Z"}}
        return Scripted(200, {"total": 500, "results": [record]} if body else {"results": [record]})

    with answering(answer) as (url, _), Connection("t0ken", url, stop=Event(), clock=clock) as other:
        reader = PortalSync(other, NoProgress(), ["name"], dt.datetime.now(dt.UTC))
        with pytest.raises(PortalUnavailable, match="counts 500 companies but gave 1"):
            reader.read(NoSnapshot("none"), full=False)


def test_a_clock_of_ours_that_runs_ahead_loses_nothing(
    portal: SandboxPortal, clock: InstantClock, reader: Starting
) -> None:
    ahead = reader()
    ahead.now += dt.timedelta(days=400)
    snapshot = kept(ahead.read(NoSnapshot("none"), full=False))
    clock.pass_by(60)
    portal.edit_company(7, {"name": "Seven"})
    assert names(reader().read(snapshot, full=False))[7] == "Seven"


def test_a_first_reading_cut_short_is_gone_on_with(
    reader: Starting, portal: SandboxPortal, clock: InstantClock
) -> None:
    begun: list[Snapshot] = []
    cut = reader()
    cut.save_checkpoint = begun.append
    portal.faults.add("429_daily", route=LIST, after_calls=2)
    with pytest.raises(DailyLimitReached):
        cut.read(NoSnapshot("none"), full=False)
    portal.faults.clear()
    (snapshot,) = begun
    assert (snapshot.companies.height, snapshot.after) == (200, "200")
    clock.pass_by(86_400)
    portal.edit_company(7, {"name": "Seven"})
    portal.calls.reset()
    reading = reader().read(snapshot, full=False)
    assert the_same_as_the_portal(reading, portal)
    assert reading.last_full_at == snapshot.read_from
    assert reading.delta is None, "the snapshot on disk has a part of the portal"
    assert "brought to its end" in reading.notes[0]
    assert portal.calls.by_route[LIST] == 1 + 1


def test_a_place_in_the_list_hubspot_no_longer_knows_is_started_from_anew(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot
) -> None:
    begun = replace(snapshot, companies=snapshot.companies.head(100), after="nowhere")
    reading = reader().read(begun, full=False)
    assert the_same_as_the_portal(reading, portal)
    assert reading.is_full


def test_a_reading_begun_with_fewer_properties_is_started_anew(
    reader: Starting, portal: SandboxPortal, snapshot: Snapshot
) -> None:
    begun = replace(snapshot, companies=snapshot.companies.head(100).drop("country"), after="100")
    assert the_same_as_the_portal(reader().read(begun, full=False), portal)


def test_companies_archived_behind_a_full_page_of_the_recycle_bin_are_found_by_the_count(
    reader: Starting, portal: SandboxPortal, clock: InstantClock
) -> None:
    portal.archive(*range(1, 121))
    snapshot = first(reader)
    clock.pass_by(86_400)
    portal.archive(*range(271, 301))
    reading = reader().read(snapshot, full=False)
    assert the_same_as_the_portal(reading, portal)
    assert not reading.is_full or reading.notes == ()


def test_full_reads_the_list_where_more_came_back_than_are_worth_looking_for(
    reader: Starting, portal: SandboxPortal, clock: InstantClock
) -> None:
    portal.archive(*range(1, 71))
    snapshot = first(reader)
    clock.pass_by(86_400)
    portal.restore(*range(1, 71))
    reading = reader().read(snapshot, full=True)
    assert the_same_as_the_portal(reading, portal)
    assert reading.notes == ("HubSpot counts 70 companies more than are known; the whole portal was read",)


def test_full_finds_who_came_back_where_counts_end_at_ten_thousand(
    reader: Starting, portal: SandboxPortal, clock: InstantClock
) -> None:
    portal.add_companies(pl.DataFrame({"id": range(1_001, 11_001), "name": ["more"] * 10_000}))
    portal.change_settings(search_total_capped=True)
    portal.archive(500 + 1_000, 9_000)
    snapshot = first(reader)
    clock.pass_by(86_400)
    portal.restore(500 + 1_000, 9_000)
    reading = reader().read(snapshot, full=True)
    assert the_same_as_the_portal(reading, portal)
    assert reading.notes == ()


def test_full_falls_back_on_the_list_where_searches_stay_short(
    reader: Starting, snapshot: Snapshot, portal: SandboxPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*_: object, **__: object) -> None:
        raise searching.ShortSearch("HubSpot's search keeps answering fewer companies than it counts")

    monkeypatch.setattr(searching, "fetch_search_windows", short)
    reading = reader().read(snapshot, full=True)
    assert the_same_as_the_portal(reading, portal)
    assert reading.notes[0].startswith("HubSpot's search keeps answering fewer")


def test_a_snapshot_from_after_the_portals_own_time_is_not_gone_on_from(
    reader: Starting, snapshot: Snapshot, portal: SandboxPortal
) -> None:
    later = replace(snapshot, read_from=snapshot.read_from + dt.timedelta(days=400))
    portal.edit_company(7, {"name": "Seven"})
    reading = reader().read(later, full=False)
    assert the_same_as_the_portal(reading, portal)
    assert reading.is_full
