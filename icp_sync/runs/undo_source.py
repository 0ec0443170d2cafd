"""What an undo is drawn from: what the run wrote, by the ledger, and what stands in the portal now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.history_frame import HISTORY
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.errors import NothingToUndo
from icp_sync.plan.change_frame import Change, frame_from_changes, property_names
from icp_sync.plan.diff_columns import CONTEXT, any_of
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.run_record import RunRecord
from icp_sync.plan.undo_conflicts import NO_WRITES, find_unexplained_moves, with_writers, writes_frame
from icp_sync.plan.undo_list_members import MemberMoves
from icp_sync.plan.value_equality import texts_equal
from icp_sync.plan.write_precondition import property_types
from icp_sync.portal.companies import read as companies_api
from icp_sync.portal.companies.property_history import read_history
from icp_sync.runs.extract.list_resolution import ResolvedLists, resolve_lists
from icp_sync.runs.extract.portal_state import PortalState
from icp_sync.runs.extract.preflight import preflight
from icp_sync.runs.extract.property_definitions import fetch_definitions
from icp_sync.runs.extract.snapshot_merge import members_unchanged_by_runs
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.runs.remembered_members import with_remembered_members
from icp_sync.runs.undone_changes import member_moves
from icp_sync.state.ledger import written_changes
from icp_sync.state.snapshot import NoSnapshot, Snapshot
from icp_sync.state.store import StateStore

READ_ALWAYS: Final = 500
"""So many companies are read anew in any case, which costs five calls."""
MAX_ASKED: Final = 500
"""Companies whose history is asked for at most, to say whose change is left alone: ten calls."""


@dataclass(frozen=True, slots=True)
class UndoRequest:
    """The run to take back, by its id, the beginning of it, or `last`.

    `companies`: only these, whose tiers and flags then stand until somebody releases them; None = all. `list_name`:
    only the members of that list; None = all lists, and the companies themselves.
    """

    run: str
    companies: frozenset[int] | None = None
    list_name: str | None = None

    def find_run(self, store: StateStore) -> RunRecord:
        """The run. Raises UnknownRun, and NothingToUndo for one that has not ended."""
        record = store.runs.find(self.run)
        if record.ended_at is None:
            raise NothingToUndo(
                f"run {record.run_id} has not ended: it is still at work, or it died; the next icp-sync run settles "
                "what it left open, then it can be undone"
            )
        return record


@dataclass(frozen=True, slots=True)
class UndoSource:
    """What one undo is drawn from.

    `companies`: the company frame of the whole portal as far as it is known, with ownership columns; of the companies
    concerned it holds what stands in the portal now. `moves`: list name → what the run did to its members. `later`:
    what later runs wrote to those companies (`WRITES`). `modified`: company id → its `hs_lastmodifieddate` when all its
    properties were last read, where that is known.
    """

    changes: tuple[Change, ...]
    moves: Mapping[str, MemberMoves]
    companies: pl.DataFrame
    portal_state: PortalState
    later: pl.DataFrame
    modified: Mapping[int, str]


def read_undo_source(profile_run: ProfileRun, record: RunRecord, request: UndoRequest) -> UndoSource:
    """Find what the run wrote, and read what stands there now. Raises NothingToUndo and PreflightFailed."""
    changes, moves = _changes_of_run(profile_run.store, record, request)
    connection, profile = profile_run.connection, profile_run.profile
    checked = preflight(profile, profile_run.session.account, fetch_definitions(connection, [profile]))
    snapshot = profile_run.store.snapshot.load()
    known = snapshot if isinstance(snapshot, Snapshot) and snapshot.after is None else NoSnapshot("none is complete")
    names = [name for name in _undo_properties(profile_run) if name in checked.definitions]
    frame = _current_companies(profile_run, known, changes, names)
    frame = with_ownership(with_missing_columns(frame, _undo_properties(profile_run)), profile, adopt=False)
    lists = _resolve_lists_if_members_moved(profile_run, known, moves)
    ids = frozenset(change.id for change in changes)
    later = _later_writes(profile_run.store, record, ids)
    return UndoSource(changes, moves, frame, PortalState(checked, lists), later, _known_dates(known, ids))


def _known_dates(snapshot: Snapshot | NoSnapshot, ids: Collection[int]) -> dict[int, str]:
    """Company id → its date in the snapshot: what was edited since has more to be read than an undo reads."""
    if isinstance(snapshot, NoSnapshot):
        return {}
    rows = snapshot.companies.filter(pl.col(ID).is_in(list(ids)))
    return dict(rows.select(ID, MODIFIED).drop_nulls().iter_rows())


def find_later_authors(profile_run: ProfileRun, writes: pl.DataFrame, left: pl.DataFrame) -> pl.DataFrame:
    """The `LEFT` frame with whose change each row is; HubSpot's history is asked where no later run explains it.

    `writes`: what later runs wrote (`WRITES`).
    """
    # The ledger first, which costs no call: HubSpot tells the history of fifty companies a call (hubspot-api.md,
    # section 2.1).
    asked = find_unexplained_moves(left, writes)
    some = asked[ID].unique().sort().head(MAX_ASKED)
    if some.is_empty():
        return with_writers(left, writes, HISTORY.to_frame())
    names = asked.filter(pl.col(ID).is_in(some.implode()))["property"].unique().sort().to_list()
    return with_writers(left, writes, read_history(profile_run.connection, some.to_list(), names))


def _later_writes(store: StateStore, record: RunRecord, ids: Collection[int]) -> pl.DataFrame:
    """What later runs wrote to these companies (`WRITES`), the newest last.

    What never arrived explains nothing, and what did without an answer shows on the record.
    """
    frames = [NO_WRITES]
    for run in store.runs.runs_after(record.row_id or 0) if ids else ():
        changes = written_changes.read_written_changes(store.ledger, run.row_id or 0, confirmed=True)
        frames.append(writes_frame(run.run_id, (change for change in changes if change.id in ids)))
    return pl.concat(frames)


def _changes_of_run(
    store: StateStore, record: RunRecord, request: UndoRequest
) -> tuple[tuple[Change, ...], dict[str, MemberMoves]]:
    """What the run wrote of what the undo is asked for."""
    row_id = record.row_id or 0
    changes = written_changes.read_written_changes(store.ledger, row_id)
    moves = member_moves(written_changes.read_list_changes(store.ledger, row_id))
    if not changes and not moves:
        raise NothingToUndo(_nothing_written_advice(store, record))
    if request.list_name is not None:
        if request.list_name not in moves:
            lists = f"; it changed {', '.join(sorted(moves))}" if moves else ""
            raise NothingToUndo(f"run {record.run_id} moved nobody on a list {request.list_name}{lists}")
        changes, moves = (), {request.list_name: moves[request.list_name]}
    if request.companies is None:
        return changes, moves
    changes = tuple(change for change in changes if change.id in request.companies)
    moves = {
        name: limited for name, move in moves.items() if (limited := move.limit_to_companies(request.companies)).ids
    }
    concerned = {change.id for change in changes}.union(*(move.ids for move in moves.values()))
    if unknown := sorted(request.companies - concerned):
        raise NothingToUndo(f"run {record.run_id} wrote nothing to company {', '.join(map(str, unknown))}")
    return changes, moves


def _nothing_written_advice(store: StateStore, record: RunRecord) -> str:
    """That the run wrote nothing, and which run applied the plan it made, or else wrote last before it."""
    applied = [run.run_id for run in store.runs.runs_after(record.row_id or 0) if run.plan_of == record.run_id]
    wrote = [run for run in store.runs.newest(None) if run.written and (run.row_id or 0) < (record.row_id or 0)]
    before = f"; before it run {wrote[0].run_id} ({wrote[0].command}) wrote {wrote[0].written:,}" if wrote else ""
    hint = f"; its plan was applied by run {applied[-1]}" if applied else before
    return f"run {record.run_id} wrote nothing that is still known{hint}; icp-sync history lists the runs"


def _undo_properties(profile_run: ProfileRun) -> tuple[str, ...]:
    """The properties an undo looks at: those written, the lock, and what previews show."""
    profile = profile_run.profile
    lock = [profile.lock.property_name] if profile.lock else []
    return tuple(dict.fromkeys([*CONTEXT, MODIFIED, *profile.write.properties().values(), *lock]))


def _current_companies(
    profile_run: ProfileRun, snapshot: Snapshot | NoSnapshot, changes: tuple[Change, ...], names: Sequence[str]
) -> pl.DataFrame:
    """The companies of the snapshot, with those concerned as they are in the portal now; those gone are left out.

    The snapshot is believed only where it says that a company still holds what the run wrote: each company is read
    once more right before it is written, so an edit it does not know of is found there.
    """
    written = frame_from_changes(changes)
    ids = frozenset(written[ID])
    if isinstance(snapshot, NoSnapshot):
        return companies_api.read_by_ids(profile_run.connection, ids, names)
    known = snapshot_frames.select_available_properties(snapshot.companies, names)
    known = with_missing_columns(known, names)
    untouched = frozenset[int]() if len(ids) <= READ_ALWAYS else _unmoved_ids(written, known, profile_run)
    to_read = ids - untouched
    if not to_read:
        return known
    now = companies_api.read_by_ids(profile_run.connection, to_read, names, profile_run.session.progress.advance)
    return snapshot_frames.upsert_rows(snapshot_frames.drop_companies(known, to_read), now)


def _unmoved_ids(written: pl.DataFrame, known: pl.DataFrame, profile_run: ProfileRun) -> frozenset[int]:
    """The companies that hold all the run wrote, as far as the snapshot knows."""
    types = property_types(profile_run.profile)
    names = [name for name in property_names(written) if name in types]
    rows = written.join(known, on=ID, how="inner")
    moved = (
        ~texts_equal(pl.col(name).fill_null(""), pl.col(f"after.{name}"), types[name]).fill_null(value=True)
        for name in names
    )
    return frozenset(rows.filter(~any_of(*moved))[ID])


def _resolve_lists_if_members_moved(
    profile_run: ProfileRun, snapshot: Snapshot | NoSnapshot, moves: Mapping[str, MemberMoves]
) -> ResolvedLists:
    """The lists of the profile, looked up only where the run moved members."""
    if not moves:
        return ResolvedLists(None, {})
    lists = profile_run.store.lists
    cached = members_unchanged_by_runs(snapshot, lists.last_changing_runs())
    resolved = resolve_lists(
        profile_run.connection, profile_run.profile, lists.records(), profile_run.allowed_names, cached
    )
    return with_remembered_members(profile_run, snapshot, resolved)
