"""The diff: for every company the live texts, who owns the record, and the desired texts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.plan import ownership
from icp_sync.plan.outputs import OUTPUTS, PropertyType, output_types
from icp_sync.profile.model.outputs import Write
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import live_tier as live_tier_columns

CONTEXT: Final = ("name", "domain", "hubspot_owner_id")
OURS: Final = pl.col("ours")
COUNTED: Final = pl.col("counted")
FOREIGN: Final = pl.col("foreign")
ADOPTED: Final = pl.col("adopted")
IN_SCOPE: Final = pl.col("in_scope")
LOCKED: Final = pl.col(live_tier_columns.LOCKED)
IS_CHANGED: Final = pl.col("is_changed")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The provenance stamp of a run: the profile's `name@digest`, and the time of the run (UTC)."""

    profile: str
    moment: dt.datetime

    @property
    def changed_at(self) -> str:
        """ISO 8601 in UTC with milliseconds, the form HubSpot reads in every API version."""
        return self.moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.moment.microsecond // 1000:03d}Z"


def live(output: str) -> pl.Expr:
    """The text on the record for an output, "" when empty."""
    return pl.col(f"live.{output}")


def desired(output: str) -> pl.Expr:
    """The desired text of an output; null = leave untouched, "" = clear."""
    return pl.col(f"desired.{output}")


def diff_frame(
    companies: pl.DataFrame, scored: pl.DataFrame, profile: Profile, provenance: Provenance, *, adopt: bool
) -> pl.DataFrame:
    """One row a company, sorted by id: `live.*` and `desired.*` texts, ownership flags and the columns of `scored`.

    `companies`: the company frame after `with_ownership`. `scored`: the scored frame with canonical values; its
    columns are null for a company outside the scope (`in_scope` false). Boolean columns: `ours`: we wrote this record
    before; `counted`: it counts in guardrails; `foreign`: it holds a tier or flag we did not write; `adopted`: such a
    record taken over by this run. `effective_tier`: the tier on the record after the run.
    """
    written = profile.write.properties()
    live_texts = {f"live.{output}": pl.col(name).fill_null("") for output, name in written.items()}
    ownership_columns = {"ours": ownership.OURS, "counted": ownership.COUNTED, "foreign_value": ownership.FOREIGN_VALUE}
    diff = companies.select(
        "id",
        live_tier_columns.LOCKED,
        *(name for name in CONTEXT if name in companies.columns),
        **live_texts,
        **{name: pl.col(column) for name, column in ownership_columns.items()},
    )
    # Step by step: as one lazy chain a million companies take twice the memory.
    diff = diff.join(scored, on="id", how="left", maintain_order="left").with_columns(
        in_scope=pl.col("outcome").is_not_null()
    )
    diff = diff.with_columns(
        foreign=pl.col("foreign_value") & IN_SCOPE & pl.lit(value=not adopt),
        adopted=pl.col("foreign_value") & IN_SCOPE & pl.lit(value=adopt),
    )
    diff = diff.with_columns(**_desired_texts(profile.write)).with_columns(**_provenance_texts(profile, provenance))
    kept = pl.when(FOREIGN | LOCKED).then(live_tier()).otherwise("tier") if "tier" in written else pl.col("tier")
    diff = diff.with_columns(effective_tier=kept)
    return diff if diff["id"].is_sorted() else diff.sort("id")


def any_of(*conditions: pl.Expr | None) -> pl.Expr:
    """Whether any of the conditions is true; False when there is none."""
    return pl.any_horizontal(pl.lit(value=False), *(condition for condition in conditions if condition is not None))


def differs(output: str, kind: PropertyType | None = None) -> pl.Expr:
    """Whether the desired value differs from the live one, by type: `80` equals `80.0`; a datetime never differs.

    False where nothing is desired. `kind` may be left out for the outputs in `OUTPUTS`. `drift.values_equal` is the
    same comparison for two Python strings.
    """
    kind = kind or OUTPUTS[output].type
    desired_text, live_text = desired(output), live(output)
    if kind == "datetime":
        return pl.lit(value=False)
    equal = desired_text == live_text
    if kind == "number":
        equal |= (_number(desired_text) == _number(live_text)).fill_null(value=False)
    elif kind == "bool":
        equal = desired_text.str.to_lowercase() == live_text.str.to_lowercase()
    return desired_text.is_not_null() & ~equal


def live_tier() -> pl.Expr:
    """The tier on the record, null when there is none."""
    return live("tier").replace("", None)


def _number(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Float64, strict=False)


def _is_flagged() -> pl.Expr:
    return live("target_account").str.to_lowercase() == "true"


def _desired_texts(write: Write) -> dict[str, pl.Expr]:
    """The desired text of every output but `profile` and `changed_at`, which depend on whether the others differ."""
    values = {
        "tier": pl.when(FOREIGN | LOCKED).then(None).otherwise(pl.col("tier").fill_null("")),
        "target_account": _desired_flag(write),
        "score": pl.col("score").cast(pl.String),
        "potential": pl.col("potential").cast(pl.String),
        "coverage": pl.col("coverage").cast(pl.String),
        "outcome": pl.col("outcome"),
        "reasons": pl.col("reasons"),
        "best_profile": pl.col("best_profile") if write.best_profile else pl.lit(None, pl.String),
    }
    values |= {f"understood.{name}": pl.col(f"understood.{name}").fill_null("") for name in write.understood}
    return {
        f"desired.{output}": _desired_or_cleared(output, values[output])
        for output in write.properties()
        if output in values
    }


def _desired_flag(write: Write) -> pl.Expr:
    """`true` for the profile's target tiers; `false` only to take back a `true` of ours; otherwise null."""
    tiers = write.target_account.tiers if write.target_account else ()
    return (
        pl.when(FOREIGN | LOCKED)
        .then(None)
        .when(pl.col("tier").is_in(tiers))
        .then(pl.lit("true"))
        .when(_is_flagged() & (OURS | ADOPTED))
        .then(pl.lit("false"))
    )


def _desired_or_cleared(output: str, value: pl.Expr) -> pl.Expr:
    """The value in scope; a record of ours outside the scope is cleared unless locked; null for any other record."""
    cleared = pl.when(_is_flagged()).then(pl.lit("false")) if output == "target_account" else pl.lit("")
    locked = LOCKED if output in {"tier", "target_account"} else pl.lit(value=False)
    return pl.when(IN_SCOPE).then(value).when(OURS & ~locked).then(cleared)


def _provenance_texts(profile: Profile, provenance: Provenance) -> dict[str, pl.Expr]:
    """Desired `profile` and `changed_at`: written only beside another change, except when a record is adopted."""
    write, kinds = profile.write, output_types(profile)
    others = [differs(output, kind) for output, kind in kinds.items() if output not in {"profile", "changed_at"}]
    moved = [differs(output) for output in ("tier", "outcome") if output in kinds]
    left_scope = ~IN_SCOPE & OURS
    profile_text = pl.when(IN_SCOPE & ~FOREIGN & (any_of(*others) | ADOPTED)).then(pl.lit(provenance.profile))
    changed_at = pl.when(IN_SCOPE & any_of(*moved)).then(pl.lit(provenance.changed_at))
    texts = {"profile": profile_text.when(left_scope).then(pl.lit(""))} if write.profile else {}
    if write.changed_at:
        texts["changed_at"] = changed_at.when(left_scope & (live("changed_at") != "")).then(pl.lit(""))
    return {f"desired.{output}": text for output, text in texts.items()}
