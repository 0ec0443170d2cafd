"""How every company stands: what is live on its record, whose it is, and what the profile wants there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import polars as pl

from icp_sync.plan import ownership
from icp_sync.plan.outputs import OUTPUTS, PropertyType, output_types
from icp_sync.profile.model.outputs import Write
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import live_tier as lives

CONTEXT: Final = ("name", "domain", "hubspot_owner_id")
OURS: Final = pl.col("ours")
STAMPED: Final = pl.col("stamped")
FOREIGN: Final = pl.col("foreign")
ADOPTED: Final = pl.col("adopted")
INSIDE: Final = pl.col("inside")
LOCKED: Final = pl.col(lives.LOCKED)
CHANGES: Final = pl.col("changes")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a run leaves on a company beside the verdict: the profile's `name@digest` and the moment (UTC)."""

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
    """The text the profile wants there; null = leave untouched, "" = clear."""
    return pl.col(f"want.{output}")


def diff_frame(
    companies: pl.DataFrame, scored: pl.DataFrame, profile: Profile, stamp: Provenance, *, adopt: bool
) -> pl.DataFrame:
    """One row a company, by id: `live.*` and `want.*` texts, whose it is, and the verdict.

    `companies` is the company frame with its ownership, `scored` the scored frame with what was understood; a
    company outside the scope (`inside` is false) has nulls in the columns of `scored`. `ours`: we wrote this record
    before. `stamped`: and it counts in guardrails. `foreign`: somebody else's tier or flag stands on it; `adopted`:
    the same, taken over by this run. `stands_tier` is the tier on the record after the run.
    """
    written = profile.write.properties()
    live_texts = {f"live.{output}": pl.col(name).fill_null("") for output, name in written.items()}
    whose = {"ours": ownership.OURS, "stamped": ownership.STAMPED, "claimed": ownership.CLAIMED}
    rows = companies.select(
        "id",
        lives.LOCKED,
        *(name for name in CONTEXT if name in companies.columns),
        **live_texts,
        **{name: pl.col(column) for name, column in whose.items()},
    )
    # Step by step: as one lazy chain a million companies take twice the memory.
    rows = rows.join(scored, on="id", how="left", maintain_order="left").with_columns(
        inside=pl.col("outcome").is_not_null()
    )
    rows = rows.with_columns(
        foreign=pl.col("claimed") & INSIDE & pl.lit(value=not adopt),
        adopted=pl.col("claimed") & INSIDE & pl.lit(value=adopt),
    )
    rows = rows.with_columns(**_wanted(profile.write)).with_columns(**_stamped(profile, stamp))
    stands = pl.when(FOREIGN | LOCKED).then(live_tier()).otherwise("tier") if "tier" in written else pl.col("tier")
    rows = rows.with_columns(stands_tier=stands)
    return rows if rows["id"].is_sorted() else rows.sort("id")


def any_of(*conditions: pl.Expr | None) -> pl.Expr:
    """Whether any of the conditions given holds; False when there is none."""
    return pl.any_horizontal(pl.lit(value=False), *(condition for condition in conditions if condition is not None))


def differs(output: str, kind: PropertyType | None = None) -> pl.Expr:
    """Whether a value is wanted that is another one than the live, by type: `80` is `80.0`; a moment never differs.

    `kind` may be left out for the outputs every profile has. `drift.same` is the same comparison for two texts.
    """
    kind = kind or OUTPUTS[output].type
    wanted, found = desired(output), live(output)
    if kind == "datetime":
        return pl.lit(value=False)
    same = wanted == found
    if kind == "number":
        same |= (_number(wanted) == _number(found)).fill_null(value=False)
    elif kind == "bool":
        same = wanted.str.to_lowercase() == found.str.to_lowercase()
    return wanted.is_not_null() & ~same


def live_tier() -> pl.Expr:
    """The tier on the record, null when there is none."""
    return live("tier").replace("", None)


def _number(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Float64, strict=False)


def _flagged() -> pl.Expr:
    return live("target_account").str.to_lowercase() == "true"


def _wanted(write: Write) -> dict[str, pl.Expr]:
    """The wanted text of every output but the two that follow from the others."""
    values = {
        "tier": pl.when(FOREIGN | LOCKED).then(None).otherwise(pl.col("tier").fill_null("")),
        "target_account": _wanted_flag(write),
        "score": pl.col("score").cast(pl.String),
        "potential": pl.col("potential").cast(pl.String),
        "coverage": pl.col("coverage").cast(pl.String),
        "outcome": pl.col("outcome"),
        "reasons": pl.col("reasons"),
        "best_profile": pl.col("best_profile") if write.best_profile else pl.lit(None, pl.String),
    }
    values |= {f"understood.{name}": pl.col(f"understood.{name}").fill_null("") for name in write.understood}
    return {
        f"want.{output}": _inside_or_cleared(output, values[output])
        for output in write.properties()
        if output in values
    }


def _wanted_flag(write: Write) -> pl.Expr:
    """`true` for the listed tiers; `false` only where a `true` of ours stands; otherwise left alone."""
    tiers = write.target_account.tiers if write.target_account else ()
    return (
        pl.when(FOREIGN | LOCKED)
        .then(None)
        .when(pl.col("tier").is_in(tiers))
        .then(pl.lit("true"))
        .when(_flagged() & (OURS | ADOPTED))
        .then(pl.lit("false"))
    )


def _inside_or_cleared(output: str, value: pl.Expr) -> pl.Expr:
    """A company of ours that left the scope is cleared but for what is locked; anybody else's is not touched."""
    cleared = pl.when(_flagged()).then(pl.lit("false")) if output == "target_account" else pl.lit("")
    held = LOCKED if output in {"tier", "target_account"} else pl.lit(value=False)
    return pl.when(INSIDE).then(value).when(OURS & ~held).then(cleared)


def _stamped(profile: Profile, stamp: Provenance) -> dict[str, pl.Expr]:
    """The stamp and the moment: written only beside another change, never alone; adopting is the exception."""
    write, kinds = profile.write, output_types(profile)
    others = [differs(output, kind) for output, kind in kinds.items() if output not in {"profile", "changed_at"}]
    moved = [differs(output) for output in ("tier", "outcome") if output in kinds]
    left = ~INSIDE & OURS
    mark = pl.when(INSIDE & ~FOREIGN & (any_of(*others) | ADOPTED)).then(pl.lit(stamp.profile))
    moment = pl.when(INSIDE & any_of(*moved)).then(pl.lit(stamp.changed_at))
    texts = {"profile": mark.when(left).then(pl.lit(""))} if write.profile else {}
    if write.changed_at:
        texts["changed_at"] = moment.when(left & (live("changed_at") != "")).then(pl.lit(""))
    return {f"want.{output}": text for output, text in texts.items()}
