"""What predicates made of companies, kept beside the snapshot: a night evaluates only companies whose texts changed.

Scoring everybody anew stays the one definition. It is what happens where nothing is kept (few companies, a first
reading, or one cut short), where the file is damaged, and where the profile, the portal's options, number properties
or time zone, the vocabulary, icp_sync's code, Python, Polars or another library that reads texts are others than then.
Where it is kept, a company is evaluated anew whose text in any property the profile reads is another than the
snapshot's: one that was edited, is held by an old text, or has a vendor's value. So is everybody by predicates about
days. Tiers, capacity, overrides, lists and the plan are worked out of all companies every night.
"""

from __future__ import annotations

import polars as pl

from icp_sync.scoring.evaluation_cache import CachedEvaluations, evaluation_key, properties_read
from icp_sync.scoring.program import Program
from icp_sync.state.snapshot import NoSnapshot, Snapshot, SnapshotStore
from icp_sync.state.snapshot_pointer import EvaluatedFile


def load_evaluations(
    store: SnapshotStore, snapshot: Snapshot | NoSnapshot, program: Program
) -> CachedEvaluations | None:
    """What predicates made of the companies of the snapshot; None where nothing is kept that is still true."""
    if not isinstance(snapshot, Snapshot) or snapshot.evaluated is None:
        return None
    columns = store.load_evaluated(snapshot, evaluation_key(program))
    return None if columns is None else CachedEvaluations(snapshot.companies, columns)


def save_evaluations(
    store: SnapshotStore, cached: CachedEvaluations | None, companies: pl.DataFrame, program: Program
) -> EvaluatedFile | None:
    """Keep what is true of `companies`, the company frame that the next snapshot has; None where they are few."""
    if cached is None or companies.height < store.whole_below:
        return None
    # What was made of a held or a vendor's text is not true of HubSpot's own, and that is what is compared next time.
    columns = cached.columns_without_companies(cached.changed_ids(companies, program), companies)
    return store.save_evaluated(evaluation_key(program), properties_read(program), columns)
