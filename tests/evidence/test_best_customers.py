"""Who the best customers are, whatever a KPI is called."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from icp_sync.evidence.best_customers import rank_best_customers
from icp_sync.evidence.deal_history import DECIDED
from icp_sync.profile.model.deals_and_kpis import Kpi


@pytest.mark.parametrize("name", ["won_revenue", "latest_upsell", "company", "won_deals", "standing"])
def test_a_kpi_may_be_called_as_a_figure_of_ours(name: str) -> None:
    opened = dt.datetime(2026, 1, 1)  # noqa: DTZ001 (UTC, as the frame has it)
    rows = [(deal, deal, True, dt.date(2026, 2, 1), opened, 100.0 * deal, 31.0) for deal in (1, 2)]
    companies = pl.DataFrame({"id": [1, 2], "nps": ["9", "4"]})
    kpi = Kpi.model_validate({"id": name, "property": "nps", "better": "higher"})
    count, best = rank_best_customers(
        pl.DataFrame(rows, schema=DECIDED, orient="row"), companies, pl.DataFrame({"id": [1, 2]}), [kpi], 2
    )
    values = {customer.id: [rank.value for rank in customer.ranks] for customer in best}
    assert (count, values) == (2, {1: [100.0, None, 9.0], 2: [200.0, None, 4.0]})
    assert [(customer.won_deals, customer.standing, customer.ranks[-1].measure) for customer in best] == [
        (1, 0.5, name)
    ] * 2
