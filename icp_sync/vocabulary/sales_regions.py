"""Sales regions: a partition of the world's countries, for lists and reports."""

from __future__ import annotations

from functools import cache
from typing import Final

ELSEWHERE: Final = "Elsewhere"

_SALES_REGIONS: Final[dict[str, str]] = {
    "DACH": "DE AT CH LI",
    "Nordics": "DK FI IS NO SE AX FO GL SJ",
    "Baltics": "EE LV LT",
    "Benelux": "BE NL LU",
    "UK & Ireland": "GB IE IM JE GG",
    "France": "FR MC",
    "Southern Europe": "ES PT IT GR CY MT AD SM VA GI",
    "Eastern Europe": "AL BA BG BY CZ HR HU MD ME MK PL RO RS RU SI SK UA XK",
    "Middle East": "AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE",
    "Africa": (
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA"
        " NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW"
    ),
    "North America": "US CA BM PM UM",
    "Latin America": (
        "MX BZ CR GT HN NI PA SV AR BO BR CL CO EC FK GF GY PE PY SR UY VE AG AI AW BB BL BQ BS CU CW DM DO GD GP HT"
        " JM KN KY LC MF MQ MS PR SX TC TT VC VG VI"
    ),
    "ANZ": "AU NZ",
    "East Asia": "CN HK JP KP KR MN MO TW",
    "Southeast Asia": "BN ID KH LA MM MY PH SG TH TL VN",
    "South Asia": "AF BD BT IN LK MV NP PK",
    "Central Asia & Caucasus": "AM AZ GE KG KZ TJ TM UZ",
    "Pacific Islands": "AS CC CK CX FJ FM GU KI MH MP NC NF NR NU PF PG PN PW SB TK TO TV VU WF WS",
    ELSEWHERE: "AQ BV GS HM IO TF",
}


@cache
def sales_regions() -> dict[str, str]:
    """Alpha-2 code → sales region; `ELSEWHERE` for uninhabited territories.

    Mexico is counted in Latin America though the rule `region: North America` includes it, as ISO, the UN and
    USMCA do; Greenland and the Faroes are Denmark's, so Nordics; Egypt and Turkey are counted in the Middle East.
    """
    return {code: region for region, codes in _SALES_REGIONS.items() for code in codes.split()}
