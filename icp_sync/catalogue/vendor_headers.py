"""Words by which vendors call what HubSpot has a standard property for: to suggest a column, never to read one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from icp_sync.catalogue.export_labels import label_key

_WORDS: Final[Mapping[str, Collection[str]]] = {
    "name": {"account", "company", "organisation", "organization", "firma", "unternehmen"},
    "domain": {"domain", "url", "homepage", "site"},
    "country": {"country", "nation", "land"},
    "state": {"state", "province", "bundesland"},
    "city": {"city", "town", "stadt"},
    "zip": {"zip", "postcode", "postal", "plz"},
    "numberofemployees": {"headcount", "employees", "staff", "fte", "ftes", "size", "mitarbeiter"},
    "annualrevenue": {"revenue", "revenues", "turnover", "umsatz"},
    "industry": {"industry", "sector", "vertical", "branche"},
    "web_technologies": {"tech", "technology", "technologies", "technographics", "stack", "tools"},
}


def headers_with_its_words(property_name: str, headers: Iterable[str]) -> list[str]:
    """The headers that have a word for the property, as `Tech stack` has one for `web_technologies`."""
    words = _WORDS.get(property_name, ())
    return [header for header in headers if not {*label_key(header).split()}.isdisjoint(words)]
