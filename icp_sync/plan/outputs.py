"""The outputs a profile may write: how HubSpot stores each, and how its desired text is made. One row an output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import polars as pl

from icp_sync.plan.champion_challenger_experiment import ARM, describe_experiment
from icp_sync.plan.desired_texts import BANDS, desired_committee, desired_fit_band, desired_target_flag
from icp_sync.plan.diff_columns import FLAG_STANDS, FOREIGN, LOCKED, OURS, TIER_STANDS, is_target_flag_set, live
from icp_sync.plan.output_spec import Options, Output, OutputContext
from icp_sync.plan.value_equality import PropertyType
from icp_sync.profile.model.criteria import Criterion
from icp_sync.profile.model.outputs import ARMS
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import COMMITTEES, OUTCOMES, TIERS
from icp_sync.profile.property_reads import NUMERIC


def _labelled_options(values: tuple[str, ...]) -> Options:
    return tuple((value, value.replace("_", " ").capitalize()) for value in values)


def _scored_text(name: str) -> Callable[[OutputContext], pl.Expr]:
    """The scored column of that name as text."""
    return lambda _: pl.col(name).cast(pl.String)


_YES_NO: Final = (("true", "Yes"), ("false", "No"))
OUTPUTS: Final[Mapping[str, Output]] = MappingProxyType(
    {
        "tier": Output(
            "enumeration",
            "radio",
            "ICP tier",
            "Tier 1 is the highest; empty when the company is in no tier.",
            _labelled_options(TIERS),
            desired=lambda _: pl.col("tier").fill_null(""),
            kept=FOREIGN | LOCKED | TIER_STANDS,
        ),
        "target_account": Output(
            "bool",
            "booleancheckbox",
            "ICP target account",
            "Yes when the company's tier makes it a target account.",
            _YES_NO,
            desired=desired_target_flag,
            cleared=lambda _: pl.when(is_target_flag_set()).then(pl.lit("false")),
            kept=FOREIGN | LOCKED | FLAG_STANDS,
        ),
        "score": Output(
            "number",
            "number",
            "ICP fit score",
            "0–100: what is proven to fit; unknown answers earn nothing.",
            desired=_scored_text("score"),
        ),
        "potential": Output(
            "number",
            "number",
            "ICP fit potential",
            "0–100: what the fit score could become if every unknown answer fitted.",
            desired=_scored_text("potential"),
        ),
        "coverage": Output(
            "number",
            "number",
            "ICP fit coverage",
            "0–1: the share of the profile's weight whose answer is known.",
            desired=_scored_text("coverage"),
        ),
        "outcome": Output(
            "enumeration",
            "select",
            "ICP fit outcome",
            "Tiered, disqualified, not ICP, or not enough data to say.",
            _labelled_options(OUTCOMES),
            desired=_scored_text("outcome"),
        ),
        "fit_band": Output(
            "enumeration",
            "select",
            "ICP fit band",
            "The tier that stands on the record, as people say it; without one, why there is none.",
            tuple((band, band) for band in BANDS.values()),
            desired=desired_fit_band,
        ),
        "reasons": Output(
            "string",
            "textarea",
            "ICP fit reasons",
            "Why the company came out as it did, best first, with what is not known.",
            desired=_scored_text("reasons"),
        ),
        "profile": Output(
            "string",
            "text",
            "ICP fit profile",
            "The profile and its digest under which the other outputs last changed.",
            desired=lambda context: pl.lit(context.stamp),
            # A tier or flag that stands outlasts the scope, and only by the stamp is it known not to be from before us.
            cleared=lambda _: pl.when(~(TIER_STANDS | FLAG_STANDS)).then(pl.lit("")),
            # What is done to a tier under a lock before we ever wrote the record is from before us, whatever was there.
            kept=FOREIGN | (LOCKED & ~OURS),
            written="beside any change",
        ),
        "changed_at": Output(
            "datetime",
            "date",
            "ICP fit changed at",
            "When the tier or the outcome last changed.",
            desired=lambda context: pl.lit(context.changed_at),
            cleared=lambda _: pl.when(live("changed_at") != "").then(pl.lit("")),
            written="beside a move",
        ),
        "best_profile": Output(
            "string",
            "text",
            "ICP best profile",
            "Of the profiles run together, the one the company fits best; empty when it is in a tier of none.",
            desired=_scored_text("best_profile"),
        ),
        "committee": Output(
            "enumeration",
            "radio",
            "ICP buying committee",
            "Complete: every decision maker and user we look for is among the contacts; empty outside those tiers.",
            _labelled_options(COMMITTEES),
            desired=desired_committee,
        ),
        "missing": Output(
            "string",
            "text",
            "ICP buying committee: missing",
            "The decision makers and users we look for that none of the contacts is.",
            desired=_scored_text("missing"),
        ),
        "experiment": Output(
            "enumeration",
            "select",
            "ICP experiment",
            "",
            _labelled_options(ARMS),
            desired=_scored_text(ARM),
            # Who leaves the scope stays in the experiment: an arm says what was tried, not what a company is.
            cleared=lambda _: pl.lit(None, pl.String),
        ),
    }
)
_UNDERSTOOD: Final = "understood."
_ENRICHED: Final = "enriched."


def output_specs(profile: Profile) -> dict[str, Output]:
    """Output → its row, for every output the profile writes."""
    return {name: _output_by_name(name, profile) for name in profile.write.properties()}


def type_by_output(profile: Profile) -> dict[str, PropertyType]:
    """Output → the type its values are compared by."""
    return {name: output.type for name, output in output_specs(profile).items()}


def _output_by_name(name: str, profile: Profile) -> Output:
    if name == ARM:
        return _arm_output(profile)
    if name.startswith(_ENRICHED):
        return _vendor_value_output(name.removeprefix(_ENRICHED))
    return OUTPUTS[name] if name in OUTPUTS else _understood_value_output(name.removeprefix(_UNDERSTOOD), profile)


def _arm_output(profile: Profile) -> Output:
    """The row of the arm, whose help text in HubSpot says of which experiment it is."""
    experiment = profile.write.experiment
    return replace(OUTPUTS[ARM], help=describe_experiment(experiment) if experiment else "")


def _vendor_value_output(name: str) -> Output:
    """The row of a vendor's value: text as the vendor wrote it, since "51-200" is no number."""
    return Output(
        "string",
        "text",
        f"ICP {name.replace('_', ' ')} by a vendor",
        f"The vendor's {name.replace('_', ' ')} where it counted instead of HubSpot's; empty elsewhere.",
        # HubSpot may drop white space around a value, and what it kept would then never be what is wanted.
        desired=lambda _: pl.col(f"{_ENRICHED}{name}").str.strip_chars().fill_null(""),
    )


def _understood_value_output(name: str, profile: Profile) -> Output:
    """The row of a canonical value: a number where every leaf of its criterion is numeric, else text."""
    label = f"ICP {name.replace('_', ' ')}"
    help_text = f"What icp_sync read the company's {name.replace('_', ' ')} as; empty when it could not."
    numeric = any(criterion.id == name and _is_numeric_criterion(criterion) for criterion in profile.criteria)
    return Output(
        "number" if numeric else "string",
        "number" if numeric else "text",
        label,
        help_text,
        desired=lambda _: pl.col(f"{_UNDERSTOOD}{name}").fill_null(""),
    )


def _is_numeric_criterion(criterion: Criterion) -> bool:
    return all(leaf.operator in NUMERIC for leaf in criterion.match.leaves())
