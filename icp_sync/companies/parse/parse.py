"""Text → values: each property is read as the kinds of value its questions need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from enum import StrEnum
from functools import cache
from typing import Final

import polars as pl

from icp_sync.companies.parse import text as values
from icp_sync.companies.parse.conventions import NO_CONVENTIONS, Conventions
from icp_sync.companies.parse.dates import written_day, written_year
from icp_sync.companies.parse.numbers.columns import converted, intervals
from icp_sync.companies.parse.products import products, with_beside
from icp_sync.companies.parse.separators import parted
from icp_sync.vocabulary.countries import country_code
from icp_sync.vocabulary.industries import beside, company_aliases
from icp_sync.vocabulary.keys import has_content, key, surely_has_content
from icp_sync.vocabulary.technologies import technologies, vendors
from icp_sync.vocabulary.websites import is_website

Input = tuple[str, "ValueKind"]


class ValueKind(StrEnum):
    """A kind of value a text can be read as. Null means unknown: empty, or not readable as that kind."""

    NUMBER = "number"
    """An interval: two Float64 columns, `low` and `high`, both null or neither."""
    MEMBERS = "members"
    """List[String]: the distinct keys of the parts between `;`."""
    TECHNOLOGIES = "technologies"
    """List[String]: members, each under the canonical key of its technology where the vocabulary knows one."""
    INDUSTRIES = "industries"
    """List[String]: members, each under the canonical key of its industry where there is one; of a website hosts."""
    RAW = "raw"
    """String as found, to be looked through for words."""
    KEY = "key"
    """String: the key of the whole text."""
    TEXT = "text"
    """String as found."""
    BOOLEAN = "boolean"
    """Boolean."""
    COUNTRY = "country"
    """String: alpha-2."""
    DATE = "date"
    """Date; a bare year is none."""
    YEAR = "year"
    """Int32: the year, its latest where a text says several."""
    PRESENT = "present"
    """Boolean, never null: is there a text that says anything?"""


def column(property_name: str, reading: ValueKind) -> str:
    """The column that holds a property's reading; an interval's two are `low` and `high`."""
    return f"{property_name}:{reading}"


def low(property_name: str) -> str:
    """The column of the lower end of a property read as a number."""
    return f"{property_name}:low"


def high(property_name: str) -> str:
    """The column of the upper end of a property read as a number."""
    return f"{property_name}:high"


def parse(frame: pl.DataFrame, needs: Collection[Input], by: Conventions = NO_CONVENTIONS) -> pl.DataFrame:
    """The company frame with the columns of every reading in `needs`; rows and their order stay.

    Raises `polars.exceptions.ColumnNotFoundError` for a property the frame lacks (see `frame.with_absent`).
    """
    wanted: dict[str, set[ValueKind]] = {}
    for name, reading in needs:
        wanted.setdefault(name, set()).add(reading)
    parts = (_readings(frame, name, wanted[name], by) for name in sorted(wanted))
    return frame.with_columns(column for part in parts for column in part)


def _readings(frame: pl.DataFrame, name: str, readings: set[ValueKind], by: Conventions) -> list[pl.Series]:
    """The columns of what a property's texts are read as."""
    texts, others = frame[name], sorted(readings - {ValueKind.NUMBER})
    numbers = _numbers(frame, name, by) if ValueKind.NUMBER in readings else []
    if not others:
        return numbers
    said = _without_blanks(texts)
    if by.zone != "UTC" and not readings.isdisjoint({ValueKind.DATE, ValueKind.YEAR}):
        said = said.to_frame().select(values.local_days(pl.col(name), by.zone)).to_series()
    columns = (_FAST[reading](pl.col(name)).alias(column(name, reading)) for reading in others if reading not in _SETS)
    several = {reading: _members(said, reading, by) for reading in others if reading in _SETS}
    sets = [members.rename(column(name, reading)) for reading, members in several.items()]
    plain = said.to_frame().with_columns(*columns, *sets)
    if ValueKind.BOOLEAN in readings:  # `нет` is no, and nothing
        plain = plain.with_columns(
            texts.to_frame().select(values.boolean(pl.col(name)).alias(column(name, ValueKind.BOOLEAN))).to_series()
        )
    return [*numbers, *(_with_slow_path(said, plain[column(name, reading)], reading) for reading in others)]


