"""Three-way writes: whether a tier or target flag is written, or stands because somebody else set it.

Three texts are compared: live (in HubSpot now), wanted (what the profile says) and base (what we last wrote). Where
live is neither, HubSpot's history of the property tells who wrote it; only there it is read (`ids_needing_history`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from icp_sync.companies.history_frame import latest_versions
from icp_sync.plan import override_rules as table
from icp_sync.plan.history_sources import without_repetitions
from icp_sync.plan.override_rules import OverrideRules

QUESTIONS: Final = pl.Schema(
    {
        "id": pl.Int64,
        "property": pl.String,
        "live": pl.String,
        "wanted": pl.String,
        "base": pl.String,
        "stamped": pl.Boolean,
        "foreign": pl.Boolean,
        "adopted": pl.Boolean,
        "locked": pl.Boolean,
        "override": pl.String,
        "kind": pl.String,
        "since": pl.Int64,
        "ended_at": pl.Int64,
        "touched": pl.Boolean,
    }
)
"""One row a company and kept property: the tier's and the target flag's, no other. One whose live,
wanted and base texts are equal and on which no override is open may be left out, so that a million companies are few.

`live`: "" = empty. `wanted`: "" = clear, null = leave untouched. `base`: null = unknown. `stamped`: we wrote the record
before. `foreign`, `adopted`, `locked`: as in the diff. `override`, `kind`, `since`: the open override's value ("" = it
was emptied, null = none is open), its kind and the time (epoch ms) of the history entry it stands on. `ended_at`: that
of the newest override on it that ended, null without one. `touched`: the record was edited since the last run, so the
value of its override may have been set anew."""

DECISIONS: Final = pl.Schema(
    {
        "id": pl.Int64,
        "property": pl.String,
        "row": pl.Int8,
        "write": pl.Boolean,
        "wanted": pl.String,
        "says": pl.String,
        "cause": pl.String,
        "action": pl.String,
        "ended_by": pl.String,
        "ended_at": pl.Int64,
        "value": pl.String,
        "kind": pl.String,
        "since": pl.Int64,
        "source_type": pl.String,
        "source_id": pl.String,
        "user_id": pl.Int64,
        "source_label": pl.String,
    }
)
"""One row for each of `QUESTIONS`.

`row`: which row of the table fits. `write`: `wanted` is to be sent. `says`: what the profile says by itself, where
`wanted` of a flag follows a tier that stands. `cause`: `released`, `put_back`, or null = the
usual. `action`: `open` an override, `keep` it, `replace` it by another, `end` it, null = none. `ended_by` (`cleared`,
`expired`, `put_back`, `replaced`) and `ended_at` are about the one that ends; `value`, `kind`, `since` about the one
open afterwards; `source_type`, `source_id`, `user_id`, `source_label` are who set it, where it opens now."""


def ids_needing_history(questions: pl.DataFrame, rules: OverrideRules) -> list[int]:
    """Return the ids of companies whose history `decide_writes` needs, ascending: none where nobody touched a value.

    What is to be read for them is the history of every kept property and of the stamp.
    """
    rows = _with_rule_numbers(questions.with_columns(at=pl.lit(None, pl.Int64)), rules)
    asked = pl.col("row").is_in([table.ASK_OVERRIDDEN, table.ASK])
    return rows.filter(asked)["id"].unique().sort().to_list() if rules.keeps_any else []


def decide_writes(questions: pl.DataFrame, history: pl.DataFrame, rules: OverrideRules) -> pl.DataFrame:
    """Return what is written and which overrides open and end, sorted by id and property (`DECISIONS`).

    `history`: the history frame of the companies that `ids_needing_history` names. While an override holds a tier, the
    target flag follows the tier that stands. A company of which history does not tell (row 12) is left alone whole.
    """
    entries = latest_versions(without_repetitions(history)).rename({"value": "entry"})
    asked = questions.join(entries, on=["id", "property"], how="left", maintain_order="left")
    asked = asked.with_columns(answered=pl.col("id").is_in(history["id"].unique().implode()))
    rows = _with_rule_numbers(asked, rules, table.rule_row_after_history(rules))
    untold = (pl.col("row") == table.UNTOLD).any().over("id")
    rows = rows.with_columns(
        row=pl.when(untold & table.profile_wins(rules)).then(pl.lit(table.UNTOLD, pl.Int8)).otherwise("row")
    )
    decisions = rows.with_columns(action=table.override_action(rules)).with_columns(
        ended_by=table.override_end_reason(rules)
    )
    return decisions.select(**_decision_columns(rules)).select(DECISIONS.names()).cast(DECISIONS).sort("id", "property")


def ids_to_read_again(decisions: pl.DataFrame, history: pl.DataFrame) -> list[int]:
    """Return the ids of companies left alone (row 12) though they have history: read both anew, and decide again."""
    untold = decisions.filter(pl.col("row") == table.UNTOLD)["id"].unique()
    return untold.filter(untold.is_in(history["id"].implode())).sort().to_list()


def keys_to_remember(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return `id` and `property` of values of which the text we wrote must not be forgotten: `DECISIONS` in.

    They stand, wait for HubSpot's history, or are out of reach under a lock, and somebody has to own them once it goes.
    """
    stands = pl.col("action").is_in(["keep", "open", "replace"])
    untold = (pl.col("row") == table.UNTOLD).any().over("id")
    return decisions.filter(stands | untold | (pl.col("row") == table.NOT_OURS)).select("id", "property")


