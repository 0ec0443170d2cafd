"""From the body of a Properties call to a definition, with HubSpot's objections to it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from icp_sync.sandbox.error_responses import ApiError, bad_request
from icp_sync.sandbox.store.property_definition import NON_SENSITIVE, Definition, PropertyOption

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_FIELD_TYPES = {
    "string": {"text", "textarea", "html", "file", "phonenumber", "calculation_equation"},
    "number": {"number", "calculation_equation"},
    "bool": {"booleancheckbox", "radio", "select", "calculation_equation"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox", "calculation_equation"},
    "date": {"date"},
    "datetime": {"date"},
    "phone_number": {"phonenumber"},
}


def parse_definition(body: Mapping[str, Any], now: int) -> Definition:
    """The definition a POST asks for."""
    missing_fields = [key for key in ("name", "label", "type", "fieldType", "groupName") if not body.get(key)]
    if missing_fields:
        raise bad_request(f"Invalid input JSON: missing required fields {', '.join(missing_fields)}")
    name = str(body["name"])
    if not _NAME.fullmatch(name) or name.startswith("hs_"):
        message = f'The property name "{name}" is invalid: lower case letters, digits and _, not starting with hs_.'
        raise bad_request(message, sub_category="PropertyValidationError.INVALID_PROPERTY_NAME")
    definition = Definition(
        name=name,
        label=str(body["label"]),
        type=str(body["type"]),
        field_type=str(body["fieldType"]),
        group=str(body["groupName"]),
        description=str(body.get("description") or ""),
        options=_parse_options(body.get("options") or ()),
        has_unique_value=bool(body.get("hasUniqueValue")),
        sensitivity=str(body.get("dataSensitivity") or NON_SENSITIVE),
        hidden=bool(body.get("hidden")),
        form_field=bool(body.get("formField")),
        display_order=int(body.get("displayOrder") or -1),
        created_at=now,
        updated_at=now,
    )
    return _require_coherent(definition)


def patch_definition(old: Definition, body: Mapping[str, Any], now: int) -> Definition:
    """The definition after a PATCH; `options` replaces the whole list."""
    if old.hubspot_defined and set(body) - {"options"}:
        raise _read_only_error(f'The definition of "{old.name}" is read only.')
    if "options" in body and old.hubspot_defined and old.read_only:
        raise _read_only_error(f'The options of "{old.name}" are read only.')
    changes: dict[str, Any] = {
        field: body[key]
        for key, field in (
            ("label", "label"),
            ("type", "type"),
            ("fieldType", "field_type"),
            ("groupName", "group"),
            ("description", "description"),
            ("displayOrder", "display_order"),
            ("hidden", "hidden"),
            ("formField", "form_field"),
        )
        if body.get(key) is not None
    }
    if body.get("options") is not None:
        changes["options"] = _parse_options(body["options"])
    return _require_coherent(replace(old, **changes, updated_at=now))


def _parse_options(rows: Any) -> tuple[PropertyOption, ...]:
    options = tuple(_parse_option(row) for row in rows)
    values = [option.value for option in options]
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise bad_request(
            f"Property option values must be unique. Repeated: {', '.join(twice)}",
            sub_category="PropertyValidationError.DUPLICATE_OPTIONS",
        )
    return options


def _parse_option(row: Any) -> PropertyOption:
    if not isinstance(row, dict) or row.get("value") in (None, "") or row.get("label") in (None, ""):
        raise bad_request("Invalid input JSON: every option needs a label and a value")
    return PropertyOption(
        value=str(row["value"]),
        label=str(row["label"]),
        display_order=int(row.get("displayOrder") or -1),
        hidden=bool(row.get("hidden")),
        description=str(row.get("description") or ""),
    )


def _require_coherent(definition: Definition) -> Definition:
    if definition.field_type not in _FIELD_TYPES.get(definition.type, ()):
        raise bad_request(
            f'A property of type "{definition.type}" cannot have the field type "{definition.field_type}".',
            sub_category="PropertyValidationError.INVALID_FIELD_TYPE",
        )
    if definition.type == "enumeration" and not definition.options and not definition.external_options:
        raise bad_request(
            "Enumeration properties must have at least one option.",
            sub_category="PropertyValidationError.INVALID_OPTIONS",
        )
    if definition.type == "bool" and definition.allowed != {"true", "false"}:
        raise bad_request(
            "Boolean properties must have exactly two options, true and false.",
            sub_category="PropertyValidationError.INVALID_BOOLEAN_OPTION",
            errors=[{"message": "A bool needs the options true and false.", "code": "INVALID_BOOLEAN_OPTION"}],
        )
    return definition


def _read_only_error(message: str) -> ApiError:
    return bad_request(message, sub_category="PropertyValidationError.READ_ONLY_DEFINITION")
