"""Remembers who stays on static lists and off them, and when members last came and went, once a plan was applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.list_pins import OpenPins, PinChanges
from icp_sync.runs.extract.list_resolution import ResolvedLists
from icp_sync.runs.extract.untouched_lists import with_member_change_dates
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.ledger.overrides import GONE
from icp_sync.state.ledger.pins import Pin, Side

BY_PEOPLE: Final = "people"


def save_membership_pins(profile_run: ProfileRun, lists: ResolvedLists, preview: PlanPreview) -> None:
    """End and open the pins of every static list as the plan found them. Raises StateUnusable."""
    for name, members in preview.members.items():
        list_id = lists.live[name].id
        if list_id is not None:
            _save_pin_changes(profile_run, list_id, members.pins, preview.read)
    _end_pins_of_gone(profile_run, preview.read)


def save_removal_pins(profile_run: ProfileRun, lists: Iterable[ListChange]) -> None:
    """Let those stay off whom the lists of a plan from a file say people took off. Raises StateUnusable.

    Who approved it has seen them; without it the next run would find them taken off once more, and be held again.
    """
    pins, now = profile_run.store.membership_pins, profile_run.session.now
    taken = {(change.id, company_id) for change in lists if change.id for company_id in change.taken_off}
    if taken:
        new = taken - {(pin.list_id, pin.company_id) for pin in pins.list_open()}
        pins.save_new([Pin(list_id, company_id, "out", now) for list_id, company_id in sorted(new)])


def save_membership_dates(profile_run: ProfileRun, lists: ResolvedLists, list_ids: Collection[str]) -> None:
    """Save when members of the lists `list_ids` last came and went, as they were read. Raises StateUnusable.

    Call it once their members are saved, since they are not read again while the dates stay.
    """
    store = profile_run.store.lists
    known = store.records()
    for name, portal_list in lists.portal_lists.items():
        record = known.get(name)
        if portal_list is None or record is None or portal_list.id not in list_ids:
            continue
        dated = with_member_change_dates(record, portal_list)
        if dated != record:
            store.save(dated)


def _end_pins_of_gone(profile_run: ProfileRun, present: pl.Series) -> None:
    """End the pins of companies that are no more on lists that the profile keeps no more; `present`: all others."""
    pins, now = profile_run.store.membership_pins, profile_run.session.now
    rows = [(pin.list_id, pin.company_id) for pin in pins.list_open()]
    pinned = pl.DataFrame(rows, schema={"list_id": pl.String, ID: pl.Int64}, orient="row")
    gone = pinned.filter(~pl.col(ID).is_in(present.implode()))
    for (list_id,), ids in gone.partition_by("list_id", as_dict=True).items():
        pins.end(str(list_id), ids[ID].to_list(), now, GONE)


def _save_pin_changes(profile_run: ProfileRun, list_id: str, changes: PinChanges, present: pl.Series) -> None:
    pins, now = profile_run.store.membership_pins, profile_run.session.now
    # Ended first: who is taken off again may be pinned to the other side at once.
    ended = pl.concat([changes.ended.inside, changes.ended.outside])
    is_present = ended.is_in(present.implode())
    for ended_by, ids in ((BY_PEOPLE, ended.filter(is_present)), (GONE, ended.filter(~is_present))):
        if ids.len():
            pins.end(list_id, ids.to_list(), now, ended_by)
    pins.save_new(_pins(list_id, changes.opened, now))
    pins.save_agreed(_pins(list_id, changes.agreed, now))


def _pins(list_id: str, sides: OpenPins, since: dt.datetime) -> list[Pin]:
    by_side: tuple[tuple[Side, pl.Series], ...] = (("in", sides.inside), ("out", sides.outside))
    return [Pin(list_id, company_id, side, since) for side, ids in by_side for company_id in ids]
