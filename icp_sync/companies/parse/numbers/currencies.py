"""The currency an amount names, in its text or in the property beside it, and what the amount is worth in another.

Only the few distinct words around the digits are looked at, however many companies there are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import polars as pl

UNCLEAR: Final = "unclear"
"""The code where a text names two currencies, or a word of several ("kr") that nothing else decides."""

_DOLLARS: Final = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS")
_CURRENCIES_OF: Final[dict[str, tuple[str, ...]]] = {
    "$": _DOLLARS, "dollar": _DOLLARS, "dollars": _DOLLARS, "us$": ("USD",), "usd$": ("USD",),
    "ca$": ("CAD",), "can$": ("CAD",), "c$": ("CAD",), "au$": ("AUD",), "a$": ("AUD",), "nz$": ("NZD",),
    "hk$": ("HKD",), "s$": ("SGD",), "sg$": ("SGD",), "nt$": ("TWD",), "mx$": ("MXN",), "r$": ("BRL",),
    "€": ("EUR",), "euro": ("EUR",), "euros": ("EUR",), "£": ("GBP",), "₹": ("INR",), "₩": ("KRW",), "₽": ("RUB",),
    "¥": ("JPY", "CNY"), "円": ("JPY",), "yen": ("JPY",), "元": ("CNY",), "rmb": ("CNY",), "yuan": ("CNY",),
    "kr": ("", "SEK", "NOK", "DKK", "ISK"), "rs": ("", "INR", "PKR", "LKR", "NPR"), "sfr": ("CHF",), "zł": ("PLN",),
    "kč": ("CZK",), "₺": ("TRY",), "₪": ("ILS",), "฿": ("THB",), "₫": ("VND",), "₱": ("PHP",), "₦": ("NGN",),
    "₴": ("UAH",),
}  # fmt: skip
"""Word → the currencies it may mean, the one it means by itself in front; "" where it means none by itself."""
_CODES: Final = frozenset(
    {
        "USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RUB",
        "AUD", "CAD", "NZD", "JPY", "CNY", "KRW", "INR", "HKD", "SGD", "BRL", "MXN", "ZAR",
    }
)  # fmt: skip
"""The codes that are looked for whether or not a profile names them; others are words of many languages too."""
_UNITS: Final = "k|t|m|mm|mn|mio|mill?|mrd|md|bn?|tn?"
_NO_LETTER: Final = r"(?![^\W\d_])"
_AROUND: Final = r"[\d\s.,'’+~<>≤≥()\[\]/-]"
"""A character that carries no currency."""
NO_CURRENCY: Final = rf"^{_AROUND}*\d{_AROUND}*$"
"""An amount that names no currency itself."""
_APART: Final = re.compile(r"(?<=\b(?:us|ca|au|nz|hk|sg|nt|mx))\s+\$")
"""`US $` is `US$`; one letter before a sign may be another word's (`c. $5M`)."""


@dataclass(frozen=True, slots=True)
class Currencies:
    """One currency, and what a unit of each other is worth in it.

    `beside`: a property that holds amounts → the one that names their currency.
    """

    own: str
    rates: Mapping[str, float] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def known_codes(self) -> frozenset[str]:
        """The currency codes that are recognised in a text."""
        return _CODES | {self.own, *self.rates}


def parse_currency_codes(texts: pl.Series, beside: pl.Series | None, by: Currencies) -> pl.Series:
    """The ISO code each amount names (String): by its text, else by the property beside it, else null.

    A word of several currencies is the one beside it or `by.own` where that is among them: "$" beside CAD is CAD.
    """
    words = texts.str.replace_all(f"{_AROUND}+", " ").str.strip_chars()
    table = _currency_table(words, by.known_codes)
    other = pl.lit(None, dtype=pl.String).alias("beside") if beside is None else beside.alias("beside")
    amounts = pl.DataFrame({"words": words}).with_columns(other)
    joined = amounts.join(table, on="words", how="left", maintain_order="left")
    # A currency property without an amount beside it is ignored.
    code, among = pl.when(pl.col("words").is_not_null()).then(_iso_code_or_null(pl.col("beside"))), pl.col("meant").list
    return joined.select(
        pl.when(pl.col("meant").is_null() | among.contains(code))
        .then(code)
        .when(among.contains(pl.lit(by.own)))
        .then(pl.lit(by.own))
        .otherwise(among.first().replace("", UNCLEAR))
        .alias(texts.name)
    ).to_series()


def exchange_rates(codes: pl.Series, by: Currencies) -> pl.Series:
    """The value of one unit in `by.own` (Float64): 1 where no currency is named, null where the named has no rate."""
    known = {by.own: 1.0, **by.rates}
    return (
        codes.to_frame("code")
        .select(
            pl.when(pl.col("code").is_null())
            .then(1.0)
            .otherwise(pl.col("code").replace_strict(known, default=None, return_dtype=pl.Float64))
        )
        .to_series()
    )


def strip_currency_codes(text: str, by: Currencies) -> str:
    """The text without the ISO codes of `by`, so that amounts in any currency with a rate parse."""
    codes = frozenset({by.own, *by.rates}) - _CODES
    return _currency_pattern(codes).sub(r" \g<unit>", text) if codes else text


def _iso_code_or_null(text: pl.Expr) -> pl.Expr:
    """An ISO code as a property holds it, null where it holds none."""
    code = text.str.strip_chars().str.to_uppercase()
    return pl.when(code.str.contains("^[A-Z]{3}$")).then(code)


def _currency_table(words: pl.Series, known: frozenset[str]) -> pl.DataFrame:
    """The distinct words that name a currency, and the currencies they may mean."""
    pattern = _currency_pattern(known | frozenset(_CURRENCIES_OF))
    meanings = {
        text: currencies for text in words.unique() if text and (currencies := _currencies_meant(text, pattern))
    }
    meant = pl.Series(list(meanings.values()), dtype=pl.List(pl.String))
    return pl.DataFrame({"words": pl.Series(list(meanings), dtype=pl.String), "meant": meant})


def _currencies_meant(words: str, pattern: re.Pattern[str]) -> list[str]:
    """The currencies these words may mean: what all of them have in common, "unclear" where that is none."""
    meant: list[str] | None = None
    for match in pattern.finditer(_APART.sub("$", unicodedata.normalize("NFKC", words).lower())):
        word = match["word"] or match["sign"]
        these = _CURRENCIES_OF.get(word, (word.upper(),))
        meant = [code for code in these if meant is None or code in meant]
    return [UNCLEAR] if meant == [] else meant or []


@cache
def _currency_pattern(words: frozenset[str]) -> re.Pattern[str]:
    """A word that stands alone, or behind the unit of its amount: `MUSD`, `TEUR`, `k€`; or a sign behind anything."""
    longest_first = sorted({word.lower() for word in words}, key=lambda word: (-len(word), word))
    bounded = (f"{re.escape(word)}{_NO_LETTER if word[-1].isalpha() else ''}" for word in longest_first)
    return re.compile(
        rf"(?<![^\W\d_])(?P<unit>(?:{_UNITS})?)(?P<word>{'|'.join(bounded)})|(?P<sign>[円元])", re.IGNORECASE
    )
