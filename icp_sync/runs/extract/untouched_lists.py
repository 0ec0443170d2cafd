"""Whether anybody else changed a static list: by its size, and by when members last came and went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.portal.lists import PortalList
from icp_sync.state.list_ids import ListRecord

OWN_CHANGE: Final = dt.timedelta(seconds=60)
"""How far HubSpot's date of a change of ours may be from the call that made it."""


def cached_members_of_unchanged_lists(
    portal_lists: Mapping[str, PortalList | None], known: Mapping[str, ListRecord], cached: Mapping[str, pl.Series]
) -> dict[str, pl.Series]:
    """List id → the cached members, of the lists whose size and dates are as they were when those were read.

    `portal_lists`, `known`: by the list's name in the profile. `cached`: by list id.
    """
    records = ((portal_list, known.get(name)) for name, portal_list in portal_lists.items())
    return {
        portal_list.id: cached[portal_list.id]
        for portal_list, record in records
        if portal_list is not None
        and record is not None
        and portal_list.id in cached
        # The size alone would miss a swap, the dates alone a change while our own call was under way.
        and cached[portal_list.id].len() == portal_list.size
        and _are_dates_as_recorded(record, portal_list)
    }


def with_member_change_dates(record: ListRecord, portal_list: PortalList) -> ListRecord:
    """The record with the dates of `portal_list`, as its members were read."""
    return replace(record, added_at=portal_list.added_at, removed_at=portal_list.removed_at)


def _are_dates_as_recorded(record: ListRecord, portal_list: PortalList) -> bool:
    """Whether members last came and went when the record says, or by a call of ours."""
    dates = ((portal_list.added_at, record.added_at), (portal_list.removed_at, record.removed_at))
    return all(seen == remembered or _is_own_change(record, seen) for seen, remembered in dates)


def _is_own_change(record: ListRecord, epoch_ms: int | None) -> bool:
    if epoch_ms is None or record.changed_from is None or record.changed_until is None:
        return False
    moment = dt.datetime.fromtimestamp(epoch_ms / 1000, dt.UTC)
    # HubSpot dates a move by its own clock, up to a minute after the call.
    return record.changed_from - OWN_CHANGE <= moment <= record.changed_until + OWN_CHANGE
