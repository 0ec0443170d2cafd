"""Parses the company frame: each property to the kinds of value its matches need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Final

import polars as pl

from icp_sync.companies.parse import fast_path as values
from icp_sync.companies.parse.dates import parse_written_day, parse_written_year
from icp_sync.companies.parse.name_splitting import normalise_name_separators
from icp_sync.companies.parse.numbers.grammar import parse_interval
from icp_sync.companies.parse.numbers.interval_columns import convert_currency, parse_intervals
from icp_sync.companies.parse.portal_conventions import NO_CONVENTIONS, Conventions
from icp_sync.companies.parse.product_names import possible_products, with_expansions
from icp_sync.vocabulary.country_recognition import country_code
from icp_sync.vocabulary.industries import company_aliases, implied_industries
from icp_sync.vocabulary.technologies import technologies, vendor_name_prefixes
from icp_sync.vocabulary.text_keys import has_content, surely_has_content, text_key_expr
from icp_sync.vocabulary.websites import is_website_property

Input = tuple[str, "ValueKind"]


class ValueKind(StrEnum):
    """A kind of value a text is parsed to. Null means unknown: empty, or not parsable as that kind."""

    NUMBER = "number"
    """An interval: two Float64 columns, `low` and `high`, both null or neither."""
    MEMBERS = "members"
    """List[String]: the distinct keys of the parts between `;`."""
    TECHNOLOGIES = "technologies"
    """List[String]: members, each under the canonical key of its technology where the vocabulary knows one.

    What is perhaps in use stands behind `UNSURE`.
    """
    INDUSTRIES = "industries"
    """List[String]: members, each under the canonical key of its industry where there is one; of a website hosts."""
    RAW = "raw"
    """String with HTML entities decoded, for phrases and regular expressions."""
    KEY = "key"
    """String: the key of the whole text."""
    TEXT = "text"
    """String, unchanged."""
    BOOLEAN = "boolean"
    """Boolean."""
    COUNTRY = "country"
    """String: alpha-2."""
    DATE = "date"
    """Date; a bare year is none."""
    YEAR = "year"
    """Int32: the year, the latest where a text has several."""
    PRESENT = "present"
    """Boolean, never null: whether the text has content."""


def parsed_column(property_name: str, kind: ValueKind) -> str:
    """The column of a property parsed to a kind; a number has the two columns `low` and `high`."""
    return f"{property_name}:{kind}"


def low_column(property_name: str) -> str:
    """The column of the lower end of a property read as a number."""
    return f"{property_name}:low"


def high_column(property_name: str) -> str:
    """The column of the upper end of a property read as a number."""
    return f"{property_name}:high"


def parse_properties(frame: pl.DataFrame, inputs: Collection[Input], by: Conventions = NO_CONVENTIONS) -> pl.DataFrame:
    """The company frame with the columns of every (property, kind) in `inputs`; rows and their order stay.

    Raises `polars.exceptions.ColumnNotFoundError` for a property the frame lacks (see `frame.with_missing_columns`).
    """
    kinds_of: dict[str, set[ValueKind]] = {}
    for name, kind in inputs:
        kinds_of.setdefault(name, set()).add(kind)
    blank = _empty_word_texts(frame[name] for name, kinds in kinds_of.items() if kinds != {ValueKind.NUMBER})
    parts = (_kind_columns(frame, name, kinds_of[name], blank, by) for name in sorted(kinds_of))
    return frame.with_columns(column for part in parts for column in part)


def _kind_columns(
    frame: pl.DataFrame, name: str, kinds: set[ValueKind], blank: pl.Series, by: Conventions
) -> list[pl.Series]:
    """The columns of a property for several kinds; `blank`: of `_empty_word_texts`."""
    texts, others = frame[name], sorted(kinds - {ValueKind.NUMBER})
    numbers = _number_columns(frame, name, by) if ValueKind.NUMBER in kinds else []
    if not others:
        return numbers
    filled = texts if blank.is_empty() else texts.zip_with(~texts.is_in(blank.implode()), texts.clear(1))
    days = filled if by.zone == "UTC" or kinds.isdisjoint(_DAYS) else _with_local_days(filled, by.zone)
    columns = (
        _FAST[kind](pl.lit(days) if kind in _DAYS else pl.col(name)).alias(parsed_column(name, kind))
        for kind in others
        if kind not in _KNOWN_KEYS
    )
    sets_by_kind = {kind: _parse_members(filled, kind, by) for kind in others if kind in _KNOWN_KEYS}
    sets = [members.rename(parsed_column(name, kind)) for kind, members in sets_by_kind.items()]
    plain = filled.to_frame().with_columns(*columns, *sets)
    if ValueKind.BOOLEAN in kinds:  # from all texts: `нет` is "no" here and an empty word elsewhere
        plain = plain.with_columns(
            texts.to_frame()
            .select(values.parse_boolean(pl.col(name)).alias(parsed_column(name, ValueKind.BOOLEAN)))
            .to_series()
        )
    return [
        *numbers,
        *(
            _with_slow_path(days if kind in _DAYS else filled, plain[parsed_column(name, kind)], kind)
            for kind in others
        ),
    ]


def _with_local_days(texts: pl.Series, zone: str) -> pl.Series:
    return texts.to_frame().select(values.local_days(pl.col(texts.name), zone)).to_series()


def _number_columns(frame: pl.DataFrame, name: str, by: Conventions) -> list[pl.Series]:
    """The columns `low` and `high` of a property, converted to the profile's currency if it has one.

    Of an option whose label is a number, that number: its value may be a code, such as 3 for "51-200".
    """
    labels = by.options.labels.get(name, {})
    numeric = {value: label for value, label in labels.items() if parse_interval(label)}
    texts = frame[name].replace(list(numeric), list(numeric.values())) if numeric else frame[name]
    ends = parse_intervals(texts, low_column(name), high_column(name), typed=name in by.numbers)
    if by.currencies is None:
        return ends
    beside = by.currencies.beside.get(name)
    return convert_currency(texts, frame[beside] if beside in frame.columns else None, ends, by.currencies)


def _parse_members(texts: pl.Series, kind: ValueKind, by: Conventions) -> pl.Series:
    """The set of names in each text, split at any separator; an enumeration's options are split at `;` alone."""
    if kind is ValueKind.INDUSTRIES and is_website_property(texts.name):
        return texts.to_frame().select(values.host_keys(pl.col(texts.name))).to_series()
    separated = texts
    if not by.options.is_enumeration(texts.name):
        separated = normalise_name_separators(texts, _KNOWN_KEYS[kind](), partly_known=kind is ValueKind.TECHNOLOGIES)
    if kind in _EXPANSIONS:
        separated = with_expansions(separated, *_EXPANSIONS[kind]())
    return separated.to_frame().select(_FAST[kind](pl.col(texts.name))).to_series()


