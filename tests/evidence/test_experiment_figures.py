"""An A/B is judged by companies that bought since their arm was written, not by deals from before it."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from icp_sync.evidence.document_types import ExperimentFigures
from icp_sync.evidence.experiment_figures import experiment_figures
from icp_sync.profile.model.outputs import Experiment

START = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
EXPERIMENT = Experiment.model_validate({"name": "q1", "against": "old", "property": "icp_experiment"})
SCHEMA = pl.Schema({"company": pl.Int64(), "won": pl.Boolean(), "opened": pl.Datetime("ms", "UTC")})


def _figures(
    challenger: tuple[int, int], champion: tuple[int, int], deals: list[tuple[int, bool, int]]
) -> ExperimentFigures:
    """`challenger`, `champion`: (bought, companies). `deals`: more of them, by company, won, and days after the arm."""
    rows: list[tuple[int, bool, dt.datetime]] = []
    arms: list[tuple[int, str]] = []
    for arm, (bought, companies) in (("challenger", challenger), ("champion", champion)):
        rows += [(len(arms) + number, True, START + dt.timedelta(days=9)) for number in range(bought)]
        arms += [(len(arms) + number, arm) for number in range(companies)]
    rows += [(company, won, START + dt.timedelta(days=days)) for company, won, days in deals]
    drawn = pl.DataFrame(arms, schema={"company": pl.Int64, "arm": pl.String}, orient="row")
    return experiment_figures(
        EXPERIMENT,
        drawn.with_columns(since=pl.lit(START, pl.Datetime("ms", "UTC"))),
        pl.DataFrame(rows, schema=SCHEMA, orient="row"),
    )


def test_older_deals_do_not_count_and_a_company_buys_once() -> None:
    figures = _figures((2, 5), (1, 4), [(0, True, 20), (3, False, 3), (4, True, -1), (5, True, -300), (99, True, 5)])
    challenger, champion = figures.arms
    assert (challenger.companies, challenger.decided, challenger.won, challenger.bought) == (5, 4, 3, 2)
    assert (champion.companies, champion.decided, champion.won, champion.bought) == (4, 1, 1, 1)
    assert figures.earlier == 2


def test_arms_of_unknown_date_are_left_out_and_counted() -> None:
    schema = pl.Schema({"company": pl.Int64(), "arm": pl.String(), "since": pl.Datetime("ms", "UTC")})
    arms = pl.DataFrame([(1, "challenger", START), (2, "challenger", None)], schema=schema, orient="row")
    deals = pl.DataFrame([(1, True, START), (2, True, START)], schema=SCHEMA, orient="row")
    figures = experiment_figures(EXPERIMENT, arms, deals)
    assert (figures.undated, figures.arms[0].companies, figures.arms[0].bought) == (1, 1, 1)


SINCE = "became customers since they were put there"
ANSWERS = {
    "the challenger brings more customers. 90 of 300 companies (30 %) in the challenger's group and 45 of 300 "
    f"companies (15 %) in the champion's group {SINCE}: with the challenger 8 to 21 points more, allowing for "
    "chance. If this is the day it was meant to end": ((90, 300), (45, 300), "challenger_better"),
    "the champion (old) brings more customers. 45 of 300": ((45, 300), (90, 300), "champion_better"),
    "no difference beyond chance. 45 of 300 companies (15 %) in the challenger's group and 50 of 300 companies "
    f"(17 %) in the champion's group {SINCE}: with the challenger 8 points less to 4 more, allowing for chance. Keep "
    "the champion (old), or let it run": ((45, 300), (50, 300), "no_difference"),
    "too early to say. 5 of 300 companies (2 %) in the challenger's group and 6 of 300 companies (2 %) in the "
    f"champion's group {SINCE}; it takes 20 customers, so far 11. Let it run.": ((5, 300), (6, 300), "too_few"),
    "too early to say. 10 of 19 companies in the challenger's group and 90 of 300 companies (30 %) in the champion's "
    f"group {SINCE}; it takes 20 companies in each group, so far 19. Let": ((10, 19), (90, 300), "too_few"),
    "too early to say. 0 of 0 companies": ((0, 0), (0, 0), "too_few"),
}  # fmt: skip


@pytest.mark.parametrize("begins", ANSWERS)
def test_the_answer_and_what_to_do(begins: str) -> None:
    challenger, champion, code = ANSWERS[begins]
    figures = _figures(challenger, champion, [])
    assert figures.code == code
    assert (figures.p is None) == (code == "too_few")
    assert figures.sentence.startswith(f"Experiment q1: {begins}")
