"""Text → values: each property is read as the kinds of value its questions need, every distinct text once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from icp_sync.companies.numbers import interval
from icp_sync.vocabulary.countries import country_code
from icp_sync.vocabulary.keys import EMPTY_KEYS, key

Need = tuple[str, "Reading"]

_EXAMPLES: Final = 5
_YES: Final = ("true", "yes", "y", "1", "1.0", "on", "ja", "oui", "si")
_NO: Final = ("false", "no", "n", "0", "0.0", "off", "nein", "non")


class Reading(StrEnum):
    """A kind of value a text can be read as. Null means unknown: empty, or not readable as that kind."""

    NUMBER = "number"
    """An interval: two Float64 columns, `low` and `high`, both null or neither."""
    MEMBERS = "members"
    """List[String]: the distinct keys of the parts between `;`."""
    WORDS = "words"
    """String: the key of the whole text."""
    TEXT = "text"
    """String as found."""
    TRUTH = "truth"
    """Boolean."""
    COUNTRY = "country"
    """String: alpha-2."""
    KNOWN = "known"
    """Boolean, never null: is there a text that says anything?"""


_CAN_FAIL: Final = frozenset({Reading.NUMBER, Reading.TRUTH, Reading.COUNTRY})


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """How many companies say something for a property that could not be read; the commonest texts first."""

    count: int
    examples: tuple[str, ...]


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
    wanted = set(needs)
    for name in sorted({name for name, _ in wanted}):
        readings = {reading for owner, reading in wanted if owner == name}
        if Reading.NUMBER in readings:
            frame = _with_number(frame, name)
        frame = _with_others(frame, name, readings - {Reading.NUMBER})
    return frame


def unrecognised(frame: pl.DataFrame, needs: Collection[Need]) -> dict[str, Unrecognised]:
    """By property, the companies of a read frame whose text says something and was not understood."""
    failing: dict[str, list[str]] = {}
    for name, reading in sorted(set(needs)):
        if reading in _CAN_FAIL:
            failing.setdefault(name, []).append(low(name) if reading is Reading.NUMBER else column(name, reading))
    found = {name: _unread(frame, name, columns) for name, columns in failing.items()}
    return {name: unread for name, unread in found.items() if unread.count}


def _unread(frame: pl.DataFrame, name: str, columns: Iterable[str]) -> Unrecognised:
    text = pl.col(name)
    unread = pl.any_horizontal(pl.col(column).is_null() for column in columns)
    counts = (
        frame.lazy().filter(text.is_not_null(), unread).group_by(text).len("companies").filter(_says_something(text))
    )
    commonest = counts.sort(["companies", name], descending=[True, False]).collect()
    return Unrecognised(int(commonest["companies"].sum()), tuple(commonest[name].head(_EXAMPLES)))


def _says_something(text: pl.Expr) -> pl.Expr:
    return ~key(text).is_in(EMPTY_KEYS)


def _with_number(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Plain numbers are cast as they stand; Python looks only at the distinct texts that are left over."""
    plain = pl.col(name).cast(pl.Float64, strict=False)
    plain = pl.when(plain.is_finite()).then(plain)
    frame = frame.with_columns(plain.alias(low(name)), plain.alias(high(name)))
    odd = frame.lazy().filter(pl.col(low(name)).is_null(), pl.col(name).is_not_null()).select(pl.col(name).unique())
    texts = odd.collect().to_series().to_list()
    said = [(text, *ends) for text in texts if (ends := interval(text)) is not None]
    if not said:
        return frame
    table = pl.DataFrame(said, schema={name: pl.String, "from": pl.Float64, "to": pl.Float64}, orient="row")
    return (
        frame.join(table, on=name, how="left", maintain_order="left")
        .with_columns(
            pl.coalesce(low(name), "from").alias(low(name)),
            pl.coalesce(high(name), "to").alias(high(name)),
        )
        .drop("from", "to")
    )


def _with_others(frame: pl.DataFrame, name: str, readings: set[Reading]) -> pl.DataFrame:
    if not readings:
        return frame
    texts = frame.lazy().select(pl.col(name).unique()).filter(_says_something(pl.col(name)))
    table = texts.with_columns(
        _EXPRESSIONS[reading](pl.col(name)).alias(column(name, reading))
        for reading in sorted(readings)
        if reading is not Reading.COUNTRY
    ).collect()
    if Reading.COUNTRY in readings:
        codes = [country_code(text) for text in table[name]]
        table = table.with_columns(pl.Series(column(name, Reading.COUNTRY), codes, dtype=pl.String))
    joined = frame.join(table, on=name, how="left", maintain_order="left")
    known = pl.col(f"^{column(name, Reading.KNOWN)}$")
    return joined.with_columns(known.fill_null(False)) if Reading.KNOWN in readings else joined


def _members(text: pl.Expr) -> pl.Expr:
    member = pl.element()
    named = text.str.split(";").list.eval(key(member))
    return named.list.eval(member.filter(member != "").unique(maintain_order=True))


def _truth(text: pl.Expr) -> pl.Expr:
    word = key(text)
    return pl.when(word.is_in(_YES)).then(True).when(word.is_in(_NO)).then(False)


_EXPRESSIONS: Final[dict[Reading, Callable[[pl.Expr], pl.Expr]]] = {
    Reading.MEMBERS: _members,
    Reading.WORDS: key,
    Reading.TEXT: lambda text: text,
    Reading.TRUTH: _truth,
    Reading.KNOWN: pl.Expr.is_not_null,
}