def _product_expansion() -> tuple[Collection[str], Callable[[str], Iterable[str]]]:
    known = technologies().aliases
    return known, lambda name: possible_products(name, known, vendor_name_prefixes())


def _industry_expansion() -> tuple[Collection[str], Callable[[str], Iterable[str]]]:
    return (), lambda name: (name, *implied_industries(name))


@cache
def _technology_table() -> pl.DataFrame:
    return _alias_table(technologies().aliases)


@cache
def _industry_table() -> pl.DataFrame:
    return _alias_table(company_aliases())


def _alias_table(aliases: Mapping[str, str]) -> pl.DataFrame:
    """The spellings that differ from their canonical key, with it."""
    # A frame made once, since Polars copies a dict at each use.
    pairs = [(spelling, name) for spelling, name in aliases.items() if spelling != name]
    return pl.DataFrame(pairs, schema={"key": pl.String, "value": pl.String}, orient="row")


@cache
def _known_names() -> frozenset[str]:
    """The keys of every technology and industry."""
    return frozenset(technologies().aliases) | frozenset(company_aliases())


def _empty_word_texts(columns: Iterable[pl.Series]) -> pl.Series:
    """The distinct texts of these columns that are empty words; only texts that may be one are looked at."""
    text = pl.col("text")
    may_be_one = text.filter(~surely_has_content(text)).unique()
    doubtful = [texts.to_frame("text").select(may_be_one) for texts in columns]
    # Of all columns at once: for a few companies Polars takes most of the time to begin with each.
    distinct = pl.concat([pl.DataFrame(schema={"text": pl.String}), *doubtful])
    return (distinct if distinct.is_empty() else distinct.filter(~has_content(text))).to_series()


def _with_slow_path(texts: pl.Series, plain: pl.Series, kind: ValueKind) -> pl.Series:
    """The fast path's column, completed by parsing the distinct texts it left null in Python."""
    if kind not in _SLOW or plain.null_count() == texts.null_count():
        return plain
    left = texts.filter(plain.is_null() & texts.is_not_null()).unique()
    parsed = [(text, value) for text in left if (value := _SLOW[kind](text)) is not None]
    if not parsed:
        return plain
    table = pl.DataFrame(parsed, schema={texts.name: pl.String, "slow:parsed": plain.dtype}, orient="row")
    joined = texts.to_frame().join(table, on=texts.name, how="left", maintain_order="left")["slow:parsed"]
    return plain.zip_with(plain.is_not_null(), joined)


_DAYS: Final = frozenset({ValueKind.DATE, ValueKind.YEAR})
"""The kinds that are read of a moment's day in the portal's time zone."""
_FAST: Final[dict[ValueKind, Callable[[pl.Expr], pl.Expr]]] = {
    ValueKind.MEMBERS: values.member_keys,
    ValueKind.TECHNOLOGIES: lambda text: values.canonical_members(text, _technology_table()),
    ValueKind.INDUSTRIES: lambda text: values.canonical_members(text, _industry_table()),
    ValueKind.RAW: values.decode_html_entities,
    ValueKind.KEY: text_key_expr,
    ValueKind.TEXT: lambda text: text,
    ValueKind.BOOLEAN: values.parse_boolean,
    ValueKind.COUNTRY: lambda _: pl.lit(None, dtype=pl.String),
    ValueKind.DATE: values.iso_day,
    ValueKind.YEAR: values.parse_year,
    ValueKind.PRESENT: pl.Expr.is_not_null,
}
_KNOWN_KEYS: Final[dict[ValueKind, Callable[[], Collection[str]]]] = {
    ValueKind.MEMBERS: _known_names,
    ValueKind.TECHNOLOGIES: lambda: technologies().aliases,
    ValueKind.INDUSTRIES: company_aliases,
}
"""The kinds of which a text may hold several, and the keys of the names that are known."""
_EXPANSIONS: Final[dict[ValueKind, Callable[[], tuple[Collection[str], Callable[[str], Iterable[str]]]]]] = {
    ValueKind.TECHNOLOGIES: _product_expansion,
    ValueKind.INDUSTRIES: _industry_expansion,
}
"""The kinds whose names may imply further names, and the arguments of `with_expansions` for them."""
_SLOW: Final[dict[ValueKind, Callable[[str], object]]] = {
    ValueKind.COUNTRY: country_code,
    ValueKind.DATE: parse_written_day,
    ValueKind.YEAR: parse_written_year,
}
