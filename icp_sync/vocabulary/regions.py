"""Regions as sets of countries."""

from __future__ import annotations

from functools import cache
from typing import Final

from icp_sync.vocabulary.country_spellings import english_names, whole_country_code
from icp_sync.vocabulary.text_keys import text_key


def _split_codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DACH: Final = _split_codes("DE AT CH")
_NORDICS: Final = _split_codes("DK FI IS NO SE AX FO GL")
_SCANDINAVIA: Final = _split_codes("DK NO SE")
_BENELUX: Final = _split_codes("BE NL LU")
_BALTICS: Final = _split_codes("EE LV LT")
_IBERIA: Final = _split_codes("ES PT AD GI")
_UK_AND_IRELAND: Final = _split_codes("GB IE")
_BRITISH_ISLES: Final = _split_codes("GB IE IM JE GG")
_CHANNEL_ISLANDS: Final = _split_codes("JE GG")
_EU: Final = _split_codes("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE")
_EFTA: Final = _split_codes("CH IS LI NO")
_EEA: Final = _EU | _split_codes("IS LI NO")
_EUROZONE: Final = _EU - _split_codes("CZ DK HU PL RO SE")
_BALKANS: Final = _split_codes("AL BA BG GR HR ME MK RO RS SI XK")
_VISEGRAD: Final = _split_codes("CZ HU PL SK")
_CEE: Final = _split_codes("AL BA BG CZ EE HR HU LT LV ME MK PL RO RS SI SK XK")
_WESTERN_EUROPE: Final = _split_codes("AD AT BE CH DE ES FR GB GI IE IT LI LU MC MT NL PT SM VA IM JE GG")
_EASTERN_EUROPE: Final = _split_codes("BG BY CZ HU MD PL RO RU SK UA")
_SOUTHERN_EUROPE: Final = _split_codes("AD AL BA CY ES GI GR HR IT ME MK MT PT RS SI SM VA XK")
_EUROPE: Final = (
    _EEA | _BALKANS | _BRITISH_ISLES | _NORDICS | _split_codes("AD BY CH GI MC MD RU SJ SM UA VA")
) - _split_codes("GL")
_CIS: Final = _split_codes("AM AZ BY KG KZ MD RU TJ UZ")
_CAUCASUS: Final = _split_codes("AM AZ GE")
_CENTRAL_ASIA: Final = _split_codes("KG KZ TJ TM UZ")
_GCC: Final = _split_codes("AE BH KW OM QA SA")
_LEVANT: Final = _split_codes("IL JO LB PS SY")
_MIDDLE_EAST: Final = _GCC | _LEVANT | _split_codes("CY EG IQ IR TR YE")
_NORTH_AFRICA: Final = _split_codes("DZ EG EH LY MA SD TN")
_MAGHREB: Final = _split_codes("DZ LY MA MR TN")
_WEST_AFRICA: Final = _split_codes("BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG")
_EAST_AFRICA: Final = _split_codes("BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW")
_CENTRAL_AFRICA: Final = _split_codes("AO CD CF CG CM GA GQ ST TD")
_SOUTHERN_AFRICA: Final = _split_codes("BW LS NA SZ ZA")
_SUBSAHARAN: Final = _WEST_AFRICA | _EAST_AFRICA | _CENTRAL_AFRICA | _SOUTHERN_AFRICA
_AFRICA: Final = _NORTH_AFRICA | _SUBSAHARAN
_MENA: Final = (_MIDDLE_EAST | _NORTH_AFRICA | _split_codes("DJ MR")) - _split_codes("CY TR")
_EMEA: Final = _EUROPE | _MIDDLE_EAST | _AFRICA | _split_codes("AM AZ GE GL")
_ASEAN: Final = _split_codes("BN ID KH LA MM MY PH SG TH TL VN")
_EAST_ASIA: Final = _split_codes("CN HK JP KP KR MN MO TW")
_GREATER_CHINA: Final = _split_codes("CN HK MO TW")
_SOUTH_ASIA: Final = _split_codes("AF BD BT IN LK MV NP PK")
_ANZ: Final = _split_codes("AU NZ")
_PACIFIC: Final = _split_codes("AS CK FJ FM GU KI MH MP NC NF NR NU PF PG PN PW SB TK TO TV UM VU WF WS")
_OCEANIA: Final = _ANZ | _PACIFIC | _split_codes("CC CX HM")
_ASIA: Final = (_EAST_ASIA | _ASEAN | _SOUTH_ASIA | _CENTRAL_ASIA | _MIDDLE_EAST | _CAUCASUS) - _split_codes("EG")
_APAC: Final = _EAST_ASIA | _ASEAN | _SOUTH_ASIA | _OCEANIA
_NORTH_AMERICA: Final = _split_codes("US CA MX")
_NORAM: Final = _split_codes("US CA")
_CENTRAL_AMERICA: Final = _split_codes("BZ CR GT HN NI PA SV")
_CARIBBEAN: Final = _split_codes("AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI")
_SOUTH_AMERICA: Final = _split_codes("AR BO BR CL CO EC FK GF GS GY PE PY SR UY VE")
_LATAM: Final = (_CENTRAL_AMERICA | _CARIBBEAN | _SOUTH_AMERICA | _split_codes("MX")) - _split_codes("FK GS")
_AMERICAS: Final = _NORTH_AMERICA | _LATAM | _SOUTH_AMERICA | _split_codes("BM GL PM")

