"""The filter language of search, from a query to one Polars expression over typed columns."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

import polars as pl

from icp_sync.sandbox.error_responses import ApiError, bad_request
from icp_sync.sandbox.search.search_request import SearchQuery
from icp_sync.sandbox.store.property_definition import Definition
from icp_sync.sandbox.store.property_schema import PropertySchema
from icp_sync.sandbox.timestamps import parse_milliseconds

_COMPARE = {"EQ": "eq", "NEQ": "ne", "LT": "lt", "LTE": "le", "GT": "gt", "GTE": "ge"}


def filter_expr(query: SearchQuery, schema: PropertySchema) -> pl.Expr:
    """An expression over typed columns, true for a hit."""
    groups = [
        reduce(pl.Expr.and_, [_condition_expr(condition, schema) for condition in group], pl.lit(True))
        for group in query.groups
    ]
    matching = reduce(pl.Expr.or_, groups) if groups else pl.lit(True)
    searched = [pl.col(name).str.to_lowercase() for name in schema.object_type.searched]
    for word in query.text.lower().split():
        places = [text.str.contains(word, literal=True) for text in searched]
        matching &= reduce(pl.Expr.or_, [place.fill_null(False) for place in places])
    return matching.fill_null(False)


def _condition_expr(condition: Mapping[str, Any], schema: PropertySchema) -> pl.Expr:
    definition = schema.definitions[str(condition.get("propertyName"))]
    operator, column = str(condition.get("operator")), pl.col(definition.name)
    if operator == "HAS_PROPERTY":
        return column.is_not_null()
    if operator == "NOT_HAS_PROPERTY":
        return column.is_null()
    if operator == "BETWEEN":
        _reject_epoch(definition, condition.get("value"))
        low, high = (
            _parse_value(definition, condition.get("value")),
            _parse_value(definition, condition.get("highValue")),
        )
        return column.is_between(low, high)
    if operator in ("IN", "NOT_IN"):
        return _any_of_expr(definition, column, condition.get("values") or [], negated=operator == "NOT_IN")
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        matches = _token_expr(column, str(condition.get("value")))
        return matches if operator == "CONTAINS_TOKEN" else ~matches.fill_null(False)
    if operator not in _COMPARE:
        raise bad_request(f'Invalid operator "{operator}".')
    return _comparison_expr(definition, column, operator, condition.get("value"))


def _comparison_expr(definition: Definition, column: pl.Expr, operator: str, value: object) -> pl.Expr:
    if operator in ("GT", "GTE"):
        _reject_epoch(definition, value)
    if definition.multiple and operator in ("EQ", "NEQ"):
        has = column.str.split(";").list.contains(str(value))
        return has if operator == "EQ" else ~has.fill_null(False)
    if value is None or value == "":
        raise bad_request(f"operator {operator} requires a value: {definition.name}")
    typed = _parse_value(definition, value)
    if isinstance(typed, str):
        column, typed = column.str.to_lowercase(), typed.lower()
    compared: pl.Expr = getattr(column, _COMPARE[operator])(typed)
    return compared.fill_null(operator == "NEQ")


def _reject_epoch(definition: Definition, low: object) -> None:
    """The live search fails on epoch 0 as a lower bound."""
    if definition.type == "datetime" and str(low) == "0":
        raise ApiError(500, "internal error", "INTERNAL_ERROR")


def _any_of_expr(definition: Definition, column: pl.Expr, values: list[object], *, negated: bool) -> pl.Expr:
    """String properties are indexed in lower case and `values` is not lowered: capitals never match."""
    typed = [_parse_value(definition, value) for value in values]
    if definition.type == "string":
        column = column.str.to_lowercase()
    if definition.multiple:
        matches = column.str.split(";").list.set_intersection(pl.lit(pl.Series([typed])).first()).list.len() > 0
    else:
        matches = column.is_in(typed)
    return ~matches if negated else matches


def _token_expr(column: pl.Expr, value: str) -> pl.Expr:
    pattern = "".join(".*" if part == "*" else _escape_regex(part) for part in _split_stars(value.lower()))
    return column.str.to_lowercase().str.contains(rf"(^|[^\pL\pN])({pattern})($|[^\pL\pN])")


def _split_stars(value: str) -> list[str]:
    parts = value.replace("*", "\0*\0").split("\0")
    return [part for part in parts if part]


def _escape_regex(text: str) -> str:
    return "".join(letter if letter.isalnum() else f"\\{letter}" for letter in text)


def _parse_value(definition: Definition, value: object) -> float | str:
    text = str(value if value is not None else "")
    if definition.type == "number":
        try:
            return int(text) if definition.name == "hs_object_id" else float(text)
        except ValueError:
            raise bad_request(f'"{text}" is not a number, which {definition.name} is.') from None
    if definition.type in ("date", "datetime"):
        moment = parse_milliseconds(text)
        if moment is None:
            raise bad_request(f'"{text}" is not a timestamp, which {definition.name} needs.')
        return moment
    return text
