"""A plan as CSV, for review in a spreadsheet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.plan.builder import PlanPreview
from icp_sync.plan.change_explanation import why_from_row
from icp_sync.plan.change_sentence import change_sentence
from icp_sync.plan.plan import Plan
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.outcome import credit_column, max_criterion_points
from icp_sync.views.csv_text import first_nonempty_text_expr
from icp_sync.views.links import record_link

FIRMOGRAPHICS: Final[Mapping[str, tuple[str, ...]]] = {
    "industry": ("industry",),
    "country": ("hs_country_code", "country"),
    "employees": ("numberofemployees", "hs_employee_range"),
}
"""Column → the properties it is read from, the first that holds anything; the country by the profile's `location`."""


def plan_csv(preview: PlanPreview, ui_domain: str) -> str:
    """CSV with a row for each changed company, best first: record, cause, tiers, scores, outcomes, reasons, points.

    `cause` is the kind of cause, `why` says it in a sentence. Industry, country and employees are as the record has
    them, empty where the profile does not read them; an unknown criterion's points are empty. Text that a spreadsheet
    would run as a formula is prefixed with an apostrophe, as OWASP advises against CSV injection.
    """
    plan = preview.plan
    companies = preview.companies.select("id", **_firmographic_exprs(preview.companies, preview.profile))
    rows = preview.diff.filter("is_changed").join(_cause_columns(plan), on="id", how="left")
    rows = rows.join(companies, on="id", how="left")
    rows = rows.sort("score", "id", descending=[True, False], nulls_last=True)
    link = record_link(ui_domain, plan.origin.portal_id, "")
    table = rows.select(
        pl.col("id"),
        *(escape_formula(_column_or_empty(rows, name)).alias(name) for name in ("name", "domain")),
        pl.format("{}{}", pl.lit(link), pl.col("id")).alias("link"),
        *(escape_formula(pl.col(f"record.{name}").fill_null("")).alias(name) for name in FIRMOGRAPHICS),
        escape_formula(_column_or_empty(rows, "hubspot_owner_id")).alias("owner"),
        pl.col("cause"),
        escape_formula(pl.col("why")).alias("why"),
        escape_formula(_column_or_empty(rows, "live.tier")).alias("tier_before"),
        escape_formula(_value_after_expr(rows, "tier")).alias("tier_after"),
        escape_formula(_column_or_empty(rows, "live.score")).alias("score_before"),
        pl.col("score").alias("score_after"),
        escape_formula(_column_or_empty(rows, "live.outcome")).alias("outcome_before"),
        pl.col("outcome").fill_null("").alias("outcome_after"),
        pl.when("foreign").then(pl.lit("yes")).otherwise(pl.lit("")).alias("foreign"),
        escape_formula(pl.col("reasons").fill_null("")).alias("reasons"),
        *_points_exprs(preview.profile, rows.columns),
    )
    return table.write_csv()


def _firmographic_exprs(companies: pl.DataFrame, profile: Profile) -> dict[str, pl.Expr]:
    """`record.<name>`: the first of the properties that has a value."""
    named = {**FIRMOGRAPHICS, "country": profile.location.country}
    return {
        f"record.{name}": first_nonempty_text_expr(properties, companies.columns) for name, properties in named.items()
    }


def _cause_columns(plan: Plan) -> pl.DataFrame:
    """`id`, `cause`, and `why` (String): the cause in one sentence, "" where it was not worked out."""
    changes = plan.changes
    if "why" not in changes.columns:
        return changes.select("id", "cause", why=pl.lit(""))
    tiers = (f"{side}.{plan.population.tier_property}" for side in ("before", "after"))
    columns = [changes[name] if name in changes.columns else [None] * changes.height for name in tiers]
    whys = map(why_from_row, changes["cause"], changes["why"])
    sentences = [change_sentence(why, *moved) if why else "" for why, *moved in zip(whys, *columns, strict=True)]
    return changes.select("id", "cause").with_columns(why=pl.Series(sentences, dtype=pl.String))


def _points_exprs(profile: Profile, scored: Collection[str]) -> list[pl.Expr]:
    """`points.<criterion>`: what it adds to the fit score; together they are the score, but for the rounding.

    Empty where nothing was scored, as in the plan of an undo.
    """
    return [
        (pl.col(credit_column(name)) * float(full)).round(1).alias(f"points.{name}")
        if credit_column(name) in scored
        else pl.lit(None, pl.Float64).alias(f"points.{name}")
        for name, full in max_criterion_points(profile).items()
    ]


def _column_or_empty(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).fill_null("") if name in rows.columns else pl.lit("")


def _value_after_expr(rows: pl.DataFrame, output: str) -> pl.Expr:
    """The value after the run: the desired one, or the live one where it is not written."""
    if f"desired.{output}" not in rows.columns:
        return pl.col(output).fill_null("")
    return pl.coalesce(f"desired.{output}", f"live.{output}")
