"""A plan as a table a person reviews in a spreadsheet."""

from __future__ import annotations

from typing import Final

import polars as pl

from icp_sync.plan.draw import Drawing

FORMULA: Final = r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]"


def plan_csv(drawing: Drawing, ui_domain: str) -> str:
    """One row a changed company, best first: id, name, domain, link, owner, cause, tiers, scores, outcomes, reasons.

    Text that a spreadsheet would run as a formula is led by an apostrophe, as OWASP advises for CSV injection.
    """
    plan = drawing.plan
    rows = drawing.rows.filter("changes").join(plan.changes.select("id", "cause"), on="id", how="left")
    rows = rows.sort("score", "id", descending=[True, False], nulls_last=True)
    link = f"https://{ui_domain}/contacts/{plan.origin.portal_id}/record/0-2/"
    table = rows.select(
        pl.col("id"),
        *(_safe(_or_empty(rows, name)).alias(name) for name in ("name", "domain")),
        pl.format("{}{}", pl.lit(link), pl.col("id")).alias("link"),
        _safe(_or_empty(rows, "hubspot_owner_id")).alias("owner"),
        pl.col("cause"),
        _safe(_or_empty(rows, "live.tier")).alias("tier_before"),
        _safe(_after(rows, "tier")).alias("tier_after"),
        _safe(_or_empty(rows, "live.score")).alias("score_before"),
        pl.col("score").alias("score_after"),
        _safe(_or_empty(rows, "live.outcome")).alias("outcome_before"),
        pl.col("outcome").fill_null("").alias("outcome_after"),
        pl.when("foreign").then(pl.lit("yes")).otherwise(pl.lit("")).alias("foreign"),
        _safe(pl.col("reasons").fill_null("")).alias("reasons"),
    )
    return table.write_csv()


def _or_empty(rows: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).fill_null("") if name in rows.columns else pl.lit("")


def _after(rows: pl.DataFrame, output: str) -> pl.Expr:
    """What stands after the run: the wanted value, or the live one where it is left alone."""
    if f"want.{output}" not in rows.columns:
        return pl.col(output).fill_null("")
    return pl.coalesce(f"want.{output}", f"live.{output}")


def _safe(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(FORMULA)).then(pl.format("'{}", text)).otherwise(text)
