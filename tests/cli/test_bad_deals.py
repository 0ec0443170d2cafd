"""Deals that cannot be what they say: each is an answer in one sentence, with what to mend, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from icp_sync.sandbox import SandboxPortal
from tests.cli.conftest import DAY, Command

COMPANIES = 120
COUNT = 60


@pytest.fixture
def portal() -> SandboxPortal:
    """A half of the companies is in tier 1."""
    portal = SandboxPortal(searches=1_000)
    frame = {
        "name": [f"C{row}" for row in range(COMPANIES)],
        "country": ["Deutschland" if row % 2 else "France" for row in range(COMPANIES)],
        "numberofemployees": ["800"] * COMPANIES,
    }
    portal.add_companies(pl.DataFrame(frame))
    return portal


def moment(portal: SandboxPortal, days_ago: float) -> pl.Series:
    return pl.repeat(portal.now() - round(days_ago * DAY * 1_000), COUNT, eager=True).cast(pl.Datetime("ms"))


def add(
    portal: SandboxPortal, won: Callable[[int], bool] = lambda row: row % 3 == 0, *, linked: int = 1, **texts: object
) -> None:
    """A deal for each of the first companies, opened a month ago and closed yesterday."""
    frame = {
        "hs_is_closed": ["true"] * COUNT,
        "hs_is_closed_won": [str(won(row)).lower() for row in range(COUNT)],
        "createdate": moment(portal, 30),
        "closedate": moment(portal, 1),
        **texts,
    }
    ids = portal.companies_frame()["id"].to_list()
    portal.add_records("deals", pl.DataFrame(frame), [ids[row : row + linked] for row in range(COUNT)])


NONE = "No deals to judge by: of the 60 that were read none can be counted; 60 are "
CASES: dict[str, tuple[Callable[[SandboxPortal], None], str, str]] = {
    "none": (lambda _: None, "No deals to judge by: none was read from HubSpot.",
             "check that this is the HubSpot account with your deals"),
    "all won": (lambda portal: add(portal, lambda _: True), "Too few deals to say: 60 won and 0 lost",
                "check that lost deals are closed as lost in HubSpot"),
    "all lost": (lambda portal: add(portal, lambda _: False), "Too few deals to say: 0 won and 60 lost",
                 "check that won deals stand in a stage that HubSpot counts as won"),
    "no company": (lambda portal: add(portal, linked=0), f"{NONE}without a primary company.",
                   "60 deals are without a primary company, so they do not count: link them to their companies"),
    "several companies": (lambda portal: add(portal, linked=2), "It is not clear whether tier 1 wins more",
                          "as they are, since these deals cannot tell"),
    "closed next year": (lambda portal: add(portal, closedate=moment(portal, -400)), f"{NONE}closed in the future.",
                         "60 deals are closed in the future, so they do not count: correct their close dates"),
    "no close date": (lambda portal: add(portal, closedate=[None] * COUNT), f"{NONE}closed without a date.",
                      "60 deals are closed without a date, so they do not count: give them a close date in HubSpot"),
    "closed before created": (lambda portal: add(portal, closedate=moment(portal, 90)),
                              f"{NONE}closed before they were created.",
                              "60 deals are closed before they were created, so they do not count: correct their"),
    "odd amounts": (lambda portal: add(portal, amount=["0", "-5", "1e400", "7"] * (COUNT // 4)),
                    "It is not clear whether tier 1 wins more", "as they are, since these deals cannot tell"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_each_is_an_answer_with_what_to_mend(icp_sync: Command, portal: SandboxPortal, case: str) -> None:
    spoil, begins, next_step = CASES[case]
    spoil(portal)
    assert icp_sync("plan").code == 0
    before = portal.state_digest()
    ended = icp_sync("backtest")
    assert ended.code == 0
    assert ended.out.startswith(begins)
    assert next_step in ended.out
    assert ended.out.count("What to do next: ") == 1
    document = icp_sync("backtest", "--json").document
    assert "NaN" not in str(document)
    assert portal.state_digest() == before


def test_where_no_deal_counts_customers_and_traits_name_why_too(icp_sync: Command, portal: SandboxPortal) -> None:
    """`No decided deal was won yet` and `wait for more` were said of 60 closed deals, where waiting helps nobody."""
    add(portal, linked=0)
    icp_sync("plan")
    assert icp_sync("customers").out.strip() == f"{NONE}without a primary company."
    ended = icp_sync("discover", "--out", "draft.yaml")
    assert (ended.code, ended.out) == (1, "")
    assert "no deals to judge by: of the 60 that were read none can be counted; 60 are without a primary" in ended.err
    past = icp_sync("backtest", "--judged", "opened", "--yes")
    assert "0 % of what is on record" not in past.out


@pytest.mark.slow
def test_currencies_that_differ_leave_amounts_out_and_say_which(icp_sync: Command, portal: SandboxPortal) -> None:
    add(portal, amount=[str(row) for row in range(COUNT)], deal_currency_code=["EUR", "USD"] * (COUNT // 2))
    icp_sync("plan")
    ended = icp_sync("backtest")
    assert "Amounts are left out: deals are in EUR, USD" in ended.out
    assert {row["median_amount"] for row in icp_sync("backtest", "--json").document["tiers"]} == {None}


@pytest.mark.slow
def test_one_tier_alone_is_named_as_what_is_short(icp_sync: Command, portal: SandboxPortal) -> None:
    portal.edit_companies({one: {"country": "Deutschland"} for one in portal.companies_frame()["id"]})
    add(portal)
    icp_sync("plan")
    assert (
        "60 of them in tier 1. It takes 20 deals won or lost outside tier 1, by a rule of icp_sync."
        in icp_sync("backtest").out
    )
    ended = icp_sync("discover", "--json").document
    assert (ended["candidates"], ended["detectable_lift"]) == (0, None)
    assert ended["sentence"].startswith("No trait could be compared: what was looked at is alike, or unknown, for ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("won", "remedy"),
    [(True, "check that lost deals are closed as lost in HubSpot"), (False, "check that won deals stand in a stage")],
)
def test_traits_are_not_looked_for_among_deals_that_all_ended_alike(
    icp_sync: Command, portal: SandboxPortal, won: bool, remedy: str
) -> None:
    add(portal, lambda _: won)
    icp_sync("plan")
    ended = icp_sync("discover")
    assert ended.code == 1
    assert remedy in ended.err


@pytest.mark.slow
def test_a_property_that_no_deal_has_a_value_of_is_named(icp_sync: Command, portal: SandboxPortal) -> None:
    add(portal)
    icp_sync("plan")
    assert (
        "None of these deals has a value of onwer: this portal has no such" in icp_sync("backtest", "--by", "onwer").out
    )
