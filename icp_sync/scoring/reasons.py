"""The sentences a sales rep reads: the verdict, what decides it, and what is not known; at most 1,024 characters.

They depend on the answers alone, never on the values behind them, so a company that grows from 800 to 805
employees is not written again.
"""

from __future__ import annotations

from typing import Final

import polars as pl
from polars import selectors

from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import live_tier as live
from icp_sync.scoring import reason_facts
from icp_sync.scoring.outcome import Steps, apply_steps, lowest_threshold, threshold_tier
from icp_sync.scoring.reason_facts import (
    ALONE,
    FITS,
    JOINT,
    MISSED,
    NOT_DECIDED,
    NOT_FILLED_IN,
    NOT_ICP,
    NOT_KNOWN,
    PARTLY,
    REQUIRED,
    REQUIRED_COUNT,
    REQUIRED_POINTS,
    RULED_OUT,
    TIERED,
    TOGETHER,
    UNKNOWNS,
    WITH_REQUIRED,
)  # fmt: skip

LONGEST: Final = 1024
NOTE: Final = "note"
"""What beyond the answers decided: a full tier, or a tier set by hand."""
BY_HAND: Final = "Tier set by hand; the profile says "
"""How the note on a locked company begins whose tier is not the profile's."""
AS_LOCKED: Final = "Tier locked; the profile says the same, "
"""How that on one begins where both agree: nobody need have set anything."""
_CUT: Final = " …"
_LOCKED: Final = (pl.col(NOTE).str.starts_with(BY_HAND) | pl.col(NOTE).str.starts_with(AS_LOCKED)).fill_null(
    value=False
)
_MOVED: Final = pl.col(NOTE).is_not_null() & ~_LOCKED  # it finds the places of its tier taken
_VERDICT, _LIFTED, _SAID = pl.col("say.verdict"), pl.col("say.lifted"), pl.col("say.said")


def reasons_steps(profile: Profile) -> Steps:
    """From the columns of `outcome_steps`, `tier` and a `note` or null: `reasons` (String), and columns `say.*`."""
    return (
        reason_facts.fact_columns(profile),
        *reason_facts.reachable_tier_columns(profile),
        [_outcome_text(profile).alias("say.verdict"), _unknowns_and_lift_text().alias("say.lifted")],
        [pl.concat_str(_sentences(), separator=f"{JOINT} ", ignore_nulls=True).alias("say.said")],
        [_truncate_at_item().alias("reasons")],
    )


def with_reasons(judged: pl.LazyFrame, steps: Steps) -> pl.LazyFrame:
    """The judged frame with `reasons`; `steps`: of `reasons_steps`, made once for a profile."""
    return apply_steps(judged, steps).drop(selectors.starts_with("say."))


def locked_note() -> pl.Expr:
    """The note on a locked company, from the tier it has `reached` and the one that stands on its record."""
    agrees = pl.col("reached").eq_missing(pl.col(live.STANDS))
    opening = pl.when(agrees).then(pl.lit(AS_LOCKED)).otherwise(pl.lit(BY_HAND))
    return pl.concat_str(opening, pl.col("reached").fill_null("no tier"))


def _sentences() -> list[pl.Expr]:
    return [
        pl.when(_LOCKED & ~TIERED).then(pl.concat_str(pl.col(NOTE), pl.lit("."))),
        pl.concat_str(_VERDICT, pl.lit(".")),
        _sentence("Fits: ", pl.when(~TIERED | _MOVED).then(FITS)),
        _sentence("Partly: ", PARTLY),
        _sentence("Not known: ", _LIFTED),
        _sentence("Not filled in: ", NOT_FILLED_IN),
        _sentence("Missed: ", MISSED),
    ]


def _sentence(opening: str, text: pl.Expr) -> pl.Expr:
    """Null where there is nothing to say."""
    return pl.when(text != "").then(pl.concat_str(pl.lit(opening), text, pl.lit(".")))


def _truncate_at_item() -> pl.Expr:
    """What is too long, cut before an item."""
    # The text is written to a HubSpot property and exported to spreadsheets; a half item would read as a whole one.
    fits = _SAID.str.len_chars() <= LONGEST
    long = pl.when(~fits).then(_SAID)  # few are, and what is null here costs nothing
    cut = long.str.head(LONGEST - len(_CUT)).str.replace(f"{JOINT}[^{JOINT}]*$", "") + _CUT
    return pl.when(fits).then(_SAID).otherwise(cut).str.replace_all(JOINT, "", literal=True)


def _outcome_text(profile: Profile) -> pl.Expr:
    """How a company comes out, and what keeps it in or out."""
    return (
        pl.when(TIERED)
        .then(_tiered_text(profile))
        .when(NOT_ICP)
        .then(_not_icp_text(profile))
        .when(NOT_DECIDED)
        .then(_undecided_text(profile))
        .otherwise(pl.concat_str(pl.lit("Ruled out: "), RULED_OUT))
    )


