"""The fast path: plain spellings of values as Polars expressions; null is left to the slow path."""

from __future__ import annotations

from functools import cache
from typing import Final

import polars as pl

from icp_sync.vocabulary.text_keys import text_key_expr, text_keys
from icp_sync.vocabulary.websites import host_expr

_YES: Final = (
    "true", "t", "yes", "y", "1", "1.0", "on", "x", "checked", "ja", "j", "oui", "si", "s", "sim", "wahr", "vrai",
    "verdadero", "verdadeiro", "vero", "waar", "sann", "sant", "sand", "tak", "ano", "prawda", "igen", "evet", "kylla",
    "joo", "jah", "да", "истина", "так", "はい", "是", "예", "네", "نعم", "כן", "ναι",
)  # fmt: skip
_NO: Final = (
    "false", "f", "no", "n", "0", "0.0", "off", "unchecked", "nein", "non", "nej", "nei", "nee", "nao", "nie", "ne",
    "nem", "falsch", "faux", "falso", "falsk", "onwaar", "falsz", "hayır", "hayir", "ei", "нет", "ложь", "ні", "いいえ",
    "否", "不是", "아니요", "아니오", "لا", "לא", "οχι",
)  # fmt: skip
_TICKS: Final = {
    "✓": True,
    "✔": True,
    "☑": True,
    "✅": True,
    "√": True,
    "✗": False,
    "✘": False,
    "❌": False,
    "☐": False,
}
_MOMENT: Final = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$"
_ESCAPED: Final = {
    "&nbsp;": " ", "&#160;": " ", "&#xa0;": " ", "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'",
}  # fmt: skip


def member_keys(text: pl.Expr) -> pl.Expr:
    """The distinct keys of the parts between `;`."""
    member = pl.element()
    named = text.str.split(";").list.eval(text_key_expr(member))
    return named.list.eval(member.filter(member != "").unique(maintain_order=True))


def host_keys(text: pl.Expr) -> pl.Expr:
    """The distinct hosts of the websites between `;`, as keys."""
    return member_keys(text.str.split(";").list.eval(host_expr(pl.element())).list.join(";"))


def decode_html_entities(text: pl.Expr) -> pl.Expr:
    """The text with the HTML entities of web forms (`&nbsp;`) decoded."""
    return text.str.replace_many(list(_ESCAPED), list(_ESCAPED.values()))


def canonical_members(text: pl.Expr, aliases: pl.DataFrame) -> pl.Expr:
    """The members, each under its canonical key; `aliases`: `key` of a spelling and the canonical key, `value`."""
    named = pl.element().replace(aliases["key"], aliases["value"])
    return member_keys(text).list.eval(named.unique(maintain_order=True))


def parse_boolean(text: pl.Expr) -> pl.Expr:
    """Yes or no (Boolean) in the languages of the vocabulary; ticks are matched apart, since text keys drop them."""
    word = text_key_expr(text)
    from_word = pl.when(word.is_in(_word_keys(_YES))).then(True).when(word.is_in(_word_keys(_NO))).then(False)
    tick = text.str.strip_chars(" \ufe0f").replace_strict(_TICKS, default=None, return_dtype=pl.Boolean)
    return pl.coalesce(from_word, tick)


def iso_day(text: pl.Expr) -> pl.Expr:
    """Days as HubSpot sends them: ISO dates and datetimes in UTC from the year 1000 on, and milliseconds since 1970."""
    iso = text.str.extract(r"^([1-9]\d{3}-\d{2}-\d{2})(?:T[\d:.]+Z)?$").str.to_date("%Y-%m-%d", strict=False)
    milliseconds = text.str.extract(r"^(\d{11,13})$").cast(pl.Int64, strict=False)
    return pl.coalesce(iso, milliseconds.cast(pl.Datetime("ms")).dt.date())


def local_days(text: pl.Expr, zone: str) -> pl.Expr:
    """The texts, ISO timestamps among them replaced by their ISO day in a time zone.

    Milliseconds stay: HubSpot writes a `date` that way, as its midnight in UTC.
    """
    moment = pl.when(text.str.contains(_MOMENT)).then(text.str.replace(" ", "T", literal=True))
    utc = moment.str.to_datetime("%+", time_zone="UTC", strict=False)
    return pl.coalesce(utc.dt.convert_time_zone(zone).dt.strftime("%Y-%m-%d"), text)


def parse_year(text: pl.Expr) -> pl.Expr:
    """A year alone, or that of a day."""
    bare = text.str.extract(r"^((?:1[0-9]|20|21)\d\d)(?:\.0+)?$").cast(pl.Int32)
    return pl.coalesce(bare, iso_day(text).dt.year())


@cache
def _word_keys(words: tuple[str, ...]) -> list[str]:
    return text_keys(words)
