"""Generates deals whose outcome follows the companies' traits, follows nothing, or writes itself into the companies."""

from typing import Final

import polars as pl

from icp_sync.sandbox.data.generate_companies import load_population
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.sandbox.seeded_random import SeededRandom
from icp_sync.sandbox.timestamps import DAY

PLANTED, NONE, LEAK = "planted", "none", "leak"
SIGNALS: Final = (PLANTED, NONE, LEAK)
"""What decides deals: traits of the company, nothing, or nothing while sales fill in the technologies of customers."""

_YEARS: Final = 3
_ON_RECORD: Final = 30 * DAY  # before its first deal, of a company generated as younger
_BASE_ODDS: Final = 0.25
_ODDS: Final = {"industry": 2.5, "employees": 2.2, "tools": 2.0}
_LEAKED: Final = "docker;kubernetes"
_NOTICED: Final = 0.8  # of the companies won, so many get their technologies filled in
_SOURCES: Final = {"ORGANIC_SEARCH": 30.0, "PAID_SEARCH": 15, "REFERRALS": 20, "EMAIL_MARKETING": 10, "OFFLINE": 25}


def generate_deals(portal: SandboxPortal, deals: int, signal: str = PLANTED, seed: int = 1) -> None:
    """Give the portal's companies so many deals of the last three years; the same for the same seed and clock.

    `planted`: industry, size and tools raise the odds of winning 2.5, 2.2 and 2.0 times; `none`: every deal is won with
    the same chance; `leak`: as none, and the technologies of companies are known where they bought.
    """
    companies = portal.companies_frame("industry", "numberofemployees", "web_technologies")
    if not deals or companies.is_empty():
        return
    random = SeededRandom(deals, seed)
    place = (random.uniform("company") * companies.height).cast(pl.UInt32)
    chosen = companies[place]
    won = random.uniform("won") < _win_probability(chosen if signal == PLANTED else chosen.clear(deals))
    frame = _deals_frame(random, chosen, won, portal)
    _backdate_companies(portal, chosen["id"], frame["createdate"])
    portal.add_records("deals", frame, [[company_id] for company_id in chosen["id"]])
    if signal == LEAK:
        _write_technologies(portal, chosen["id"].filter(won & (frame["hs_is_closed"] == "true")), companies["id"])


def _win_probability(companies: pl.DataFrame) -> pl.Series:
    """The chance of winning each; what is unknown raises nothing."""
    industries = [
        name for cluster in list(load_population()["clusters"].values())[:2] for name in cluster["industries"]
    ]
    traits = {
        "industry": pl.col("industry").is_in(industries),
        "employees": pl.col("numberofemployees").cast(pl.Float64, strict=False).is_between(500, 10_000),
        "tools": pl.col("web_technologies").str.contains("kubernetes|docker|amazon", literal=False),
    }
    odds = pl.lit(_BASE_ODDS)
    for name, trait in traits.items():
        odds = odds * pl.when(trait.fill_null(value=False)).then(_ODDS[name]).otherwise(1.0)
    return companies.select(chance=odds / (1 + odds)).to_series()


def _deals_frame(random: SeededRandom, companies: pl.DataFrame, won: pl.Series, portal: SandboxPortal) -> pl.DataFrame:
    now, size = portal.now(), companies["numberofemployees"].cast(pl.Float64, strict=False).fill_null(50)
    opened = now - (random.uniform("opened") * _YEARS * 365 * DAY).cast(pl.Int64)
    days = (random.normal("cycle") * 0.6 + 4).exp()
    closed = opened + (days * DAY).cast(pl.Int64)
    decided = closed <= now
    amount = ((random.normal("amount") * 0.8 + 8.5).exp() * size.clip(1, 1e5) ** 0.25).round()
    owners = {str(owner.id): 1.0 for owner in portal.owners[:6]}
    open_stage = random.weighted_choice("stage", {"qualifiedtobuy": 2.0, "presentationscheduled": 1, "contractsent": 1})
    won_text, closed_text = (flag.cast(pl.String) for flag in (won & decided, decided))
    stage = pl.select(pl.when(won).then(pl.lit("closedwon")).otherwise(pl.lit("closedlost"))).to_series()
    return pl.DataFrame(
        {
            "dealname": [f"Deal {number:,}" for number in range(1, len(won) + 1)],
            "amount": amount,
            "amount_in_home_currency": amount,
            "deal_currency_code": pl.repeat("EUR", len(won), eager=True),
            "dealstage": stage.zip_with(decided, open_stage),
            "pipeline": random.weighted_choice("pipeline", {"default": 9.0, "partners": 1}),
            "dealtype": random.weighted_choice("type", {"newbusiness": 8.0, "existingbusiness": 2}),
            "createdate": opened.cast(pl.Datetime("ms")),
            "hs_lastmodifieddate": closed.clip(upper_bound=now).cast(pl.Datetime("ms")),
            "closedate": closed.cast(pl.Datetime("ms")),
            "hs_is_closed": closed_text,
            "hs_is_closed_won": won_text,
            "hubspot_owner_id": random.weighted_choice("owner", owners),
            "hs_analytics_source": random.weighted_choice("source", _SOURCES),
        }
    )


def _backdate_companies(portal: SandboxPortal, customers: pl.Series, opened: pl.Series) -> None:
    """No deal is older than its company, so that the company's history tells what was known when it opened."""
    first = pl.DataFrame({"id": customers, "opened": opened}).group_by("id").agg(pl.col("opened").min().dt.epoch("ms"))
    with portal.lock:
        for company_id, moment in first.iter_rows():
            row = portal.records.row(company_id)
            if row is not None and portal.records.created.get(row) >= moment:
                portal.records.created.set(row, moment - _ON_RECORD)


def _write_technologies(portal: SandboxPortal, customers: pl.Series, everybody: pl.Series) -> None:
    """What sales did: the tools of most customers are on record, and nobody else's."""
    unique = customers.unique(maintain_order=True)
    noticed = SeededRandom(len(unique), len(unique)).draw_bool("noticed", _NOTICED)
    filled = set(unique.filter(noticed))
    values = {company_id: _LEAKED if company_id in filled else "" for company_id in everybody}
    portal.edit_companies({company_id: {"web_technologies": value} for company_id, value in values.items()})
