"""The search endpoint: a filter language, a ceiling of 10,000, and an index that lags behind the records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from .definitions import Definition
from .reading import Companies, Shown
from .records import Records
from .refusals import Refusal, invalid
from .schema import Schema
from .timestamps import milliseconds_of
from .typed import ROW, typed_frame

CEILING = 10_000
LONGEST_BODY = 3000
MOST_GROUPS, MOST_FILTERS_A_GROUP, MOST_FILTERS = 5, 6, 18
_COMPARE = {"EQ": "eq", "NEQ": "ne", "LT": "lt", "LTE": "le", "GT": "gt", "GTE": "ge"}


@dataclass(frozen=True, slots=True)
class Query:
    """One search, already checked for shape."""

    groups: list[list[Mapping[str, Any]]]
    text: str
    sort: str
    descending: bool
    names: list[str]
    limit: int
    after: int


def query_of(body: Mapping[str, Any], length: int) -> Query:
    """The query in a request body of `length` characters."""
    if length > LONGEST_BODY:
        raise invalid(f"The request body must not exceed {LONGEST_BODY} characters, got {length}.")
    groups = [list(group.get("filters") or []) for group in body.get("filterGroups") or []]
    if body.get("filters"):
        groups.append(list(body["filters"]))
    _limited(groups)
    sorts = list(body.get("sorts") or [])
    if len(sorts) > 1:
        raise invalid("A maximum of 1 sort is allowed.")
    sort, descending = _sort(sorts[0]) if sorts else ("createdate", False)
    limit, after = int(body.get("limit") or 10), _offset(body.get("after"))
    if not 0 < limit <= 200:
        raise invalid(f"Page size limit must be between 1 and 200, got {limit}.")
    if after + limit > CEILING:
        raise invalid(f"Paging beyond {CEILING} results is not supported; narrow the filters.")
    names = list(body.get("properties") or [])
    return Query(groups, str(body.get("query") or ""), sort, descending, names, limit, after)


def _limited(groups: Sequence[Sequence[object]]) -> None:
    counts = [len(group) for group in groups]
    if len(groups) > MOST_GROUPS or max(counts, default=0) > MOST_FILTERS_A_GROUP or sum(counts) > MOST_FILTERS:
        raise invalid(f"At most {MOST_GROUPS} filter groups of {MOST_FILTERS_A_GROUP} filters, {MOST_FILTERS} in all.")


def _sort(rule: Any) -> tuple[str, bool]:
    if isinstance(rule, str):
        return rule.removeprefix("-"), rule.startswith("-")
    return str(rule.get("propertyName")), rule.get("direction") == "DESCENDING"


def _offset(after: object) -> int:
    text = str(after or "0")
    if not text.isdecimal():
        raise invalid(f'The value of "after" must be an integer offset, got {text}.')
    return int(text)


class Searching:
    """Answers queries from the live records as they stood `lag` milliseconds ago."""

    def __init__(self, records: Records, schema: Schema, companies: Companies, lag: int) -> None:
        self._records = records
        self._schema = schema
        self._companies = companies
        self._lag = lag
        records.remember_for = lag

    def answer(self, query: Query, limit: int, now: int) -> Shown:
        """One page of at most `limit` records."""
        frame = self._found(query, now)
        page = frame.slice(query.after, limit)
        rows = page[ROW].to_list()
        body: Shown = {"total": len(frame), "results": self._companies.shown(rows, query.names)}
        following = query.after + len(rows)
        if following < len(frame):
            body["paging"] = {"next": {"after": str(following), "link": f"?after={following}"}}
        return body

    def _found(self, query: Query, now: int) -> pl.DataFrame:
        named = [str(one.get("propertyName")) for group in query.groups for one in group]
        for name in (*named, query.sort):
            if name not in self._schema.definitions:
                raise invalid(f'There was a problem with the request: property "{name}" does not exist.')
        extra = ["name", "domain", "phone", "website"] if query.text else []
        past = self._records.before(now - self._lag) if self._lag else None
        asked = [*named, *extra, query.sort, "createdate", "hs_object_id"]
        frame = typed_frame(self._records, self._schema, asked, past)
        kept = frame.filter(self._matching(query), pl.col("createdate") <= now - self._lag)
        return kept.sort([query.sort, "hs_object_id"], descending=[query.descending, False], nulls_last=True)

    def _matching(self, query: Query) -> pl.Expr:
        groups = [reduce(pl.Expr.and_, [self._filter(one) for one in group], pl.lit(True)) for group in query.groups]
        matching = reduce(pl.Expr.or_, groups) if groups else pl.lit(True)
        for word in query.text.lower().split():
            places = [pl.col(name).str.to_lowercase().str.contains(word, literal=True) for name in _SEARCHED]
            matching &= reduce(pl.Expr.or_, [place.fill_null(False) for place in places])
        return matching.fill_null(False)

    def _filter(self, one: Mapping[str, Any]) -> pl.Expr:
        definition = self._schema.definitions[str(one.get("propertyName"))]
        operator, column = str(one.get("operator")), pl.col(definition.name)
        if operator == "HAS_PROPERTY":
            return column.is_not_null()
        if operator == "NOT_HAS_PROPERTY":
            return column.is_null()
        if operator == "BETWEEN":
            low, high = _value(definition, one.get("value")), _value(definition, one.get("highValue"))
            return column.is_between(low, high)
        if operator in ("IN", "NOT_IN"):
            return _among(definition, column, one.get("values") or [], negated=operator == "NOT_IN")
        if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
            found = _has_token(column, str(one.get("value")))
            return found if operator == "CONTAINS_TOKEN" else ~found.fill_null(False)
        if operator not in _COMPARE:
            raise invalid(f'Invalid operator "{operator}".')
        return _compared(definition, column, operator, one.get("value"))


_SEARCHED = ("name", "domain", "phone", "website")


def _compared(definition: Definition, column: pl.Expr, operator: str, value: object) -> pl.Expr:
    if definition.type == "datetime" and str(value) == "0" and operator in ("GT", "GTE"):
        raise Refusal(500, "internal error", "")  # the live search fails on epoch 0 as a lower bound
    if definition.multiple and operator in ("EQ", "NEQ"):
        has = column.str.split(";").list.contains(str(value))
        return has if operator == "EQ" else ~has.fill_null(False)
    typed = _value(definition, value)
    if isinstance(typed, str):
        column, typed = column.str.to_lowercase(), typed.lower()
    compared: pl.Expr = getattr(column, _COMPARE[operator])(typed)
    return compared.fill_null(operator == "NEQ")


def _among(definition: Definition, column: pl.Expr, values: list[object], *, negated: bool) -> pl.Expr:
    """String properties are indexed in lower case and `values` is not lowered: capitals never match."""
    typed = [_value(definition, value) for value in values]
    if definition.type == "string":
        column = column.str.to_lowercase()
    if definition.multiple:
        found = column.str.split(";").list.set_intersection(pl.lit(pl.Series([typed])).first()).list.len() > 0
    else:
        found = column.is_in(typed)
    return ~found if negated else found


def _has_token(column: pl.Expr, value: str) -> pl.Expr:
    pattern = "".join(".*" if part == "*" else _escaped(part) for part in _split_stars(value.lower()))
    return column.str.to_lowercase().str.contains(rf"(^|[^\pL\pN])({pattern})($|[^\pL\pN])")


def _split_stars(value: str) -> list[str]:
    parts = value.replace("*", "\0*\0").split("\0")
    return [part for part in parts if part]


def _escaped(text: str) -> str:
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in text)


def _value(definition: Definition, value: object) -> float | str:
    text = str(value if value is not None else "")
    if definition.type == "number":
        try:
            return int(text) if definition.name == "hs_object_id" else float(text)
        except ValueError:
            raise invalid(f'"{text}" is not a number, which {definition.name} is.') from None
    if definition.type in ("date", "datetime"):
        moment = milliseconds_of(text)
        if moment is None:
            raise invalid(f'"{text}" is not a timestamp, which {definition.name} needs.')
        return moment
    return text