def _numbers(frame: pl.DataFrame, name: str, by: Conventions) -> list[pl.Series]:
    """The columns of a property read as a number, in the one currency there is to be."""
    ends = intervals(frame[name], low(name), high(name), typed=name in by.numbers)
    if by.currencies is None:
        return ends
    beside = by.currencies.beside.get(name)
    return converted(frame[name], frame[beside] if beside in frame.columns else None, ends, by.currencies)


def _members(texts: pl.Series, reading: ValueKind, by: Conventions) -> pl.Series:
    """The names in each text, parted at whatever parts them; options of an enumeration stand between `;` alone."""
    if reading is ValueKind.INDUSTRIES and is_website(texts.name):
        return texts.to_frame().select(values.hosts(pl.col(texts.name))).to_series()
    several = texts
    if not by.options.has(texts.name):
        several = parted(texts, _SETS[reading](), some=reading is ValueKind.TECHNOLOGIES)
    if reading in _BESIDE:
        several = with_beside(several, *_BESIDE[reading]())
    return several.to_frame().select(_FAST[reading](pl.col(texts.name))).to_series()


def _products_beside() -> tuple[Collection[str], Callable[[str], Iterable[str]]]:
    known = technologies().aliases
    return known, lambda name: products(name, known, vendors())


def _industries_beside() -> tuple[Collection[str], Callable[[str], Iterable[str]]]:
    return (), beside


@cache
def _known_names() -> frozenset[str]:
    """The keys of every technology and industry."""
    return frozenset(technologies().aliases) | frozenset(company_aliases())


def _without_blanks(texts: pl.Series) -> pl.Series:
    """The texts, null where they say nothing; few are even looked at, and fewer are such."""
    text = pl.col(texts.name)
    doubtful = texts.to_frame().filter(~surely_has_content(text)).unique()
    blank = doubtful.filter(~has_content(text)).to_series()
    return texts if blank.is_empty() else texts.zip_with(~texts.is_in(blank.implode()), texts.clear(1))


def _with_slow_path(texts: pl.Series, plain: pl.Series, reading: ValueKind) -> pl.Series:
    """What was read, and what Python makes of the distinct texts left over."""
    if reading not in _SLOW:
        return plain
    odd = texts.filter(plain.is_null() & texts.is_not_null()).unique()
    said = [(text, value) for text in odd if (value := _SLOW[reading](text)) is not None]
    if not said:
        return plain
    table = pl.DataFrame(said, schema={texts.name: pl.String, "said": plain.dtype}, orient="row")
    joined = texts.to_frame().join(table, on=texts.name, how="left", maintain_order="left")["said"]
    return plain.zip_with(plain.is_not_null(), joined)


_FAST: Final[dict[ValueKind, Callable[[pl.Expr], pl.Expr]]] = {
    ValueKind.MEMBERS: values.members,
    ValueKind.TECHNOLOGIES: lambda text: values.canonical(text, technologies().aliases),
    ValueKind.INDUSTRIES: lambda text: values.canonical(text, company_aliases()),
    ValueKind.RAW: values.prose,
    ValueKind.KEY: key,
    ValueKind.TEXT: lambda text: text,
    ValueKind.BOOLEAN: values.boolean,
    ValueKind.COUNTRY: lambda _: pl.lit(None, dtype=pl.String),
    ValueKind.DATE: values.iso_day,
    ValueKind.YEAR: values.year,
    ValueKind.PRESENT: pl.Expr.is_not_null,
}
_SETS: Final[dict[ValueKind, Callable[[], Collection[str]]]] = {
    ValueKind.MEMBERS: _known_names,
    ValueKind.TECHNOLOGIES: lambda: technologies().aliases,
    ValueKind.INDUSTRIES: company_aliases,
}
"""The kinds of which a text may hold several, and the keys of the names that are known."""
_BESIDE: Final[dict[ValueKind, Callable[[], tuple[Collection[str], Callable[[str], Iterable[str]]]]]] = {
    ValueKind.TECHNOLOGIES: _products_beside,
    ValueKind.INDUSTRIES: _industries_beside,
}
"""The kinds whose names may say more than themselves, and what `with_beside` needs for them."""
_SLOW: Final[dict[ValueKind, Callable[[str], object]]] = {
    ValueKind.COUNTRY: country_code,
    ValueKind.DATE: written_day,
    ValueKind.YEAR: written_year,
}
