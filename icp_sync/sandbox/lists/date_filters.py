"""Filters over dates: fixed points, points relative to now or today, and rolling ranges of days."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from icp_sync.sandbox.error_responses import ApiError, bad_request
from icp_sync.sandbox.timestamps import DAY

Json = Mapping[str, Any]
_UNITS = {"WEEK": 7 * DAY, "DAY": DAY, "HOUR": DAY // 24, "MINUTE": 60_000}
_CLOCK = ("hour", "minute", "second", "millisecond")


def date_filter_expr(column: pl.Expr, operation: Json, now: int, zone: str) -> pl.Expr:
    """`column` holds epoch milliseconds; so does `now`."""
    kind, operator = operation["operationType"], operation.get("operator")
    if kind == "ROLLING_DATE_RANGE":
        return _rolling_range_expr(column, str(operator), int(operation["numberOfDays"]) * DAY, now)
    if kind == "TIME_RANGED" and operator in ("IS_BETWEEN", "IS_NOT_BETWEEN"):
        low = _resolve_time_point(operation["lowerBoundTimePoint"], now, zone)
        high = _resolve_time_point(operation["upperBoundTimePoint"], now, zone)
        between = column.is_between(low, high)
        return between if operator == "IS_BETWEEN" else ~between
    if kind == "TIME_POINT" and operator in ("IS_BEFORE", "IS_AFTER"):
        point = _resolve_time_point(operation["timePoint"], now, zone)
        strict = operation.get("endpointBehavior", "EXCLUSIVE") == "EXCLUSIVE"
        if operator == "IS_BEFORE":
            return column < point if strict else column <= point
        return column > point if strict else column >= point
    raise bad_filter_error(f"Operator {operator} is not supported by operation {kind}.")


def _rolling_range_expr(column: pl.Expr, operator: str, span: int, now: int) -> pl.Expr:
    answers = {
        "IS_LESS_THAN_X_DAYS_AGO": column.is_between(now - span, now),
        "IS_MORE_THAN_X_DAYS_AGO": column < now - span,
        "IS_LESS_THAN_X_DAYS_FROM_NOW": column.is_between(now, now + span),
        "IS_MORE_THAN_X_DAYS_FROM_NOW": column > now + span,
    }
    if operator not in answers:
        raise bad_filter_error(f"Operator {operator} is not supported by operation ROLLING_DATE_RANGE.")
    return answers[operator]


def _resolve_time_point(point: Json, now: int, zone: str) -> int:
    place = ZoneInfo(point.get("zoneId") or zone)
    if point.get("timeType") == "DATE":
        moment = datetime(int(point["year"]), int(point["month"]), int(point["day"]), tzinfo=place)
        return _epoch_milliseconds(_with_time_of_day(moment, point))
    if point.get("timeType") != "INDEXED":
        raise bad_filter_error(f"Time points of type {point.get('timeType')} are not part of this portal.")
    reference = point.get("indexReference") or {}
    moment = datetime.fromtimestamp(now / 1000, place)
    if reference.get("referenceType") == "TODAY":
        moment = _with_time_of_day(moment.replace(hour=0, minute=0, second=0, microsecond=0), reference)
    elif reference.get("referenceType") != "NOW":
        raise bad_filter_error(f"Time references of type {reference.get('referenceType')} are not part of this portal.")
    return _epoch_milliseconds(moment) + _offset_milliseconds(point.get("offset") or {})


def _with_time_of_day(moment: datetime, point: Json) -> datetime:
    hour, minute, second, millisecond = (int(point.get(part) or 0) for part in _CLOCK)
    return moment + timedelta(hours=hour, minutes=minute, seconds=second, milliseconds=millisecond)


def _offset_milliseconds(offset: Json) -> int:
    """Milliseconds of `{"days": -7}` or `{"amount": 7, "offsetDirection": "PAST", "timeUnit": "DAYS"}`."""
    if "amount" in offset:
        size = int(offset["amount"]) * _UNITS[str(offset["timeUnit"]).removesuffix("S")]
        return -size if offset.get("offsetDirection") in ("PAST", "BACKWARD") else size
    return sum(int(amount or 0) * _UNITS[unit.upper().removesuffix("S")] for unit, amount in offset.items())


def _epoch_milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def bad_filter_error(message: str) -> ApiError:
    """HubSpot's refusal of a filter branch."""
    return bad_request(message, sub_category="ILS.INVALID_FILTER_BRANCH")
