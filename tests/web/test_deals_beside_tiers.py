"""What became of deals stands beside the tiers that are tried out, once deals were read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from icp_sync.evidence.deals import HOME_AMOUNT, NEEDED
from icp_sync.profile.load import LoadedProfile, load
from icp_sync.runs.offline import OfflineSource, open_offline
from icp_sync.runs.tier_wins import TierWins
from icp_sync.state.deals import KnownDeals
from icp_sync.state.home import StateHome
from icp_sync.state.store import StateStore
from icp_sync.views.html.tune import page
from icp_sync.views.html.tune.document import answer_document
from icp_sync.views.html.tune.panels import tier_rows
from icp_sync.web.whatif_session import Bench, WinsByTier, Workbench

DAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=9)


@pytest.fixture
def store(folder: Path) -> StateStore:
    home = StateHome(folder / "state")
    (portal_id,) = home.portals("small")
    return home.open(portal_id, "small")


def bench(folder: Path, store: StateStore) -> Bench:
    def opened(loaded: LoadedProfile) -> OfflineSource:
        return open_offline(store, loaded, command="tune")

    def known(offline: OfflineSource) -> WinsByTier | None:
        wins = TierWins.known(offline)
        return wins.tally if wins else None

    return Workbench(folder / "icp.yaml", None, opened, known).current()


def save_deals(folder: Path, store: StateStore, copies: int) -> None:
    """So many deals of every company in tier 1, of which the first company's are won."""
    opened = open_offline(store, load((folder / "icp.yaml").read_bytes(), "icp.yaml"))
    companies = opened.snapshot.companies.filter(pl.col("hs_ideal_customer_profile") == "tier_1")["id"].to_list()
    rows = [
        {"deal:company": str(company), "hs_is_closed": "true", "hs_is_closed_won": str(company == companies[0]).lower()}
        for company in companies
    ] * copies
    frame = pl.DataFrame(rows).with_row_index("id").with_columns(
        pl.col("id").cast(pl.Int64), *(pl.lit(f"{DAY:%Y-%m-%dT%H:%M:%S}.000Z").alias(name) for name in NEEDED[2:4])
    )  # fmt: skip
    empty = (pl.lit(None, pl.String).alias(name) for name in (*NEEDED[4:], HOME_AMOUNT))
    store.deals.save(KnownDeals(frame.with_columns(empty), DAY))


def test_until_deals_are_read_nothing_is_said_of_them(folder: Path, store: StateStore) -> None:
    answer = bench(folder, store).answer({})
    assert answer.wins is None
    assert {row.won for row in tier_rows(answer)} == {""}
    assert "Deals won" not in page.answer_panels(answer)


def test_deals_move_with_the_companies_and_few_are_counts(folder: Path, store: StateStore) -> None:
    save_deals(folder, store, copies=1)
    moved = bench(folder, store)
    assert [row.won for row in tier_rows(moved.answer({}))] == ["1 of 2", "0 of 0", "0 of 0"]
    document = answer_document(moved.answer({}))
    assert document["deals"] == {"tier_1": {"won": 1, "decided": 2}}
    limited = tier_rows(moved.answer({("tiers", "tier_1", "capacity"): 1}))
    assert [row.won for row in limited[:2]] in (["1 of 1", "0 of 1"], ["0 of 1", "1 of 1"])


def test_from_twenty_deals_on_there_is_a_rate(folder: Path, store: StateStore) -> None:
    text = (folder / "icp.yaml").read_text(encoding="utf-8")
    text = text.replace("disqualifiers:", "outcomes: {deals: {unit: deal}}\ndisqualifiers:", 1)
    (folder / "icp.yaml").write_text(text, encoding="utf-8")
    save_deals(folder, store, copies=10)
    answer = bench(folder, store).answer({})
    assert tier_rows(answer)[0].won == "50 % of 20"
    assert "50 % of 20" in page.answer_panels(answer)
