"""A company that HubSpot cannot show is not gone: it keeps what was read last, and is read again the next night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from icp_sync.runs.extract.portal_sync import Extract, PortalSync
from icp_sync.sandbox import SandboxPortal
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from tests.portal.instant import InstantClock
from tests.runs.extract.conftest import NAMES
from tests.unread import REASON, hide_records

Starting = Callable[..., PortalSync]
NOTE = f"HubSpot could not show 1 company (7: {REASON}); what was read last, if anything, stands for now"
LONG = tuple(f"property_with_quite_a_long_name_{number}" for number in range(200))
MANY = tuple(f"property_number_{number}_of_many" for number in range(100))


def kept(reading: Extract) -> Snapshot:
    return Snapshot(reading.companies, reading.watermark, reading.last_full_at, reading.watermark)


def undated(snapshot: Snapshot) -> Snapshot:
    """The snapshot of a run that left it open when company 7 was changed last."""
    date = pl.when(pl.col("id") != 7).then("hs_lastmodifieddate")
    return replace(snapshot, companies=snapshot.companies.with_columns(hs_lastmodifieddate=date))


@pytest.mark.parametrize(
    ("names", "more", "full"),
    [(NAMES, (), False), (NAMES, (), True), (NAMES, ("city",), False), ((*NAMES, *MANY), (), False)],
    ids=["a date unknown", "all read again", "a property more", "more properties than a search takes"],
)
def test_it_keeps_its_row_and_is_read_once_hubspot_shows_it(
    reader: Starting,
    portal: SandboxPortal,
    clock: InstantClock,
    monkeypatch: pytest.MonkeyPatch,
    names: tuple[str, ...],
    more: tuple[str, ...],
    *,
    full: bool,
) -> None:
    for name in MANY:
        portal.add_property(name)
    dated = kept(reader(*names).read(NoSnapshot("none"), full=False))
    snapshot = dated if full or more or names != NAMES else undated(dated)
    clock.pass_by(86_400)
    hidden = {7}
    hide_records(monkeypatch, hidden)
    portal.edit_company(8, {"name": "Eight"})
    if names != NAMES:
        portal.edit_company(7, {"name": "Seven"})  # a search tells of it, but not what it is
    reading = reader(*names, *more).read(snapshot, full=full)
    row = reading.companies.filter(pl.col("id") == 7).row(0, named=True)
    assert (row["name"], row["hs_lastmodifieddate"], reading.notes) == ("C7", None, (NOTE,))
    assert reading.companies.height == 300
    assert reading.companies.filter(pl.col("id") == 8)["name"].item() == "Eight"
    clock.pass_by(86_400)
    hidden.clear()
    portal.edit_company(7, {"name": "Seven", "city": "Ulm"})
    clock.pass_by(30 * 86_400)
    healed = reader(*names, *more).read(replace(kept(reading), read_from=reader().now), full=False)
    wanted = portal.companies_frame(*names, *more, "hs_lastmodifieddate")
    assert healed.companies.drop("hs_merged_object_ids").equals(wanted)
    assert healed.notes == ()


@pytest.mark.parametrize("full", [False, True])
def test_a_new_one_that_only_its_id_is_known_of_is_read_once_hubspot_shows_it(
    reader: Starting, portal: SandboxPortal, clock: InstantClock, monkeypatch: pytest.MonkeyPatch, *, full: bool
) -> None:
    """Where no search takes all properties, a search finds it, and a batch does not show it."""
    for name in MANY:
        portal.add_property(name)
    names = (*NAMES, *MANY)
    snapshot = kept(reader(*names).read(NoSnapshot("none"), full=False))
    clock.pass_by(86_400)
    new = portal.create_company({"name": "New", "country": "DE"})
    hidden = {new}
    hide_records(monkeypatch, hidden)
    clock.pass_by(86_400)
    reading = reader(*names).read(snapshot, full=full)
    row = reading.companies.filter(pl.col("id") == new).row(0, named=True)
    assert {name for name, text in row.items() if text is not None} == {"id"}
    assert reading.notes == (NOTE.replace("7:", f"{new}:"),)
    hidden.clear()
    clock.pass_by(30 * 86_400)
    healed = reader(*names).read(kept(reading), full=False)
    assert healed.companies.drop("hs_merged_object_ids").equals(portal.companies_frame(*names, "hs_lastmodifieddate"))
    assert healed.notes == ()


def test_a_full_reading_of_properties_that_no_url_takes_keeps_its_row_and_reads_it_again(
    reader: Starting, portal: SandboxPortal, clock: InstantClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (*NAMES, *LONG)
    whole = kept(reader(*names).read(NoSnapshot("none"), full=False))
    hidden = {7}
    hide_records(monkeypatch, hidden)
    first = reader(*names).read(NoSnapshot("none"), full=False)
    row = first.companies.filter(pl.col("id") == 7).row(0, named=True)
    assert ({name for name, text in row.items() if text is not None}, first.notes[1:]) == ({"id"}, (NOTE,))
    from_the_future = replace(whole, read_from=whole.read_from + dt.timedelta(days=1))
    again = reader(*names).read(from_the_future, full=False)
    row = again.companies.filter(pl.col("id") == 7).row(0, named=True)
    assert (row["name"], row["hs_lastmodifieddate"], again.notes[1:]) == ("C7", None, (NOTE,))
    hidden.clear()
    for reading in (first, again):
        clock.pass_by(30 * 86_400)
        healed = reader(*names).read(kept(reading), full=False)
        assert healed.companies.drop("hs_merged_object_ids").equals(
            portal.companies_frame(*names, "hs_lastmodifieddate")
        )
        assert healed.notes == ()


def test_where_fewer_are_counted_it_is_not_taken_for_the_one_that_is_gone(
    reader: Starting, portal: SandboxPortal, clock: InstantClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = kept(reader().read(NoSnapshot("none"), full=False))
    clock.pass_by(86_400)
    hide_records(monkeypatch, {7})
    portal.merge(9, 8)
    monkeypatch.setattr("icp_sync.companies.snapshot.drop_merged", lambda companies: companies)
    reading = reader().read(snapshot, full=False)
    assert {7, 9} <= set(reading.companies["id"])
    assert 8 not in set(reading.companies["id"])
