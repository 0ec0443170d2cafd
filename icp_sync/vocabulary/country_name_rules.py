"""How the names of countries are read: which are parts, uncertain or codes of others, and the words beside them.

What people type beyond ISO names and their translations is in `data/country_spellings.csv`, the names of Unicode's
CLDR in `data/country_names.csv`. `XK` is the code the EU, the IMF and SWIFT use for Kosovo; ISO assigns none.
"""

from __future__ import annotations

from typing import Final

PARTS: Final = (
    "England", "Scotland", "Wales", "Northern Ireland", "N. Ireland", "N Ireland", "Cymru",
    "England and Wales", "England & Wales", "England UK", "Scotland UK", "Wales UK", "Northern Ireland UK",
    "UK England", "Англия", "Angleterre", "Inglaterra", "Inghilterra", "Engeland", "Anglia", "İngiltere",
    "Schottland", "Écosse", "Escocia", "Scozia", "Schotland", "Pays de Galles", "Gales", "Galles", "Nordirland",
    "Irlande du Nord", "Irlanda del Norte", "Irlanda del Nord", "Dubai", "Abu Dhabi", "Sharjah", "Ajman",
    "Ras Al Khaimah", "Fujairah", "Umm Al Quwain", "Gaza Strip", "West Bank", "Republika Srpska", "Zanzibar",
    "Antigua", "Tahiti",
)  # fmt: skip
"""Parts of a country: right as a company's country, too narrow to stand for the whole of it in a rule."""

UNCERTAIN: Final = ("Columbia",)
"""Names of one country in some language that more often mean another place."""

OTHER_CODES: Final[dict[str, str]] = {
    "AE": "UAE", "BG": "BUL", "CH": "SUI", "CR": "CRC", "DE": "GER", "DK": "DEN", "DZ": "ALG", "GR": "GRE EL",
    "GT": "GUA", "HN": "HON", "HR": "CRO", "KW": "KUW", "MY": "MAS", "NG": "NGR", "NI": "NCA", "NL": "NED",
    "PH": "PHI", "PR": "PUR", "PT": "POR", "SA": "KSA", "SV": "ESA", "TW": "TPE", "UY": "URU", "VN": "VIE",
    "XK": "XKX", "ZA": "RSA", "ZM": "ZAM", "ZW": "ZIM",
}  # fmt: skip
"""Alpha-2 code → the Olympic or European Union's code where ISO assigns those letters to nobody."""

WRITTEN_OUT: Final[dict[str, str]] = {
    "rep": "republic", "dem": "democratic", "peoples": "people", "st": "saint", "is": "island", "islands": "island",
    "isl": "island", "fed": "federal", "federated": "federal", "federation": "federal", "sts": "states",
    "terr": "territory", "territories": "territory", "un": "united",
}  # fmt: skip
"""Words of country names, each → the one word that stands for its shorter and longer forms."""

LANGUAGES: Final = (
    "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "ro", "el", "tr",
    "ru", "uk", "ja", "zh_CN", "zh_TW", "ko", "ar", "he", "vi", "id", "et", "lv", "lt", "bg", "hr", "sl",
)  # fmt: skip
"""The languages whose ISO country names are known too; a name that two countries share in them is dropped."""


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
