"""What a property accepts: each type's own check, as HubSpot makes it on every write."""

import re
from dataclasses import dataclass
from decimal import Decimal

import orjson

from icp_sync.sandbox.store.property_definition import Definition
from icp_sync.sandbox.timestamps import format_iso, parse_day, parse_milliseconds

LONGEST = 65_536
_MOST_DIGITS = 40
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """Why a value was refused; `error` is HubSpot's code."""

    name: str
    error: str
    message: str

    def as_json(self) -> dict[str, object]:
        return {"isValid": False, "message": self.message, "error": self.error, "name": self.name}


def json_value_text(value: Scalar) -> str:
    """JSON booleans and numbers become text, as HubSpot does."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def value_or_problem(definition: Definition, value: Scalar) -> str | ValueProblem:
    """The text the portal will keep, or the problem with it; `""` clears every type."""
    text = json_value_text(value)
    if not text:
        return ""
    return _CHECKS.get(definition.type, _string)(definition, text)


def http_value_or_problem(definition: Definition, value: Scalar) -> str | ValueProblem:
    """`check` for a write over HTTP, where numbers and booleans are stored in HubSpot's canonical form.

    `80.0` is read back as `80`, `True` as `true`. Values loaded from a file are stored as they are.
    """
    text = json_value_text(value)
    checked = value_or_problem(definition, text.lower() if definition.type == "bool" else text)
    return _canonical_number(checked) if isinstance(checked, str) and definition.type == "number" else checked


def _canonical_number(number: str) -> str:
    """Decimal digits without the zeros that say nothing."""
    value = Decimal(number or 0)
    if not number or abs(value.adjusted()) > _MOST_DIGITS:
        return number
    digits = f"{value:f}"
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) if value else "0"


def invalid_value_message(problems: list[ValueProblem]) -> str:
    """HubSpot's message: prose followed by the problems as JSON text."""
    return "Property values were not valid: " + orjson.dumps([problem.as_json() for problem in problems]).decode()


def _string(definition: Definition, text: str) -> str | ValueProblem:
    if len(text) <= LONGEST:
        return text
    return ValueProblem(
        definition.name,
        "PROPERTY_VALUE_TOO_LONG",
        f"The value has {len(text)} characters; {definition.name} takes {LONGEST} at most.",
    )


def _number(definition: Definition, text: str) -> str | ValueProblem:
    if _NUMBER.fullmatch(text):
        return text
    return ValueProblem(definition.name, "INVALID_LONG", f"{text} was not a valid long.")


def _bool(definition: Definition, text: str) -> str | ValueProblem:
    return text if text in ("true", "false") else _unknown_option_problem(definition, text)


def _enumeration(definition: Definition, text: str) -> str | ValueProblem:
    """A read-only enumeration is HubSpot's own to fill; it lists no options."""
    if definition.read_only:
        return text
    members = [member for member in text.split(";") if member] if definition.multiple else [text]
    for member in members:
        if member not in definition.allowed:
            return _unknown_option_problem(definition, member)
    return ";".join(dict.fromkeys(members))


def _unknown_option_problem(definition: Definition, text: str) -> ValueProblem:
    if definition.external_options:
        return ValueProblem(definition.name, "INVALID_OWNER_ID", f"Owner ID {text} is not a valid owner.")
    options = ", ".join(f'label: "{option.label}"\nvalue: "{option.value}"\n' for option in definition.options)
    message = f"{text} was not one of the allowed options: [{options}]"
    return ValueProblem(definition.name, "INVALID_OPTION", message)


def _date(definition: Definition, text: str) -> str | ValueProblem:
    day = parse_day(text)
    if day is not None:
        return day
    return ValueProblem(definition.name, "INVALID_DATE", f"{text} is not a date or midnight UTC in milliseconds.")


def _datetime(definition: Definition, text: str) -> str | ValueProblem:
    moment = parse_milliseconds(text)
    if moment is not None and abs(moment) < 10**14:
        return format_iso(moment)
    return ValueProblem(definition.name, "INVALID_DATE", f"{text} was not a valid date time.")


_CHECKS = {
    "number": _number,
    "bool": _bool,
    "enumeration": _enumeration,
    "date": _date,
    "datetime": _datetime,
}
