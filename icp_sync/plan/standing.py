"""How every company stands: what is live on its record, whose it is, and what the profile wants there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.plan.outputs import OUTPUTS
from icp_sync.profile.model import Profile, Write

CONTEXT: Final = ("name", "domain", "hubspot_owner_id")
CLAIMS: Final = ("tier", "target_account", "profile")
ID = pl.col("id")
OURS, FOREIGN, ADOPTED, INSIDE = (pl.col(name) for name in ("ours", "foreign", "adopted", "inside"))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a run leaves on a company besides the verdict: the profile's `name@digest` and the moment (UTC)."""

    profile: str
    moment: dt.datetime

    @property
    def changed_at(self) -> str:
        """ISO 8601 in UTC with milliseconds, the form HubSpot reads in every API version."""
        return (
            self.moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.")
            + f"{self.moment.microsecond // 1000:03d}Z"
        )


def live(output: str) -> pl.Expr:
    """The text on the record for an output, "" when empty."""
    return pl.col(f"live.{output}")


def want(output: str) -> pl.Expr:
    """The text the profile wants there; null = leave untouched, "" = clear."""
    return pl.col(f"want.{output}")


def standing(
    companies: pl.DataFrame, scored: pl.DataFrame, profile: Profile, stamp: Stamp, *, adopt: bool
) -> pl.DataFrame:
    """One row a company, by id: `live.*` and `want.*` texts, `ours`, `foreign`, `adopted`, `inside` (the scope), and the verdict.

    `companies` is the company frame, `scored` the scored frame (only companies in scope); the columns of
    `scored` are null for a company outside. `stands_tier` is the tier on the record after the run.
    """
    written = profile.write.properties()
    rows = (
        companies.lazy()
        .select(
            "id",
            *(pl.col(name) for name in CONTEXT if name in companies.columns),
            *(pl.col(name).fill_null("").alias(f"live.{output}") for output, name in written.items()),
        )
        .join(scored.lazy(), on="id", how="left", maintain_order="left")
        .with_columns(inside=pl.col("outcome").is_not_null())
        .pipe(_with_ownership, profile.write, adopt=adopt)
        .with_columns(**_wanted(profile.write, stamp))
        .with_columns(**_stamped(profile.write, stamp))
        .with_columns(
            stands_tier=pl.when(FOREIGN & _live_tier_known(written))
            .then(_live_tier(written))
            .otherwise(pl.col("tier"))
        )
    )
    return rows.sort("id").collect()


def any_of(*conditions: pl.Expr | None) -> pl.Expr:
    """Whether any of the conditions given holds; False when there is none."""
    return pl.any_horizontal(
        pl.lit(value=False), *(condition for condition in conditions if condition is not None)
    )


def differs(output: str) -> pl.Expr:
    """Whether the wanted value is another one than the live, compared by type: `80` is `80.0`; a moment never differs."""
    kind = OUTPUTS[output].type
    wanted, found = want(output), live(output)
    if kind == "datetime":
        return pl.lit(value=False)
    if kind == "number":
        same = wanted.cast(pl.Float64, strict=False).eq_missing(found.cast(pl.Float64, strict=False)) & (
            (wanted == "") == (found == "")
        )
    elif kind == "bool":
        same = wanted == found.str.to_lowercase()
    else:
        same = wanted == found
    return wanted.is_not_null() & ~same


def _with_ownership(rows: pl.LazyFrame, write: Write, *, adopt: bool) -> pl.LazyFrame:
    """`ours`: we wrote this record before. `foreign`: we did not, and somebody's tier or flag stands on it."""
    claim = any_of(live("tier") != "" if write.tier else None, _flagged() if write.target_account else None)
    if write.profile is None:
        marks = [live(output) != "" for output in ("outcome", "tier") if getattr(write, output)]
        return rows.with_columns(
            ours=any_of(*marks), foreign=pl.lit(value=False), adopted=pl.lit(value=False)
        )
    stamped = live("profile") != ""
    unclaimed = ~stamped & claim & INSIDE
    return rows.with_columns(
        ours=stamped, foreign=unclaimed & pl.lit(not adopt), adopted=unclaimed & pl.lit(adopt)
    )


def _flagged() -> pl.Expr:
    return live("target_account").str.to_lowercase() == "true"


def _live_tier(written: dict[str, str]) -> pl.Expr:
    return live("tier").replace("", None) if "tier" in written else pl.lit(None, pl.String)


def _live_tier_known(written: dict[str, str]) -> pl.Expr:
    return pl.lit(value="tier" in written)


def _wanted(write: Write, stamp: Stamp) -> dict[str, pl.Expr]:
    """The wanted text of every output but the two that follow from the others."""
    values = {
        "tier": pl.when(FOREIGN).then(None).otherwise(pl.col("tier").fill_null("")),
        "target_account": _wanted_flag(write),
        "score": pl.col("score").cast(pl.String),
        "potential": pl.col("potential").cast(pl.String),
        "coverage": pl.col("coverage").cast(pl.String),
        "outcome": pl.col("outcome"),
        "reasons": pl.col("reasons"),
    }
    return {
        f"want.{output}": _inside_or_cleared(output, values[output])
        for output in write.properties()
        if output in values
    }


def _wanted_flag(write: Write) -> pl.Expr:
    """`true` for the listed tiers; `false` only where a `true` of ours stands; otherwise left alone."""
    listed = (
        pl.col("tier").is_in(list(write.target_account.tiers))
        if write.target_account
        else pl.lit(value=False)
    )
    return (
        pl.when(FOREIGN)
        .then(None)
        .when(listed.fill_null(value=False))
        .then(pl.lit("true"))
        .when(_flagged() & (OURS | ADOPTED))
        .then(pl.lit("false"))
    )


def _inside_or_cleared(output: str, value: pl.Expr) -> pl.Expr:
    """A company of ours that left the scope is cleared; anybody else's outside it is not touched."""
    cleared = pl.when(_flagged()).then(pl.lit("false")) if output == "target_account" else pl.lit("")
    return pl.when(INSIDE).then(value).when(OURS).then(cleared)


def _stamped(write: Write, stamp: Stamp) -> dict[str, pl.Expr]:
    """The stamp and the moment: written only beside another change, never alone (an adopted company is the exception)."""
    written = write.properties()
    others = [differs(output) for output in written if output not in {"profile", "changed_at"}]
    moved = [differs(output) for output in ("tier", "outcome") if output in written]
    left = ~INSIDE & OURS
    mark = pl.when(INSIDE & ~FOREIGN & (any_of(*others) | ADOPTED)).then(pl.lit(stamp.profile))
    moment = pl.when(INSIDE & any_of(*moved)).then(pl.lit(stamp.changed_at))
    texts = {
        "profile": mark.when(left).then(pl.lit("")),
        "changed_at": moment.when(left & (_live_or_empty("changed_at", written) != "")).then(pl.lit("")),
    }
    return {f"want.{output}": texts[output] for output in texts if output in written}


def _live_or_empty(output: str, written: dict[str, str]) -> pl.Expr:
    return live(output) if output in written else pl.lit("")
