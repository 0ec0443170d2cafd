"""Words, codes and territories that stand beside a country in an address."""

from __future__ import annotations

from typing import Final

OFFICE_WORDS: Final = frozenset(
    {
        "hq", "headquarters", "headquarter", "head office", "main office", "hauptsitz", "zentrale", "siege", "sede",
        "the", "only", "remote", "all", "nationwide", "global hq", "global headquarters", "world headquarters",
        "head quarters", "office", "based", "country", "primary", "main",
    }
)  # fmt: skip
"""Words that say nothing of the country they stand beside."""
VEHICLE_CODES: Final = {
    "A": "AT", "AT": "AT", "B": "BE", "BE": "BE", "CH": "CH", "CZ": "CZ", "D": "DE", "DE": "DE", "DK": "DK", "E": "ES",
    "ES": "ES", "F": "FR", "FR": "FR", "FI": "FI", "FIN": "FI", "FL": "LI", "LI": "LI", "H": "HU", "HU": "HU",
    "HR": "HR", "I": "IT", "IT": "IT", "L": "LU", "LU": "LU", "LT": "LT", "LV": "LV", "N": "NO", "NO": "NO", "NL": "NL",
    "P": "PT", "PT": "PT", "PL": "PL", "RO": "RO", "S": "SE", "SE": "SE", "SI": "SI", "SLO": "SI", "SK": "SK",
}  # fmt: skip
"""What stands before a postcode → alpha-2."""
TERRITORIES: Final = {
    "US": "PR GU VI AS MP UM", "CN": "HK MO TW", "FR": "GP MQ GF RE YT NC PF PM WF MF BL TF", "DK": "GL FO", "FI": "AX",
    "NL": "AW CW SX BQ", "GB": "GI BM KY VG TC AI MS FK SH IO PN GS JE GG IM", "NO": "SJ BV", "AU": "CX CC NF HM",
    "NZ": "CK NU TK", "RS": "XK",
}  # fmt: skip
"""Countries of the standard that people name together with the one they belong to, or are said to belong to."""
