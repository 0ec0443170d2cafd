"""Random profiles and companies from a seed: for the engine as texts, for the reference as what they mean."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.reference.asked import Company, Criterion, Derived, Live, Profile, Tier, Written
from tests.reference.meanings import Cell, City, CityName, Words
from tests.reference.places import (
    CITIES,
    COUNTRY_CELLS,
    OTHER_SPELLINGS,
    OWN_REGIONS,
    STATE_CELLS,
    UNREADABLE_PLACES,
)
from tests.reference.questions import Subject, leaf, question, subject
from tests.reference.texts import (
    EMPLOYEE_RANGES,
    EMPLOYEES,
    EMPTY,
    INDUSTRIES,
    JOINTS,
    MONEY,
    MONEY_RANGES,
    NAMES,
    OWN_INDUSTRIES,
    OWN_TECHNOLOGIES,
    TECHNOLOGIES,
    TRUTHS,
    UNREADABLE_DATES,
    UNREADABLE_NUMBERS,
    UNREADABLE_TRUTHS,
    WORDLESS,
    WORDS,
    YEARS,
    dated,
)

DAYS: Final = (dt.date(2026, 11, 21), dt.date(2027, 2, 28), dt.date(2028, 2, 29), dt.date(2027, 1, 1))
TIER_NAMES: Final = ("tier_1", "tier_2", "tier_3")
HOME: Final = {
    "country": ("hs_country_code", "country"), "state": ("hs_state_code", "state"), "city": ("city",), "zip": ("zip",),
}  # fmt: skip
HEADQUARTERS: Final = {"country": ("hq_country",), "state": ("hq_state",), "city": ("hq_city",), "zip": ("hq_zip",)}
DERIVED: Final = {
    "per_head": Derived(("/", "annualrevenue", "numberofemployees"), "annualrevenue / numberofemployees"),
    "budget": Derived(
        ("least", ("*", "annualrevenue", 0.1), ("abs", "total_money_raised"), 5e6),
        "least(annualrevenue * 0.10, abs(total_money_raised), 5000000)",
    ),
    "share": Derived(
        ("/", ("-", "numberofemployees", 500.0), ("*", "annualrevenue", "annualrevenue")),
        "(numberofemployees - 500) / (annualrevenue * annualrevenue)",
    ),
    "vast": Derived(("*", ("*", "annualrevenue", -1.0), 1e12), "-annualrevenue * 1000000000000"),
    "gap": Derived(
        ("-", ("greatest", "annualrevenue", "total_money_raised"), ("*", ("+", "numberofemployees", 1.0), 1000.0)),
        "greatest(annualrevenue, total_money_raised) - (numberofemployees + 1) * 1000",
    ),
}


def _weights(rng: random.Random, count: int) -> list[str]:
    """Often powers of two in sum, where scores fall on halves of the last decimal."""
    weights = [rng.choice((1, 2, 3, 5)) for _ in range(count)]
    whole = next(whole for whole in (16, 32, 64) if whole > sum(weights[:-1]))
    return [*map(str, weights[:-1]), rng.choice((str(whole - sum(weights[:-1])), "2.5", "7"))]


def _criterion(rng: random.Random, name: str, weight: str) -> Criterion:
    about: Subject | None = subject(rng) if rng.random() < 0.7 else None
    match = question(rng, about, rng.choice((0, 1, 3)))
    worth = sorted(rng.sample(("0.2", "0.25", "0.5", "0.7", "0.75"), rng.choice((0, 0, 1, 2))), reverse=True)
    partials = tuple((question(rng, about, rng.choice((0, 0, 1))), credit) for credit in worth)
    missing = rng.choice(("unknown", "unknown", "unknown", "miss"))
    written: Written = {"id": name, "weight": float(weight), "match": match.written, **(about.written if about else {})}
    if partials:
        written["partial"] = [{"match": asked.written, "credit": float(credit)} for asked, credit in partials]
    if missing == "miss" or rng.random() < 0.2:
        written["missing"] = missing
    return Criterion(name, weight, match, partials, missing, written)


def _tiers(rng: random.Random) -> tuple[Tier, ...]:
    count = rng.choice((1, 2, 3, 3, 3))
    enters = sorted(rng.sample(range(10, 96, 5), count), reverse=True)
    tiers = []
    for name, enter, lower in zip(TIER_NAMES, enters, (*enters[1:], 0), strict=False):
        leave = rng.choice((enter, max(enter - rng.choice((5, 50, 50)), lower)))
        limit = rng.choice((None, 4, 7, 7, 10, 10, 14)) if lower else None
        per = rng.choice((None, None, None, "hubspot_owner_id")) if limit else None
        tiers.append(Tier(name, str(enter), str(leave), limit, per))
    return tuple(tiers)


def _tier_written(tier: Tier) -> Written:
    written: Written = {"tier": tier.name, "enter": float(tier.enter)}
    if tier.leave != tier.enter:
        written["leave"] = float(tier.leave)
    if tier.limit:
        written["capacity"] = {"limit": tier.limit, "per": tier.per} if tier.per else tier.limit
    return written


def profile(rng: random.Random) -> Profile:
    """A valid profile that uses the language up and down."""
    count = rng.randint(3, 8)
    criteria = tuple(_criterion(rng, f"c{at}", weight) for at, weight in enumerate(_weights(rng, count)))
    ids = [criterion.id for criterion in criteria]
    required = tuple(rng.sample(ids, rng.choice((0, 0, 0, 1, 2))))
    asked = [(f"d{at}", subject(rng)) for at in range(rng.choice((0, 0, 0, 1, 2)))]
    disqualifiers = tuple((name, about, leaf(rng, about, named=False)) for name, about in asked)
    scope = question(rng, None, 1) if rng.random() < 0.25 else None
    minimum = rng.choice(("0", "0", "0.3", "0.5", "0.75"))
    tiers, location = _tiers(rng), rng.choice((HOME, HOME, HEADQUARTERS))
    written = {
        "schema": 1,
        "profile": {"name": "generated", "kind": "icp"},
        "criteria": [criterion.written for criterion in criteria],
        "required": list(required),
        "disqualifiers": [
            {"id": name, "match": asked.written, **about.written} for name, about, asked in disqualifiers
        ],
        "derive": {name: derived.written for name, derived in DERIVED.items()},
        "coverage": {"minimum": float(minimum)},
        "tiers": [_tier_written(tier) for tier in tiers],
        "write": {"score": "icp_fit_score"},
        "vocabulary": {
            "regions": OWN_REGIONS, "technologies": OWN_TECHNOLOGIES, "industries": OWN_INDUSTRIES,
        },
        **({"location": {part: list(names) for part, names in location.items()}} if location is not HOME else {}),
        **({"scope": scope.written} if scope else {}),
    }  # fmt: skip
    met = tuple((name, asked) for name, _, asked in disqualifiers)
    return Profile(criteria, required, met, scope, minimum, tiers, location, DERIVED, written)


def _nothing(rng: random.Random, unreadable: Sequence[Cell]) -> Cell | None:
    chance = rng.random()
    if chance < 0.15:
        return rng.choice(EMPTY)
    return rng.choice(unreadable) if chance < 0.25 else None


def _cell(rng: random.Random, readable: Sequence[Cell], unreadable: Sequence[Cell]) -> Cell:
    return _nothing(rng, unreadable) or rng.choice(readable)


def _members(rng: random.Random, spellings: Mapping[str, Sequence[str]], most: int) -> Cell:
    """Some names, now and then one of them twice in two spellings."""
    if nothing := _nothing(rng, WORDLESS):
        return nothing
    names = rng.sample(list(spellings), rng.randint(1, most))
    typed = [*names, *rng.sample(names, 1)] if most > 1 and rng.random() < 0.2 else names
    text = rng.choice((";", "; ", ";;")).join(rng.choice(spellings[name]) for name in typed)
    words = tuple(word for name in typed for word in name.split(" "))
    return Cell(text, Words(text, frozenset(names), words))


def _prose(rng: random.Random) -> Cell:
    if nothing := _nothing(rng, WORDLESS):
        return nothing
    words = [rng.choice(list(WORDS)) for _ in range(rng.randint(1, 7))]
    *head, last = [rng.choice(WORDS[word]) for word in words]
    text = "".join(f"{typed}{rng.choice(JOINTS)}" for typed in head) + last
    return Cell(text, Words(text, frozenset(), tuple(words)))


def _day(rng: random.Random, as_of: dt.date) -> dt.date:
    ago = rng.choice((-40, -1, 0, 0, 1, 6, 7, 8, 30, 31, 90, 91, 364, 365, 366, 731, 1096, 1826, 3653, 9500))
    return as_of - dt.timedelta(days=ago)


def _dates(rng: random.Random, as_of: dt.date) -> dict[str, Cell]:
    past = as_of - dt.timedelta(days=rng.choice((0, 1, 364, 365, 366, 730, 731, 1095, 1096, 1461, 1827, 9131, 14610)))
    days = ("last_contact", "contract_signed")
    ages = {name: rng.choice((dated(past), YEARS)) for name in ("founded_year", "opened_on")}
    return {name: _cell(rng, dated(_day(rng, as_of)), UNREADABLE_DATES) for name in days} | {
        name: _cell(rng, cells, UNREADABLE_DATES) for name, cells in ages.items()
    }


def _named(rng: random.Random, city: City) -> Cell:
    namesakes = [other for other in CITIES if other.name == city.name]
    known_first = tuple(sorted(namesakes, key=lambda other: -other.people))
    return Cell(rng.choice((city.name, *OTHER_SPELLINGS.get(city.name, ()))), CityName(known_first))


def _place(rng: random.Random, names: Mapping[str, Sequence[str]]) -> dict[str, Cell]:
    """A real city, its state and country, with parts left out."""
    city = rng.choice(CITIES)
    country = [_cell(rng, COUNTRY_CELLS[city.country], UNREADABLE_PLACES) for _ in names["country"]]
    state = [_cell(rng, STATE_CELLS.get(city.state, EMPTY), UNREADABLE_PLACES) for _ in names["state"]]
    town = _cell(rng, [_named(rng, city)], UNREADABLE_PLACES)
    return dict(zip((*names["country"], *names["state"], *names["city"]), (*country, *state, town), strict=True))


def _live(rng: random.Random) -> Live:
    tier = rng.choice((None, "tier_1", "tier_1", "tier_2", "tier_3"))
    chance = rng.random()
    if chance < 0.05:
        return Live(tier, fixed=True, stands=tier, locked=True)
    if chance < 0.1:
        return Live(None, fixed=True, stands=rng.choice(TIER_NAMES))
    return Live(tier)


def company(rng: random.Random, number: int, as_of: dt.date) -> Company:
    """A company as messy as a CRM holds them."""
    employees, money = (*EMPLOYEES, *EMPLOYEE_RANGES), (*MONEY, *MONEY_RANGES)
    codes = sorted(COUNTRY_CELLS)
    cells = {
        **{name: _cell(rng, employees, UNREADABLE_NUMBERS) for name in ("numberofemployees", "hs_employee_range")},
        **{name: _cell(rng, money, UNREADABLE_NUMBERS) for name in ("annualrevenue", "total_money_raised")},
        **{name: _members(rng, NAMES, 2) for name in ("partner_level", "account_kind")},
        **{name: _prose(rng) for name in ("description", "about")},
        **{name: _members(rng, TECHNOLOGIES, 5) for name in ("web_technologies", "tools_used")},
        **{name: _members(rng, INDUSTRIES, 1) for name in ("industry", "main_sector")},
        **{name: _cell(rng, TRUTHS, UNREADABLE_TRUTHS) for name in ("is_public", "does_export")},
        **_dates(rng, as_of),
        **_place(rng, HOME | {"city": ("city",)}),
        **_place(rng, HEADQUARTERS),
        "billing_country": _cell(rng, COUNTRY_CELLS[rng.choice(codes)], UNREADABLE_PLACES),
        "hubspot_owner_id": rng.choice((Cell("101", True), Cell("102", True), EMPTY[0])),
        "zip": EMPTY[0],
        "hq_zip": EMPTY[0],
    }
    texts: dict[str, Any] = {name: cell.text for name, cell in cells.items()}
    return Company(number, texts, {name: cell.meaning for name, cell in cells.items()}, _live(rng))
