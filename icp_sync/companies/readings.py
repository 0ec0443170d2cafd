"""Text → values: each property is read as the kinds of value its questions need, every distinct text once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import polars as pl

from icp_sync.companies.amounts import amount
from icp_sync.companies.dates import day, year
from icp_sync.companies.numbers import interval
from icp_sync.vocabulary.countries import country_code, english_names
from icp_sync.vocabulary.industries import industries
from icp_sync.vocabulary.keys import key, says_something
from icp_sync.vocabulary.nearest import nearest
from icp_sync.vocabulary.technologies import technologies

Need = tuple[str, "Reading"]

_EXAMPLES: Final = 5
_SLICE: Final = 65_536
_YES: Final = ("true", "yes", "y", "1", "1.0", "on", "ja", "oui", "si")
_NO: Final = ("false", "no", "n", "0", "0.0", "off", "nein", "non")


class Reading(StrEnum):
    """A kind of value a text can be read as. Null means unknown: empty, or not readable as that kind."""

    NUMBER = "number"
    """An interval: two Float64 columns, `low` and `high`, both null or neither."""
    MEMBERS = "members"
    """List[String]: the distinct keys of the parts between `;`."""
    TECHNOLOGIES = "technologies"
    """List[String]: members, each under the canonical key of its technology where the vocabulary knows one."""
    INDUSTRIES = "industries"
    """List[String]: members, each under the canonical key of its industry where the vocabulary knows one."""
    WORDS = "words"
    """String: the key of the whole text."""
    TEXT = "text"
    """String as found."""
    TRUTH = "truth"
    """Boolean."""
    COUNTRY = "country"
    """String: alpha-2."""
    DATE = "date"
    """Date; a bare year is none."""
    YEAR = "year"
    """Int32: the year, its latest where a text says several."""
    KNOWN = "known"
    """Boolean, never null: is there a text that says anything?"""


_CAN_FAIL: Final = frozenset({Reading.NUMBER, Reading.TRUTH, Reading.COUNTRY, Reading.DATE, Reading.YEAR})


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """How many companies say something for a property that could not be read; the commonest texts first."""

    count: int
    examples: tuple[str, ...]
    nearest: tuple[tuple[str, str], ...] = ()
    """(example, known name) for the examples that look like a name the vocabulary knows."""


def column(property_name: str, reading: Reading) -> str:
    """The column that holds a property's reading; an interval's two are `low` and `high`."""
    return f"{property_name}:{reading}"


def low(property_name: str) -> str:
    """The column of the lower end of a property read as a number."""
    return f"{property_name}:low"


def high(property_name: str) -> str:
    """The column of the upper end of a property read as a number."""
    return f"{property_name}:high"


def read(frame: pl.DataFrame, needs: Collection[Need]) -> pl.DataFrame:
    """The company frame with the columns of every reading in `needs`; rows and their order stay.

    Raises `polars.exceptions.ColumnNotFoundError` for a property the frame lacks (see `frame.with_absent`).
    """
    wanted: dict[str, set[Reading]] = {}
    for name, reading in needs:
        wanted.setdefault(name, set()).add(reading)
    # Polars reads one column of text on one core, so several properties are read at once.
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        found = pool.map(lambda name: _readings(frame.select(name).rechunk(), name, wanted[name]), sorted(wanted))
        return frame.with_columns(column for part in found for column in part.get_columns()[1:])


def failed(needs: Collection[Need]) -> list[pl.Expr]:
    """For each property of a read frame whose text may not be understood, a Boolean column: was it not?"""
    return [
        (pl.col(name).is_not_null() & pl.any_horizontal(pl.col(column).is_null() for column in columns)).alias(flag(name))
        for name, columns in _failing(needs).items()
    ]


def flag(property_name: str) -> str:
    """The column that tells whether a property's text was not understood; see `failed`."""
    return f"{property_name}:failed"