_REGIONS: Final[dict[frozenset[str], tuple[str, ...]]] = {
    _DACH: ("DACH", "D-A-CH", "German-speaking Europe"),
    _NORDICS: ("Nordics", "Nordic", "Nordic countries"),
    _SCANDINAVIA: ("Scandinavia",),
    _BENELUX: ("Benelux",),
    _BALTICS: ("Baltics", "Baltic states"),
    _IBERIA: ("Iberia", "Iberian Peninsula"),
    _UK_AND_IRELAND: ("UK&I", "UKI", "UK and Ireland", "UK & Ireland"),
    _BRITISH_ISLES: ("British Isles",),
    _CHANNEL_ISLANDS: ("Channel Islands",),
    _EU: ("EU", "European Union", "EU27"),
    _EFTA: ("EFTA",),
    _EEA: ("EEA", "European Economic Area"),
    _EUROZONE: ("Eurozone", "Euro area"),
    _BALKANS: ("Balkans",),
    _VISEGRAD: ("Visegrad", "V4"),
    _CEE: ("CEE", "Central and Eastern Europe"),
    _WESTERN_EUROPE: ("Western Europe",),
    _EASTERN_EUROPE: ("Eastern Europe",),
    _SOUTHERN_EUROPE: ("Southern Europe",),
    _EUROPE: ("Europe",),
    _CIS: ("CIS", "Commonwealth of Independent States"),
    _CAUCASUS: ("Caucasus", "South Caucasus"),
    _CENTRAL_ASIA: ("Central Asia",),
    _GCC: ("GCC", "Gulf states", "Gulf Cooperation Council"),
    _LEVANT: ("Levant",),
    _MIDDLE_EAST: ("Middle East",),
    _NORTH_AFRICA: ("North Africa", "Northern Africa"),
    _MAGHREB: ("Maghreb",),
    _WEST_AFRICA: ("West Africa", "Western Africa"),
    _EAST_AFRICA: ("East Africa", "Eastern Africa"),
    _CENTRAL_AFRICA: ("Central Africa", "Middle Africa"),
    _SOUTHERN_AFRICA: ("Southern Africa",),
    _SUBSAHARAN: ("Sub-Saharan Africa", "SSA"),
    _AFRICA: ("Africa",),
    _MENA: ("MENA", "Middle East and North Africa"),
    _EMEA: ("EMEA",),
    _ASEAN: ("ASEAN", "Southeast Asia", "South East Asia", "SEA", "South-Eastern Asia"),
    _EAST_ASIA: ("East Asia", "Eastern Asia"),
    _GREATER_CHINA: ("Greater China",),
    _SOUTH_ASIA: ("South Asia", "Southern Asia"),
    _ANZ: ("ANZ", "Australia and New Zealand"),
    _OCEANIA: ("Oceania",),
    _ASIA: ("Asia",),
    _APAC: ("APAC", "Asia Pacific", "Asia-Pacific", "APJ"),
    _NORTH_AMERICA: ("North America",),
    _NORAM: ("NORAM", "US and Canada", "US & Canada", "Northern America"),
    _CENTRAL_AMERICA: ("Central America",),
    _CARIBBEAN: ("Caribbean",),
    _SOUTH_AMERICA: ("South America",),
    _LATAM: ("LATAM", "Latin America", "Latin America and the Caribbean", "LAC"),
    _AMERICAS: ("Americas", "The Americas", "AMER"),
}


def country_codes(name: str) -> frozenset[str] | None:
    """The alpha-2 codes of the countries a name in a profile covers; None for an unknown name.

    Two letters that ISO 3166-1 assigns are that country; then come our regions, then country names.
    """
    code = whole_country_code(name)
    if code and len(name.strip()) == 2:
        return frozenset({code})
    return _countries_by_key().get(text_key(name)) or (frozenset({code}) if code else None)


def is_region(name: str) -> bool:
    """Whether a text is the name of a shipped region, such as Europe or North America."""
    return text_key(name) in _countries_by_key()


def region_keys() -> frozenset[str]:
    """The keys of every spelling of a shipped region."""
    return frozenset(_countries_by_key())


def shipped_regions() -> dict[frozenset[str], tuple[str, ...]]:
    """The shipped regions: their countries → their names."""
    return dict(_REGIONS)


def region_spellings() -> tuple[str, ...]:
    """Every spelling of a region, and one English name for each country."""
    return (*english_names(), *(spelling for known in _REGIONS.values() for spelling in known))


@cache
def _countries_by_key() -> dict[str, frozenset[str]]:
    return {text_key(spelling): countries for countries, known in _REGIONS.items() for spelling in known}
