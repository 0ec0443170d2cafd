"""Generates a portal that resembles real ones: sparse, messy, skewed towards a seller to German industry."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson
import polars as pl

from icp_sync.sandbox.data.generate_text import text_columns
from icp_sync.sandbox.portal import SandboxPortal
from icp_sync.sandbox.seeded_random import SeededRandom
from icp_sync.sandbox.timestamps import DAY

TARGETS = 0.025
MOST_LOSSES = 20

_EMPLOYEES = (10, 50, 200, 500, 1000, 5000, 10_000)
_EMPLOYEE_RANGES = (
    "1 - 10", "11 - 50", "51 - 200", "201 - 500", "501 - 1,000", "1,001 - 5,000", "5,001 - 10,000", "10,001+",
)  # fmt: skip
_REVENUES = (1e6, 1e7, 5e7, 1e8, 2.5e8, 5e8, 1e9)
_REVENUE_RANGES = (
    "$0 - $1M", "$1M - $10M", "$10M - $50M", "$50M - $100M",
    "$100M - $250M", "$250M - $500M", "$500M - $1B", "$1B+",
)  # fmt: skip


def generate_companies(portal: SandboxPortal, companies: int, seed: int = 1) -> None:
    """Fill the portal with `companies` live companies, identical for the same seed and clock.

    A few more are made and then merged away or archived, as every real portal has them.
    """
    lost = min(MOST_LOSSES, companies // 100)
    made = companies + 2 * lost
    first = portal.records.next_id()
    portal.add_companies(_companies_frame(SeededRandom(made, seed), portal.now()))
    step = made // (2 * lost) if lost else 1
    for place in range(lost):
        portal.merge(first + 2 * place * step, first + 2 * place * step + 1)
        portal.archive(first + (2 * place + 1) * step)


def _companies_frame(random: SeededRandom, now: int) -> pl.DataFrame:
    target = random.draw_bool("target", TARGETS)
    country = _countries(random, target)
    cluster = _draw_industry_clusters(random, target)
    employees = _employees(random, target)
    columns = {
        **_location(random, country, target),
        **_size_columns(random, country, employees, target),
        **_industry_columns(random, cluster, target),
        "web_technologies": _technologies(random, cluster, employees, target),
        **text_columns(random, country, load_population()),
        **_timestamp_columns(random, now),
    }
    return pl.DataFrame(columns)


@cache
def load_population() -> dict[str, Any]:
    """The countries, clusters, technologies and names a generated portal draws from."""
    return orjson.loads(files(__package__).joinpath("population.json").read_bytes())  # type: ignore[no-any-return]


def _with_gaps(random: SeededRandom, label: str, values: pl.Series, share: float, target: pl.Series) -> pl.Series:
    """Leave values out; of a target company nearly everything is known."""
    known = random.draw_bool(f"{label}/known", share) | (target & random.draw_bool(f"{label}/target", 0.9))
    return values.set(~known, None)


def _countries(random: SeededRandom, target: pl.Series) -> pl.Series:
    weights = [country["weight"] for country in load_population()["countries"]]
    anywhere, at_home = random.weighted_index("country", weights), random.weighted_index("country/target", [8, 1, 1])
    return anywhere.zip_with(~target, at_home)


def _draw_industry_clusters(random: SeededRandom, target: pl.Series) -> pl.Series:
    weights = [cluster["weight"] for cluster in load_population()["clusters"].values()]
    return random.weighted_index("cluster", weights).zip_with(~target, random.weighted_index("cluster/target", [3, 2]))


def _employees(random: SeededRandom, target: pl.Series) -> pl.Series:
    anyone = (random.normal("employees") * 1.7 + 4.6).exp()
    fitting = (random.normal("employees/target") * 0.5 + 7.0).exp().clip(500, 9500)
    return anyone.zip_with(~target, fitting).round().clip(1, 50_000).cast(pl.Int64)


def _location(random: SeededRandom, country: pl.Series, target: pl.Series) -> dict[str, pl.Series]:
    countries = load_population()["countries"]
    spelling = random.choice_within_group("spelling", [one["spellings"] for one in countries], country)
    junk = random.weighted_choice("junk", dict.fromkeys(load_population()["unreadable_countries"], 1.0))
    place = random.choice_within_group("place", [one["places"] for one in countries], country)
    city, state = (place.str.split("|").list.get(part) for part in (0, 1))
    codes = pl.Series([one["code"] for one in countries]).gather(country)
    low, high = (pl.Series([one["zip"][end] for one in countries]).gather(country) for end in (0, 1))
    zips = (low + random.uniform("zip") * (high - low)).cast(pl.Int64).cast(pl.String)
    written = spelling.zip_with(~random.draw_bool("country/junk", 0.02), junk)
    return {
        "country": _with_gaps(random, "country", written, 0.88, target),
        "hs_country_code": _with_gaps(random, "code", codes, 0.4, target),
        "city": _with_gaps(random, "city", city, 0.65, target),
        "state": _with_gaps(random, "state", state, 0.5, target),
        "zip": _with_gaps(random, "zip", zips, 0.45, target),
    }


def _size_columns(
    random: SeededRandom, country: pl.Series, employees: pl.Series, target: pl.Series
) -> dict[str, pl.Series]:
    per_head = (random.normal("per head") * 0.7 + 11.6).exp()
    fitting = (random.normal("revenue/target") * 0.5 + 17.6).exp().clip(1.05e7, 9.5e7)
    revenue = ((employees * per_head).zip_with(~target, fitting) / 1000).round().cast(pl.Int64) * 1000
    currency = pl.Series([one["currency"] for one in load_population()["countries"]]).gather(country)
    counted = employees.set(random.draw_bool("employees/zero", 0.005), 0)
    return {
        "numberofemployees": _with_gaps(random, "employees", counted, 0.75, target),
        "hs_employee_range": _range_labels(employees, _EMPLOYEES, _EMPLOYEE_RANGES).set(
            ~random.draw_bool("band", 0.35), None
        ),
        "annualrevenue": _with_gaps(random, "revenue", revenue, 0.55, target),
        "hs_revenue_range": _range_labels(revenue, _REVENUES, _REVENUE_RANGES).set(
            ~random.draw_bool("bracket", 0.25), None
        ),
        "hs_annual_revenue_currency_code": currency.set(~random.draw_bool("currency", 0.3), None),
    }


def _range_labels(values: pl.Series, breaks: tuple[float, ...], labels: tuple[str, ...]) -> pl.Series:
    places: pl.Series = pl.Series(breaks, dtype=pl.Float64).search_sorted(values.cast(pl.Float64), side="left")
    return pl.Series(labels).gather(places)


def _industry_columns(random: SeededRandom, cluster: pl.Series, target: pl.Series) -> dict[str, pl.Series]:
    groups = [one["industries"] for one in load_population()["clusters"].values()]
    industry = random.choice_within_group("industry", groups, cluster)
    kind = {"": 45.0, "PROSPECT": 44, "PARTNER": 4, "VENDOR": 3, "RESELLER": 1, "OTHER": 3}
    stage = {
        "": 10.0, "lead": 45, "subscriber": 9, "marketingqualifiedlead": 12, "salesqualifiedlead": 7,
        "opportunity": 7, "customer": 8, "evangelist": 0.5, "other": 1.5,
    }  # fmt: skip
    status = {"": 70.0, "NEW": 10, "OPEN": 5, "IN_PROGRESS": 5, "CONNECTED": 4, "UNQUALIFIED": 4, "BAD_TIMING": 2}
    types = random.weighted_choice("type", kind).set(target & random.draw_bool("type/target", 0.9), "PROSPECT")
    return {
        "industry": _with_gaps(random, "industry", industry, 0.85, target),
        "type": types,
        "lifecyclestage": random.weighted_choice("stage", stage),
        "hs_lead_status": random.weighted_choice("status", status),
    }


def _technologies(random: SeededRandom, cluster: pl.Series, employees: pl.Series, target: pl.Series) -> pl.Series:
    """Three in ten companies show up to eight tools; mid-size makers of things and software DevOps ones."""
    devops = (cluster < 2) & employees.is_between(150, 15_000)
    bags = load_population()["technologies"]
    drawn = []
    for slot in range(8):
        general, tooled, stack = (
            random.weighted_choice(f"{bag} {slot}", bags[bag]) for bag in ("general", "devops", "stack")
        )
        drawn.append(stack.zip_with(target, tooled.zip_with(devops, general)).alias(str(slot)))
    count = (random.uniform("tools") * 8).cast(pl.Int64) + 1
    frame = pl.DataFrame([*drawn, count.clip(pl.repeat(0, len(count), eager=True).set(target, 5)).alias("count")])
    tools = pl.concat_list(pl.exclude("count")).list.head(pl.col("count")).list.unique(maintain_order=True)
    joined = frame.select(tools.list.join(";").alias("tools"))["tools"]
    filled = random.draw_bool("tools/devops", 0.5).zip_with(devops, random.draw_bool("tools/general", 0.26))
    return joined.set(~(filled | (target & random.draw_bool("tools/target", 0.92))), None)


def _timestamp_columns(random: SeededRandom, now: int) -> dict[str, pl.Series]:
    """Created over the last six years, last touched some time after that."""
    age = (random.uniform("created") ** 1.3 * 6 * 365 * DAY).cast(pl.Int64) + DAY
    rest = ((1 - random.uniform("touched") ** 2) * age).cast(pl.Int64)
    return {"createdate": now - age, "hs_lastmodifieddate": now - rest}