def unrecognised(frame: pl.DataFrame, needs: Collection[Need]) -> dict[str, Unrecognised]:
    """By property, the companies of a frame with the columns of `failed` whose text says something all the same."""
    found = {name: unread(frame, name, flag(name)) for name in _failing(needs)}
    countries = {name for name, reading in needs if reading is Reading.COUNTRY}
    return {
        name: replace(texts, nearest=_near_countries(texts.examples)) if name in countries else texts
        for name, texts in found.items()
        if texts.count
    }


def unread(frame: pl.DataFrame, name: str, failed: str) -> Unrecognised:
    """The companies whose text in a property says something, among those for which the column `failed` is true."""
    text = pl.col(name)
    # Collected in between, or Polars asks what each company's text says and not only what each distinct one does.
    counts = frame.lazy().filter(failed).group_by(text).len("companies").collect()
    commonest = counts.filter(says_something(text)).sort(["companies", name], descending=[True, False])
    return Unrecognised(int(commonest["companies"].sum()), tuple(commonest[name].head(_EXAMPLES)))


def _failing(needs: Collection[Need]) -> dict[str, list[str]]:
    """By property, in order, the columns of readings that are null where its text was not understood."""
    columns: dict[str, list[str]] = {}
    for name, reading in sorted(set(needs)):
        # Who asks for a year has read a bare one, though it is no day.
        if reading in _CAN_FAIL and not (reading is Reading.DATE and (name, Reading.YEAR) in needs):
            columns.setdefault(name, []).append(low(name) if reading is Reading.NUMBER else column(name, reading))
    return columns


