"""The companies that a purchase would lift into a tier, as a table for a data vendor or a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.spreadsheet_escaping import escape_formula
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.data_purchase_groups import PropertyGroup
from icp_sync.scoring.purchase_simulation import GROUP
from icp_sync.views.csv_text import first_nonempty_text_expr


def shopping_table(
    lifted: pl.DataFrame,
    scored: pl.DataFrame,
    companies: pl.DataFrame,
    groups: Sequence[PropertyGroup],
    profile: Profile,
) -> pl.DataFrame:
    """A row for each company and group that would lift it, best potential first; those without a domain come last.

    `lifted`: of `lifted_companies`; `scored`: a scored frame; `companies`: the company frame. `property` names the
    group, `tier` is the one within reach; texts that a spreadsheet would run are led by an apostrophe. A vendor finds a
    company by its domain, so one without is of no use to it.
    """
    texts = companies.select(
        ID,
        domain=first_nonempty_text_expr(["domain"], companies.columns),
        name=first_nonempty_text_expr(["name"], companies.columns),
        country=first_nonempty_text_expr(profile.location.country, companies.columns),
    )
    properties = pl.Series([";".join(group.properties) for group in groups], dtype=pl.String)
    rows = lifted.join(scored.select(ID, "score", "potential", "reasons"), on=ID).join(texts, on=ID)
    ranked = rows.sort(pl.col("domain").is_null(), -pl.col("potential"), -pl.col("score"), ID, GROUP)
    return ranked.select(
        ID,
        *(escape_formula(pl.col(name).fill_null("")).alias(name) for name in ("domain", "name", "country")),
        pl.lit(properties).gather(pl.col(GROUP)).alias("property"),
        "tier", "score", "potential",
        escape_formula(pl.col("reasons").fill_null("")).alias("reasons"),
    )  # fmt: skip
