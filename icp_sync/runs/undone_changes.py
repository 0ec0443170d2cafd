"""What undos of the ledger took back, for the guardrail that keeps the next run from writing it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import KEY, PROPERTY
from icp_sync.plan.run_record import ListChangeRecord, RunRecord
from icp_sync.plan.undo_list_members import MemberMoves
from icp_sync.plan.undone_changes import UndoneChanges, UndoRecord, merge_undos, undo_depths
from icp_sync.profile.property_reads import property_names_read
from icp_sync.runs.scored_companies import ScoredCompanies
from icp_sync.state.ledger import written_changes
from icp_sync.state.store import StateStore

UNDONE: Final = "undone"


def load_taken_back(scored: ScoredCompanies) -> UndoneChanges | None:
    """What undos took back since the profile was last edited; None where nothing is in force, as on most nights.

    Companies whose inputs changed since the last verdict are left out. Raises StateUnusable.
    """
    profile_run = scored.source.profile_run
    store = profile_run.store
    undos = _undos_in_force(store)
    if not undos:
        return None
    records = _undo_records(store, undos, profile_run.loaded.file_digest)
    return merge_undos(records, _ids_with_changed_inputs(scored))


def member_moves(changes: Iterable[ListChangeRecord]) -> dict[str, MemberMoves]:
    """List name → the companies that a run put on it and took off it; changes HubSpot refused are left out."""
    moves: dict[str, MemberMoves] = {}
    for change in changes:
        # A change HubSpot refused stands in the ledger too; nothing of it was there to be taken back.
        if change.failed is None and (change.added or change.removed):
            before = moves.get(change.name, MemberMoves())
            moves[change.name] = MemberMoves(before.added.union(change.added), before.removed.union(change.removed))
    return moves


def _undos_in_force(store: StateStore) -> tuple[RunRecord, ...]:
    """The undos, oldest first, since the last run that was allowed to write again what they took back."""
    undos = store.runs.undo_runs()
    if not undos:
        return ()
    later = store.runs.runs_after(undos[0].row_id or 0)
    of_some = {run.run_id for run in later if run.of_some}
    # A run that died half-way, or a canary, has not written again all it was allowed to: only a whole one ends the ban.
    # What applies the plan of a canary is one too.
    whole = (run for run in later if run.complete and not {run.run_id, run.plan_of} & of_some)
    allowed = [run.row_id or 0 for run in whole if UNDONE in run.allowed]
    return tuple(run for run in undos if (run.row_id or 0) > max(allowed, default=0))


def _undo_records(store: StateStore, undos: Iterable[RunRecord], whole: str) -> Iterator[UndoRecord]:
    """What the undos wrote, by the ledger; one made under another text of the profile only lifts others."""
    depths = undo_depths((run.run_id, run.undoes) for run in store.runs.undo_runs())
    for run in undos:
        row_id = run.row_id or 0
        changes = written_changes.read_written_changes(store.ledger, row_id)
        # The overrides of one that names companies keep its values by themselves; members of a list none keeps.
        lifts = (run.of_some and bool(changes)) or depths[run.run_id] % 2 == 0
        # Whoever edits the profile has looked at it since, which is all the guardrail waits for.
        if lifts or run.whole == whole:
            moves = member_moves(written_changes.read_list_changes(store.ledger, row_id))
            yield UndoRecord(lifts, changes, moves)


def _ids_with_changed_inputs(scored: ScoredCompanies) -> frozenset[int]:
    """The companies of which the profile reads another text than at its last verdict, held inputs not counted."""
    profile = scored.source.profile
    inputs = {*property_names_read(profile)}.difference(profile.write.properties().values())
    # Outputs differ after every undo: counted as inputs they would lift the guardrail each time.
    changed = scored.compared.differences.filter(pl.col(PROPERTY).is_in(list(inputs)))
    return frozenset(changed.join(scored.compared.holding.open_holds, on=KEY, how="anti")[ID])
