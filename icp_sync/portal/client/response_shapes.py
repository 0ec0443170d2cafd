"""What the bodies of HubSpot's 2xx responses are made of, as far as we rely on it; more may always be there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Shape = Callable[[Any], bool]
"""Whether a JSON value has the parts we read from it."""


def whole_number(value: Any) -> int | None:
    """The whole number that a JSON number or text is; None for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() else None


def has(*keys: str) -> Shape:
    """An object in which none of `keys` is missing or null."""
    return lambda value: isinstance(value, dict) and all(value.get(key) is not None for key in keys)


def has_any(*keys: str) -> Shape:
    """An object with at least one of `keys`."""
    return lambda value: isinstance(value, dict) and not value.keys().isdisjoint(keys)


def has_number(key: str) -> Shape:
    """An object in which `key` holds a whole number, as a number or as text."""
    return lambda value: isinstance(value, dict) and whole_number(value.get(key)) is not None


def holds(key: str, part: Shape) -> Shape:
    """An object in which `key` holds such a part."""
    return lambda value: isinstance(value, dict) and part(value.get(key))


def holds_list(key: str, entry: Shape) -> Shape:
    """An object in which `key` holds a list of such entries, possibly none."""
    return lambda value: isinstance(value, dict) and _is_list_of(entry, value.get(key))


def is_record(value: Any) -> bool:
    """A company, deal or contact: its id and its properties."""
    return isinstance(value, dict) and isinstance(value.get("properties"), dict) and str(value.get("id")).isdecimal()


def is_link_page(value: Any) -> bool:
    """A page of one record's associations."""
    return (
        isinstance(value, dict)
        and has_number("id")(value.get("from"))
        and _is_list_of(has_number("toObjectId"), value.get("to") or [])
    )


def _is_list_of(entry: Shape, value: Any) -> bool:
    return isinstance(value, list) and all(map(entry, value))
