"""Numbers, words, dates and truths as people type them into a CRM, each beside what they mean; judged by hand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Final

from tests.reference.meanings import Cell, Interval, Nothing, Year

EMPTY: Final = tuple(
    Cell(text, Nothing.EMPTY)
    for text in (None, "", " ", "N/A", "n/a", "-", "null", "NULL", "not provided", "Not Provided")
)


def _unreadable(*texts: str) -> tuple[Cell, ...]:
    return tuple(Cell(text, Nothing.UNREADABLE) for text in texts)


def _numbers(meant: Mapping[str, tuple[float, float]]) -> tuple[Cell, ...]:
    return tuple(Cell(text, Interval(*bounds)) for text, bounds in meant.items())


UNREADABLE_NUMBERS: Final = _unreadable("#####", "Jan-50", "1/24/33", "plenty", "a few people", "see website")
UNREADABLE_DATES: Final = _unreadable("soon", "#####", "2026-13-45", "last summer", "tbd by sales")
WORDLESS: Final = tuple(Cell(text, Nothing.WORDLESS) for text in ("!!!", "***", "…", "--", "(*)", "; ;", "?!"))
UNREADABLE_TRUTHS: Final = _unreadable("perhaps", "#####", "see website", "ask Petra")

EMPLOYEES: Final = _numbers({
    "0": (0, 0), "7": (7, 7), "50": (50, 50), "51": (51, 51), "200": (200, 200), "249": (249, 249),
    "250": (250, 250), "500": (500, 500), "999": (999, 999), "1000": (1000, 1000), "1,000": (1000, 1000),
    "1,200": (1200, 1200), "1200": (1200, 1200), "c. 1,000 (2022)": (1000, 1000), "5,000": (5000, 5000),
    "10000": (10000, 10000), "10,001": (10001, 10001), "12k": (12000, 12000), "1.5k": (1500, 1500),
    "900 (2019), 1,300 (2021)": (1300, 1300), "-5": (-5, -5), "500 employees": (500, 500), "250.0": (250, 250),
})  # fmt: skip
EMPLOYEE_RANGES: Final = _numbers({
    "1-10": (1, 10), "11-50": (11, 50), "51-200": (51, 200), "51 - 200": (51, 200), "201-500": (201, 500),
    "500–10,000": (500, 10000), "501-1,000": (501, 1000), "1,001-5,000": (1001, 5000), "5001-10000": (5001, 10000),
    "10,001+": (10001, math.inf), "1000+": (1000, math.inf), "Less than 250": (0, 249), "0-25": (0, 25),
})  # fmt: skip
MONEY: Final = _numbers({
    "0": (0, 0), "950000": (950e3, 950e3), "€10M": (10e6, 10e6), "$1.2bn": (1.2e9, 1.2e9), "10,000,000": (10e6, 10e6),
    "1,234,567": (1234567, 1234567), "£750k": (750e3, 750e3), "5m": (5e6, 5e6), "50000000": (50e6, 50e6),
    "3 mio": (3e6, 3e6), "$1.2 trillion": (1.2e12, 1.2e12), "-250000": (-250e3, -250e3), "$100M": (100e6, 100e6),
    "1.2 billion": (1.2e9, 1.2e9), "1000000": (1e6, 1e6), "$25,000,000": (25e6, 25e6),
})  # fmt: skip
MONEY_RANGES: Final = _numbers({
    "$1M-$10M": (1e6, 10e6), "$10M-$50M": (10e6, 50e6), "€50M-€100M": (50e6, 100e6), "$1B+": (1e9, math.inf),
    "0-1000000": (0, 1e6), "500k-1m": (500e3, 1e6), "100,000,000+": (100e6, math.inf),
})  # fmt: skip
EMPLOYEE_BORDERS: Final = (0, 10, 50, 100, 200, 250, 500, 1000, 1200, 2500, 5000, 10000, 10001, 20000)
DERIVED_BORDERS: Final = (-1e19, -1e12, 0, 1e-22, 1e-12, 1e-9, 1000, 5000.5, 100_000, 1e6, 5e6, 1e8)
MONEY_BORDERS: Final = (0, 750e3, 1e6, 5e6, 10e6, 20e6, 25e6, 50e6, 75e6, 100e6, 1.2e9)

# Concept → the ways its name is written; no two concepts share a key, and none is an industry or a technology.
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "channel partner": ("Channel Partner", "CHANNEL_PARTNER", "channel-partner", "Channel  Partner", "channel/partner"),
    "channel": ("Channel", "CHANNEL", "channel."),
    "strassenbau": ("Straßenbau", "STRASSENBAU", "strassenbau"),
    "oresund": ("Øresund", "oresund", "ØRESUND"),
    "lodz": ("Łódź", "lodz", "ŁÓDŹ"),
    "aether": ("Æther", "aether", "ÆTHER"),
    "oeuvre": ("Œuvre", "oeuvre", "Oeuvre"),
    "dakovo": ("Đakovo", "DAKOVO", "đakovo"),
    "sao tome": ("São Tomé", "sao tome", "SAO_TOME", "Sao  Tomé"),
    "grade c": ("Grade C", "grade_c", "grade-c"),
    "grade c++": ("Grade C++", "grade_c++", "GRADE C++"),
    "grade c#": ("Grade C#", "grade-c#", "grade c#"),
    "acme inc": ("Acme Inc.", "acme inc", "ACME, Inc."),
    "v2.5": ("v2.5", "V2.5", "(v2.5)"),
    "v2 5": ("v2 5", "V2-5", "v2_5"),
}
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "cloud": ("cloud", "Cloud", "CLOUD"), "clouds": ("clouds", "Clouds"), "data": ("data", "Data", "DATA"),
    "database": ("database", "Database"), "securite": ("sécurité", "securite", "SÉCURITÉ"), "for": ("for", "For"),
    "grosse": ("Größe", "grosse", "GROSSE"), "banks": ("banks", "Banks"), "c++": ("C++", "c++"), "c": ("C", "c"),
    "platform": ("platform", "Platform", "platform."), "smorrebrod": ("smørrebrød", "Smorrebrod"),
}  # fmt: skip
JOINTS: Final = (" ", " ", ", ", " - ", " / ", "  ", ". ", "_")
PATTERNS: Final = ("cloud", "^data", r"c\+\+", "form$", r"data\w+", "(big|for) ?bank", r"\d", "^.{30,}", "[ø/]")

TECHNOLOGIES: Final[Mapping[str, tuple[str, ...]]] = {
    "nodejs": ("nodejs", "Node.js", "node_js", "NODEJS"), "jira": ("jira", "Jira", "JIRA", "Gira"),
    "bitbucket": ("bitbucket", "Bitbucket"), "postman": ("postman", "Postman"), "aws": ("aws", "AWS"),
    "prometheus": ("prometheus", "Prometheus"), "azure": ("azure", "Azure"), "hubspot": ("hubspot", "HubSpot"),
    "google cloud": ("google_cloud", "Google Cloud", "GOOGLE-CLOUD"), "salesforce": ("salesforce", "Salesforce"),
    "zorgblatt suite": ("zorgblatt_suite", "Zorgblatt Suite"), "quuxbase": ("quuxbase", "QuuxBase", "Quüxbase"),
}  # fmt: skip
TECHNOLOGY_GROUPS: Final = {
    "hyperscaler": frozenset({"aws", "azure", "google cloud"}),
    "crm": frozenset({"hubspot", "salesforce"}),
    "house-stack": frozenset({"jira", "quuxbase", "aws"}),
    "house-all": frozenset({"jira", "quuxbase", "aws", "azure", "google cloud", "postman"}),
}
OWN_TECHNOLOGIES: Final = {
    "house-stack": ["Gira", "QuuxBase", "aws"], "house-all": ["house-stack", "hyperscaler", "Postman"]
}  # fmt: skip
INDUSTRIES: Final[Mapping[str, tuple[str, ...]]] = {
    "computer software": ("COMPUTER_SOFTWARE", "Computer Software", "computer-software"),
    "banking": ("BANKING", "Banking"), "farming": ("FARMING", "Farming"), "machinery": ("MACHINERY", "Machinery"),
    "restaurants": ("RESTAURANTS", "Restaurants"), "zorg herding": ("ZORG_HERDING", "Zorg herding"),
    "wine and spirits": ("WINE_AND_SPIRITS", "Wine and Spirits", "wine and spirits"),
}  # fmt: skip
INDUSTRY_GROUPS: Final = {
    "software": frozenset({"computer software"}),
    "manufacturing": frozenset({"machinery"}),
    "house-sectors": frozenset({"banking", "zorg herding"}),
}
OWN_INDUSTRIES: Final = {"house-sectors": ["Banking", "Zorg herding"]}

TRUTHS: Final = tuple(
    Cell(text, meant)
    for meant, texts in {True: ("true", "TRUE", "yes", "Yes"), False: ("false", "False", "no", "NO")}.items()
    for text in texts
)
YEARS: Final = tuple(
    Cell(text, Year(year))
    for text, year in {
        "1998": 1998, "2024": 2024, "2024.0": 2024, "1987, 2001": 2001, "2016.0": 2016, "2023": 2023, "2021": 2021,
        "1999 (as Foo), 2005 (as Bar)": 2005,
    }.items()
)  # fmt: skip


def dated(day: dt.date) -> tuple[Cell, ...]:
    """One day as HubSpot and people write it."""
    epoch = (day - dt.date(1970, 1, 1)).days * 86_400_000
    texts = (day.isoformat(), f"{day}T12:00:00Z", f"{day}T12:30:15.250Z", str(epoch), f"Spring ; ago ( {day} )")
    return tuple(Cell(text, day) for text in texts)