def _with_rule_numbers(questions: pl.DataFrame, rules: OverrideRules, *refinements: pl.Expr) -> pl.DataFrame:
    """The questions with `row` and `says`, tiers before flags; `refinements` are applied to `row` in turn."""
    questions = questions.with_columns(says=table.WANTED)
    tiers = _assign_rule_numbers(
        questions.filter(pl.col("property") == pl.lit(rules.tier_property)), rules, refinements
    )
    standing = tiers.filter(table.keeps_foreign_value(rules)).select("id", standing="live")
    flags = questions.filter(pl.col("property") == pl.lit(rules.flag_property))
    return pl.concat([tiers, _assign_rule_numbers(_align_flags_with_tiers(flags, standing, rules), rules, refinements)])


def _assign_rule_numbers(questions: pl.DataFrame, rules: OverrideRules, refinements: Sequence[pl.Expr]) -> pl.DataFrame:
    numbered = questions.with_columns(row=table.rule_row_before_history(rules))
    for refinement in refinements:
        numbered = numbered.with_columns(row=refinement.cast(pl.Int8))
    return numbered


def _align_flags_with_tiers(flags: pl.DataFrame, standing: pl.DataFrame, rules: OverrideRules) -> pl.DataFrame:
    """The questions about flags, each wanted as the tier that stands (`id`, `standing`) asks for it."""
    tiers = rules.write.target_account.tiers if rules.write.target_account else ()
    tier, is_flagged = pl.col("standing"), pl.col("live").str.to_lowercase() == "true"
    wanted = (
        pl.when(tier.is_null())
        .then("wanted")
        .when(tier.is_in(list(tiers)))
        .then(pl.lit("true"))
        .when(is_flagged)
        .then(pl.lit("false"))
    )
    return flags.join(standing, on="id", how="left", maintain_order="left").with_columns(wanted=wanted).drop("standing")


def _decision_columns(rules: OverrideRules) -> dict[str, pl.Expr]:
    """The columns of `DECISIONS`, from the rows with `action` and `ended_by`."""
    action = pl.col("action")
    keeps, opens = action == "keep", action.is_in(["open", "replace"])
    later = {"value": pl.col("live"), "kind": table.opened_override_kind(), "since": pl.col("at")}
    earlier = {"value": pl.col("override"), "kind": pl.col("kind"), "since": pl.col("since")}
    last_entry = pl.when(action == "end").then(pl.max_horizontal("since", "at"))
    return {
        **{name: pl.col(name) for name in ("id", "property", "row", "says", "action", "ended_by")},
        "write": table.is_written(rules),
        "wanted": table.WANTED,
        "cause": table.override_change_cause(rules),
        "ended_at": pl.when(action == "replace").then("since").otherwise(last_entry),
        **{name: pl.when(keeps).then(earlier[name]).when(opens).then(later[name]) for name in later},
        **{name: pl.when(opens).then(name) for name in ("source_type", "source_id", "user_id", "source_label")},
    }
