"""Countries, states and cities in the spellings people use, each beside the place it means; judged by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.reference.meanings import Area, Cell, City, Country, Nothing, State

COUNTRIES: Final[Mapping[str, tuple[str, ...]]] = {
    "DE": ("Germany", "germany", "Deutschland", "DE", "de", "DEU"), "AT": ("Austria", "Österreich", "AT"),
    "CH": ("Switzerland", "Schweiz", "Suisse", "CH"), "NL": ("Netherlands", "The Netherlands", "Nederland"),
    "US": ("United States", "USA", "U.S.A.", "US", "United States of America"), "CR": ("Costa Rica", "CR"),
    "GB": ("United Kingdom", "UK", "Great Britain", "England", "GB"), "FR": ("France", "FR", "FRA"),
    "NA": ("Namibia", "NA"), "CA": ("Canada", "CA"), "SE": ("Sweden", "Sverige", "SE"), "NO": ("Norway", "Norge", "NO"),
    "DK": ("Denmark", "Danmark"), "FI": ("Finland", "Suomi"), "IS": ("Iceland", "IS"), "EE": ("Estonia", "EE"),
    "JP": ("Japan", "JP"), "SG": ("Singapore", "SG"), "AU": ("Australia", "AU"), "ES": ("Spain", "España"),
    "IT": ("Italy", "Italia"), "PL": ("Poland", "Polska"), "BR": ("Brazil", "Brasil"),
}  # fmt: skip
UNREADABLE_PLACES: Final = tuple(Cell(text, Nothing.UNREADABLE) for text in ("#####", "Xyzzyland", "see website"))
COUNTRY_CELLS: Final = {
    code: tuple(Cell(text, Country(code)) for text in texts) for code, texts in COUNTRIES.items()
}  # fmt: skip

STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "US-CA": ("CA", "California", "california"), "US-IL": ("IL", "Illinois"), "US-NY": ("NY", "New York"),
    "US-TX": ("TX", "Texas"), "US-OH": ("OH", "Ohio"), "US-GA": ("GA", "Georgia"), "US-OR": ("OR", "Oregon"),
    "US-ME": ("ME", "Maine"), "US-MN": ("MN", "Minnesota"), "US-AL": ("AL", "Alabama"),
    "US-NH": ("NH", "New Hampshire"), "DE-BY": ("Bayern", "Bavaria", "BY"), "DE-BE": ("Berlin", "BE"),
    "DE-HH": ("Hamburg", "HH"), "CA-ON": ("Ontario", "ON"),
}  # fmt: skip
# A country is called so too.
SHARED_STATES: Final = frozenset({"Georgia"})
STATE_CELLS: Final = {
    code: tuple(Cell(text, State(code, alone=len(text) > 2 and text not in SHARED_STATES)) for text in texts)
    for code, texts in STATES.items()
}

CITIES: Final = tuple(
    City(*row)
    for row in (
        ("San Francisco", "US", "US-CA", 870, 37.7749, -122.4194), ("Palo Alto", "US", "US-CA", 66, 37.4419, -122.1430),
        ("San Jose", "US", "US-CA", 1000, 37.3394, -121.8950), ("San Jose", "CR", "CR-SJ", 330, 9.9333, -84.0833),
        ("Chicago", "US", "US-IL", 2700, 41.8500, -87.6500), ("New York", "US", "US-NY", 8000, 40.7143, -74.0060),
        ("Houston", "US", "US-TX", 2300, 29.7633, -95.3633), ("Columbus", "US", "US-OH", 900, 39.9612, -82.9988),
        ("Columbus", "US", "US-GA", 200, 32.4610, -84.9877), ("Portland", "US", "US-OR", 650, 45.5234, -122.6762),
        ("Portland", "US", "US-ME", 68, 43.6615, -70.2553), ("Rochester", "US", "US-NY", 210, 43.1548, -77.6156),
        ("Rochester", "US", "US-MN", 120, 44.0216, -92.4699), ("Birmingham", "GB", "GB-BIR", 1140, 52.4814, -1.8998),
        ("Birmingham", "US", "US-AL", 200, 33.5207, -86.8025), ("Manchester", "GB", "GB-MAN", 550, 53.4809, -2.2374),
        ("Manchester", "US", "US-NH", 115, 42.9956, -71.4548), ("London", "GB", "GB-LND", 8900, 51.5085, -0.1257),
        ("London", "CA", "CA-ON", 400, 42.9834, -81.2330), ("Toronto", "CA", "CA-ON", 2700, 43.7001, -79.4163),
        ("Berlin", "DE", "DE-BE", 3600, 52.5244, 13.4105), ("Munich", "DE", "DE-BY", 1500, 48.1374, 11.5755),
        ("Hamburg", "DE", "DE-HH", 1800, 53.5507, 9.9930), ("Vienna", "AT", "AT-9", 1900, 48.2085, 16.3721),
        ("Zurich", "CH", "CH-ZH", 400, 47.3667, 8.5500), ("Lausanne", "CH", "CH-VD", 116, 46.5160, 6.6328),
        ("Paris", "FR", "FR-75", 2100, 48.8534, 2.3488), ("Lyon", "FR", "FR-69", 520, 45.7485, 4.8467),
        ("Sydney", "CA", "CA-NS", 106, 46.1351, -60.1831),
        ("Tokyo", "JP", "JP-13", 9700, 35.6895, 139.6917), ("Sydney", "AU", "AU-NSW", 4600, -33.8679, 151.2073),
        ("Singapore", "SG", "SG-01", 5600, 1.2897, 103.8501),
    )
)  # fmt: skip
OTHER_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "Munich": ("München", "MUNICH", "Muenchen"), "Vienna": ("Wien",), "Zurich": ("Zürich", "zürich"),
    "Lausanne": ("LAUSANNE",), "San Jose": ("San José",), "New York": ("New York City", "NEW YORK"),
    "Berlin": ("berlin",),
}  # fmt: skip
# Who is in the country is in the city.
CITY_STATES: Final = {"SG": next(city for city in CITIES if city.name == "Singapore")}

REGIONS: Final[Mapping[str, Area]] = {
    "DACH": Area(frozenset({"DE", "AT", "CH"})),
    "Nordics": Area(frozenset({"SE", "NO", "DK", "FI", "IS"})),
    "Benelux": Area(frozenset({"NL"})),
    "EU": Area(frozenset({"DE", "AT", "NL", "FR", "SE", "DK", "FI", "EE", "ES", "IT", "PL"})),
    "ANZ": Area(frozenset({"AU"})),
    "nordics-plus": Area(frozenset({"SE", "NO", "DK", "FI", "IS", "EE"})),
    "sunny-home": Area(frozenset({"SE", "NO", "DK", "FI", "IS", "EE", "ES"}), frozenset({"US-CA"})),
    "Midwest": Area(states=frozenset({"US-IL", "US-OH", "US-MN"})),
    "US Midwest": Area(states=frozenset({"US-IL", "US-OH", "US-MN"})),
    "Northeast": Area(states=frozenset({"US-NY", "US-ME", "US-NH"})),
    "South": Area(states=frozenset({"US-TX", "US-GA", "US-AL"})),
    "US West": Area(states=frozenset({"US-CA", "US-OR"})),
    "US-CA": Area(states=frozenset({"US-CA"})),
    "DE-BY": Area(states=frozenset({"DE-BY"})),
    "CA-ON": Area(states=frozenset({"CA-ON"})),
} | {
    spelling: Area(frozenset({code}))
    for code, spellings in COUNTRIES.items()
    for spelling in spellings
    if spelling != "England"
}
OWN_REGIONS: Final = {
    "nordics-plus": ["SE", "NO", "DK", "FI", "IS", "EE"],
    "sunny-home": ["nordics-plus", "US-CA", "Spain"],
}
METROS: Final[Mapping[str, frozenset[tuple[str, str]]]] = {
    "San Francisco Bay Area": frozenset({("San Francisco", "US-CA"), ("Palo Alto", "US-CA"), ("San Jose", "US-CA")}),
}
