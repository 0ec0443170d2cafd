"""Remembers which tiers and flags stand as somebody else set them, once the plan that kept them was applied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import polars as pl

from icp_sync.runs.override_detection import OverrideDecisions
from icp_sync.runs.profile_run import ProfileRun
from icp_sync.state.ledger.overrides import GONE, Override

MERGED = "merged"


def save_override_decisions(profile_run: ProfileRun, decided: OverrideDecisions) -> None:
    """Open and end overrides as decided, and remember the sources that proved to be ours. Raises StateUnusable."""
    overrides = profile_run.store.overrides
    decisions = decided.decisions
    # Only now: a plan that was held has kept nobody's value, and the next run asks again.
    profile_run.store.own_sources.add(decided.ours)
    for ended_by, without_company in ((MERGED, decided.merged), (GONE, decided.gone)):
        rows = without_company.select("id", "property", "since")
        overrides.end({(row[0], row[1]): _from_epoch_ms(row[2]) for row in rows.iter_rows()}, ended_by)
    # First what goes on with a survivor, since what was decided about it may replace it.
    overrides.save_new(_inherited_overrides(profile_run, decided.inherited))
    overrides.save_new(_new_overrides(profile_run, decisions))
    ends = decisions.filter(pl.col("action") == "end", pl.col("ended_at").is_not_null())
    for (ended_by,), rows in ends.partition_by("ended_by", as_dict=True).items():
        keys = {(row["id"], row["property"]): _from_epoch_ms(row["ended_at"]) for row in rows.iter_rows(named=True)}
        overrides.end(keys, str(ended_by))
    # The profile or the company's data may have changed since: `overrides` shows both opinions of today.
    known = {(one.company_id, one.property): one.ours for one in overrides.list_open()}
    changed = {key: text for key, text in _desired_texts(decisions).items() if key in known and known[key] != text}
    overrides.save_desired(changed)


def _desired_texts(decisions: pl.DataFrame) -> dict[tuple[int, str], str]:
    """What the profile says in place of the values that stand."""
    standing = decisions.filter(pl.col("action").is_in(["keep", "open", "replace"]), pl.col("says").is_not_null())
    rows = standing.select("id", "property", "says").iter_rows()
    return {(company_id, name): text for company_id, name, text in rows}


def _new_overrides(profile_run: ProfileRun, decisions: pl.DataFrame) -> Iterator[Override]:
    for row in decisions.filter(pl.col("action").is_in(["open", "replace"])).iter_rows(named=True):
        yield Override(
            company_id=row["id"],
            property=row["property"],
            value=row["value"],
            ours=row["says"],
            kind=row["kind"],
            since=_from_epoch_ms(row["since"]),
            found_by=profile_run.run_id,
            source=row["source_type"],
            source_id=row["source_id"],
            source_label=row["source_label"],
            user_id=_text_or_none(row["user_id"]),
        )


def _inherited_overrides(profile_run: ProfileRun, inherited: pl.DataFrame) -> Iterator[Override]:
    """The overrides of companies merged away, as those of their survivors."""
    for row in inherited.iter_rows(named=True):
        yield Override(
            company_id=row["id"],
            property=row["property"],
            value=row["value"],
            ours=None,
            kind=row["kind"],
            since=_from_epoch_ms(row["since"]),
            found_by=profile_run.run_id,
            note=MERGED,
        )


def _from_epoch_ms(epoch_ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(epoch_ms / 1000, dt.UTC)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)
