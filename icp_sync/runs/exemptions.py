"""Overrides, held inputs and pins as they stand now, from the ledger and the snapshot; no call to HubSpot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import PROPERTY, SINCE, WAS
from icp_sync.plan.company_memory import StandingValue
from icp_sync.plan.held_inputs import HELD, STATE, attached_holds, count_held_inputs
from icp_sync.plan.history_sources import describe_source
from icp_sync.plan.overrides_holds_and_pins import Exemptions, OpenHold, OpenOverride, OpenPin
from icp_sync.plan.run_report import HeldInputs, OverrideCounts, PinCounts
from icp_sync.plan.who_emptied_inputs import EMPTIED_AT, EMPTIED_BY, summarise_emptied
from icp_sync.state.ledger.overrides import Override
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.store import StateStore

_NAME = "name"


def list_exemptions(store: StateStore, now: dt.datetime) -> Exemptions:
    """All that stands. Raises StateUnusable. Names are those of the snapshot, "" where it lacks them."""
    snapshot = store.snapshot.load()
    overrides, pins = store.overrides.list_open(), store.membership_pins.list_open()
    holds = standing_holds(snapshot)
    ids = {override.company_id for override in overrides} | {pin.company_id for pin in pins} | {*holds[ID]}
    # By the snapshot rather than by HubSpot: looking at what stands needs no token and costs no call.
    names = _company_names(snapshot, ids)
    lists = {record.id: name for name, record in store.lists.records().items()}
    return Exemptions(
        store.portal_id,
        now,
        tuple(_build_open_override(override, names) for override in overrides),
        tuple(
            OpenHold(row[ID], names.get(row[ID], ""), row[PROPERTY], row[WAS] or "", row[SINCE], row[EMPTIED_AT],
                     row[EMPTIED_BY])
            for row in holds.iter_rows(named=True)
        ),
        tuple(
            # A list the profile dropped has no name here any more; by its id it can still be found in HubSpot.
            OpenPin(lists.get(pin.list_id, pin.list_id), pin.company_id, names.get(pin.company_id, ""), pin.side,
                        pin.since)
            for pin in pins
        ),
        summarise_emptied(holds),
        bool(lists),
    )  # fmt: skip


def count_exemptions(store: StateStore) -> tuple[HeldInputs, OverrideCounts, PinCounts]:
    """What stands by ledger and snapshot, for the report of a run that read no companies. Raises StateUnusable."""
    pins = store.membership_pins.list_open()
    sides = [sum(pin.side == side for pin in pins) for side in ("in", "out")]
    lost_inputs = count_held_inputs(standing_holds(store.snapshot.load()))
    return lost_inputs, OverrideCounts(len(store.overrides.list_open())), PinCounts(*sides)


def standing_holds(snapshot: Snapshot | NoSnapshot) -> pl.DataFrame:
    """The holds of a snapshot that stand (`HOLDS`); none without one."""
    if isinstance(snapshot, NoSnapshot):
        return attached_holds(pl.DataFrame())
    return attached_holds(snapshot.differences).filter(pl.col(STATE) == HELD)


def _company_names(snapshot: Snapshot | NoSnapshot, ids: set[int]) -> Mapping[int, str]:
    if isinstance(snapshot, NoSnapshot) or _NAME not in snapshot.companies.columns:
        return {}
    wanted = pl.Series(list(ids), dtype=pl.Int64)
    rows = snapshot.companies.filter(pl.col(ID).is_in(wanted.implode())).select(ID, pl.col(_NAME).fill_null(""))
    return dict(rows.iter_rows())


def _build_open_override(override: Override, names: Mapping[int, str]) -> OpenOverride:
    return OpenOverride(
        override.company_id,
        names.get(override.company_id, ""),
        override.property,
        override.value,
        override.ours,
        override.kind,
        override.user_id,
        override.since,
        override.note,
        describe_setter(override),
    )


def standing_value(override: Override) -> StandingValue:
    """An override as `explain` shows it."""
    by = describe_setter(override)
    return StandingValue(override.property, override.value, override.kind, override.since, override.user_id, by)


def describe_setter(override: Override) -> str | None:
    """Who set the value, in words; None where history did not say."""
    if override.source is None:
        return None
    return describe_source(override.source, override.source_id, override.user_id, override.source_label)
