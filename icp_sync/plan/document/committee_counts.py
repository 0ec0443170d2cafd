"""Counts buying committees as they stand on the records after the run: by tier, and who is missing."""

from __future__ import annotations

import polars as pl

from icp_sync.plan.diff_columns import IN_SCOPE, IS_CHANGED, committee_after_plan, desired, live
from icp_sync.plan.document.movement import Committees, CommitteeTier, MissingPersona
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import COMMITTEES


def count_committees(diff: pl.DataFrame, profile: Profile) -> Committees:
    """The committees of a diff frame; empty where the profile writes no `committee`."""
    personas = profile.personas
    if personas is None or personas.write.committee is None:
        return Committees()
    rows = diff.filter(IN_SCOPE, pl.col("effective_tier").is_in(list(personas.tiers)))
    counted = rows.group_by("effective_tier", committee_after_plan().alias("committee")).len()
    cells = {(tier, committee): count for tier, committee, count in counted.iter_rows()}
    tiers = tuple(
        CommitteeTier(tier=tier, committees={name: cells.get((tier, name), 0) for name in COMMITTEES})
        for tier in sorted(personas.tiers)
    )
    if personas.write.missing is None:
        return Committees(tiers=tiers)
    text = pl.when(IS_CHANGED).then(pl.coalesce(desired("missing"), live("missing"))).otherwise(live("missing"))
    named = rows.select(text.str.split("; ").alias("title")).explode("title")["title"].value_counts()
    lacking = dict(named.iter_rows())
    missing = (
        MissingPersona(title=persona.title, companies=lacking.get(persona.title, 0))
        for persona in personas.required_personas
    )
    return Committees(tiers=tiers, missing=tuple(sorted(missing, key=lambda row: -row.companies)))
