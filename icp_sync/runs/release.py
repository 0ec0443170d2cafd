"""Release: ends overrides, held inputs and pins, so that the next run writes what the profile says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from icp_sync.companies.input_differences import PROPERTY
from icp_sync.errors import NothingToRelease
from icp_sync.plan.held_inputs import ENDED, HELD, OUTAGE_SINCE, STATE, attach_holds, attached_holds, release_holds
from icp_sync.state.ledger.overrides import Override
from icp_sync.state.ledger.pins import RELEASED, Pin
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.store import StateStore, lock_all


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """What to end. `companies`: only of these, None = of all.

    `overrides`, `lost`: whether overrides and held inputs end. `property_name`: only of this input, even during an
    outage. `pins`: the name or id of the list whose pins end.
    """

    companies: frozenset[int] | None = None
    overrides: bool = False
    lost: bool = False
    property_name: str | None = None
    pins: str | None = None


@dataclass(frozen=True, slots=True)
class Releasable:
    """What a request would end; `holds`: all holds of the snapshot as they would be, `ending` how many end."""

    overrides: tuple[Override, ...] = ()
    pins: tuple[Pin, ...] = ()
    holds: pl.DataFrame | None = None
    ending: int = 0

    @property
    def count(self) -> int:
        """How many things end."""
        return len(self.overrides) + len(self.pins) + self.ending


def find_releasable(store: StateStore, request: ReleaseRequest) -> Releasable:
    """What the request would end. Raises NothingToRelease where that is nothing, and StateUnusable."""
    overrides = store.overrides.list_open() if request.overrides else ()
    pins = store.membership_pins.list_open() if request.pins else ()
    list_id = _list_id(store, request.pins) if request.pins else None
    holds, ending = _holds_after_release(store.snapshot.load(), request) if request.lost else (None, 0)
    releasable = Releasable(
        tuple(override for override in overrides if _is_requested(override.company_id, request)),
        tuple(pin for pin in pins if pin.list_id == list_id and _is_requested(pin.company_id, request)),
        holds,
        ending,
    )
    if not releasable.count:
        raise NothingToRelease(_why_nothing(holds, request))
    return releasable


def _why_nothing(holds: pl.DataFrame | None, request: ReleaseRequest) -> str:
    """Why a request ends nothing: nothing is there, or what was lost is in an outage, whose property must be named."""
    if request.lost and holds is None:
        return (
            "no snapshot lies here, so which lost inputs are held is not known; run icp-sync plan here first, which "
            "finds them, then release them"
        )
    in_outage = pl.col(STATE) == HELD, pl.col(OUTAGE_SINCE).is_not_null()
    names = [] if holds is None else holds.filter(*in_outage)[PROPERTY].unique().sort().to_list()
    if not names:
        return "nothing of that kind stands; icp-sync overrides lists what does"
    return (
        f"{', '.join(names)} {'look' if len(names) > 1 else 'looks'} like an outage, and what so many companies lost "
        f"ends only by its name: icp-sync release --lost --property {names[0]}"
    )


def release_exemptions(store: StateStore, request: ReleaseRequest, now: dt.datetime) -> int:
    """End what the request names, under the lock of the state; returns how much. Raises NothingToRelease, LockHeld."""
    with lock_all({f"release-{now:%Y%m%dT%H%M%S}": store}):
        # Looked up again under the lock: a run may have ended some of it since the caller asked.
        releasable = find_releasable(store, request)
        # An override ends with the entry of HubSpot's history it stands on: a later edit is somebody's new word.
        endings = {(override.company_id, override.property): override.since for override in releasable.overrides}
        store.overrides.end(endings, RELEASED)
        for list_id in {pin.list_id for pin in releasable.pins}:
            ids = [pin.company_id for pin in releasable.pins if pin.list_id == list_id]
            store.membership_pins.end(list_id, ids, now, RELEASED)
        snapshot = store.snapshot.load()
        if releasable.holds is not None and isinstance(snapshot, Snapshot):
            store.ended_holds.add(releasable.holds.filter(pl.col(STATE) == ENDED), snapshot.read_from)
            differences = attach_holds(snapshot.differences, releasable.holds)
            store.snapshot.save_differences(differences, decided=snapshot.decided)
    return releasable.count


def _holds_after_release(snapshot: Snapshot | NoSnapshot, request: ReleaseRequest) -> tuple[pl.DataFrame | None, int]:
    """The holds as they would be, and how many end."""
    if isinstance(snapshot, NoSnapshot):
        return None, 0
    before = attached_holds(snapshot.differences)
    after = release_holds(before, request.companies, request.property_name)
    ended = (before[STATE] == HELD) & (after[STATE] != HELD)
    return after, int(ended.sum())


def _list_id(store: StateStore, name: str) -> str:
    # A list the profile dropped goes by no name here any more; then people give its id, as HubSpot shows it.
    record = store.lists.get(name)
    return record.id if record is not None and record.id is not None else name


def _is_requested(company_id: int, request: ReleaseRequest) -> bool:
    return request.companies is None or company_id in request.companies
