"""What the reasons of a company say first where something else than its scores decided."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.scoring.reasons import LONGEST
from icp_sync.scoring.score import ScoreResult

NOTE: Final = "note"
_CUT: Final = " …"
_REASONS: Final = "reasons"
_SET_BY: Final = {"person": "by hand", "automation": "by an automation", "undo": "back by an undo"}


def prepend_notes(scored: ScoreResult, notes: pl.DataFrame) -> ScoreResult:
    """The scores, with the reasons of the companies of `notes` (`id`, `note`) begun by their note.

    Reasons that grow longer than `LONGEST` are cut at a word.
    """
    if notes.is_empty():
        return scored
    noted = scored.frame.join(notes, on=ID, how="left", maintain_order="left")
    whole = pl.concat_str(NOTE, pl.lit(" "), _REASONS)
    cut = whole.str.head(LONGEST - len(_CUT)).str.replace(r"\s+\S*$", "") + _CUT
    begun = pl.when(whole.str.len_chars() <= LONGEST).then(whole).otherwise(cut)
    return replace(scored, frame=noted.with_columns(pl.coalesce(begun, _REASONS).alias(_REASONS)).drop(NOTE))


def override_notes(decisions: pl.DataFrame, scored: pl.DataFrame, tier: str, zone: str) -> pl.DataFrame:
    """`id` and `note` of companies whose tier stands.

    Such as "Tier set by hand on 3 Nov; the profile says tier_2." `decisions`: of `overrides.decide_writes`; those about
    `tier` that stand count. `scored`: with the places in capacity that tiers take that stand. `zone`: the portal's. The
    day is the one on which the value was set, so the note does not move from night to night.
    """
    day = pl.from_epoch("since", time_unit="ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    by = pl.col("kind").replace_strict(_SET_BY, default="by somebody else", return_dtype=pl.String)
    agrees = pl.col("tier").fill_null("") == pl.col("value")
    profile_says = pl.format("; the profile says {}", pl.col("tier").fill_null("no tier"))
    standing = decisions.filter(pl.col("property") == tier, pl.col("action").is_in(["keep", "open", "replace"]))
    rows = standing.join(scored.select(ID, "tier"), on=ID, how="inner", maintain_order="left")
    end = pl.when(agrees).then(pl.lit("")).otherwise(profile_says)
    return rows.select(ID, pl.format("Tier set {} on {}{}.", by, day.dt.strftime("%-d %b"), end).alias(NOTE))
