"""The plain ways to write a value, as expressions over a column of texts; null is for whoever reads further."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from icp_sync.vocabulary.keys import key

_YES: Final = ("true", "yes", "y", "1", "1.0", "on", "ja", "oui", "si")
_NO: Final = ("false", "no", "n", "0", "0.0", "off", "nein", "non")


def members(text: pl.Expr) -> pl.Expr:
    """The distinct keys of the parts between `;`."""
    member = pl.element()
    named = text.str.split(";").list.eval(key(member))
    return named.list.eval(member.filter(member != "").unique(maintain_order=True))


def canonical(text: pl.Expr, aliases: Mapping[str, str]) -> pl.Expr:
    """The members, each under its canonical key."""
    other = {spelling: name for spelling, name in aliases.items() if spelling != name}
    named = pl.element().replace(list(other), list(other.values()))
    return members(text).list.eval(named.unique(maintain_order=True))


def truth(text: pl.Expr) -> pl.Expr:
    """Yes or no."""
    word = key(text)
    return pl.when(word.is_in(_YES)).then(True).when(word.is_in(_NO)).then(False)


def day(text: pl.Expr) -> pl.Expr:
    """Days as HubSpot sends them: ISO dates and datetimes in UTC, and milliseconds since 1970."""
    iso = text.str.extract(r"^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+Z)?$").str.to_date("%Y-%m-%d", strict=False)
    milliseconds = text.str.extract(r"^(\d{11,13})$").cast(pl.Int64, strict=False)
    return pl.coalesce(iso, milliseconds.cast(pl.Datetime("ms")).dt.date())


def year(text: pl.Expr) -> pl.Expr:
    """A year alone, or that of a day."""
    bare = text.str.extract(r"^((?:1[0-9]|20|21)\d\d)(?:\.0+)?$").cast(pl.Int32)
    return pl.coalesce(bare, day(text).dt.year())