def _near_countries(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    found = ((text, nearest(text, english_names())) for text in texts)
    return tuple((text, near[0]) for text, near in found if near)


def _readings(texts: pl.DataFrame, name: str, readings: set[Reading]) -> pl.DataFrame:
    """A property's texts, as they stand, and beside them what each is read as."""
    frame = _with_number(texts, name) if Reading.NUMBER in readings else texts
    return _with_others(frame, name, readings - {Reading.NUMBER})


def _with_number(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Plain numbers are cast as they stand; of the distinct texts left over, Python looks only at the odd ones."""
    plain = pl.col(name).cast(pl.Float64, strict=False)
    plain = pl.when(plain.is_finite()).then(plain)
    frame = frame.with_columns(plain.alias(low(name)), plain.alias(high(name)))
    left = frame.filter(pl.col(low(name)).is_null(), pl.col(name).is_not_null()).select(pl.col(name).unique())
    if left.is_empty():
        return frame
    table = _in_slices(left, [amount(pl.col(name)).alias("from")])
    odd = table.filter(pl.col("from").is_null())[name]
    said = [(text, *ends) for text in odd if (ends := interval(text)) is not None]
    slow = pl.DataFrame(said, schema={name: pl.String, "from": pl.Float64, "to": pl.Float64}, orient="row")
    quick = table.drop_nulls("from").with_columns(to="from")
    return (
        frame.join(pl.concat([quick, slow]), on=name, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(low(name), "from").alias(low(name)),
            pl.coalesce(high(name), "to").alias(high(name)),
        )
        .drop("from", "to")
    )


def _with_others(frame: pl.DataFrame, name: str, readings: set[Reading]) -> pl.DataFrame:
    """Texts that repeat are read once each and joined; those that hardly do are read where they stand."""
    if not readings:
        return frame
    if _repeats(frame[name]):
        table = _texts_read(frame.select(pl.col(name).drop_nulls().unique()), name, readings)
        frame = frame.join(table, on=name, how="left", maintain_order="left")
    else:
        frame = frame.with_columns(_texts_read(frame.select(name), name, readings).drop(name))
    known = pl.col(f"^{column(name, Reading.KNOWN)}$")
    return frame.with_columns(known.fill_null(False)) if Reading.KNOWN in readings else frame


def _repeats(texts: pl.Series) -> bool:
    distinct: int = texts.to_frame().select(pl.col(texts.name).approx_n_unique()).item()
    return distinct * 2 < texts.len() - texts.null_count()


def _texts_read(texts: pl.DataFrame, name: str, readings: set[Reading]) -> pl.DataFrame:
    """A frame of texts and their readings; what says nothing is read as nothing."""
    text = pl.col(name)
    read_as = {column(name, reading): _EXPRESSIONS[reading](text) for reading in sorted(readings)}
    table = _in_slices(texts, [pl.when(says_something(text)).then(value).alias(at) for at, value in read_as.items()])
    for reading in sorted(readings & _IN_WORDS.keys()):
        table = _with_words_read(table, name, reading)
    return table


def _in_slices(texts: pl.DataFrame, columns: list[pl.Expr]) -> pl.DataFrame:
    """The same as `with_columns`, on all cores."""
    parts = [part.lazy().with_columns(columns) for part in texts.iter_slices(_SLICE)]
    return pl.concat(pl.collect_all(parts), rechunk=True) if parts else texts.with_columns(columns)


def _with_words_read(table: pl.DataFrame, name: str, reading: Reading) -> pl.DataFrame:
    """Python looks only at the distinct texts that the expression left over."""
    quick = column(name, reading)
    left = table.filter(pl.col(quick).is_null()).select(pl.col(name).unique())
    odd = left.filter(says_something(pl.col(name)))[name]
    said = [(text, value) for text in odd if (value := _IN_WORDS[reading](text)) is not None]
    if not said:
        return table
    slow = pl.DataFrame(said, schema={name: pl.String, "said": table.schema[quick]}, orient="row")
    joined = table.join(slow, on=name, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(quick, "said").alias(quick)).drop("said")


def _members(text: pl.Expr) -> pl.Expr:
    member = pl.element()
    named = text.str.split(";").list.eval(key(member))
    return named.list.eval(member.filter(member != "").unique(maintain_order=True))


def _canonical(text: pl.Expr, aliases: Mapping[str, str]) -> pl.Expr:
    other = {spelling: canonical for spelling, canonical in aliases.items() if spelling != canonical}
    named = pl.element().replace(list(other), list(other.values()))
    return _members(text).list.eval(named.unique(maintain_order=True))


def _truth(text: pl.Expr) -> pl.Expr:
    word = key(text)
    return pl.when(word.is_in(_YES)).then(True).when(word.is_in(_NO)).then(False)


def _date(text: pl.Expr) -> pl.Expr:
    """Days as HubSpot sends them: ISO dates and datetimes in UTC, and milliseconds since 1970."""
    iso = text.str.extract(r"^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+Z)?$").str.to_date("%Y-%m-%d", strict=False)
    milliseconds = text.str.extract(r"^(\d{11,13})$").cast(pl.Int64, strict=False)
    return pl.coalesce(iso, milliseconds.cast(pl.Datetime("ms")).dt.date())


def _year(text: pl.Expr) -> pl.Expr:
    bare = text.str.extract(r"^((?:1[0-9]|20|21)\d\d)(?:\.0+)?$").cast(pl.Int32)
    return pl.coalesce(bare, _date(text).dt.year())


_EXPRESSIONS: Final[dict[Reading, Callable[[pl.Expr], pl.Expr]]] = {
    Reading.MEMBERS: _members,
    Reading.TECHNOLOGIES: lambda text: _canonical(text, technologies().aliases),
    Reading.INDUSTRIES: lambda text: _canonical(text, industries().aliases),
    Reading.WORDS: key,
    Reading.TEXT: lambda text: text,
    Reading.TRUTH: _truth,
    Reading.COUNTRY: lambda _: pl.lit(None, dtype=pl.String),
    Reading.DATE: _date,
    Reading.YEAR: _year,
    Reading.KNOWN: pl.Expr.is_not_null,
}
_IN_WORDS: Final[dict[Reading, Callable[[str], object]]] = {
    Reading.COUNTRY: country_code,
    Reading.DATE: day,
    Reading.YEAR: year,
}
