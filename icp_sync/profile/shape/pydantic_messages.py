"""Pydantic errors → messages for the author of the profile: what is wrong; what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pydantic_core import ErrorDetails

from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import did_you_mean

_PATTERNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        r"^[a-z][a-z0-9_]{0,49}$": "write an id: a small letter, then up to 49 small letters, digits or _",
        r"^[a-z][a-z0-9_]{0,99}$": "write the property's internal name, such as numberofemployees",
        r"^[a-z0-9][a-z0-9_-]{0,63}$": "write small letters, digits, - and _, such as devops-dach",
        r"^[A-Z]{3}$": "write the ISO 4217 code of the currency, such as EUR",
        r"^\S(.*\S)?$": "write one line without spaces around it",
    }
)
_SHARES: Final = frozenset({"credit", "minimum"})
"""Keys of numbers from 0 to 1."""
_BOUNDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "greater_than": ("gt", "more than"),
        "greater_than_equal": ("ge", "at least"),
        "less_than": ("lt", "less than"),
        "less_than_equal": ("le", "at most"),
    }
)


def message_for(error: ErrorDetails) -> str:
    """The message for an error; `shape` words those about unknown keys."""
    kind = error["type"]
    if error["input"] is None and kind != "missing":
        return "has no value; give it one or remove it"
    if kind in _BOUNDS:
        return _out_of_bounds(error)
    return _WORDS[kind](error) if kind in _WORDS else f"{_input_text(error)}: {error['msg'].lower()}; correct it"


def _input_text(error: ErrorDetails) -> str:
    value = error["input"]
    if isinstance(value, str):
        return f"is text {shorten(value, 40)!r}"
    if isinstance(value, bool):
        return f"is {str(value).lower()}"
    if isinstance(value, int | float):
        return f"is {value}"
    return "is a mapping" if isinstance(value, Mapping) else "is a list"


def _missing_message(error: ErrorDetails) -> str:
    last = error["loc"][-1]
    if isinstance(last, int):
        return "one bound is missing; write [low, high], either may be null"
    return f"{last} is missing; add {last}:"


def _date_message(error: ErrorDetails) -> str:
    return f"{shorten(str(error['input']), 40)!r} is no day of the calendar; write one such as 2027-02-01"


def _number_message(error: ErrorDetails) -> str:
    value, is_share = error["input"], error["loc"][-1] in _SHARES
    if isinstance(value, str) and re.fullmatch(r"[-+]?\d{1,15}(\.\d{1,15})?", value, re.ASCII):
        return f"is text, a number is wanted; write {_key_prefix(error)}{value} without quotes"
    example = "0.5" if is_share else "20"
    if is_share and isinstance(value, str) and (percent := re.fullmatch(r"(\d{1,3}) ?%", value, re.ASCII)):
        example = f"{int(percent[1]) / 100:g}"
    return f"{_input_text(error)}, a number is wanted; write one such as {_key_prefix(error)}{example}"


def _key_prefix(error: ErrorDetails) -> str:
    last = error["loc"][-1]
    return "" if isinstance(last, int) else f"{last}: "


def _text_message(error: ErrorDetails) -> str:
    value = error["input"]
    if isinstance(value, bool):
        return f'{_input_text(error)}, text is wanted; write "{str(value).lower()}" in quotes'
    if isinstance(value, int | float):
        return f'{_input_text(error)}, text is wanted; write "{value}" in quotes'
    return f"{_input_text(error)}, text is wanted; write one text"


def _list_message(error: ErrorDetails) -> str:
    value = error["input"]
    if isinstance(value, Mapping):
        return f"{_input_text(error)}, a list is wanted; begin each of its entries with a dash: - …"
    example = f"[{shorten(str(value), 30)}]" if isinstance(value, str | int | float) else "[…]"
    return f"{_input_text(error)}, a list is wanted; write {example}"


def _too_short(error: ErrorDetails) -> str:
    return "is an empty text; fill it in" if isinstance(error["input"], str) else "is an empty list; name at least one"


def _too_long(error: ErrorDetails) -> str:
    most = error.get("ctx", {}).get("max_length")
    unit = "characters" if isinstance(error["input"], str) else "entries"
    return f"is too long; at most {most} {unit} are allowed, shorten it"


def _choice_message(error: ErrorDetails) -> str:
    expected = str(error.get("ctx", {}).get("expected", ""))
    words = re.findall(r"'([^']*)'", expected)
    otherwise = (
        f"write {', '.join(words) or expected.lower()}" if len(words) < 2 else f"write one of {', '.join(words)}"
    )
    value = error["input"]
    return f"{_input_text(error)}; {did_you_mean(value, words, otherwise) if isinstance(value, str) else otherwise}"


def _out_of_bounds(error: ErrorDetails) -> str:
    name, words = _BOUNDS[error["type"]]
    limit = error.get("ctx", {}).get(name)
    return f"is {error['input']}; write a number {words} {limit:g}"


def _validator_message(error: ErrorDetails) -> str:
    return str(error.get("ctx", {}).get("error", error["msg"]))


def _pattern_message(error: ErrorDetails) -> str:
    pattern, length = str(error.get("ctx", {}).get("pattern")), len(error["input"])
    # `{0,63}` behind the first letter: of a long name nobody would look for the letter that is wrong.
    if (rest := re.search(r"\{0,(\d+)\}\$$", pattern)) and length > int(rest[1]) + 1:
        return f"is {length} characters long; write at most {int(rest[1]) + 1}"
    return f"{_input_text(error)}; {_PATTERNS.get(pattern, f'it must match {pattern}')}"


_WORDS: Final[Mapping[str, Callable[[ErrorDetails], str]]] = MappingProxyType(
    {
        "missing": _missing_message,
        "float_type": _number_message,
        "int_type": _number_message,
        "int_from_float": lambda error: f"{_input_text(error)}, a whole number is wanted; write one such as 20",
        "finite_number": lambda error: f"{_input_text(error)}; write a finite number",
        "string_type": _text_message,
        "string_pattern_mismatch": _pattern_message,
        "string_too_short": _too_short,
        "string_too_long": _too_long,
        "too_short": _too_short,
        "too_long": _too_long,
        "tuple_type": _list_message,
        "literal_error": _choice_message,
        "bool_type": lambda error: f"{_input_text(error)}; write true or false",
        "model_type": lambda error: f"{_input_text(error)}, a mapping is wanted; write key: value pairs",
        "dict_type": lambda error: f"{_input_text(error)}, a mapping is wanted; write key: value pairs",
        "value_error": _validator_message,
        "date_from_datetime_parsing": _date_message,
    }
)
