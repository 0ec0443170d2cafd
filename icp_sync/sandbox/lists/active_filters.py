"""The filters of an active list, from HubSpot's `filterBranch` to one Polars expression."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from icp_sync.sandbox.error_responses import ApiError
from icp_sync.sandbox.lists.date_filters import bad_filter_error, date_filter_expr
from icp_sync.sandbox.store.property_definition import Definition
from icp_sync.sandbox.store.property_schema import PropertySchema

Json = Mapping[str, Any]

_TYPES = {
    "ENUMERATION": {"enumeration"},
    "BOOL": {"bool"},
    "NUMBER": {"number"},
    "NUMBER_RANGED": {"number"},
    "STRING": {"string"},
    "MULTISTRING": {"string"},
    "TIME_POINT": {"date", "datetime"},
    "TIME_RANGED": {"date", "datetime"},
    "ROLLING_DATE_RANGE": {"date", "datetime"},
}
_KNOWN, _UNKNOWN = ("IS_KNOWN", "IS_NOT_BLANK"), ("IS_UNKNOWN", "IS_BLANK")
_NUMBER = {
    "IS_EQUAL_TO": "eq",
    "IS_NOT_EQUAL_TO": "ne",
    "IS_GREATER_THAN": "gt",
    "IS_GREATER_THAN_OR_EQUAL_TO": "ge",
    "IS_LESS_THAN": "lt",
    "IS_LESS_THAN_OR_EQUAL_TO": "le",
}


@dataclass(frozen=True, slots=True)
class CompiledFilters:
    """What an active list asks: an expression over typed columns, its properties, whether time moves it."""

    build: Callable[[int], pl.Expr]
    names: frozenset[str]
    relative: bool


def compile_filters(branch: Json | None, schema: PropertySchema, zone: str) -> CompiledFilters:
    """A root branch made callable: epoch milliseconds in, expression out. 400 where HubSpot answers it."""
    property_filters = list(_property_filters(branch))
    for property_filter in property_filters:
        _check_filter(property_filter, schema)

    def build(now: int) -> pl.Expr:
        groups = [
            reduce(
                pl.Expr.and_,
                [_property_expr(property_filter, schema, now, zone) for property_filter in child["filters"]],
                pl.lit(True),
            )
            for child in (branch or {})["filterBranches"]
        ]
        return reduce(pl.Expr.or_, groups, pl.lit(False)).fill_null(False)

    build(0)
    kinds = {str(property_filter["operation"]["operationType"]) for property_filter in property_filters}
    relative = not kinds.isdisjoint({"TIME_POINT", "TIME_RANGED", "ROLLING_DATE_RANGE"})
    return CompiledFilters(
        build, frozenset(str(property_filter["property"]) for property_filter in property_filters), relative
    )


def _property_filters(branch: Json | None) -> Iterator[Json]:
    if not branch or branch.get("filterBranchType") != "OR":
        raise bad_filter_error("The root filter branch must be of type OR.")
    if branch.get("filters"):
        raise bad_filter_error("The root OR filter branch must not have filters of its own.")
    for child in branch.get("filterBranches") or ():
        if child.get("filterBranchType") != "AND" or child.get("filterBranches"):
            raise bad_filter_error("The branches below the root must be AND branches holding filters.")
        yield from child.get("filters") or ()


def _check_filter(property_filter: Json, schema: PropertySchema) -> None:
    if property_filter.get("filterType") != "PROPERTY":
        raise bad_filter_error(f"Filters of type {property_filter.get('filterType')} are not part of this portal.")
    definition = schema.definitions.get(str(property_filter.get("property")))
    if definition is None:
        raise bad_filter_error(f'Property "{property_filter.get("property")}" does not exist.')
    operation = property_filter.get("operation") or {}
    kind = str(operation.get("operationType"))
    if kind == "ALL_PROPERTY":
        return
    if definition.type not in _TYPES.get(kind, ()):
        raise bad_filter_error(f'Operation {kind} cannot be used on "{definition.name}" of type {definition.type}.')


def _property_expr(property_filter: Json, schema: PropertySchema, now: int, zone: str) -> pl.Expr:
    definition, operation = schema.definitions[property_filter["property"]], property_filter["operation"]
    column, kind, operator = (
        pl.col(definition.name),
        operation["operationType"],
        str(operation.get("operator")),
    )
    if kind == "ALL_PROPERTY":
        return _has_value_expr(column, operator)
    if definition.type in ("date", "datetime"):
        matches = date_filter_expr(column, operation, now, zone)
    else:
        matches = _OPERATIONS[kind](definition, column, operator, operation)
    return matches.fill_null(bool(operation.get("includeObjectsWithNoValueSet")))


def _has_value_expr(column: pl.Expr, operator: str) -> pl.Expr:
    if operator not in (*_KNOWN, *_UNKNOWN):
        raise _unsupported_operator_error("ALL_PROPERTY", operator)
    return column.is_not_null() if operator in _KNOWN else column.is_null()


def _enumeration(definition: Definition, column: pl.Expr, operator: str, operation: Json) -> pl.Expr:
    values = [str(value) for value in operation.get("values") or ()]
    members = column.str.split(";")
    hits = [members.list.contains(value) if definition.multiple else column == value for value in values]
    anyone = reduce(pl.Expr.or_, hits, pl.lit(False) & column.is_not_null())
    everyone = reduce(pl.Expr.and_, hits, column.is_not_null())
    exactly = everyone & (members.list.len() == len(values))
    answers = {
        "IS_ANY_OF": anyone,
        "IS_NONE_OF": ~anyone,
        "IS_EXACTLY": exactly,
        "IS_NOT_EXACTLY": ~exactly,
        "CONTAINS_ALL": everyone,
        "DOES_NOT_CONTAIN_ALL": ~everyone,
    }
    if operator not in answers:
        raise _unsupported_operator_error("ENUMERATION", operator)
    return pl.when(column.is_not_null()).then(answers[operator])


def _bool_condition(_: Definition, column: pl.Expr, operator: str, operation: Json) -> pl.Expr:
    value = operation.get("value")
    if not isinstance(value, bool):
        raise bad_filter_error("The value of a BOOL operation must be a JSON boolean.")
    if operator not in ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO"):
        raise _unsupported_operator_error("BOOL", operator)
    equal = column == ("true" if value else "false")
    return equal if operator == "IS_EQUAL_TO" else ~equal


def _number_condition(_: Definition, column: pl.Expr, operator: str, operation: Json) -> pl.Expr:
    if operator not in _NUMBER:
        raise _unsupported_operator_error("NUMBER", operator)
    compared: pl.Expr = getattr(column, _NUMBER[operator])(_parse_float(operation.get("value")))
    return compared


def _number_range(_: Definition, column: pl.Expr, operator: str, operation: Json) -> pl.Expr:
    between = column.is_between(_parse_float(operation.get("lowerBound")), _parse_float(operation.get("upperBound")))
    if operator not in ("IS_BETWEEN", "IS_NOT_BETWEEN"):
        raise _unsupported_operator_error("NUMBER_RANGED", operator)
    return between if operator == "IS_BETWEEN" else ~between


def _string_expr(_: Definition, column: pl.Expr, operator: str, operation: Json) -> pl.Expr:
    values = operation["values"] if "values" in operation else [operation.get("value")]
    texts = [str(value).lower() for value in values]
    lower = column.str.to_lowercase()
    tests: dict[str, Callable[[str], pl.Expr]] = {
        "IS_EQUAL_TO": lambda text: lower == text,
        "CONTAINS": lambda text: lower.str.contains(text, literal=True),
        "STARTS_WITH": lower.str.starts_with,
        "ENDS_WITH": lower.str.ends_with,
    }
    negated = {"IS_NOT_EQUAL_TO": "IS_EQUAL_TO", "DOES_NOT_CONTAIN": "CONTAINS"}
    test = tests.get(negated.get(operator, operator))
    if test is None:
        raise _unsupported_operator_error("STRING", operator)
    matches = reduce(pl.Expr.or_, [test(text) for text in texts], pl.lit(False))
    return ~matches if operator in negated else matches


_OPERATIONS: dict[str, Callable[[Definition, pl.Expr, str, Json], pl.Expr]] = {
    "ENUMERATION": _enumeration,
    "BOOL": _bool_condition,
    "NUMBER": _number_condition,
    "NUMBER_RANGED": _number_range,
    "STRING": _string_expr,
    "MULTISTRING": _string_expr,
}


def _parse_float(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise bad_filter_error("The value of a NUMBER operation must be a JSON number.")


def _unsupported_operator_error(kind: str, operator: str) -> ApiError:
    return bad_filter_error(f"Operator {operator} is not supported by operation {kind}.")
