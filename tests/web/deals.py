"""Deals as if they had been read: for pages that show them beside tiers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from icp_sync.evidence.deal_history import HOME_AMOUNT, NEEDED
from icp_sync.profile.load import parse_profile
from icp_sync.runs.snapshot_scoring import open_offline
from icp_sync.state.deals import KnownDeals
from icp_sync.state.home import StateHome

DAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=9)


def save_deals(folder: Path, copies: int, tier: str = "tier_1") -> None:
    """Puts so many deals of every company in a tier into the folder's state; the first company's are won."""
    loaded, home = parse_profile((folder / "icp.yaml").read_bytes(), "icp.yaml"), StateHome(folder / "state")
    (portal_id,) = home.portals(loaded.profile.name)
    store = home.open(portal_id, loaded.profile.name)
    companies = open_offline(store, loaded).snapshot.companies
    ids = companies.filter(pl.col("hs_ideal_customer_profile") == tier)["id"].to_list()
    rows = [
        {"deal:company": str(company), "hs_is_closed": "true", "hs_is_closed_won": str(company == ids[0]).lower()}
        for company in ids
    ] * copies
    frame = pl.DataFrame(rows).with_row_index("id").with_columns(
        pl.col("id").cast(pl.Int64), *(pl.lit(f"{DAY:%Y-%m-%dT%H:%M:%S}.000Z").alias(name) for name in NEEDED[2:4])
    )  # fmt: skip
    empty = (pl.lit(None, pl.String).alias(name) for name in (*NEEDED[4:], HOME_AMOUNT))
    store.deals.save(KnownDeals(frame.with_columns(empty), DAY))
