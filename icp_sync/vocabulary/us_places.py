"""Places of the United States that people type where a country belongs, and cities that separate homonyms."""

from __future__ import annotations

from typing import Final

STATES: Final = (
    "Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "Connecticut", "Delaware",
    "Florida", "Hawaii", "Idaho", "Illinois", "Indiana", "Iowa", "Kansas", "Kentucky", "Louisiana", "Maine",
    "Maryland", "Massachusetts", "Michigan", "Minnesota", "Mississippi", "Missouri", "Montana", "Nebraska",
    "Nevada", "New Hampshire", "New Jersey", "New Mexico", "New York", "North Carolina", "North Dakota",
    "Ohio", "Oklahoma", "Oregon", "Pennsylvania", "Rhode Island", "South Carolina", "South Dakota",
    "Tennessee", "Texas", "Utah", "Vermont", "Virginia", "Washington", "Washington State", "West Virginia",
    "Wisconsin", "Wyoming", "D.C.", "Washington D.C.", "Washington DC", "District of Columbia",
    "New York City",
)  # fmt: skip
"""Names that mean the United States alone or after a town; Georgia is a country when it stands alone."""

STATE_CODES: Final = (
    "AK", "CT", "DC", "FL", "IA", "KS", "MI", "ND", "NH", "NJ", "NM", "NV", "NY", "OH", "RI", "TX", "UT",
    "WI", "WV", "WY",
)  # fmt: skip
"""State codes that ISO 3166-1 assigns to no country and no one else uses (`WA` is also Western Australia)."""

GEORGIA_TOWNS: Final = (
    "Albany", "Alpharetta", "Athens", "Atlanta", "Augusta", "Brookhaven", "Calhoun", "Columbus", "Dalton",
    "Decatur", "Duluth", "Dunwoody", "Gainesville", "Johns Creek", "Kennesaw", "LaGrange", "Lawrenceville",
    "Macon", "Marietta", "Norcross", "Peachtree City", "Peachtree Corners", "Roswell", "Sandy Springs",
    "Savannah", "Smyrna", "Suwanee", "Thomasville", "Valdosta", "Warner Robins",
)  # fmt: skip
"""Towns that put "…, Georgia" in the United States; `CAUCASUS_TOWNS` put it in the Caucasus."""

CAUCASUS_TOWNS: Final = ("Tbilisi", "Batumi", "Kutaisi", "Rustavi")