def _tiered_text(profile: Profile) -> pl.Expr:
    """`Tier 2 (70): …`; `Tier 1 (77, kept until it falls below 75): …`; `…; the profile says tier_2 (70): …`."""
    name = pl.when(_LOCKED).then(NOTE).otherwise(pl.col("tier").str.replace("tier_", "Tier ", literal=True))
    head = pl.concat_str(name, pl.lit(" ("), _number_text(pl.col("score")), _kept_tier_text(profile), pl.lit(")"))
    why = pl.when(_MOVED).then(NOTE).when(FITS != "").then(FITS)
    return pl.concat_str(head, why, separator=": ", ignore_nulls=True)


def _kept_tier_text(profile: Profile) -> pl.Expr:
    """Said of a company that would not enter its tier today."""
    # Said outright, since a rep who sees 77 in a tier entered at 80 takes it for a fault.
    kept: pl.Expr = pl.lit("")
    for tier in profile.tiers:
        if tier.leave_threshold < tier.enter:
            by_leave = (pl.col("tier") == tier.tier) & (pl.col("score") < tier.enter) & ~_MOVED
            kept = (
                pl.when(by_leave).then(pl.lit(f", kept until it falls below {tier.leave_threshold:g}")).otherwise(kept)
            )
    return kept


def _not_icp_text(profile: Profile) -> pl.Expr:
    """`Not ICP (20): Germany is required and missed`, or what it falls short of whatever is filled in."""
    lacking = [_required_criteria_text("missed"), _required_criteria_text("not filled in")]
    text = pl.concat_str(lacking, separator=f"{JOINT}; ", ignore_nulls=True)
    short = _points_needed_text(profile, "at most {} are possible")
    return _text_with_score(f"Not {profile.profile.kind.upper()}", pl.when(text != "").then(text).otherwise(short))


def _undecided_text(profile: Profile) -> pl.Expr:
    """What is required and unknown, a coverage that is too low, or how far it is and could come."""
    required = _required_criteria_text("not known")
    plus = pl.concat_str(required, pl.lit(", +"), _number_text(REQUIRED_POINTS.round(1)))
    waiting = pl.when(WITH_REQUIRED.is_not_null()).then(_tier_lift_text(plus, WITH_REQUIRED)).otherwise(required)
    minimum = f"{profile.coverage.minimum * 100:g}%"
    covered = pl.format(
        f"enough for {{}}, but only {{}}% of the weight is known and {minimum} is needed",
        _tier_words(threshold_tier(profile, pl.col("score"))),
        _number_text((pl.col("coverage") * 100).round(1)),
    )
    return _text_with_score(
        "Not decided", pl.coalesce(waiting, covered, _points_needed_text(profile, "up to {} are possible"))
    )


def _required_criteria_text(lacking: str) -> pl.Expr:
    """`A is required and missed`, `A and B are required and missed`; null where there is none."""
    are = pl.when(REQUIRED_COUNT[lacking] > 1).then(pl.lit("are")).otherwise(pl.lit("is"))
    names = REQUIRED[lacking]
    return pl.when(names != "").then(pl.format(f"{{}} {{}} required and {lacking}", names, are))


def _unknowns_and_lift_text() -> pl.Expr:
    """`revenue, +20 would make it tier 1`; of several, whether the first alone or all together would."""
    # Of one unknown the points need no brackets: "revenue, +20 would make it tier 1" is the sentence.
    bare = NOT_KNOWN.str.replace(r" \(\+([0-9.]+)\)$", ", +${1}")
    return (
        pl.when(ALONE.is_not_null() & (UNKNOWNS == 1))
        .then(_tier_lift_text(bare, ALONE))
        .when(ALONE.is_not_null())
        .then(_tier_lift_text(NOT_KNOWN + f"{JOINT}; the first alone", ALONE))
        .when(TOGETHER.is_not_null())
        .then(_tier_lift_text(NOT_KNOWN + f"{JOINT}; together they", TOGETHER))
        .otherwise(NOT_KNOWN)
    )


def _tier_lift_text(text: pl.Expr, tier: pl.Expr) -> pl.Expr:
    return pl.concat_str(text, pl.lit(" would make it "), _tier_words(tier))


def _points_needed_text(profile: Profile, possible: str) -> pl.Expr:
    return pl.format(
        f"a tier takes {{}} points, {possible}",
        _number_text(lowest_threshold(profile.tiers)),
        _number_text(pl.col("potential")),
    )


def _text_with_score(opening: str, text: pl.Expr) -> pl.Expr:
    return pl.format(f"{opening} ({{}}): {{}}", _number_text(pl.col("score")), text)


def _tier_words(tier: pl.Expr) -> pl.Expr:
    return tier.str.replace("_", " ", literal=True)


def _number_text(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.strip_suffix(".0")
