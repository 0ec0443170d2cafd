"""Generates the columns that only describe a company: names, domains, owners, descriptions and the rest."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from icp_sync.sandbox.seeded_random import SeededRandom
from icp_sync.sandbox.store.owners import OWNERS

_YEARS = ("{}", "{}", "{}", "{}", "{}", "{}", "{}.0", "c. {}", "since {}", "{} (relaunched 2004)")


def text_columns(random: SeededRandom, country: pl.Series, population: Mapping[str, Any]) -> dict[str, pl.Series]:
    """Columns by property; `country` holds places in the population's countries."""
    countries, words = population["countries"], population["names"]
    first, second = (random.weighted_choice(half, dict.fromkeys(words[half], 1.0)) for half in ("first", "second"))
    legal = random.choice_within_group("legal", [one["legal"] for one in countries], country)
    plain = (first + " " + second + (" " + legal).fill_null("")).rename("name")
    odd = random.weighted_choice("odd", dict.fromkeys(words["odd"], 1.0))
    name = plain.zip_with(~random.draw_bool("name/odd", 0.004), odd)
    domain = _domains(random, first, second, pl.Series([one["tld"] for one in countries]).gather(country))
    return {
        "name": name.set(random.draw_bool("name/none", 0.002), None),
        "domain": domain,
        "website": ("https://www." + domain).set(~random.draw_bool("website", 0.8), None),
        "description": _descriptions(random, plain),
        "founded_year": _founding_years(random),
        "total_money_raised": _money_raised(random),
        "is_public": random.weighted_choice("public", {"": 60.0, "false": 36, "true": 4}),
        "hubspot_owner_id": random.weighted_choice("owner", {"": 7.0, **{str(owner.id): 1.0 for owner in OWNERS}}),
        "hs_keywords": random.weighted_choice(
            "keyword", {"": 88.0, "devops;cloud": 4, "production;automation": 5, "saas": 3}
        ),
        "num_associated_contacts": _contact_counts(random),
        "hs_num_open_deals": random.weighted_choice("deals", {"": 80.0, "0": 12, "1": 6, "2": 2}),
    }


def _domains(random: SeededRandom, first: pl.Series, second: pl.Series, tld: pl.Series) -> pl.Series:
    """One in nine has none; one in thirty shares that of a company nearby, as subsidiaries do."""
    rows = pl.int_range(len(tld), dtype=pl.Int64, eager=True)
    shared = rows.zip_with(~random.draw_bool("domain/shared", 0.033), rows // 40 * 40)
    stem = (first + second).str.normalize("NFKD").str.to_lowercase().str.replace_all("[^a-z0-9]", "")
    domain = (stem + "-" + rows.cast(pl.String) + "." + tld).gather(shared)
    return domain.set(random.draw_bool("domain/none", 0.11), None)


def _descriptions(random: SeededRandom, name: pl.Series) -> pl.Series:
    about = {
        " builds machines and automates production lines for mid-sized manufacturers.": 3.0,
        " develops software and runs it in the cloud with zero-touch deployments.": 3,
        " is a family business in its third generation.": 2,
        " advises companies on growth, hiring and logistics.": 2,
        "\n\nWe are hiring! Visit our careers page.": 1,
    }
    return (name + random.weighted_choice("about", about)).set(~random.draw_bool("description", 0.35), None)


def _founding_years(random: SeededRandom) -> pl.Series:
    year = (2024 - random.uniform("founded") ** 2 * 120).cast(pl.Int64).cast(pl.String)
    forms = [pattern.partition("{}") for pattern in _YEARS]
    place = random.weighted_index("year form", [1.0] * len(forms))
    before, after = (pl.Series([form[part] for form in forms]).gather(place) for part in (0, 2))
    return (before + year + after).set(~random.draw_bool("year", 0.6), None)


def _money_raised(random: SeededRandom) -> pl.Series:
    millions = (random.normal("raised") * 1.2 + 1.5).exp().round(1).cast(pl.String)
    place = random.weighted_index("raised form", [3.0, 1, 1])
    before = pl.Series(["", "€", "$"]).gather(place)
    after = pl.Series(["00000", "M", " million"]).gather(place)
    plain = millions.str.replace(".", "", literal=True).zip_with(place == 0, millions)
    return (before + plain + after).set(~random.draw_bool("raised", 0.08), None)


def _contact_counts(random: SeededRandom) -> pl.Series:
    count = (random.normal("contacts") * 1.1 + 0.8).exp().floor().clip(0, 400).cast(pl.Int64)
    return count.set(~random.draw_bool("contacts", 0.7), None)
